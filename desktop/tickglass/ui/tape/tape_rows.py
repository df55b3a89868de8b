"""Which rows of a tape are on the screen, which of them are chosen, and which stand out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...market.tape import Numbers, Print, Tape, Unit

LARGE_SHARES = (0.90, 0.99, 0.998)  # of the rows are smaller than those that stand out, by level
LARGE_AMONG = 50  # trades at least, before any counts as large
OWN_STEPS = (1.0, 3.0, 10.0)  # times the size from which on a person wants colour, by level


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are wanted: at least so large, in base or in quote, with fills joined or not."""

    least: float = 0.0
    unit: Unit = "base"
    joined: bool = True

    def newest(self, tape: Tape, count: int) -> list[Print]:
        """The newest rows, newest first."""
        return tape.rows(count, self.least, self.unit, self.joined)

    def numbers(self, tape: Tape) -> Numbers:
        """The numbers of all rows, ascending."""
        return tape.numbers(self.least, self.unit, self.joined)


class TapeRows:
    """The newest rows, or older ones where a person looks at them.

    ``waiting`` rows are newer than the first on the screen; ``selection`` is where the choice began
    and where it ends, as numbers.
    """

    def __init__(self) -> None:
        self.tape: Tape | None = None
        self.filter = Filter()
        self.shown: list[Print] = []
        self.scrolled = False
        self.waiting = 0
        self.selection: tuple[int, int] | None = None

    def begin(self, tape: Tape | None) -> None:
        """Show another tape, or the same one from anew."""
        self.tape, self.shown, self.selection = tape, [], None
        self.scrolled, self.waiting = False, 0

    def follow(self, page: int) -> None:
        """Show the newest rows, a page of them and one more."""
        self.scrolled, self.waiting = False, 0
        if self.tape is not None:
            self.shown = self.filter.newest(self.tape, page + 1)

    def count_waiting(self) -> bool:
        """Count what is newer than the first row; whether that is another number than before."""
        if self.tape is None or not self.shown:
            return False
        numbers, before = self.filter.numbers(self.tape), self.waiting
        self.waiting = len(numbers) - int(np.searchsorted(numbers, self.shown[0].number, "right"))
        return self.waiting != before

    def reach(self, page: int) -> int:
        """How many rows one can scroll back."""
        if self.tape is None or not self.shown:
            return 0
        return max(self.waiting, len(self.filter.numbers(self.tape)) - page)

    def scroll(self, count: int, page: int) -> None:
        """Go so many rows back in time; forward if negative."""
        if self.tape is None or not self.shown:
            return
        numbers = self.filter.numbers(self.tape)
        self._stand(numbers, int(np.searchsorted(numbers, self.shown[0].number)) - count, page)

    def scroll_to(self, back: int, page: int) -> None:
        """Let so many rows be newer than the first on the screen."""
        if self.tape is not None and self.shown:
            numbers = self.filter.numbers(self.tape)
            self._stand(numbers, len(numbers) - 1 - back, page)

    def _stand(self, numbers: Numbers, top: int, page: int) -> None:
        newest = len(numbers) - 1
        if newest < 0 or self.tape is None:
            return
        top = min(newest, max(min(newest, page - 1), top))
        self.scrolled, self.waiting = top < newest, newest - top
        wanted = numbers[max(0, top - page) : top + 1][::-1]
        self.shown = self.tape.prints(wanted, self.filter.joined)

    # ------------------------------------------------------------ the choice

    @property
    def selected(self) -> list[Print]:
        """The rows chosen, newest first."""
        if self.selection is None or self.tape is None:
            return []
        low, high = sorted(self.selection)
        numbers = self.filter.numbers(self.tape)
        numbers = numbers[(numbers >= low) & (numbers <= high)][::-1]
        held = self.tape.prints(numbers, self.filter.joined)
        # What is still shown may be too old for the tape by now.
        oldest = held[-1].number if held else high + 1
        return held + [row for row in self.shown if low <= row.number < min(oldest, high + 1)]

    def select(self, place: int, *, extend: bool = False) -> None:
        """Choose a row by its place on the screen, or everything up to it."""
        if self.shown:
            number = self.shown[max(0, min(place, len(self.shown) - 1))].number
            begun = self.selection[0] if extend and self.selection else number
            self.selection = begun, number

    def extend(self, step: int, page: int) -> None:
        """Let the selection reach a row further, and the screen follow it."""
        shown = [row.number for row in self.shown]
        if self.selection is None or self.selection[1] not in shown:
            self.select(0)
            return
        place = shown.index(self.selection[1]) + step
        if place < 0 or place >= min(page, len(shown)):
            self.scroll(step, page)
            shown = [row.number for row in self.shown]
            place = shown.index(self.selection[1]) + step if self.selection[1] in shown else 0
        self.select(place, extend=True)


def shift_between(old: Sequence[Print], new: Sequence[Print]) -> int | None:
    """By how many rows the old ones moved down; None if they did not all move alike."""
    if not old:
        return None
    numbers = [row.number for row in new]
    try:
        shift = numbers.index(old[0].number)
    except ValueError:
        return None
    rest = numbers[shift:]
    alike = len(rest) <= len(old) and rest == [row.number for row in old[: len(rest)]]
    return shift if alike and len(new) >= len(old) else None


def large_steps(tape: Tape, joined: bool) -> tuple[float, ...]:
    """The notionals, rounded up, above which a row stands out more and more."""
    if len(tape) < LARGE_AMONG:
        return ()
    return tuple(rounded_up(each) for each in tape.notional_quantiles(LARGE_SHARES, joined))


def own_steps(least: float) -> tuple[float, ...]:
    """The same for a person who said from which size on; () if that is 0."""
    return tuple(least * times for times in OWN_STEPS) if least > 0 else ()


def rounded_up(value: float) -> float:
    """To two figures, so that it seldom changes: 123 becomes 130."""
    if value <= 0 or not math.isfinite(value):
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return max(value, math.ceil(round(value / step, 6)) * step)
