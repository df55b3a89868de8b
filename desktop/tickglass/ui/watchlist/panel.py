"""Several watchlists as tabs, with the table of the one that is looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ...alerts.alert import Alert
from ...language import tr
from ...market.instrument import Instrument
from ...market.sparkline import SPANS, USUAL_SPAN
from ...market.store import Store
from ...market.watchlist import Watchlist
from ...market.watchlist_csv import watchlist_csv
from ..theme import GAP_SMALL, Theme
from .arranging import Sort
from .columns import Column, columns_of
from .editing import Editing
from .lists import Lists
from .model import WatchlistModel
from .panel_menu import PanelMenu
from .tabs import ListTabs
from .view import WatchlistView
from .viewing import Viewing, Views

NEXT_TAB, TAB_BEFORE = "Ctrl+PgDown", "Ctrl+PgUp"


class WatchlistPanel(QWidget):
    """Owns the lists. Signals tell what changed, and what the person wants of others."""

    chosen = Signal(object)  # Instrument | None
    lists_changed = Signal(list)  # of Watchlist, after every change of them
    active_changed = Signal(int)
    followed = Signal(list)  # of Instrument: they came into a list, and were in none
    unfollowed = Signal(list)  # of Instrument: they are in no list any more
    removed = Signal(str, object)  # what was taken out, in words; undo, to be called without words
    alert_wanted = Signal(list)  # of Instrument
    alert_removed = Signal(str)
    export_wanted = Signal(int)  # which list
    import_wanted = Signal()
    span_chosen = Signal(str)  # of the sparklines
    compact_chosen = Signal(bool)
    state_changed = Signal()  # something that save_state keeps

    def __init__(self, store: Store, theme: Theme, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._lists = Lists()
        self._shown = self._lists.current
        self._editing = Editing(self._lists)
        self._views = Views()
        self.compact = False
        self.span = USUAL_SPAN
        self.model = WatchlistModel(store, titles)
        self.view = WatchlistView(self.model, theme, titles)
        self.tabs = ListTabs()
        self.add_button = QToolButton()
        self.menu_button = QToolButton()
        self._build()
        self._connect()
        self._show_tabs()
        self._show_active()

    # ------------------------------------------------------------ what to show

    def set_lists(self, lists: Sequence[Watchlist], active: int = 0) -> None:
        """Show these lists; nothing is told of it, because nobody changed them."""
        self._lists.load(lists)
        self._lists.active = max(0, min(active, len(self._lists) - 1))
        self._views.clear()
        self._show_tabs()
        self._show_active()

    def set_decimals(self, decimals: Mapping[Instrument, int]) -> None:
        """Learn how many decimals each instrument's prices have."""
        self.model.set_decimals(decimals)

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """The alerts that the rows and their menus show."""
        self.view.set_alerts(alerts)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.view.set_theme(theme)

    def set_basis_title(self, text: str) -> None:
        """Say over the change column since when it counts."""
        self.model.set_basis_title(text)
        self.view.header.make_room(Column.CHANGE)

    def set_flashes(self, on: bool) -> None:
        """Let changed prices flash, or not."""
        self.model.flashes = on

    def set_compact(self, compact: bool) -> None:
        """Put more rows on the screen, or more air between them."""
        self.compact = compact
        self.view.set_compact(compact)

    def set_span(self, span: str) -> None:
        """How long the sparklines are; one of ``SPANS``, anything else is the usual."""
        self.span = span if span in SPANS else USUAL_SPAN
        self.model.set_span(self.span)

    def flush(self, changed: Collection[Instrument], now: float) -> list[float]:
        """Bring what can be seen up to date, once per frame; when what it shows had arrived."""
        return self.view.flush(changed, now)

    # ------------------------------------------------------------ what there is

    @property
    def lists(self) -> list[Watchlist]:
        """The lists as they are now; changing these changes nothing here."""
        return self._lists.copies()

    @property
    def instruments(self) -> list[Instrument]:
        """Every instrument of every list, once: all of them must be fed."""
        return self._lists.instruments

    @property
    def active(self) -> int:
        """Which list is looked at."""
        return self._lists.active

    @property
    def current(self) -> Instrument | None:
        """The chosen instrument."""
        return self.view.current

    @property
    def selected(self) -> list[Instrument]:
        """The instruments of the selected rows, top to bottom."""
        return self.view.selected

    def row_of(self, instrument: Instrument) -> int | None:
        """Where an instrument stands in the active list's own order; None if it is not there."""
        own = self._lists.current.instruments
        return own.index(instrument) if instrument in own else None

    def lines(self, count: int, now: float) -> tuple[list[str], bool]:
        """The first rows as texts for the tray, and whether any of them can be trusted."""
        return self.model.lines(count, now)

    def csv_text(self, place: int) -> str:
        """A list as CSV."""
        return watchlist_csv(self._lists[place].instruments)

    # ------------------------------------------------------------ what can be done

    def choose(self, instrument: Instrument, *, unfold: bool = True) -> None:
        """Choose an instrument: in the active list, or else in the first that has it.

        Without ``unfold`` a pair that is folded stays so, and its heading is the chosen row.
        """
        place = self._lists.holding(instrument)
        if place is not None:
            self.activate(place)
            self.view.choose(instrument, unfold=unfold)

    def activate(self, place: int) -> None:
        """Look at another list."""
        if 0 <= place < len(self._lists):
            self.tabs.setCurrentIndex(place)

    def insert(self, position: int, instruments: Sequence[Instrument]) -> list[Instrument]:
        """Put instruments into the active list; those that are new in it."""
        return self._editing.insert(position, instruments)

    def add(self, instrument: Instrument) -> None:
        """Put an instrument at the end of the active list, or go to it if it is there."""
        self.insert(len(self._lists.current.instruments), [instrument])
        self.view.choose(instrument)

    def remove(self, instruments: Collection[Instrument]) -> None:
        """Take instruments off the active list; ``removed`` tells how to take that back."""
        self._editing.remove(instruments)

    def send(self, instruments: Collection[Instrument], place: int, copied: bool) -> None:
        """Move rows of the active list to another one, or copy them; −1 makes a new one."""
        self._editing.send(instruments, place, copied)

    def add_list(self, name: str = "", instruments: Iterable[Instrument] = ()) -> int:
        """Make another list and look at it; where it stands."""
        place = self._editing.add_list(self._editing.named(name, instruments))
        self.activate(place)
        return place

    def rename_list(self, place: int, name: str) -> None:
        """Call a list something else; a name that another one has gets a number."""
        self._editing.rename_list(place, name)

    def close_list(self, place: int) -> None:
        """Close a list; ``removed`` tells how to take that back. The last one stays."""
        self._keep_view()
        self._editing.close_list(place)

    def rename_active(self) -> QLineEdit:
        """Let the person type another name for the active list."""
        return self.tabs.rename(self.active)

    def set_grouped(self, by_pair: bool) -> None:
        """Put the exchanges of each pair below its heading, or not."""
        if self._lists.current.grouped != by_pair:
            self._editing.set_grouped(by_pair)
            self._show_columns()
            self.view.delegate.grouped = by_pair
            self.model.set_grouped(by_pair)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns of the active list, left to right."""
        self._editing.set_columns(columns)
        self._show_columns()

    def sort(self, sorting: Sort | None) -> None:
        """Order the rows once by what they say now; None brings the person's own order back."""
        self.model.sort_by(sorting)
        self.view.header.show_sort(sorting)
        self.state_changed.emit()

    # ------------------------------------------------------------ as it was left

    def save_state(self) -> dict[str, Any]:
        """What is not in the lists themselves: the active one, widths, sorts, what is chosen."""
        self._keep_view()
        return {
            "active": self.active,
            "widths": self.view.header.widths(),
            "compact": self.compact,
            "span": self.span,
            "lists": [self._views.of(each).save() for each in self._lists],
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Be as ``save_state`` left it; what is missing or unusable stays as it is."""
        widths, kept = state.get("widths"), state.get("lists")
        if isinstance(widths, Mapping):
            self.view.header.set_widths(widths)
        if isinstance(state.get("compact"), bool):
            self.set_compact(state["compact"])
        if state.get("span") in SPANS:
            self.set_span(state["span"])
        if isinstance(kept, list):
            for watchlist, view in zip(self._lists, kept, strict=False):
                self._views.put(watchlist, Viewing.read(view))
        active = state.get("active")
        if isinstance(active, int) and 0 <= active < len(self._lists):
            self._lists.active = active
        self._show_tabs()
        self._show_active()

    # ------------------------------------------------------------ how changes are shown

    def _on_changed(self) -> None:
        self._show_tabs()
        if self._shown is not self._lists.current:
            self._show_active()
        elif self.model.own != self._shown.instruments:
            self.model.take(self._shown.instruments)

    def _on_go_to(self, place: int, instrument: Instrument | None) -> None:
        self.activate(place)
        if instrument is not None:
            self.view.choose(instrument)

    def _step_aside(self, going: Collection[Instrument]) -> None:
        """Choose a row that stays, so that nothing is chosen in passing while others go."""
        current = self.view.current
        order = self.model.instruments_at(range(self.model.rowCount()))
        if current not in going or current not in order:
            return
        at = order.index(current)
        staying = [each for each in [*order[at:], *reversed(order[:at])] if each not in going]
        if staying:
            self.view.choose(staying[0])

    def _show_tabs(self) -> None:
        blocked = self.tabs.blockSignals(True)
        self.tabs.set_names(self._lists.names)
        self.tabs.setCurrentIndex(self.active)
        self.tabs.blockSignals(blocked)
        self.view.lists, self.view.active = self._lists.names, self.active

    def _show_active(self) -> None:
        watchlist = self._shown = self._lists.current
        viewing = self._views.of(watchlist)
        self.model.load(
            watchlist.instruments,
            by_pair=watchlist.grouped,
            sorting=viewing.sorting,
            order=viewing.order,
            collapsed=viewing.collapsed,
        )
        self._show_columns()
        self.view.header.show_sort(viewing.sorting)
        wanted = viewing.current
        if wanted not in watchlist.instruments:
            wanted = self.model.instrument_at(self.model.index(0, 0))
        if wanted is not None:
            self.view.choose(wanted, unfold=False)

    def _show_columns(self) -> None:
        self.view.set_columns(columns_of(self._lists.current.columns))

    def _keep_view(self) -> None:
        """Remember how the active list is looked at."""
        model = self.model
        self._views.put(
            self._lists.current,
            Viewing(
                self.view.current,
                model.sorting,
                list(model.order) if model.sorting else [],
                sorted(model.collapsed),
            ),
        )

    # ------------------------------------------------------------ the parts

    def _on_tab(self, place: int) -> None:
        if place < 0 or place == self.active:
            return
        self._keep_view()
        self._lists.active = place
        self._show_tabs()
        self._show_active()
        self.active_changed.emit(place)

    def _on_reordered(self, own: list[Instrument]) -> None:
        self.view.header.show_sort(None)
        self._editing.reorder(own)

    def _on_new_tab(self) -> None:
        place = self.add_list()
        self.tabs.rename(place)

    def _on_compact(self, compact: bool) -> None:
        self.set_compact(compact)
        self.compact_chosen.emit(compact)
        self.state_changed.emit()

    def _on_span(self, span: str) -> None:
        self.set_span(span)
        self.span_chosen.emit(span)
        self.state_changed.emit()

    def _go(self, steps: int) -> None:
        self.activate((self.active + steps) % len(self._lists))

    def menu(self) -> PanelMenu:
        """The menu of the list: groups, rows, columns, sorting, files."""
        menu = PanelMenu(self, self.model, self.view.header)
        menu.offer_looks(self._lists.current.grouped, self.compact, self.span)
        menu.offer_sorts()
        menu.offer_files(can_close=len(self._lists) > 1)
        menu.group_wanted.connect(self.set_grouped)
        menu.compact_wanted.connect(self._on_compact)
        menu.span_wanted.connect(self._on_span)
        menu.sort_wanted.connect(self.sort)
        menu.rename_wanted.connect(self.rename_active)
        menu.close_wanted.connect(lambda: self.close_list(self.active))
        menu.export_wanted.connect(lambda: self.export_wanted.emit(self.active))
        menu.import_wanted.connect(self.import_wanted)
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def _build(self) -> None:
        for button, sign, words in (
            (self.add_button, "+", tr("New list")),
            (self.menu_button, "⋯", tr("View, sort, import and export")),
        ):
            button.setText(sign)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(GAP_SMALL)
        bar.addWidget(self.tabs)
        bar.addWidget(self.add_button)
        bar.addStretch(1)
        bar.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_SMALL)
        layout.addLayout(bar)
        layout.addWidget(self.view)
        order = (self.tabs, self.add_button, self.menu_button, self.view)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        view, tabs, header = self.view, self.tabs, self.view.header
        view.chosen.connect(self.chosen)
        view.remove_wanted.connect(self.remove)
        view.alert_wanted.connect(self.alert_wanted)
        view.alert_removed.connect(self.alert_removed)
        view.send_wanted.connect(self.send)
        header.columns_wanted.connect(self.set_columns)
        header.sort_wanted.connect(self.sort)
        header.width_changed.connect(self.state_changed)
        self.model.reordered.connect(self._on_reordered)
        tabs.currentChanged.connect(self._on_tab)
        tabs.tabMoved.connect(self._editing.shift_list)
        tabs.renamed.connect(self.rename_list)
        tabs.close_wanted.connect(self.close_list)
        tabs.export_wanted.connect(self.export_wanted)
        tabs.rows_dropped.connect(self.send)
        editing = self._editing
        editing.going.connect(self._step_aside)
        editing.changed.connect(self._on_changed)
        editing.go_to.connect(self._on_go_to)
        editing.lists_changed.connect(self.lists_changed)
        editing.active_changed.connect(self.active_changed)
        editing.followed.connect(self.followed)
        editing.unfollowed.connect(self.unfollowed)
        editing.removed.connect(self.removed)
        self.add_button.clicked.connect(self._on_new_tab)
        self.menu_button.clicked.connect(self._open_menu)
        for keys, steps in ((NEXT_TAB, 1), (TAB_BEFORE, -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda it=steps: self._go(it))
