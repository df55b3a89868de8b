"""One price as texts, and the type and sizes of the tile that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics

from ..language import tr
from ..market.freshness import Freshness
from ..market.instrument import Instrument
from .big_figures import BigFigures
from .freshness_marks import sentence, word
from .text import DOWN_ARROW, NOTHING, UP_ARROW, age_text
from .theme import tabular
from .tokens import ALERT_MARK, GAP_SMALL

SAMPLE_CHANGE = f"{UP_ARROW} +888.88 %"
SAMPLE_AGE = 58 * 60.0  # s: as wide as an age becomes
WIDEST_MARK = "⚠ "
# The height of names and of the change, as a share of that of the price's type.
SMALL_SHARES, BIG_SHARES = (0.45, 0.62), (0.36, 0.5)
SPARK_SHARE = 0.4
PAD_SHARE = 0.3
LEAST_NOTE = 9  # px: smaller type cannot be read
FIGURES = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PriceView:
    """One price as texts: ``direction`` is the sign of the change, ``age`` in seconds or None."""

    instrument: Instrument
    exchange: str  # as people write it
    price: str
    change: str
    direction: int
    freshness: Freshness
    age: float | None = None
    prices: tuple[float, ...] = ()  # the sparkline, oldest first
    basis: str = ""  # what the change is counted from, e.g. 24 h
    value: float | None = None  # the price as a number: says which way it moved

    @property
    def pair(self) -> str:
        """The pair as people write it."""
        return self.instrument.pair

    @property
    def known(self) -> bool:
        """Whether there ever was a price."""
        return self.freshness is not Freshness.NEVER

    @property
    def dead(self) -> bool:
        """Whether there is a price that must not look live."""
        return self.known and not self.freshness.trusted

    def change_said(self) -> str:
        """The change with an arrow, so that its sign can be seen without colour."""
        arrow = UP_ARROW if self.direction > 0 else DOWN_ARROW if self.direction < 0 else ""
        return f"{arrow} {self.change}".strip()

    def doubt(self) -> str:
        """How far the price can no longer be trusted, and since when; nothing while it can."""
        if not self.dead:
            return ""
        age = NOTHING if self.age is None else age_text(self.age)
        return tr("{state} {age}", state=word(self.freshness), age=age)

    def spoken(self) -> str:
        """The value in words, for those who do not see it."""
        how = sentence(self.freshness, self.age)
        return tr("{price}, {change}. {freshness}", price=self.price, change=self.change,
                  freshness=how)  # fmt: skip


def sample(price: str, *, roomy: bool) -> str:
    """The widest text of so many figures; roomy: of one figure more."""
    return ("8" if roomy else "") + FIGURES.sub("8", price)


class TileShape:
    """Type, distances and sizes of a tile, all from the height of the price's type in px."""

    def __init__(self, font: QFont, price_px: int, *, sparkline: bool) -> None:
        self.sparkline = sparkline
        self.price_px = price_px
        note_share, change_share = BIG_SHARES if sparkline else SMALL_SHARES
        note_px = max(LEAST_NOTE, round(price_px * note_share))
        self.price = typed(font, price_px, bold=True)
        self.price.setKerning(False)
        self.figures = BigFigures(self.price)
        self.struck = typed(font, price_px)
        self.struck.setStrikeOut(True)
        self.pair = typed(font, note_px, bold=True)
        self.note = typed(font, note_px)
        self.change = typed(font, max(LEAST_NOTE, round(price_px * change_share)))
        self.pad = max(GAP_SMALL, round(price_px * PAD_SHARE))
        self.pair_metrics, self.note_metrics = QFontMetrics(self.pair), QFontMetrics(self.note)
        change, price = QFontMetrics(self.change), QFontMetrics(self.price)
        self.price_metrics = price
        self.heights = (self.pair_metrics.height(), price.height())
        self.mark_width = self.pair_metrics.horizontalAdvance(WIDEST_MARK)
        self.doubt_width = max(
            change.horizontalAdvance(f"{word(each)} {age_text(SAMPLE_AGE)}")
            for each in (Freshness.STALE, Freshness.LOST)
        )
        self.change_width = change.horizontalAdvance(SAMPLE_CHANGE)
        if not sparkline:  # there the doubt stands in the place of the change
            self.change_width = max(self.change_width, self.doubt_width)
        self.change_height = change.height()
        self.spark_height = round(price_px * SPARK_SHARE)

    def size_for(self, views: Iterable[PriceView], *, roomy: bool = True) -> QSize:
        """The size in which each of these prices fits; roomy: with room for a figure more."""
        width = 0
        for view in views:
            corner = self.note_metrics.horizontalAdvance(view.exchange)
            pair = self.pair_metrics.horizontalAdvance(f"{view.pair} {ALERT_MARK}")
            top = self.mark_width + pair + self.pad + corner
            price = self.price_metrics.horizontalAdvance(sample(view.price, roomy=roomy))
            change = self.change_width + self.pad
            below = max(price, change + self.doubt_width) if self.sparkline else price + change
            width = max(width, top, below)
        return QSize(width + 2 * self.pad, self.height())

    def height(self) -> int:
        """How high a tile is (px)."""
        below = self.change_height + self.spark_height + self.pad if self.sparkline else 0
        return sum(self.heights) + below + 2 * self.pad


def typed(font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """The type in so many px, with figures of equal width."""
    made = tabular(font)
    made.setPixelSize(max(1, pixels))
    made.setBold(bold)
    return made
