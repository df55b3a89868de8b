"""Everything can be read and used without eyes or mouse: Qt's accessibility tree is walked."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tickglass.market.freshness import Freshness
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.watchlist import Watchlist
from tickglass.ui.board_window import BoardWindow
from tickglass.ui.feed_panel import FeedPanel
from tickglass.ui.frame_clock import FrameClock, ScreenFigures
from tickglass.ui.main_window import MainWindow
from tickglass.ui.price_view import PriceView
from tickglass.ui.theme import DARK
from tickglass.ui.ticker_window import TickerWindow

from .helpers import BTC, ETH, TITLES, Feed, series_of

Role = QAccessible.Role
# What a person can do something with, or reads a value from: each needs a name.
NAMED = {
    Role.Button, Role.PushButton, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText,
    Role.SpinBox, Role.Slider, Role.List, Role.Table, Role.Tree, Role.PageTab, Role.PageTabList,
    Role.MenuItem, Role.ButtonMenu, Role.Dialog, Role.Window, Role.Graphic, Role.ListItem,
    Role.HotkeyField,
}  # fmt: skip
# Parts that Qt makes inside others; what holds them has the name.
INSIDE = ("qt_spinbox_lineedit", "qt_scrollarea_viewport", "qt_tabwidget_stackedwidget")
MOST = 5_000  # elements; tables tell every cell


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window in which something is shown everywhere."""
    feed, figures = Feed(), ScreenFigures()
    made = MainWindow(feed.store, FrameClock(figures), figures, TITLES)
    qtbot.addWidget(made)
    made.set_listings([Listing(each, each.base, Decimal("0.01")) for each in (BTC, ETH)])
    made.set_lists([Watchlist("Majors", [BTC, ETH]), Watchlist("Others", [ETH])])
    feed.trade(100.0)
    made.show_chart(0, series_of(0, 50), [])
    for name in made.docks.names:
        made.docks.show(name)
    made.set_exchange_status("binance", 1, "live", "")
    made.notices.say("Something was removed.", undo=lambda: None)
    made.show()
    made.flush(100.0)
    return made


def elements(root: QWidget) -> Iterator[tuple[str, QAccessibleInterface]]:
    """Everything below a widget that is not hidden, with the way to it."""
    first = QAccessible.queryAccessibleInterface(root)
    assert first is not None
    waiting = [(type(root).__name__, first)]
    count = 0
    while waiting and count < MOST:
        way, each = waiting.pop()
        count += 1
        if each.state().invisible:  # type: ignore[attr-defined]
            continue
        yield way, each
        for place in range(each.childCount()):
            child = each.child(place)
            if child is None or not child.isValid():
                continue
            thing = child.object()
            label = type(thing).__name__ if thing is not None else child.role().name
            waiting.append((f"{way} / {label}", child))


def inside(each: QAccessibleInterface) -> bool:
    thing = each.object()
    return thing is not None and thing.objectName() in INSIDE


def nameless(root: QWidget) -> list[str]:
    """The elements that a person can use and that say nothing of themselves."""
    found = []
    for way, each in elements(root):
        if each.role() not in NAMED or inside(each):
            continue
        said = each.text(QAccessible.Text.Name) or each.text(QAccessible.Text.Value)
        if not said.strip():
            found.append(f"{way} ({each.role().name})")
    return found


def roleless(root: QWidget) -> list[str]:
    """What takes the focus and has no role that says what it is."""
    found = []
    for way, each in elements(root):
        thing = each.object()
        takes_keys = isinstance(thing, QWidget) and bool(
            thing.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
        if takes_keys and each.role() in (Role.NoRole, Role.Client) and not inside(each):
            name = each.text(QAccessible.Text.Name)
            if not name:
                found.append(f"{way} ({each.role().name})")
    return found


def valueless(root: QWidget) -> list[str]:
    """What shows a value, and does not say the same to a screen reader."""
    found = []
    for way, each in elements(root):
        thing, said = each.object(), each.text(QAccessible.Text.Value)
        match thing:
            case QComboBox():
                told = said == thing.currentText()
            case QAbstractSpinBox():
                told = said in (thing.text(), thing.lineEdit().text())
            case QLineEdit() if thing.echoMode() is QLineEdit.EchoMode.Normal:
                told = said == thing.text()
            case QCheckBox() | QRadioButton():
                told = bool(each.state().checked) == thing.isChecked()  # type: ignore[attr-defined]
            case QAbstractSlider():
                told = said == str(thing.value())
            case _:
                continue
        if not told and not inside(each):
            found.append(f"{way}: {said!r}")
    return found


def check(root: QWidget) -> None:
    QApplication.processEvents()
    assert nameless(root) == []
    assert roleless(root) == []
    assert valueless(root) == []


@pytest.fixture
def listened() -> Iterator[None]:
    """Somebody listens."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.mark.usefixtures("listened")
def test_what_is_painted_says_its_value(window: MainWindow) -> None:
    chart = window.charts.active.chart
    assert chart.accessibleDescription().startswith("100.00")
    chart.flush(104.5, Freshness.LIVE, 0)
    assert chart.accessibleDescription().startswith("100.00")  # a voice must be able to say it
    cell = window.lists.view.model().index(0, 0)
    texts = [
        str(window.lists.view.model().index(0, place).data() or "")
        for place in range(window.lists.view.model().columnCount(cell.parent()))
    ]
    assert any("100.00" in each for each in texts)


def test_a_value_is_only_made_where_somebody_listens(window: MainWindow) -> None:
    chart = window.charts.active.chart
    before = chart.accessibleDescription()
    chart.flush(104.5, Freshness.LIVE, 0)
    assert chart.accessibleDescription() == before


def test_everything_in_the_window_has_a_name_and_a_role(window: MainWindow) -> None:
    check(window)


def test_the_first_page_can_be_read(window: MainWindow) -> None:
    window.show_welcome(returnable=True)
    check(window.welcome)


@pytest.mark.parametrize(
    "opened",
    [
        lambda window: window.dialogs.open_settings(),
        lambda window: window.dialogs.open_shortcuts(),
        lambda window: window.alerts_of.ask_for(BTC),
        lambda window: window.dialogs.compare_with(window.charts.active),
        lambda window: window.open_feed(),
    ],
    ids=["settings", "shortcuts", "alert", "compare", "feed"],
)
def test_every_dialog_can_be_read(
    window: MainWindow, opened: Callable[[MainWindow], QWidget]
) -> None:
    dialog = opened(window)
    check(dialog)
    dialog.close()


def test_the_palette_can_be_read(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_box.open_palette("b")
    check(window.palette_box)


def test_every_entry_of_the_menu_says_what_it_is(window: MainWindow) -> None:
    for menu in (window.menu, *(each.menu() for each in window.menu.actions() if each.menu())):
        menu.aboutToShow.emit()
        texts = [each.text() for each in menu.actions() if not each.isSeparator()]
        assert texts
        assert all(text.strip() for text in texts)


def view(instrument: Instrument) -> PriceView:
    from tickglass.market.freshness import Freshness

    return PriceView(instrument, "Binance", "100.00", "+1.00 %", 1, Freshness.LIVE)


def test_ticker_and_board_can_be_read(qtbot: QtBot) -> None:
    for made in (TickerWindow(DARK), BoardWindow(DARK)):
        qtbot.addWidget(made)
        made.show_prices([view(BTC), view(ETH)])
        made.show()
        made.flush(1.0)
        check(made)
        made.hide()


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab should come by."""
    seen = widget.isVisible() and not widget.visibleRegion().isEmpty()
    wants = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return seen and widget.isEnabled() and wants


def test_tab_goes_everywhere_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    """Every widget that takes keys is reached by Tab, and the round ends where it began."""
    window.activateWindow()
    qtbot.waitActive(window)
    window.search.setFocus()
    seen: list[QWidget] = []
    for _ in range(300):
        widget = QApplication.focusWidget()
        assert widget is not None
        if seen and widget is seen[0]:
            break
        seen.append(widget)
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    else:
        pytest.fail(
            "Tab is caught somewhere: " + ", ".join(type(each).__name__ for each in seen[-5:])
        )
    reachable = {each for each in window.findChildren(QWidget) if takes_tab(each)}
    missed = {type(each).__name__ + ":" + each.accessibleName() for each in reachable - set(seen)}
    assert missed == set()


def test_the_feed_panel_can_be_read(window: MainWindow) -> None:
    assert isinstance(window.open_feed("binance"), FeedPanel)
    assert window.feed is not None
    check(window.feed)
