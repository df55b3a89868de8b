"""Instruments: what is quoted, where, and in which steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from ..errors import UsageError
from ..language import tr

Status = Literal["trading", "halted", "delisted"]

TITLES = {"okx": "OKX", "kucoin": "KuCoin"}  # of exchanges that do not only begin with a capital


class Instrument(NamedTuple):
    """One pair on one exchange, e.g. ``binance:BTC/USDT``."""

    exchange: str
    base: str
    quote_ccy: str

    @property
    def pair(self) -> str:
        """The pair as people write it: ``BTC/USDT``."""
        return f"{self.base}/{self.quote_ccy}"

    def __str__(self) -> str:
        return f"{self.exchange}:{self.base}/{self.quote_ccy}"

    @classmethod
    def parse(cls, text: str) -> Instrument:
        """Read ``exchange:BASE/QUOTE``; raise UsageError with a sentence on anything else."""
        exchange, colon, pair = text.strip().partition(":")
        base, slash, quote_ccy = (part.strip() for part in pair.partition("/"))
        exchange = exchange.strip()
        if not (colon and slash and exchange and base and quote_ccy) or "/" in quote_ccy:
            raise UsageError(
                tr(
                    "{text} is not an instrument; write it as exchange:BASE/QUOTE, "
                    "for example binance:BTC/USDT.",
                    text=repr(text),
                )
            )
        return cls(exchange.lower(), base.upper(), quote_ccy.upper())


class Listing(NamedTuple):
    """What an exchange says of an instrument that it lists.

    ``tick_size`` and ``lot_size`` are the smallest steps of price and quantity; None where the
    exchange has no such rule. ``alias`` is the symbol under which its data come, if it is another.
    """

    instrument: Instrument
    symbol: str
    tick_size: Decimal | None = None
    lot_size: Decimal | None = None
    status: Status = "trading"
    alias: str = ""

    @property
    def price_decimals(self) -> int | None:
        """How many decimals a price of this instrument has; None if the exchange did not say."""
        return None if self.tick_size is None else decimals(self.tick_size)


def exchange_title(exchange: str) -> str:
    """The name of an exchange as people write it."""
    return TITLES.get(exchange) or exchange.capitalize()


def decimals(step: Decimal) -> int:
    """How many decimals are needed to write multiples of a step: 0.0100 needs 2, 5 needs 0."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
