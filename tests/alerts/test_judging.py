"""Which judge a condition gets, and what it hears."""

import pytest

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    DayChange,
    EmaCross,
    Kind,
    Move,
    Moved,
    NoData,
    PriceChannel,
    PriceLevel,
    Source,
    Spread,
    Steps,
    Trail,
    VolumeSpike,
)
from tickglass.alerts.judge import Hears
from tickglass.alerts.judging import elsewhere, judges_of, second_of
from tickglass.errors import UsageError
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")


@pytest.mark.parametrize(
    ("condition", "hears"),
    [
        (PriceLevel(Kind.ABOVE, 1.0), Hears("last")),
        (PriceLevel(Kind.CROSSES, 1.0, Source.BID), Hears("bid")),
        (PriceChannel(Kind.INSIDE, 1.0, 2.0, Source.MID), Hears("mid")),
        (Move(Kind.MOVES, 1.0, source=Source.CLOSE, interval="5m"), Hears("close", "5m")),
        (Trail(Kind.TRAILS_LOW, 1.0, Source.ASK), Hears("ask")),
        (Steps(5.0), Hears("last")),
        (Moved(5.0), Hears("last")),
        (DayChange(Kind.DAY_ABOVE, 5.0), Hears("day")),
        (Spread("okx", 1.0), Hears("spread", "okx")),
        (VolumeSpike(), Hears("trade")),
        (EmaCross(interval="4h"), Hears("candles", "4h")),
        (NoData(), Hears("silence")),
    ],
)
def test_each_condition_is_judged_by_what_it_is_about(condition: object, hears: Hears) -> None:
    (judge,) = judges_of(Alert("a", BTC, (condition,)))  # type: ignore[arg-type]
    assert judge.hears == hears


def test_at_candle_closes_every_price_is_the_close() -> None:
    alert = Alert(
        "a", BTC, (PriceLevel(Kind.ABOVE, 1.0, Source.BID), DayChange(Kind.DAY_ABOVE, 1.0)),
        Trigger.CLOSE, interval="15m",
    )  # fmt: skip
    assert [each.hears for each in judges_of(alert)] == [Hears("close", "15m"), Hears("day")]


def test_a_second_exchange_must_be_there_not_arrive_there() -> None:
    crossing = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100.0, Source.BID),), confirm="okx")
    second = second_of(crossing)
    assert second is not None
    assert second.hears == Hears("last")
    assert second.see(101.0, 0), "it is above already"
    assert second.holds
    assert second_of(Alert("a", BTC, crossing.conditions)) is None


def test_what_no_second_exchange_can_say_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be confirmed"):
        second_of(Alert("a", BTC, (NoData(),), confirm="okx"))


def test_elsewhere_is_the_same_pair_or_what_is_named_whole() -> None:
    assert elsewhere(BTC, " OKX ") == Instrument("okx", "BTC", "USDT")
    assert elsewhere(BTC, "coinbase:BTC/USD") == Instrument("coinbase", "BTC", "USD")
