"""What a change of price is counted from: 24 hours ago, a midnight, or a moment that was picked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from ..language import tr
from .interval import DAY, MINUTE

Kind = Literal["24h", "utc", "local", "since"]


@dataclass(frozen=True, slots=True)
class Basis:
    """``moment`` (ms UTC) is set for ``since`` alone."""

    kind: Kind = "24h"
    moment: int = 0

    @property
    def rolling(self) -> bool:
        """Whether it is the exchange's own 24 hours, which need no price of the past."""
        return self.kind == "24h"

    def start(self, now: int, zone: tzinfo | None) -> int:
        """The moment that changes count from at ``now``, ms UTC; ``zone`` None is local time."""
        if self.kind == "since":
            return self.moment
        if self.kind == "utc":
            return now // DAY * DAY
        if self.kind == "local":
            return _midnight(now, zone)
        return now - DAY

    def title(self, zone: tzinfo | None) -> str:
        """What stands over such a change, a few letters long."""
        if self.kind == "utc":
            return tr("UTC day")
        if self.kind == "local":
            return tr("Today")
        if self.kind == "since":
            moment = datetime.fromtimestamp(self.moment / 1000, UTC).astimezone(zone)
            return tr("Since {moment}", moment=f"{moment:%d.%m. %H:%M}")
        return tr("24 h")


def basis_of(text: str) -> Basis:
    """The basis that a setting names (24h, utc, local, 2026-11-20T12:00Z); 24 h if it is none."""
    if text == "utc":
        return Basis("utc")
    if text == "local":
        return Basis("local")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Basis()
    if moment.tzinfo is None:
        return Basis()
    return Basis("since", int(moment.timestamp()) * 1000)


def setting_of(moment: int) -> str:
    """The setting that names a moment, ms UTC, to the minute."""
    whole = datetime.fromtimestamp(moment // MINUTE * MINUTE / 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M}Z"


def _midnight(now: int, zone: tzinfo | None) -> int:
    """The last midnight in a zone; where a change of the clocks skips it, the moment of the change.

    A time that does not exist is read with the offset from before the change (PEP 495, fold=0).
    """
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
    first = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if zone is None:  # or it would keep the offset of now
        first = first.replace(tzinfo=None)
    return int(first.timestamp()) * 1000
