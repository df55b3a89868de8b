"""Candles from the newest back to a time, over as many replies as that takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..market.events import Candle

MOST_PAGES = 20  # 4 days of minutes where a page is shortest

# At most so many candles that start before a time (ms), or the newest if that is None.
Page = Callable[[int, int | None], Awaitable[list[Candle]]]


async def candles_since(page: Page, since: int | None, limit: int) -> list[Candle]:
    """The newest ``limit`` candles and, where they begin later, all from ``since`` (ms) on.

    Oldest first. Where the exchange has none before, that is all there is.
    """
    found = await page(limit, None)
    for _ in range(MOST_PAGES):
        if since is None or not found or found[0].start <= since:
            break
        before = await page(limit, found[0].start)
        if not before:
            break
        found = [*before, *found]
    return found
