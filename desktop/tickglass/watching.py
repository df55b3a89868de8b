"""What the watchlists hold: kept fed, described by what its exchange lists, with its sparkline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain

from .charts import ChartFeeds
from .errors import FeedError
from .exchanges import EXCHANGES
from .exchanges.exchange import BadFrame, Channel
from .feed.hub import Hub
from .language import tr
from .market.instrument import Instrument, Listing
from .market.store import Store

log = logging.getLogger(__name__)

OWNER = "watchlist"
LISTINGS_RETRY = 30.0  # s between attempts to fetch an instrument list

ShowListings = Callable[[Sequence[Listing]], object]


class Watching:
    """``instruments`` are those of all lists, each once; ``span`` is that of the sparklines."""

    def __init__(
        self,
        hub: Hub,
        store: Store,
        charts: ChartFeeds,
        show_listings: ShowListings,
        spawn: Callable[..., object],
    ) -> None:
        self._hub = hub
        self._store = store
        self._charts = charts
        self._show_listings = show_listings
        self._spawn = spawn
        self._listings: dict[str, list[Listing]] = {}
        self.instruments: list[Instrument] = []
        self.span = ""

    def follow(self, instruments: Sequence[Instrument]) -> None:
        """Keep these fed, and no others."""
        new = [each for each in instruments if each not in set(self.instruments)]
        self.instruments = list(instruments)
        self._hub.want(OWNER, chain.from_iterable(map(_row_channels, self.instruments)))
        self._judge()
        if new:
            self.seed(new)

    def choose_span(self, span: str) -> None:
        """Let every sparkline show another stretch of time."""
        self.span = span
        self.seed(self.instruments)

    def seed(self, instruments: Collection[Instrument]) -> None:
        """Fetch the past of sparklines."""
        self._spawn(self._charts.seed_sparklines(list(instruments), self.span), "sparklines")

    def learn(self, exchanges: Iterable[str]) -> None:
        """Find out what these exchanges list."""
        for exchange in exchanges:
            self._spawn(self._fetch_listings(exchange), f"{exchange} instruments")

    def forget(self, exchange: str) -> None:
        """An exchange was switched off: what it lists is not to be found any more."""
        if self._listings.pop(exchange, None) is not None:
            self._tell()

    async def _fetch_listings(self, exchange: str) -> None:
        """Learn what there is, however long the exchange is out of reach."""
        while exchange in self._hub.figures and exchange not in self._listings:
            try:
                self._listings[exchange] = await self._hub.listings(exchange)
            except (FeedError, BadFrame) as error:
                log.warning("no instrument list of %s: %s", exchange, error)
                await asyncio.sleep(LISTINGS_RETRY)
        self._tell()

    def _tell(self) -> None:
        self._show_listings([each for known in self._listings.values() for each in known])
        self._judge()

    def _judge(self) -> None:
        """Say so at each instrument whose trading its exchange has halted."""
        rows = set(self.instruments)
        for listing in chain.from_iterable(self._listings.values()):
            if listing.instrument in rows and listing.status == "halted":
                self._store.state(listing.instrument).problem = tr("Trading is halted.")
                self._store.touch([listing.instrument])


def _row_channels(instrument: Instrument) -> list[Channel]:
    """What keeps a row of the table current."""
    exchange = EXCHANGES.get(instrument.exchange)
    return [Channel(kind, instrument) for kind in exchange.row_kinds] if exchange else []
