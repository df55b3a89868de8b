"""The tape's rows under the eyes and hands of a person."""

import itertools
import random
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tickglass.market.events import Side, Trade
from tickglass.market.instrument import Instrument
from tickglass.market.tape import Print, Tape
from tickglass.ui.tape.row_painter import STRENGTHS, STRONG, blend
from tickglass.ui.tape.tape_rows import Filter, large_steps, rounded_up, shift_between
from tickglass.ui.tape.tape_view import TapeScrollBar, TapeView
from tickglass.ui.tape.tape_words import clock_text, short_names
from tickglass.ui.theme import DARK, LIGHT, Theme, contrast

from ..helpers import BTC, TITLES

OKX = Instrument("okx", "BTC", "USDT")
NOON = 1_700_654_400_000  # 2023-11-22 12:00 UTC


class Shown:
    """A view on a tape that is fed by hand; every flush is a second after the one before."""

    def __init__(self, qtbot: QtBot, count: int = 0, *, width: int = 400) -> None:
        self.tape = Tape()
        self.view = TapeView(DARK, TITLES)
        qtbot.addWidget(self.view)
        self.view.resize(width, 300)
        self.view.move(500, 400)  # away from the mouse
        self.view.show_instruments([BTC], 2)
        self.view.show()
        self.now = 0.0
        self.came = itertools.count()
        self.print(count)

    def print(self, count: int = 1, size: float = 1.0, side: Side = "buy") -> None:
        """Let trades come, a second apart, and a frame pass."""
        for number in itertools.islice(self.came, count):
            self.tape.add(Trade(BTC, NOON + number * 1_000, str(number), 100.0, size, side))
        self.flush()

    def flush(self, seconds: float = 1.0) -> None:
        self.now += seconds
        self.view.flush(self.now, self.tape)

    def hover(self) -> None:
        middle = QPointF(self.view.rect().center())
        QApplication.sendEvent(self.view, QEnterEvent(middle, middle, middle))

    def leave(self) -> None:
        QApplication.sendEvent(self.view, QEvent(QEvent.Type.Leave))

    def wheel(self, notches: float) -> None:
        place = QPointF(20, 60)
        event = QWheelEvent(
            place, place, QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view, event)

    def place(self, row: int) -> QPoint:
        height = self.view._picture.row_height
        return QPoint(20, height * (row + 1) + height // 2)

    @property
    def top(self) -> int:
        return self.view.rows[0].number

    @property
    def chosen(self) -> list[int]:
        return [row.number for row in self.view.selected]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot, 100)


def row(number: int, fills: int = 1) -> Print:
    return Print(number, BTC, NOON, 100.0, float(fills), "buy", fills)


# ---------------------------------------------------------------- small things


@pytest.mark.usefixtures("utc")
def test_times_are_to_the_millisecond() -> None:
    assert clock_text(NOON + 7) == "12:00:00.007"
    assert clock_text(NOON + 7, millis=False) == "12:00:00"
    assert clock_text(10**22) == "—"


def test_times_are_told_in_the_zone_that_is_wanted() -> None:
    for name, text in (
        ("UTC", "12:00:00.007"),
        ("Asia/Kolkata", "17:30:00.007"),  # half an hour off
        ("America/New_York", "07:00:00.007"),
    ):
        assert clock_text(NOON + 7, zone=ZoneInfo(name)) == text
    assert clock_text(10**22, zone=ZoneInfo("UTC")) == "—"


def test_another_zone_paints_the_times_anew(shown: Shown) -> None:
    shown.view.set_zone(ZoneInfo("UTC"))
    before = picture(shown.view)
    shown.view.set_zone(ZoneInfo("Asia/Kolkata"))
    assert picture(shown.view) != before
    shown.view.select(0)
    shown.view.copy()
    assert "2023-11-22 17:31:39.000" in QApplication.clipboard().text()


def test_exchanges_have_as_few_letters_as_tell_them_apart() -> None:
    titles = {"kucoin": "KuCoin", "kucoinf": "KuCoin Futures", "okx": "OKX"}
    assert short_names(["kucoin", "okx"], titles) == {"kucoin": "KuC", "okx": "OKX"}
    assert short_names(titles, titles)["kucoinf"] == "KuCoin "
    assert short_names(["a", "b"], {"a": "Same", "b": "Same"}) == {"a": "Sam", "b": "Sam"}


@pytest.mark.parametrize(
    ("old", "new", "shift"),
    [
        ([], [3, 2], None),
        ([3, 2], [3, 2], 0),
        ([3, 2], [4, 3], 1),
        ([3, 2], [5, 4, 3, 2], 2),
        ([3, 2], [5, 4], None),
        ([3, 2, 1], [4, 3, 1], None),
        ([3, 2], [3, 2, 1], None),
    ],
)
def test_rows_are_moved_only_if_all_move_alike(
    old: list[int], new: list[int], shift: int | None
) -> None:
    assert shift_between([row(n) for n in old], [row(n) for n in new]) == shift


@pytest.mark.parametrize(("value", "up"), [(123.0, 130.0), (120.0, 120.0), (0.011, 0.011), (0, 0)])
def test_steps_are_rounded_up_to_two_figures(value: float, up: float) -> None:
    assert rounded_up(value) == pytest.approx(up)


def test_where_all_trades_are_alike_none_is_large() -> None:
    tape = Tape()
    for number in range(100):
        tape.add(Trade(BTC, NOON + number, "1", 99.0, 1.37, "buy"))
    assert all(step >= 99.0 * 1.37 for step in large_steps(tape, True))


def test_of_few_trades_none_is_large() -> None:
    tape = Tape()
    for number in range(49):
        tape.add(Trade(BTC, NOON, "1", 1.0, 2.0**number, "buy"))
    assert large_steps(tape, False) == ()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_rows_of_every_strength_can_be_read(theme: Theme) -> None:
    for side in (theme.up, theme.down):
        for level, share in enumerate(STRENGTHS):
            ground = blend(QColor(theme.panel), QColor(side), share).name()
            texts = (theme.text,) if level >= STRONG else (theme.text, theme.muted, side)
            for text in texts:
                assert contrast(text, ground) >= 4.5, (level, text)
        assert contrast(side, theme.selection) >= 4.5
    assert contrast(theme.muted, theme.selection) >= 4.5


# ---------------------------------------------------------------- following


def test_what_is_to_see_without_rows(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    assert shown.view.empty_text == "Waiting for trades…"
    shown.print(1)
    assert shown.view.empty_text == ""
    shown.view.set_filter(Filter(50.0))
    assert shown.view.empty_text == "No trade as large as that yet."
    shown.view.show_instruments([], None)
    assert shown.view.empty_text == "No instrument chosen."


def test_the_newest_trade_is_on_top(shown: Shown) -> None:
    assert shown.top == 99
    shown.print()
    assert [each.number for each in shown.view.rows[:3]] == [100, 99, 98]


def test_no_more_rows_are_read_than_fit(shown: Shown) -> None:
    assert len(shown.view.rows) == shown.view.page + 1


def test_small_trades_are_left_out(shown: Shown) -> None:
    shown.print(size=7.0)
    shown.print(5)
    shown.view.set_filter(Filter(5.0))
    shown.flush()
    assert [each.size for each in shown.view.rows] == [7.0]


def picture(view: TapeView) -> bytes:
    image = view.grab().toImage()
    return bytes(image.constBits())


def test_moved_rows_look_exactly_as_painted_anew(qtbot: QtBot) -> None:
    shown, chance = Shown(qtbot), random.Random(7)
    for _ in range(60):
        for _ in range(chance.randrange(4)):
            number = next(shown.came)
            size = chance.choice((0.5, 2.0, 900.0))
            side = chance.choice(("buy", "sell"))
            time = NOON + number // 3  # so that some are fills of one order
            shown.tape.add(Trade(BTC, time, str(number), 100.0, size, side))
        shown.flush()
        moved = picture(shown.view)
        shown.view._paint_all()
        assert picture(shown.view) == moved


def test_a_new_row_paints_itself_and_moves_the_others(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []
    paint = shown.view._painter.paint
    monkeypatch.setattr(
        shown.view._painter,
        "paint",
        lambda painter, rect, row, selected: (
            painted.append(row.number),
            paint(painter, rect, row, selected),
        ),
    )
    shown.print(2)
    assert painted == [101, 100]
    painted.clear()
    shown.flush()
    assert painted == [], "nothing came"


def test_an_order_that_grows_is_painted_again(shown: Shown) -> None:
    shown.tape.add(Trade(BTC, NOON + 99_000, "x", 100.0, 2.5, "buy"))  # a fill of number 99
    shown.flush()
    assert (shown.top, shown.view.rows[0].fills, shown.view.rows[0].size) == (99, 2, 3.5)


def test_a_flood_is_shown_no_more_often_than_can_be_seen(shown: Shown) -> None:
    def flood(seconds: float) -> int:
        for number in itertools.islice(shown.came, 50):
            shown.tape.add(Trade(BTC, NOON + number * 1_000, "1", 100.0, 1.0, "buy"))
        shown.flush(seconds)
        return shown.top

    assert flood(1.0) == 149
    assert flood(0.05) == 149, "so soon after a whole new page"
    assert flood(0.06) == 249


def test_nothing_is_read_while_hidden(shown: Shown) -> None:
    shown.view.hide()
    shown.print(3)
    assert shown.top == 99
    shown.view.show()
    shown.flush()
    assert shown.top == 102


def test_another_tape_begins_anew(shown: Shown) -> None:
    shown.view.select(2)
    shown.tape = Tape()
    shown.flush()
    assert (shown.view.rows, shown.view.selected) == ([], [])


# ---------------------------------------------------------------- how it looks


def ground(view: TapeView, place: QPoint) -> str:
    """The colour behind a row, at its left edge."""
    return view.grab().toImage().pixelColor(1, place.y()).name()


def test_a_large_trade_stands_out_more_than_a_middling_one(shown: Shown) -> None:
    shown.print(900)
    shown.print(100, size=3.0)
    shown.flush(10.0)
    shown.print(1, size=3.0)
    shown.print(1, size=500.0, side="sell")
    panel = QColor(DARK.panel)
    strongest = blend(panel, QColor(DARK.down), STRENGTHS[-1]).name()
    assert ground(shown.view, shown.place(0)) == strongest
    assert ground(shown.view, shown.place(1)) != strongest


def test_a_person_says_from_which_size_on_a_trade_stands_out(shown: Shown) -> None:
    shown.view.set_large(2.0)
    for size in (1.999, 2.0, 6.0, 20.0):
        shown.print(1, size=size)
    levels = [shown.view._painter.level(row) for row in shown.view.rows[:4]]
    assert levels == [3, 2, 1, 0], "from ten times, three times and once that size on"
    panel, up = QColor(DARK.panel), QColor(DARK.up)
    assert ground(shown.view, shown.place(0)) == blend(panel, up, STRENGTHS[3]).name()
    assert ground(shown.view, shown.place(3)) == DARK.panel
    shown.view.set_large(0.0)
    assert ground(shown.view, shown.place(0)) != DARK.panel, "the largest one in ten"


def test_in_quote_the_size_of_colour_is_what_was_paid(shown: Shown) -> None:
    shown.view.set_filter(Filter(0.0, "quote"))
    shown.view.set_large(150.0)
    shown.print(1, size=1.5)
    assert [shown.view._painter.level(row) for row in shown.view.rows[:2]] == [1, 0]


def test_a_dead_feed_dims_everything(shown: Shown) -> None:
    def side_colours() -> bool:
        image = shown.view.grab().toImage()
        y = shown.place(0).y()
        return any(image.pixelColor(x, y).name() == DARK.up for x in range(image.width()))

    assert side_colours(), "the mark at least is in the colour of the side"
    shown.view.set_trusted(False)
    assert not side_colours()


def test_a_change_of_theme_reaches_the_rows(shown: Shown) -> None:
    assert ground(shown.view, shown.place(0)) == DARK.panel
    shown.view.set_theme(LIGHT)
    assert ground(shown.view, shown.place(0)) == LIGHT.panel


@pytest.mark.parametrize("width", [180, 250, 340, 900])
def test_columns_lie_within_the_window_and_apart(qtbot: QtBot, width: int) -> None:
    shown = Shown(qtbot, width=width)
    shown.view.show_instruments([BTC, OKX], 2)
    shown.tape.add(Trade(OKX, NOON, "1", 100_000.0, 0.00002, "sell"))
    shown.flush()
    places = sorted(shown.view._painter._places.values())
    assert places[-1][0] + places[-1][1] <= width
    assert all(x + wide < after for (x, wide), (after, _) in itertools.pairwise(places))


def test_prices_and_sizes_of_any_length_have_room(shown: Shown) -> None:
    shown.tape.add(Trade(BTC, NOON + 200_000, "1", 123_456_789.0, 0.0000123, "buy"))
    shown.flush()
    painter = shown.view._painter
    assert painter._places["price"][1] >= painter.width("123,456,789.00")
    assert painter._places["size"][1] >= painter.width("0.0000123")


def test_larger_type_makes_higher_rows(shown: Shown) -> None:
    before = shown.view._picture.row_height
    font = shown.view.font()
    font.setPointSizeF(2 * font.pointSizeF())
    shown.view.setFont(font)
    shown.print(1)
    assert shown.view._picture.row_height > 1.5 * before
    assert len(shown.view.rows) == shown.view.page + 1


def test_on_a_fine_screen_rows_are_whole_pixels_high(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown.view, "devicePixelRatioF", lambda: 1.25)
    shown.view._lay_out()
    assert (shown.view._picture.row_height * 1.25).is_integer()
    assert shown.view._picture.pixmap.devicePixelRatio() == 1.25
    shown.print(1)
    assert isinstance(shown.view._picture.pixmap, QPixmap)
    assert shown.top == 100


# ---------------------------------------------------------------- holding still


def test_the_mouse_over_it_holds_it_still_and_counts_what_comes(shown: Shown) -> None:
    shown.hover()
    shown.print(37)
    assert (shown.top, shown.view.tag_text) == (99, "Paused, 37 new")
    shown.leave()
    assert (shown.top, shown.view.tag_text) == (136, "")


def test_only_rows_that_would_be_shown_count_as_new(shown: Shown) -> None:
    shown.view.set_filter(Filter(1.0))
    shown.flush()
    shown.hover()
    shown.print(3, size=0.5)
    shown.print(2)
    assert shown.view.waiting == 2


def test_rows_stay_although_the_tape_forgets_them(shown: Shown) -> None:
    shown.tape = Tape(100)
    shown.print(100)
    shown.hover()
    rows = list(shown.view.rows)
    shown.print(500)
    assert shown.view.rows == rows
    shown.view.select(0)
    assert shown.chosen == [rows[0].number]


def test_rows_chosen_are_whole_although_the_tape_forgot_some(shown: Shown) -> None:
    shown.tape = Tape(100)
    shown.print(100)
    shown.hover()
    first = shown.top
    shown.print(98)  # of those shown, the two newest are still held
    shown.view.select(0)
    shown.view.select(3, extend=True)
    assert shown.chosen == [first, first - 1, first - 2, first - 3]


def test_hidden_under_the_mouse_it_does_not_stay_held(shown: Shown) -> None:
    shown.hover()
    shown.view.hide()
    shown.view.show()
    shown.print(1)
    assert (shown.view.following, shown.top) == (True, 100)


def test_an_empty_tape_shows_its_first_rows_under_the_mouse_too(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.hover()
    shown.print(1)
    assert shown.top == 0


def test_a_click_on_the_tag_shows_the_newest(shown: Shown, qtbot: QtBot) -> None:
    shown.wheel(-2)
    shown.print(5)
    assert shown.view.tag_text == "Scrolled back, 11 new"
    qtbot.mouseClick(shown.view, Qt.MouseButton.LeftButton, pos=shown.view._tag().center())
    assert shown.top == 104
    shown.leave()
    assert shown.view.tag_text == ""


# ---------------------------------------------------------------- scrolling


def test_the_wheel_scrolls_three_rows_a_notch(shown: Shown) -> None:
    shown.wheel(-1)
    assert shown.top == 96
    shown.wheel(-1 / 6)  # a fine wheel
    assert shown.top == 96
    shown.wheel(-1 / 6)
    assert shown.top == 95
    shown.wheel(10)
    assert (shown.top, shown.view.following) == (99, True)


def test_scrolled_away_from_the_newest_it_stays_there(shown: Shown) -> None:
    shown.wheel(-1)
    shown.leave()
    shown.print(2)
    assert shown.top == 96
    assert not shown.view.following


def test_keys_scroll_by_rows_and_pages_and_to_the_ends(shown: Shown, qtbot: QtBot) -> None:
    def after(key: Qt.Key) -> int:
        qtbot.keyClick(shown.view, key)
        return shown.top

    page = shown.view.page - 1
    assert after(Qt.Key.Key_Down) == 98
    assert after(Qt.Key.Key_Up) == 99
    assert after(Qt.Key.Key_PageDown) == 99 - page
    assert after(Qt.Key.Key_PageUp) == 99
    assert after(Qt.Key.Key_End) == shown.view.page - 1, "the oldest row is the last of the page"
    assert after(Qt.Key.Key_Down) == shown.view.page - 1
    assert after(Qt.Key.Key_Home) == 99
    assert shown.view.following


def test_it_can_be_reached_by_keyboard_and_says_what_it_is(shown: Shown) -> None:
    assert shown.view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert shown.view.accessibleName() == "Trades"


def test_scrolling_an_empty_tape_does_nothing(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(shown.view, key)
    shown.wheel(-1)
    assert shown.view.following


def test_a_resized_window_is_filled(shown: Shown) -> None:
    shown.view.resize(400, 600)
    assert len(shown.view.rows) == shown.view.page + 1
    shown.wheel(-1)
    shown.view.resize(400, 300)
    assert (shown.top, len(shown.view.rows)) == (96, shown.view.page + 1)


# ---------------------------------------------------------------- the scroll bar


@pytest.fixture
def bar(shown: Shown, qtbot: QtBot) -> TapeScrollBar:
    made = TapeScrollBar(shown.view)
    qtbot.addWidget(made)
    return made


def test_the_bar_reaches_as_far_as_the_tape(shown: Shown, bar: TapeScrollBar) -> None:
    page = shown.view.page
    assert (bar.value(), bar.maximum(), bar.pageStep()) == (0, 100 - page, page)
    bar.setValue(bar.maximum())
    assert shown.view.rows[-1].number == 0, "the oldest is the last of the page"
    assert not shown.view.following
    bar.setValue(7)
    assert shown.top == 92
    bar.setValue(0)
    assert (shown.top, shown.view.following) == (99, True)


def test_the_bar_goes_along_with_wheel_and_keys(
    shown: Shown, bar: TapeScrollBar, qtbot: QtBot
) -> None:
    shown.wheel(-2)
    assert bar.value() == 6
    qtbot.keyClick(shown.view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(shown.view, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_the_bar_follows_what_comes_while_older_rows_are_looked_at(
    shown: Shown, bar: TapeScrollBar
) -> None:
    shown.wheel(-1)
    shown.print(10)
    bar.follow()
    assert (shown.top, bar.value(), bar.maximum()) == (96, 13, 110 - shown.view.page)


def test_nothing_to_scroll_leaves_the_bar_without_reach(qtbot: QtBot) -> None:
    shown = Shown(qtbot, 2)
    bar = TapeScrollBar(shown.view)
    qtbot.addWidget(bar)
    assert (bar.maximum(), bar.accessibleName()) == (0, "Older trades")


# ---------------------------------------------------------------- choosing and copying


def test_a_click_chooses_a_row_and_shift_all_between(shown: Shown, qtbot: QtBot) -> None:
    qtbot.mouseClick(shown.view, Qt.MouseButton.LeftButton, pos=shown.place(1))
    assert shown.chosen == [98]
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(shown.view, Qt.MouseButton.LeftButton, shift, shown.place(3))
    assert shown.chosen == [98, 97, 96]
    assert ground(shown.view, shown.place(2)) == DARK.selection


def test_dragging_chooses_rows(shown: Shown, qtbot: QtBot) -> None:
    qtbot.mousePress(shown.view, Qt.MouseButton.LeftButton, pos=shown.place(2))
    qtbot.mouseMove(shown.view, shown.place(0))
    qtbot.mouseRelease(shown.view, Qt.MouseButton.LeftButton, pos=shown.place(0))
    assert shown.chosen == [99, 98, 97]


def test_a_choice_stays_with_its_rows_when_new_ones_come(shown: Shown) -> None:
    shown.view.select(0)
    shown.print(2)
    assert shown.chosen == [99]
    assert ground(shown.view, shown.place(2)) == DARK.selection


def test_shift_and_arrows_choose_beyond_the_page(shown: Shown, qtbot: QtBot) -> None:
    many = shown.view.page + 4
    for _ in range(many):
        qtbot.keyClick(shown.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert shown.chosen == list(range(99, 99 - many, -1))
    qtbot.keyClick(shown.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert len(shown.chosen) == many - 1
    qtbot.keyClick(shown.view, Qt.Key.Key_Escape)
    assert shown.chosen == []


def test_a_click_below_the_last_row_chooses_nothing(qtbot: QtBot) -> None:
    shown = Shown(qtbot, 2)
    shown.view.select(0)
    qtbot.mouseClick(shown.view, Qt.MouseButton.LeftButton, pos=shown.place(5))
    assert shown.chosen == []


@pytest.mark.usefixtures("utc")
def test_chosen_rows_are_copied_as_text(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.tape.add(Trade(BTC, NOON + 1, "1", 100_000.0, 0.00000123, "buy"))
    shown.tape.add(Trade(OKX, NOON + 2, "2", 99_999.5, 12.0, "sell"))
    shown.flush()
    shown.view.select(0)
    shown.view.select(1, extend=True)
    qtbot.keyClick(shown.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == (
        "2023-11-22 12:00:00.002\tOKX\tBTC/USDT\tsell\t99999.5\t12\n"
        "2023-11-22 12:00:00.001\tBinance\tBTC/USDT\tbuy\t100000\t0.00000123"
    )


def test_nothing_chosen_leaves_the_clipboard_alone(shown: Shown, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("before")
    qtbot.keyClick(shown.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"
