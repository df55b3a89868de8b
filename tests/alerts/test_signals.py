"""Signals: what is out of the ordinary is told once, in proportion to what is usual."""

import pytest

from tickglass.alerts.condition import Direction, EmaCross, Kind, Move, Spread, VolumeSpike
from tickglass.alerts.minutes import KEPT, Minutes
from tickglass.alerts.signals import (
    QUIET_FOR,
    Sensitivity,
    Signal,
    SignalEngine,
    SignalKind,
)
from tickglass.market.events import Candle, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.interval import MINUTE

BTC, OKX = Instrument("binance", "BTC", "USDT"), Instrument("okx", "BTC", "USDT")
BEGIN = 1_795_348_800_000


class Desk:
    """An engine over two instruments, with a clock."""

    def __init__(self, sensitivity: Sensitivity = Sensitivity.MEDIUM) -> None:
        self.engine = SignalEngine(dict.fromkeys(SignalKind, sensitivity))
        assert self.engine.follow([BTC, OKX]) == [BTC, OKX]
        self.now = BEGIN
        self.number = 0

    def trade(
        self, price: float, later: int = 1_000, at: Instrument = BTC, size: float = 1.0,
        side: str = "buy",
    ) -> None:  # fmt: skip
        self.now += later
        self.number += 1
        event = Trade(at, self.now, str(self.number), price, size, side)  # type: ignore[arg-type]
        self.engine.apply(event, self.now)

    def tick(self, kind: SignalKind | None = None) -> list[Signal]:
        found = self.engine.tick(self.now)
        return [each for each in found if kind is None or each.kind is kind]


def test_a_sharp_rise_is_told_once_and_again_when_it_has_grown() -> None:
    desk = Desk()
    desk.trade(100.0)
    assert desk.tick(SignalKind.MOVE) == []
    desk.trade(101.2, 30_000)
    (rise,) = desk.tick(SignalKind.MOVE)
    assert (rise.instrument, rise.up, rise.price) == (BTC, True, 101.2)
    assert rise.size == pytest.approx(0.012)
    desk.trade(101.3)
    assert desk.tick(SignalKind.MOVE) == []
    desk.trade(102.0)
    (more,) = desk.tick(SignalKind.MOVE)
    assert more.size == pytest.approx(0.02)


def test_after_a_while_the_same_may_be_told_again() -> None:
    desk = Desk()
    for _ in range(2):
        desk.trade(100.0, QUIET_FOR)
        desk.tick()
        desk.trade(101.5)
        assert len(desk.tick(SignalKind.MOVE)) == 1


def test_a_fall_is_told_as_one() -> None:
    desk = Desk()
    desk.trade(100.0)
    desk.trade(98.5)
    (fall,) = desk.tick(SignalKind.MOVE)
    assert (fall.up, fall.as_condition()) == (False, Move(Kind.MOVES_DOWN, 1.5, window=300))


def test_what_is_usual_for_a_wild_pair_is_not_told() -> None:
    wild, calm = Desk(), Desk()
    wild.engine.seed(BTC, history(high=101.0, low=99.5))
    calm.engine.seed(BTC, history(high=100.01, low=99.99))
    for desk in (wild, calm):
        desk.trade(100.0)
        desk.trade(101.2)
    assert wild.tick(SignalKind.MOVE) == []
    assert len(calm.tick(SignalKind.MOVE)) == 1


def test_sensitivity_decides_what_is_enough_and_off_mutes() -> None:
    told = {}
    for sensitivity in Sensitivity:
        desk = Desk(sensitivity)
        desk.trade(100.0)
        desk.trade(100.7)
        desk.tick()
        desk.trade(101.2)
        desk.tick()
        desk.trade(102.5)
        told[sensitivity] = len(desk.tick(SignalKind.MOVE))
    assert (told[Sensitivity.OFF], told[Sensitivity.LOW]) == (0, 1)


def test_a_volume_spike_says_how_much_was_bought() -> None:
    desk = Desk()
    desk.engine.seed(BTC, history(volume=10.0))
    for _ in range(30):
        desk.trade(100.0, 1_000, size=10.0, side="buy")
    desk.trade(100.0, 1_000, size=100.0, side="sell")
    (spike,) = desk.tick(SignalKind.VOLUME)
    # 400 in the last window; 50 in each of the twelve before, less what reaches into the last.
    assert 7.0 < spike.size < 9.5
    assert spike.bought == pytest.approx(0.75)
    assert spike.as_condition() == VolumeSpike(float(round(spike.size)), 300, 12)


def test_a_pair_that_is_dearer_than_elsewhere_is_told_once_it_stays_so() -> None:
    desk = Desk()
    third = Instrument("kucoin", "BTC", "USDT")
    desk.engine.follow([BTC, OKX, third])
    for at, price in ((BTC, 101.0), (OKX, 100.0), (third, 100.0)):
        desk.trade(price, 1, at)
    assert desk.tick(SignalKind.PREMIUM) == []
    for at, price in ((BTC, 101.0), (OKX, 100.0), (third, 100.0)):
        desk.trade(price, 2_000, at)
    (dear,) = desk.tick(SignalKind.PREMIUM)
    assert (dear.instrument, dear.up) == (BTC, True)
    assert dear.size == pytest.approx(0.01)
    assert dear.as_condition() == Spread("okx", 1.0)


def test_a_price_that_is_not_fresh_makes_no_premium() -> None:
    desk = Desk()
    desk.trade(100.0, 1, OKX)
    desk.trade(102.0, 60_000, BTC)
    desk.now += 6_000
    desk.tick()
    desk.now += 6_000
    assert desk.tick(SignalKind.PREMIUM) == []


def test_the_trend_turns_where_the_averages_cross() -> None:
    desk = Desk(Sensitivity.HIGH)  # candles of five minutes
    falling = [110.0 - place * 0.05 for place in range(200)]
    desk.engine.seed(BTC, closes(falling))
    found = []
    price = falling[-1]
    for _ in range(60):
        price += 0.25
        desk.trade(price, MINUTE)
        found += desk.tick(SignalKind.TREND)
    assert [each.up for each in found] == [True]
    assert found[0].as_condition() == EmaCross("5m", Direction.UP, 9, 21)


def test_a_bad_print_is_no_signal() -> None:
    desk = Desk(Sensitivity.HIGH)
    for price in (100.0, 100.0, 150.0, 100.0, 100.0):
        desk.trade(price)
    assert desk.tick(SignalKind.MOVE) == []


def test_after_a_gap_volumes_are_gathered_anew() -> None:
    desk = Desk()
    desk.engine.seed(BTC, history(volume=10.0))
    desk.trade(100.0, size=1_000.0)
    assert desk.engine.gap([BTC, Instrument("okx", "X", "Y")]) == [BTC]
    desk.trade(100.0, size=1_000.0)
    assert desk.tick(SignalKind.VOLUME) == []


def history(
    high: float = 100.0, low: float = 100.0, volume: float = 1.0, count: int = 150
) -> list[Candle]:
    """Minutes before the beginning that are all alike."""
    return [
        Candle(BTC, "1m", BEGIN - place * MINUTE, 100.0, high, low, 100.0, volume, True)
        for place in range(count, 0, -1)
    ]


def closes(prices: list[float]) -> list[Candle]:
    """Minutes before the beginning with these prices."""
    first = BEGIN - len(prices) * MINUTE
    return [
        Candle(BTC, "1m", first + place * MINUTE, price, price, price, price, 1.0, True)
        for place, price in enumerate(prices)
    ]


# ---------------------------------------------------------------- minutes


def test_minutes_are_bounded_and_keep_the_newest() -> None:
    minutes = Minutes()
    for place in range(KEPT + 10):
        minutes.begin(place * MINUTE, float(place))
    assert len(minutes) == KEPT
    assert minutes.newest == (KEPT + 9) * MINUTE
    assert minutes.rows[0, 0] == 10 * MINUTE


def test_only_whole_candles_are_folded() -> None:
    minutes = Minutes()
    for place in range(12):
        minutes.begin(place * MINUTE, float(place))
        minutes.close(place + 0.5, place - 0.5, float(place), 1.0)
    folded = minutes.folded(5)
    # Minutes 0–4 and 5–9; 10 and 11 are of a candle that is still open.
    assert folded.T.tolist() == [
        [0.0, 0.0, 4.5, -0.5, 4.0, 5.0], [5.0 * MINUTE, 5.0, 9.5, 4.5, 9.0, 5.0],
    ]  # fmt: skip


def test_history_goes_before_what_trades_made() -> None:
    minutes = Minutes()
    minutes.begin(10 * MINUTE, 7.0)
    told = [Candle(BTC, "1m", at * MINUTE, 1.0, 2.0, 0.5, 1.5, 3.0, True) for at in (8, 9, 10)]
    minutes.fill(told)
    assert minutes.rows[0].tolist() == [8 * MINUTE, 9 * MINUTE, 10 * MINUTE]
    assert minutes.rows[1, -1] == 7.0
