"""The first page under the hands of a person."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tickglass.market.instrument import Instrument, Listing
from tickglass.ui.welcome import WelcomePage
from tickglass.ui.welcome_values import COINS, POPULAR, Reachability, ReachState

from .helpers import Heard

TITLES = {"binance": "Binance", "okx": "OKX", "coinbase": "Coinbase"}
LISTINGS = [
    *(Listing(Instrument("binance", coin, "USDT"), coin) for coin in COINS),
    *(Listing(Instrument("okx", coin, "USDT"), coin) for coin in COINS),
    Listing(Instrument("coinbase", "BTC", "USD"), "BTC-USD"),
]
NO_NETWORK = "OKX is not reachable: no network."


class Desk:
    """A page that is shown; everything it says is written down."""

    def __init__(self, qtbot: QtBot, listings: Sequence[Listing] = LISTINGS) -> None:
        self.page = WelcomePage(TITLES)
        qtbot.addWidget(self.page)
        self.started, self.demo, self.retry, self.back = Heard(), Heard(), Heard(), Heard()
        self.page.started.connect(self.started)
        self.page.demo_wanted.connect(self.demo)
        self.page.retry_wanted.connect(self.retry)
        self.page.back_wanted.connect(self.back)
        self.page.set_listings(listings)
        self.page.resize(900, 600)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitActive(self.page)

    def choose_only(self, *pairs: str) -> None:
        for pair, tile in self.page.pairs.tiles.items():
            tile.box.setChecked("/".join(pair) in pairs)

    def answer(self, exchange: str) -> str:
        return self.page.exchanges.answers[exchange].text()

    def all_lost(self) -> None:
        for name in TITLES:
            self.page.set_reachability(name, Reachability(name, "unreachable", None, NO_NETWORK))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_start_tells_the_chosen_exchanges_and_what_exists_there(desk: Desk, qtbot: QtBot) -> None:
    desk.choose_only("BTC/USDT", "BTC/USD", "ETH/USD")
    qtbot.mouseClick(desk.page.exchanges.boxes["okx"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(desk.page.start, Qt.MouseButton.LeftButton)
    assert desk.started.all == [
        (
            ["binance", "coinbase"],
            [Instrument("binance", "BTC", "USDT"), Instrument("coinbase", "BTC", "USD")],
            "Majors",
        )
    ]


def test_a_click_anywhere_on_a_tile_chooses_its_pair(desk: Desk, qtbot: QtBot) -> None:
    tile = desk.page.pairs.tiles["LINK", "USDT"]
    assert not tile.box.isChecked()
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert tile.box.isChecked()
    qtbot.mouseClick(tile.box, Qt.MouseButton.LeftButton, pos=tile.box.rect().center())
    qtbot.mouseClick(tile.where, Qt.MouseButton.LeftButton)
    assert tile.box.isChecked()


def test_a_tile_says_on_which_of_the_chosen_exchanges_its_pair_is(desk: Desk) -> None:
    btc, usd = desk.page.pairs.tiles["BTC", "USDT"], desk.page.pairs.tiles["BTC", "USD"]
    assert (btc.where.text(), usd.where.text()) == ("Binance, OKX", "Coinbase")
    desk.page.exchanges.boxes["okx"].setChecked(False)
    desk.page.exchanges.boxes["coinbase"].setChecked(False)
    assert (btc.where.text(), usd.where.text()) == ("Binance", "on none of them")
    assert btc.box.accessibleDescription() == "On Binance."


def test_what_is_not_known_yet_is_said_to_be_so(qtbot: QtBot) -> None:
    desk = Desk(qtbot, [each for each in LISTINGS if each.instrument.exchange == "binance"])
    btc = desk.page.pairs.tiles["BTC", "USDT"]
    assert btc.where.text() == "Binance …"
    assert btc.toolTip() == "On Binance. What OKX, Coinbase list is not known yet."


def test_without_an_exchange_there_is_nothing_to_start(desk: Desk, qtbot: QtBot) -> None:
    desk.page.exchanges.choose([])
    assert not desk.page.start.isEnabled()
    assert desk.page.sum.text() == "Choose at least one exchange."
    qtbot.keyClick(desk.page.name, Qt.Key.Key_Return)
    assert desk.started.all == []


def test_a_list_without_pairs_can_be_started_too(desk: Desk) -> None:
    desk.choose_only()
    assert desk.page.sum.text() == "An empty list; pairs can be searched for later."
    desk.page.start.click()
    assert desk.started.all == [([*TITLES], [], "Majors")]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [(("BTC/USD",), "1 price on 1 exchange"), (("BTC/USDT",), "2 prices on 2 exchanges")],
)
def test_what_would_come_is_counted(desk: Desk, pairs: tuple[str, ...], words: str) -> None:
    desk.choose_only(*pairs)
    assert desk.page.sum.text() == words


def test_answers_are_shown_as_they_come(desk: Desk) -> None:
    assert desk.answer("okx") == "Asking …"
    desk.page.set_reachability("okx", Reachability("okx", "reachable", 45.2))
    refusal = "Binance refuses connections from this region (451): using its market-data host."
    desk.page.set_reachability("binance", Reachability("binance", "fallback", 9.0, refusal))
    assert desk.answer("okx") == "Reachable, 45 ms."
    assert desk.answer("binance") == refusal
    assert desk.page.exchanges.boxes["binance"].accessibleDescription() == refusal
    desk.page.set_reachability("mtgox", Reachability("mtgox", "reachable", 1.0))


def test_where_nothing_is_reachable_the_demo_and_another_try_are_offered(
    desk: Desk, qtbot: QtBot
) -> None:
    assert not desk.page.retry.isVisible()
    desk.all_lost()
    assert desk.page.retry.isVisible()
    qtbot.mouseClick(desk.page.demo, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(desk.page.retry, Qt.MouseButton.LeftButton)
    assert (desk.demo.all, desk.retry.all) == ([()], [()])
    assert desk.answer("okx") == "Asking …"
    assert not desk.page.retry.isVisible()


def test_one_that_answers_is_enough(desk: Desk) -> None:
    desk.all_lost()
    desk.page.set_reachability("okx", Reachability("okx", "reachable", 45.2))
    assert not desk.page.retry.isVisible()


def test_nothing_moves_when_the_trouble_is_said(desk: Desk) -> None:
    before = desk.page.exchanges.geometry()
    desk.all_lost()
    QApplication.processEvents()
    assert desk.page.exchanges.geometry() == before


def test_the_name_of_the_list_is_the_persons(desk: Desk, qtbot: QtBot) -> None:
    desk.page.name.selectAll()
    qtbot.keyClicks(desk.page.name, " <b>Mine</b> ")
    qtbot.keyClick(desk.page.name, Qt.Key.Key_Return)
    desk.page.name.clear()
    qtbot.keyClick(desk.page.name, Qt.Key.Key_Return)
    assert [words[2] for words in desk.started.all] == ["<b>Mine</b>", "Majors"]


def test_everything_is_done_by_keys_alone(desk: Desk, qtbot: QtBot) -> None:
    page = desk.page
    page.exchanges.boxes["binance"].setFocus()
    seen: list[QWidget] = []
    while (here := QApplication.focusWidget()) is not None and here not in seen:
        seen.append(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    boxes = [tile.box for tile in page.pairs.tiles.values()]
    assert [each for each in seen if each in boxes] == boxes, "in the order they are read"
    assert {page.name, page.demo, page.start, *page.exchanges.boxes.values()} <= set(seen)
    qtbot.keyClick(page.exchanges.boxes["okx"], Qt.Key.Key_Space)
    qtbot.keyClick(boxes[0], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [words[0] for words in desk.started.all] == [["binance", "coinbase"]]


def test_arrows_go_from_tile_to_tile_and_what_has_the_focus_is_in_sight(
    desk: Desk, qtbot: QtBot
) -> None:
    page = desk.page
    page.resize(640, 420)
    boxes = [tile.box for tile in page.pairs.tiles.values()]
    boxes[0].setFocus()
    qtbot.keyClick(boxes[0], Qt.Key.Key_Right)
    assert boxes[1].hasFocus()
    for _ in range(30):
        here = QApplication.focusWidget()
        assert here is not None
        qtbot.keyClick(here, Qt.Key.Key_Down)
    last = QApplication.focusWidget()
    assert last is not None and last in boxes[-3:]
    assert (
        page.area.viewport().rect().contains(last.mapTo(page.area.viewport(), last.rect().center()))
    )


def test_a_choice_made_before_is_shown_again(desk: Desk) -> None:
    desk.page.choose(["okx"], [("BTC", "USDT")], "Mine")
    assert desk.page.exchanges.chosen == ["okx"]
    assert desk.page.instruments == [Instrument("okx", "BTC", "USDT")]
    assert desk.page.name.text() == "Mine"


def test_going_back_is_offered_only_where_there_is_something_to_go_back_to(desk: Desk) -> None:
    assert not desk.page.back.isVisible()
    desk.page.set_returnable(True)
    desk.page.back.click()
    assert desk.back.all == [()]


@pytest.mark.parametrize("size", [(500, 400), (640, 420), (900, 600), (2_560, 1_440)])
def test_nothing_is_wider_than_the_page_and_the_foot_stays_in_sight(
    desk: Desk, size: tuple[int, int]
) -> None:
    page = desk.page
    page.resize(*size)
    QApplication.processEvents()
    for tile in page.pairs.tiles.values():
        corner = tile.mapTo(page, tile.rect().bottomRight())
        assert corner.x() < page.width()
    assert page.rect().contains(page.start.mapTo(page, page.start.rect().bottomRight()))
    assert len(page.pairs.tiles) == len(POPULAR)


def test_everything_that_can_be_used_has_a_name(desk: Desk) -> None:
    for kind in (QAbstractButton, QLineEdit):
        for widget in desk.page.findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                found = QAccessible.queryAccessibleInterface(widget)
                assert found.text(QAccessible.Text.Name), widget


# ---------------------------------------------------------------- exchanges that cannot be used


REFUSED = Reachability("okx", "refused", None, "OKX refuses connections from this region (451).")
ANSWERS = Reachability("okx", "reachable", 45.2)
LEFT_OUT = "It is left out; tick it to use it all the same."


def press(desk: Desk, qtbot: QtBot, exchange: str) -> None:
    box = desk.page.exchanges.boxes[exchange]
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


@pytest.mark.parametrize("state", ["refused", "unreachable"])
def test_an_exchange_that_cannot_be_used_is_left_out_and_says_so(
    desk: Desk, state: ReachState
) -> None:
    desk.page.set_reachability("okx", replace(REFUSED, state=state))
    assert desk.page.exchanges.chosen == ["binance", "coinbase"]
    assert desk.answer("okx") == f"{REFUSED.sentence} {LEFT_OUT}"
    box = desk.page.exchanges.boxes["okx"]
    assert box.accessibleDescription() == desk.answer("okx")
    assert desk.page.pairs.tiles["BTC", "USDT"].where.text() == "Binance"


def test_trying_again_takes_it_in_as_soon_as_it_answers(desk: Desk, qtbot: QtBot) -> None:
    desk.all_lost()
    assert desk.page.exchanges.chosen == []
    qtbot.mouseClick(desk.page.retry, Qt.MouseButton.LeftButton)
    assert desk.answer("okx") == "Asking …"
    assert desk.page.exchanges.chosen == []
    desk.page.set_reachability("okx", ANSWERS)
    desk.page.set_reachability("binance", Reachability("binance", "fallback", 9.0, "By its host."))
    desk.page.set_reachability("coinbase", Reachability("coinbase", "unreachable", None, "No."))
    assert desk.page.exchanges.chosen == ["binance", "okx"]
    assert desk.answer("okx") == "Reachable, 45 ms."
    assert desk.page.start.isEnabled()


def test_one_ticked_by_hand_stays_ticked(desk: Desk, qtbot: QtBot) -> None:
    desk.page.set_reachability("okx", REFUSED)
    press(desk, qtbot, "okx")
    assert "okx" in desk.page.exchanges.chosen
    assert desk.answer("okx") == REFUSED.sentence
    desk.page.ask_again()
    desk.page.set_reachability("okx", REFUSED)
    assert "okx" in desk.page.exchanges.chosen
    assert desk.answer("okx") == REFUSED.sentence


def test_one_unticked_by_hand_stays_unticked(desk: Desk, qtbot: QtBot) -> None:
    box = desk.page.exchanges.boxes["okx"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    for answer in (REFUSED, ANSWERS):
        desk.page.set_reachability("okx", answer)
        assert desk.page.exchanges.chosen == ["binance", "coinbase"]
    assert desk.answer("okx") == "Reachable, 45 ms."


def test_a_tick_taken_away_again_counts_as_decided(desk: Desk, qtbot: QtBot) -> None:
    desk.page.set_reachability("okx", REFUSED)
    press(desk, qtbot, "okx")
    press(desk, qtbot, "okx")
    desk.page.set_reachability("okx", ANSWERS)
    assert "okx" not in desk.page.exchanges.chosen


def test_what_was_chosen_before_is_not_taken_away(desk: Desk) -> None:
    desk.page.choose(["okx"])
    for answer in (REFUSED, ANSWERS):
        desk.page.set_reachability("okx", answer)
        assert desk.page.exchanges.chosen == ["okx"]
    desk.page.set_reachability("binance", Reachability("binance", "reachable", 3.0))
    assert desk.page.exchanges.chosen == ["okx"]
