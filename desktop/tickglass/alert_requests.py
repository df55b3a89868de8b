"""What scripts may do with alerts, on whoever holds them: the running program, or its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from .alerts.alert import Alert
from .alerts.rows import alert_row, read_alert
from .errors import TickglassError, UsageError
from .language import tr

LIST, PUT, PAUSE, RESUME, REMOVE = "list", "put", "pause", "resume", "remove"
RAISE = "raise"
ABOUT = "alerts"


class Holder(Protocol):
    """Who holds the alerts."""

    @property
    def alerts(self) -> list[Alert]:
        """All of them."""

    def put(self, alert: Alert) -> None:
        """Add one, or change it."""

    def remove(self, alert: Alert) -> None:
        """Forget one."""


def handle(request: Mapping[str, Any], holder: Holder, now: int) -> dict[str, Any]:
    """Answer a request about alerts; ``now`` is ms UTC. What cannot be done is a sentence."""
    try:
        return {"alerts": [_told(each, now) for each in _do(request, holder, now)]}
    except TickglassError as error:
        return {"problem": error.sentence}


def _do(request: Mapping[str, Any], holder: Holder, now: int) -> list[Alert]:
    """Do it; the alerts that it is about."""
    action = request.get("do")
    if action == LIST:
        return holder.alerts
    if action == PUT:
        return [_put(request.get("alert"), holder, now)]
    known = [each for each in holder.alerts if each.id == request.get("id")]
    if not known:
        raise UsageError(tr("There is no alert {id}.", id=repr(request.get("id"))))
    alert = known[0]
    if action == REMOVE:
        holder.remove(alert)
    elif action == PAUSE:
        alert = replace(alert, paused=True)
        holder.put(alert)
    elif action == RESUME:
        alert = alert.arm(now)
        holder.put(alert)
    else:
        raise UsageError(tr("{action} cannot be done with alerts.", action=repr(action)))
    return [alert]


def _put(row: object, holder: Holder, now: int) -> Alert:
    if not isinstance(row, Mapping):
        raise UsageError(tr("An alert is a row of keys and values."))
    alert = replace(read_alert(row), since=now)
    if any(each.id == alert.id for each in holder.alerts):
        raise UsageError(tr("There is an alert {id} already.", id=repr(alert.id)))
    holder.put(alert)
    return alert


def _told(alert: Alert, now: int) -> dict[str, Any]:
    return alert_row(alert) | {"state": str(alert.state(now))}
