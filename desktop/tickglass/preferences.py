"""What a changed setting does beyond the windows, and the first page's choices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from . import autostart
from .anchors import Anchors
from .errors import SettingsError
from .exchanges import EXCHANGES
from .exchanges.exchange import Endpoint, Exchange
from .feed.hub import Hub
from .language import tr
from .market.change import basis_of
from .market.instrument import Instrument
from .market.watchlist import Watchlist
from .options import Value
from .reachability import probe_all
from .settings import DEFAULT_EXCHANGES, ExchangeSettings, Settings
from .watching import Watching
from .wiring import Wiring

if TYPE_CHECKING:
    from .ui.main_window import MainWindow


class Preferences:
    """Follows what the person chooses. ``saved`` is called when the settings changed.

    ``wiring`` is how the exchanges are reached now, ``simulate`` starts the embedded ones.
    """

    def __init__(
        self,
        settings: Settings,
        hub: Hub,
        watching: Watching,
        anchors: Anchors,
        window: MainWindow,
        wiring: Wiring,
        simulate: Callable[[], Awaitable[Wiring]],
        sensitivity_chosen: Callable[[], object],
        begin_anew: Callable[[], object],
        spawn: Callable[..., object],
        saved: Callable[[], object],
    ) -> None:
        self._settings = settings
        self._hub = hub
        self._anchors = anchors
        self._watching = watching
        self._window = window
        self._wiring = wiring
        self._simulate = simulate
        self._spawn = spawn
        self._saved = saved
        self._switching = asyncio.Lock()
        self._sensitivity_chosen = sensitivity_chosen
        self._effects: Mapping[str, Callable[[Value], object]] = {
            "window.sparkline": lambda span: watching.choose_span(str(span)),
            "window.change_basis": lambda _: self.count_changes(),
            "window.zone": lambda _: self.count_changes(),
            "window.autostart": lambda on: spawn(self._start_at_login(bool(on)), "autostart"),
            "window.language": lambda _: begin_anew(),  # every text is made once
        }
        window.set_simulated(wiring.simulated)
        self.count_changes()

    def choose(self, key: str, value: Value) -> None:
        """Keep a value, and do what it means."""
        self._settings.choose(key, value)
        self._saved()
        self._window.settings.apply(key, value)
        section = key.rpartition(".")[0]
        if section.startswith("exchanges."):
            exchange = section.removeprefix("exchanges.")
            self._spawn(self._switch(exchange), f"switching {exchange}")
        elif section == "signals":
            self._sensitivity_chosen()
        elif key in self._effects:
            self._effects[key](value)

    def count_changes(self) -> None:
        """Count changes of price from where the settings say."""
        zone = self._window.settings.zone
        basis = basis_of(self._settings.window.change_basis)
        self._anchors.choose(basis, zone)
        self._window.set_basis_title(basis.title(zone))

    async def _start_at_login(self, wanted: bool) -> None:
        """Let the system start the program at login, or no longer."""
        try:
            await asyncio.to_thread(autostart.enable if wanted else autostart.disable)
        except OSError as error:
            self._window.notify_person(
                tr("Starting at login could not be changed: {reason}.", reason=error.strerror)
            )

    # ------------------------------------------------------------ exchanges

    async def _switch(self, exchange: str) -> None:
        """Reach an exchange as the settings say now, or no longer."""
        async with self._switching:
            chosen = self._settings.exchanges.get(exchange, ExchangeSettings())
            adapter = EXCHANGES.get(exchange)
            self._watching.forget(exchange)
            if adapter is None or not chosen.enabled:
                await self._hub.switch_off(exchange)
                return
            try:
                hosts = self._wiring.hosts(adapter, chosen)
            except SettingsError as error:
                await self._hub.switch_off(exchange)
                self._window.notify_person(
                    tr("{title} stays off: {reason}", title=adapter.title, reason=error.sentence)
                )
                return
            await self._hub.switch_on(adapter, hosts)
        self._watching.learn([exchange])
        self._watching.seed([e for e in self._watching.instruments if e.exchange == exchange])
        self._window.charts.ask()

    # ------------------------------------------------------------ the first page

    def open_start_page(self) -> None:
        """Show the first page with what is chosen now."""
        on = [name for name, chosen in self._settings.exchanges.items() if chosen.enabled]
        lists = self._window.lists
        current = lists.lists[lists.active]
        pairs = [(each.base, each.quote_ccy) for each in current.instruments]
        self._window.welcome.choose(on, pairs, current.name)
        self._window.show_welcome(returnable=True)
        self.probe()

    def probe(self) -> None:
        """Find out which exchanges can be reached."""
        self._spawn(self._probe(), "reachability")

    async def _probe(self) -> None:
        page = self._window.welcome
        adapters = list(EXCHANGES.values())
        hosts = {each.name: self._hosts(each) for each in adapters}
        await probe_all(
            adapters, hosts, time.monotonic,
            lambda found: page.set_reachability(found.exchange, found),
        )  # fmt: skip

    def _hosts(self, adapter: type[Exchange]) -> Sequence[Endpoint]:
        chosen = self._settings.exchanges.get(adapter.name, ExchangeSettings())
        try:
            return self._wiring.hosts(adapter, chosen)
        except SettingsError:
            return ()

    def start_with(
        self, exchanges: Sequence[str], instruments: Sequence[Instrument], name: str
    ) -> None:
        """Begin with these exchanges and one list of these instruments."""
        lists = self._window.lists
        for exchange in DEFAULT_EXCHANGES:
            chosen = self._settings.exchanges.setdefault(exchange, ExchangeSettings())
            if chosen.enabled != (exchange in exchanges):
                self.choose(f"exchanges.{exchange}.enabled", exchange in exchanges)
        if any(each.instruments for each in lists.lists):
            lists.add_list(name, instruments)
        else:
            lists.set_lists([Watchlist(name or tr("Majors"), list(instruments))])
            self._settings.watchlists = lists.lists
            self._watching.follow(lists.instruments)
            self._saved()
        self._window.leave_welcome()
        self._window.open_chart()
        self._window.charts.ask()

    def start_demo(self) -> None:
        """Look around with simulated prices."""
        self._spawn(self._use_demo(), "demo")

    async def _use_demo(self) -> None:
        async with self._switching:
            if not self._window.welcoming:  # the button was pressed twice
                return
            if not self._wiring.simulated:
                await self._reach_simulated()
            first = Settings.first().watchlists[0]
            names = [each.name for each in self._wiring.exchanges]
            self.start_with(names, first.instruments, first.name)
        self._watching.learn(self._hub.figures)

    async def _reach_simulated(self) -> None:
        self._wiring = await self._simulate()
        self._window.set_simulated(self._wiring.simulated)
        for adapter in self._wiring.exchanges:
            await self._hub.switch_on(adapter, self._wiring.endpoints[adapter.name])
            self._watching.forget(adapter.name)
