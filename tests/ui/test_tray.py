"""The tray: what its menu says, and when."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QSystemTrayIcon

from tickglass.alerts.history import Record
from tickglass.market.instrument import Instrument
from tickglass.ui.tray import Tray

from .helpers import Heard

BTC = Instrument("binance", "BTC", "USDT")
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
        "BTC/USDT   100.00   -0.50 %", "R&&D/USDT   1.00   0.00 %", "Mute for an hour",
        "Show Tickglass", "Quit",
    ]  # fmt: skip


def test_at_most_five_prices_are_shown_and_those_taken_off_the_list_go() -> None:
    tray = Tray()
    tray.flush(100.0, saying(*"ABCDEFG"))
    assert lines(tray)[:-3] == ["A", "B", "C", "D", "E"]
    tray.flush(101.0, saying("F", "G"))
    assert lines(tray)[:-3] == ["F", "G"]
    tray.flush(102.0, saying())
    assert lines(tray)[:-3] == []
    tray.flush(103.0, saying(*"HIJ"))
    assert lines(tray)[:-3] == ["H", "I", "J"]


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
    price, mute, show, leave = (each for each in tray._menu.actions() if not each.isSeparator())
    assert mute.text() == "Mute for an hour"
    price.trigger()
    show.trigger()
    assert (len(shown.all), len(quit_.all)) == (2, 0)
    leave.trigger()
    assert (len(shown.all), len(quit_.all)) == (2, 1)


def test_the_icon_differs_by_every_state_it_tells() -> None:
    tray = Tray()
    pictures = []
    for health in ("live", "stale"):
        for muted in (False, True):
            for unseen in (False, True):
                image = tray._drawn((health, muted, unseen)).pixmap(48, 48).toImage()
                assert not image.isNull()
                pictures.append(image)
    for number, picture in enumerate(pictures):
        assert all(picture != other for other in pictures[number + 1 :])


def test_the_icon_tells_of_an_alert_until_the_window_is_seen_and_of_dead_prices() -> None:
    tray = Tray()
    tray.alert_fired()
    tray.flush(100.0, saying("A"))
    assert tray._state == ("live", False, True)
    tray.seen()
    tray.flush(101.0, saying("A"))
    assert tray._state == ("live", False, False)
    tray.flush(102.0, saying("A", trusted=False))
    assert tray._state == ("stale", False, False)


def test_muting_is_asked_for_and_seen() -> None:
    tray, asked = Tray(), Heard()
    tray.mute_wanted.connect(lambda seconds: asked(seconds))
    tray.flush(100.0, saying())
    tray._mute.trigger()
    tray.set_muted(True)
    tray.flush(101.0, saying())
    assert lines(tray)[0] == "Unmute"
    assert tray._state == ("live", True, False)
    tray._mute.trigger()
    assert asked.all == [(3_600,), (0,)]


def record(number: int, title: str) -> Record:
    return Record(number, "a", BTC, {}, 100.0, None, 1, 2, False, title, "")


def test_the_last_alerts_stand_in_the_menu_and_are_chosen() -> None:
    tray, chosen = Tray(), Heard()
    tray.record_chosen.connect(lambda record: chosen(record.id))
    for number in range(1, 8):
        tray.set_recent(record(number, f"BTC & {number}"))
    tray.set_recent(record(6, "BTC & 6, told"))
    tray.flush(100.0, saying("A"))
    assert lines(tray)[1:6] == [
        "⚑ BTC && 6, told", "⚑ BTC && 7", "⚑ BTC && 5", "⚑ BTC && 4", "⚑ BTC && 3",
    ]  # fmt: skip
    tray._fired[1].trigger()
    assert chosen.all == [(7,)]


def test_nothing_is_redrawn_while_nothing_that_is_shown_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    drawn = Heard()
    tray = Tray()
    tray._icon = icon = Icon(drawn)  # type: ignore[assignment]
    for second in range(5):
        tray.flush(100.0 + second, saying("A 1"))
    tray.flush(105.0, saying("A 2"))
    tray.flush(105.5, saying("A 3"))
    assert [each[0] for each in drawn.all] == [
        "Tickglass, live\nA 1", "Tickglass, live\nA 2",
    ]  # fmt: skip
    tray.set_muted(True)
    tray.flush(107.0, saying("A 2"))
    assert len(drawn.all) == 4
    assert icon is tray._icon


class Icon:
    """Counts what is drawn anew."""

    def __init__(self, drawn: Heard) -> None:
        self.setToolTip = drawn
        self.setIcon = drawn
