"""What was drawn on every instrument, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .errors import TickglassError
from .language import tr
from .market.instrument import Instrument
from .market.marks import MOST_MARKS, Drawing, Marks

VERSION = 1


class MarkStore:
    """All marks. What cannot be read is kept as it stands and counted in ``unread``."""

    def __init__(self) -> None:
        self.marks: dict[Instrument, Marks] = {}
        self.unread = 0
        self._kept: dict[str, list[Any]] = {}  # as found: what is not understood, or too much
        self._texts: dict[Instrument, tuple[Marks, int, list[str]]] = {}  # as of a version

    def of(self, instrument: Instrument) -> Marks:
        """The marks of an instrument, made on first use."""
        return self.marks.setdefault(instrument, Marks())

    def load(self, text: str) -> None:
        """Take what ``dump`` gave; raises ValueError if it is something else altogether."""
        try:
            document = json.loads(text)
        except RecursionError as error:
            raise ValueError(tr("it is nested too deeply")) from error
        rows = document.get("instruments") if isinstance(document, Mapping) else None
        if not isinstance(rows, Mapping) or document.get("version") != VERSION:
            raise ValueError(tr("it is not a file of drawings that this version can read"))
        for name, drawings in rows.items():
            self._load_one(name, drawings)

    def dump(self) -> str:
        """Everything, as text with a line for each drawing; only what changed is made anew."""
        rows = {
            str(instrument): self._rows(instrument, marks)
            for instrument, marks in sorted(self.marks.items())
            if marks.drawings
        }
        for name, kept in self._kept.items():
            rows[name] = [*rows.get(name, []), *map(json.dumps, kept)]
        tables = ",\n".join(
            f"{json.dumps(name)}: [\n" + ",\n".join(each) + "\n]" for name, each in rows.items()
        )
        return f'{{"version": {VERSION}, "instruments": {{\n{tables}\n}}}}\n'

    def _rows(self, instrument: Instrument, marks: Marks) -> list[str]:
        held = self._texts.get(instrument)
        if held is not None and held[0] is marks and held[1] == marks.version:
            return held[2]
        rows = [json.dumps(each.to_row()) for each in marks.drawings]
        self._texts[instrument] = (marks, marks.version, rows)
        return rows

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
            good = [*self.of(instrument).drawings, *good]  # another spelling may have come before
            bad += [each.to_row() for each in good[MOST_MARKS:]]
            self.marks[instrument] = Marks(good[:MOST_MARKS])
        if bad:
            self._kept.setdefault(name, []).extend(bad)
            self.unread += len(bad)
