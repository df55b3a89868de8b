"""Numbers and times as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..alerts.alert import Alert, Condition
from ..market.freshness import Freshness

NOTHING = "—"
MINUS = "−"
UP_ARROW, DOWN_ARROW = "▲", "▼"

DIGITS = 5  # significant digits of a price whose step the exchange does not tell
FEWEST_DECIMALS, MOST_DECIMALS = 2, 18
UNITS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
MINUTE, HOUR, DAY = 60, 3_600, 86_400

FRESHNESS_WORDS = {
    Freshness.LIVE: "live",
    Freshness.QUIET: "connected, no trade lately",
    Freshness.STALE: "stale: the connection is silent",
    Freshness.LOST: "lost: not connected",
    Freshness.NEVER: "no data yet",
}

CROSSES_WORDS = {
    Condition.CROSSES: "crosses",
    Condition.CROSSES_UP: "crosses up",
    Condition.CROSSES_DOWN: "crosses down",
}


def decimals_of(price: float) -> int:
    """How many decimals show a price well when the exchange does not tell its step."""
    if price == 0 or not math.isfinite(price):
        return FEWEST_DECIMALS
    magnitude = math.floor(math.log10(abs(price)))
    return min(MOST_DECIMALS, max(FEWEST_DECIMALS, DIGITS - 1 - magnitude))


def price_text(price: float | None, decimals: int | None = None) -> str:
    """A price with a fixed number of decimals; more where it would be rounded to nothing."""
    if price is None or not math.isfinite(price):
        return NOTHING
    if decimals is None or (price and abs(price) <= 0.5 * 10.0**-decimals):
        decimals = decimals_of(price)
    return f"{price:,.{decimals}f}".replace("-", MINUS)


def plain_price(price: float, decimals: int | None = None) -> str:
    """A price as it is typed or pasted elsewhere: no separators, no exponent."""
    return price_text(price, decimals).replace(",", "").replace(MINUS, "-")


def change_text(change: float | None) -> str:
    """A share as signed per cent: +1.53 %, −0.20 %, 0.00 %."""
    if change is None or not math.isfinite(change):
        return NOTHING
    return f"{signed(change * 100, 2)} %"


def signed(value: float, decimals: int) -> str:
    """A number with its sign, unless it shows as zero."""
    text = f"{abs(value):,.{decimals}f}"
    if not any(figure in text for figure in "123456789"):
        return text
    return ("+" if value > 0 else MINUS) + text


def arrow(change: float | None) -> str:
    """Up, down, or nothing for no change."""
    text = change_text(change)
    if text.startswith("+"):
        return UP_ARROW
    return DOWN_ARROW if text.startswith(MINUS) else ""


def amount_text(amount: float | None) -> str:
    """A quantity in three or so digits: 1.23 M, 82.0 B."""
    if amount is None or not math.isfinite(amount):
        return NOTHING
    size = abs(amount)
    for unit, letter in UNITS:
        if size >= unit * 0.9995:
            return f"{_three_digits(amount / unit)} {letter}"
    return _three_digits(amount)


def _three_digits(number: float) -> str:
    size = abs(number)
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    if 0 < size < 0.9995:
        decimals = min(MOST_DECIMALS, 2 - math.floor(math.log10(size)))
    return f"{number:,.{decimals}f}".replace("-", MINUS)


def age_text(seconds: float | None) -> str:
    """How long ago: now, 12 s, 3 min, 2 h, 5 d."""
    if seconds is None:
        return NOTHING
    if seconds < 2:
        return "now"
    if seconds < MINUTE:
        return f"{int(seconds)} s"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h"
    return f"{int(seconds // DAY)} d"


def freshness_sentence(freshness: Freshness, seconds: float | None) -> str:
    """The state of a row in words, with how old its numbers are."""
    words = FRESHNESS_WORDS[freshness]
    words = words[0].upper() + words[1:]
    if seconds is None:
        return words + "."
    age = age_text(seconds)
    return (
        f"{words}; last heard of just now."
        if age == "now"
        else f"{words}; last heard of {age} ago."
    )


def exchange_title(titles: Mapping[str, str], exchange: str) -> str:
    """The name of an exchange as people write it."""
    return titles.get(exchange) or exchange.capitalize()


def alert_text(alert: Alert, title: str, decimals: int | None = None) -> str:
    """An alert in words: BTC/USDT on Binance crosses up 100,000.00."""
    price = price_text(alert.value, decimals)
    return f"{alert.instrument.pair} on {title} {CROSSES_WORDS[alert.condition]} {price}"


def read_price(text: str) -> float | None:
    """A price that a person typed, in any common spelling; None if it cannot be one.

    A single comma before exactly three figures separates thousands (100,000); any other single
    comma is a decimal one (0,5). Where both signs occur, the last is the decimal one.
    """
    plain = "".join(text.split()).replace("'", "").replace("_", "")
    if plain.count(",") and plain.count("."):
        decimal = "," if plain.rfind(",") > plain.rfind(".") else "."
        plain = plain.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif "," in plain:
        whole, _, rest = plain.partition(",")
        thousands = len(rest) == 3 and whole.lstrip("0") != ""
        plain = whole + rest if thousands else f"{whole}.{rest}"
    if not plain or not set(plain) <= set("0123456789."):
        return None
    try:
        price = float(plain)
    except ValueError:
        return None
    return price if price > 0 and math.isfinite(price) else None
