"""Faults: what a simulated exchange does wrong on purpose, read from ``name=value`` specs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import UsageError


@dataclass(slots=True)
class Faults:
    """The faults in force; each may be changed while the simulator runs, and 0 is none.

    ``drop`` s: every connection is cut at that age. ``stall`` s: from that age on a connection is
    silent, but open. ``gap``: share of book deltas lost. ``garbage``: share of frames that cannot
    be read. ``refuse``: HTTP status that answers handshakes. ``slow`` ms: how much later every
    frame and reply leaves.
    """

    drop: float = 0.0
    stall: float = 0.0
    gap: float = 0.0
    garbage: float = 0.0
    refuse: int = 0
    slow: float = 0.0

    @classmethod
    def parse(cls, specs: Iterable[str]) -> Faults:
        """Read specs such as ``drop=20``; raise UsageError with a sentence on anything else."""
        faults = cls()
        for spec in specs:
            name, _, text = spec.partition("=")
            if name not in BOUNDS:
                raise UsageError(
                    f"There is no fault {name!r}; write NAME=VALUE, "
                    f"where NAME is one of {', '.join(BOUNDS)}."
                )
            setattr(faults, name, _value(name, text))
        return faults


# The least and most of each value, and what it is.
BOUNDS: dict[str, tuple[float, float, str]] = {
    "drop": (0.01, 1e6, "seconds"),
    "stall": (0.01, 1e6, "seconds"),
    "gap": (0.0, 1.0, "a share from 0 to 1"),
    "garbage": (0.0, 1.0, "a share from 0 to 1"),
    "refuse": (400, 599, "an HTTP status from 400 to 599"),
    "slow": (0.0, 60_000.0, "milliseconds up to 60000"),
}


def _value(name: str, text: str) -> float | int:
    least, most, meaning = BOUNDS[name]
    try:
        value = int(text) if name == "refuse" else float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise UsageError(f"The fault {name} needs {meaning}, not {text!r}.")
    return value
