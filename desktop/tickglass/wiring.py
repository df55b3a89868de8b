"""Which exchanges are switched on and where they answer: shared by the window and the commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from .errors import SettingsError, UsageError
from .exchanges import EXCHANGES
from .exchanges.exchange import Endpoint, Exchange
from .feed.route import check_address
from .language import tr
from .settings import ExchangeSettings, Settings

DEMO_RATE = 120.0  # events per second over all: lively, and light on the machine that shows it

Endpoints = dict[str, tuple[Endpoint, ...]]


@dataclass(slots=True)
class Wiring:
    """The exchanges to connect to and their addresses; ``notices`` are sentences on the others.

    ``simulated`` says that they are the embedded ones.
    """

    exchanges: list[type[Exchange]] = field(default_factory=list)
    endpoints: Endpoints = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    simulated: bool = False

    def hosts(self, exchange: type[Exchange], chosen: ExchangeSettings) -> tuple[Endpoint, ...]:
        """Where an exchange answers; SettingsError if the person named an unusable address."""
        if self.simulated:
            return self.endpoints[exchange.name]
        return endpoints_of(exchange, chosen)


def wire(settings: Settings) -> Wiring:
    """The exchanges that the settings switch on. One with an unusable address stays off."""
    wiring = Wiring()
    for name, chosen in settings.exchanges.items():
        exchange = EXCHANGES.get(name)
        if exchange is None:
            unknown = tr("Tickglass does not know an exchange named {name}.", name=repr(name))
            wiring.notices.append(unknown)
            continue
        if not chosen.enabled:
            continue
        try:
            endpoints = endpoints_of(exchange, chosen)
        except SettingsError as error:
            off = tr("{exchange} stays off: {why}", exchange=exchange.title, why=error.sentence)
            wiring.notices.append(off)
            continue
        wiring.exchanges.append(exchange)
        wiring.endpoints[name] = endpoints
    return wiring


def endpoints_of(exchange: type[Exchange], chosen: ExchangeSettings) -> tuple[Endpoint, ...]:
    """The hosts of an exchange, or those that the person named; SettingsError if unusable."""
    if chosen.ws is None and chosen.rest is None:
        return exchange.endpoints
    first = exchange.endpoints[0]
    endpoint = Endpoint(
        (chosen.ws or first.ws).rstrip("/"), (chosen.rest or first.rest).rstrip("/")
    )
    check_address(endpoint.ws, ("wss", "ws"))
    check_address(endpoint.rest, ("https", "http"))
    return (endpoint,)


@contextmanager
def embedded_exchanges() -> Iterator[Wiring]:
    """The embedded exchanges, served from this process while the context lasts."""
    from .simulator.thread import SimulatorThread

    simulator = SimulatorThread(list(EXCHANGES), rate=DEMO_RATE)
    addresses: Mapping[str, Mapping[str, str]] = simulator.start()
    try:
        yield Wiring(
            list(EXCHANGES.values()),
            {name: (Endpoint(at["ws"], at["rest"]),) for name, at in addresses.items()},
            simulated=True,
        )
    finally:
        simulator.stop()


def known_exchange(name: str) -> type[Exchange]:
    """The exchange of a name; raises UsageError with the names there are."""
    exchange = EXCHANGES.get(name.lower())
    if exchange is None:
        known = ", ".join(EXCHANGES)
        raise UsageError(
            tr("There is no exchange {name}; there is {known}.", name=repr(name), known=known)
        )
    return exchange
