"""One condition of the form: its kind, and the fields of that kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from ...alerts.condition import (
    FAMILIES,
    Condition,
    DayChange,
    EmaCross,
    Extreme,
    Kind,
    MacdCross,
    Move,
    Moved,
    NoData,
    PriceChannel,
    PriceLevel,
    RsiLeaves,
    Source,
    Spread,
    Steps,
    Trail,
    Unit,
    VolumeSpike,
    make,
)
from ...alerts.wording import DIRECTIONS, SOURCES, TAKER_SIDES
from ...errors import UsageError
from ...language import mark, tr
from ..theme import GAP_SMALL
from .fields import ChoiceField, CountField, DurationField, Field, Make, NumberField, named

KINDS: Mapping[Kind, str] = {
    Kind.CROSSES: mark("crosses"),
    Kind.CROSSES_UP: mark("crosses up"),
    Kind.CROSSES_DOWN: mark("crosses down"),
    Kind.ABOVE: mark("is above"),
    Kind.BELOW: mark("is below"),
    Kind.ENTERS: mark("enters the channel"),
    Kind.LEAVES: mark("leaves the channel"),
    Kind.INSIDE: mark("is inside the channel"),
    Kind.OUTSIDE: mark("is outside the channel"),
    Kind.MOVES: mark("moves either way by"),
    Kind.MOVES_UP: mark("moves up by"),
    Kind.MOVES_DOWN: mark("moves down by"),
    Kind.DAY_ABOVE: mark("has a 24 h change above"),
    Kind.DAY_BELOW: mark("has a 24 h change below"),
    Kind.TRAILS_HIGH: mark("falls below its high by"),
    Kind.TRAILS_LOW: mark("rises above its low by"),
    Kind.STEPS: mark("reaches another step of"),
    Kind.MOVED: mark("moves since it last fired by"),
    Kind.SPREAD: mark("differs from another exchange by"),
    Kind.VOLUME_SPIKE: mark("has a volume spike of"),
    Kind.EMA_CROSS: mark("turns: EMA cross"),
    Kind.MACD_CROSS: mark("turns: MACD cross"),
    Kind.RSI_LEAVES: mark("turns: RSI leaves its extreme"),
    Kind.NEW_HIGH: mark("makes a new high"),
    Kind.NEW_LOW: mark("makes a new low"),
    Kind.NO_DATA: mark("sends no data for"),
}
UNITS = {Unit.PERCENT: "%", Unit.PRICE: mark("in the quote currency")}
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "4h", "1d")
WINDOWS = (10, 30, 60, 180, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400)
VOLUME_WINDOWS = (10, 30, 60, 300, 900, 1_800, 3_600, 14_400)
SILENCES = (10, 30, 60, 300, 900, 3_600)
LONGEST = 500
CLOSE_CANDLE = "interval"


def interval_field(title: str) -> Field:
    """Which candles."""
    return ChoiceField(title, [(each, each) for each in INTERVALS])


class ConditionRow(QWidget):
    """Edits one condition. ``changed`` by the person, ``removed`` to do without it."""

    changed = Signal()
    removed = Signal()

    def __init__(self, exchanges: Mapping[str, str], quote: str, *, removable: bool) -> None:
        super().__init__()
        self._exchanges = exchanges
        self._quote = quote
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Condition"))
        self.kind.setMaxVisibleItems(len(KINDS))
        for kind, text in KINDS.items():
            self.kind.addItem(tr(text), kind.value)
        self.fields: dict[str, Field] = {}
        self._kept: dict[str, Any] = {}  # what was said of kinds chosen before
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP_SMALL)
        self._row.addWidget(self.kind)
        self._row.addStretch(1)
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setAccessibleName(tr("Remove this condition"))
        self.remove.setToolTip(tr("Remove this condition"))
        self.remove.setVisible(removable)
        self._row.addWidget(self.remove)
        self.kind.currentIndexChanged.connect(lambda _: self._on_kind())
        self.remove.clicked.connect(self.removed)
        self._make_fields()

    def condition(self) -> Condition:
        """What is chosen; raises UsageError with a sentence."""
        return make(self._chosen, **{name: each.value() for name, each in self.fields.items()})

    def choose(self, condition: Condition) -> None:
        """Show a condition."""
        self.fields = {}  # what they say counts no more
        self._kept = {each.name: getattr(condition, each.name) for each in fields_of(condition)}
        place = self.kind.findData(condition.kind.value)
        if place == self.kind.currentIndex():
            self._make_fields()
        self.kind.setCurrentIndex(place)

    def offer(self, **values: Any) -> None:
        """Begin with these values wherever a field asks for them."""
        self._kept |= values
        self._make_fields()

    @property
    def _chosen(self) -> Kind:
        return Kind(self.kind.currentData())

    def _on_kind(self) -> None:
        self._make_fields()
        self.changed.emit()

    def _on_field(self) -> None:
        self._show_candle()
        self.changed.emit()

    def _make_fields(self) -> None:
        """The fields of the kind, with what was said before where it is the same."""
        self._keep()
        for each in list(self.findChildren(QWidget)):
            if isinstance(each, Field) or each.objectName() == "muted":
                each.setParent(None)
                each.deleteLater()
        self.fields = {}
        defaults = {
            each.name: each.default
            for each in fields_of(FAMILIES[self._chosen])  # type: ignore[arg-type]
        }
        place = self._row.indexOf(self.kind) + 1
        for name, (words, build) in self._table().items():
            field = build()
            value = self._kept.get(name, defaults.get(name))
            if isinstance(value, int | float | str | bool) or value is None:
                field.choose(value) if value is not None else None
            field.changed.connect(self._on_field)
            if words:
                label = QLabel(words)
                label.setObjectName("muted")
                label.setTextFormat(Qt.TextFormat.PlainText)
                self._row.insertWidget(place, label)
                place += 1
            self._row.insertWidget(place, field)
            place += 1
            self.fields[name] = field
        self._show_candle()

    def _show_candle(self) -> None:
        """Which candles it is the close of is asked only where a close is meant."""
        source = self.fields.get("source")
        if source is not None:
            self.fields[CLOSE_CANDLE].setVisible(source.value() is Source.CLOSE)

    def _keep(self) -> None:
        for name, field in self.fields.items():
            try:
                self._kept[name] = field.value()
            except UsageError:
                continue

    # ------------------------------------------------------------ the table

    def _table(self) -> dict[str, tuple[str, Make]]:
        """The fields of the chosen kind by name, each with the words before it."""
        family: Any = FAMILIES[self._chosen]
        return {**self._own(family), **self._source(family)}

    def _source(self, family: Any) -> dict[str, tuple[str, Make]]:
        if family not in (PriceLevel, PriceChannel, Move, Trail, Steps, Moved):
            return {}
        return {
            "source": (tr("by"), lambda: ChoiceField(tr("Which price"), named(SOURCES))),
            CLOSE_CANDLE: ("", lambda: interval_field(tr("Candles of the close"))),
        }

    def _own(self, family: Any) -> dict[str, tuple[str, Make]]:
        price = tr("Price")
        percent: Make = lambda: NumberField(tr("Per cent"), "%")  # noqa: E731
        amount: dict[str, tuple[str, Make]] = {
            "amount": ("", lambda: NumberField(tr("Amount"))),
            "unit": ("", lambda: ChoiceField(tr("Counted in"), named(UNITS))),
        }
        direction: dict[str, tuple[str, Make]] = {
            "direction": ("", lambda: ChoiceField(tr("Direction"), named(DIRECTIONS))),
            "interval": (tr("on candles of"), lambda: interval_field(tr("Candles"))),
        }
        table: dict[Any, dict[str, tuple[str, Make]]] = {
            PriceLevel: {"value": ("", lambda: NumberField(price, self._quote))},
            PriceChannel: {
                "low": (tr("from"), lambda: NumberField(tr("Lower price"))),
                "high": (tr("to"), lambda: NumberField(tr("Upper price"), self._quote)),
            },
            Move: {
                **amount,
                "window": (tr("within"), lambda: DurationField(tr("Within"), WINDOWS)),
            },
            DayChange: {
                "percent": ("", lambda: NumberField(tr("Per cent"), "%", signed=True)),
            },
            Trail: {"percent": ("", percent)},
            Steps: {"amount": ("", lambda: NumberField(tr("Step"), self._quote))},
            Moved: amount,
            Spread: {
                "percent": ("", percent),
                "other": (
                    tr("or more from"),
                    lambda: ChoiceField(tr("Other exchange"), list(self._exchanges.items())),
                ),
            },
            VolumeSpike: {
                "times": ("", lambda: NumberField(tr("Times the average"), "×")),
                "window": (tr("within"), lambda: DurationField(tr("Within"), VOLUME_WINDOWS)),
                "windows": (tr("against the last"), lambda: count(tr("Windows of the average"), 1)),
                "side": ("", lambda: ChoiceField(tr("Whose trades"), named(TAKER_SIDES))),
            },
            EmaCross: {
                **direction,
                "fast": (tr("of"), lambda: count(tr("Fast length"))),
                "slow": (tr("and"), lambda: count(tr("Slow length"))),
            },
            MacdCross: direction,
            RsiLeaves: {
                **direction,
                "length": (tr("length"), lambda: count(tr("Length"))),
                "low": (tr("below"), lambda: NumberField(tr("Lower extreme"))),
                "high": (tr("above"), lambda: NumberField(tr("Upper extreme"))),
            },
            Extreme: {
                "length": (tr("of"), lambda: count(tr("Candles before"))),
                "interval": (tr("candles of"), lambda: interval_field(tr("Candles"))),
            },
            NoData: {"seconds": ("", lambda: DurationField(tr("Silence"), SILENCES))},
        }
        return table[family]


def count(title: str, least: int = 2) -> Field:
    """A number of candles or windows."""
    return CountField(title, least, LONGEST)
