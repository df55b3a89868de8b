"""A watchlist: the instruments that a person follows, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field

from .instrument import Instrument


@dataclass(slots=True)
class Watchlist:
    """A named list of instruments in the person's order, and how it is looked at.

    ``columns`` are those shown, left to right, by name; empty for the usual ones. ``grouped`` puts
    the same pair of several exchanges together.
    """

    name: str
    instruments: list[Instrument] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    grouped: bool = False
