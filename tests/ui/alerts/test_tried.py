"""What a rehearsal found, in words."""

import pytest

from tickglass.alerts.rehearsal import Rehearsal
from tickglass.market.instrument import Instrument
from tickglass.market.interval import DAY, HOUR, MINUTE
from tickglass.ui.alerts.texts import AlertTexts
from tickglass.ui.alerts.tried import rehearsal_text

ETH = Instrument("okx", "ETH", "USDT")
NOW = 1_795_348_800_000
TEXTS = AlertTexts({"okx": "OKX"})


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "1 minute"), (59 * MINUTE, "59 minutes"), (119 * MINUTE, "119 minutes"),
        (2 * HOUR, "2 hours"), (1_499 * MINUTE, "25 hours"), (2 * DAY, "2 days"),
        (15 * DAY + HOUR, "15 days"),
    ],
)  # fmt: skip
def test_how_far_back_is_said_in_whole_units(length: int, words: str) -> None:
    found = Rehearsal(ETH, (), NOW - length, NOW)
    assert (
        rehearsal_text(found, TEXTS, several=False) == f"Would not have fired in the last {words}."
    )


def test_of_several_the_one_that_was_tried_is_named() -> None:
    found = Rehearsal(ETH, (), NOW - DAY, NOW)
    assert rehearsal_text(found, TEXTS, several=True).endswith(" Tried on ETH/USDT on OKX.")


def test_how_often_and_when_it_was_last() -> None:
    found = Rehearsal(ETH, ((NOW - HOUR, 100.0), (NOW - MINUTE, 101.0)), NOW - DAY, NOW, "", 2)
    words = rehearsal_text(found, TEXTS, several=False)
    assert words == (
        f"Would have fired 2 times in the last 1 day, last at {TEXTS.moment(NOW - MINUTE)}."
    )
