"""Alerts in words, in English; numbers are written by whoever asks."""

from dataclasses import replace

import pytest

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import (
    Condition,
    DayChange,
    Direction,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    Move,
    Moved,
    NoData,
    PriceChannel,
    PriceLevel,
    RsiLeaves,
    Source,
    Spread,
    Steps,
    TakerSide,
    Trail,
    Unit,
    VolumeSpike,
)
from tickglass.alerts.signals import Signal, SignalKind
from tickglass.alerts.wording import (
    TOLD,
    WAITS,
    alert_text,
    duration_text,
    elsewhere_text,
    signal_text,
    told_text,
    wait_text,
)
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")


def price(value: float) -> str:
    return f"{value:,.2f}"


def number(value: float) -> str:
    return f"{value:g}"


def percent(share: float) -> str:
    return f"{share:.1%}"


@pytest.mark.parametrize(
    ("condition", "waits", "told"),
    [
        (
            PriceLevel(Kind.CROSSES_UP, 60_000.0),
            "crosses 60,000.00 up",
            "BTC/USDT crossed 60,000.00 up",
        ),
        (
            PriceLevel(Kind.BELOW, 1.5, Source.CLOSE, "4h"),
            "is below 1.50 (close of 4h)",
            "BTC/USDT is below 1.50",
        ),
        (
            PriceChannel(Kind.LEAVES, 1.0, 2.0, Source.MID),
            "leaves 1.00 – 2.00 (mid)",
            "BTC/USDT left 1.00 – 2.00",
        ),
        (
            Move(Kind.MOVES_DOWN, 2.5, window=300),
            "moves down by 2.5 % within 5 minutes",
            "BTC/USDT moved down by 2.5 % within 5 minutes",
        ),
        (
            Move(Kind.MOVES, 500.0, Unit.PRICE, 86_400),
            "moves by 500.00 within 1 day",
            "BTC/USDT moved by 500.00 within 1 day",
        ),
        (
            DayChange(Kind.DAY_BELOW, -5.0),
            "has changed by less than -5 % in 24 h",
            "BTC/USDT: 24 h change below -5 %",
        ),
        (Trail(Kind.TRAILS_LOW, 3.0), "rises 3 % above its low", "BTC/USDT rose 3 % above its low"),
        (
            Steps(500.0, Source.ASK),
            "reaches another step of 500.00 (ask)",
            "BTC/USDT reached another step of 500.00",
        ),
        (Moved(2.0), "moves by 2 % since it last fired", "BTC/USDT moved by 2 %"),
        (
            Spread("coinbase:BTC/USD", 0.5),
            "differs from BTC/USD on Coinbase by 0.5 % or more",
            "BTC/USDT differs from BTC/USD on Coinbase by 0.5 % or more",
        ),
        (
            VolumeSpike(3.0, 60, 1, TakerSide.SELL),
            "trades 3 times its usual volume within 1 minute (average of 1 window) "
            "(sold by takers)",
            "BTC/USDT: volume of 1 minute is 3 times its average",
        ),
        (
            EmaCross("1h", Direction.UP, 9, 21),
            "has EMA 9 crossing EMA 21 on 1h (up)",
            "BTC/USDT: EMA 9 crossed EMA 21 on 1h",
        ),
        (
            MacdCross("15m"),
            "has MACD crossing its signal on 15m",
            "BTC/USDT: MACD crossed its signal on 15m",
        ),
        (
            RsiLeaves("1d", Direction.DOWN, 14),
            "has RSI 14 leaving its extreme on 1d (down)",
            "BTC/USDT: RSI 14 left its extreme on 1d",
        ),
        (
            Extreme(Kind.NEW_LOW, "1h", 20),
            "makes a new low of 20 candles on 1h",
            "BTC/USDT: new low of 20 candles on 1h",
        ),
        (NoData(90), "sends no data for 90 seconds", "BTC/USDT: no data for 90 seconds"),
    ],
)
def test_a_condition_says_what_it_waits_for_and_what_it_told(
    condition: Condition, waits: str, told: str
) -> None:
    assert wait_text(condition, price, number) == waits
    assert told_text(Alert("a", BTC, (condition,)), BTC, price, number) == told


def test_every_kind_has_its_words() -> None:
    assert set(WAITS) == set(TOLD) == set(Kind)


def test_joined_conditions_are_joined_by_and() -> None:
    joined = (PriceLevel(Kind.ABOVE, 100.0), DayChange(Kind.DAY_ABOVE, 2.0))
    text = alert_text(Alert("a", BTC, joined), "BTC/USDT on Binance", price, number)
    assert text == ("BTC/USDT on Binance is above 100.00 and has changed by more than 2 % in 24 h")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (60, "1 minute"),
        (3_600, "1 hour"),
        (5_400, "90 minutes"),
        (172_800, "2 days"),
        (0, "0 seconds"),
    ],
)
def test_a_length_of_time_is_whole_in_its_longest_unit(seconds: int, text: str) -> None:
    assert duration_text(seconds) == text


def test_elsewhere_is_an_exchange_or_an_instrument_there() -> None:
    assert elsewhere_text("OKX") == "OKX"
    assert elsewhere_text(" coinbase:btc/usd ") == "BTC/USD on Coinbase"


MOVED = Signal(SignalKind.MOVE, BTC, 0, 100.0, up=True, size=0.031, minutes=5)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Here rose 3.1% within 5 minutes, to 100."),
        ({"size": -0.031, "up": False}, "Here fell 3.1% within 5 minutes, to 100."),
        (
            {"kind": SignalKind.VOLUME, "size": 4.26},
            "Here trades 4.3 times its usual volume, at 100.",
        ),
        (
            {"kind": SignalKind.VOLUME, "size": 4.26, "bought": 0.75},
            "Here trades 4.3 times its usual volume, 75.0% of it bought, at 100.",
        ),
        (
            {"kind": SignalKind.TREND, "up": False, "minutes": 15},
            "Here turned down on candles of 15 minutes, at 100.",
        ),
        (
            {"kind": SignalKind.PREMIUM, "size": 0.004},
            "Here is 0.4% dearer than elsewhere (OKX), at 100.",
        ),
    ],
)
def test_a_signal_is_a_plain_sentence(changes: dict[str, object], text: str) -> None:
    signal = replace(MOVED, **changes)  # type: ignore[arg-type]
    assert signal_text(signal, "Here", number, percent, "OKX") == text
