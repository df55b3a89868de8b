"""A small market and its view, on a clock that the tests drive."""

from collections.abc import Iterator

import pytest

from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.trading import Happening
from tickglass.simulator.view import ExchangeView

START = 1_795_361_145_678  # 2026-11-22 15:25:45.678: within a minute, an hour, a day, a month
STEP = 25
EXCHANGE = "binance"


def run(market: Market, seconds: float, step: int = STEP) -> Iterator[Happening]:
    """Advance the market in steps, handing on what happens."""
    end = market.now + int(seconds * 1000)
    while market.now < end:
        yield from market.advance(min(end, market.now + step))


@pytest.fixture
def market() -> Market:
    return Market(7, pairs(12), START, 1_000.0)


@pytest.fixture
def view(market: Market) -> ExchangeView:
    return ExchangeView(market, EXCHANGE)
