"""How a language writes numbers, dates and times of day: looked up once, used at every number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from time import strftime, struct_time

MINUS = "−"
ENGLISH = "en"

Units = tuple[tuple[float, str], ...]

# What stands behind a shortened amount, the largest first. In Chinese the steps are ten thousands.
UNITS: Units = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
UNITS_OF: dict[str, Units] = {
    "de": ((1e12, "Bio"), (1e9, "Mrd"), (1e6, "Mio"), (1e3, "Tsd")),
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}

DATE_PARTS = {"y": "%Y", "M": "%m", "d": "%d"}
CLOCK_24, CLOCK_24_SECONDS = "%H:%M", "%H:%M:%S"
CLOCK_12, CLOCK_12_SECONDS = "%I:%M %p", "%I:%M:%S %p"


@dataclass(frozen=True, slots=True)
class Formats:
    """The signs of one language; ``date`` is a pattern of ``strftime``."""

    decimal: str = "."
    group: str = ","
    date: str = "%Y-%m-%d"
    hours_24: bool = True
    units: Units = UNITS


PLAIN = Formats()  # until a language is chosen

_chosen: Formats = PLAIN
_decimal, _group = PLAIN.decimal, PLAIN.group
_as_python = True  # Python's own signs: nothing to replace in the hot path


def use(language: str) -> Formats:
    """Write numbers and dates as a language does from now on, e.g. ``de`` or ``de_CH``.

    Qt's own fields follow. Returns how it was until now.
    """
    from PySide6.QtCore import QLocale  # not at the top: the commands write numbers without Qt

    QLocale.setDefault(QLocale(language))
    return use_formats(formats_of(language))


def use_formats(formats: Formats) -> Formats:
    """Write as given from now on; returns how it was until now."""
    global _chosen, _decimal, _group, _as_python
    before, _chosen = _chosen, formats
    _decimal, _group = formats.decimal, formats.group
    _as_python = (_decimal, _group) == (PLAIN.decimal, PLAIN.group)
    return before


def chosen() -> Formats:
    """How numbers and dates are written now."""
    return _chosen


def formats_of(language: str) -> Formats:
    """How a language writes, by Unicode's CLDR as Qt carries it.

    English of no country is written as ISO 8601 has it, not as in the United States.
    """
    if language == ENGLISH:
        return PLAIN
    from PySide6.QtCore import QLocale

    locale = QLocale(language)
    short = QLocale.FormatType.ShortFormat
    return Formats(
        locale.decimalPoint(),
        locale.groupSeparator(),
        _date_pattern(locale.dateFormat(short)),
        "a" not in locale.timeFormat(short).lower(),
        UNITS_OF.get(language.partition("_")[0], UNITS),
    )


def number_text(value: float, decimals: int) -> str:
    """A number with separated thousands and so many decimals."""
    if _as_python:
        text = f"{value:,.{decimals}f}"
    else:
        text = f"{value:_.{decimals}f}".replace(".", _decimal).replace("_", _group)
    return text if value >= 0 else text.replace("-", MINUS)


def localised(number: str) -> str:
    """A number as Python writes it, with ``_`` between thousands, in the signs of the language."""
    return number.replace(".", _decimal).replace("_", _group).replace("-", MINUS)


def date_text(day: date | struct_time) -> str:
    """A day in figures: 2026-11-23, 11/23/2026, 23.11.2026."""
    return _written(day, _chosen.date)


def clock_text(moment: time | datetime | struct_time, seconds: bool = False) -> str:
    """A time of day, always of the same width: 14:05, 02:05 PM."""
    if _chosen.hours_24:
        return _written(moment, CLOCK_24_SECONDS if seconds else CLOCK_24)
    return _written(moment, CLOCK_12_SECONDS if seconds else CLOCK_12)


def widest_amount() -> str:
    """The widest that an amount of three figures gets, for the width of a column."""
    return f"888 {max((letters for _, letters in _chosen.units), key=len)}"


def _written(moment: date | time | struct_time, pattern: str) -> str:
    if isinstance(moment, struct_time):
        return strftime(pattern, moment)
    return moment.strftime(pattern)


def _date_pattern(qt: str) -> str:
    """Year, month and day in figures of full width, in the order and with the signs of Qt's."""
    pattern, last = "", ""
    for sign in qt:
        if sign != last:
            pattern += DATE_PARTS.get(sign, sign)
        last = sign
    return pattern.replace("'", "")
