"""The terms of an alert in the form: what holds it back, how long it lives, how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateTimeEdit,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from ...alerts.alert import LONGEST_MESSAGE, Alert
from ...language import mark, tr
from ..text import exact_text
from ..theme import GAP_SMALL
from .condition_row import interval_field
from .fields import ChoiceField, DurationField, Field, NumberField, named

WAITS = (0, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400)
SOUNDS = {"": mark("by the direction"), "up": mark("up"), "down": mark("down"),
          "none": mark("none")}  # fmt: skip
PLACEHOLDERS = "{pair} {exchange} {price} {condition} {time} {value} {base} {quote}"
DAY = 86_400


class PercentField(NumberField):
    """Per cent, where nothing typed means none."""

    def value(self) -> float:
        """The number, 0 if there is none."""
        return super().value() if self.edit.text().strip() else 0.0

    def choose(self, value: Any) -> None:
        """Show a number; nothing for 0."""
        self.edit.setText(exact_text(float(value)) if value else "")


class Terms(QWidget):
    """Edits everything of an alert but what it waits for."""

    changed = Signal()

    def __init__(self, exchanges: Mapping[str, str], targets: Sequence[str]) -> None:
        super().__init__()
        no = tr("none")
        others = [("", tr("nobody")), *exchanges.items()]
        self.fields: dict[str, tuple[Field, str]] = {
            "interval": (interval_field(tr("Candle of the trigger")),
                         tr("For “once per candle” and “at candle closes”.")),
            "cooldown": (DurationField(tr("Cooldown"), WAITS, no),
                         tr("Silence after firing: a minimum gap.")),
            "rearm": (PercentField(tr("Re-arm band"), "%"),
                      tr("The price must come back that far before it can fire again.")),
            "moved": (PercentField(tr("Moved again by"), "%"),
                      tr("Once fired, it fires when the price has moved that far since.")),
            "hold": (DurationField(tr("Must hold for"), WAITS, no),
                     tr("Fires only if it is still so after that time.")),
            "confirm": (ChoiceField(tr("Confirmed by"), others),
                        tr("Another exchange must say the same.")),
            "sound": (ChoiceField(tr("Sound"), named(SOUNDS)), ""),
        }  # fmt: skip
        self.message, self.urgent = QLineEdit(), QCheckBox(tr("Speaks in quiet hours too"))
        self.expiring, self.expires = QCheckBox(tr("Expires")), QDateTimeEdit()
        self.targets = {name: QCheckBox(name.replace("&", "&&")) for name in targets}
        self._lay_out()
        self._connect()

    def values(self) -> dict[str, Any]:
        """What is chosen, by the names of the alert's fields; raises UsageError."""
        found = {name: field.value() for name, (field, _) in self.fields.items()}
        found["message"] = self.message.text().strip()
        found["urgent"] = self.urgent.isChecked()
        found["send_to"] = tuple(name for name, box in self.targets.items() if box.isChecked())
        found["expires"] = self._expiry() if self.expiring.isChecked() else None
        return found

    def choose(self, alert: Alert) -> None:
        """Show the terms of an alert."""
        for name, (field, _) in self.fields.items():
            field.choose(getattr(alert, name))
        self.message.setText(alert.message)
        self.urgent.setChecked(alert.urgent)
        for name, box in self.targets.items():
            box.setChecked(name in alert.send_to)
        self.expiring.setChecked(alert.expires is not None)
        if alert.expires is not None:
            self.expires.setDateTime(QDateTime.fromMSecsSinceEpoch(alert.expires))

    def _expiry(self) -> int:
        return int(self.expires.dateTime().toMSecsSinceEpoch())

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GAP_SMALL)
        for field, help_ in self.fields.values():
            row = QHBoxLayout()
            row.addWidget(field)
            words = QLabel(help_)
            words.setObjectName("muted")
            words.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(words, 1)
            form.addRow(QLabel(field.title), row)
        self.expires.setCalendarPopup(True)
        self.expires.setAccessibleName(tr("Expires at"))
        tomorrow = QDateTime.currentDateTime().addSecs(DAY)
        self.expires.setDateTime(tomorrow)
        self.expires.setEnabled(False)
        expiry = QHBoxLayout()
        expiry.addWidget(self.expiring)
        expiry.addWidget(self.expires)
        expiry.addStretch(1)
        form.addRow("", expiry)
        self.message.setAccessibleName(tr("Message"))
        self.message.setPlaceholderText(PLACEHOLDERS)
        self.message.setToolTip(
            tr("Instead of the usual words; may name {names}.", names=PLACEHOLDERS)
        )
        self.message.setMaxLength(LONGEST_MESSAGE)
        form.addRow(QLabel(tr("Message")), self.message)
        if self.targets:
            sent = QHBoxLayout()
            for box in self.targets.values():
                sent.addWidget(box)
            sent.addStretch(1)
            form.addRow(QLabel(tr("Sent to")), sent)
        form.addRow("", self.urgent)

    def _connect(self) -> None:
        for field, _ in self.fields.values():
            field.changed.connect(self.changed)
        for box in (self.urgent, self.expiring, *self.targets.values()):
            box.toggled.connect(lambda _: self.changed.emit())
        self.expiring.toggled.connect(self.expires.setEnabled)
        self.message.textEdited.connect(lambda _: self.changed.emit())
        self.expires.dateTimeChanged.connect(lambda _: self.changed.emit())
