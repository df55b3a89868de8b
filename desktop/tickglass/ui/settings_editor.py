"""What a setting is chosen with: the common part, and the simple kinds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPlainTextEdit, QSpinBox, QWidget

from ..language import tr
from ..options import Option, Value
from .style import give_room

CHOICE_WIDTH = 14  # letters of a list of choices at least
STEPS = 14  # from the least to the most of a number


class Editor(QWidget):
    """Shows a value and says when a person chose another; ``problem`` is why it cannot be."""

    edited = Signal(object)  # Value
    problem_changed = Signal(str)

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option

    @property
    def value(self) -> Value:
        """What is chosen."""
        raise NotImplementedError

    def show_value(self, value: Value) -> None:
        """Show a value without saying so."""
        raise NotImplementedError

    def hold(self, inner: QWidget) -> None:
        """Fill the editor with the widget that has the keyboard."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inner)
        self.setFocusProxy(inner)
        self.name(inner)

    def name(self, inner: QWidget) -> None:
        """Say what a widget is for."""
        inner.setAccessibleName(tr(self.option.title))
        inner.setAccessibleDescription(tr(self.option.help))
        inner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel over what has no keyboard scrolls the page and chooses nothing."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            if isinstance(watched, QPlainTextEdit) or watched.hasFocus():
                return False
            event.ignore()
            return True
        return False


class SwitchEditor(Editor):
    """On or off; the words stand beside the box."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self.box = QCheckBox(tr(option.title).replace("&", "&&"))
        self.hold(self.box)
        self.box.toggled.connect(lambda on: self.edited.emit(on))

    @property
    def value(self) -> Value:
        """Whether it is on."""
        return self.box.isChecked()

    def show_value(self, value: Value) -> None:
        """Be on or off."""
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))


class ChoiceEditor(Editor):
    """One of a few."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self.list = QComboBox()
        self.list.setMinimumContentsLength(CHOICE_WIDTH)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for value, words in option.choices:
            self.list.addItem(tr(words), value)
        self.hold(self.list)
        self.list.currentIndexChanged.connect(lambda _: self.edited.emit(self.value))

    @property
    def value(self) -> Value:
        """The value of the words that are chosen."""
        return str(self.list.currentData())

    def show_value(self, value: Value) -> None:
        """Choose a value; one that is not among them leaves all as it is."""
        place = self.list.findData(value)
        if place >= 0:
            with QSignalBlocker(self.list):
                self.list.setCurrentIndex(place)


class NumberEditor(Editor):
    """A whole number between two others."""

    def __init__(self, option: Option) -> None:
        super().__init__(option)
        self.field = QSpinBox()
        give_room(self.field)
        self.field.setRange(option.low, option.high)
        self.field.setSingleStep(max(1, (option.high - option.low) // STEPS))
        self.field.setKeyboardTracking(False)  # 100 begins as 1
        self.field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hold(self.field)
        self.field.valueChanged.connect(lambda number: self.edited.emit(number))

    @property
    def value(self) -> Value:
        """The number."""
        return self.field.value()

    def show_value(self, value: Value) -> None:
        """Show a number."""
        with QSignalBlocker(self.field):
            self.field.setValue(value if isinstance(value, int) else self.option.low)
