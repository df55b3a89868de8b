"""The fastest client there is for Python: picows on uvloop, with typed msgspec decoding."""

import asyncio
import sys

import msgspec
import picows
import uvloop

from .client import WARM_UP, Cost, streams, subscriptions


class Data(msgspec.Struct):
    """The fields that a price needs."""

    s: str
    p: str = ""
    b: str = ""


class Envelope(msgspec.Struct):
    """A combined frame."""

    data: Data | None = None


class Reader(picows.WSListener):
    """Keeps the last price of each symbol."""

    def __init__(self, cost: Cost) -> None:
        self.cost = cost
        self.last: dict[str, float] = {}
        self.decoder = msgspec.json.Decoder(Envelope)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """Called for each frame."""
        data = self.decoder.decode(frame.get_payload_as_memoryview()).data
        if data is not None:
            self.cost.events["binance"] += 1
            self.last[data.s] = float(data.p or data.b)


async def main(ws: str, rest: str, seconds: float) -> None:
    """Read for a while and report the cost."""
    names = await asyncio.to_thread(streams, rest)
    cost = Cost(seconds)
    transport, _ = await picows.ws_connect(lambda: Reader(cost), f"{ws}/stream")
    for text in subscriptions(names):
        transport.send(picows.WSMsgType.TEXT, text.encode())
        await asyncio.sleep(0.3)
    await asyncio.sleep(WARM_UP)
    cost.reset()
    await asyncio.sleep(seconds)
    cost.report()
    transport.disconnect()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
