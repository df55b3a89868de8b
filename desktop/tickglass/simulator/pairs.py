"""The pairs of the simulated market: what they cost, how they step, how wild and busy they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice, product
from typing import NamedTuple

from ..market.instrument import decimals


class Pair(NamedTuple):
    """A pair at the start of the simulation.

    ``volatility`` is the standard deviation of a day's log return of the base; ``volume`` the
    worth of a usual day's trades in millions of US dollars, which also weights the activity.
    """

    base: str
    quote_ccy: str
    price: Decimal
    tick_size: Decimal
    lot_size: Decimal
    volatility: float
    volume: float

    @property
    def price_ticks(self) -> int:
        """The price in ticks."""
        return int(self.price / self.tick_size)

    @property
    def price_decimals(self) -> int:
        """How many decimals a price has."""
        return decimals(self.tick_size)

    @property
    def size_decimals(self) -> int:
        """How many decimals a size has."""
        return decimals(self.lot_size)


# US dollars for one unit of a quote currency, to turn a volume in dollars into quote units.
QUOTE_DOLLARS = {
    "USDT": 1.0,
    "USDC": 1.0,
    "FDUSD": 1.0,
    "USD": 1.0,
    "EUR": 1.16,
    "BTC": 100_000.0,
    "ETH": 3_600.0,
}

# base, quote, price, tick size, lot size (as Binance has them), volatility, volume (M USD a day)
TABLE: tuple[tuple[str, str, str, str, str, float, float], ...] = (
    ("BTC", "USDT", "100250.12", "0.01", "0.00001", 0.022, 2400.0),
    ("ETH", "USDT", "3608.41", "0.01", "0.0001", 0.033, 1700.0),
    ("SOL", "USDT", "172.36", "0.01", "0.001", 0.042, 640.0),
    ("BTC", "FDUSD", "100248.90", "0.01", "0.00001", 0.022, 560.0),
    ("XRP", "USDT", "2.3815", "0.0001", "0.1", 0.040, 480.0),
    ("BNB", "USDT", "912.47", "0.01", "0.001", 0.028, 360.0),
    ("ETH", "USDC", "3608.10", "0.01", "0.0001", 0.033, 330.0),
    ("BTC", "USDC", "100246.05", "0.01", "0.00001", 0.022, 310.0),
    ("DOGE", "USDT", "0.18241", "0.00001", "1", 0.048, 270.0),
    ("USDC", "USDT", "0.9998", "0.0001", "1", 0.0002, 240.0),
    ("ADA", "USDT", "0.6124", "0.0001", "0.1", 0.043, 170.0),
    ("SUI", "USDT", "2.8763", "0.0001", "0.1", 0.055, 165.0),
    ("PEPE", "USDT", "0.00001234", "0.00000001", "1", 0.065, 150.0),
    ("TRX", "USDT", "0.3102", "0.0001", "0.1", 0.020, 130.0),
    ("LINK", "USDT", "17.42", "0.01", "0.01", 0.044, 120.0),
    ("AVAX", "USDT", "21.37", "0.01", "0.01", 0.046, 105.0),
    ("ETH", "BTC", "0.03599", "0.00001", "0.0001", 0.033, 98.0),
    ("SOL", "USDC", "172.33", "0.01", "0.001", 0.042, 90.0),
    ("LTC", "USDT", "104.18", "0.01", "0.001", 0.036, 82.0),
    ("ENA", "USDT", "0.4187", "0.0001", "0.01", 0.062, 76.0),
    ("NEAR", "USDT", "2.614", "0.001", "0.1", 0.049, 70.0),
    ("BCH", "USDT", "521.3", "0.1", "0.001", 0.036, 66.0),
    ("DOT", "USDT", "3.742", "0.001", "0.01", 0.043, 62.0),
    ("WIF", "USDT", "0.812", "0.001", "0.01", 0.070, 58.0),
    ("AAVE", "USDT", "241.77", "0.01", "0.001", 0.048, 54.0),
    ("UNI", "USDT", "7.815", "0.001", "0.01", 0.049, 51.0),
    ("BTC", "EUR", "86422.51", "0.01", "0.00001", 0.022, 48.0),
    ("HBAR", "USDT", "0.17963", "0.00001", "1", 0.051, 46.0),
    ("SHIB", "USDT", "0.00001087", "0.00000001", "1", 0.046, 44.0),
    ("ARB", "USDT", "0.3391", "0.0001", "0.1", 0.052, 42.0),
    ("FIL", "USDT", "1.984", "0.001", "0.01", 0.048, 39.0),
    ("EUR", "USDT", "1.1604", "0.0001", "0.1", 0.004, 37.0),
    ("APT", "USDT", "3.918", "0.001", "0.01", 0.050, 35.0),
    ("BONK", "USDT", "0.00001541", "0.00000001", "1", 0.066, 33.0),
    ("XLM", "USDT", "0.2874", "0.0001", "1", 0.043, 31.0),
    ("FET", "USDT", "0.3127", "0.0001", "0.1", 0.057, 29.0),
    ("INJ", "USDT", "9.214", "0.001", "0.01", 0.052, 27.0),
    ("SEI", "USDT", "0.2035", "0.0001", "0.1", 0.054, 25.0),
    ("ETC", "USDT", "18.26", "0.01", "0.01", 0.040, 24.0),
    ("OP", "USDT", "0.5482", "0.0001", "0.01", 0.053, 22.0),
    ("ATOM", "USDT", "3.307", "0.001", "0.01", 0.042, 21.0),
    ("TIA", "USDT", "1.1266", "0.0001", "0.01", 0.059, 19.0),
    ("ETH", "EUR", "3110.70", "0.01", "0.0001", 0.033, 18.0),
    ("ICP", "USDT", "4.871", "0.001", "0.01", 0.050, 17.0),
    ("SOL", "BTC", "0.0017193", "0.0000001", "0.001", 0.042, 15.0),
    ("WLD", "USDT", "0.9146", "0.0001", "0.1", 0.060, 14.0),
    ("FLOKI", "USDT", "0.00008126", "0.00000001", "1", 0.060, 12.0),
    ("GALA", "USDT", "0.01187", "0.00001", "1", 0.055, 11.0),
    ("BNB", "BTC", "0.009102", "0.000001", "0.001", 0.028, 10.0),
    ("XRP", "BTC", "0.00002376", "0.00000001", "1", 0.040, 9.0),
    ("SOL", "EUR", "148.59", "0.01", "0.001", 0.042, 7.0),
    ("LINK", "BTC", "0.00017377", "0.00000001", "0.01", 0.044, 5.0),
    ("SOL", "ETH", "0.04777", "0.00001", "0.001", 0.042, 4.0),
    ("ADA", "BTC", "0.00000611", "0.00000001", "0.1", 0.043, 3.0),
)

# What some exchanges quote in dollars, in the place of the row of the same base above it.
DOLLAR_TABLE: tuple[tuple[str, str, str, str, str, float, float], ...] = (
    ("BTC", "USD", "100244.80", "0.01", "0.00001", 0.022, 1500.0),
    ("ETH", "USD", "3608.22", "0.01", "0.0001", 0.033, 900.0),
    ("SOL", "USD", "172.35", "0.01", "0.001", 0.042, 300.0),
    ("XRP", "USD", "2.3812", "0.0001", "0.1", 0.040, 250.0),
    ("DOGE", "USD", "0.18239", "0.00001", "1", 0.048, 90.0),
    ("ADA", "USD", "0.6123", "0.0001", "0.1", 0.043, 60.0),
    ("LINK", "USD", "17.42", "0.01", "0.01", 0.044, 50.0),
    ("AVAX", "USD", "21.36", "0.01", "0.01", 0.046, 40.0),
    ("LTC", "USD", "104.17", "0.01", "0.001", 0.036, 40.0),
    ("PEPE", "USD", "0.00001234", "0.00000001", "1", 0.065, 35.0),
)
# Quote currencies that an exchange does not know.
UNKNOWN_QUOTES = {
    "binance": ("USD",),
    "bybit": ("USD", "FDUSD"),
    "okx": ("FDUSD",),
    "coinbase": ("FDUSD",),
    "kucoin": ("USD", "FDUSD"),
}

MOST_PAIRS = 5_000
LEAST_TICK = Decimal("0.00000001")
FIRSTS, VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"


def pairs(number: int, exchange: str = "binance") -> list[Pair]:
    """An exchange's first ``number`` pairs, busiest first; beyond the tables coins are invented."""
    unknown = UNKNOWN_QUOTES.get(exchange, ("USD",))
    rows = [each for each in TABLE + DOLLAR_TABLE if each[1] not in unknown]
    rows.sort(key=lambda row: -row[6])
    table = [
        Pair(b, q, Decimal(p), Decimal(t), Decimal(s), vol, v) for b, q, p, t, s, vol, v in rows
    ]
    return [*table, *islice(_invented(table), max(0, number - len(table)))][:number]


def _invented(table: list[Pair]) -> Iterator[Pair]:
    taken = {pair.base for pair in table} | {pair.quote_ccy for pair in table}
    fresh = (name for name in _names() if name not in taken)
    for rank, name in zip(count(1), fresh, strict=False):
        # Golden-ratio steps spread prices evenly over the powers of ten, without chance.
        magnitude = -4.0 + 6.5 * (rank * 0.6180339887 % 1.0)
        yield _invented_pair(name, magnitude, rank)


def _invented_pair(name: str, magnitude: float, rank: int) -> Pair:
    exponent = math.floor(magnitude)
    tick = max(LEAST_TICK, Decimal(1).scaleb(exponent - 3))
    lot = min(Decimal(1), max(Decimal("0.00001"), Decimal(1).scaleb(-exponent - 2)))
    price = Decimal(round(10**magnitude / float(tick))) * tick
    volatility = 0.04 + 0.03 * (rank * 0.7548776662 % 1.0)
    return Pair(name, "USDT", price, tick, lot, volatility, 3.0 / (1 + rank / 50))


def _names() -> Iterator[str]:
    """Names that can be spoken: BAD, BAF, …, BADA, …"""
    for form in ((FIRSTS, VOWELS, FIRSTS), (FIRSTS, VOWELS, FIRSTS, VOWELS)):
        yield from map("".join, product(*form))
