"""Who tells whom in the main window: the signals of its parts, connected once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .chart_pane import ChartPane
    from .main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Let the parts of a window work together."""
    window.appearance.changed.connect(window.set_theme)
    window.appearance.motion_changed.connect(lambda _: window.settings.flash())
    window.search.taken.connect(window.add)
    window.palette_box.instrument_chosen.connect(window.go_to)
    window.palette_box.instrument_added.connect(window.add)
    window.palette_box.lately_changed.connect(window.state_changed)
    window.status.clicked.connect(window.open_feed)
    window.side.wanted.connect(lambda *_: window.views.ask_side())
    window.side.state_changed.connect(window.state_changed)
    window.movers.chosen.connect(window.go_to)
    window.movers.add_wanted.connect(window.add)
    window.movers.state_changed.connect(window.state_changed)
    window.docks.toggled.connect(lambda *_: window.views.show_parts())
    window.docks.moved.connect(window.state_changed)
    window.book.keys_changed.connect(window.keys_changed)
    _connect_lists(window)
    _connect_charts(window)


def _connect_lists(window: MainWindow) -> None:
    lists, dialogs, choose = window.lists, window.dialogs, window.setting_chosen.emit
    lists.chosen.connect(lambda _: window.open_chart())
    lists.lists_changed.connect(window.lists_changed)
    lists.lists_changed.connect(lambda _: window.search.set_listed(lists.instruments))
    lists.followed.connect(window.followed)
    lists.unfollowed.connect(window.unfollowed)
    lists.removed.connect(window.offer_undo)
    lists.alert_wanted.connect(window.alerts_of.ask_for_some)
    lists.alert_removed.connect(lambda alert: window.alerts_removed.emit([alert]))
    lists.export_wanted.connect(dialogs.export_list)
    lists.import_wanted.connect(dialogs.import_list)
    lists.active_changed.connect(lambda _: window.state_changed.emit())
    lists.state_changed.connect(window.state_changed)
    lists.span_chosen.connect(lambda span: choose("window.sparkline", span))
    lists.compact_chosen.connect(
        lambda on: choose("window.rows", "compact" if on else "comfortable")
    )


def _connect_charts(window: MainWindow) -> None:
    charts = window.charts
    charts.wanted.connect(window.chart_wanted)
    charts.wanted.connect(lambda *_: window.views.ask_side())
    charts.older_wanted.connect(window.older_wanted)
    charts.retry_wanted.connect(window.retry_wanted)
    charts.state_changed.connect(window.state_changed)
    charts.active_changed.connect(lambda: window.side.show_instrument(charts.active.instrument))
    charts.pane_made.connect(lambda pane: _connect_pane(window, pane))
    for pane in charts.panes:
        _connect_pane(window, pane)


def _connect_pane(window: MainWindow, pane: ChartPane) -> None:
    dialogs = window.dialogs
    pane.alert_wanted.connect(lambda price: window.alerts_of.ask_at(pane.instrument, price))
    pane.alert_moved.connect(window.alerts_of.move)
    pane.alert_opened.connect(window.alerts_of.edit)
    pane.alert_paused.connect(window.alerts_of.pause)
    pane.alert_removed.connect(lambda alert: window.alerts_removed.emit([alert]))
    pane.compare_wanted.connect(lambda: dialogs.compare_with(pane))
    pane.picture_wanted.connect(lambda: dialogs.save_chart(pane))
    pane.export_wanted.connect(lambda form: dialogs.export_candles(pane, form))
