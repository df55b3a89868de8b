"""What one run could not send, the next one does: with the real history and a real service."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tickglass.alert_keeper import AlertKeeper
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.watch import Fired
from tickglass.delivery.courier import HELD, Courier, Ways
from tickglass.delivery.message import describe
from tickglass.delivery.remote import Remote
from tickglass.market.instrument import Instrument

from .services import HOST, free_port, served
from .test_courier import Ear, Hands
from .test_remote import Drawer

BTC = Instrument("binance", "BTC", "USDT")
ALERT = Alert("rise", BTC, (PriceLevel(Kind.CROSSES_UP, 60_000.0),), send_to=("phone",))
AT = 1_000  # ms
PATIENCE = 20.0  # s


class Run:
    """One run of the program, as far as this is concerned."""

    def __init__(self, file: Path, address: str, sleep: Callable[[float], Any]) -> None:
        self.hands = Hands()
        self.keeper = AlertKeeper(file, lambda sentence: pytest.fail(sentence))
        self._tasks: set[asyncio.Task[None]] = set()
        self.courier = Courier(
            self.keeper, self.hands, Ear(self.hands),
            Remote(Drawer(phone=address), sleep=sleep), self.hands, lambda: self.hands.ways,
            lambda event: describe(event, "Binance", clock=lambda time: f"{time} ms"),
            self.spawn, lambda: self.hands.now,
        )  # fmt: skip

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.add(asyncio.create_task(work, name=name))

    async def resume(self) -> None:
        for way, resume in (
            ("phone", lambda found: self.courier.resume("phone", found)),
            (HELD, self.courier.resume_held),
        ):
            await resume(await self.waiting(way))
        self.courier.end_quiet()

    async def waiting(self, way: str) -> list[Any]:
        return await self.keeper.do(lambda history: history.waiting(way)) or []

    async def finish(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while pending := [each for each in self._tasks if not each.done()]:
                await asyncio.wait(pending)
        await self.close()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.keeper.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("quiet", [False, True])
async def test_an_alert_whose_service_was_down_arrives_once_in_a_later_run(
    tmp_path: Path, quiet: bool
) -> None:
    file, port = tmp_path / "alerts.sqlite", free_port()
    address = f"json://{HOST}:{port}/prices"
    waits = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.set()
        await asyncio.Event().wait()  # the program ends before the next attempt

    first = Run(file, address, sleep)
    await first.keeper.open()
    if quiet:
        first.hands.ways = Ways(quiet_until=first.hands.now + 1)
    first.courier.take([Fired(ALERT, BTC, 60_000.5, AT, AT)])
    if quiet:
        while not await first.waiting(HELD):
            await asyncio.wait(first._tasks)
    else:
        await asyncio.wait_for(waits.wait(), PATIENCE)
    await first.close()

    with served(port) as service:
        for _ in range(2):
            later = Run(file, address, sleep)
            await later.keeper.open()
            await later.resume()
            await later.finish()
        (sent,) = service.taken
    assert sent["title"] == "BTC/USDT crossed 60,000 up"
    assert sent["message"] == f"at {AT} ms: 60,000.5 on Binance"
    last = Run(file, address, sleep)
    await last.keeper.open()
    (record,) = await last.keeper.newest(10)
    await last.close()
    told = {each.way: each.worked for each in record.deliveries}
    assert told["phone"] is True
    assert told["desktop"] is True
    assert told.get(HELD, True) is True
