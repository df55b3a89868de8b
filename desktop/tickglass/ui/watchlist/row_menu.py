"""The menu of one row or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from ...alerts.alert import Alert
from ...language import mark, tr, trn
from ...market.instrument import Instrument
from ..text import alert_text, exchange_title

NEW_LIST = -1
ALERT = mark("Alert when the price crosses…")
REMOVE_ALERT, REMOVE_FIRED = mark("Remove alert: {alert}"), mark("Remove fired alert: {alert}")
COPY_PRICE = mark("Copy price")
MOVE_TO, COPY_TO, NEW = mark("Move to"), mark("Copy to"), mark("A new list")


class RowMenu(QMenu):
    """Says what the person picked for the rows that it was opened on."""

    alert_wanted = Signal(list)  # of Instrument
    alert_removed = Signal(str)
    send_wanted = Signal(list, int, bool)  # instruments, to which list, copied
    remove_wanted = Signal(list)  # of Instrument
    copy_wanted = Signal()
    price_wanted = Signal()

    def __init__(
        self,
        parent: QWidget,
        instruments: Sequence[Instrument],
        alerts: Sequence[Alert],
        titles: Mapping[str, str],
    ) -> None:
        super().__init__(parent)
        self._instruments = list(instruments)
        count = len(instruments)
        self.addAction(tr(ALERT), lambda: self.alert_wanted.emit(self._instruments))
        for alert in alerts:
            if alert.instrument is not None and alert.instrument in instruments:
                self._offer(alert, exchange_title(titles, alert.instrument.exchange))
        self.addSeparator()
        if count == 1:
            self.addAction(tr(COPY_PRICE), self.price_wanted.emit)
        self.addAction(trn("Copy {count} row", "Copy {count} rows", count), self.copy_wanted.emit)
        self._lists = self.addSeparator()
        words = trn("Remove from the list", "Remove {count} rows from the list", count)
        self.addAction(words, lambda: self.remove_wanted.emit(self._instruments))

    def offer_lists(self, names: Sequence[str], active: int) -> None:
        """Offer the other lists, and a new one, to move and to copy to."""
        for title, copied in ((MOVE_TO, False), (COPY_TO, True)):
            menu = QMenu(tr(title), self)
            for place, name in enumerate(names):
                if place != active:
                    self._offer_list(menu, name.replace("&", "&&"), place, copied)
            if menu.actions():
                menu.addSeparator()
            self._offer_list(menu, tr(NEW), NEW_LIST, copied)
            self.insertMenu(self._lists, menu)

    def _offer_list(self, menu: QMenu, words: str, place: int, copied: bool) -> None:
        menu.addAction(words, lambda: self.send_wanted.emit(self._instruments, place, copied))

    def _offer(self, alert: Alert, title: str) -> None:
        words = alert_text(alert, title).replace("&", "&&")
        text = tr(REMOVE_ALERT if alert.armed else REMOVE_FIRED, alert=words)
        self.addAction(text, lambda: self.alert_removed.emit(alert.id))
