"""What the watchlists hold: kept fed, described by what its exchange lists, with its sparkline."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain

from .anchors import Anchors
from .charts import ChartFeeds
from .errors import FeedError, UsageError
from .exchanges import EXCHANGES
from .exchanges.exchange import BadFrame, Channel
from .feed.hub import Hub
from .language import tr
from .market.instrument import Instrument, Listing
from .market.store import Store

log = logging.getLogger(__name__)

OWNER = "watchlist"
CHECK_INTERVAL = 60.0  # s between looks at what the feed learnt of the instruments
LISTINGS_RETRY = 30.0  # s between attempts to fetch an instrument list

ShowListings = Callable[[Sequence[Listing]], object]


class Watching:
    """``instruments`` are those of all lists, each once; ``span`` is that of the sparklines."""

    def __init__(
        self,
        hub: Hub,
        store: Store,
        charts: ChartFeeds,
        anchors: Anchors,
        show_listings: ShowListings,
        show_halted: Callable[[Collection[Instrument]], object],
        spawn: Callable[..., object],
    ) -> None:
        self._hub = hub
        self._store = store
        self._charts = charts
        self._anchors = anchors
        self._show_listings = show_listings
        self._show_halted = show_halted
        self._spawn = spawn
        self._listings: dict[str, list[Listing]] = {}
        self._problems: dict[Instrument, str] = {}
        self._checked = 0.0
        self.instruments: list[Instrument] = []
        self.span = ""

    def follow(self, instruments: Sequence[Instrument]) -> None:
        """Keep these fed, and no others."""
        new = [each for each in instruments if each not in set(self.instruments)]
        self.instruments = list(instruments)
        self._hub.want(OWNER, chain.from_iterable(map(_row_channels, self.instruments)))
        self._anchors.follow(self.instruments)
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
                found = await self._hub.listings(exchange)
            except (FeedError, BadFrame) as error:
                log.warning("no instrument list of %s: %s", exchange, error)
                await asyncio.sleep(LISTINGS_RETRY)
                continue
            if exchange in self._hub.figures:  # it may have been switched off meanwhile
                self._listings[exchange] = found
        self._tell()

    def _tell(self) -> None:
        self._show_listings([each for known in self._listings.values() for each in known])
        self._judge()

    def check(self, now: float) -> None:
        """Look now and then what became of the instruments; ``now`` is a monotonic second."""
        self._anchors.check(now)
        if now - self._checked >= CHECK_INTERVAL:
            self._checked = now
            if self._listings:
                self._spawn(self._look_again(), "instruments again")

    async def _look_again(self) -> None:
        """The feed learns again and again what its exchanges list; take over what changed."""
        changed = False
        for exchange, known in list(self._listings.items()):
            try:
                listings = await self._hub.listings(exchange)
            except (FeedError, BadFrame, UsageError) as error:
                log.info("no instrument list of %s: %s", exchange, error)
                continue
            if listings is not known and exchange in self._listings:
                self._listings[exchange], changed = listings, True
        if changed:
            self._tell()

    def _judge(self) -> None:
        """Say so at each instrument that is halted or gone; take it back when trading goes on."""
        found = problems(self.instruments, self._listings)
        for instrument in self._problems.keys() | found.keys():
            state = self._store.state(instrument)
            sentence = found.get(instrument, "")
            if sentence or state.problem == self._problems.get(instrument):
                state.problem = sentence
        self._problems = found
        self._show_halted(found)
        self._store.touch(self.instruments)


def problems(
    watched: Iterable[Instrument], listings: Mapping[str, Sequence[Listing]]
) -> dict[Instrument, str]:
    """What is wrong with those whose exchange told what it lists, a sentence each."""
    known = {each.instrument: each.status for its in listings.values() for each in its}
    found = {}
    for instrument in watched:
        if instrument.exchange not in listings:
            continue
        status = known.get(instrument, "delisted")
        if status == "halted":
            found[instrument] = tr("Trading is halted.")
        elif status == "delisted":
            exchange = EXCHANGES[instrument.exchange].title
            found[instrument] = tr("No longer listed on {exchange}.", exchange=exchange)
    return found


def _row_channels(instrument: Instrument) -> list[Channel]:
    """What keeps a row of the table current."""
    exchange = EXCHANGES.get(instrument.exchange)
    return [Channel(kind, instrument) for kind in exchange.row_kinds] if exchange else []
