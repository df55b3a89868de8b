"""Trying alerts on a chart's candles or fetched ones, against an exchange that counts requests."""

import asyncio
from typing import cast

import numpy as np
import pytest

from tickglass.alert_rehearsals import BARS_TRIED, GOOD_FOR, MOST_KEPT, Rehearsals, Shown
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Condition, Kind, Move, PriceLevel, Source, Spread
from tickglass.alerts.rehearsal import Rehearsal
from tickglass.errors import Unreachable
from tickglass.exchanges import EXCHANGES
from tickglass.feed.hub import Hub
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE, milliseconds

BTC = Instrument("binance", "BTC", "USDT")
OKX = Instrument("okx", "BTC", "USDT")
NOW = 1_795_348_800_000  # a full hour
AT_100 = PriceLevel(Kind.CROSSES_UP, 100.0)


class CandleHub:
    """Exchanges whose price is 101 in every second candle and else 99, or as ``prices`` says."""

    def __init__(self, *exchanges: str) -> None:
        self.figures = dict.fromkeys(exchanges)
        self.asked: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.prices: dict[str, tuple[float, float]] = {}

    def adapter(self, name: str) -> object:
        return EXCHANGES[name]

    async def candles(
        self, instrument: Instrument, interval: str, *, end: int | None, limit: int
    ) -> list[Candle]:
        self.asked.append((instrument.exchange, interval))
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        length = milliseconds(interval)
        last = (NOW if end is None else end) // length
        even, odd = self.prices.get(instrument.exchange, (99.0, 101.0))
        return [
            Candle(instrument, interval, each * length, price, price, price, price, 1.0, True)
            for each in range(last - min(limit, 1_000), last)
            for price in (odd if each % 2 else even,)
        ]


class Desk:
    """Rehearsals over such exchanges, with a clock that is driven."""

    def __init__(self) -> None:
        self.hub = CandleHub("binance", "okx")
        self.seconds = 0.0
        self.rehearsals = Rehearsals(cast(Hub, self.hub), lambda: self.seconds, lambda: NOW)

    async def try_out(
        self, condition: Condition, shown: Shown | None = None, instrument: Instrument = BTC
    ) -> Rehearsal:
        alert = Alert("a", instrument, (condition,))
        return await self.rehearsals.rehearse(alert, instrument, shown)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def chart(interval: str, *prices: float) -> Shown:
    length = milliseconds(interval)
    begin = NOW // length * length - len(prices) * length
    rows = [(begin + place * length, *(price,) * 4, 1.0) for place, price in enumerate(prices)]
    return Shown(np.array(rows).T, interval)


@pytest.mark.asyncio
async def test_a_chart_that_can_tell_is_asked_and_nobody_else(desk: Desk) -> None:
    found = await desk.try_out(AT_100, chart("1d", 99.0, 101.0, 99.0, 102.0))
    assert (found.count, found.instrument) == (2, BTC)
    assert desk.hub.asked == []


@pytest.mark.asyncio
async def test_what_a_running_candle_will_be_is_not_told(desk: Desk) -> None:
    rows, interval = chart("1h", 99.0, 101.0, 99.0, 102.0)
    rows[0] += milliseconds("1h")  # the last one has just begun
    assert (await desk.try_out(AT_100, Shown(rows, interval))).count == 1


@pytest.mark.asyncio
async def test_without_a_chart_two_weeks_of_candles_are_fetched(desk: Desk) -> None:
    found = await desk.try_out(AT_100)
    assert desk.hub.asked == [("binance", "15m")] * 2  # a reply has a thousand
    quarter = 15 * MINUTE
    assert (found.since, found.until) == (NOW - 2_000 * quarter, NOW)
    assert NOW - found.since >= BARS_TRIED * quarter
    assert found.count == 1_000  # up once in every second candle


@pytest.mark.asyncio
async def test_a_chart_whose_candles_are_too_long_gives_way_to_shorter_ones(desk: Desk) -> None:
    found = await desk.try_out(Move(Kind.MOVES_UP, 1.0, window=60), chart("1d", 99.0, 101.0))
    assert {interval for _, interval in desk.hub.asked} == {"1m"}
    assert found.count > 500


@pytest.mark.asyncio
async def test_a_spread_is_tried_on_the_candles_of_both_exchanges(desk: Desk) -> None:
    desk.hub.prices = {"binance": (100.0, 103.0), "okx": (100.0, 100.0)}
    found = await desk.try_out(Spread("okx", 2.0), chart("1m", 100.0))
    assert {name for name, _ in desk.hub.asked} == {"binance", "okx"}
    assert found.count == 1_000
    desk.hub.prices["binance"] = (100.0, 101.0)
    desk.seconds += GOOD_FOR
    assert (await desk.try_out(Spread("okx", 2.0))).count == 0


@pytest.mark.asyncio
async def test_what_no_candle_can_tell_is_not_fetched(desk: Desk) -> None:
    found = await desk.try_out(PriceLevel(Kind.ABOVE, 1.0, Source.BID), chart("1m", 1.0, 2.0))
    assert found.reason == "Bids and asks of the past are not known."
    assert desk.hub.asked == []


@pytest.mark.asyncio
async def test_why_there_are_no_candles_is_said(desk: Desk) -> None:
    desk.hub.error = Unreachable("refused", "Binance cannot be reached.")
    assert (await desk.try_out(AT_100)).reason == "Binance cannot be reached."
    found = await desk.try_out(AT_100, instrument=BTC._replace(exchange="kucoin"))
    assert found.reason == "KuCoin is not switched on."
    found = await desk.try_out(Spread("kucoin", 1.0))
    assert found.reason == "Binance cannot be reached."
    desk.hub.error = None
    assert (await desk.try_out(Spread("kucoin", 1.0))).reason == "KuCoin is not switched on."


@pytest.mark.asyncio
async def test_while_the_person_chooses_candles_are_fetched_once(desk: Desk) -> None:
    await asyncio.gather(*(desk.try_out(PriceLevel(Kind.CROSSES, each)) for each in (99.5, 100.5)))
    assert len(desk.hub.asked) == 2
    desk.seconds = GOOD_FOR - 1
    await desk.try_out(AT_100)
    assert len(desk.hub.asked) == 2
    desk.seconds = GOOD_FOR
    await desk.try_out(AT_100)
    assert len(desk.hub.asked) == 4


@pytest.mark.asyncio
async def test_only_the_newest_few_are_kept(desk: Desk) -> None:
    pairs = [Instrument("binance", f"C{each}", "USDT") for each in range(MOST_KEPT + 1)]
    for each in pairs:
        await desk.try_out(AT_100, instrument=each)
    asked = len(desk.hub.asked)
    await desk.try_out(AT_100, instrument=pairs[-1])
    assert len(desk.hub.asked) == asked
    await desk.try_out(AT_100, instrument=pairs[0])
    assert len(desk.hub.asked) > asked


@pytest.mark.asyncio
async def test_a_pair_without_candles_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object, **__: object) -> list[Candle]:
        return []

    monkeypatch.setattr(desk.hub, "candles", none)
    assert "no candles" in (await desk.try_out(AT_100)).reason
