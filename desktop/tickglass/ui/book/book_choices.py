"""What a person chose of the order book: the view, the unit of sizes, and a step for each pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...market.instrument import Instrument
from .book_header import VIEWS
from .ladder_rows import UNITS, Unit

STEPS_KEPT = 100  # instruments whose step is remembered
MOST_STEP = 1e12  # above any price


class BookChoices:
    """``view`` is a key of ``VIEWS``."""

    def __init__(self) -> None:
        self.view = "ladder"
        self.unit: Unit = "base"
        self._steps: dict[str, float] = {}

    def step_of(self, instrument: Instrument | None) -> float | None:
        """The step of price that was chosen for an instrument."""
        return self._steps.get(str(instrument))

    def choose_step(self, instrument: Instrument, step: float) -> None:
        """Remember a step; the ones chosen longest ago go when there are too many."""
        self._steps.pop(str(instrument), None)
        self._steps[str(instrument)] = step
        for oldest in list(self._steps)[:-STEPS_KEPT]:
            del self._steps[oldest]

    def to_row(self) -> dict[str, Any]:
        """All of it as JSON knows values."""
        return {"view": self.view, "unit": self.unit, "steps": dict(self._steps)}

    def restore(self, row: Mapping[str, Any]) -> None:
        """Be as it was; what cannot be used is left as it is."""
        view, unit, held = row.get("view"), row.get("unit"), row.get("steps")
        if isinstance(view, str) and view in VIEWS:
            self.view = view
        self.unit = next((each for each in UNITS if each == unit), self.unit)
        rows = held.items() if isinstance(held, Mapping) else ()
        usable = [(str(key), float(step)) for key, step in rows if _is_step(step)]
        self._steps = dict(usable[-STEPS_KEPT:])


def _is_step(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < MOST_STEP
