"""What is said of a book: every state in a mark and a word of its own."""

import pytest

from tickglass.market.freshness import Freshness
from tickglass.ui.book.book_words import figures_text, title_text, trust_of, trust_of_merged

from .helpers import BTC, BYBIT, OKX, ladder


def test_no_two_states_need_colour_to_be_told_apart() -> None:
    states = [trust_of(each, 1.0, waits=False) for each in Freshness]
    states.append(trust_of(Freshness.LIVE, 1.0, waits=True))
    states.append(trust_of_merged(Freshness.LIVE, 1.0, 1, 2))
    assert len({each.mark for each in states}) == len({each.words for each in states}) == 7
    assert [each.good for each in states] == [True, True, False, False, False, False, False]


def test_an_age_is_told_once_it_is_worth_it() -> None:
    assert trust_of(Freshness.STALE, 1.9, waits=False).words == "stale"
    assert trust_of(Freshness.STALE, 20.0, waits=False).words == "stale · 20 s"
    assert trust_of(Freshness.LOST, None, waits=False).words == "lost"


@pytest.mark.parametrize(
    ("used", "mark", "words"),
    [(3, "●", "live"), (2, "◔", "2 of 3 books"), (0, "…", "0 of 3 books")],
)
def test_of_several_books_it_says_how_many_are_used(used: int, mark: str, words: str) -> None:
    trust = trust_of_merged(Freshness.LIVE, 0.0, used, 3)
    assert (trust.mark, trust.words, trust.good) == (mark, words, used == 3)


def test_a_book_has_the_names_of_all_who_hold_it() -> None:
    assert title_text([BTC, BYBIT, OKX], {"okx": "OKX"}) == "BTC/USDT · Binance, Bybit, OKX"
    assert title_text([], {}) == ""


def test_figures_without_a_book_or_a_side_say_what_is_known() -> None:
    assert figures_text(None, 5, 1, 1, spread=True) == "1 resync"
    assert "Spread" not in figures_text(ladder(asks=[]), 5, 1, 0, spread=True)
