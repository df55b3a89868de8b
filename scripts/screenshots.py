"""The pictures of ``docs/``, each from the running program on its embedded exchanges.

Run by ``make screenshots`` on a virtual display (or the one there is); one scene can be named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCREEN = "1600x1000x24"
SECONDS = "9"
WATCHLIST = (
    *("binance:BTC/USDT", "bybit:BTC/USDT", "okx:BTC/USDT", "coinbase:BTC/USD", "kucoin:BTC/USDT"),
    *("binance:ETH/USDT", "binance:SOL/USDT", "okx:DOGE/USDT", "kucoin:PEPE/USDT"),
)


def chart(
    instrument: str = "binance:BTC/USDT",
    interval: str = "15m",
    group: str = "",
    **look: Any,
) -> dict[str, Any]:
    """A chart as the window remembers it."""
    return {"instrument": instrument, "interval": interval, "group": group, "look": look}


def indicator(kind: str, *parameters: float) -> dict[str, Any]:
    """An indicator as the window remembers it."""
    return {"kind": kind, "parameters": list(parameters)}


def scene(
    *charts: dict[str, Any], layout: str = "One chart", theme: str = "dark", **side: Any
) -> dict[str, Any]:
    """What a picture shows; ``side`` says whether book and tape stand beside the charts."""
    return {
        "theme": theme,
        "window": {
            "instrument": charts[0]["instrument"],
            "charts": {"layout": layout, "charts": list(charts), "active": 0},
            "side": side,
        },
    }


MOVING = [indicator("sma", 20), indicator("ema", 50)]
SCENES = {
    "tickglass": scene(chart(indicators=MOVING), book=True, tape=True),
    "tickglass-light": scene(chart(indicators=MOVING), theme="light", book=True, tape=True),
    "indicators": scene(
        chart(
            indicators=[
                indicator("bollinger", 20, 2),
                indicator("macd", 12, 26, 9),
                indicator("rsi", 14),
            ]
        )
    ),
    "four-charts": scene(
        chart(group="A"),
        chart("okx:DOGE/USDT", "5m", group="A", style="hollow"),
        chart("binance:ETH/USDT", "1h", style="area", scale="log"),
        chart("binance:SOL/USDT", "10m", style="heikin-ashi"),
        layout="Four",
    ),
    "small-prices": scene(
        chart("kucoin:PEPE/USDT", "5m", style="bars"), theme="light", book=True, tape=True
    ),
    "compared": scene(
        chart(
            scale="percent",
            style="line",
            compared=["binance:ETH/USDT", "okx:DOGE/USDT"],
        )
    ),
    "all-exchanges": scene(chart(), book=True, tape=True, together=True),
}


def main(names: list[str]) -> int:
    """Make the pictures of these names, or all; the exit status."""
    with display() as environment:
        for name in names or SCENES:
            if name not in SCENES:
                print(f"There is no scene {name}; there are {', '.join(SCENES)}.", file=sys.stderr)
                return 2
            print(take(name, environment))
    return 0


def take(name: str, environment: dict[str, str]) -> Path:
    """Run the program on a scene and leave its picture."""
    wanted = SCENES[name]
    picture = DOCS / f"{name}.png"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder)
        instruments = ", ".join(f'"{each}"' for each in WATCHLIST)
        (config / "settings.toml").write_text(
            f"version = 1\n[window]\ntheme = '{wanted['theme']}'\n"
            f"[[watchlists]]\nname = 'Majors'\ninstruments = [{instruments}]\n"
        )
        (config / "window.json").write_text(json.dumps(wanted["window"]))
        command = [sys.executable, "-m", "tickglass", "--demo", "--config-dir", folder]
        command += ["--for", SECONDS, "--screenshot", str(picture)]
        subprocess.run(command, check=True, env=environment)
    return picture


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a screen: a virtual one where Xvfb is, offscreen where not."""
    environment = dict(os.environ)
    if shutil.which("Xvfb") is None:
        yield environment | {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as number:
            screen = f":{number.readline().strip()}"
        yield environment | {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
