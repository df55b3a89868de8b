"""Candles back to a time, however many replies that takes."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tickglass.feed.paging import MOST_PAGES, candles_since
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument

BTC = Instrument("okx", "BTC", "USDT")


class Exchange:
    """Has a candle every minute between two of them, and gives at most ``page`` at once."""

    def __init__(self, first: int, last: int, page: int) -> None:
        self.starts = range(first, last + 1)
        self.page = page
        self.asked: list[int | None] = []

    async def give(self, limit: int, end: int | None) -> list[Candle]:
        self.asked.append(end)
        starts = [each for each in self.starts if end is None or each < end]
        return [candle(each) for each in starts[-min(limit, self.page) :]]


def candle(start: int) -> Candle:
    return Candle(BTC, "1m", start, 1.0, 1.0, 1.0, 1.0, 0.0, True)


def starts(exchange: Exchange, since: int | None, limit: int) -> list[int]:
    return [each.start for each in asyncio.run(candles_since(exchange.give, since, limit))]


@given(st.integers(0, 300), st.integers(1, 60), st.integers(1, 60))
def test_everything_since_comes_once_and_in_order(since: int, page: int, limit: int) -> None:
    exchange = Exchange(0, 200, page)
    found = starts(exchange, since, limit)
    assert found == list(range(found[0], 201))
    reach = min(page, limit) * (MOST_PAGES + 1)
    assert found[0] <= since or len(found) == reach


def test_without_a_time_one_page_is_enough() -> None:
    exchange = Exchange(0, 200, 50)
    assert starts(exchange, None, 500) == list(range(151, 201))
    assert exchange.asked == [None]


def test_where_the_exchange_begins_later_it_ends_there() -> None:
    exchange = Exchange(100, 200, 60)
    assert starts(exchange, 5, 500) == list(range(100, 201))
    assert exchange.asked == [None, 141, 100]
