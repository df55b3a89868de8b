"""The form of a new alert."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind
from tickglass.ui.alert_dialog import UNREADABLE, AlertDialog

from .helpers import BTC, Heard


class Form:
    """The open form, and what it made."""

    def __init__(self, qtbot: QtBot, price: float | None = None, decimals: int | None = 2) -> None:
        self._qtbot = qtbot
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.parent.show()
        self.dialog = AlertDialog(self.parent, BTC, "Binance", price, decimals)
        self.made, self.finished = Heard(), Heard()
        self.dialog.made.connect(self.made)
        self.dialog.finished.connect(self.finished)
        self.dialog.open()

    def type(self, words: str) -> None:
        self.dialog.price.selectAll()
        self._qtbot.keyClick(self.dialog.price, Qt.Key.Key_Delete)
        self._qtbot.keyClicks(self.dialog.price, words)

    def press(self, button: QDialogButtonBox.StandardButton) -> None:
        self._qtbot.mouseClick(self.dialog.buttons.button(button), Qt.MouseButton.LeftButton)

    def save(self) -> None:
        self.press(QDialogButtonBox.StandardButton.Save)

    @property
    def alert(self) -> Alert:
        ((alert,),) = self.made.all
        assert isinstance(alert, Alert)
        return alert


def test_the_form_reads_as_a_sentence_with_the_price_of_now(qtbot: QtBot) -> None:
    form = Form(qtbot, 123_456.7)
    words = [label.text() for label in form.dialog.findChildren(QLabel) if label.text()]
    assert words == ["Tell me once when BTC/USDT on Binance crosses", "USDT"]
    assert form.dialog.price.text() == form.dialog.price.selectedText() == "123456.70"


def test_a_tiny_price_is_offered_without_an_exponent(qtbot: QtBot) -> None:
    assert Form(qtbot, 0.00001234, None).dialog.price.text() == "0.000012340"


def test_without_a_price_the_field_is_empty(qtbot: QtBot) -> None:
    assert Form(qtbot).dialog.price.text() == ""


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("100000", 100_000.0), ("100,000", 100_000.0), ("100 000", 100_000.0),
        ("1.234,56", 1_234.56), ("0,5", 0.5), ("0.00001234", 0.00001234),
    ],
)  # fmt: skip
def test_saving_makes_an_alert_at_the_price_that_was_typed(
    qtbot: QtBot, typed: str, price: float
) -> None:
    form = Form(qtbot, 5.0)
    form.type(typed)
    form.save()
    assert (form.alert.instrument, form.alert.level) == (BTC, price)
    assert form.alert.armed
    assert form.finished.all == [(1,)]


@pytest.mark.parametrize(
    ("downs", "condition"),
    [(0, Kind.CROSSES), (1, Kind.CROSSES_UP), (2, Kind.CROSSES_DOWN)],
)
def test_the_direction_is_the_one_chosen(qtbot: QtBot, downs: int, condition: Kind) -> None:
    form = Form(qtbot, 5.0)
    for _ in range(downs):
        qtbot.keyClick(form.dialog.direction, Qt.Key.Key_Down)
    form.save()
    assert form.alert.kind is condition


def test_two_alerts_never_share_an_id(qtbot: QtBot) -> None:
    first, second = Form(qtbot, 5.0), Form(qtbot, 5.0)
    first.save()
    second.save()
    assert first.alert.id != second.alert.id
    assert first.alert.id.startswith("btc-usdt-")


@pytest.mark.parametrize("typed", ["", "0", "abc", "-5", "1e5"])
def test_a_price_that_cannot_be_is_explained_and_the_form_stays(qtbot: QtBot, typed: str) -> None:
    form = Form(qtbot, 5.0)
    form.type(typed)
    form.save()
    assert form.dialog.problem.text() == UNREADABLE
    assert form.dialog.isVisible()
    assert (form.made.all, form.finished.all) == ([], [])
    form.type("7")
    form.save()
    assert form.alert.level == 7.0


def test_enter_in_the_price_saves(qtbot: QtBot) -> None:
    form = Form(qtbot, 5.0)
    form.type("8")
    qtbot.keyClick(form.dialog.price, Qt.Key.Key_Return)
    assert form.alert.level == 8.0


def test_cancel_and_escape_make_nothing(qtbot: QtBot) -> None:
    cancelled, escaped = Form(qtbot, 5.0), Form(qtbot, 5.0)
    cancelled.press(QDialogButtonBox.StandardButton.Cancel)
    qtbot.keyClick(escaped.dialog, Qt.Key.Key_Escape)
    for form in (cancelled, escaped):
        assert (form.made.all, form.finished.all) == ([], [(0,)])
