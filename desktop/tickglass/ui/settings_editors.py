"""The editors of settings that need more than a list: addresses, instruments, zones, moments."""

from __future__ import annotations

import time

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
)

from ..language import mark, tr
from ..options import (
    BASES,
    MOST_INSTRUMENTS,
    Option,
    Value,
    address_problem,
    is_zone,
    moment,
    read_instruments,
)
from .chart.times import zones
from .settings_editor import CHOICE_WIDTH, ChoiceEditor, Editor, NumberEditor, SwitchEditor
from .theme import GAP

TEXT_LINES = 4  # of the field for instruments
LONGEST_INSTRUMENT = 60  # letters, for the field's bound
MINUTE = 60  # s
MOMENT = "moment"
A_MOMENT = mark("A moment …")


class AddressEditor(Editor):
    """A host of one's own, or nothing."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self._value: Value = None
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(tr("its own"))
        self.hold(self.field)
        self.field.editingFinished.connect(self._commit)
        self.field.textEdited.connect(self._reconsider)

    @property
    def value(self) -> Value:
        """The address that counts."""
        return self._value

    def show_value(self, value: Value) -> None:
        """Show an address."""
        self._value = value if isinstance(value, str) and value else None
        self.field.setText(self._value if isinstance(self._value, str) else "")
        self.problem_changed.emit(self._problem())

    def _problem(self) -> str:
        schemes = self.option.schemes or ("https", "http")
        return address_problem(self.field.text().strip(), schemes)

    def _reconsider(self) -> None:
        """While somebody types, a complaint may go, but none comes."""
        if not self._problem():
            self.problem_changed.emit("")
        if not self.field.text():
            self._commit()

    def _commit(self) -> None:
        problem, text = self._problem(), self.field.text().strip()
        self.problem_changed.emit(problem)
        if not problem and (text or None) != self._value:
            self._value = text or None
            self.edited.emit(self._value)


class InstrumentsField(QPlainTextEdit):
    """Lines of text; Tab leaves it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        frame = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        self.setFixedHeight(TEXT_LINES * self.fontMetrics().lineSpacing() + frame)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What stands there counts when the field is left."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class InstrumentsEditor(Editor):
    """Instruments, one a line."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self._value: Value = ()
        self.field = InstrumentsField()
        self.hold(self.field)
        self.field.left.connect(self._commit)

    @property
    def value(self) -> Value:
        """The instruments that count."""
        return self._value

    def show_value(self, value: Value) -> None:
        """Show instruments."""
        self._value = value if isinstance(value, tuple) else ()
        self.field.setPlainText("\n".join(map(str, self._value)))
        self.problem_changed.emit("")

    def _commit(self) -> None:
        text = self.field.toPlainText()[: MOST_INSTRUMENTS * LONGEST_INSTRUMENT]
        found, problem = read_instruments(text)
        self.problem_changed.emit(problem)
        if not problem and found != self._value:
            self.show_value(found)
            self.edited.emit(found)


class ZoneEditor(Editor):
    """A time zone, by a part of its name."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self._value: Value = option.default
        self.list = QComboBox()
        self.list.setEditable(True)
        self.list.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.list.setMinimumContentsLength(CHOICE_WIDTH)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for value, words in option.choices:
            self.list.addItem(tr(words), value)
        known = [value for value, _ in option.choices]
        for name in zones():
            if name not in known:
                self.list.addItem(name, name)
        self._complete()
        self.hold(self.list)
        self.list.activated.connect(lambda _: self._commit())
        field = self.list.lineEdit()
        if field is not None:
            self.name(field)
            field.editingFinished.connect(self._commit)

    @property
    def value(self) -> Value:
        """The zone that counts."""
        return self._value

    def show_value(self, value: Value) -> None:
        """Show a zone."""
        self._value = value
        place = self.list.findData(value)
        with QSignalBlocker(self.list):
            if place >= 0:
                self.list.setCurrentIndex(place)
            else:
                self.list.setEditText(str(value))
        self.problem_changed.emit("")

    def _complete(self) -> None:
        completer = self.list.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def _commit(self) -> None:
        text = self.list.currentText().strip()
        place = self.list.findText(text, Qt.MatchFlag.MatchFixedString)
        found = str(self.list.itemData(place)) if place >= 0 else text
        if not is_zone(found):
            self.problem_changed.emit(tr("There is no time zone of this name."))
            return
        changed = found != self._value
        self.show_value(found)
        if changed:
            self.edited.emit(found)


class BasisEditor(Editor):
    """What a change is measured from: one of the usual, or a moment of one's own."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self._value: Value = option.default
        self.list = QComboBox()
        self.list.setMinimumContentsLength(CHOICE_WIDTH)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for value, words in (*option.choices, (MOMENT, A_MOMENT)):
            self.list.addItem(tr(words), value)
        self.moment = QDateTimeEdit()
        self.moment.setCalendarPopup(True)
        self.moment.setKeyboardTracking(False)
        self.moment.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for inner in (self.list, self.moment):
            column.addWidget(inner)
            self.name(inner)
        self.moment.setAccessibleName(tr("Moment, in the time of this computer"))
        self.setFocusProxy(self.list)
        self.moment.hide()
        self.list.currentIndexChanged.connect(lambda _: self._choose())
        self.moment.dateTimeChanged.connect(lambda _: self._choose())

    @property
    def value(self) -> Value:
        """One of the usual, or a moment as text in UTC."""
        return self._value

    def show_value(self, value: Value) -> None:
        """Show what is chosen."""
        self._value = value
        when = None if value in BASES or not isinstance(value, str) else moment(value)
        place = self.list.findData(value if when is None else MOMENT)
        with QSignalBlocker(self.list), QSignalBlocker(self.moment):
            self.list.setCurrentIndex(max(0, place))
            self._show_moment(None if when is None else int(when.timestamp()))
        self.moment.setVisible(when is not None)

    def _show_moment(self, seconds: int | None) -> None:
        if seconds is None:
            seconds = int(time.time()) // MINUTE * MINUTE
        self.moment.setMaximumDateTime(QDateTime.currentDateTime())
        self.moment.setDateTime(QDateTime.fromSecsSinceEpoch(seconds))

    def _choose(self) -> None:
        chosen = str(self.list.currentData())
        self.moment.setVisible(chosen == MOMENT)
        if chosen == MOMENT:
            chosen = self.moment.dateTime().toUTC().toString("yyyy-MM-ddTHH:mm") + "Z"
        if chosen != self._value:
            self._value = chosen
            self.edited.emit(chosen)


EDITORS: dict[str, type[Editor]] = {
    "switch": SwitchEditor,
    "choice": ChoiceEditor,
    "number": NumberEditor,
    "address": AddressEditor,
    "instruments": InstrumentsEditor,
    "zone": ZoneEditor,
    "basis": BasisEditor,
}
