"""An alert in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Condition
from tickglass.alerts.engine import Fired
from tickglass.delivery.message import Message, describe
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
PEPE = Instrument("okx", "PEPE", "USDT")


def fired(instrument: Instrument, condition: Condition, value: float, price: float) -> Fired:
    return Fired(Alert("a", instrument, condition, value, fired=1), price, 1)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            fired(BTC, Condition.CROSSES_UP, 100_000.0, 100_000.5),
            Message("BTC/USDT crossed up through 100,000", "100,000.5 on Binance"),
        ),
        (
            fired(BTC, Condition.CROSSES_DOWN, 67_012.5, 67_012.0),
            Message("BTC/USDT crossed down through 67,012.5", "67,012 on Binance"),
        ),
        (
            fired(PEPE, Condition.CROSSES, 0.00001234, 0.0000124),
            Message("PEPE/USDT crossed 0.00001234", "0.0000124 on Binance"),
        ),
        (
            fired(BTC, Condition.CROSSES, 1e16, 1e-8),
            Message("BTC/USDT crossed 10,000,000,000,000,000", "0.00000001 on Binance"),
        ),
        (
            fired(BTC, Condition.CROSSES, 100.0, 120.0),
            Message("BTC/USDT crossed 100", "120 on Binance"),
        ),
    ],
)
def test_a_message_says_what_crossed_which_level_where_and_at_what_price(
    event: Fired, message: Message
) -> None:
    assert describe(event, "Binance") == message


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_has_its_words(condition: Condition) -> None:
    assert "crossed" in describe(fired(BTC, condition, 1.0, 1.0), "Binance").title


@given(st.floats(1e-18, 1e18), st.floats(1e-18, 1e18))
def test_a_message_shows_the_very_numbers_and_never_an_exponent(value: float, price: float) -> None:
    message = describe(fired(BTC, Condition.CROSSES, value, price), "Binance")
    level, paid = message.title.split()[-1], message.body.split()[0]
    for text, number in ((level, value), (paid, price)):
        assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d*[1-9])?", text)
        assert float(text.replace(",", "")) == number
