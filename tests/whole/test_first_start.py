"""The first start: who is reached, what is chosen, and that no network is no disaster."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tickglass.commands import headless
from tickglass.commands.instruments import Nowhere
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.hub import Hub
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.watchlist import Watchlist
from tickglass.paths import find_paths
from tickglass.reachability import probe_all
from tickglass.settings import ExchangeSettings, Settings, SettingsFile
from tickglass.simulator.faults import Faults
from tickglass.simulator.thread import SimulatorThread
from tickglass.ui.welcome import WelcomePage
from tickglass.ui.welcome_values import Reachability

from ..ui.conftest import OFFSCREEN
from .process import TICKGLASS, running

TITLES = {name: exchange.title for name, exchange in EXCHANGES.items()}
REFUSED = (
    "OKX refuses connections from this region (451). "
    "It is left out; tick it to use it all the same."
)
# A port at which nobody listens: whatever is asked through it, there is no network.
NO_NETWORK = {"https_proxy": "http://127.0.0.1:9", "wss_proxy": "http://127.0.0.1:9"}


@pytest.fixture
def endpoints() -> Iterator[dict[str, tuple[Endpoint, ...]]]:
    """Simulated exchanges of which OKX refuses everybody from here."""
    open_ = SimulatorThread([name for name in EXCHANGES if name != "okx"], rate=1.0)
    refusing = SimulatorThread(["okx"], rate=1.0, faults=Faults(refuse=451))
    try:
        found = {**open_.start(), **refusing.start()}
        yield {name: (Endpoint(at["ws"], at["rest"]),) for name, at in found.items()}
    finally:
        open_.stop()
        refusing.stop()


async def ask(
    endpoints: dict[str, tuple[Endpoint, ...]],
) -> tuple[list[Reachability], list[Listing]]:
    """What the program learns while the page is shown."""
    exchanges = list(EXCHANGES.values())
    found = await probe_all(exchanges, endpoints, time.monotonic)
    usable = [EXCHANGES[each.exchange] for each in found if each.usable]
    async with Hub(usable, endpoints, Nowhere(), headless.clock) as hub:
        listings = await asyncio.gather(*(hub.listings(each.name) for each in usable))
    return found, [listing for several in listings for listing in several]


@pytest.mark.qt_log_ignore(OFFSCREEN)
def test_what_is_chosen_on_the_first_page_is_there_at_the_next_start(
    qtbot: QtBot, endpoints: dict[str, tuple[Endpoint, ...]], tmp_path: Path
) -> None:
    found, listings = asyncio.run(ask(endpoints))
    page = WelcomePage(TITLES)
    qtbot.addWidget(page)
    for each in found:
        page.set_reachability(each.exchange, each)
    page.set_listings(listings)
    page.show()
    assert "okx" not in page.exchanges.chosen
    answers = {name: label.text() for name, label in page.exchanges.answers.items()}
    assert answers.pop("okx") == REFUSED
    assert all(text.startswith("Reachable, ") for text in answers.values())

    page.choose(page.exchanges.chosen, [("BTC", "USDT"), ("BTC", "USD")], "Mine")
    with qtbot.waitSignal(page.started) as heard:
        page.start.click()
    exchanges, instruments, name = heard.args or [None, None, None]
    settings = Settings.first()
    settings.exchanges = {each: ExchangeSettings(each in exchanges) for each in EXCHANGES}
    settings.watchlists = [Watchlist(name, instruments)]
    file = SettingsFile(find_paths(tmp_path))
    file.write(file.render(settings))

    again = SettingsFile(find_paths(tmp_path)).load()
    assert [each for each, chosen in again.exchanges.items() if not chosen.enabled] == ["okx"]
    assert [each.name for each in again.watchlists] == ["Mine"]
    held = set(again.watchlists[0].instruments)
    assert {Instrument("binance", "BTC", "USDT"), Instrument("coinbase", "BTC", "USD")} <= held
    assert not [each for each in held if each.exchange == "okx"]


def test_without_a_network_the_window_opens_and_closes_in_order(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    options = ("--for", "3", "--screenshot", str(picture))
    with running(
        tmp_path / "config", *options, QT_QPA_PLATFORM="offscreen", **NO_NETWORK
    ) as window:
        assert window.process.wait(30) == 0
        assert window.complaints() == ""
    assert picture.stat().st_size > 0


def test_doctor_says_of_each_exchange_that_it_is_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NO_NETWORK.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run(
        [*TICKGLASS, "doctor", "--json", "--config-dir", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == ""
    report = json.loads(done.stdout)
    for each in report["exchanges"]:
        assert each["reachable"] is False
        assert each["detail"].startswith(TITLES[each["exchange"]])
        assert each["round_trip_ms"] is None
