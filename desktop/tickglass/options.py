"""Every simple setting, once: how it is called, what it may be, what it is at first.

The settings file is read and written by this table and the settings window shows it. What is no
simple value (watchlists, alerts, keys) is not in it.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

from .errors import TickglassError
from .language import mark, tr
from .market.instrument import Instrument

Kind = Literal["switch", "choice", "number", "address", "instruments", "zone", "basis"]
Value = bool | int | str | tuple[Instrument, ...] | None

LOCAL_ZONE = "local"
BASES = ("24h", "utc", "local")  # or a moment, as 2026-11-20T12:00Z
WS_SCHEMES, REST_SCHEMES = ("wss", "ws"), ("https", "http")
ENCRYPTED = ("wss", "https")
LONGEST_ADDRESS = 500
MOST_INSTRUMENTS = 200  # of the ticker or the board


@dataclass(frozen=True, slots=True)
class Option:
    """A setting. ``title``, ``help``, ``group`` and the words of ``choices`` are marked English.

    ``key`` is ``section.name`` as in the file. ``choices`` are values with their words, ``low`` and
    ``high`` the ends of a number, ``schemes`` those of an address.
    """

    key: str
    kind: Kind
    default: Value
    title: str
    help: str
    group: str
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0
    schemes: tuple[str, str] | None = None

    @property
    def section(self) -> str:
        """The table of the file in which it stands."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """How it is called within its section."""
        return self.key.rpartition(".")[2]


LOOK, PRICES, REGION = mark("Look"), mark("Prices"), mark("Language and time")
WINDOW, TICKER, BOARD = mark("Window"), mark("Ticker"), mark("Board")
TELLING, SIGNALS = mark("Notifications"), mark("Signals")
NO_HOUR = ""
HOURS = (
    (NO_HOUR, mark("never")),
    *((f"{half // 2:02}:{half % 2 * 30:02}",) * 2 for half in range(48)),
)
MUCH = (
    ("off", mark("muted")), ("low", mark("only the largest")), ("medium", mark("usual")),
    ("high", mark("many")),
)  # fmt: skip
AS_SYSTEM = mark("As the system")

OPTIONS: tuple[Option, ...] = (
    Option(
        "window.theme", "choice", "system",
        mark("Theme"), mark("Light or dark, or whichever the system uses."), LOOK,
        (("system", AS_SYSTEM), ("light", mark("Light")), ("dark", mark("Dark"))),
    ),
    Option(
        "window.palette", "choice", "standard",
        mark("Colours of up and down"),
        mark("Blue and orange are told apart by everybody; in East Asia red means up."), LOOK,
        (
            ("standard", mark("Green up, red down")),
            ("colour-blind", mark("Blue up, orange down")),
            ("red-up", mark("Red up, green down")),
        ),
    ),
    Option(
        "window.motion", "choice", "system",
        mark("Motion"), mark("Reduced: nothing fades or slides."), LOOK,
        (("system", AS_SYSTEM), ("full", mark("Full")), ("reduced", mark("Reduced"))),
    ),
    Option(
        "window.rows", "choice", "comfortable",
        mark("Rows"), mark("How much room a row of a watchlist takes."), LOOK,
        (("comfortable", mark("Comfortable")), ("compact", mark("Compact"))),
    ),
    Option(
        "window.change_basis", "basis", "24h",
        mark("Change since"), mark("What the change of a price is measured from."), PRICES,
        (
            ("24h", mark("24 hours ago")),
            ("utc", mark("00:00 UTC")),
            ("local", mark("Midnight here")),
        ),
    ),
    Option(
        "window.sparkline", "choice", "24h",
        mark("Small charts"), mark("How much time the small chart of a row shows."), PRICES,
        (
            ("1h", mark("1 hour")),
            ("4h", mark("4 hours")),
            ("24h", mark("24 hours")),
            ("7d", mark("7 days")),
        ),
    ),
    Option(
        "window.prices_flash", "switch", True,
        mark("Flash changed prices"), mark("A price lights up for a moment when it changes."),
        PRICES,
    ),
    Option(
        "window.language", "choice", "system",
        mark("Language"), mark("Of every text; windows that are open change when opened again."),
        REGION,
        (
            ("system", AS_SYSTEM),
            ("en", "English"),
            ("de", "Deutsch"),
            ("zh_CN", "简体中文"),
        ),
    ),
    Option(
        "window.zone", "zone", LOCAL_ZONE,
        mark("Time zone"), mark("Of every time that is shown, for example Europe/Berlin."), REGION,
        ((LOCAL_ZONE, mark("That of this computer")), ("UTC", "UTC")),
    ),
    Option(
        "window.close_to_tray", "switch", False,
        mark("Keep running when the window is closed"),
        mark("Prices and alerts go on in the tray, if there is one."), WINDOW,
    ),
    Option(
        "window.autostart", "switch", False,
        mark("Start at login"), mark("In the tray, if there is one."), WINDOW,
    ),
    Option(
        "ticker.shown", "switch", False,
        mark("Show the ticker"), mark("A small window that stays above all others."), TICKER,
    ),
    Option(
        "ticker.instruments", "instruments", (),
        mark("Instruments of the ticker"),
        mark("One a line, for example binance:BTC/USDT; none: those of the list that is open."),
        TICKER,
    ),
    Option(
        "ticker.size", "choice", "medium",
        mark("Size of the ticker"), mark("How large its prices are."), TICKER,
        (("small", mark("Small")), ("medium", mark("Medium")), ("large", mark("Large"))),
    ),
    Option(
        "ticker.opacity", "number", 100,
        mark("Opacity of the ticker"), mark("In per cent; less lets shine through what is behind."),
        TICKER, low=30, high=100,
    ),
    Option(
        "ticker.vertical", "switch", False,
        mark("One below the other"), mark("Instead of side by side."), TICKER,
    ),
    Option(
        "board.instruments", "instruments", (),
        mark("Instruments of the board"),
        mark("One a line, for example binance:BTC/USDT; none: those of the list that is open."),
        BOARD,
    ),
    Option(
        "delivery.notifications", "switch", True,
        mark("Show notifications"), mark("A bubble on the desktop when an alert fires."), TELLING,
    ),
    Option(
        "delivery.sound", "switch", True,
        mark("Play a sound"), mark("One for up and another for down."), TELLING,
    ),
    Option(
        "delivery.attention", "switch", True,
        mark("Mark the window in the taskbar"), mark("Until it is looked at."), TELLING,
    ),
    Option(
        "delivery.quiet_from", "choice", NO_HOUR,
        mark("Quiet from"),
        mark("In quiet hours nothing is shown, played or sent; it is told at their end."), TELLING,
        HOURS,
    ),
    Option(
        "delivery.quiet_to", "choice", NO_HOUR,
        mark("Quiet until"), mark("Of the next day if that is earlier."), TELLING, HOURS,
    ),
    Option(
        "signals.move", "choice", "medium",
        mark("Sharp moves"), mark("Far more than the pair usually moves in five minutes."), SIGNALS,
        MUCH,
    ),
    Option(
        "signals.volume", "choice", "medium",
        mark("Volume spikes"), mark("Many times the usual volume of five minutes."), SIGNALS, MUCH,
    ),
    Option(
        "signals.trend", "choice", "medium",
        mark("Trend reversals"), mark("The short average crosses the long one."), SIGNALS, MUCH,
    ),
    Option(
        "signals.premium", "choice", "medium",
        mark("Premiums"), mark("A pair is dearer or cheaper than on other exchanges."), SIGNALS,
        MUCH,
    ),
)  # fmt: skip
SECTIONS = tuple(dict.fromkeys(option.section for option in OPTIONS))


def exchange_options(exchange: str, group: str = "") -> tuple[Option, ...]:
    """The settings of an exchange by its name; ``group`` is the heading they stand under."""
    where = f"exchanges.{exchange}"
    return (
        Option(
            f"{where}.enabled", "switch", True,
            mark("Use this exchange"), mark("Its prices are fetched and it is searched."), group,
        ),
        Option(
            f"{where}.ws", "address", None,
            mark("Host for live prices"),
            mark("Instead of its own, for example a regional one or a proxy: wss://…"), group,
            schemes=WS_SCHEMES,
        ),
        Option(
            f"{where}.rest", "address", None,
            mark("Host for requests"),
            mark("Instead of its own, for example a regional one or a proxy: https://…"), group,
            schemes=REST_SCHEMES,
        ),
    )  # fmt: skip


def by_key(options: Iterable[Option]) -> Mapping[str, Option]:
    """Options by their keys."""
    return {option.key: option for option in options}


# ---------------------------------------------------------------- what a value may be


def fits(option: Option, value: Any) -> bool:
    """Whether a value is of the right type at all; a switch is no number."""
    if option.kind == "switch":
        return isinstance(value, bool)
    if option.kind == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if option.kind == "instruments":
        return isinstance(value, tuple) and all(isinstance(each, Instrument) for each in value)
    return isinstance(value, str) or (option.kind == "address" and value is None)


def limit(option: Option, value: Any) -> str:
    """What a value of the right type must be as well, as the end of a sentence; "" if it is."""
    if option.kind == "choice" and value not in [each for each, _ in option.choices]:
        return tr("it is one of {values}", values=", ".join(each for each, _ in option.choices))
    if option.kind == "number" and not option.low <= value <= option.high:
        return tr("it is from {low} to {high}", low=option.low, high=option.high)
    if option.kind == "zone" and not is_zone(value):
        return tr("it is local, UTC or a time zone such as Europe/Berlin")
    if option.kind == "basis" and not is_basis(value):
        return tr("it is 24h, utc, local or a moment such as 2026-11-20T12:00Z")
    if option.kind == "instruments" and len(value) > MOST_INSTRUMENTS:
        return tr("it holds {count} instruments at most", count=MOST_INSTRUMENTS)
    return ""


def is_zone(name: str) -> bool:
    """Whether a name says a time zone of which this system knows the rules."""
    if name in (LOCAL_ZONE, "UTC"):
        return True
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # not found, a path, a folder or no text for one
        return False


def is_basis(text: str) -> bool:
    """Whether a text says what a change is measured from."""
    return text in BASES or moment(text) is not None


def moment(text: str) -> datetime | None:
    """The moment that a text such as 2026-11-20T12:00Z says, None if it says none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


# ---------------------------------------------------------------- what a person types


def address_problem(text: str, schemes: tuple[str, str]) -> str:
    """Why an address cannot be used, as one sentence; "" if it can. Empty means the usual one."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # a broken IPv6 address, a port that is none
        return tr("This is not an address.")
    first, plain = schemes
    if parts.scheme not in schemes:
        return tr("An address here begins with {scheme}://.", scheme=first)
    if not host or port == 0 or not text.isprintable() or " " in text or "\\" in text:
        return tr("The address names no host; write {scheme}://host.", scheme=parts.scheme)
    if parts.username is not None or parts.password is not None:
        return tr("Names and passwords do not belong into an address.")
    if parts.query or parts.fragment or len(text) > LONGEST_ADDRESS:
        return tr("An address ends with its host or a path; the rest is added by the program.")
    if parts.scheme not in ENCRYPTED and not _is_this_machine(host):
        return tr(
            "{plain}:// is not encrypted and accepted for this machine only; write {scheme}://.",
            plain=plain, scheme=first,
        )  # fmt: skip
    return ""


def read_instruments(text: str) -> tuple[tuple[Instrument, ...], str]:
    """The instruments of a text, by lines or commas, and a sentence on the first that is none."""
    found: dict[Instrument, None] = {}
    for word in text.replace(",", "\n").splitlines():
        if not word.strip():
            continue
        try:
            found[Instrument.parse(word.strip())] = None
        except TickglassError as error:
            return tuple(found), error.sentence
    if len(found) > MOST_INSTRUMENTS:
        return tuple(found), tr("There can be {count} at most.", count=MOST_INSTRUMENTS)
    return tuple(found), ""


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
