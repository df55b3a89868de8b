"""An alert in words."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import (
    FAMILIES,
    DayChange,
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
    Spread,
    Steps,
    Trail,
    VolumeSpike,
    make,
)
from tickglass.alerts.watch import Fired
from tickglass.alerts.wording import wait_text
from tickglass.delivery.message import Message, describe, digest, one_line, written
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
PEPE = Instrument("okx", "PEPE", "USDT")
CONDITIONS: dict[object, dict[str, object]] = {
    PriceLevel: {"value": 1.0}, PriceChannel: {"low": 1.0, "high": 2.0}, Move: {"amount": 1.0},
    DayChange: {"percent": 1.0}, Trail: {"percent": 1.0}, Steps: {"amount": 1.0},
    Moved: {"amount": 1.0}, Spread: {"percent": 1.0, "other": "okx"}, VolumeSpike: {},
    EmaCross: {}, MacdCross: {}, RsiLeaves: {}, Extreme: {}, NoData: {},
}  # fmt: skip


def fired(instrument: Instrument, condition: Kind, value: float, price: float) -> Fired:
    alert = Alert("a", instrument, (PriceLevel(condition, value),), fired=1)
    return Fired(alert, instrument, price, 1, 1)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            fired(BTC, Kind.CROSSES_UP, 100_000.0, 100_000.5),
            Message("BTC/USDT crossed 100,000 up", "100,000.5 on Binance", True),
        ),
        (
            fired(BTC, Kind.CROSSES_DOWN, 67_012.5, 67_012.0),
            Message("BTC/USDT crossed 67,012.5 down", "67,012 on Binance", False),
        ),
        (
            fired(PEPE, Kind.CROSSES, 0.00001234, 0.0000124),
            Message("PEPE/USDT crossed 0.00001234", "0.0000124 on Binance", True),
        ),
        (
            fired(BTC, Kind.CROSSES, 1e16, 1e-8),
            Message("BTC/USDT crossed 10,000,000,000,000,000", "0.00000001 on Binance", False),
        ),
        (
            fired(BTC, Kind.CROSSES, 100.0, 120.0),
            Message("BTC/USDT crossed 100", "120 on Binance", True),
        ),
    ],
)
def test_a_message_says_what_crossed_which_level_where_and_at_what_price(
    event: Fired, message: Message
) -> None:
    assert describe(event, "Binance") == message


@pytest.mark.parametrize("kind", list(Kind))
def test_every_condition_has_its_words(kind: Kind) -> None:
    condition = CONDITIONS[FAMILIES[kind]]
    made = make(kind, **condition)
    alert = Alert("a", BTC, (made,))
    message = describe(Fired(alert, BTC, 100.0, 1, 1), "Binance")
    assert "BTC/USDT" in message.title
    assert "{" not in message.title + wait_text(made, str, str)


def test_a_late_alert_says_when_it_happened() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 60_000.0),))
    late = Fired(alert, BTC, 60_000.5, 1, 2, late=True)
    message = describe(late, "Binance", clock=lambda time: "03:12")
    assert message.title == "While you were away: BTC/USDT crossed 60,000 up"
    assert message.body == "at 03:12: 60,000.5 on Binance"


def test_a_late_alert_says_that_no_second_exchange_confirmed_it() -> None:
    crossed = fired(BTC, Kind.CROSSES_UP, 60_000.0, 60_012.5)
    asked = replace(crossed, late=True, alert=replace(crossed.alert, confirm="OKX"))
    assert describe(asked, "Binance", clock=lambda time: "03:12").body == (
        "at 03:12: 60,012.5 on Binance, not confirmed by OKX"
    )
    assert "confirmed" not in describe(replace(asked, late=False), "Binance").body


def test_a_template_fills_in_its_names_and_nothing_else() -> None:
    values = {"pair": "{price} <b>", "price": "1"}
    template = "{pair} at {price}, {unknown} {pair.__class__} {0} {price!r}"
    assert written(template, values) == (
        "{price} <b> at 1, {unknown} {pair.__class__} {0} {price!r}"
    )


def test_what_a_condition_measured_can_be_named_too() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 1.0),), message="{pair} {value}!")
    measured = Fired(alert, BTC, 60_000.5, 1, 1, value=3.0000000000004)
    assert describe(measured, "Binance").title == "BTC/USDT 3!"
    assert describe(replace(measured, value=None), "Binance").title == "BTC/USDT !"


def test_words_of_ones_own_are_late_too() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 1.0),), message="Sell {base} @here")
    late = Fired(alert, BTC, 60_000.5, 1, 2, late=True)
    assert describe(late, "Binance").title == "While you were away: Sell BTC @here"


@pytest.mark.parametrize("message", ["", "{pair} of {base} in {quote}"])
def test_no_name_of_an_instrument_is_markup_or_calls_anybody(message: str) -> None:
    hostile = Instrument("binance", "<B>@HERE*X*", "[U](`_#|~\\&")
    alert = Alert("a", hostile, (PriceLevel(Kind.CROSSES_UP, 60_000.0),), message=message)
    told = describe(Fired(alert, hostile, 60_000.5, 1, 1), "Binance")
    assert not set("<>@*[]`_#|~\\&") & set(told.title + told.body)
    assert "＜B＞＠HERE＊X＊" in told.title


def test_many_messages_go_up_only_if_each_does() -> None:
    up, down = Message("a", "", True), Message("b", "", False)
    assert digest([up, up]).up is True
    assert digest([down, down]).up is False
    assert digest([up, down]).up is None


def test_text_from_outside_is_one_plain_line() -> None:
    assert one_line("a\n\x1b[31mb\u202ec\td") == "a [31mbc d"


def test_many_alerts_become_one_message_that_names_the_first() -> None:
    messages = [Message(f"pair {number}", "here") for number in range(11)]
    told = digest(messages)
    assert told.title == "11 alerts fired"
    assert told.body.splitlines()[0] == "pair 0 (here)"
    assert told.body.splitlines()[-1] == "and 3 more"


@given(st.floats(1e-18, 1e18), st.floats(1e-18, 1e18))
def test_a_message_shows_the_very_numbers_and_never_an_exponent(value: float, price: float) -> None:
    message = describe(fired(BTC, Kind.CROSSES, value, price), "Binance")
    level, paid = message.title.split()[-1], message.body.split()[0]
    for text, number in ((level, value), (paid, price)):
        assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d*[1-9])?", text)
        assert float(text.replace(",", "")) == number


def test_silence_of_what_was_never_heard_is_told_without_a_price() -> None:
    alert = Alert("a", BTC, (NoData(60),))
    told = describe(Fired(alert, BTC, None, 1, 1), "Binance")
    assert told == Message("BTC/USDT: no data for 1 minute", "Binance", None)
    told = describe(Fired(replace(alert, message="{pair} {price}!"), BTC, None, 1, 1), "Binance")
    assert told.title == "BTC/USDT !"


def test_another_exchange_is_named_as_people_write_it() -> None:
    spread = Spread(percent=1.0, other="okx")
    assert wait_text(spread, str, str) == "differs from OKX by 1.0 % or more"
    spread = Spread(percent=1.0, other="coinbase:btc/usd")
    assert wait_text(spread, str, str) == "differs from BTC/USD on Coinbase by 1.0 % or more"


def test_what_the_market_said_has_the_decimals_of_the_market() -> None:
    level = PriceLevel(Kind.CROSSES_UP, 60_000.0)
    alert = Alert("a", BTC, (level,), message="{condition}: {price}")
    event = Fired(alert, BTC, 60_000.5, 1, 1)
    message = describe(event, "Binance", price=lambda price: f"{price:,.2f}")
    assert message.body == "60,000.50 on Binance"
    assert message.title == "crosses 60,000 up: 60,000.50"
