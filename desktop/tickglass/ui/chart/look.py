"""How a chart looks and what it shows: what the person chose, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from ...errors import TickglassError
from ...market.indicators import Indicator
from ...market.instrument import Instrument
from .bars import BAR_STYLES, BarStyle
from .scales import SCALE_MODES, ScaleMode

MOST_INDICATORS = 12
MOST_COMPARED = 5


@dataclass(frozen=True, slots=True)
class Look:
    """``zone`` is a name of the time zone database, empty for local time."""

    style: BarStyle = "candles"
    scale: ScaleMode = "linear"
    volume: bool = True
    heat: bool = False
    zone: str = ""
    indicators: tuple[Indicator, ...] = ()
    compared: tuple[Instrument, ...] = field(default=())

    def with_indicator(self, indicator: Indicator) -> Look:
        """The same look with one more indicator, as long as there is room."""
        if len(self.indicators) >= MOST_INDICATORS:
            return self
        return replace(self, indicators=(*self.indicators, indicator))

    def to_row(self) -> dict[str, Any]:
        """The look as JSON knows values."""
        return {
            "style": self.style,
            "scale": self.scale,
            "volume": self.volume,
            "heat": self.heat,
            "zone": self.zone,
            "indicators": [each.to_row() for each in self.indicators],
            "compared": [str(each) for each in self.compared],
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Look:
        """The look that was remembered; what cannot be used is left at its default."""
        style, scale, zone = row.get("style"), row.get("scale"), row.get("zone")
        return cls(
            style=style if style in BAR_STYLES else "candles",
            scale=scale if scale in SCALE_MODES else "linear",
            volume=row.get("volume") is not False,
            heat=row.get("heat") is True,
            zone=zone if isinstance(zone, str) else "",
            indicators=_read_all(row.get("indicators"), Indicator.from_row)[:MOST_INDICATORS],
            compared=_read_all(row.get("compared"), Instrument.parse)[:MOST_COMPARED],
        )


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of that name; None, local time, if there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, KeyError):  # an unknown name is a missing file
        return None


def _read_all(rows: Any, read: Any) -> tuple[Any, ...]:
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(read(row))
        except (TickglassError, TypeError, ValueError, KeyError, AttributeError):
            continue
    return tuple(found)
