"""What each row of the ladder says: texts, bars in pixels and marks, without painting them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ...language import mark, tr
from ...market.ladder import Floats, Half, Ladder
from ..formats import number_text
from ..text import amount_text, price_text, signed

Unit = Literal["base", "quote"]
UNITS: tuple[Unit, ...] = ("base", "quote")
RowKind = Literal["ask", "spread", "bid", "empty"]

ROOM = 1.2  # of the largest bar, so that not every change of it moves all others
SHRINK_BELOW = 0.4  # of the room
SPREAD_DECIMALS = 2  # of basis points
DISTANCE_DECIMALS = 3  # of per cent
ONE_SIDE = mark("One side is empty")
SPREAD_WORDS = mark("Spread {spread} · {bps} bps")
CROSSED_WORDS = mark("Crossed {spread} · {bps} bps")


class Line(NamedTuple):
    """One row as it is painted; bars in pixels, ``marks`` one bit for each exchange."""

    kind: RowKind = "empty"
    price: str = ""
    size: str = ""
    bar: int = 0
    total_bar: int = 0
    marks: int = 0
    lit: bool = False  # from the touch to the pointer
    last: bool = False  # here was the last trade
    warns: bool = False  # books are crossed


class Scale:
    """The length of the longest bar; it follows the sizes calmly."""

    def __init__(self) -> None:
        self.most = 0.0

    def follow(self, largest: float) -> None:
        """Make room for a size, and give room back that is not needed any more."""
        if largest > self.most or largest < self.most * SHRINK_BELOW:
            self.most = largest * ROOM

    def pixels(self, size: float, width: int) -> int:
        """The length of a bar; at least one pixel for any size."""
        if self.most <= 0 or size <= 0:
            return 0
        return max(1, min(width, round(size / self.most * width)))


class LadderRows:
    """Knows what lies at each position: 0 is the spread, 1, 2, … asks upward, −1, −2, … bids."""

    def __init__(self) -> None:
        self.ladder: Ladder | None = None
        self.unit: Unit = "base"
        self.last: float | None = None
        self.decimals: int | None = None
        self.currencies = ("", "")
        self.hovered: int | None = None
        self.sizes, self.totals = Scale(), Scale()
        self._last_at: int | None = None

    def show(self, ladder: Ladder | None, last: float | None) -> None:
        """Take the book as it is now."""
        if ladder is self.ladder and last == self.last:
            return
        self.ladder, self.last = ladder, last
        self._last_at = self._position_of_last()

    def half(self, position: int) -> tuple[Half, int] | None:
        """The side and the place there of a position; None for the spread and beyond the book."""
        if self.ladder is None or position == 0:
            return None
        half = self.ladder.asks if position > 0 else self.ladder.bids
        place = abs(position) - 1
        return (half, place) if place < len(half) else None

    def price(self, position: int) -> float | None:
        """The price of a position."""
        found = self.half(position)
        return None if found is None else found[0].price(found[1])

    def fit(self, lowest: int, highest: int) -> None:
        """Scale the bars to these positions."""
        if self.ladder is None:
            return
        largest = total = 0.0
        for half, first, end in (
            (self.ladder.asks, max(0, lowest - 1), highest),
            (self.ladder.bids, max(0, -highest - 1), -lowest),
        ):
            seen = self._amounts(half)[first : max(first, end)]
            if len(seen):
                largest = max(largest, float(seen.max()))
                total = max(total, float(self._totals(half)[first + len(seen) - 1]))
        self.sizes.follow(largest)
        self.totals.follow(total)

    def line(self, position: int, width: int) -> Line:
        """The row at a position, with bars of at most so many pixels."""
        if self.ladder is not None and position == 0:
            crossed = (self.ladder.spread or 0.0) < 0
            return Line("spread", self.spread_text(), last=self._last_at == 0, warns=crossed)
        found = self.half(position)
        if found is None:
            return Line()
        half, place = found
        size = float(self._amounts(half)[place])
        marks = 0
        if len(half.shares) > 1:
            marks = sum(1 << source for source, own in enumerate(half.shares[:, place]) if own > 0)
        return Line(
            "ask" if position > 0 else "bid",
            price_text(half.price(place), half.grid.decimals),
            amount_text(size) if size > 0 else "",
            self.sizes.pixels(size, width),
            self.totals.pixels(float(self._totals(half)[place]), width),
            marks,
            self._is_lit(position),
            position == self._last_at,
        )

    def spread_text(self) -> str:
        """The spread in quote and basis points, and the mid."""
        if self.ladder is None or self.ladder.spread is None:
            return tr(ONE_SIDE)
        mid = price_text(self.ladder.mid, self.decimals)
        return f"{spread_text(self.ladder, self.decimals)} · {mid}"

    def read_out(self, lowest: int, highest: int) -> str:
        """What stands between touch and pointer, or else in all rows that are seen."""
        reach = self.reach_text(self.hovered) if self.hovered else ""
        return reach or self.seen_text(lowest, highest)

    def reach_text(self, position: int) -> str:
        """What stands from the touch to a position, in base and quote, and how far that is."""
        found = self.half(position)
        if found is None or self.ladder is None:
            return ""
        half, place = found
        base, quote = self.currencies
        text = (
            f"{amount_text(float(half.totals[place]))} {base} · "
            f"{amount_text(float(half.total_worths[place]))} {quote}"
        )
        if not self.ladder.mid:
            return text
        distance = (half.price(place) / self.ladder.mid - 1) * 100
        return f"{text} · {signed(distance, DISTANCE_DECIMALS)} %"

    def seen_text(self, lowest: int, highest: int) -> str:
        """How much stands on both sides down to the last row that is seen."""
        if self.ladder is None:
            return ""
        return tr(
            "Bids {bids} · asks {asks} {currency}",
            bids=self._total_text(self.ladder.bids, -lowest),
            asks=self._total_text(self.ladder.asks, highest),
            currency=self.currencies[UNITS.index(self.unit)],
        )

    def _total_text(self, half: Half, rows: int) -> str:
        totals = self._totals(half)[: max(0, rows)]
        return amount_text(float(totals[-1]) if len(totals) else 0.0)

    def held_texts(self, position: int, names: Sequence[str]) -> list[str]:
        """Who holds how much at a position, largest first."""
        found = self.half(position)
        if found is None:
            return []
        half, place = found
        held = sorted(
            ((float(own), name) for own, name in zip(half.shares[:, place], names, strict=False)),
            reverse=True,
        )
        return [f"{name} {amount_text(own)} {self.currencies[0]}" for own, name in held if own > 0]

    def _amounts(self, half: Half) -> Floats:
        return half.sizes if self.unit == "base" else half.worths

    def _totals(self, half: Half) -> Floats:
        return half.totals if self.unit == "base" else half.total_worths

    def _is_lit(self, position: int) -> bool:
        hovered = self.hovered
        return hovered is not None and (0 < position <= hovered or hovered <= position < 0)

    def _position_of_last(self) -> int | None:
        ladder, last = self.ladder, self.last
        if ladder is None or last is None or ladder.best_ask is None or ladder.best_bid is None:
            return None
        if last >= ladder.best_ask:
            return ladder.asks.place(ladder.grid.ceil_of(last)) + 1
        if last <= ladder.best_bid:
            return -ladder.bids.place(ladder.grid.floor_of(last)) - 1
        return 0


class Scroll:
    """Where the ladder's middle lies: on the spread, or held at a price that the person chose."""

    def __init__(self) -> None:
        self.middle = 0  # position
        self._held: tuple[Ladder, int] | None = None  # as of which book, number on its grid

    @property
    def scrolled(self) -> bool:
        """Whether the person looks away from the spread."""
        return self._held is not None

    def centre(self) -> None:
        """Follow the spread again."""
        self.middle, self._held = 0, None

    def move(self, ladder: Ladder, rows: int) -> None:
        """Look so many rows higher; the spread itself is where it follows again."""
        self.middle = min(max(self.middle + rows, -len(ladder.bids)), len(ladder.asks))
        if self.middle == 0:
            self._held = None
            return
        half = ladder.asks if self.middle > 0 else ladder.bids
        self._held = ladder, half.number(abs(self.middle) - 1)

    def follow(self, ladder: Ladder) -> None:
        """Stay at the price that is held while the book moves."""
        if self._held is None or ladder is self._held[0]:
            return
        if ladder.grid != self._held[0].grid:
            self.centre()
            return
        number = self._held[1]
        self._held = ladder, number
        above, below = ladder.asks.place(number), ladder.bids.place(number)
        self.middle = above + 1 if above >= 0 else -below - 1 if below >= 0 else 0


def spread_text(ladder: Ladder, decimals: int | None) -> str:
    """The spread in quote and basis points; crossed books say so."""
    if ladder.spread is None or ladder.spread_bps is None:
        return ""
    words = CROSSED_WORDS if ladder.spread < 0 else SPREAD_WORDS
    bps = number_text(abs(ladder.spread_bps), SPREAD_DECIMALS)
    return tr(words, spread=price_text(abs(ladder.spread), decimals), bps=bps)


def short_names(names: Sequence[str]) -> list[str]:
    """The first letters of names, as many as tell them apart."""
    found = []
    for place, name in enumerate(names):
        others = [other for at, other in enumerate(names) if at != place]
        length = 1
        while length < len(name) and any(each.startswith(name[:length]) for each in others):
            length += 1
        found.append(name[:length])
    return found
