"""Choosing an instrument to draw beside another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from ..language import tr
from ..market.instrument import Instrument, Listing
from .search_field import SearchField
from .theme import GAP, GAP_LARGE

WIDTH = 420  # px


class CompareDialog(QDialog):
    """A search over all instruments; taking one closes it."""

    taken = Signal(object)  # Instrument

    def __init__(
        self, parent: QWidget, titles: Mapping[str, str], listings: Iterable[Listing]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Compare with"))
        self.setMinimumWidth(WIDTH)
        self.search = SearchField(titles)
        self.search.setPlaceholderText(tr("Compare with: eth, okx btc, …"))
        self.search.set_listings(listings)
        self.search.taken.connect(self._take)
        words = QLabel(tr("Both are drawn in per cent from the left edge of the chart."))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_LARGE, GAP_LARGE, GAP_LARGE, GAP_LARGE)
        column.setSpacing(GAP)
        column.addWidget(self.search)
        column.addWidget(words)
        self.search.setFocus()

    def _take(self, instrument: Instrument) -> None:
        self.taken.emit(instrument)
        self.accept()
