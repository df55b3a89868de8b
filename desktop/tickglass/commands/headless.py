"""What the commands without a window share: settings, exchanges, channels, and stopping."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..errors import UsageError
from ..exchanges.exchange import Channel, Exchange, Kind
from ..market.events import BookDelta, BookSnapshot, Candle, MarketEvent, Quote, Ticker, Trade
from ..market.instrument import Instrument
from ..paths import find_paths
from ..settings import SettingsFile
from ..wiring import Wiring, embedded_exchanges, known_exchange, wire

KINDS: dict[type, Kind] = {
    Ticker: Kind.TICKER,
    Trade: Kind.TRADE,
    Quote: Kind.QUOTE,
    Candle: Kind.CANDLE,
    BookSnapshot: Kind.BOOK,
    BookDelta: Kind.BOOK,
}
clock = time.monotonic


def complain(sentence: str) -> None:
    """Say one sentence on standard error."""
    print(f"tickglass: {sentence}", file=sys.stderr, flush=True)


@contextmanager
def connected(options: argparse.Namespace) -> Iterator[Wiring]:
    """The exchanges to use: those of the settings, or the embedded ones with ``--demo``."""
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    if options.demo:
        with embedded_exchanges() as wiring:
            yield wiring
        return
    file = SettingsFile(find_paths(options.config_dir))
    wiring = wire(file.load())
    for notice in [*file.notices, *wiring.notices]:
        complain(notice)
    yield wiring


def parse_instruments(texts: Sequence[str], wiring: Wiring) -> list[Instrument]:
    """The instruments named, on exchanges that exist and are switched on."""
    instruments = [Instrument.parse(text) for text in texts]
    for instrument in instruments:
        require(known_exchange(instrument.exchange), wiring)
    return list(dict.fromkeys(instruments))


def require(exchange: type[Exchange], wiring: Wiring) -> None:
    """Raise UsageError if an exchange is switched off."""
    if exchange not in wiring.exchanges:
        raise UsageError(
            f"{exchange.title} is switched off in the settings; "
            f"switch it on under [exchanges.{exchange.name}]."
        )


def parse_channels(text: str, instruments: Sequence[Instrument]) -> list[Channel]:
    """``ticker,trade,candle:1m`` for each of the instruments."""
    return [
        _channel(word.strip(), instrument) for word in text.split(",") for instrument in instruments
    ]


def _channel(word: str, instrument: Instrument) -> Channel:
    name, _, interval = word.partition(":")
    if name not in list(Kind):
        raise UsageError(
            f"There is no channel {word!r}; "
            "there is ticker, trade, quote, book and candle:INTERVAL."
        )
    kind = Kind(name)
    exchange = known_exchange(instrument.exchange)
    if kind is Kind.CANDLE and interval not in exchange.intervals:
        raise UsageError(
            f"{exchange.title} has no candles of {interval or 'no interval'!r}; "
            f"it has {', '.join(exchange.intervals)}."
        )
    if kind is not Kind.CANDLE and interval:
        raise UsageError(f"Only candles have an interval, not {word!r}.")
    return Channel(kind, instrument, interval)


def channel_of(event: MarketEvent) -> Channel:
    """The channel that an event belongs to."""
    interval = event.interval if isinstance(event, Candle) else ""
    return Channel(KINDS[event.__class__], event.instrument, interval)


def stop_on_signals(stop: asyncio.Event) -> None:
    """Let Ctrl-C and SIGTERM end a command in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: KeyboardInterrupt ends the loop instead
            return


async def wait_for(stop: asyncio.Event, seconds: float | None) -> None:
    """Wait until something asks to stop, or the time is over."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
