"""What a person draws on a chart: values in time and price, kept for each instrument."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..errors import UsageError
from ..language import mark, tr

# How many points each kind has.
KINDS = {"horizontal": 1, "vertical": 1, "trend": 2, "rectangle": 2, "fibonacci": 2}
RETRACEMENTS = (0.0, 0.236, 0.382, 0.5, 0.618, 0.786, 1.0)
MOST_MARKS = 500  # on one instrument
STEPS_KEPT = 100  # that can be undone
MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Lengths of time in s, each with the words for it and for what is left below it.
SPANS = (
    (DAY, mark("{count} d"), HOUR, mark("{count} h")),
    (HOUR, mark("{count} h"), MINUTE, mark("{count} min")),
    (MINUTE, mark("{count} min"), 1, mark("{count} s")),
)


class Point(NamedTuple):
    """A place on the chart: ms UTC and a price."""

    time: float
    price: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A line, rectangle or retracement; raises UsageError if it cannot be one.

    A horizontal line has a price only, a vertical one a time only: the rest of their point is
    where it was made.
    """

    kind: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if KINDS.get(self.kind) != len(self.points):
            sentence = tr(
                "There is no drawing {kind} of {count} points.",
                kind=repr(self.kind),
                count=len(self.points),
            )
            raise UsageError(sentence)
        if not all(math.isfinite(each) for point in self.points for each in point):
            raise UsageError(tr("A drawing's points must be numbers."))

    def with_point(self, place: int, point: Point) -> Drawing:
        """The same with one point elsewhere."""
        points = list(self.points)
        points[place] = point
        return replace(self, points=tuple(points))

    def handles(self) -> tuple[Point, ...]:
        """Where it can be held: its points, and of a rectangle the other two corners after them."""
        if self.kind != "rectangle":
            return self.points
        first, second = self.points
        return (*self.points, Point(first.time, second.price), Point(second.time, first.price))

    def with_handle(self, number: int, point: Point) -> Drawing:
        """The same with one of its handles elsewhere; the corner across stays."""
        if number < len(self.points):
            return self.with_point(number, point)
        first, second = self.points
        if number == 2:
            return replace(
                self, points=(first._replace(time=point.time), second._replace(price=point.price))
            )
        return replace(
            self, points=(first._replace(price=point.price), second._replace(time=point.time))
        )

    def across(self, number: int) -> Point | None:
        """The handle that stays when one is moved; None if there is none."""
        handles = self.handles()
        return handles[number ^ 1] if len(handles) > 1 else None

    def levels(self) -> list[tuple[float, float]]:
        """Shares and prices of a retracement: 0 at its second point, 1 at its first."""
        first, second = self.points[0].price, self.points[-1].price
        return [(share, second + (first - second) * share) for share in RETRACEMENTS]

    def to_row(self) -> dict[str, Any]:
        """The drawing as JSON knows values."""
        return {"kind": self.kind, "points": [list(point) for point in self.points]}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Drawing:
        """What ``to_row`` gave; raises UsageError if it cannot be."""
        try:
            points = tuple(Point(float(time), float(price)) for time, price in row["points"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            sentence = tr("A drawing's points are pairs of time and price.")
            raise UsageError(sentence) from error
        return cls(str(row.get("kind")), points)


class Marks:
    """The drawings of one instrument; every change can be undone. ``version`` rises with each."""

    def __init__(self, drawings: Sequence[Drawing] = ()) -> None:
        self.drawings: tuple[Drawing, ...] = tuple(drawings)[:MOST_MARKS]
        self.version = 0
        self._undone: list[tuple[Drawing, ...]] = []
        self._done: list[tuple[Drawing, ...]] = []

    def place(self, drawing: Drawing | None) -> int | None:
        """Where this very drawing is now; None if it is gone."""
        places = (place for place, each in enumerate(self.drawings) if each is drawing)
        return next(places, None)

    def add(self, drawing: Drawing) -> None:
        """Put one more on top; the oldest goes if there are too many."""
        self._become((*self.drawings, drawing)[-MOST_MARKS:])

    def change(self, place: int, drawing: Drawing) -> None:
        """Put another in the place of one."""
        if drawing != self.drawings[place]:
            held = list(self.drawings)
            held[place] = drawing
            self._become(tuple(held))

    def remove(self, place: int) -> None:
        """Take one away."""
        self._become(self.drawings[:place] + self.drawings[place + 1 :])

    def clear(self) -> None:
        """Take all away."""
        if self.drawings:
            self._become(())

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        return self._step(self._done, self._undone)

    def redo(self) -> bool:
        """Do again what was taken back."""
        return self._step(self._undone, self._done)

    def _step(self, source: list[tuple[Drawing, ...]], target: list[tuple[Drawing, ...]]) -> bool:
        if not source:
            return False
        target.append(self.drawings)
        self.drawings = source.pop()
        self.version += 1
        return True

    def _become(self, drawings: tuple[Drawing, ...]) -> None:
        self._done = [*self._done, self.drawings][-STEPS_KEPT:]
        self._undone.clear()
        self.drawings = drawings
        self.version += 1


@dataclass(frozen=True, slots=True)
class Measure:
    """From one point of a chart to another: ``change`` of the price, ``bars``, ``seconds``."""

    change: float
    share: float | None
    bars: int
    seconds: float

    @property
    def span(self) -> str:
        """The time in words: 9 h 15 min, 3 d 4 h."""
        left = round(abs(self.seconds))
        sign = "−" if self.seconds < 0 else ""
        for length, words, lesser, less in SPANS:
            if left >= length:
                rest = left % length // lesser
                whole = sign + tr(words, count=left // length)
                return f"{whole} {tr(less, count=rest)}" if rest else whole
        return sign + tr("{count} s", count=left)


def measure(first: Point, second: Point, bars: int) -> Measure:
    """What lies between two points."""
    change = second.price - first.price
    share = change / first.price if first.price else None
    return Measure(change, share, bars, (second.time - first.time) / 1_000)
