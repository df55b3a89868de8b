"""Numbers and times as people read them."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping

from ..alerts import wording
from ..alerts.alert import Alert
from ..language import mark, tr
from ..market.freshness import Freshness
from ..market.instrument import exchange_title as usual_title
from ..market.number import plain
from .formats import MINUS as MINUS
from .formats import chosen, localised, number_text

NOTHING = "—"
UP_ARROW, DOWN_ARROW = "▲", "▼"

SPACERS = str.maketrans("", "", "'’_")  # between thousands, as in Switzerland and in programs
GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
DIGITS = 5  # significant digits of a price whose step the exchange does not tell
HALF_STEP = 0.5  # of the last decimal: what is no larger is rounded to nothing
FEWEST_DECIMALS, MOST_DECIMALS = 2, 18
JUST_NOW = 2  # s: younger than this is not worth a number
MINUTE, HOUR, DAY = 60, 3_600, 86_400

FRESHNESS_WORDS = {
    Freshness.LIVE: mark("Live"),
    Freshness.QUIET: mark("Connected, no trade lately"),
    Freshness.STALE: mark("Stale: the connection is silent"),
    Freshness.LOST: mark("Lost: not connected"),
    Freshness.NEVER: mark("No data yet"),
}

AGES = (
    (DAY, mark("{count} d")),
    (HOUR, mark("{count} h")),
    (MINUTE, mark("{count} min")),
    (1, mark("{count} s")),
)


def decimals_of(price: float) -> int:
    """How many decimals show a price well when the exchange does not tell its step."""
    if price == 0 or not math.isfinite(price):
        return FEWEST_DECIMALS
    magnitude = math.floor(math.log10(abs(price)))
    return min(MOST_DECIMALS, max(FEWEST_DECIMALS, DIGITS - 1 - magnitude))


def shown_decimals(price: float, decimals: int | None) -> int:
    """The decimals asked for; more where the price would be rounded to nothing."""
    if decimals is None or (price and abs(price) <= HALF_STEP * 10.0**-decimals):
        return decimals_of(price)
    return decimals


def price_text(price: float | None, decimals: int | None = None) -> str:
    """A price with a fixed number of decimals; more where it would be rounded to nothing."""
    if price is None or not math.isfinite(price):
        return NOTHING
    # Not by shown_decimals: a call and a power less at almost every price.
    if decimals is None or -HALF_STEP <= price <= HALF_STEP:
        decimals = shown_decimals(price, decimals)
    return number_text(price, decimals)


def plain_price(price: float, decimals: int | None = None) -> str:
    """A price as it is typed or pasted elsewhere: no separators, no exponent."""
    if not math.isfinite(price):
        return NOTHING
    return f"{price:.{shown_decimals(price, decimals)}f}"


def plain_number(text: str) -> str:
    """A number of ``price_text`` as other programs read it."""
    formats = chosen()
    return text.replace(formats.group, "").replace(formats.decimal, ".").replace(MINUS, "-")


def exact_text(price: float) -> str:
    """A price with all its digits and none that were never there."""
    return localised(plain(price, ",").replace(",", "_"))


def change_text(change: float | None) -> str:
    """A share as signed per cent: +1.53 %, −0.20 %, 0.00 %."""
    if change is None or not math.isfinite(change):
        return NOTHING
    return f"{signed(change * 100, 2)} %"


def signed(value: float, decimals: int) -> str:
    """A number with its sign, unless it shows as zero."""
    text = number_text(abs(value), decimals)
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
    for unit, letter in chosen().units:
        if size >= unit * 0.9995:
            return f"{_three_digits(amount / unit)} {letter}"
    return _three_digits(amount)


def _three_digits(number: float) -> str:
    size = abs(number)
    decimals = 2 if size < 9.995 else 1 if size < 99.95 else 0
    if 0 < size < 0.9995:
        decimals = min(MOST_DECIMALS, 2 - math.floor(math.log10(size)))
    return number_text(number, decimals)


def age_text(seconds: float | None) -> str:
    """How long ago: now, 12 s, 3 min, 2 h, 5 d."""
    if seconds is None:
        return NOTHING
    if not is_now(seconds):
        for length, words in AGES:
            if seconds >= length:
                return tr(words, count=int(seconds // length))
    return tr("now")


def is_now(seconds: float) -> bool:
    """Whether something is too young for its age to be worth a number."""
    return seconds < JUST_NOW


def freshness_sentence(freshness: Freshness, seconds: float | None) -> str:
    """The state of a row in words, with how old its numbers are."""
    state = tr(FRESHNESS_WORDS[freshness])
    if seconds is None:
        return tr("{state}.", state=state)
    if is_now(seconds):
        return tr("{state}; last heard of just now.", state=state)
    return tr("{state}; last heard of {age} ago.", state=state, age=age_text(seconds))


def exchange_title(titles: Mapping[str, str], exchange: str) -> str:
    """The name of an exchange as people write it."""
    return titles.get(exchange) or usual_title(exchange)


def alert_text(alert: Alert, title: str, decimals: int | None = None) -> str:
    """An alert in words: BTC/USDT on Binance: crosses 100,000.00 up.

    ``title`` is the exchange's name; it says nothing of an alert over a watchlist.
    """
    if alert.instrument is None:
        where = tr("every pair of {watchlist}", watchlist=alert.watchlist)
    else:
        where = tr("{pair} on {exchange}", pair=alert.instrument.pair, exchange=title)
    return wording.alert_text(alert, where, lambda price: price_text(price, decimals), exact_text)


def read_price(text: str) -> float | None:
    """A price that a person typed, in any common spelling; None if it cannot be one.

    A single comma before exactly three figures separates thousands (100,000) unless the chosen
    language writes decimals with it; any other single comma is a decimal one (0,5). A single point
    is always a decimal one, as in what other programs copy. Where both signs occur, the last is the
    decimal one; what occurs twice separates thousands.
    """
    plain = "".join(text.split()).translate(SPACERS)
    if plain.count(",") and plain.count("."):
        decimal = "," if plain.rfind(",") > plain.rfind(".") else "."
        plain = plain.replace("." if decimal == "," else ",", "").replace(decimal, ".")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif plain.count(".") > 1 and GROUPED.fullmatch(plain):
        plain = plain.replace(".", "")
    elif "," in plain:
        whole, _, rest = plain.partition(",")
        thousands = chosen().decimal != "," and len(rest) == 3 and whole.lstrip("0") != ""
        plain = whole + rest if thousands else f"{whole}.{rest}"
    if not plain or not set(plain) <= set("0123456789."):
        return None
    try:
        price = float(plain)
    except ValueError:
        return None
    return price if price > 0 and math.isfinite(price) else None


def wall_ms() -> int:
    """The time, ms UTC."""
    return round(time.time() * 1000)
