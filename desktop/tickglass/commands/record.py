"""``tickglass record``: raw ws frames into a file, as they arrive."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Collection, Sequence

from ..errors import FeedError, TickglassError
from ..exchanges.exchange import BadFrame, Channel
from ..feed.hub import Hub
from ..feed.recording import Recorder
from ..market.events import MarketEvent, Status
from ..market.freshness import Link
from ..market.instrument import Instrument
from ..market.store import Store
from ..wiring import Wiring
from . import headless


def record(options: argparse.Namespace) -> int:
    """Record until the time is over or the person stops it."""
    with headless.connected(options) as wiring:
        instruments = headless.parse_instruments(options.instruments, wiring)
        channels = headless.parse_channels(options.channel, instruments)
        with Recorder(options.file, time.time_ns) as recorder:
            asyncio.run(_record(options.seconds, wiring, instruments, channels, recorder))
    headless.complain(f"{recorder.frames} frames written to {options.file}.")
    return 0


class Keeper:
    """A sink that keeps the books going, so that a broken one asks for its snapshot."""

    def __init__(self) -> None:
        self._store = Store()
        self.problem = ""

    def apply(self, event: MarketEvent, link: Link) -> None:
        """Only books need looking after."""
        self._store.apply(event, link)

    def status(self, status: Status) -> None:
        """Tell the person when something is wrong."""
        if status.detail:
            self.problem = status.detail
            headless.complain(status.detail)

    def interrupted(self, instruments: Collection[Instrument]) -> None:
        """The recording shows the gap by itself."""

    def refused(self, instrument: Instrument, sentence: str) -> None:
        """Tell the person."""
        if sentence:
            headless.complain(sentence)


async def _record(
    seconds: float | None,
    wiring: Wiring,
    instruments: Sequence[Instrument],
    channels: Sequence[Channel],
    recorder: Recorder,
) -> None:
    stop = asyncio.Event()
    headless.stop_on_signals(stop)
    keeper = Keeper()
    async with Hub(wiring.exchanges, wiring.endpoints, keeper, headless.clock, recorder) as hub:
        await _describe(hub, instruments, recorder)
        hub.want("record", channels)
        await headless.wait_for(stop, seconds)
    if not recorder.frames:
        raise TickglassError(f"Nothing came. {keeper.problem}".rstrip())


async def _describe(hub: Hub, instruments: Sequence[Instrument], recorder: Recorder) -> None:
    """Write the symbols of the instruments; raise if an exchange does not list one of them."""
    for exchange in sorted({instrument.exchange for instrument in instruments}):
        try:
            listings = {each.instrument: each for each in await hub.listings(exchange)}
        except (FeedError, BadFrame) as error:
            headless.complain(f"Could not check that the pairs exist: {error.sentence}")
            continue
        here = [each for each in instruments if each.exchange == exchange]
        for instrument in here:
            if instrument not in listings:
                title = hub.adapter(exchange).title
                raise TickglassError(f"{title} does not list {instrument.pair}.")
        recorder.instruments(exchange, [listings[each] for each in here])
