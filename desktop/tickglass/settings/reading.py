"""Reading the settings from a TOML document, as far as they can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tomlkit.items import AoT

from ..alerts.rows import known_keys
from ..errors import SettingsError, TickglassError
from ..language import tr
from ..market.instrument import Instrument
from ..market.watchlist import Watchlist
from ..options import OPTIONS, SECTIONS, Option, exchange_options, fits, limit
from . import rows
from .held import VERSION, Held, Sentence
from .rows import as_row_value, as_written, watchlist_name
from .tree import DEFAULT_WATCHLIST, ExchangeSettings, Settings

PARTS = ("version", "exchanges", "watchlists", "alerts", "shortcuts", *SECTIONS)
Row = Mapping[str, Any]


class Reader:
    """Reads a document once; what cannot be used is noted with it."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._document = held.document

    def read(self) -> Settings:
        """The settings, as far as they can be read."""
        document = self._document
        self._check_version()
        self._report_unknown("", document, PARTS)
        settings = Settings()
        for section in SECTIONS:
            table = self._section(section)
            options = [option for option in OPTIONS if option.section == section]
            self._read_options(options, table, getattr(settings, section))
        settings.shortcuts = self._read_shortcuts()
        for name, table in self._named_tables("exchanges"):
            settings.exchanges[name] = exchange = ExchangeSettings()
            self._read_options(exchange_options(name), table, exchange)
        for row in self._rows("watchlists"):
            settings.watchlists.append(self._read_watchlist(row))
        for row in self._rows("alerts"):
            self._read_alert(row, settings)
        if "exchanges" not in document:
            settings.exchanges = Settings.first().exchanges
        if not settings.watchlists:
            settings.watchlists = [Watchlist(DEFAULT_WATCHLIST)]
        return settings

    def _check_version(self) -> None:
        version = self._document.get("version", VERSION)
        if isinstance(version, bool) or not isinstance(version, int):
            self._refuse("version", version, VERSION)
        elif version > VERSION:
            self._held.unused["version"] = VERSION
            self._say(
                lambda: tr(
                    "The settings are of version {version}, newer than this Tickglass knows; "
                    "what it does not know is kept.",
                    version=version,
                )
            )

    def _read_options(self, options: Iterable[Option], table: Row, section: Any) -> None:
        options = list(options)
        self._report_unknown(f"{options[0].section}.", table, [each.name for each in options])
        for option in options:
            if option.name in table:
                setattr(section, option.name, self._read_option(option, table[option.name]))

    def _read_option(self, option: Option, held: Any) -> Any:
        value = as_written(held)
        if option.kind == "instruments" and isinstance(held, list):
            value = tuple(self._read_instruments(lambda: option.key, held))
        if not fits(option, value):
            self._refuse(option.key, value, option.default)
            return option.default
        if limit(option, value):
            self._say(
                lambda: tr(
                    "{key} cannot be {value}; {must}.",
                    key=option.key,
                    value=_said(value),
                    must=limit(option, value),
                )
            )
            self._held.unused[option.key] = as_row_value(option.default)
            return option.default
        return value

    def _read_shortcuts(self) -> dict[str, str]:
        found = {}
        for name, keys in self._section("shortcuts").items():
            if isinstance(keys, str):
                found[name] = str(keys)
            else:
                self._refuse(f"shortcuts.{name}", as_written(keys), None)
        return found

    def _read_watchlist(self, row: Row) -> Watchlist:
        self._report_unknown("watchlists.", row, rows.WATCHLIST_DEFAULTS)
        name = watchlist_name(row)
        watchlist = Watchlist(name)
        texts = row.get("instruments", [])
        if isinstance(texts, list):
            watchlist.instruments = self._read_instruments(
                lambda: tr("the watchlist {name}", name=repr(name)), texts
            )
        else:
            self._held.unused[f"watchlists.{name}.instruments"] = []
            self._say(
                lambda: tr(
                    "In the watchlist {name}: instruments must be a list, not {value}.",
                    name=repr(name),
                    value=_said(texts),
                )
            )
        for key, default in rows.WATCHLIST_DEFAULTS.items():
            if key in ("name", "instruments") or key not in row:
                continue
            value = as_written(row[key])
            if rows.is_like(value, default):
                setattr(watchlist, key, value)
            else:
                self._refuse(f"watchlists.{name}.{key}", value, default)
        return watchlist

    def _read_instruments(self, where: Sentence, texts: Iterable[Any]) -> list[Instrument]:
        found: dict[Instrument, None] = {}
        for text in texts:
            try:
                found[Instrument.parse(str(text))] = None
            except TickglassError as error:
                self._say_in(where, error.sentence)
        return list(found)

    def _read_alert(self, row: Row, settings: Settings) -> None:
        try:
            alert = rows.read_alert(row)
            if any(alert.id == other.id for other in settings.alerts):
                raise SettingsError(tr("another alert has the same id."))
        except (TickglassError, ValueError, TypeError) as error:
            self._held.unread.append(row)
            reason = error.sentence if isinstance(error, TickglassError) else f"{error}."
            self._say(
                lambda: tr(
                    "In the settings, the alert {id} cannot be used and is left alone: {reason}",
                    id=_said(row.get("id", "")),
                    reason=reason,
                )
            )
            return
        settings.alerts.append(alert)
        self._report_unknown("alerts.", row, known_keys(row))

    def _section(self, name: str) -> Row:
        table = self._document.get(name, {})
        if isinstance(table, Mapping):
            return table
        self._say_no_table(name)
        return {}

    def _named_tables(self, name: str) -> list[tuple[str, Row]]:
        tables = []
        for key, table in self._section(name).items():
            if isinstance(table, Mapping):
                tables.append((key, table))
            else:
                self._say_no_table(f"{name}.{key}")
        return tables

    def _rows(self, name: str) -> list[Row]:
        value = self._document.get(name)
        if value is None:
            return []
        if not rows.are_rows(value):
            self._say(lambda: tr("{name} must be written as [[{name}]]; it is ignored.", name=name))
            return []
        if not isinstance(value, AoT):  # written inline: [{…}, {…}]
            del self._document[name]
            self._document[name] = value = rows.array_of_tables(map(rows.as_table, value))
        return list(value)

    # ------------------------------------------------------------ complaints

    def _say(self, sentence: Sentence) -> None:
        self._held.sentences.append(sentence)

    def _say_in(self, where: Sentence, reason: str) -> None:
        self._say(lambda: tr("In {where}: {reason}", where=where(), reason=reason))

    def _say_no_table(self, name: str) -> None:
        self._say(lambda: tr("{name} must be written as [{name}]; it is ignored.", name=name))

    def _refuse(self, key: str, value: Any, default: Any) -> None:
        self._held.unused[key] = default = as_row_value(default)
        self._say(
            lambda: tr(
                "{key} cannot be {value}; {instead} is used instead.",
                key=key,
                value=_said(value),
                instead=tr("nothing") if default in (None, []) else repr(default),
            )
        )

    def _report_unknown(self, where: str, table: Row, known: Iterable[str]) -> None:
        unknown = [key for key in table if key not in set(known)]
        if unknown:
            keys = ", ".join(f"{where}{key}" for key in unknown)
            self._say(lambda: tr("Unknown in the settings, and left alone: {keys}.", keys=keys))


def _said(value: Any) -> str:
    return repr(as_written(value))
