"""The panel of the order book: its states, choices and what it remembers."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from tickglass.market.book import OrderBook
from tickglass.market.freshness import Freshness
from tickglass.market.instrument import Instrument
from tickglass.market.ladder import Grid, Ladder, Levels
from tickglass.ui.book.book_panel import BookPanel
from tickglass.ui.book.book_words import EMPTY, NO_BOOK, NONE_TRUSTED, WAITING
from tickglass.ui.theme import DARK, LIGHT

from ..helpers import Heard
from .helpers import BTC, BYBIT, OKX, TICK, book, change

NOW = 100.0


class Shown:
    """A panel on the screen; each flush is a quarter of a second later."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = NOW
        self.panel = BookPanel(DARK, {"okx": "OKX"})
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 500)
        self.panel.show()

    def flush(
        self,
        held: OrderBook | None,
        freshness: Freshness = Freshness.LIVE,
        age: float | None = 0.0,
        after: float = 0.25,
    ) -> None:
        self.now += after
        self.panel.flush(self.now, held, freshness, age, 2, 100.2)

    def merge(self, *books: OrderBook, stale: tuple[Instrument, ...] = ()) -> None:
        self.now += 0.25
        held = {each.instrument: each for each in books}
        self.panel.flush_merged(self.now, held, stale, Freshness.LIVE, 0.0, 0, 100.2)

    @property
    def part(self) -> QWidget:
        """What stands below the header."""
        parts = (
            self.panel.message, self.panel.ladder_view,
            self.panel.depth_view, self.panel.heat_strip,
        )  # fmt: skip
        return next(each for each in parts if each.isVisible())

    @property
    def says(self) -> str:
        """The sentence in place of a book, if there is one."""
        return self.panel.message.text() if self.part is self.panel.message else ""


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


@pytest.fixture
def chosen(shown: Shown) -> Shown:
    shown.panel.show(BTC, 1, TICK)
    return shown


def prices(shown: Shown) -> list[str]:
    return [line.price for line in shown.panel.ladder_view.lines if line.kind in ("bid", "ask")]


# ---------------------------------------------------------------- states


def test_without_an_instrument_no_book_is_chosen(shown: Shown) -> None:
    shown.flush(book())
    assert shown.says == NO_BOOK


def test_choosing_an_instrument_does_not_make_a_hidden_panel_appear(qtbot: QtBot) -> None:
    panel = BookPanel(DARK)
    qtbot.addWidget(panel)
    panel.show(BTC, 1, TICK)
    assert panel.isHidden()
    panel.show()
    assert panel.isVisible()


def test_it_waits_for_the_snapshot_and_then_shows_the_book(chosen: Shown) -> None:
    assert chosen.says == WAITING
    for held in (None, OrderBook(BTC)):
        chosen.flush(held, Freshness.NEVER, None)
        assert chosen.says == WAITING
    assert chosen.panel.header.trust.text() == "… waiting"
    chosen.flush(book())
    assert chosen.says == ""
    assert prices(chosen) == [
        "100.6", "100.5", "100.4", "100.3", "100.2", "100.0", "99.9", "99.8", "99.7",
    ]  # fmt: skip
    assert chosen.panel.header.trust.text() == "● live"


def test_the_book_of_another_instrument_is_not_shown(chosen: Shown) -> None:
    chosen.flush(book(on=OKX))
    assert chosen.says == WAITING


def test_a_short_wait_keeps_the_ladder_grey_and_a_long_one_says_so(chosen: Shown) -> None:
    held = book()
    chosen.flush(held)
    held.drop()
    chosen.flush(held, after=0.5)
    assert chosen.part is chosen.panel.ladder_view
    assert chosen.panel.header.trust.text() == "… waiting"
    chosen.flush(held, after=0.6)
    assert chosen.says == WAITING
    chosen.flush(book())
    assert chosen.says == ""


def test_a_book_without_any_order_says_so(chosen: Shown) -> None:
    chosen.flush(book([], []))
    assert chosen.says == EMPTY


@pytest.mark.parametrize(
    ("freshness", "age", "word", "style"),
    [
        (Freshness.LIVE, 0.5, "● live", "muted"),
        (Freshness.QUIET, 12.0, "○ quiet · 12 s", "muted"),
        (Freshness.STALE, 20.0, "◐ stale · 20 s", "warning"),
        (Freshness.LOST, 120.0, "✕ lost · 2 min", "warning"),
        (Freshness.NEVER, None, "· never", "warning"),
    ],
)
def test_the_header_says_how_far_the_book_is_to_be_trusted(
    chosen: Shown, freshness: Freshness, age: float | None, word: str, style: str
) -> None:
    chosen.flush(book(), freshness, age)
    label = chosen.panel.header.trust
    assert label.text() == word
    assert label.objectName() == style
    assert label.accessibleName() == f"State of the book: {word[2:]}", "read without its mark"


@pytest.mark.parametrize("view", ["ladder", "depth", "heat"])
def test_a_stale_book_looks_other_than_a_live_one(chosen: Shown, view: str) -> None:
    chosen.panel.restore_state({"view": view})
    held = book()
    for _ in range(8):
        chosen.flush(held)
    live = chosen.part.grab().toImage()
    chosen.flush(held, Freshness.STALE, after=0.0)
    assert chosen.part.grab().toImage() != live
    chosen.flush(held, after=0.0)
    assert chosen.part.grab().toImage() == live


def test_the_header_says_imbalance_resyncs_and_the_spread_that_the_view_does_not_say(
    chosen: Shown,
) -> None:
    chosen.flush(book())
    words = "Imbalance −36 % · 2 resyncs"  # (7 − 15) / 22
    figures = chosen.panel.header.figures
    assert figures.words == words
    chosen.panel._choose_view("depth")
    chosen.flush(book())
    assert figures.words == f"{words} · Spread 0.2 · 19.98 bps"  # 0.2 / 100.1
    assert figures.words in figures.accessibleName()


def test_the_ladder_follows_the_book(chosen: Shown) -> None:
    held = book()
    chosen.flush(held)
    change(held, [(100.1, 9.0)], [])
    chosen.flush(held)
    line = next(line for line in chosen.panel.ladder_view.lines if line.price == "100.1")
    assert (line.kind, line.size) == ("bid", "9.00")


def test_another_instrument_begins_anew(chosen: Shown) -> None:
    chosen.flush(book())
    record = chosen.panel.record
    chosen.panel.show(BTC, 1, TICK)
    assert chosen.panel.record is record, "the same one changes nothing"
    chosen.panel.show(OKX, 1, TICK)
    assert chosen.says == WAITING
    assert chosen.panel.record is None
    assert chosen.panel.header.title.words == "BTC/USDT · OKX"
    chosen.panel.clear()
    assert chosen.says == NO_BOOK


# ---------------------------------------------------------------- choices


def test_buttons_choose_the_view(chosen: Shown, qtbot: QtBot) -> None:
    heard = Heard()
    chosen.panel.state_changed.connect(heard)
    for view, part in (
        ("depth", chosen.panel.depth_view),
        ("heat", chosen.panel.heat_strip),
        ("ladder", chosen.panel.ladder_view),
    ):
        button = chosen.panel.header.views[view]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        chosen.flush(book())
        assert chosen.part is part
        assert button.isChecked()
    assert len(heard.all) == 3


def test_the_step_chooser_offers_steps_and_groups_the_book(chosen: Shown, qtbot: QtBot) -> None:
    chosen.flush(book())
    step = chosen.panel.header.step
    assert [step.itemText(at) for at in range(step.count())] == ["0.1", "0.2", "0.5", "1"]
    assert step.currentText() == "0.1"
    heard = Heard()
    chosen.panel.state_changed.connect(heard)
    step.setFocus()
    qtbot.keyClick(step, Qt.Key.Key_Down)
    qtbot.keyClick(step, Qt.Key.Key_Down)
    chosen.flush(book())
    assert chosen.panel.step == 0.5
    assert prices(chosen) == ["101.0", "100.5", "100.0", "99.5"]
    assert len(heard.all) == 2
    assert step.currentText() == "0.5"


def test_a_tick_that_nobody_tells_is_taken_from_the_book(shown: Shown) -> None:
    shown.panel.show(BTC, None, None)
    shown.flush(book())
    assert shown.panel.step == 0.1
    assert shown.panel.header.step.itemText(0) == "0.1"


def test_steps_follow_a_price_that_has_doubled(chosen: Shown) -> None:
    chosen.flush(book())
    chosen.flush(book([(1_000.0, 1.0)], [(1_000.2, 1.0)]))
    assert chosen.panel.header.step.count() == 7  # up to 10


def test_sizes_are_shown_in_quote_on_demand(chosen: Shown, qtbot: QtBot) -> None:
    chosen.flush(book())
    unit = chosen.panel.header.unit
    assert [unit.itemText(at) for at in range(unit.count())] == ["BTC", "USDT"]
    unit.setFocus()
    qtbot.keyClick(unit, Qt.Key.Key_Down)
    line = next(line for line in chosen.panel.ladder_view.lines if line.price == "100.0")
    assert line.size == "100"


def test_a_button_returns_to_the_spread(chosen: Shown, qtbot: QtBot) -> None:
    chosen.flush(book())
    centre = chosen.panel.header.centre
    assert not centre.isVisible()
    qtbot.keyClick(chosen.panel.ladder_view, Qt.Key.Key_Up)
    assert centre.isVisible()
    qtbot.mouseClick(centre, Qt.MouseButton.LeftButton)
    assert not chosen.panel.ladder_view.scrolled
    assert not centre.isVisible()


def test_a_chosen_price_is_passed_on(chosen: Shown) -> None:
    heard = Heard()
    chosen.panel.price_chosen.connect(heard)
    chosen.panel.ladder_view.price_chosen.emit(100.3)
    chosen.panel.depth_view.price_chosen.emit(100.4)
    assert heard.all == [(100.3,), (100.4,)]


def test_what_was_chosen_is_remembered_for_each_instrument(chosen: Shown, qtbot: QtBot) -> None:
    chosen.flush(book())
    chosen.panel.header.step_chosen.emit(0.5)
    chosen.panel.header.unit_chosen.emit("quote")
    chosen.panel.header.view_chosen.emit("depth")
    state = chosen.panel.save_state()
    assert state == {"view": "depth", "unit": "quote", "steps": {"binance:BTC/USDT": 0.5}}
    other = Shown(qtbot)
    other.panel.restore_state(state)
    other.panel.show(BTC, 1, TICK)
    other.flush(book())
    assert other.panel.save_state() == state
    assert (other.panel.view, other.panel.step) == ("depth", 0.5)
    assert other.panel.header.views["depth"].isChecked()
    other.panel.show(OKX, 1, TICK)
    other.flush(book(on=OKX))
    assert other.panel.step == 0.1


@pytest.mark.parametrize(
    "state",
    [{}, {"view": 7, "unit": None, "steps": 3}, {"view": "x", "steps": {"a": "b", "c": -1}},
     {"view": ["ladder"], "steps": {"a": True, "b": float("inf"), "c": float("nan")}}],
)  # fmt: skip
def test_a_state_that_cannot_be_used_changes_nothing(
    chosen: Shown, state: dict[str, object]
) -> None:
    chosen.panel.restore_state(state)
    assert chosen.panel.save_state() == {"view": "ladder", "unit": "base", "steps": {}}


def test_a_step_that_no_longer_suits_the_price_is_not_used(chosen: Shown) -> None:
    chosen.panel.restore_state({"steps": {"binance:BTC/USDT": 777.0}})
    chosen.flush(book())
    assert chosen.panel.step == 0.1


# ---------------------------------------------------------------- heat


def test_the_record_goes_on_whatever_is_shown(chosen: Shown) -> None:
    held = book()
    for _ in range(5):
        chosen.flush(held)
    assert chosen.panel.record is not None
    assert chosen.panel.record.count == 5


def test_hidden_it_keeps_the_record_and_reads_the_book_no_more_often(
    chosen: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = book()
    chosen.panel.hide()
    reads: list[Ladder] = []

    class Counted(Ladder):
        def __init__(self, grid: Grid, bids: list[Levels], asks: list[Levels]) -> None:
            super().__init__(grid, bids, asks)
            reads.append(self)

    monkeypatch.setattr("tickglass.ui.book.book_source.Ladder", Counted)
    for _ in range(30):
        change(held, [(100.0, 2.0)], [])
        chosen.flush(held, after=1 / 30)
    assert chosen.panel.record is not None
    assert chosen.panel.record.count == len(reads) == 4, "four a second"
    assert chosen.panel.header.trust.text() == ""


def test_hidden_a_book_that_is_not_to_be_trusted_leaves_a_gap_too(chosen: Shown) -> None:
    held = book()
    chosen.panel.hide()
    chosen.flush(held)
    for freshness, given in ((Freshness.LOST, held), (Freshness.LIVE, None)):
        chosen.flush(given, freshness)
    assert chosen.panel.record is not None
    assert chosen.panel.record.count == 1


def test_hidden_several_books_are_put_on_record_as_one(shown: Shown) -> None:
    shown.panel.show_merged([BTC, BYBIT], 1, TICK)
    shown.panel.hide()
    shown.merge(book(), book(on=BYBIT))
    shown.merge(book(), book(on=BYBIT), stale=(BTC, BYBIT))
    record = shown.panel.record
    assert record is not None
    assert (record.count, record.peak) == (1, 14.0), "7.0 at the same price on both"


def test_shown_again_it_is_up_to_date_at_once(chosen: Shown) -> None:
    chosen.panel.hide()
    chosen.flush(book())
    record = chosen.panel.record
    chosen.panel.show()
    chosen.flush(book())
    assert prices(chosen)[0] == "100.6"
    assert chosen.panel.header.trust.text() == "● live"
    assert chosen.panel.record is record


def test_a_book_that_is_not_to_be_trusted_is_not_put_on_record(chosen: Shown) -> None:
    held = book()
    chosen.flush(held)
    chosen.flush(held, Freshness.STALE)
    held.drop()
    chosen.flush(held)
    assert chosen.panel.record is not None
    assert chosen.panel.record.count == 1


def test_the_heat_shows_prices_around_the_mid(chosen: Shown) -> None:
    chosen.panel.restore_state({"view": "heat"})
    chosen.flush(book())
    assert chosen.panel.heat_strip.prices == pytest.approx((100.1 - 6, 100.1 + 6))
    chosen.flush(book([(101.0, 1.0)], [(101.2, 1.0)]))
    assert chosen.panel.heat_strip.prices == pytest.approx((100.1 - 6, 100.1 + 6)), "still inside"
    chosen.flush(book([(104.0, 1.0)], [(104.2, 1.0)]))
    assert chosen.panel.heat_strip.prices == pytest.approx((104.1 - 6, 104.1 + 6))


# ---------------------------------------------------------------- several books


def test_several_books_are_shown_as_one(shown: Shown) -> None:
    shown.panel.show_merged([BTC, BYBIT], 1, TICK)
    assert shown.says == WAITING
    shown.merge(book(), book([(100.0, 9.0)], [(100.3, 1.0)], BYBIT))
    line = next(line for line in shown.panel.ladder_view.lines if line.price == "100.0")
    assert (line.size, line.marks) == ("10.0", 0b11)
    header = shown.panel.header
    assert header.title.words == "BTC/USDT · Binance, Bybit"
    assert header.trust.text() == "● live"
    assert not header.left_out.isVisible()
    assert header.crossing.words == ""


def test_who_is_left_out_is_named(shown: Shown) -> None:
    shown.panel.show_merged([BTC, BYBIT, OKX], 1, TICK)
    shown.merge(book(), OrderBook(BYBIT), book(on=OKX), stale=(OKX,))
    header = shown.panel.header
    assert header.left_out.words == "Without Bybit (waiting), OKX (stale)"
    assert header.left_out.isVisible()
    assert header.trust.text() == "◔ 1 of 3 books"
    assert header.trust.objectName() == "warning"
    assert next(x for x in shown.panel.ladder_view.lines if x.price == "100.0").marks == 0


def test_books_that_cross_one_another_say_so(shown: Shown) -> None:
    shown.panel.show_merged([BTC, OKX], 1, TICK)
    shown.merge(book(), book([(100.4, 1.0)], [(100.5, 1.0)], OKX))
    words = "Crossed by 19.94 bps: OKX bids above Binance's ask"  # 0.2 / 100.3
    assert shown.panel.header.crossing.words == words


def test_without_any_book_to_trust_it_says_so(shown: Shown) -> None:
    shown.panel.show_merged([BTC, OKX], 1, TICK)
    shown.merge(book(), book(on=OKX), stale=(BTC, OKX))
    assert shown.says == NONE_TRUSTED
    shown.merge(book())
    assert shown.says == ""


def test_a_single_flush_does_not_disturb_several_books(shown: Shown) -> None:
    shown.panel.show_merged([BTC, OKX], 1, TICK)
    shown.flush(book())
    assert shown.says == WAITING
    shown.panel.show(BTC, 1, TICK)
    shown.merge(book())
    assert shown.says == WAITING


# ---------------------------------------------------------------- for everyone


def test_everything_has_a_name_for_those_who_cannot_see_it(chosen: Shown) -> None:
    chosen.flush(book())
    for kind in (QAbstractButton, QComboBox):
        for each in chosen.panel.findChildren(kind):
            assert each.accessibleName(), each
    for each in (chosen.panel, chosen.panel.message, chosen.panel.ladder_view):
        assert each.accessibleName()


@pytest.mark.parametrize(
    ("price", "tick", "first"),
    [(100_000.0, "0.1", "100,005"), (0.00001234, "0.00000001", "0.00001235")],
)
@pytest.mark.parametrize("view", ["ladder", "depth", "heat"])
def test_dear_and_cheap_coins_are_shown_in_both_themes(
    shown: Shown, price: float, tick: str, first: str, view: str
) -> None:
    shown.panel.restore_state({"view": view})
    shown.panel.show(BTC, None, Decimal(tick))
    held = book([(price, 1.0)], [(float(Decimal(repr(price)) + Decimal(tick)), 1.0)])
    for theme in (LIGHT, DARK):
        shown.panel.set_theme(theme)
        for _ in range(4):
            shown.flush(held)
        QApplication.processEvents()
        assert not shown.panel.grab().isNull()
    if view == "ladder":
        assert prices(shown)[0] == first


def test_it_fits_a_narrow_column(shown: Shown) -> None:
    shown.panel.show(BTC, 8, Decimal("0.00000001"))
    assert shown.panel.minimumSizeHint().width() <= 276
