"""The pictures of ``docs/``, each from the running program on its embedded exchanges.

Run by ``make screenshots`` on a virtual display (or the one there is); scenes can be named, and
``--into FOLDER`` puts the pictures elsewhere. ``--every`` makes those that are only looked at, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from tickglass.program import Program
    from tickglass.ui.main_window import MainWindow

    Pose = Callable[[MainWindow], Awaitable[None]]

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCREEN = "5200x3000x24"  # room for the largest window at twice the scale
USUAL_SIZE = (1240, 800)
SECONDS = 9.0  # until charts and sparklines are filled
SETTLED = 1.5  # s after the last change
REFUSING = "okx"  # on the first page, to show how that looks
WATCHLIST = (
    *("binance:BTC/USDT", "bybit:BTC/USDT", "okx:BTC/USDT", "coinbase:BTC/USD", "kucoin:BTC/USDT"),
    *("binance:ETH/USDT", "binance:SOL/USDT", "okx:DOGE/USDT", "kucoin:PEPE/USDT"),
)


@dataclass(frozen=True)
class Scene:
    """What a picture shows: charts, the settings of the window, and what is done before.

    ``side`` says whether book and tape stand beside the charts. Without ``kept`` the picture is
    only looked at, and no part of ``docs/``.
    """

    charts: Sequence[Mapping[str, Any]] = ()
    layout: str = "One chart"
    settings: Mapping[str, str] = field(default_factory=lambda: {"theme": "dark"})
    side: Mapping[str, bool] = field(default_factory=dict)
    pose: str = ""
    size: tuple[int, int] = USUAL_SIZE
    scale: int = 1
    first_start: bool = False
    kept: bool = True
    seconds: float = SECONDS


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


MOVING = [indicator("sma", 20), indicator("ema", 50)]
BESIDE = {"book": True, "tape": True}
DARK, LIGHT = {"theme": "dark"}, {"theme": "light"}
USUAL = [chart(indicators=MOVING)]
SCENES = {
    "tickglass": Scene(USUAL, side=BESIDE),
    "tickglass-light": Scene(USUAL, settings=LIGHT, side=BESIDE),
    "indicators": Scene(
        [
            chart(
                indicators=[
                    indicator("bollinger", 20, 2),
                    indicator("macd", 12, 26, 9),
                    indicator("rsi", 14),
                ]
            )
        ]
    ),
    "four-charts": Scene(
        [
            chart(group="A"),
            chart("okx:DOGE/USDT", "5m", group="A", style="hollow"),
            chart("binance:ETH/USDT", "1h", style="area", scale="log"),
            chart("binance:SOL/USDT", "10m", style="heikin-ashi"),
        ],
        layout="Four",
    ),
    "small-prices": Scene(
        [chart("kucoin:PEPE/USDT", "5m", style="bars")], settings=LIGHT, side=BESIDE
    ),
    "compared": Scene(
        [chart(scale="percent", style="line", compared=["binance:ETH/USDT", "okx:DOGE/USDT"])]
    ),
    "all-exchanges": Scene([chart()], side={**BESIDE, "together": True}),
    "first-page": Scene(pose="welcome", first_start=True, seconds=4.0),
    "settings": Scene(USUAL, pose="settings", seconds=4.0),
    "command-palette": Scene(USUAL, pose="palette", seconds=4.0),
    "grouped": Scene(USUAL, pose="grouped"),
    "ticker": Scene(USUAL, pose="ticker", seconds=5.0),
    "board": Scene(USUAL, pose="board", seconds=5.0),
    "movers": Scene(USUAL, pose="movers"),
    "alert-form": Scene(USUAL, pose="alert_form", seconds=6.0),
    "alerts": Scene(USUAL, settings=LIGHT, pose="alerts", seconds=12.0),
    "german": Scene(USUAL, settings={**DARK, "language": "de"}, side=BESIDE),
    "colour-blind": Scene(USUAL, settings={**DARK, "palette": "colour-blind"}, side=BESIDE),
    # Only looked at.
    "alert-form-spread": Scene(USUAL, pose="alert_form_spread", seconds=6.0, kept=False),
    "alert-form-german": Scene(
        USUAL, settings={**LIGHT, "language": "de"}, pose="alert_form", seconds=6.0, kept=False
    ),
    "alert-form-chinese": Scene(
        USUAL, settings={**LIGHT, "language": "zh_CN"}, pose="alert_form", seconds=6.0, kept=False
    ),
    "alert-form-twice-small": Scene(
        USUAL, pose="alert_form", seconds=6.0, size=(900, 600), scale=2, kept=False
    ),
    "alerts-dark-small": Scene(USUAL, pose="alerts", seconds=8.0, size=(900, 600), kept=False),
    "alerts-history": Scene(USUAL, pose="alert_history", seconds=14.0, kept=False),
    "alerts-signals-large": Scene(
        USUAL, pose="alert_signals", seconds=60.0, size=(2560, 1440), kept=False
    ),
    "alerts-german": Scene(
        USUAL, settings={**DARK, "language": "de"}, pose="alerts", seconds=8.0, kept=False
    ),
    "alert-addresses": Scene(USUAL, pose="alert_addresses", seconds=4.0, kept=False),
    "settings-german-twice": Scene(
        USUAL, settings={**LIGHT, "language": "de"}, pose="settings", seconds=4.0, scale=2,
        kept=False,
    ),
    "first-page-light-small": Scene(
        settings=LIGHT, pose="welcome_light", first_start=True, seconds=4.0, size=(900, 600),
        kept=False,
    ),
    "settings-exchanges": Scene(
        USUAL, settings=LIGHT, pose="settings_exchanges", seconds=4.0, kept=False
    ),
    "settings-backups": Scene(USUAL, pose="settings_backups", seconds=4.0, kept=False),
    "shortcuts": Scene(USUAL, pose="shortcuts", seconds=4.0, kept=False),
    "shortcuts-light": Scene(USUAL, settings=LIGHT, pose="shortcuts", seconds=4.0, kept=False),
    "tabs": Scene(USUAL, pose="tabs", kept=False),
    "compact": Scene(
        USUAL, settings={**LIGHT, "rows": "compact", "change_basis": "utc"}, kept=False
    ),
    "red-up": Scene(USUAL, settings={**LIGHT, "palette": "red-up"}, side=BESIDE, kept=False),
    "board-light": Scene(USUAL, settings=LIGHT, pose="board", seconds=5.0, kept=False),
    "ticker-light": Scene(USUAL, settings=LIGHT, pose="ticker", seconds=5.0, kept=False),
    "feed": Scene(USUAL, pose="feed", kept=False),
    "menu": Scene(USUAL, pose="menu", seconds=4.0, kept=False),
    "notice": Scene(USUAL, pose="notice", seconds=4.0, kept=False),
    "empty": Scene(pose="empty", seconds=3.0, kept=False),
    "small": Scene(USUAL, side=BESIDE, size=(900, 600), kept=False),
    "small-german": Scene(
        USUAL, settings={**LIGHT, "language": "de"}, side=BESIDE, size=(900, 600), kept=False
    ),
    "large": Scene(USUAL, side=BESIDE, size=(2560, 1440), kept=False),
    "large-light": Scene(USUAL, settings=LIGHT, side=BESIDE, size=(2560, 1440), kept=False),
    "twice": Scene(USUAL, side=BESIDE, scale=2, kept=False),
    "twice-small": Scene(
        USUAL, settings=LIGHT, side=BESIDE, size=(900, 600), scale=2, kept=False
    ),
    "chinese": Scene(  # needs a font with Chinese characters
        USUAL, settings={**LIGHT, "language": "zh_CN"}, side=BESIDE, kept=False
    ),
    "settings-german": Scene(
        USUAL, settings={**DARK, "language": "de"}, pose="settings", seconds=4.0, kept=False
    ),
    "settings-chinese": Scene(
        USUAL, settings={**LIGHT, "language": "zh_CN"}, pose="settings", seconds=4.0, kept=False
    ),
    "first-page-german": Scene(pose="welcome_german", first_start=True, seconds=4.0, kept=False),
}  # fmt: skip


# ---------------------------------------------------------------- what is done before


async def settings(own: MainWindow) -> None:
    """The settings, with the window behind them."""
    own.dialogs.open_settings()


async def settings_exchanges(own: MainWindow) -> None:
    """The settings of the exchanges."""
    own.dialogs.open_settings().show_group("Exchanges")


async def settings_backups(own: MainWindow) -> None:
    """Backups, and everything as one file."""
    own.dialogs.open_settings().show_group("Backups")


async def shortcuts(own: MainWindow) -> None:
    """The keys of every action."""
    own.dialogs.open_shortcuts()


async def palette(own: MainWindow) -> None:
    """Finding actions and instruments by typing."""
    own.palette_box.open_palette("eth")


async def grouped(own: MainWindow) -> None:
    """The same pair on several exchanges below its heading."""
    own.lists.set_grouped(True)


async def tabs(own: MainWindow) -> None:
    """Views that share their place as tabs, and more lists than one."""
    own.lists.add_list("Coins", own.lists.instruments[4:])
    own.docks.show("book")
    own.docks.show("tape")
    own.workspace.tabifyDockWidget(own.docks["book"], own.docks["tape"])
    own.charts.choose_layout("Two side by side")
    own.arrangement.save_layout_as("Two and tabs")


async def ticker(own: MainWindow) -> None:
    """The small window that stays above all others."""
    own.setting_chosen.emit("ticker.instruments", tuple(own.lists.instruments[4:8]))
    own.setting_chosen.emit("ticker.vertical", True)
    own.companions.toggle_ticker()


async def board(own: MainWindow) -> None:
    """Big prices on the whole screen."""
    own.companions.open_board()


async def movers(own: MainWindow) -> None:
    """What rose, fell and was traded most."""
    own.docks.show("movers")
    await asyncio.sleep(SECONDS - SETTLED)


async def alert_form(own: MainWindow) -> None:
    """An alert that waits for two things, tried on the chart behind it."""
    from tickglass.alerts.condition import Kind, Move, VolumeSpike

    await asyncio.sleep(SETTLED)
    form = own.alerts_of.ask_for(own.lists.current)
    if form is not None:
        form.rows[0].choose(Move(Kind.MOVES, 0.3, window=900))
        form.further.click()
        form.rows[1].choose(VolumeSpike(window=900))
        form.more.click()
        form.on_chart.setChecked(True)


async def alert_form_spread(own: MainWindow) -> None:
    """A spread between two exchanges, tried on candles that no chart shows."""
    from tickglass.alerts.condition import Spread
    from tickglass.market.instrument import Instrument

    await asyncio.sleep(SETTLED)
    form = own.alerts_of.ask_for(Instrument.parse("okx:DOGE/USDT"))
    if form is not None:
        form.rows[0].choose(Spread("binance", 0.02))
        await asyncio.sleep(SETTLED)
        form.on_chart.click()


async def alerts(own: MainWindow) -> None:
    """Alerts of several sorts, and how they stand."""
    from dataclasses import replace

    from tickglass.alerts.alert import Alert, Trigger
    from tickglass.alerts.condition import (
        EmaCross,
        Kind,
        Move,
        PriceChannel,
        PriceLevel,
        Steps,
        Trail,
        VolumeSpike,
    )

    at = own.lists.instruments[0]
    price = own.store.state(at).last or 100_000.0
    rules = (
        PriceLevel(Kind.CROSSES_UP, round(price * 1.01)),
        PriceChannel(Kind.LEAVES, round(price * 0.98), round(price * 1.02)),
        Move(Kind.MOVES_DOWN, 2.0),
        Trail(Kind.TRAILS_HIGH, 5.0),
        VolumeSpike(),
        EmaCross("1h"),
        Steps(5.0),
    )
    for number, rule in enumerate(rules):
        alert = Alert(f"alert-{number}", at, (rule,), Trigger.EVERY, cooldown=2)
        own.alert_made.emit(replace(alert, paused=number == 3))
    over = Alert("all", None, (Move(Kind.MOVES, 5.0),), Trigger.EVERY, watchlist="Majors")
    own.alert_made.emit(over)
    own.alerts_of.open(0)
    await asyncio.sleep(SETTLED)


async def alert_history(own: MainWindow) -> None:
    """What fired."""
    await alerts(own)
    await asyncio.sleep(SECONDS - SETTLED)
    own.alerts_of.open(2)


async def alert_signals(own: MainWindow) -> None:
    """What is out of the ordinary."""
    for kind in ("move", "volume", "trend", "premium"):
        own.setting_chosen.emit(f"signals.{kind}", "high")
    own.alerts_of.open(1)
    await asyncio.sleep(SECONDS * 5)


async def alert_addresses(own: MainWindow) -> None:
    """Where alerts are sent."""
    own.alerts_of.set_targets(["phone", "team"], ["phone"])
    own.alerts_of.open_targets()


async def feed(own: MainWindow) -> None:
    """How every connection does."""
    own.open_feed("binance")


async def menu(own: MainWindow) -> None:
    """The menu of the window."""
    own.menu.popup(own.mapToGlobal(own.rect().topRight()))


async def notice(own: MainWindow) -> None:
    """What was removed can be undone."""
    own.lists.remove(own.lists.instruments[:2])


async def empty(own: MainWindow) -> None:
    """A list without a row, charts without an instrument."""
    own.lists.remove(own.lists.instruments)
    own.notices.next()


async def welcome(own: MainWindow) -> None:
    """The first page."""


async def welcome_light(own: MainWindow) -> None:
    """The first page in light colours."""
    own.setting_chosen.emit("window.theme", "light")


async def welcome_german(own: MainWindow) -> None:
    """The first page in the language of the system."""


# ---------------------------------------------------------------- taking them


def main(arguments: list[str]) -> int:
    """Make the pictures of the names given, or all that are kept; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SCENE")
    parser.add_argument("--into", type=Path, default=DOCS, metavar="FOLDER")
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--inside", type=Path, metavar="CONFIG", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(SCENES)
    if unknown:
        print(f"There is no scene {', '.join(unknown)}; there are {', '.join(SCENES)}.",
              file=sys.stderr)  # fmt: skip
        return 2
    if options.inside is not None:
        return run(options.names[0], options.inside, options.into)
    usual = [name for name, scene in SCENES.items() if scene.kept or options.every]
    options.into.mkdir(parents=True, exist_ok=True)
    with display() as environment:
        for name in options.names or usual:
            print(take(name, options.into, environment), flush=True)
    return 0


def take(name: str, into: Path, environment: Mapping[str, str]) -> Path:
    """Run the program on a scene and leave its picture."""
    scene = SCENES[name]
    with tempfile.TemporaryDirectory() as folder:
        if not scene.first_start:
            prepare(scene, Path(folder))
        language = {"LANGUAGE": "de", "LANG": "de_DE.UTF-8"} if name.endswith("german") else {}
        subprocess.run(
            [sys.executable, __file__, name, "--inside", folder, "--into", str(into)],
            check=True,
            env={**environment, **language, "QT_SCALE_FACTOR": str(scene.scale)},
        )
    return into / f"{name}.png"


def prepare(scene: Scene, config: Path) -> None:
    """Settings and the state of the window, as the program would have left them."""
    instruments = ", ".join(f'"{each}"' for each in WATCHLIST)
    chosen = "\n".join(f'{key} = "{value}"' for key, value in scene.settings.items())
    (config / "settings.toml").write_text(
        f"version = 1\n[window]\n{chosen}\n"
        f'[[watchlists]]\nname = "Majors"\ninstruments = [{instruments}]\n'
    )
    if scene.charts:
        state = {
            "instrument": scene.charts[0]["instrument"],
            "charts": {"layout": scene.layout, "charts": list(scene.charts), "active": 0},
            "side": dict(scene.side),
        }
        (config / "window.json").write_text(json.dumps(state))


def run(name: str, config: Path, into: Path) -> int:
    """The program itself, with somebody at it who takes the picture."""
    from PySide6.QtWidgets import QApplication

    import tickglass.app
    from tickglass.cli import main as start
    from tickglass.ui.main_window import MainWindow

    scene = SCENES[name]

    async def stay(stop: asyncio.Event, program: Program, options: object) -> None:
        tops = QApplication.topLevelWidgets()
        own = next(each for each in tops if isinstance(each, MainWindow))
        own.resize(*scene.size)
        own.move(0, 0)
        await asyncio.sleep(scene.seconds - SETTLED)
        if scene.pose:
            await globals()[scene.pose](own)
        await asyncio.sleep(SETTLED)
        picture(own).save(str(into / f"{name}.png"))

    tickglass.app._stay = stay  # type: ignore[assignment]
    arguments = ["--config-dir", str(config)]
    if not scene.first_start:
        return start([*arguments, "--demo"])
    with hosts():
        return start(arguments)


def picture(own: MainWindow) -> QPixmap:
    """The window with whatever of the program lies over it; the board hides everything."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QApplication

    if own.companions.board_shown and own.companions.board is not None:
        own.companions.board.resize(own.size())
        return own.companions.board.grab()
    made = own.grab()
    painter = QPainter(made)
    for each in QApplication.topLevelWidgets():
        if each.isVisible() and each is not own:
            middle = own.rect().center() - each.rect().center()
            painter.drawPixmap(middle, each.grab())
    painter.end()
    return made


@contextmanager
def hosts() -> Iterator[None]:
    """The exchanges as a first start finds them, but simulated; one of them refuses."""
    from tickglass.exchanges import EXCHANGES
    from tickglass.exchanges.exchange import Endpoint
    from tickglass.simulator.faults import Faults
    from tickglass.simulator.thread import SimulatorThread

    open_ = SimulatorThread([name for name in EXCHANGES if name != REFUSING], rate=50.0)
    refusing = SimulatorThread([REFUSING], rate=1.0, faults=Faults(refuse=451))
    try:
        for name, at in (open_.start() | refusing.start()).items():
            EXCHANGES[name].endpoints = (Endpoint(at["ws"], at["rest"]),)
        yield
    finally:
        open_.stop()
        refusing.stop()


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
