"""What a changed setting does, and the first page, on the simulated exchanges."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tickglass import preferences
from tickglass.anchors import Anchors
from tickglass.charts import ChartFeeds
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.hub import Hub
from tickglass.market.instrument import Instrument, Listing
from tickglass.market.interval import DAY, HOUR
from tickglass.market.watchlist import Watchlist, united
from tickglass.options import Value
from tickglass.preferences import Preferences
from tickglass.settings import ExchangeSettings, Settings
from tickglass.simulator import server
from tickglass.simulator.server import Simulator
from tickglass.ui.main_window import MainWindow
from tickglass.ui.welcome_values import Reachability
from tickglass.watching import Watching
from tickglass.wiring import Wiring, wire

from .feed.helpers import Listener, until

BTC, OKX = Instrument("binance", "BTC", "USDT"), Instrument("okx", "BTC", "USDT")
NAMES = ("binance", "okx")
Page = tuple[list[str], list[tuple[str, str]], str]


@pytest.fixture(autouse=True)
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks the real hosts of those that are not simulated here."""
    monkeypatch.setattr(preferences, "EXCHANGES", {name: EXCHANGES[name] for name in NAMES})


class Lists:
    """In place of the panel with the lists."""

    def __init__(self) -> None:
        self.lists = [Watchlist("", [])]
        self.active = 0

    @property
    def instruments(self) -> list[Instrument]:
        return united(self.lists)

    def set_lists(self, lists: Sequence[Watchlist]) -> None:
        self.lists = list(lists)

    def add_list(self, name: str, instruments: Iterable[Instrument]) -> None:
        self.lists.append(Watchlist(name, list(instruments)))


class Window:
    """In place of the main window and its parts; what it is told is written down."""

    def __init__(self) -> None:
        self.settings = self.charts = self.welcome = self
        self.lists = Lists()
        self.zone: tzinfo | None = UTC
        self.applied: list[tuple[str, Value]] = []
        self.said: list[str] = []
        self.asked = 0
        self.simulated = self.welcoming = False
        self.basis = ""
        self.page: Page = ([], [], "")
        self.reached: dict[str, Reachability] = {}
        self.listings: set[Instrument] = set()

    def apply(self, key: str, value: Value) -> None:
        self.applied.append((key, value))

    def set_simulated(self, simulated: bool) -> None:
        self.simulated = simulated

    def set_basis_title(self, title: str) -> None:
        self.basis = title

    def notify_person(self, sentence: str) -> None:
        self.said.append(sentence)

    def ask(self) -> None:
        self.asked += 1

    def open_chart(self) -> None:
        pass

    def choose(self, exchanges: list[str], pairs: list[tuple[str, str]], name: str) -> None:
        self.page = (exchanges, pairs, name)

    def show_welcome(self, *, returnable: bool) -> None:
        assert returnable
        self.welcoming = True

    def leave_welcome(self) -> None:
        self.welcoming = False

    def set_reachability(self, exchange: str, found: Reachability) -> None:
        self.reached[exchange] = found

    def show_listings(self, listings: Sequence[Listing]) -> None:
        self.listings = {each.instrument for each in listings}


class Sparklines:
    """In place of the chart feeds: whose sparklines are fetched, and how long they are."""

    def __init__(self) -> None:
        self.seeded: list[tuple[list[Instrument], str]] = []

    async def seed_sparklines(self, instruments: Sequence[Instrument], span: str) -> None:
        self.seeded.append((list(instruments), span))


class Desk:
    """Preferences with everything around them."""

    def __init__(self, settings: Settings, wiring: Wiring, demo: Wiring) -> None:
        self.listener, self.window, self.sparklines = Listener(), Window(), Sparklines()
        self.settings = settings
        self.saved = self.started = 0
        self.demo = demo
        self.tasks: set[asyncio.Task[None]] = set()
        self.hub = Hub(wiring.exchanges, wiring.endpoints, self.listener, time.monotonic)
        store = self.listener.store
        self.anchors = Anchors(self.hub, store, self._spawn, lambda: round(time.time() * 1000))
        self.watching = Watching(
            self.hub, store, cast(ChartFeeds, self.sparklines), self.anchors,
            self.window.show_listings, lambda _: None, self._spawn,
        )  # fmt: skip
        self.watching.span = settings.window.sparkline
        self.sensitivities = self.begun_anew = 0
        self.preferences = Preferences(
            settings, self.hub, self.watching, self.anchors, cast(MainWindow, self.window),
            wiring, self._simulate, self._choose_sensitivity, self._begin_anew, self._spawn,
            self._save,
        )  # fmt: skip

    def _save(self) -> None:
        self.saved += 1

    def _begin_anew(self) -> None:
        self.begun_anew += 1

    def _choose_sensitivity(self) -> None:
        self.sensitivities += 1

    async def _simulate(self) -> Wiring:
        self.started += 1
        return self.demo

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settled(self) -> None:
        while self.tasks:
            await asyncio.gather(*self.tasks)

    async def end_tasks(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def heard(self, instrument: Instrument) -> bool:
        return self.listener.store.state(instrument).last is not None


def served(simulator: Simulator) -> dict[str, tuple[Endpoint, ...]]:
    return {name: (Endpoint(at["ws"], at["rest"]),) for name, at in simulator.endpoints.items()}


@asynccontextmanager
async def desk(*on: str, simulated: bool = False) -> AsyncIterator[Desk]:
    """All exchanges but those named are off; the hosts are those of simulated ones."""
    async with server.simulator(list(NAMES), seed=5, pair_count=6, rate=400.0) as simulator:
        where = served(simulator)
        settings = Settings(
            exchanges={
                name: ExchangeSettings(name in on, where[name][0].ws, where[name][0].rest)
                for name in NAMES
            }
        )
        demo = Wiring([EXCHANGES[name] for name in NAMES], where, simulated=True)
        made = Desk(settings, demo if simulated else wire(settings), demo)
        try:
            async with made.hub:
                yield made
                await made.end_tasks()
        finally:
            await made.end_tasks()


# ---------------------------------------------------------------- values


@pytest.mark.asyncio
async def test_a_chosen_value_is_kept_saved_and_followed() -> None:
    async with desk() as at:
        at.preferences.choose("window.theme", "dark")
        assert at.settings.window.theme == "dark"
        assert at.saved == 1
        assert at.window.applied == [("window.theme", "dark")]


@pytest.mark.asyncio
async def test_a_setting_that_does_not_exist_changes_nothing() -> None:
    async with desk() as at:
        with pytest.raises(KeyError):
            at.preferences.choose("window.gravity", "down")
        assert at.saved == 0
        assert at.window.applied == []


@pytest.mark.asyncio
async def test_another_span_of_the_sparklines_fetches_them_anew() -> None:
    async with desk() as at:
        at.watching.follow([BTC])
        at.preferences.choose("window.sparkline", "7d")
        await at.settled()
        assert at.sparklines.seeded[-1] == ([BTC], "7d")


@pytest.mark.asyncio
async def test_the_basis_of_changes_is_named_and_counted_from() -> None:
    async with desk() as at:
        assert at.window.basis == "24 h"
        at.preferences.choose("window.change_basis", "utc")
        assert at.window.basis == "UTC day"


@pytest.mark.asyncio
async def test_another_zone_moves_midnight() -> None:
    async with desk() as at:
        at.preferences.choose("window.change_basis", "local")
        assert at.anchors._start % DAY == 0
        at.window.zone = ZoneInfo("Asia/Tokyo")
        at.preferences.choose("window.zone", "Asia/Tokyo")
        assert at.anchors._start % DAY == 15 * HOUR  # midnight in Tokyo is 15:00 UTC


@pytest.mark.asyncio
async def test_another_language_begins_anew() -> None:
    async with desk() as at:
        at.preferences.choose("window.language", "de")
        assert at.begun_anew == 1


# ---------------------------------------------------------------- exchanges


@pytest.mark.asyncio
async def test_an_exchange_switched_on_is_listed_and_its_prices_flow() -> None:
    async with desk("binance") as at:
        at.watching.follow([BTC, OKX])
        at.watching.learn(at.hub.figures)
        await until(lambda: at.heard(BTC))
        assert not at.heard(OKX)
        at.preferences.choose("exchanges.okx.enabled", True)
        await until(lambda: at.heard(OKX) and OKX in at.window.listings)
        assert ([OKX], "24h") in at.sparklines.seeded
        assert at.window.asked == 1
        assert at.settings.exchanges["okx"].enabled


@pytest.mark.asyncio
async def test_an_exchange_switched_off_ends_and_is_not_found_any_more() -> None:
    async with desk(*NAMES) as at:
        at.watching.follow([BTC, OKX])
        at.watching.learn(at.hub.figures)
        await until(lambda: at.heard(OKX) and {BTC, OKX} <= at.window.listings)
        at.preferences.choose("exchanges.okx.enabled", False)
        await at.settled()
        assert set(at.hub.figures) == {"binance"}
        assert BTC in at.window.listings
        assert OKX not in at.window.listings
        assert at.window.said == []


@pytest.mark.asyncio
async def test_on_off_and_on_again_in_one_breath_ends_on() -> None:
    async with desk(*NAMES) as at:
        at.watching.follow([OKX])
        for enabled in (False, True, False, True):
            at.preferences.choose("exchanges.okx.enabled", enabled)
        await until(lambda: at.heard(OKX) and OKX in at.window.listings)
        assert set(at.hub.figures) == set(NAMES)


@pytest.mark.asyncio
async def test_an_unusable_host_is_one_sentence_and_a_usable_one_mends_it() -> None:
    async with desk(*NAMES) as at:
        at.watching.follow([OKX])
        good = at.settings.exchanges["okx"].ws
        at.preferences.choose("exchanges.okx.ws", "ws://prices.example.org")
        await at.settled()
        assert set(at.hub.figures) == {"binance"}
        ((sentence),) = at.window.said
        assert sentence.startswith("OKX stays off: ")
        at.preferences.choose("exchanges.okx.ws", good)
        await until(lambda: at.heard(OKX))
        assert len(at.window.said) == 1


@pytest.mark.asyncio
async def test_of_an_exchange_that_nobody_knows_only_the_setting_is_kept() -> None:
    async with desk("binance") as at:
        at.preferences.choose("exchanges.mtgox.enabled", True)
        await at.settled()
        assert set(at.hub.figures) == {"binance"}
        assert at.settings.exchanges["mtgox"].enabled


# ---------------------------------------------------------------- the first page


@pytest.mark.asyncio
async def test_the_first_page_comes_back_with_what_is_chosen_now() -> None:
    async with desk("binance") as at:
        at.window.lists.set_lists([Watchlist("Mine", [BTC])])
        at.preferences.open_start_page()
        assert at.window.welcoming
        assert at.window.page == (["binance"], [("BTC", "USDT")], "Mine")
        await until(lambda: {"binance", "okx"} <= set(at.window.reached))
        assert at.window.reached["binance"].usable


@pytest.mark.asyncio
async def test_what_the_first_page_was_answered_with_is_kept_and_flows() -> None:
    async with desk(*NAMES) as at:
        at.preferences.start_with(["binance"], [BTC], "Mine")
        assert [(each.name, each.instruments) for each in at.settings.watchlists] == [
            ("Mine", [BTC])
        ]
        on = [name for name, each in at.settings.exchanges.items() if each.enabled]
        assert on == ["binance"]
        assert at.saved
        await until(lambda: at.heard(BTC))
        await at.settled()
        assert set(at.hub.figures) == {"binance"}


@pytest.mark.asyncio
async def test_the_first_page_answered_again_adds_a_list_and_keeps_the_others() -> None:
    async with desk("binance") as at:
        at.window.lists.set_lists([Watchlist("Mine", [BTC])])
        at.preferences.open_start_page()
        at.preferences.start_with(["binance"], [OKX], "More")
        assert [each.name for each in at.window.lists.lists] == ["Mine", "More"]
        assert not at.window.welcoming


@pytest.mark.asyncio
async def test_the_demo_takes_every_exchange_over_and_says_so() -> None:
    async with desk() as at:
        at.window.show_welcome(returnable=True)
        at.preferences.start_demo()
        await until(lambda: at.heard(BTC) and BTC in at.window.listings)
        assert at.window.simulated
        assert set(at.hub.figures) == set(NAMES)
        assert at.settings.watchlists[0].name == "Majors"


@pytest.mark.asyncio
async def test_the_demo_starts_once_however_often_it_is_asked_for() -> None:
    async with desk() as at:
        at.window.show_welcome(returnable=True)
        at.preferences.start_demo()
        at.preferences.start_demo()
        await until(lambda: not at.window.welcoming)
        at.window.show_welcome(returnable=True)
        at.preferences.start_demo()
        await until(lambda: not at.window.welcoming)
        assert at.started == 1
        assert [each.name for each in at.window.lists.lists] == ["Majors", "Majors"]


@pytest.mark.asyncio
async def test_among_simulated_exchanges_one_is_switched_on_as_simulated() -> None:
    async with desk(simulated=True) as at:
        at.watching.follow([OKX])
        at.preferences.choose("exchanges.okx.enabled", False)
        at.settings.exchanges["okx"].ws = "wss://real.example.org"
        at.preferences.choose("exchanges.okx.enabled", True)
        await until(lambda: at.heard(OKX))
        assert at.window.said == []


@pytest.mark.asyncio
async def test_another_sensitivity_of_signals_counts_at_once() -> None:
    async with desk() as at:
        at.preferences.choose("signals.move", "high")
        assert at.sensitivities == 1
        assert at.settings.signals.move == "high"
