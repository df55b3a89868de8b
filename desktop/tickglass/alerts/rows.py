"""Alerts as rows: what the settings file, an import or a script holds of one, and back.

The keys of the first condition stand in the row of the alert itself, as they always did; further
conditions stand under ``and``, each a row of its own. What is as usual is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..errors import SettingsError
from ..language import tr
from ..market.instrument import Instrument
from .alert import Alert
from .condition import FAMILIES, Condition, Kind, make

CONDITION = "condition"
FURTHER = "and"
NEEDED = ("id", CONDITION)
HELD_APART = ("instrument", "conditions")
KINDS = frozenset(str(each) for each in Kind)


def alert_row(alert: Alert) -> dict[str, Any]:
    """An alert as plain values; those of the usual terms are left out."""
    row: dict[str, Any] = {"id": alert.id}
    if alert.instrument is not None:
        row["instrument"] = str(alert.instrument)
    row |= condition_row(alert.first)
    row["trigger"] = str(alert.trigger)
    for each in fields(Alert):
        value = getattr(alert, each.name)
        if each.name not in row and each.name not in HELD_APART and value != each.default:
            row[each.name] = list(value) if isinstance(value, tuple) else value
    if len(alert.conditions) > 1:
        row[FURTHER] = [condition_row(each) for each in alert.conditions[1:]]
    return row


def known_keys(row: Mapping[str, Any]) -> set[str]:
    """Every key that means something in the row of an alert."""
    keys = {each.name for each in fields(Alert) if each.name != "conditions"}
    keys |= {CONDITION, FURTHER, "watchlist"}
    name = str(row.get(CONDITION, ""))
    if name in KINDS:
        family: Any = FAMILIES[Kind(name)]
        keys |= {_key(each.name) for each in fields(family) if each.name != "kind"}
    return keys


def read_alert(row: Mapping[str, Any]) -> Alert:
    """The alert of a row; raises TickglassError with a sentence if it is none."""
    missing = [key for key in NEEDED if key not in row]
    if "instrument" not in row and "watchlist" not in row:
        missing.append("instrument")
    if missing:
        raise SettingsError(tr("it has no {keys}.", keys=", ".join(missing)))
    further = row.get(FURTHER, [])
    if not isinstance(further, list) or not all(isinstance(each, Mapping) for each in further):
        raise SettingsError(tr("{key} must be a list of conditions.", key=FURTHER))
    conditions = tuple(read_condition(each) for each in (row, *further))
    instrument = Instrument.parse(str(row["instrument"])) if "instrument" in row else None
    told = _read(Alert, row, leave_out=HELD_APART)
    return Alert(instrument=instrument, conditions=conditions, **told)


def condition_row(condition: Condition) -> dict[str, Any]:
    """A condition as plain values; those that are as usual are left out."""
    row: dict[str, Any] = {CONDITION: str(condition.kind)}
    for each in fields(condition):
        value = getattr(condition, each.name)
        if each.name != "kind" and (each.default is MISSING or value != each.default):
            row[_key(each.name)] = str(value) if isinstance(value, StrEnum) else value
    return row


def read_condition(row: Mapping[str, Any]) -> Condition:
    """The condition of a row; raises TickglassError with a sentence if it is none."""
    name = str(row.get(CONDITION, ""))
    if name not in KINDS:
        raise SettingsError(tr("{value} is not a condition.", value=repr(name)))
    kind = Kind(name)
    family = FAMILIES[kind]
    return make(kind, **_read(family, row, leave_out=("kind",)))


# The interval of a candle trigger and that of a condition may differ: this is the condition's.
def _key(name: str) -> str:
    return "candle" if name == "interval" else name


def _read(family: Any, row: Mapping[str, Any], leave_out: tuple[str, ...]) -> dict[str, Any]:
    hints = get_type_hints(family)
    told = {}
    for each in fields(family):
        key = _key(each.name) if family is not Alert else each.name
        if each.name in leave_out:
            continue
        if key in row:
            told[each.name] = _fit(row[key], hints[each.name], key)
        elif _is_needed(each):
            raise SettingsError(tr("it has no {keys}.", keys=key))
    return told


def _is_needed(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _fit(value: Any, hint: Any, key: str) -> Any:
    """A plain value as the type that is wanted; raises SettingsError if it cannot be."""
    if get_origin(hint) in (Union, UnionType):
        wanted = [each for each in get_args(hint) if each is not type(None)]
        return None if value is None else _fit(value, wanted[0], key)
    if get_origin(hint) is tuple:
        if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
            return tuple(str(each) for each in value)
    elif isinstance(hint, type) and issubclass(hint, StrEnum):
        if value in list(hint):
            return hint(value)
    elif hint is bool or isinstance(value, bool):
        if hint is bool and isinstance(value, bool):
            return bool(value)
    elif hint is str and isinstance(value, str):
        return str(value)
    elif hint is float and isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    elif hint is int and isinstance(value, int):
        return int(value)
    raise SettingsError(tr("{key} cannot be {value}.", key=key, value=repr(value)))
