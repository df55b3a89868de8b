"""Order book and tape beside the charts: whose they are, and what is asked for."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tickglass.market.book import Resync
from tickglass.market.events import BookDelta, BookSnapshot, Level, Trade
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.tape import Tape
from tickglass.ui.market_side import MarketSide
from tickglass.ui.theme import DARK, LIGHT

from .helpers import BTC, ETH, Feed, Heard

OKX = Instrument("okx", "BTC", "USDT")
DOLLAR = Instrument("coinbase", "BTC", "USD")
TITLES = {"binance": "Binance", "okx": "OKX", "coinbase": "Coinbase"}
LISTINGS = [Listing(each, each.base, Decimal("0.01")) for each in (BTC, ETH, OKX, DOLLAR)]


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.feed = Feed()
        self.side = MarketSide(DARK, TITLES)
        for part in (self.side.book_page, self.side.tape):
            qtbot.addWidget(part)
            part.resize(320, 700)
            part.show()
        self.heard = Heard()
        self.side.wanted.connect(self.heard)
        self.side.set_listings(LISTINGS)
        self.side.show_instrument(BTC)

    def snapshot(self, on: Instrument, bid: float, ask: float) -> None:
        event = BookSnapshot(on, 1, 1, (Level(bid, 2.0),), (Level(ask, 1.0),))
        self.feed.apply(event)

    def flush(self) -> None:
        self.side.flush(100.0, 100_000, self.feed.store)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_what_is_not_shown_is_not_asked_for(desk: Desk) -> None:
    assert desk.heard.all == []
    desk.side.show_parts(book=True, tape=False)
    assert desk.heard.all == [([BTC], [])]
    desk.side.show_parts(book=True, tape=True)
    assert desk.heard.all[-1] == ([BTC], [BTC])
    desk.side.show_parts(book=False, tape=False)
    assert desk.heard.all[-1] == ([], [])


def test_another_instrument_is_asked_for_once(desk: Desk) -> None:
    desk.side.show_parts(book=True, tape=True)
    desk.side.show_instrument(ETH)
    desk.side.show_instrument(ETH)
    assert desk.heard.all == [([BTC], [BTC]), ([ETH], [ETH])]
    desk.side.show_instrument(None)
    assert desk.heard.all[-1] == ([], [])


def test_together_means_the_same_pair_wherever_it_is_listed(desk: Desk, qtbot: QtBot) -> None:
    desk.side.show_parts(book=True, tape=True)
    qtbot.mouseClick(
        desk.side.together, Qt.MouseButton.LeftButton, pos=desk.side.together.rect().center() * 0.2
    )
    assert desk.side.together.isChecked()
    assert desk.heard.all[-1] == ([BTC, OKX], [BTC, OKX]), "the dollar is another currency"


def test_the_book_and_the_trades_of_the_store_are_shown(desk: Desk) -> None:
    desk.side.show_parts(book=True, tape=True)
    tape = Tape()
    desk.feed.store.tapes = {BTC: tape}
    desk.snapshot(BTC, 100.0, 100.5)
    desk.feed.apply(Trade(BTC, 99_000, "1", 100.5, 0.25, "buy"))
    desk.flush()
    spread = next(each for each in desk.side.book.ladder_view.lines if each.kind == "spread")
    assert "Spread 0.50" in spread.price
    assert len(tape.rows(5)) == 1
    assert not desk.side.book_page.grab().isNull()
    desk.side.set_theme(LIGHT)
    desk.flush()


def test_books_together_say_who_is_left_out(desk: Desk) -> None:
    desk.side.show_parts(book=True, tape=False)
    desk.side.together.setChecked(True)
    desk.snapshot(BTC, 100.0, 100.5)
    desk.flush()
    assert "OKX" in desk.side.book.header.left_out.words
    desk.snapshot(OKX, 100.6, 101.0)
    desk.side.flush(101.0, 101_000, desk.feed.store)
    assert "Crossed by" in desk.side.book.header.crossing.words


def test_the_heat_beside_a_chart_wants_the_book_although_nobody_looks_at_it(desk: Desk) -> None:
    desk.side.book_page.hide()
    assert desk.side.record is None
    desk.side.record_heat = True
    desk.side.record_heat = True
    assert desk.heard.all == [([BTC], [])]
    desk.snapshot(BTC, 100.0, 100.5)
    desk.flush()
    assert desk.side.record is not None
    assert desk.side.record.count == 1
    desk.side.record_heat = False
    assert desk.heard.all[-1] == ([], [])
    assert desk.side.record is None, "what is no longer fed is not shown"


def test_a_book_that_is_shown_anyway_is_asked_for_once(desk: Desk) -> None:
    desk.side.show_parts(book=True, tape=False)
    desk.side.record_heat = True
    desk.side.show_parts(book=False, tape=False)
    assert desk.heard.all == [([BTC], [])]


def resync(desk: Desk, on: Instrument, times: int) -> None:
    for _ in range(times):
        desk.snapshot(on, 100.0, 100.5)
        gap = BookDelta(on, 1, 50, 51, (Level(99.0, 1.0),), ())
        with pytest.raises(Resync):
            desk.feed.apply(gap)
    desk.snapshot(on, 100.0, 100.5)


def test_resyncs_are_those_of_the_books_that_are_shown(desk: Desk) -> None:
    desk.side.show_parts(book=True, tape=False)
    for on, times in ((BTC, 1), (OKX, 2), (ETH, 4)):
        resync(desk, on, times)
    desk.flush()
    assert desk.side.book.header.figures.words.split(" · ")[1] == "1 resync"
    desk.side.together.setChecked(True)
    desk.flush()
    assert desk.side.book.header.figures.words.split(" · ")[1] == "3 resyncs"


def test_the_trades_are_told_in_the_zone_of_the_charts(desk: Desk) -> None:
    desk.side.show_parts(book=False, tape=True)
    desk.feed.store.tapes = {BTC: Tape()}
    noon = 1_700_654_400_000  # 2023-11-22 12:00 UTC
    desk.feed.apply(Trade(BTC, noon, "1", 100.5, 0.25, "buy"))
    desk.side.set_zone("Asia/Kolkata")
    desk.side.flush(100.0, noon, desk.feed.store)
    assert "17:30" in desk.side.tape.strip.label.text()


def test_what_was_chosen_is_remembered(desk: Desk) -> None:
    desk.side.together.setChecked(True)
    desk.side.book.header.view_chosen.emit("depth")
    desk.side.tape.unit.setCurrentIndex(1)
    other = MarketSide(DARK, TITLES)
    other.restore_state(desk.side.save_state())
    assert other.together.isChecked()
    assert (other.book.view, other.tape.unit.currentIndex()) == ("depth", 1)


@pytest.mark.parametrize(
    "rubbish", [{}, {"book": "yes", "book_state": 5, "tape_state": {"least": []}}]
)
def test_rubbish_is_passed_over(desk: Desk, rubbish: dict[str, object]) -> None:
    desk.side.restore_state(rubbish)
    assert desk.side.parts == (False, False)
