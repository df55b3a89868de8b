"""The fields of the alert's form: each edits one value and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from ...alerts.wording import duration_text
from ...errors import UsageError
from ...language import tr
from ..style import give_room
from ..text import exact_text, read_price
from ..theme import GAP_SMALL

NUMBER_SAMPLE = "1000000.00000"
MINUS_SIGNS = ("-", "−")


class Field(QWidget):
    """Edits a value; ``changed`` by the person. ``value`` raises UsageError with a sentence."""

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP_SMALL)

    def value(self) -> Any:
        """What is chosen."""
        raise NotImplementedError

    def choose(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError


class NumberField(Field):
    """A number in any common spelling, with what it is counted in."""

    def __init__(self, title: str, unit: str = "", *, signed: bool = False) -> None:
        super().__init__(title)
        self._signed = signed
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.edit.setToolTip(title)
        width = self.edit.fontMetrics().horizontalAdvance(NUMBER_SAMPLE)
        self.edit.setMinimumWidth(width)
        self.edit.setMaximumWidth(width * 2)
        self.unit = QLabel(unit)
        self._row.addWidget(self.edit)
        self._row.addWidget(self.unit)
        self.unit.setVisible(bool(unit))
        self.edit.textEdited.connect(lambda _: self.changed.emit())

    def value(self) -> float:
        """The number that was typed."""
        text = self.edit.text().strip()
        negative = self._signed and text.startswith(MINUS_SIGNS)
        number = read_price(text.lstrip("".join(MINUS_SIGNS)) if negative else text)
        if number is None and self._signed and text in ("0", "0,0", "0.0"):
            number = 0.0
        if number is None:
            raise UsageError(
                tr("{field}: write a number above 0, for example 100000 or 0.5.", field=self.title)
            )
        return -number if negative else number

    def choose(self, value: Any) -> None:
        """Show a number with all its digits."""
        self.edit.setText("" if value is None else exact_text(float(value)))


class CountField(Field):
    """A whole number."""

    def __init__(self, title: str, least: int, most: int) -> None:
        super().__init__(title)
        self.spin = QSpinBox()
        self.spin.setRange(least, most)
        give_room(self.spin)
        self.spin.setAccessibleName(title)
        self.spin.setToolTip(title)
        self._row.addWidget(self.spin)
        self.spin.valueChanged.connect(lambda _: self.changed.emit())

    def value(self) -> int:
        """The number."""
        return self.spin.value()

    def choose(self, value: Any) -> None:
        """Show a number."""
        self.spin.setValue(int(value))


class ChoiceField(Field):
    """One of some values, each with its words."""

    def __init__(self, title: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__(title)
        self._values = [value for value, _ in choices]
        self.box = QComboBox()
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.setAccessibleName(title)
        self.box.setToolTip(title)
        for _, text in choices:
            self.box.addItem(text)
        self._row.addWidget(self.box)
        self.box.currentIndexChanged.connect(lambda _: self.changed.emit())

    def value(self) -> Any:
        """The value that is chosen."""
        return self._values[self.box.currentIndex()] if self._values else None

    def choose(self, value: Any) -> None:
        """Show a value; one that is not offered is added."""
        if value not in self._values:
            self._values.append(value)
            self.box.addItem(str(value))
        self.box.setCurrentIndex(self._values.index(value))


class DurationField(ChoiceField):
    """A length of time, of those that are usual; others that a file holds are offered too."""

    def __init__(self, title: str, seconds: Sequence[int], none: str = "") -> None:
        words = [(each, duration_text(each) if each else none) for each in seconds]
        super().__init__(title, words)

    def choose(self, value: Any) -> None:
        """Show a length of time."""
        if value not in self._values:
            self._values.append(value)
            self.box.addItem(duration_text(int(value)))
        super().choose(value)


def named(words: Mapping[Any, str]) -> list[tuple[Any, str]]:
    """Values with their marked words, as a choice field takes them."""
    return [(value, tr(text)) for value, text in words.items()]


Make = Callable[[], Field]
