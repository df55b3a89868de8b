"""Single parts of the settings as rows of the file, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import fields
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, Item, Table

from ..alerts import rows
from ..alerts.alert import Alert
from ..errors import TickglassError
from ..market.instrument import Instrument
from ..market.number import plain
from ..market.watchlist import Watchlist
from .tree import DEFAULT_WATCHLIST

LONGEST_ON_ONE_LINE = 3
WATCHLIST_DEFAULTS: Mapping[str, Any] = {
    each.name: getattr(Watchlist(DEFAULT_WATCHLIST), each.name) for each in fields(Watchlist)
}


class Texts(list[str]):
    """Instruments as the file has them."""

    @classmethod
    def of(cls, instruments: Iterable[Instrument]) -> Texts:
        """The texts of some instruments."""
        return cls(str(each) for each in instruments)


# ---------------------------------------------------------------- alerts and watchlists


def read_alert(table: Mapping[str, Any]) -> Alert:
    """The alert of a row; raises TickglassError if it is none."""
    return rows.read_alert({key: as_written(value) for key, value in table.items()})


def alert_row(alert: Alert) -> dict[str, Any]:
    """An alert as a row, its numbers as people write them: 0.00001234."""
    return {key: _as_item(value) for key, value in rows.alert_row(alert).items()}


def _as_item(value: Any) -> Any:
    if isinstance(value, float):
        return tomlkit.value(plain(value))
    if isinstance(value, list) and are_rows(value) and value:
        return [{key: _as_item(each) for key, each in row.items()} for row in value]
    return value


def alert_id(table: Mapping[str, Any]) -> str:
    """By what the row of an alert is recognised."""
    return str(table.get("id"))


def watchlist_row(watchlist: Watchlist) -> dict[str, Any]:
    """A watchlist as a row."""
    row = {name: getattr(watchlist, name) for name in WATCHLIST_DEFAULTS}
    return row | {"instruments": Texts.of(watchlist.instruments)}


def watchlist_name(table: Mapping[str, Any]) -> str:
    """By what the row of a watchlist is recognised."""
    return str(table.get("name", DEFAULT_WATCHLIST))


def is_like(value: Any, default: Any) -> bool:
    """Whether a value of the file is of the type of a default; lists are lists of texts."""
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    return isinstance(value, str if default is None else type(default))


# ---------------------------------------------------------------- the document


def as_written(value: Any) -> Any:
    """A value of the document without what surrounds it there."""
    return value.unwrap() if isinstance(value, Item) else value


def are_rows(value: Any) -> bool:
    """Whether a value is a list of tables."""
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def table_of(parent: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    """The table of a name, made if there is none."""
    if not isinstance(parent.get(name), MutableMapping):
        set_aside(parent, name)
        parent[name] = tomlkit.table()
    table: MutableMapping[str, Any] = parent[name]
    return table


def set_aside(parent: MutableMapping[str, Any], name: str) -> None:
    """Keep what cannot be used under a name that says so, where its place is needed."""
    held = parent.pop(name, None)
    if held is None:
        return
    aside = f"{name}_unreadable"
    while aside in parent:
        aside += "_"
    parent[aside] = held


def as_table(row: Mapping[str, Any]) -> Table:
    """A row that was written inline as a table of its own."""
    table = tomlkit.table()
    table.update(as_written(row))
    return table


def array_of_tables(tables: Iterable[Table]) -> AoT:
    """Tables as ``[[name]]``."""
    array = tomlkit.aot()
    for table in tables:
        array.append(table)
    return array


def same(held: Any, value: Any) -> bool:
    """Whether a value of the document says what is wanted, in whatever spelling."""
    if isinstance(value, Texts) and isinstance(held, list):
        read = [Instrument.parse(str(text)) for text in held if is_instrument(text)]
        return [str(each) for each in dict.fromkeys(read)] == value
    return bool(held == value)


def to_item(value: Any, held: Any) -> Any:
    """A value as it is put into the document, with what a person wrote there and nobody reads."""
    if not isinstance(value, list):
        return value
    if value and are_rows(value):
        return _inline(value)
    texts = [*value]
    if isinstance(value, Texts) and isinstance(held, list):
        texts += [text for text in held if not is_instrument(text)]
    return tomlkit.item(texts).multiline(len(texts) > LONGEST_ON_ONE_LINE)


def _inline(held: Iterable[Mapping[str, Any]]) -> Array:
    """Rows inside a row, each on a line of its own."""
    array = tomlkit.array()
    for row in held:
        table = tomlkit.inline_table()
        table.update(row)
        array.append(table)
    return array.multiline(True)


def is_instrument(text: Any) -> bool:
    """Whether a text names an instrument."""
    try:
        Instrument.parse(str(text))
    except TickglassError:
        return False
    return True


def as_row_value(value: Any) -> Any:
    """A value of the tree as the file has it."""
    return Texts.of(value) if isinstance(value, tuple) else value
