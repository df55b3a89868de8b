"""Writing the settings into a TOML document: only what changed, so that all else stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.items import Table

from ..alerts.rows import known_keys
from ..options import OPTIONS, SECTIONS, Option, exchange_options
from . import rows
from .held import VERSION, Held
from .rows import alert_id, as_row_value, watchlist_name
from .tree import Settings

ALWAYS_WRITTEN = ("enabled",)  # an exchange must be named to be there
KeyOf = Callable[[Mapping[str, Any]], str]
Row = Mapping[str, Any]


class Writer:
    """Brings a document up to date."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._document = held.document

    def render(self, settings: Settings) -> str:
        """The text with these settings in it; all that is not theirs stays as it is."""
        document = self._document
        if not document:
            document.add(tomlkit.comment("Tickglass settings. Edit while Tickglass is closed."))
        self._update(document, {"version": VERSION})
        for name, exchange in settings.exchanges.items():
            self._write_options(
                rows.table_of(document, "exchanges"), exchange_options(name), exchange
            )
        self._write_rows("watchlists", watchlist_name, map(rows.watchlist_row, settings.watchlists))
        self._write_rows("alerts", alert_id, map(rows.alert_row, settings.alerts))
        for section in SECTIONS:
            options = [option for option in OPTIONS if option.section == section]
            self._write_options(document, options, getattr(settings, section))
        self._write_shortcuts(settings.shortcuts)
        return tomlkit.dumps(document)

    def _write_options(
        self, parent: MutableMapping[str, Any], options: Iterable[Option], section: Any
    ) -> None:
        """Write what is not as it is at first, and what stands there already."""
        options = list(options)
        where = options[0].section
        name = where.removeprefix("exchanges.")
        held = parent.get(name)
        there: Row = held if isinstance(held, Mapping) else {}
        values = {each.name: as_row_value(getattr(section, each.name)) for each in options}
        wanted = {
            each.name: values[each.name]
            for each in options
            if each.name in there
            or each.name in ALWAYS_WRITTEN
            or values[each.name] != as_row_value(each.default)
        }
        if wanted:
            self._update(rows.table_of(parent, name), wanted, f"{where}.")

    def _write_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        held = self._document.get("shortcuts")
        there: Row = held if isinstance(held, Mapping) else {}
        gone = {
            name: None
            for name, keys in there.items()
            if isinstance(keys, str) and name not in shortcuts
        }
        if shortcuts or gone:
            table = rows.table_of(self._document, "shortcuts")
            self._update(table, {**gone, **shortcuts}, "shortcuts.")

    def _update(
        self, table: MutableMapping[str, Any], values: Mapping[str, Any], where: str = ""
    ) -> None:
        """Set what changed. What could not be used stays until something else is chosen."""
        for key, value in values.items():
            place = f"{where}{key}"
            if place in self._held.unused and self._held.unused[place] == value:
                continue
            self._held.unused.pop(place, None)
            held = table.get(key)
            if value is None:
                table.pop(key, None)
            elif not rows.same(held, value):
                table[key] = rows.to_item(value, held)

    def _write_rows(self, name: str, key: KeyOf, wanted_rows: Iterable[dict[str, Any]]) -> None:
        """Bring an array of tables up to date, in the order of the rows.

        A table is recognised by its key; those that are gone are removed, those that could not be
        read stay.
        """
        held: list[Table] = []
        if rows.are_rows(self._document.get(name)):
            held = list(self._document[name])
        else:
            rows.set_aside(self._document, name)
        free: dict[str, list[Table]] = {}
        for table in held:
            if not self._is_unread(table):
                free.setdefault(key(table), []).append(table)
        wanted: list[Table] = []
        for row in wanted_rows:
            found = free.get(key(row))
            wanted.append(found.pop(0) if found else tomlkit.table())
            self._update(wanted[-1], _needed(name, row, wanted[-1]), f"{name}.{key(row)}.")
        for place, table in enumerate(held):
            if self._is_unread(table):
                wanted.insert(place, table)
        if [*map(id, held)] != [*map(id, wanted)]:
            self._document.pop(name, None)
            if wanted:
                self._document[name] = rows.array_of_tables(wanted)

    def _is_unread(self, table: Table) -> bool:
        return any(table is each for each in self._held.unread)


def _needed(name: str, row: Mapping[str, Any], table: Row) -> dict[str, Any]:
    """What is not as usual and what stands there already; None for what an alert lost."""
    if name != "watchlists":
        gone = dict.fromkeys(key for key in known_keys(table) | known_keys(row) if key in table)
        return {**gone, **row}
    return {
        key: value
        for key, value in row.items()
        if key in ("name", "instruments") or key in table or value != rows.WATCHLIST_DEFAULTS[key]
    }
