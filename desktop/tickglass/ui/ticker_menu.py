"""The menu of the ticker: everything that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ..language import mark, tr
from ..market.instrument import Instrument
from .instrument_menu import fill_instruments
from .ticker_look import SIZES, TickerLook, TickerSize

SIZE_WORDS: dict[TickerSize, str] = {
    "small": mark("Small"),
    "medium": mark("Medium"),
    "large": mark("Large"),
}
OPACITIES = (100, 90, 80, 70, 60, 50, 40, 30)  # %


class TickerMenu(QMenu):
    """Made anew each time it opens, from how things are then."""

    open_wanted = Signal()
    look_chosen = Signal(TickerLook)
    instruments_chosen = Signal(list)  # of Instrument
    close_wanted = Signal()

    def __init__(
        self,
        look: TickerLook,
        offered: Sequence[tuple[Instrument, str]],
        chosen: Sequence[Instrument],
        *,
        fades: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look = look
        self.addAction(tr("Open the window"), self.open_wanted.emit)
        instruments = self.addMenu(tr("Instruments"))
        fill_instruments(instruments, offered, chosen, self.instruments_chosen.emit)
        instruments.setEnabled(bool(offered))
        self.addSeparator()
        self._add_looks(fades=fades)
        self.addSeparator()
        self.addAction(tr("Close the ticker"), self.close_wanted.emit)

    def _add_looks(self, *, fades: bool) -> None:
        look = self._look
        sizes = [(tr(SIZE_WORDS[size]), replace(look, size=size)) for size in SIZES]
        self._choices(self.addMenu(tr("Size")), sizes)
        shares = [(tr("{share} %", share=each), replace(look, opacity=each)) for each in OPACITIES]
        opacity = self.addMenu(tr("Opacity"))
        self._choices(opacity, shares)
        opacity.setEnabled(fades)
        column, row = replace(look, vertical=True), replace(look, vertical=False)
        self._choices(self, [(tr("In a column"), column), (tr("In a row"), row)])

    def _choices(self, menu: QMenu, choices: Sequence[tuple[str, TickerLook]]) -> None:
        group = QActionGroup(menu)
        for words, look in choices:
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(look == self._look)
            action.triggered.connect(lambda _=False, look=look: self.look_chosen.emit(look))
            group.addAction(action)
            menu.addAction(action)
