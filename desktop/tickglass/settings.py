"""The settings: one typed tree, kept in a TOML file that people may read and edit.

Reading never fails: what cannot be used is left in the file untouched, reported in one sentence,
and done without. Writing changes only what changed, so comments and unknown keys stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Item, Table

from .alerts.alert import Alert, Condition, Trigger
from .errors import SettingsError, TickglassError
from .files import write_atomically
from .market.instrument import Instrument
from .market.number import plain
from .market.watchlist import Watchlist
from .paths import Paths

VERSION = 1
BACKUPS_KEPT = 10
LONGEST_ON_ONE_LINE = 3
THEMES = ("system", "light", "dark")

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
        instruments = [Instrument.parse(each) for each in DEFAULT_INSTRUMENTS]
        return cls(
            exchanges={name: ExchangeSettings() for name in DEFAULT_EXCHANGES},
            watchlists=[Watchlist(DEFAULT_WATCHLIST, instruments)],
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
        self._unused: dict[str, Any] = {}  # by key: what is used instead of what stands there
        self._unread: list[Mapping[str, Any]] = []  # rows of the document that could not be read
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
        self._update(document, {"version": VERSION})
        for name, exchange in settings.exchanges.items():
            table = _table(_table(document, "exchanges"), name)
            self._update(table, _exchange_row(exchange), f"exchanges.{name}.")
        self._write_tables("watchlists", _watchlist_name, map(_watchlist_row, settings.watchlists))
        self._write_tables("alerts", _alert_id, map(_alert_row, settings.alerts))
        self._update(_table(document, "window"), _window_row(settings.window), "window.")
        return tomlkit.dumps(document)

    def write(self, text: str) -> None:
        """Put a text into place; the first time on a day the one before is kept as a backup."""
        self._back_up()
        write_atomically(self._path, text)

    def _update(
        self, table: MutableMapping[str, Any], values: Mapping[str, Any], where: str = ""
    ) -> None:
        """Set what changed. What could not be used stays until something else is chosen."""
        for key, value in values.items():
            place = f"{where}{key}"
            if place in self._unused and self._unused[place] == value:
                continue
            self._unused.pop(place, None)
            held = table.get(key)
            if value is None:
                table.pop(key, None)
            elif not _same(held, value):
                table[key] = _array(value, held) if isinstance(value, list) else value

    def _write_tables(self, name: str, key: KeyOf, rows: Iterable[dict[str, Any]]) -> None:
        """Bring an array of tables up to date, in the order of the rows.

        A table is recognised by its key; those that are gone are removed, those that could not be
        read stay.
        """
        held: list[Table] = []
        if _are_rows(self._document.get(name)):
            held = list(self._document[name])
        else:
            _set_aside(self._document, name)
        free: dict[str, list[Table]] = {}
        for table in held:
            if not self._is_unread(table):
                free.setdefault(key(table), []).append(table)
        wanted: list[Table] = []
        for row in rows:
            found = free.get(key(row))
            wanted.append(found.pop(0) if found else tomlkit.table())
            self._update(wanted[-1], row, f"{name}.{key(row)}.")
        for place, table in enumerate(held):
            if self._is_unread(table):
                wanted.insert(place, table)
        if [*map(id, held)] != [*map(id, wanted)]:
            self._document.pop(name, None)
            if wanted:
                self._document[name] = _array_of_tables(wanted)

    def _is_unread(self, table: Table) -> bool:
        return any(table is each for each in self._unread)

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
            with suppress(OSError):  # the next start must not find an empty place
                write_atomically(self._path, tomlkit.dumps(document))
            return document
        self.notices.append(f"{sentence}; there is no backup, so Tickglass starts afresh.")
        return tomlkit.document()

    def _read(self) -> Settings:
        document = self._document
        version = self._value("", document, "version", int, VERSION)
        if version > VERSION:
            self._unused["version"] = VERSION
            self.notices.append(
                f"The settings are of version {version}, newer than this Tickglass knows; "
                "what it does not know is kept."
            )
        self._report_unknown(
            "", document, ("version", "exchanges", "watchlists", "alerts", "window")
        )
        settings = Settings(window=self._read_window(document.get("window")))
        for name, table in self._named_tables(document.get("exchanges"), "exchanges"):
            settings.exchanges[name] = self._read_exchange(name, table)
        for table in self._rows(document.get("watchlists"), "watchlists"):
            settings.watchlists.append(self._read_watchlist(table))
        for table in self._rows(document.get("alerts"), "alerts"):
            try:
                alert = _read_alert(table)
                if any(alert.id == other.id for other in settings.alerts):
                    raise SettingsError("another alert has the same id.")
                settings.alerts.append(alert)
            except (TickglassError, ValueError, TypeError) as error:
                self._unread.append(table)
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
        if not isinstance(table, Mapping | None):
            self.notices.append(_not_a_table("window"))
            table = None
        table = table or {}
        self._report_unknown("window.", table, ("theme", "close_to_tray"))
        theme = self._value("window.", table, "theme", str, "system")
        if theme not in THEMES:
            self.notices.append(
                f"window.theme cannot be {theme!r}; it is one of {', '.join(THEMES)}."
            )
            theme = self._unused["window.theme"] = "system"
        close = self._value("window.", table, "close_to_tray", bool, False)
        return WindowSettings(theme, close)

    def _read_watchlist(self, table: Mapping[str, Any]) -> Watchlist:
        self._report_unknown("watchlists.", table, ("name", "instruments"))
        name = _watchlist_name(table)
        watchlist = Watchlist(name)
        texts = table.get("instruments", [])
        if not isinstance(texts, list):
            self._unused[f"watchlists.{name}.instruments"] = []
            self.notices.append(
                f"In the watchlist {name!r}: instruments must be a list, "
                f"not {_as_written(texts)!r}."
            )
            return watchlist
        for text in texts:
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
        self._unused[f"{where}{key}"] = default
        instead = "nothing" if default is None else repr(default)
        self.notices.append(
            f"{where}{key} cannot be {_as_written(value)!r}; {instead} is used instead."
        )
        return default

    def _rows(self, value: Any, name: str) -> list[Mapping[str, Any]]:
        if value is None:
            return []
        if not _are_rows(value):
            self.notices.append(f"{name} must be written as [[{name}]]; it is ignored.")
            return []
        if not isinstance(value, AoT):  # written inline: [{…}, {…}]
            del self._document[name]
            self._document[name] = value = _array_of_tables(map(_as_table, value))
        return list(value)

    def _named_tables(self, value: Any, name: str) -> list[tuple[str, Mapping[str, Any]]]:
        if value is None:
            return []
        if not isinstance(value, Mapping):
            self.notices.append(_not_a_table(name))
            return []
        tables = []
        for key, table in value.items():
            if isinstance(table, Mapping):
                tables.append((key, table))
            else:
                self.notices.append(_not_a_table(f"{name}.{key}"))
        return tables

    def _report_unknown(self, where: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        unknown = [key for key in table if key not in set(known)]
        if unknown:
            keys = ", ".join(f"{where}{key}" for key in unknown)
            self.notices.append(f"Unknown in the settings, and left alone: {keys}.")


KeyOf = Callable[[Mapping[str, Any]], str]
ALERT_KEYS = ("id", "instrument", "condition", "value", "trigger", "fired")


def _parse(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise SettingsError(str(error).rstrip(".")) from error


def _unusable(what: str, error: Exception) -> str:
    reason = error.sentence if isinstance(error, TickglassError) else f"{error}."
    return f"In the settings, {what} cannot be used and is left alone: {reason}"


def _not_a_table(name: str) -> str:
    return f"{name} must be written as [{name}]; it is ignored."


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _as_written(value: Any) -> Any:
    return value.unwrap() if isinstance(value, Item) else value


def _read_alert(table: Mapping[str, Any]) -> Alert:
    missing = [key for key in ALERT_KEYS[:4] if key not in table]
    if missing:
        raise SettingsError(f"it has no {' and no '.join(missing)}.")
    value, fired = table["value"], table.get("fired")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
        raise SettingsError(f"{_as_written(value)!r} is not a price.")
    if isinstance(fired, bool) or not isinstance(fired, int | None):
        raise SettingsError(f"fired cannot be {_as_written(fired)!r}: it is a time in ms.")
    return Alert(
        id=str(table["id"]),
        instrument=Instrument.parse(str(table["instrument"])),
        condition=Condition(table["condition"]),
        value=float(value),
        trigger=Trigger(table.get("trigger", Trigger.ONCE)),
        fired=fired,
    )


def _alert_row(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "instrument": str(alert.instrument),
        "condition": str(alert.condition),
        "value": tomlkit.value(plain(alert.value)),  # 0.00001234 as people write it
        "trigger": str(alert.trigger),
        "fired": alert.fired,
    }


def _alert_id(table: Mapping[str, Any]) -> str:
    return str(table.get("id"))


def _watchlist_row(watchlist: Watchlist) -> dict[str, Any]:
    return {"name": watchlist.name, "instruments": [str(each) for each in watchlist.instruments]}


def _watchlist_name(table: Mapping[str, Any]) -> str:
    return str(table.get("name", DEFAULT_WATCHLIST))


def _exchange_row(exchange: ExchangeSettings) -> dict[str, Any]:
    return {"enabled": exchange.enabled, "ws": exchange.ws, "rest": exchange.rest}


def _window_row(window: WindowSettings) -> dict[str, Any]:
    return {"theme": window.theme, "close_to_tray": window.close_to_tray}


def _table(parent: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    if not isinstance(parent.get(name), MutableMapping):
        _set_aside(parent, name)
        parent[name] = tomlkit.table()
    table: MutableMapping[str, Any] = parent[name]
    return table


def _set_aside(parent: MutableMapping[str, Any], name: str) -> None:
    """Keep what cannot be used under a name that says so, where its place is needed."""
    held = parent.pop(name, None)
    if held is not None:
        parent[f"{name}_unreadable"] = held


def _as_table(row: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    table.update(_as_written(row))
    return table


def _array_of_tables(tables: Iterable[Table]) -> AoT:
    array = tomlkit.aot()
    for table in tables:
        array.append(table)
    return array


def _same(held: Any, value: Any) -> bool:
    if isinstance(value, list) and isinstance(held, list):
        read = [Instrument.parse(str(text)) for text in held if _is_instrument(text)]
        return [str(each) for each in dict.fromkeys(read)] == value
    return bool(held == value)


def _unread_instruments(held: Any) -> list[Any]:
    """What a person wrote into a list of instruments and could not be read: it stays there."""
    return [text for text in held if not _is_instrument(text)] if isinstance(held, list) else []


def _is_instrument(text: Any) -> bool:
    try:
        Instrument.parse(str(text))
    except TickglassError:
        return False
    return True


def _array(instruments: list[Any], held: Any) -> Any:
    values = instruments + _unread_instruments(held)
    return tomlkit.item(values).multiline(len(values) > LONGEST_ON_ONE_LINE)
