"""The day of a whole exchange, against each simulated exchange's own numbers."""

import time

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.hub import Hub
from tickglass.simulator import server

from .helpers import Listener


@pytest.mark.asyncio
@pytest.mark.parametrize("name", sorted(EXCHANGES))
async def test_every_instrument_comes_with_its_day(name: str) -> None:
    # A market that stands still, so that both sides speak of the same moment.
    markets = server.markets([name], 5, 12, 50.0, server.clock())
    async with server.Simulator(markets, ticking=False) as simulator:
        at = simulator.endpoints[name]
        where = {name: (Endpoint(at["ws"], at["rest"]),)}
        async with Hub([EXCHANGES[name]], where, Listener(), time.monotonic) as hub:
            found = {each.instrument: each for each in await hub.market(name)}
        view = simulator.exchanges[name].view
        trading = [each for each in view.listings if each.status == "trading"]
        if name == "coinbase":  # a pair in USDC has the data of that in dollars
            trading = [each for each in trading if each.instrument.quote_ccy != "USDC"]
        assert {each.instrument for each in trading} <= found.keys()
        assert len(trading) >= 5
        for listing in trading:
            own, ticker = view.day(listing.instrument).ticker, found[listing.instrument]
            assert ticker.last == own.last
            assert ticker.open == pytest.approx(own.open, rel=1e-3)  # some tell per cent only
            assert ticker.base_volume == pytest.approx(own.base_volume)
