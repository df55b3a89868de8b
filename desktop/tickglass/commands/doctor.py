"""``tickglass doctor``: what Tickglass finds on this machine and on the network."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from ..delivery.desktop import Capabilities, capabilities
from ..errors import FeedError
from ..exchanges.exchange import BadFrame, Exchange
from ..feed.hub import Hub
from ..feed.skew import measure_skew
from ..paths import Paths, find_paths
from ..records import json_line
from ..wiring import Wiring
from . import headless
from .instruments import Nowhere

LIBRARIES = (
    "PySide6-Essentials",
    "qasync",
    "websockets",
    "numpy",
    "TA-Lib",
    "msgspec",
    "aiohttp",
)
SKEW_WORTH_SAYING = 1_000  # ms


@dataclass(frozen=True, slots=True)
class Reach:
    """How an exchange answers: round trip and clock skew in ms, or why it does not."""

    exchange: str
    host: str
    reachable: bool
    round_trip_ms: float | None
    clock_skew_ms: float | None
    detail: str


def doctor(options: argparse.Namespace) -> int:
    """Print the findings; the exit status is 1 if an enabled exchange cannot be reached."""
    paths = find_paths(options.config_dir)
    with headless.connected(options) as wiring:
        desktop, reaches = asyncio.run(_examine(wiring))
    if options.json:
        print(json_line(_report(paths, desktop, reaches)))
    else:
        _print(paths, desktop, reaches)
    return 0 if all(reach.reachable for reach in reaches) else 1


async def _examine(wiring: Wiring) -> tuple[Capabilities, list[Reach]]:
    async with Hub(wiring.exchanges, wiring.endpoints, Nowhere(), headless.clock) as hub:
        reaches = await asyncio.gather(*(_reach(hub, each, wiring) for each in wiring.exchanges))
        return await capabilities(), reaches


async def _reach(hub: Hub, exchange: type[Exchange], wiring: Wiring) -> Reach:
    """How an exchange answers when it is asked for its clock."""
    host = wiring.endpoints[exchange.name][0].rest
    adapter = hub.adapter(exchange.name)
    rest = hub.rest(exchange.name)
    try:
        skew, round_trip = await measure_skew(adapter, rest)
    except (FeedError, BadFrame) as error:
        return Reach(exchange.name, host, False, None, None, error.sentence)
    return Reach(exchange.name, host, True, round(round_trip, 1), round(skew, 1), _skew(skew))


def _skew(skew: float) -> str:
    if abs(skew) < SKEW_WORTH_SAYING:
        return ""
    direction = "ahead of" if skew > 0 else "behind"
    return f"This computer's clock is {abs(skew) / 1000:.1f} s {direction} the exchange's."


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def _folders(paths: Paths) -> dict[str, str]:
    folders: dict[str, Path] = asdict(paths)
    return {name: str(path) for name, path in folders.items()}


def _report(paths: Paths, desktop: Capabilities, reaches: list[Reach]) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": _versions(),
        "paths": _folders(paths),
        "tray": desktop.tray,
        "notifications": desktop.notifications,
        "desktop": desktop.detail,
        "exchanges": [asdict(reach) for reach in reaches],
    }


def _print(paths: Paths, desktop: Capabilities, reaches: list[Reach]) -> None:
    print(f"Tickglass {__version__} on Python {platform.python_version()}, {platform.platform()}")
    print("  " + ", ".join(f"{name} {version}" for name, version in _versions().items()))
    for name, folder in _folders(paths).items():
        print(f"{name:14} {folder}")
    print(f"{'tray':14} {_yes(desktop.tray)}")
    print(f"{'notifications':14} {_yes(desktop.notifications)}  {desktop.detail}".rstrip())
    for reach in reaches:
        print(f"{reach.exchange:14} {_reach_line(reach)}")
    sys.stdout.flush()


def _yes(found: bool | None) -> str:
    return {True: "yes", False: "no", None: "seen only by the window"}[found]


def _reach_line(reach: Reach) -> str:
    if not reach.reachable:
        return f"{reach.host}: {reach.detail}"
    timing = f"round trip {reach.round_trip_ms} ms, clock skew {reach.clock_skew_ms} ms"
    return f"{reach.host}: {timing}{reach.detail and '. '}{reach.detail}"
