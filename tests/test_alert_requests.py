"""What scripts ask of alerts, and what they are answered."""

from typing import Any

import pytest

from tickglass.alert_requests import handle
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.rows import alert_row
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
NOW = 1_795_348_800_000
ALERT = Alert("a", BTC, (PriceLevel(Kind.ABOVE, 100.0),), fired=NOW - 5, since=3)


class Holder:
    """Holds alerts by their ids."""

    def __init__(self, *alerts: Alert) -> None:
        self.held = {each.id: each for each in alerts}

    @property
    def alerts(self) -> list[Alert]:
        return list(self.held.values())

    def put(self, alert: Alert) -> None:
        self.held[alert.id] = alert

    def remove(self, alert: Alert) -> None:
        del self.held[alert.id]


def asked(holder: Holder, **request: Any) -> list[dict[str, Any]]:
    answer = handle(request, holder, NOW)
    assert "problem" not in answer, answer
    found: list[dict[str, Any]] = answer["alerts"]
    return found


def test_they_are_listed_with_what_they_are_doing() -> None:
    (row,) = asked(Holder(ALERT), do="list")
    assert row == alert_row(ALERT) | {"state": "fired"}


def test_one_that_is_put_is_armed_from_now_on() -> None:
    holder = Holder()
    row = {**alert_row(ALERT), "id": "b"}
    row.pop("fired")
    (told,) = asked(holder, do="put", alert=row)
    assert (told["id"], told["state"]) == ("b", "armed")
    assert holder.held["b"].since == NOW


def test_pausing_resuming_and_removing_say_which_one_it_was() -> None:
    holder = Holder(Alert("a", BTC, ALERT.conditions))
    assert asked(holder, do="pause", id="a")[0]["state"] == "paused"
    assert holder.held["a"].paused
    assert asked(holder, do="resume", id="a")[0]["state"] == "armed"
    assert asked(holder, do="remove", id="a")[0]["id"] == "a"
    assert holder.alerts == []


def test_resuming_what_has_fired_arms_it_anew() -> None:
    holder = Holder(ALERT)
    asked(holder, do="resume", id="a")
    assert holder.held["a"] == Alert("a", BTC, ALERT.conditions, since=NOW)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"do": "pause", "id": "z"}, "There is no alert 'z'."),
        ({"do": "pause"}, "There is no alert None."),
        ({"do": "dance", "id": "a"}, "'dance' cannot be done with alerts."),
        ({"do": "put", "alert": "BTC"}, "An alert is a row of keys and values."),
        ({"do": "put", "alert": alert_row(ALERT)}, "There is an alert 'a' already."),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(
    request_: dict[str, Any], words: str
) -> None:
    holder = Holder(ALERT)
    assert handle(request_, holder, NOW) == {"problem": words}
    assert holder.alerts == [ALERT]


def test_a_row_that_no_alert_can_be_made_of_is_refused() -> None:
    answer = handle({"do": "put", "alert": {"id": "c", "when": "soon"}}, Holder(), NOW)
    assert set(answer) == {"problem"}
