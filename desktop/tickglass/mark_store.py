"""What was drawn on every instrument, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import TickglassError
from .market.instrument import Instrument
from .market.marks import Drawing, Marks

VERSION = 1


class MarkStore:
    """All marks. What cannot be read is kept as it stands and counted in ``unread``."""

    def __init__(self) -> None:
        self.marks: dict[Instrument, Marks] = {}
        self.unread = 0
        self._kept: dict[str, Any] = {}  # as found, of instruments or drawings not understood

    def of(self, instrument: Instrument) -> Marks:
        """The marks of an instrument, made on first use."""
        return self.marks.setdefault(instrument, Marks())

    def load(self, text: str) -> None:
        """Take what ``dump`` gave; raises ValueError if it is something else altogether."""
        document = json.loads(text)
        rows = document.get("instruments") if isinstance(document, Mapping) else None
        if not isinstance(rows, Mapping) or document.get("version") != VERSION:
            raise ValueError("it is not a file of drawings that this version can read")
        for name, drawings in rows.items():
            self._load_one(name, drawings)

    def dump(self) -> str:
        """Everything, as text."""
        rows: dict[str, list[Any]] = {
            str(instrument): [each.to_row() for each in marks.drawings]
            for instrument, marks in sorted(self.marks.items())
            if marks.drawings
        }
        for name, kept in self._kept.items():
            rows[name] = [*rows.get(name, []), *kept]
        return json.dumps({"version": VERSION, "instruments": rows}, indent=1) + "\n"

    def _load_one(self, name: str, drawings: object) -> None:
        good: list[Drawing] = []
        bad: list[Any] = []
        rows: list[Any] = drawings if isinstance(drawings, list) else [drawings]
        for row in rows:
            try:
                good.append(Drawing.from_row(row))
            except (TickglassError, TypeError, AttributeError):
                bad.append(row)
        try:
            instrument = Instrument.parse(name)
        except TickglassError:
            bad, good = [*bad, *(each.to_row() for each in good)], []
        else:
            self.marks[instrument] = Marks(good)
        if bad:
            self._kept[name] = bad
            self.unread += len(bad)
