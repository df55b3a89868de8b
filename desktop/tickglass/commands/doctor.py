"""``tickglass doctor``: what Tickglass finds on this machine and on the network."""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import __version__
from ..delivery.desktop import Capabilities, capabilities
from ..paths import Paths, find_paths
from ..reachability import probe_all
from ..records import json_line
from ..ui.welcome_values import Reachability
from ..wiring import Wiring
from . import headless

LIBRARIES = (
    "PySide6-Essentials",
    "qasync",
    "websockets",
    "numpy",
    "TA-Lib",
    "msgspec",
    "aiohttp",
)


def doctor(options: argparse.Namespace) -> int:
    """Print the findings; the exit status is 1 if an enabled exchange cannot be reached."""
    paths = find_paths(options.config_dir)
    with headless.connected(options) as wiring:
        desktop, reaches = asyncio.run(_examine(wiring))
    if options.json:
        print(json_line(_report(paths, desktop, reaches)))
    else:
        _print(paths, desktop, reaches)
    return 0 if all(reach.usable for reach in reaches) else 1


async def _examine(wiring: Wiring) -> tuple[Capabilities, list[Reachability]]:
    found = await probe_all(wiring.exchanges, wiring.endpoints, headless.clock)
    return await capabilities(), found


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def _folders(paths: Paths) -> dict[str, str]:
    folders: dict[str, Path] = asdict(paths)
    return {name: str(path) for name, path in folders.items()}


def _report(paths: Paths, desktop: Capabilities, reaches: list[Reachability]) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": _versions(),
        "paths": _folders(paths),
        "tray": desktop.tray,
        "notifications": desktop.notifications,
        "desktop": desktop.detail,
        "exchanges": [_reach_record(reach) for reach in reaches],
    }


def _print(paths: Paths, desktop: Capabilities, reaches: list[Reachability]) -> None:
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


def _reach_record(reach: Reachability) -> dict[str, Any]:
    return {
        "exchange": reach.exchange,
        "host": reach.host,
        "reachable": reach.usable,
        "round_trip_ms": reach.milliseconds,
        "clock_skew_ms": reach.skew,
        "detail": reach.sentence,
    }


def _reach_line(reach: Reachability) -> str:
    if not reach.usable:
        return f"{reach.host}: {reach.sentence}"
    timing = f"round trip {reach.milliseconds} ms, clock skew {reach.skew} ms"
    return f"{reach.host}: {timing}{reach.sentence and '. '}{reach.sentence}"
