"""What each setting of the windows does the moment it changes."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

from ..options import LOCAL_ZONE, Value

if TYPE_CHECKING:
    from .main_window import MainWindow


# The first goes along with the theme; the ticker comes up with the window.
ALONG = ("window.palette", "ticker.shown", "ticker.size", "ticker.opacity", "ticker.vertical")


class WindowSettings:
    """The values as they are, by key; ``apply`` lets the windows follow one of them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.values: dict[str, Value] = {}
        self.zone: tzinfo | None = None
        self.zone_name = ""  # in the time zone database, empty for that of this computer
        self._effects: Mapping[str, Callable[[Any], object]] = {
            "window.theme": lambda _: self._look(),
            "window.palette": lambda _: self._look(),
            "window.motion": self._move,
            "window.prices_flash": lambda _: self.flash(),
            "window.rows": lambda rows: window.lists.set_compact(rows == "compact"),
            "window.sparkline": window.lists.set_span,
            "window.zone": self._set_zone,
            "ticker.shown": lambda _: self._follow_ticker(),
            "ticker.size": lambda _: self._follow_ticker(),
            "ticker.opacity": lambda _: self._follow_ticker(),
            "ticker.vertical": lambda _: self._follow_ticker(),
        }

    def set_all(self, values: Mapping[str, Value]) -> None:
        """Follow all of these."""
        self.values = dict(values)
        for key in values:
            if key in self._effects and key not in ALONG:
                self._effects[key](values[key])

    def apply(self, key: str, value: Value) -> None:
        """Follow a value that was chosen."""
        self.values[key] = value
        effect = self._effects.get(key)
        if effect is not None:
            effect(value)
        if self._window.dialogs.settings is not None:
            self._window.dialogs.settings.set_value(key, value)

    def _look(self) -> None:
        values = self.values
        self._window.appearance.choose(
            str(values.get("window.theme")), str(values.get("window.palette"))
        )

    def _move(self, motion: str) -> None:
        self._window.appearance.choose_motion(motion)
        self.flash()

    def flash(self) -> None:
        """Let changed prices flash if that is wanted and motion is not reduced."""
        wanted = self.values.get("window.prices_flash") is not False
        reduced = self._window.appearance.motion_reduced
        self._window.lists.set_flashes(wanted and not reduced)
        self._window.companions.set_motion_reduced(reduced)

    def _set_zone(self, name: str) -> None:
        self.zone = zone_of(name)
        self.zone_name = "" if self.zone is None else name
        self._window.charts.set_zone(self.zone)
        self._window.status.set_zone(self.zone, self.zone_name)
        if self._window.companions.board is not None:
            self._window.companions.board.set_zone(self.zone)

    def _follow_ticker(self) -> None:
        self._window.companions.follow_settings()


def zone_of(name: str) -> tzinfo | None:
    """The zone of a setting; None for that of this computer."""
    if name == LOCAL_ZONE:
        return None
    return UTC if name == "UTC" else zoneinfo.ZoneInfo(name)
