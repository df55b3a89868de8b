"""The ticker and the board: the same prices in windows of their own, made when first shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ..market.instrument import Instrument
from .board_window import BoardWindow
from .price_view import PriceView
from .text import change_text, exchange_title, price_text
from .theme import Theme
from .ticker_look import TickerLook, right
from .ticker_window import MOST_TILES, TickerWindow

if TYPE_CHECKING:
    from .main_window import MainWindow

VIEW_INTERVAL = 0.2  # s between looks at the prices: nobody reads faster
LOOK_KEYS = {"size": "ticker.size", "opacity": "ticker.opacity", "vertical": "ticker.vertical"}


class Companions(QObject):
    """Feeds both windows from the store, and turns what is done in them into wishes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._looked = 0.0
        self._place: tuple[int, int] | None = None
        self.ticker: TickerWindow | None = None
        self.board: BoardWindow | None = None

    @property
    def shown(self) -> bool:
        """Whether anybody looks at one of them."""
        return any(each is not None and each.isVisible() for each in (self.ticker, self.board))

    @property
    def ticker_shown(self) -> bool:
        """Whether the ticker is there, from which the window can be opened."""
        return self.ticker is not None and self.ticker.isVisible()

    @property
    def board_shown(self) -> bool:
        """Whether the board is on a screen."""
        return self.board is not None and self.board.isVisible()

    # ------------------------------------------------------------ coming and going

    def follow_settings(self) -> None:
        """Show the ticker as the settings say, or put it away."""
        values = self._window.settings.values
        if values.get("ticker.shown") is not True:
            if self.ticker is not None:
                self.ticker.hide()
                self._window.judge_visible()
            return
        if self.ticker is None:
            self.ticker = self._make_ticker()
        self.ticker.set_look(right(self._look()))
        self._looked = 0.0
        if not self.ticker.isVisible():
            self.ticker.show()
            self._window.judge_visible()

    def toggle_ticker(self) -> None:
        """Wish for the ticker, or wish it away."""
        shown = self._window.settings.values.get("ticker.shown") is True
        self._window.setting_chosen.emit("ticker.shown", not shown)

    def open_board(self) -> None:
        """Show the board on the whole screen."""
        if self.board is None:
            self.board = self._make_board()
        self._looked = 0.0
        self.board.setScreen(self._window.screen())
        self.board.showFullScreen()
        self._window.judge_visible()

    def close(self) -> None:
        """Take both down for good."""
        for each in (self.ticker, self.board):
            if each is not None:
                each.hide()
                each.deleteLater()
        self.ticker = self.board = None

    # ------------------------------------------------------------ what they show

    def flush(self, now: float) -> None:
        """Bring both up to date: once per screen frame, also while the main window is hidden."""
        if not self.shown:
            return
        if now - self._looked >= VIEW_INTERVAL:
            self._looked = now
            self._take(now)
        if self.ticker is not None:
            self.ticker.flush(now)
        if self.board is not None:
            self.board.flush(now)

    def alert(self, instrument: Instrument, now: float) -> None:
        """Let the tile of an instrument be noticed."""
        for each in (self.ticker, self.board):
            if each is not None:
                each.alert(instrument, now)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for each in (self.ticker, self.board):
            if each is not None:
                each.set_theme(theme)

    def set_motion_reduced(self, reduced: bool) -> None:
        """Whether nothing should flash."""
        for each in (self.ticker, self.board):
            if each is not None:
                each.set_motion_reduced(reduced)

    def _take(self, now: float) -> None:
        offered = [
            (each, exchange_title(self._window.titles, each.exchange))
            for each in self._window.lists.instruments
        ]
        if self.ticker is not None and self.ticker.isVisible():
            chosen = self._chosen("ticker.instruments")
            self.ticker.offer(offered, chosen)
            self.ticker.show_prices(self._views(chosen[:MOST_TILES], now))
        if self.board is not None and self.board.isVisible():
            chosen = self._chosen("board.instruments")
            own = bool(self._window.settings.values.get("board.instruments"))
            self.board.offer(offered, chosen, "chosen" if own else "list")
            self.board.show_prices(self._views(chosen, now))
            self.board.show_states(self._window.status.states)

    def _chosen(self, key: str) -> list[Instrument]:
        """What was chosen for a window, or else the active list."""
        chosen = self._window.settings.values.get(key)
        if isinstance(chosen, tuple) and chosen:
            return list(chosen)
        lists = self._window.lists
        return lists.lists[lists.active].instruments

    def _views(self, instruments: Iterable[Instrument], now: float) -> list[PriceView]:
        return [self._view(each, now) for each in instruments]

    def _view(self, instrument: Instrument, now: float) -> PriceView:
        state = self._window.store.state(instrument)
        change = state.change
        return PriceView(
            instrument=instrument,
            exchange=exchange_title(self._window.titles, instrument.exchange),
            price=price_text(state.last, self._window.decimals.get(instrument)),
            change=change_text(change),
            direction=0 if not change else 1 if change > 0 else -1,
            freshness=state.freshness(now),
            age=state.age(now),
            prices=tuple(state.sparkline.prices),
            basis=self._window.basis_title,
            value=state.last,
        )

    # ------------------------------------------------------------ making them

    def _make_ticker(self) -> TickerWindow:
        window = self._window
        made = TickerWindow(window.appearance.theme)
        made.set_motion_reduced(window.appearance.motion_reduced)
        made.open_wanted.connect(window.present)
        made.look_changed.connect(self._keep_look)
        made.instruments_chosen.connect(
            lambda chosen: window.setting_chosen.emit("ticker.instruments", tuple(chosen))
        )
        made.closed.connect(lambda: window.setting_chosen.emit("ticker.shown", False))
        return made

    def _make_board(self) -> BoardWindow:
        window = self._window
        made = BoardWindow(window.appearance.theme)
        made.set_motion_reduced(window.appearance.motion_reduced)
        made.set_zone(window.settings.zone)
        made.left.connect(self._window.judge_visible)
        made.source_chosen.connect(self._choose_source)
        made.instruments_chosen.connect(
            lambda chosen: window.setting_chosen.emit("board.instruments", tuple(chosen))
        )
        return made

    def _choose_source(self, source: str) -> None:
        chosen: Sequence[Instrument] = ()
        if source == "chosen":
            chosen = self._chosen("board.instruments")
        self._window.setting_chosen.emit("board.instruments", tuple(chosen))

    # ------------------------------------------------------------ the ticker's look

    def _look(self) -> TickerLook:
        values = self._window.settings.values
        wanted: dict[str, Any] = {
            field: values[key] for field, key in LOOK_KEYS.items() if key in values
        }
        return replace(TickerLook(place=self._place), **wanted)

    def _keep_look(self, look: TickerLook) -> None:
        before = self._look()
        self._place = look.place
        for field, key in LOOK_KEYS.items():
            if getattr(look, field) != getattr(before, field):
                self._window.setting_chosen.emit(key, getattr(look, field))
        if look.place != before.place:
            self._window.state_changed.emit()

    def save_state(self) -> dict[str, Any]:
        """Where the ticker is, for ``restore_state``."""
        return {"ticker": None if self._place is None else list(self._place)}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Remember where the ticker was."""
        place = state.get("ticker")
        if isinstance(place, list) and len(place) == 2 and all(type(n) is int for n in place):
            self._place = (place[0], place[1])
