"""Alerts as rows, and back."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Kind, Move, PriceLevel, Source
from tickglass.alerts.rows import alert_row, known_keys, read_alert
from tickglass.errors import TickglassError
from tickglass.market.instrument import Instrument

from .strategies import alerts, over_a_list

BTC = Instrument("binance", "BTC", "USDT")
PLAIN = {
    "id": "btc-100k", "instrument": "binance:BTC/USDT", "condition": "crosses_up",
    "value": 100_000, "trigger": "once",
}  # fmt: skip


@given(alerts | over_a_list)
def test_every_alert_comes_back_from_its_row(alert: Alert) -> None:
    row = alert_row(alert)
    assert read_alert(json.loads(json.dumps(row))) == alert
    assert set(row) <= known_keys(row)


def test_the_row_of_the_settings_file_as_it_always_was_is_read() -> None:
    assert read_alert(PLAIN) == Alert(
        "btc-100k", BTC, (PriceLevel(Kind.CROSSES_UP, 100_000.0),), Trigger.ONCE
    )


def test_what_is_as_usual_is_left_out() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES, 5.0),))
    assert alert_row(alert) == {
        "id": "a", "instrument": "binance:BTC/USDT", "condition": "crosses", "value": 5.0,
        "trigger": "once",
    }  # fmt: skip


def test_further_conditions_stand_under_and() -> None:
    row = PLAIN | {"and": [{"condition": "moves_up", "amount": 2, "window": 60, "source": "mid"}]}
    assert read_alert(row).conditions == (
        PriceLevel(Kind.CROSSES_UP, 100_000.0),
        Move(Kind.MOVES_UP, 2.0, window=60, source=Source.MID),
    )


def test_the_candle_of_the_trigger_and_that_of_the_condition_may_differ() -> None:
    row = PLAIN | {"trigger": "candle", "interval": "1h", "source": "close", "candle": "5m"}
    alert = read_alert(row)
    assert alert.interval == "1h"
    assert alert.first == PriceLevel(Kind.CROSSES_UP, 100_000.0, Source.CLOSE, "5m")


values: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9),
    st.lists(st.integers() | st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@given(alerts, st.data())
def test_a_spoilt_row_is_read_or_refused_with_a_sentence(alert: Alert, data: st.DataObject) -> None:
    row = alert_row(alert)
    for key in data.draw(st.lists(st.sampled_from(sorted(known_keys(row))), max_size=4)):
        row[key] = data.draw(values)
    for key in data.draw(st.lists(st.sampled_from(sorted(row)), max_size=2)):
        row.pop(key, None)
    try:
        read_alert(row)
    except TickglassError as error:
        assert error.sentence


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 0, "high", True, None, [1]])
def test_no_alert_waits_for_what_is_no_price(value: object) -> None:
    with pytest.raises(TickglassError):
        read_alert(PLAIN | {"value": value})
