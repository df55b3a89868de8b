"""The settings: one typed tree, kept in a TOML file that people may read and edit.

Reading never fails: what cannot be used is left in the file untouched, reported in one sentence,
and done without. Writing changes only what changed, so comments and unknown keys stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Table

from .alerts.alert import Alert, Condition, Trigger
from .errors import SettingsError, TickglassError
from .files import write_atomically
from .market.instrument import Instrument
from .paths import Paths

VERSION = 1
BACKUPS_KEPT = 10
LONGEST_ON_ONE_LINE = 3
THEMES = ("system", "light", "dark")

DEFAULT_EXCHANGES = ("binance",)
DEFAULT_WATCHLIST = "Majors"
DEFAULT_PAIRS = (
    *("BTC/USDT", "ETH/USDT", "SOL/USDT", "BNB/USDT", "XRP/USDT", "DOGE/USDT", "ADA/USDT"),
    *("LINK/USDT", "LTC/USDT", "ETH/BTC", "PEPE/USDT", "SHIB/USDT"),
)


@dataclass(slots=True)
class ExchangeSettings:
    """One exchange: on or off, and other hosts than its own if given."""

    enabled: bool = True
    ws: str | None = None
    rest: str | None = None


@dataclass(slots=True)
class Watchlist:
    """A named list of instruments in the person's order."""

    name: str
    instruments: list[Instrument] = field(default_factory=list)


@dataclass(slots=True)
class WindowSettings:
    """How the window looks and what closing it means."""

    theme: str = "system"
    close_to_tray: bool = False


@dataclass(slots=True)
class Settings:
    """Everything that a person chooses."""

    exchanges: dict[str, ExchangeSettings] = field(default_factory=dict)
    watchlists: list[Watchlist] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    window: WindowSettings = field(default_factory=WindowSettings)

    @classmethod
    def first(cls) -> Settings:
        """What a new user starts with."""
        pairs = [Instrument.parse(f"{DEFAULT_EXCHANGES[0]}:{pair}") for pair in DEFAULT_PAIRS]
        return cls(
            exchanges={name: ExchangeSettings() for name in DEFAULT_EXCHANGES},
            watchlists=[Watchlist(DEFAULT_WATCHLIST, pairs)],
        )


class SettingsFile:
    """The file, the document in it, and what was wrong with it.

    ``notices`` are sentences for the person. ``render`` and ``write`` are apart because writing
    waits for the disk and belongs in a thread.
    """

    def __init__(self, paths: Paths, now: Callable[[], datetime] = datetime.now) -> None:
        self._path = paths.settings
        self._backups = paths.backups
        self._now = now
        self._document = tomlkit.document()
        self.notices: list[str] = []

    def load(self) -> Settings:
        """Read the file, or the last good backup, or begin anew."""
        if not self._path.exists():
            return Settings.first()
        try:
            self._document = _parse(self._path)
        except SettingsError as error:
            self._document = self._recover(error)
            if not self._document:
                return Settings.first()
        return self._read()

    def render(self, settings: Settings) -> str:
        """The file's text with these settings in it."""
        document = self._document
        if not document:
            document.add(tomlkit.comment("Tickglass settings. Edit while Tickglass is closed."))
        document["version"] = VERSION
        for name, exchange in settings.exchanges.items():
            _write_exchange(_table(_table(document, "exchanges"), name), exchange)
        _write_tables(document, "watchlists", "name", map(_watchlist_row, settings.watchlists))
        _write_tables(document, "alerts", "id", map(_alert_row, settings.alerts))
        window = _table(document, "window")
        _update(window, {
            "theme": settings.window.theme, "close_to_tray": settings.window.close_to_tray,
        })  # fmt: skip
        return tomlkit.dumps(document)

    def write(self, text: str) -> None:
        """Put a text into place; the first time on a day the one before is kept as a backup."""
        self._back_up()
        write_atomically(self._path, text)

    def _back_up(self) -> None:
        backup = self._backups / f"settings-{self._now():%Y-%m-%d}.toml"
        if not self._path.exists() or backup.exists():
            return
        self._backups.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self._path, backup)
        for old in self._dated_backups()[BACKUPS_KEPT:]:
            old.unlink()

    def _dated_backups(self) -> list[Path]:
        return sorted(self._backups.glob("settings-*.toml"), reverse=True)

    def _recover(self, error: SettingsError) -> tomlkit.TOMLDocument:
        aside = self._path.with_name(f"settings.unreadable-{self._now():%Y%m%d-%H%M%S}.toml")
        self._path.replace(aside)
        sentence = f"The settings could not be read ({error}) and were set aside as {aside.name}"
        for backup in self._dated_backups():
            try:
                document = _parse(backup)
            except SettingsError:
                continue
            self.notices.append(f"{sentence}; the backup {backup.name} is used instead.")
            return document
        self.notices.append(f"{sentence}; there is no backup, so Tickglass starts afresh.")
        return tomlkit.document()

    def _read(self) -> Settings:
        document = self._document
        version = document.get("version", VERSION)
        if not isinstance(version, int) or version > VERSION:
            self.notices.append(
                f"The settings are of version {version}, newer than this Tickglass knows; "
                "what it does not know is kept."
            )
        self._report_unknown(
            "", document, ("version", "exchanges", "watchlists", "alerts", "window")
        )
        settings = Settings(window=self._read_window(document.get("window")))
        for name, table in _named_tables(document.get("exchanges")):
            settings.exchanges[name] = self._read_exchange(name, table)
        for table in self._rows(document.get("watchlists"), "watchlists"):
            settings.watchlists.append(self._read_watchlist(table))
        for table in self._rows(document.get("alerts"), "alerts"):
            try:
                settings.alerts.append(_read_alert(table))
            except (TickglassError, ValueError, KeyError, TypeError) as error:
                self.notices.append(_unusable(f"the alert {table.get('id', '')!r}", error))
                continue
            self._report_unknown("alerts.", table, ALERT_KEYS)
        if "exchanges" not in document:
            settings.exchanges = Settings.first().exchanges
        if not settings.watchlists:
            settings.watchlists = [Watchlist(DEFAULT_WATCHLIST)]
        return settings

    def _read_exchange(self, name: str, table: Mapping[str, Any]) -> ExchangeSettings:
        where = f"exchanges.{name}."
        self._report_unknown(where, table, ("enabled", "ws", "rest"))
        return ExchangeSettings(
            enabled=self._value(where, table, "enabled", bool, True),
            ws=self._value(where, table, "ws", str, None),
            rest=self._value(where, table, "rest", str, None),
        )

    def _read_window(self, table: Any) -> WindowSettings:
        table = table if isinstance(table, Mapping) else {}
        self._report_unknown("window.", table, ("theme", "close_to_tray"))
        theme = self._value("window.", table, "theme", str, "system")
        if theme not in THEMES:
            self.notices.append(
                f"window.theme cannot be {theme!r}; it is one of {', '.join(THEMES)}."
            )
            theme = "system"
        close = self._value("window.", table, "close_to_tray", bool, False)
        return WindowSettings(theme, close)

    def _read_watchlist(self, table: Mapping[str, Any]) -> Watchlist:
        self._report_unknown("watchlists.", table, ("name", "instruments"))
        name = str(table.get("name", DEFAULT_WATCHLIST))
        watchlist = Watchlist(name)
        for text in table.get("instruments", ()):
            try:
                instrument = Instrument.parse(str(text))
            except TickglassError as error:
                self.notices.append(f"In the watchlist {name!r}: {error.sentence}")
                continue
            if instrument not in watchlist.instruments:
                watchlist.instruments.append(instrument)
        return watchlist

    def _value(
        self, where: str, table: Mapping[str, Any], key: str, kind: type, default: Any
    ) -> Any:
        value = table.get(key, default)
        if value is default or isinstance(value, kind):
            return value
        self.notices.append(f"{where}{key} cannot be {value!r}; {default!r} is used instead.")
        return default

    def _rows(self, value: Any, name: str) -> list[Mapping[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.notices.append(f"{name} must be written as [[{name}]]; it is ignored.")
            return []
        return [row for row in value if isinstance(row, Mapping)]

    def _report_unknown(self, where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        unknown = [key for key in table if key not in set(known)]
        if unknown:
            keys = ", ".join(f"{where}{key}" for key in unknown)
            self.notices.append(f"Unknown in the settings, and left alone: {keys}.")


ALERT_KEYS = ("id", "instrument", "condition", "value", "trigger", "fired")


def _parse(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise SettingsError(str(error).rstrip(".")) from error


def _unusable(what: str, error: Exception) -> str:
    if isinstance(error, TickglassError):
        reason = error.sentence
    elif isinstance(error, KeyError):
        reason = f"{error.args[0]} is missing."
    else:
        reason = f"{error}."
    return f"In the settings, {what} cannot be used and is left alone: {reason}"


def _named_tables(value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(value, Mapping):
        return []
    return [(name, table) for name, table in value.items() if isinstance(table, Mapping)]


def _read_alert(table: Mapping[str, Any]) -> Alert:
    value, fired = table["value"], table.get("fired")
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise SettingsError(f"{value!r} is not a price.")
    return Alert(
        id=str(table["id"]),
        instrument=Instrument.parse(str(table["instrument"])),
        condition=Condition(table["condition"]),
        value=float(value),
        trigger=Trigger(table.get("trigger", Trigger.ONCE)),
        fired=fired if isinstance(fired, int) else None,
    )


def _alert_row(alert: Alert) -> dict[str, Any]:
    whole = alert.value.is_integer() and alert.value < 1e15
    row = {
        "id": alert.id,
        "instrument": str(alert.instrument),
        "condition": str(alert.condition),
        "value": int(alert.value) if whole else alert.value,
        "trigger": str(alert.trigger),
    }
    return row if alert.fired is None else {**row, "fired": alert.fired}


def _watchlist_row(watchlist: Watchlist) -> dict[str, Any]:
    return {"name": watchlist.name, "instruments": [str(each) for each in watchlist.instruments]}


def _write_exchange(table: MutableMapping[str, Any], exchange: ExchangeSettings) -> None:
    given = {"enabled": exchange.enabled, "ws": exchange.ws, "rest": exchange.rest}
    _update(table, {key: value for key, value in given.items() if value is not None})


def _write_tables(
    document: tomlkit.TOMLDocument, name: str, key: str, rows: Iterable[dict[str, Any]]
) -> None:
    """Bring an array of tables up to date, leaving alone what could not be read.

    A table is recognised by its ``key``; those that are gone are removed, new ones are appended.
    """
    wanted = {row[key]: row for row in rows}
    kept = tomlkit.aot()
    held = document.get(name)
    for table in held if isinstance(held, AoT) else ():
        row = wanted.pop(table.get(key), None)
        if row is not None:
            _update(table, row)
        if row is not None or not _was_read(name, table):
            kept.append(table)
    for row in wanted.values():
        table = tomlkit.table()
        _update(table, row)
        kept.append(table)
    if len(kept):
        document[name] = kept
    elif name in document:
        del document[name]


def _was_read(name: str, table: Table) -> bool:
    if name != "alerts":
        return True
    try:
        _read_alert(table)
    except (TickglassError, ValueError, KeyError, TypeError):
        return False
    return True


def _table(parent: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    if not isinstance(parent.get(name), MutableMapping):
        parent[name] = tomlkit.table()
    table: MutableMapping[str, Any] = parent[name]
    return table


def _update(table: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, list):
            value = value + _unread_instruments(table.get(key))
        if table.get(key) != value:
            table[key] = _array(value) if isinstance(value, list) else value


def _unread_instruments(held: Any) -> list[Any]:
    """What a person wrote into a list of instruments and could not be read: it stays there."""
    return [text for text in held or () if not _is_instrument(text)]


def _is_instrument(text: Any) -> bool:
    try:
        Instrument.parse(str(text))
    except TickglassError:
        return False
    return True


def _array(values: list[Any]) -> Any:
    return tomlkit.item(values).multiline(len(values) > LONGEST_ON_ONE_LINE)
