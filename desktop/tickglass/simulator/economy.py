"""What all simulated exchanges share: the currencies, and what each is worth."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from .currency import Currency
from .pairs import Pair

QUOTE_VOLATILITY = {"USDT": 0.0002, "USDC": 0.0002, "FDUSD": 0.0002, "USD": 0.0001}
USUAL_VOLATILITY = 0.004


class Economy:
    """The currencies of all ``pairs`` from ``start`` (ms) on; the same seed moves them alike."""

    def __init__(self, seed: int, pairs: Iterable[Pair], start: int) -> None:
        self._volatility = _volatilities(list(pairs))
        self._currencies = {
            name: Currency(Random(f"{seed} {name}"), volatility, start)
            for name, volatility in self._volatility.items()
        }

    def sides(self, pair: Pair) -> tuple[Currency, Currency]:
        """A pair's base and quote currency."""
        return self._currencies[pair.base], self._currencies[pair.quote_ccy]

    def volatilities(self, pair: Pair) -> tuple[float, float]:
        """Those of a pair's base and quote currency."""
        return self._volatility[pair.base], self._volatility[pair.quote_ccy]

    def turn(self, now: int) -> None:
        """Change the moods whose time is over."""
        for currency in self._currencies.values():
            currency.turn(now)


def _volatilities(pairs: list[Pair]) -> dict[str, float]:
    """By currency; a base's own beats what is assumed of quote currencies."""
    bases = {pair.base: pair.volatility for pair in pairs}
    quotes = {
        pair.quote_ccy: QUOTE_VOLATILITY.get(pair.quote_ccy, USUAL_VOLATILITY) for pair in pairs
    }
    return quotes | bases
