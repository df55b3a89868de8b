"""The tray: what its menu says, and when."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from tickglass.ui.tray import Tray

from .helpers import Heard

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tray to stand in, whatever the display."""
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))


def lines(tray: Tray) -> list[str]:
    """What can be read in the menu."""
    actions = tray._menu.actions()
    return [each.text() for each in actions if each.isVisible() and not each.isSeparator()]


def test_without_a_tray_there_is_no_icon_and_nothing_fails() -> None:
    tray = Tray()
    tray.appear_if_possible()
    assert not tray.available
    tray.show_message("Alert", "BTC crossed.")
    tray.end()


def saying(*texts: str, trusted: bool = True) -> Callable[[int], tuple[list[str], bool]]:
    """What the window would say of its rows."""
    return lambda count: (list(texts[:count]), trusted)


def test_the_menu_shows_the_prices_above_what_can_be_done() -> None:
    tray = Tray()
    tray.flush(100.0, saying("BTC/USDT   100.00   −0.50 %", "R&D/USDT   1.00   0.00 %"))
    assert lines(tray) == [
        "BTC/USDT   100.00   -0.50 %", "R&&D/USDT   1.00   0.00 %", "Show Tickglass", "Quit",
    ]  # fmt: skip


def test_at_most_five_prices_are_shown_and_those_taken_off_the_list_go() -> None:
    tray = Tray()
    tray.flush(100.0, saying(*"ABCDEFG"))
    assert lines(tray)[:-2] == ["A", "B", "C", "D", "E"]
    tray.flush(101.0, saying("F", "G"))
    assert lines(tray)[:-2] == ["F", "G"]
    tray.flush(102.0, saying())
    assert lines(tray)[:-2] == []
    tray.flush(103.0, saying(*"HIJ"))
    assert lines(tray)[:-2] == ["H", "I", "J"]


def test_the_menu_is_looked_after_once_a_second() -> None:
    tray = Tray()
    tray.flush(100.0, saying("A"))
    tray.flush(100.9, saying("B"))
    assert lines(tray)[0] == "A"
    tray.flush(101.0, saying("B"))
    assert lines(tray)[0] == "B"


def test_the_menu_shows_the_window_and_quits() -> None:
    tray, shown, quit_ = Tray(), Heard(), Heard()
    tray.raise_wanted.connect(lambda: shown())
    tray.quit_wanted.connect(lambda: quit_())
    tray.flush(100.0, saying("A"))
    price, show, leave = (each for each in tray._menu.actions() if not each.isSeparator())
    price.trigger()
    show.trigger()
    assert (len(shown.all), len(quit_.all)) == (2, 0)
    leave.trigger()
    assert (len(shown.all), len(quit_.all)) == (2, 1)


def test_the_icon_differs_by_health_and_by_an_alert_that_was_not_seen() -> None:
    tray = Tray()
    pictures = []
    for state in (("live", False), ("live", True), ("stale", False), ("stale", True)):
        image = tray._drawn(state).pixmap(48, 48).toImage()
        assert not image.isNull()
        pictures.append(image)
    for number, picture in enumerate(pictures):
        assert all(picture != other for other in pictures[number + 1 :])


def test_the_icon_tells_of_an_alert_until_the_window_is_seen_and_of_dead_prices() -> None:
    tray = Tray()
    tray.alert_fired()
    tray.flush(100.0, saying("A"))
    assert tray._state == ("live", True)
    tray.seen()
    tray.flush(101.0, saying("A"))
    assert tray._state == ("live", False)
    tray.flush(102.0, saying("A", trusted=False))
    assert tray._state == ("stale", False)
