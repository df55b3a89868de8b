"""Making an alert: a form that reads as a sentence, and says what it would have told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...alerts.alert import MOST_CONDITIONS, Alert
from ...alerts.condition import (
    Condition,
    EmaCross,
    Extreme,
    Kind,
    Move,
    PriceLevel,
    VolumeSpike,
)
from ...alerts.rehearsal import Rehearsal
from ...alerts.wording import TRIGGERS
from ...errors import UsageError
from ...language import mark, tr, trn
from ...market.instrument import Instrument
from ..text import alert_text, exchange_title
from ..theme import GAP, GAP_LARGE, GAP_SMALL
from .condition_row import ConditionRow
from .fields import ChoiceField, named
from .terms import Terms
from .texts import AlertTexts
from .tried import rehearsal_text

NONE_CHOSEN = -1  # Qt's index
REHEARSAL_DELAY = 300  # ms after the last key
PRESETS: tuple[tuple[str, tuple[Condition, ...]], ...] = (
    (mark("Price crosses…"), ()),
    (mark("Moves 3 % within 5 minutes"), (Move(Kind.MOVES, 3.0),)),
    (mark("Volume spike"), (VolumeSpike(),)),
    (mark("Trend turns on 1h"), (EmaCross("1h"),)),
    (mark("New high of 20 days"), (Extreme(Kind.NEW_HIGH, "1d", 20),)),
)


@dataclass(frozen=True)
class Choices:
    """What the form offers: the pairs it is asked for, all watchlists, exchanges, addresses."""

    instruments: tuple[Instrument, ...]
    watchlists: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    price: float | None = None
    decimals: int | None = None


class AlertForm(QDialog):
    """``made`` for each alert, new or changed. ``rehearsal_wanted`` with one to be tried."""

    made = Signal(object)  # Alert
    rehearsal_wanted = Signal(object)  # Alert
    moments_wanted = Signal(object, object)  # an instrument and points to be seen on its chart

    def __init__(
        self, parent: QWidget, choices: Choices, texts: AlertTexts, now: int,
        alert: Alert | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("New alert") if alert is None else tr("Edit alert"))
        self._choices = choices
        self._texts = texts
        self._now = now
        self._edited = alert
        self._asked_of: Alert | None = None
        self._rehearsed = Rehearsal()
        self.trigger = ChoiceField(tr("How often"), named(TRIGGERS))
        self.subject = QComboBox()
        self.preset = QComboBox()
        self.rows: list[ConditionRow] = []
        self.more, self.further = QToolButton(), QPushButton(tr("and also…"))
        self.terms = Terms(choices.titles, choices.targets)
        self.words, self.problem, self.tried = QLabel(), QLabel(), QLabel()
        self.on_chart = QCheckBox(tr("Show them on the chart"))
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._timer = QTimer(self, singleShot=True, interval=REHEARSAL_DELAY)
        self._lay_out()
        self._fill()
        self._connect()
        self._follow()

    # ------------------------------------------------------------ values

    def alerts(self) -> list[Alert]:
        """What is chosen, an alert for each pair; raises UsageError with a sentence."""
        conditions = tuple(row.condition() for row in self.rows)
        terms: dict[str, Any] = {
            "conditions": conditions, "trigger": self.trigger.value(), **self.terms.values(),
        }  # fmt: skip
        if self._edited is not None:
            return [self._changed(self._edited, terms)]
        watchlist = self.subject.currentData()
        if watchlist:
            name = f"{watchlist.lower()}-{uuid4().hex[:8]}"
            return [Alert(name, None, watchlist=watchlist, since=self._now, **terms)]
        return [
            Alert(_name(each), each, since=self._now, **terms) for each in self._choices.instruments
        ]

    def show_rehearsal(self, alert: Alert, rehearsal: Rehearsal) -> None:
        """How often an alert would have fired, unless something else was chosen since."""
        if alert != self._asked_of:
            return
        self._rehearsed = rehearsal
        several = bool(self.subject.currentData()) or len(self._choices.instruments) > 1
        self.tried.setText(rehearsal_text(rehearsal, self._texts, several=several))
        self.on_chart.setVisible(bool(rehearsal.moments))
        self._mark()

    def done(self, result: int) -> None:
        """Take the marks off the chart again."""
        self._timer.stop()
        self.moments_wanted.emit(None, ())
        super().done(result)

    def _changed(self, alert: Alert, terms: dict[str, Any]) -> Alert:
        changed = replace(alert, **terms)
        same = (changed.conditions, changed.trigger) == (alert.conditions, alert.trigger)
        return changed if same else replace(changed, fired=None, since=self._now)

    # ------------------------------------------------------------ inside

    def _lay_out(self) -> None:
        for label in (self.words, self.problem, self.tried):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.problem.setObjectName("warning")
        self.tried.setObjectName("muted")
        self.on_chart.hide()
        self.more.setText(tr("More ▸"))
        self.more.setCheckable(True)
        self.more.setAccessibleName(tr("More terms"))
        self.terms.hide()
        for button in self.buttons.buttons():
            button.setIcon(QIcon())
        sentence = QHBoxLayout()
        sentence.setSpacing(GAP_SMALL)
        for part in (QLabel(tr("Tell me")), self.trigger, QLabel(tr("when")), self.subject):
            sentence.addWidget(part)
        sentence.addStretch(1)
        sentence.addWidget(self.preset)
        below = QHBoxLayout()
        below.addWidget(self.further)
        below.addWidget(self.more)
        below.addStretch(1)
        tried = QHBoxLayout()
        tried.addWidget(self.tried, 1)
        tried.addWidget(self.on_chart)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        self._column.setSpacing(GAP)
        self._column.addLayout(sentence)
        self._place = self._column.count()
        self._column.addLayout(below)
        self._column.addWidget(self.terms)
        self._column.addWidget(self.words)
        self._column.addLayout(tried)
        self._column.addWidget(self.problem)
        self._column.addStretch(1)
        self._column.addWidget(self.buttons)

    def _fill(self) -> None:
        self.subject.setAccessibleName(tr("What it watches"))
        self.preset.setAccessibleName(tr("Begin with"))
        self.preset.setToolTip(tr("Begin with"))
        self.preset.setPlaceholderText(tr("Begin with…"))
        for text, _ in PRESETS:
            self.preset.addItem(tr(text))
        self.preset.setCurrentIndex(NONE_CHOSEN)
        edited = self._edited
        if edited is None:
            self.subject.addItem(self._subject_text(), "")
            for name in self._choices.watchlists:
                self.subject.addItem(tr("every pair of {watchlist}", watchlist=name), name)
            self._add_row().offer(value=self._choices.price)
            return
        self.preset.hide()
        words = edited.watchlist and tr("every pair of {watchlist}", watchlist=edited.watchlist)
        self.subject.addItem(words or self._where(edited.instrument), edited.watchlist)
        self.subject.setEnabled(False)
        self.trigger.choose(edited.trigger)
        self.terms.choose(edited)
        for condition in edited.conditions:
            self._add_row().choose(condition)

    def _subject_text(self) -> str:
        instruments = self._choices.instruments
        if len(instruments) == 1:
            return self._where(instruments[0])
        return trn("{count} pair, each", "{count} pairs, each", len(instruments))

    def _where(self, instrument: Instrument | None) -> str:
        return "" if instrument is None else self._texts.where(instrument)

    def _connect(self) -> None:
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self.more.toggled.connect(self._fold)
        self.further.clicked.connect(lambda: self._add_row(focus=True))
        self.preset.activated.connect(self._begin_with)
        self.trigger.changed.connect(self._follow)
        self.terms.changed.connect(self._follow)
        self.subject.currentIndexChanged.connect(lambda _: self._follow())
        self.on_chart.toggled.connect(lambda _: self._mark())
        self._timer.timeout.connect(self._rehearse)

    def _add_row(self, *, focus: bool = False) -> ConditionRow:
        quote = self._choices.instruments[0].quote_ccy if self._choices.instruments else ""
        row = ConditionRow(self._choices.titles, quote, removable=bool(self.rows))
        row.changed.connect(self._follow)
        row.removed.connect(lambda: self._remove_row(row))
        self._column.insertWidget(self._place + len(self.rows), row)
        self.rows.append(row)
        self.further.setEnabled(len(self.rows) < MOST_CONDITIONS)
        if focus:
            row.kind.setFocus()
            self._follow()
        return row

    def _remove_row(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        row.setParent(None)
        row.deleteLater()
        self.further.setEnabled(True)
        self._follow()

    def _begin_with(self, place: int) -> None:
        conditions = PRESETS[place][1]
        self.preset.setCurrentIndex(NONE_CHOSEN)  # it is a beginning, and no part of the sentence
        for row in self.rows[1:]:
            self._remove_row(row)
        if conditions:
            self.rows[0].choose(conditions[0])
        elif self._choices.price is not None:
            self.rows[0].choose(PriceLevel(Kind.CROSSES, self._choices.price))
        self._follow()

    def _fold(self, opened: bool) -> None:
        self.more.setText(tr("More ▾") if opened else tr("More ▸"))
        self.terms.setVisible(opened)
        self.adjustSize()

    def _follow(self) -> None:
        """Say in words what is chosen, and have it tried when the person pauses."""
        try:
            first = self.alerts()[0]
        except UsageError:
            self.words.setText("")
            self.tried.setText("")
            self.on_chart.hide()
            self._timer.stop()
            return
        self.problem.setText("")
        at = first.instrument or (self._choices.instruments or (None,))[0]
        title = exchange_title(self._choices.titles, at.exchange) if at else ""
        self.words.setText(alert_text(first, title, self._choices.decimals))
        self._timer.start()

    def _rehearse(self) -> None:
        try:
            self._asked_of = self.alerts()[0]
        except UsageError:
            self.tried.setText("")
            return
        self.tried.setText(tr("It is being tried on past candles…"))
        self.rehearsal_wanted.emit(self._asked_of)

    def _mark(self) -> None:
        shown = self.on_chart.isChecked()
        tried = self._rehearsed
        self.moments_wanted.emit(tried.instrument, tried.moments if shown else ())

    def _save(self) -> None:
        try:
            made = self.alerts()
        except UsageError as error:
            self.problem.setText(error.sentence)
            return
        for alert in made:
            self.made.emit(alert)
        self.accept()


def _name(instrument: Instrument) -> str:
    pair = f"{instrument.base}-{instrument.quote_ccy}".lower()
    return f"{pair}-{uuid4().hex[:8]}"
