"""``tickglass alerts``: list, add, pause, resume and remove alerts, also while the window is open.

The running program is asked where there is one; otherwise its settings are changed, and held
meanwhile, so that never two write them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from .. import alert_requests
from ..alerts.alert import Alert
from ..alerts.condition import FAMILIES, Kind
from ..errors import TickglassError, UsageError
from ..instance import Instance, ask
from ..language import tr
from ..market.instrument import Instrument
from ..paths import Paths, find_paths
from ..settings import Settings, SettingsFile

# The key of the number that stands behind a condition, by what the condition has.
NUMBERS = ("value", "percent", "amount", "times", "seconds", "length")


class Held:
    """The alerts of the settings while nobody else has them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.changed = False

    @property
    def alerts(self) -> list[Alert]:
        """All of them."""
        return list(self._settings.alerts)

    def put(self, alert: Alert) -> None:
        """Add one, or change it."""
        known = [each.id for each in self._settings.alerts]
        if alert.id in known:
            self._settings.alerts[known.index(alert.id)] = alert
        else:
            self._settings.alerts.append(alert)
        self.changed = True

    def remove(self, alert: Alert) -> None:
        """Forget one."""
        self._settings.alerts.remove(alert)
        self.changed = True


def list_alerts(options: argparse.Namespace) -> int:
    """Print every alert."""
    return _print(_ask(options, {"do": alert_requests.LIST}), options)


def add(options: argparse.Namespace) -> int:
    """Add one alert and print it."""
    row = alert_of(options.instrument, options.condition, options.number, options.set)
    row |= {"id": options.id or _name(row), "trigger": options.trigger}
    return _print(_ask(options, {"do": alert_requests.PUT, "alert": row}), options)


def change(options: argparse.Namespace) -> int:
    """Pause, resume or remove one alert and print it."""
    return _print(_ask(options, {"do": options.action, "id": options.id}), options)


def alert_of(
    what: str, condition: str, number: float | None, further: Sequence[str]
) -> dict[str, Any]:
    """The row of an alert as it is typed; raises UsageError with a sentence."""
    if condition not in {str(each) for each in Kind}:
        known = ", ".join(Kind)
        raise UsageError(
            tr("{value} is not a condition; these are: {known}.", value=repr(condition),
               known=known)
        )  # fmt: skip
    row: dict[str, Any] = {"condition": condition}
    if what.startswith("list:"):
        row["watchlist"] = what.removeprefix("list:")
    else:
        row["instrument"] = str(Instrument.parse(what))
    if number is not None:
        row[_number_key(Kind(condition))] = number
    for each in further:
        key, sign, text = each.partition("=")
        if not sign or not key:
            raise UsageError(tr("{text} is not KEY=VALUE.", text=repr(each)))
        row[key.strip()] = _value(text.strip())
    return row


def _number_key(kind: Kind) -> str:
    names = getattr(FAMILIES[kind], "__dataclass_fields__", {})
    for name in NUMBERS:
        if name in names:
            return name
    raise UsageError(tr("{condition} takes no number.", condition=str(kind)))


def _value(text: str) -> Any:
    """A value as JSON has it; anything else is a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _name(row: dict[str, Any]) -> str:
    about = row.get("watchlist") or row["instrument"].partition(":")[2].replace("/", "-")
    return f"{str(about).lower()}-{uuid4().hex[:8]}"


def _ask(options: argparse.Namespace, request: dict[str, Any]) -> list[dict[str, Any]]:
    paths = find_paths(options.config_dir)
    instance = Instance(paths)
    if instance.claim():
        try:
            answer = _change_files(paths, request)
        finally:
            instance.release()
    else:
        answer = ask(paths, {"about": alert_requests.ABOUT, **request})
    if "problem" in answer:
        raise UsageError(str(answer["problem"]))
    found = answer.get("alerts")
    return found if isinstance(found, list) else []


def _change_files(paths: Paths, request: dict[str, Any]) -> dict[str, Any]:
    file = SettingsFile(paths)
    settings = file.load()
    held = Held(settings)
    answer = alert_requests.handle(request, held, round(time.time() * 1000))
    if held.changed:
        try:
            file.write(file.render(settings))
        except OSError as error:
            sentence = tr("The settings could not be written: {reason}.", reason=error.strerror)
            raise TickglassError(repr(error), sentence) from error
    return answer


def _print(alerts: Sequence[dict[str, Any]], options: argparse.Namespace) -> int:
    for alert in alerts:
        print(json.dumps(alert) if options.json else _line(alert))
    return 0


def _line(alert: dict[str, Any]) -> str:
    about = alert.get("instrument") or f"list:{alert.get('watchlist')}"
    shown = ("id", "instrument", "watchlist", "condition", "trigger", "state")
    rest = " ".join(f"{key}={value}" for key, value in alert.items() if key not in shown)
    return (
        f"{alert['id']:24} {alert['state']:10} {about} {alert['condition']} {rest} "
        f"{alert['trigger']}"
    )
