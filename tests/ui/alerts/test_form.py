"""Making an alert as a person does: choosing, typing, saving."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import (
    FAMILIES,
    Condition,
    Kind,
    Move,
    PriceChannel,
    PriceLevel,
    Source,
    Spread,
    Unit,
    VolumeSpike,
    make,
)
from tickglass.alerts.rehearsal import Rehearsal
from tickglass.market.instrument import Instrument
from tickglass.ui.alerts.condition_row import KINDS, ConditionRow
from tickglass.ui.alerts.fields import ChoiceField, NumberField
from tickglass.ui.alerts.form import AlertForm, Choices
from tickglass.ui.alerts.texts import AlertTexts

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("okx", "ETH", "USDT")
TITLES = {"binance": "Binance", "okx": "OKX"}
NOW = 1_795_348_800_000
SAVE = QDialogButtonBox.StandardButton.Save


class Asked:
    """A form and everything that it said."""

    def __init__(self, qtbot: QtBot, choices: Choices, alert: Alert | None = None) -> None:
        self.qtbot = qtbot
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.form = AlertForm(self.parent, choices, AlertTexts(TITLES), NOW, alert)
        self.made: list[Alert] = []
        self.rehearsed: list[Alert] = []
        self.marked: list[tuple[object, ...]] = []
        self.form.made.connect(self.made.append)
        self.form.rehearsal_wanted.connect(self.rehearsed.append)
        # Not self: the connection, which goes with the form, would be the last to hold its parent.
        marked = self.marked
        self.form.moments_wanted.connect(lambda *told: marked.append(told))
        self.form.show()

    def kind(self, kind: Kind, row: int = 0) -> ConditionRow:
        found = self.form.rows[row]
        found.kind.setCurrentIndex(found.kind.findData(kind.value))
        return found

    def type(self, name: str, text: str, row: int = 0) -> None:
        field = self.form.rows[row].fields[name]
        assert isinstance(field, NumberField)
        field.edit.selectAll()
        self.qtbot.keyClicks(field.edit, text)

    def save(self) -> list[Alert]:
        self.qtbot.mouseClick(self.form.buttons.button(SAVE), Qt.MouseButton.LeftButton)
        return self.made


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Asked]:
    yield Asked(qtbot, Choices((BTC,), ("Majors",), TITLES, ("phone",), 120.5, 2))


def test_the_form_begins_with_a_crossing_of_the_price_and_saves_it(asked: Asked) -> None:
    (alert,) = asked.save()
    assert alert.instrument == BTC
    assert alert.conditions == (PriceLevel(Kind.CROSSES, 120.5),)
    assert (alert.trigger, alert.since, alert.fired) == (Trigger.ONCE, NOW, None)


@pytest.mark.parametrize(
    ("typed", "price"),
    [("100000", 100_000.0), ("100,000", 100_000.0), ("1.234,56", 1_234.56),
     ("0.00001234", 0.00001234)],
)  # fmt: skip
def test_a_price_is_typed_in_any_spelling(asked: Asked, typed: str, price: float) -> None:
    asked.type("value", typed)
    (alert,) = asked.save()
    assert alert.level == price


@pytest.mark.parametrize("typed", ["", "0", "abc", "-5"])
def test_what_is_no_price_is_explained_and_nothing_typed_is_lost(asked: Asked, typed: str) -> None:
    field = asked.form.rows[0].fields["value"]
    assert isinstance(field, NumberField)
    field.edit.clear()
    asked.type("value", typed)
    assert asked.save() == []
    assert asked.form.problem.text().startswith("Price:") or "price" in asked.form.problem.text()
    assert field.edit.text() == typed
    assert asked.form.isVisible()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_condition_can_be_made(asked: Asked, kind: Kind) -> None:
    row = asked.kind(kind)
    for name, field in row.fields.items():
        if isinstance(field, NumberField) and not field.edit.text():
            asked.type(name, {"low": "90", "high": "110"}.get(name, "2"))
    (alert,) = asked.save()
    assert alert.kind is kind
    assert type(alert.first) is FAMILIES[kind]


def test_every_kind_is_offered() -> None:
    assert set(KINDS) == set(Kind)


@pytest.mark.parametrize(
    "condition",
    [
        PriceChannel(Kind.LEAVES, 90.0, 110.0, Source.MID),
        PriceLevel(Kind.ABOVE, 100.0, Source.CLOSE, "15m"),
        Move(Kind.MOVES_DOWN, 250.0, Unit.PRICE, 900),
        Spread("okx", 0.5),
        VolumeSpike(4.5, 60, 30),
        make(Kind.DAY_BELOW, percent=-7.5),
        make(Kind.RSI_LEAVES, interval="4h", length=21, low=25.0, high=75.0),
        make(Kind.NEW_LOW, interval="1d", length=55),
        make(Kind.NO_DATA, seconds=300),
        make(Kind.TRAILS_HIGH, percent=5.0),
    ],
    ids=lambda condition: str(condition.kind),
)
def test_an_alert_that_is_edited_and_saved_is_the_same(qtbot: QtBot, condition: Condition) -> None:
    alert = Alert(
        "mine", BTC, (condition, PriceLevel(Kind.ABOVE, 5.0)), Trigger.EVERY, cooldown=60,
        rearm=1.5, moved=2.0, hold=30, expires=NOW + 60_000, urgent=True, message="{pair}!",
        sound="down", send_to=("phone",), interval="5m", since=1,
    )  # fmt: skip
    asked = Asked(qtbot, Choices((BTC,), (), TITLES, ("phone",), None, 2), alert)
    assert asked.save() == [alert]


def test_an_edited_alert_that_waits_for_something_else_is_armed_again(qtbot: QtBot) -> None:
    alert = Alert("mine", BTC, (PriceLevel(Kind.CROSSES, 100.0),), fired=5, since=1)
    asked = Asked(qtbot, Choices((BTC,), (), TITLES), alert)
    asked.type("value", "110")
    (changed,) = asked.save()
    assert changed == replace(
        alert, conditions=(PriceLevel(Kind.CROSSES, 110.0),), fired=None, since=NOW
    )


def test_several_conditions_are_joined_and_one_is_taken_away_again(asked: Asked) -> None:
    asked.qtbot.mouseClick(asked.form.further, Qt.MouseButton.LeftButton)
    asked.qtbot.mouseClick(asked.form.further, Qt.MouseButton.LeftButton)
    asked.kind(Kind.VOLUME_SPIKE, 1)
    asked.kind(Kind.NO_DATA, 2)
    asked.qtbot.mouseClick(asked.form.rows[2].remove, Qt.MouseButton.LeftButton)
    (alert,) = asked.save()
    assert [each.kind for each in alert.conditions] == [Kind.CROSSES, Kind.VOLUME_SPIKE]


def test_several_pairs_get_an_alert_each(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Choices((BTC, ETH), (), TITLES))
    asked.type("value", "100")
    made = asked.save()
    assert [each.instrument for each in made] == [BTC, ETH]
    assert len({each.id for each in made}) == 2


def test_an_alert_may_cover_a_whole_watchlist(asked: Asked) -> None:
    asked.form.subject.setCurrentIndex(asked.form.subject.findData("Majors"))
    asked.kind(Kind.MOVES_UP)
    asked.type("amount", "3")
    (alert,) = asked.save()
    assert (alert.instrument, alert.watchlist) == (None, "Majors")
    assert "every pair of Majors" in asked.form.words.text()


def test_the_terms_are_folded_away_and_kept(asked: Asked) -> None:
    form = asked.form
    assert not form.terms.isVisible()
    asked.qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert form.terms.isVisible()
    cooldown, _ = form.terms.fields["cooldown"]
    assert isinstance(cooldown, ChoiceField)
    cooldown.choose(300)
    form.terms.targets["phone"].setChecked(True)
    asked.qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    (alert,) = asked.save()
    assert (alert.cooldown, alert.send_to) == (300, ("phone",))


def test_the_alert_is_said_in_words_as_it_is_chosen(asked: Asked) -> None:
    assert asked.form.words.text() == "BTC/USDT on Binance crosses 120.50"
    asked.kind(Kind.CROSSES_DOWN)
    assert asked.form.words.text() == "BTC/USDT on Binance crosses 120.50 down"


def test_it_is_tried_once_the_person_pauses_and_says_how_often(asked: Asked) -> None:
    asked.type("value", "110")
    asked.qtbot.waitUntil(lambda: bool(asked.rehearsed))
    assert [each.level for each in asked.rehearsed] == [110.0]
    assert asked.form.tried.text() == "It is being tried on past candles…"
    moments = ((NOW - 60_000, 110.0), (NOW - 30_000, 110.5))
    found = Rehearsal(BTC, moments, NOW - 3 * 86_400_000, NOW, "", 2)
    asked.form.show_rehearsal(asked.rehearsed[-1], found)
    assert asked.form.tried.text().startswith("Would have fired 2 times in the last 3 days")
    assert "Tried on" not in asked.form.tried.text()
    assert asked.marked[-1] == (BTC, ())
    asked.form.on_chart.click()
    assert asked.marked[-1] == (BTC, moments)
    asked.form.reject()
    assert asked.marked[-1] == (None, ())


def test_what_was_found_of_another_choice_is_not_shown(asked: Asked) -> None:
    asked.qtbot.waitUntil(lambda: bool(asked.rehearsed))
    (before,) = asked.rehearsed
    asked.type("value", "110")
    asked.qtbot.waitUntil(lambda: len(asked.rehearsed) == 2)
    asked.form.show_rehearsal(before, Rehearsal(BTC, (), NOW - 86_400_000, NOW))
    assert asked.form.tried.text() == "It is being tried on past candles…"


def test_of_several_pairs_it_says_on_which_it_was_tried(qtbot: QtBot) -> None:
    asked = Asked(qtbot, Choices((BTC, ETH), (), TITLES))
    asked.form.rows[0].choose(Move(Kind.MOVES, 3.0))
    asked.qtbot.waitUntil(lambda: bool(asked.rehearsed))
    asked.form.show_rehearsal(asked.rehearsed[-1], Rehearsal(ETH, (), NOW - 7_200_000, NOW))
    words = "Would not have fired in the last 2 hours. Tried on ETH/USDT on OKX."
    assert asked.form.tried.text() == words


def test_what_cannot_be_tried_says_why(asked: Asked) -> None:
    asked.qtbot.waitUntil(lambda: bool(asked.rehearsed))
    asked.form.show_rehearsal(asked.rehearsed[-1], Rehearsal(reason="Bids are not known."))
    assert asked.form.tried.text() == "Cannot be tried: Bids are not known."
    assert not asked.form.on_chart.isVisible()


def test_a_ready_sentence_fills_the_form(asked: Asked) -> None:
    asked.form.preset.setCurrentIndex(1)
    asked.form.preset.activated.emit(1)
    (alert,) = asked.save()
    assert alert.conditions == (Move(Kind.MOVES, 3.0),)


def test_enter_saves_and_escape_leaves_nothing(asked: Asked) -> None:
    field = asked.form.rows[0].fields["value"]
    assert isinstance(field, NumberField)
    asked.qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert len(asked.made) == 1
