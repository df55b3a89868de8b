"""Sparklines of a chosen span get their history, against the simulated Binance."""

import asyncio
from pathlib import Path

import pytest

from .feed.helpers import BTC, ETH, endpoint, simulator
from .test_charts import desk


@pytest.mark.asyncio
@pytest.mark.parametrize(("span", "least"), [("1h", 55), ("4h", 45), ("7d", 80)])
async def test_sparklines_get_the_span_that_is_asked_for(
    tmp_path: Path, span: str, least: int
) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        await at.charts.seed_sparklines([BTC], span)
        line = at.listener.store.state(BTC).sparkline
        assert line.span == span
        assert len(line.prices) >= least


@pytest.mark.asyncio
async def test_a_newer_span_ends_the_round_of_the_older_one(tmp_path: Path) -> None:
    async with simulator() as server, desk(endpoint(server), tmp_path) as at:
        at.spawn(at.charts.seed_sparklines([BTC, ETH], "7d"), "older")
        await asyncio.sleep(0)  # let it begin
        await at.charts.seed_sparklines([BTC, ETH], "1h")
        while at.tasks:
            await next(iter(at.tasks))
        for instrument in (BTC, ETH):
            line = at.listener.store.state(instrument).sparkline
            assert (line.span, len(line.prices) <= 60) == ("1h", True)
