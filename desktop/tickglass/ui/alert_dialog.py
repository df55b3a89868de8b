"""Making an alert: a form that reads as a sentence."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..alerts.alert import Alert
from ..alerts.condition import Kind, PriceLevel
from ..language import mark, tr
from ..market.instrument import Instrument
from .text import plain_price, read_price
from .theme import GAP, GAP_LARGE

DIRECTIONS = (
    (Kind.CROSSES, mark("either way")),
    (Kind.CROSSES_UP, mark("up")),
    (Kind.CROSSES_DOWN, mark("down")),
)
PRICE_SAMPLE = "1000000.0000000"  # what the field should show whole, however long the sentence
UNREADABLE = mark("Write a price above 0, for example 100000 or 0.00001234.")


class AlertDialog(QDialog):
    """Tell me once when BTC/USDT on Binance crosses [direction] [price]."""

    made = Signal(object)  # Alert

    def __init__(
        self,
        parent: QWidget,
        instrument: Instrument,
        title: str,
        price: float | None,
        decimals: int | None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("New alert"))
        self._instrument = instrument
        self.direction = QComboBox()
        for condition, words in DIRECTIONS:
            self.direction.addItem(tr(words), condition.value)
        self.direction.setAccessibleName(tr("Direction"))
        self.price = QLineEdit("" if price is None else plain_price(price, decimals))
        self.price.setAccessibleName(tr("Price"))
        self.price.setMinimumWidth(self.price.fontMetrics().horizontalAdvance(PRICE_SAMPLE))
        self.price.selectAll()
        self.problem = QLabel()
        self.problem.setObjectName("warning")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        for button in self.buttons.buttons():
            button.setIcon(QIcon())
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        asks = tr(
            "Tell me once when {pair} on {exchange} crosses", pair=instrument.pair, exchange=title
        )
        self._lay_out(QLabel(asks))
        self.price.setFocus()

    def _lay_out(self, words: QLabel) -> None:
        words.setTextFormat(Qt.TextFormat.PlainText)
        sentence = QHBoxLayout()
        sentence.setSpacing(GAP)
        for part in (words, self.direction, self.price):
            sentence.addWidget(part)
        sentence.addWidget(QLabel(self._instrument.quote_ccy))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        column.setSpacing(GAP)
        column.addLayout(sentence)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)

    def _save(self) -> None:
        price = read_price(self.price.text())
        if price is None:
            self.problem.setText(tr(UNREADABLE))
            self.price.setFocus()
            return
        pair = f"{self._instrument.base}-{self._instrument.quote_ccy}".lower()
        condition = Kind(self.direction.currentData())
        name = f"{pair}-{uuid4().hex[:8]}"
        self.made.emit(Alert(name, self._instrument, (PriceLevel(condition, price),)))
        self.accept()
