"""``tickglass simulate``: the simulated exchanges, standalone."""

from __future__ import annotations

import argparse
import asyncio

from ..exchanges import EXCHANGES
from ..simulator.faults import Faults
from ..simulator.server import serve
from ..wiring import known_exchange
from . import headless


def simulate(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    names = [known_exchange(name).name for name in options.exchange or EXCHANGES]
    faults = Faults.parse(options.fault)
    asyncio.run(_serve(options, list(dict.fromkeys(names)), faults))
    return 0


async def _serve(options: argparse.Namespace, names: list[str], faults: Faults) -> None:
    stop = asyncio.Event()
    headless.stop_on_signals(stop)
    server = asyncio.create_task(
        serve(
            exchanges=names,
            port=options.port,
            seed=options.seed,
            pair_count=options.pairs,
            rate=options.rate,
            faults=faults,
        ),
        name="simulator",
    )
    stopped = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({server, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    server.cancel()
    await asyncio.wait({server})
    if not server.cancelled():
        server.result()
