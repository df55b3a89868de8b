"""What tutorials show: ``async for`` over websockets, ``json`` and a dict of last prices."""

import asyncio
import json
import sys

from websockets.asyncio.client import connect

from .client import WARM_UP, Cost, streams, subscriptions


async def main(ws: str, rest: str, seconds: float) -> None:
    """Read for a while and report the cost."""
    names = await asyncio.to_thread(streams, rest)
    last: dict[str, float] = {}
    cost = Cost(seconds)
    loop = asyncio.get_running_loop()
    async with connect(f"{ws}/stream", proxy=None, compression=None) as socket:
        for text in subscriptions(names):
            await socket.send(text)
            await asyncio.sleep(0.3)
        loop.call_later(WARM_UP, cost.reset)
        end = loop.time() + WARM_UP + seconds
        async for frame in socket:
            message = json.loads(frame)
            data = message.get("data")
            if data:
                cost.events["binance"] += 1
                last[data["s"]] = float(data.get("p") or data["b"])
            if loop.time() > end:
                break
    cost.report()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
