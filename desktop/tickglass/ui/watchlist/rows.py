"""What one line of the table shows now: a row of an instrument, or the heading of its pair."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QPolygonF

from ...language import tr, trn
from ...market.freshness import Freshness
from ...market.instrument import Instrument
from ...market.pair_view import BASIS_POINTS, PairView, spread_share
from ...market.store import InstrumentState
from ..formats import clock_text, date_text
from ..freshness_marks import word
from ..text import NOTHING, age_text, amount_text, arrow, change_text, price_text, signed
from .columns import COLUMNS, FLASHING, PRICES, Column

FLASH_SECONDS = 0.6
FLASH_STEPS = 8  # in which it fades: more are not seen, and each is painted
SPARK_INTERVAL = 1.0  # s between two pictures of a sparkline whose last point moves
SPREAD_DECIMALS, PREMIUM_DECIMALS = 2, 1
MS = 1_000
ALL = frozenset[int](COLUMNS)

Day = tuple[int, int, int]


class Moment(NamedTuple):
    """When a frame is made: a monotonic second, the local day, and the second of the clock."""

    now: float
    today: Day
    wall: float


class Row:
    """An instrument: texts and numbers by column, flashes, and how far it can be trusted.

    ``behind`` says that something happened while nobody could see the row.
    """

    __slots__ = (
        "behind", "decimals", "flashes", "freshness", "instrument", "numbers", "pair", "polygon",
        "problem", "spark_at", "spark_version", "sparkline", "steps", "texts", "today",
    )  # fmt: skip

    def __init__(self, instrument: Instrument, title: str) -> None:
        self.instrument = instrument
        self.pair = instrument.pair
        self.texts = [NOTHING] * len(Column)
        self.texts[Column.PAIR], self.texts[Column.EXCHANGE] = self.pair, title
        self.texts[Column.SPARKLINE] = ""
        self.texts[Column.FRESHNESS] = word(Freshness.NEVER)
        self.numbers: list[float | None] = [None] * len(Column)
        self.decimals: int | None = None
        self.freshness = Freshness.NEVER
        self.problem = ""
        self.flashes: dict[int, tuple[float, int]] = {}  # column: until when, up or down
        self.steps: dict[int, int] = {}  # column: how much of its flash was left when painted
        self.sparkline: list[float] = []
        self.spark_version = -1
        self.spark_at = -SPARK_INTERVAL
        self.polygon: tuple[tuple[object, ...], QPolygonF] | None = None  # made of what, for what
        self.today: Day | None = None
        self.behind = True

    def update(
        self,
        state: InstrumentState,
        moment: Moment,
        decimals: int | None,
        premium: float | None,
        *,
        flashes: bool,
    ) -> set[int]:
        """Bring the texts up to date; the columns that changed."""
        changed = self._judge(state, moment.now)
        rewrite = decimals != self.decimals
        self.decimals = decimals
        for column, number in _numbers(state, premium):
            before = self.numbers[column]
            if number == before and not rewrite:
                continue
            self.numbers[column] = number
            text = _text(column, number, decimals)
            if text == self.texts[column]:
                continue
            self.texts[column] = text
            changed.add(column)
            if flashes and column in FLASHING and before is not None and number is not None:
                self.flashes[column] = (moment.now + FLASH_SECONDS, 1 if number > before else -1)
        self._tell_time(state, moment, changed)
        if state.sparkline.version != self.spark_version and self._spark_is_due(moment.now):
            self.spark_version = state.sparkline.version
            self.spark_at = moment.now
            self.sparkline = state.sparkline.prices
            changed.add(Column.SPARKLINE)
        self.behind = False
        return changed

    def fade(self, now: float) -> list[int]:
        """The columns whose flash looks different now; those that ended are forgotten."""
        columns = []
        for column, (until, _) in list(self.flashes.items()):
            step = math.ceil((until - now) / FLASH_SECONDS * FLASH_STEPS)
            if step == self.steps.get(column):
                continue
            columns.append(column)
            self.steps[column] = step
            if step <= 0:
                del self.flashes[column], self.steps[column]
        return columns

    def forget_flashes(self) -> None:
        """Nothing flashes any more."""
        self.flashes.clear()
        self.steps.clear()

    def _judge(self, state: InstrumentState, now: float) -> set[int]:
        fresh, problem = state.freshness(now), _problem(state)
        if (fresh, problem) == (self.freshness, self.problem):
            return set()
        self.freshness, self.problem = fresh, problem
        self.texts[Column.FRESHNESS] = problem or word(fresh)
        self.forget_flashes()
        return set(ALL)

    def _tell_time(self, state: InstrumentState, moment: Moment, changed: set[int]) -> None:
        age = state.age(moment.now)
        if state.problem and state.time is not None:  # heard of or not, its price is that old
            age = max(0.0, moment.wall - state.time / MS)
        self.numbers[Column.AGE] = age
        if (text := age_text(age)) != self.texts[Column.AGE]:
            self.texts[Column.AGE] = text
            changed.add(Column.AGE)
        if state.time == self.numbers[Column.TIME] and moment.today == self.today:
            return
        self.numbers[Column.TIME], self.today = state.time, moment.today
        if (text := moment_text(state.time, moment.today)) != self.texts[Column.TIME]:
            self.texts[Column.TIME] = text
            changed.add(Column.TIME)

    def _spark_is_due(self, now: float) -> bool:
        return now - self.spark_at >= SPARK_INTERVAL or not self.sparkline


class Head:
    """The heading of a pair in a list that is grouped: what its exchanges offer together."""

    __slots__ = ("behind", "collapsed", "explanation", "pair", "texts")

    def __init__(self, pair: str) -> None:
        self.pair = pair
        self.texts = [""] * len(Column)
        self.texts[Column.PAIR] = pair
        self.collapsed = False
        self.explanation = ""
        self.behind = True

    def update(
        self, view: PairView, titles: Sequence[str], decimals: int | None, offers: tuple[str, str]
    ) -> set[int]:
        """Bring the texts up to date; the columns that changed.

        ``titles`` are those of its exchanges, ``offers`` those with the best bid and ask.
        """
        before = list(self.texts)
        count = len(titles)
        self.texts[Column.EXCHANGE] = trn("{count} exchange", "{count} exchanges", count)
        self.texts[Column.BID] = price_text(view.best_bid, decimals)
        self.texts[Column.ASK] = price_text(view.best_ask, decimals)
        self.texts[Column.SPREAD] = _basis_points(Column.SPREAD, view.spread)
        self.explanation = self._explain(view, titles, offers)
        self.behind = False
        return {column for column in COLUMNS if self.texts[column] != before[column]}

    def _explain(self, view: PairView, titles: Sequence[str], offers: tuple[str, str]) -> str:
        if view.best_bid is None or view.best_ask is None:
            return tr("{pair} on {exchanges}.", pair=self.pair, exchanges=", ".join(titles))
        return tr(
            "{pair}: best bid {bid} on {bidder}, best ask {ask} on {asker}.",
            pair=self.pair,
            bid=self.texts[Column.BID],
            bidder=offers[0],
            ask=self.texts[Column.ASK],
            asker=offers[1],
        )


def sort_value(
    column: Column, state: InstrumentState, now: float, title: str, premium: float | None
) -> str | float | None:
    """By what a row is sorted; None if the column says nothing there."""
    value: str | float | None
    match column:
        case Column.PAIR:
            return state.instrument.pair
        case Column.EXCHANGE:
            return title.casefold()
        case Column.FRESHNESS:
            return float(list(Freshness).index(state.freshness(now)))
        case Column.SPARKLINE:
            prices = state.sparkline.prices
            value = prices[-1] / prices[0] - 1 if len(prices) > 1 and prices[0] else None
        case Column.AGE:
            value = state.age(now)
        case Column.TIME:
            value = state.time
        case _:
            value = dict(_numbers(state, premium)).get(column)
    return None if value is None or not math.isfinite(value) else value


def local_day(seconds: float) -> Day:
    """The local day of a moment, s UTC."""
    moment = time.localtime(seconds)
    return moment.tm_year, moment.tm_mon, moment.tm_mday


def moment_text(ms: float | None, today: Day | None = None, *, seconds: bool = True) -> str:
    """A moment (ms UTC) in local time: the time if it was today, else the date.

    Without ``today`` both are said.
    """
    if ms is None:
        return NOTHING
    try:
        moment = time.localtime(ms / MS)
    except (OverflowError, OSError, ValueError):
        return NOTHING
    if today is None:
        return f"{date_text(moment)} {clock_text(moment, seconds=seconds)}"
    same_day = (moment.tm_year, moment.tm_mon, moment.tm_mday) == today
    return clock_text(moment, seconds=seconds) if same_day else date_text(moment)


def _problem(state: InstrumentState) -> str:
    """What is wrong with an instrument, and of when the price is that it still shows."""
    if not state.problem or state.time is None:
        return state.problem
    time_of_last = moment_text(state.time, seconds=False)
    return tr("{problem} Last price of {time}.", problem=state.problem, time=time_of_last)


def _numbers(
    state: InstrumentState, premium: float | None
) -> tuple[tuple[Column, float | None], ...]:
    return (
        (Column.LAST, state.last),
        (Column.CHANGE, state.change),
        (Column.BID, state.bid),
        (Column.ASK, state.ask),
        (Column.SPREAD, spread_share(state.bid, state.ask)),
        (Column.PREMIUM, premium),
        (Column.HIGH, state.high),
        (Column.LOW, state.low),
        (Column.VOLUME, state.quote_volume),
        (Column.BASE_VOLUME, state.base_volume),
    )


def _text(column: Column, number: float | None, decimals: int | None) -> str:
    if column in PRICES:
        return price_text(number, decimals)
    if column is Column.CHANGE:
        return f"{arrow(number)} {change_text(number)}".strip()
    if column in (Column.SPREAD, Column.PREMIUM):
        return _basis_points(column, number)
    return amount_text(number)


def _basis_points(column: Column, share: float | None) -> str:
    if share is None:
        return NOTHING
    if column is Column.PREMIUM:
        return signed(share * BASIS_POINTS, PREMIUM_DECIMALS)
    points = share * BASIS_POINTS
    return signed(points, SPREAD_DECIMALS).removeprefix("+")
