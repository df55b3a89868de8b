"""What another client receives, held against what ours receives at the same time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Channel, Endpoint, Kind
from tickglass.feed.hub import Hub
from tickglass.market.instrument import Instrument

from ..feed.helpers import until
from .own import HISTORY, Own, Value, row
from .table import Counts, Table

PATIENCE = 25.0  # s; a client that takes longer to receive enough fails
ARREARS = 3.0  # s that ours may be behind
CANDLES = 200  # of history
SPARE = 5  # candles that ours reads more: a minute may end meanwhile
# Distinct values that are enough.
WANTED = {
    Kind.TICKER: 4,
    Kind.TRADE: 15,
    Kind.QUOTE: 15,
    Kind.BOOK: 15,
    Kind.CANDLE: 3,
    HISTORY: CANDLES - 1,
}
LIVE = tuple(Kind)
# What is told on subscribing is how things stand at that moment, which ours may not have seen.
OPENING = (Kind.TICKER, Kind.QUOTE, Kind.BOOK, Kind.CANDLE)
INTERVALS = {"coinbase": "5m"}  # the only candles that it pushes; elsewhere 1m


def instrument_of(exchange: str) -> Instrument:
    """The instrument that is compared there."""
    return Instrument(exchange, "BTC", "USD" if exchange == "coinbase" else "USDT")


class Comparison:
    """One client on one exchange, and ours beside it."""

    def __init__(self, instrument: Instrument, own: Own, hub: Hub, channels: Iterable[str]) -> None:
        self.instrument = instrument
        self.channels = tuple(channels)
        self.own = own
        self._hub = hub
        self._messages: Counter[str] = Counter()
        self._values: dict[str, set[Value]] = defaultdict(set)

    def saw(self, channel: str, *values: Value) -> None:
        """Note one message and what it said."""
        self._messages[channel] += 1
        if channel not in OPENING or self._messages[channel] > 1:
            self._values[channel].update(values)

    def enough(self, channel: str) -> bool:
        """Whether as much came as is compared."""
        return len(self._values[channel]) >= WANTED[channel]

    async def all_enough(self) -> None:
        """Wait until every channel brought enough."""
        await until(lambda: all(map(self.enough, self.channels)), PATIENCE)

    async def begin(self) -> None:
        """Let ours receive every channel first, so that it misses nothing that the client sees."""
        interval = INTERVALS.get(self.instrument.exchange, "1m")
        wanted = [
            Channel(kind, self.instrument, interval if kind is Kind.CANDLE else "") for kind in LIVE
        ]
        self._hub.want("interop", wanted)
        await until(lambda: all(self.own.values[kind] for kind in LIVE))

    async def settle(self) -> None:
        """Let ours catch up, and ask for the history that the client asked for."""
        if HISTORY in self.channels:
            rows = await self._hub.candles(self.instrument, "1m", limit=CANDLES + SPARE)
            self.own.values[HISTORY] = {row(each) for each in rows}
        with suppress(AssertionError):  # what is missing then is told with its values
            await until(lambda: not any(map(self.missing, self.channels)), ARREARS)

    def missing(self, channel: str) -> set[Value]:
        """What the client has and ours has not."""
        return self._values[channel] - self.own.values[channel]

    def counts(self, channel: str) -> Counts:
        """The row of the table."""
        missing, values = len(self.missing(channel)), len(self._values[channel])
        return Counts(self._messages[channel], values, missing, WANTED[channel])


@asynccontextmanager
async def compared(
    table: Table, client: str, exchange: str, endpoint: Endpoint, channels: Iterable[str]
) -> AsyncIterator[Comparison]:
    """Run ours while the client runs inside; then compare, fill the table, and claim equality."""
    own = Own()
    adapters, endpoints = [EXCHANGES[exchange]], {exchange: [endpoint]}
    async with Hub(adapters, endpoints, own, time.monotonic) as hub:
        comparison = Comparison(instrument_of(exchange), own, hub, channels)
        await comparison.begin()
        try:
            async with asyncio.timeout(PATIENCE):
                yield comparison
            await comparison.settle()
        finally:
            for channel in comparison.channels:
                table.compared(client, exchange, channel, comparison.counts(channel))
        problems = {
            channel: (comparison.counts(channel).problem, sorted(comparison.missing(channel))[:3])
            for channel in comparison.channels
            if not comparison.counts(channel).equal
        }
        assert not problems, problems
