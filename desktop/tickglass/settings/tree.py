"""Everything that a person chooses, as one typed tree.

The simple values and their defaults stand in ``options``; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..alerts.alert import Alert
from ..market.instrument import Instrument
from ..market.watchlist import Watchlist
from ..options import OPTIONS, Value, by_key, exchange_options

DEFAULT_EXCHANGES = ("binance", "bybit", "okx", "coinbase", "kucoin")
DEFAULT_WATCHLIST = "Majors"
DEFAULT_INSTRUMENTS = (
    *("binance:BTC/USDT", "bybit:BTC/USDT", "okx:BTC/USDT", "coinbase:BTC/USD", "kucoin:BTC/USDT"),
    *("binance:ETH/USDT", "coinbase:ETH/USD", "binance:SOL/USDT", "bybit:XRP/USDT"),
    *("okx:DOGE/USDT", "binance:ETH/BTC", "kucoin:PEPE/USDT"),
)


@dataclass(slots=True)
class ExchangeSettings:
    """One exchange: on or off, and other hosts than its own if given."""

    enabled: bool = True
    ws: str | None = None
    rest: str | None = None


@dataclass(slots=True)
class WindowSettings:
    """How the windows look, what they say, and what closing one means."""

    theme: str = "system"
    close_to_tray: bool = False
    palette: str = "standard"
    motion: str = "system"
    rows: str = "comfortable"
    change_basis: str = "24h"
    sparkline: str = "24h"
    prices_flash: bool = True
    autostart: bool = False
    language: str = "system"
    zone: str = "local"


@dataclass(slots=True)
class TickerSettings:
    """The small window that stays above all others."""

    shown: bool = False
    instruments: tuple[Instrument, ...] = ()
    size: str = "medium"
    opacity: int = 100  # per cent
    vertical: bool = False


@dataclass(slots=True)
class BoardSettings:
    """The board of big prices."""

    instruments: tuple[Instrument, ...] = ()


@dataclass(slots=True)
class DeliverySettings:
    """How alerts are told. Quiet hours are times of day, or empty."""

    notifications: bool = True
    sound: bool = True
    attention: bool = True
    quiet_from: str = ""
    quiet_to: str = ""


@dataclass(slots=True)
class SignalSettings:
    """How little is enough for a signal, by kind."""

    move: str = "medium"
    volume: str = "medium"
    trend: str = "medium"
    premium: str = "medium"


@dataclass(slots=True)
class Settings:
    """Everything that a person chooses. ``shortcuts``: keys that are not the usual, by action."""

    exchanges: dict[str, ExchangeSettings] = field(default_factory=dict)
    watchlists: list[Watchlist] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    window: WindowSettings = field(default_factory=WindowSettings)
    ticker: TickerSettings = field(default_factory=TickerSettings)
    board: BoardSettings = field(default_factory=BoardSettings)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    signals: SignalSettings = field(default_factory=SignalSettings)
    shortcuts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def first(cls) -> Settings:
        """What a new user starts with."""
        instruments = [Instrument.parse(each) for each in DEFAULT_INSTRUMENTS]
        return cls(
            exchanges={name: ExchangeSettings() for name in DEFAULT_EXCHANGES},
            watchlists=[Watchlist(DEFAULT_WATCHLIST, instruments)],
        )

    def values(self) -> dict[str, Value]:
        """Every simple value by the key of its option."""
        found = {option.key: self.value(option.key) for option in OPTIONS}
        for exchange in self.exchanges:
            found |= {each.key: self.value(each.key) for each in exchange_options(exchange)}
        return found

    def value(self, key: str) -> Value:
        """A simple value; KeyError if there is no such setting."""
        section, name = self._place(key)
        value: Value = getattr(section, name)
        return value

    def choose(self, key: str, value: Value) -> None:
        """Change a simple value; KeyError if there is no such setting."""
        section, name = self._place(key)
        setattr(section, name, value)

    def _place(self, key: str) -> tuple[Any, str]:
        place, _, name = key.rpartition(".")
        head, _, exchange = place.partition(".")
        if head == "exchanges" and exchange:
            if key not in by_key(exchange_options(exchange)):
                raise KeyError(key)
            return self.exchanges.setdefault(exchange, ExchangeSettings()), name
        if key not in BY_KEY:
            raise KeyError(key)
        return getattr(self, place), name


BY_KEY = by_key(OPTIONS)
