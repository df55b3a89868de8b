"""Rehearsal: how often an alert would have fired over candles that are there, by its own judges."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..language import tr
from ..market.candles import CLOSE, HIGH, LOW, OPEN, START, VOLUME, Floats
from ..market.events import Trade
from ..market.instrument import Instrument
from ..market.interval import DAY, milliseconds, next_start, start_of
from .alert import Alert, Trigger
from .condition import Condition, NoData, Source, Spread, TakerSide, VolumeSpike
from .desk import Point
from .judge import Judge
from .judging import judges_of
from .watch import OF_CANDLES, PRICES, Watch

TRIED_ON = ("1d", "4h", "1h", "15m", "5m", "1m")  # candles that may be fetched for it
USUAL = "15m"  # the longest of them where nothing asks for longer ones
SPREADS_ON = "1m"  # prices of two exchanges are compared at these closes
MOST_CANDLES = 20_000
MOST_MOMENTS = 1_000


NOTHING: Mapping[str, Floats] = {}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would have happened from ``since`` to ``until`` (ms UTC): when, and at which price.

    ``reason`` says why it cannot be told. ``count`` is of all, ``moments`` are the newest of them.
    """

    instrument: Instrument | None = None
    moments: tuple[Point, ...] = ()
    since: int = 0
    until: int = 0
    reason: str = ""
    count: int = 0


def rehearse(
    alert: Alert,
    instrument: Instrument,
    rows: Floats,
    interval: str,
    elsewhere: Mapping[str, Floats] = NOTHING,
) -> Rehearsal:
    """Let an alert hear candles that are over; once counts as every time.

    ``rows`` are those of a candle series of ``interval``; ``elsewhere`` has the same of whatever a
    spread compares with, under its name.
    """
    reason = why_not(alert, interval, elsewhere)
    if reason or not rows.shape[1]:
        reason = reason or tr("There are no candles to try it on yet.")
        return Rehearsal(instrument, reason=reason)
    rows = np.ascontiguousarray(rows[:, -MOST_CANDLES:])
    since, until = int(rows[START, 0]), next_start(interval, int(rows[START, -1]))
    tried = replace(
        alert, trigger=Trigger.EVERY if alert.trigger is Trigger.ONCE else alert.trigger,
        instrument=instrument, watchlist="", fired=None, paused=False, snoozed=None, expires=None,
        confirm="", since=0,
    )  # fmt: skip
    watch = Watch(tried, instrument, judges_of(tried), None)
    moments: list[Point] = list(_moments(watch, rows, interval, elsewhere))
    newest = tuple(moments[-MOST_MOMENTS:])
    return Rehearsal(instrument, newest, since, until, "", len(moments))


def fitting_interval(alert: Alert) -> str | None:
    """The longest candles that can tell how an alert would have fared; none if none can."""
    others = {each.other for each in alert.conditions if isinstance(each, Spread)}
    asks = any(_candles_of(each, alert) for each in alert.conditions)
    offered = TRIED_ON if asks else TRIED_ON[TRIED_ON.index(USUAL) :]
    return next((each for each in offered if not why_not(alert, each, others)), None)


def why_not(alert: Alert, interval: str, elsewhere: Collection[str] = ()) -> str:
    """Why candles of an interval, and of these others, cannot tell; nothing if they can."""
    for condition in alert.conditions:
        sentence = _why_not_by(condition, alert, interval, elsewhere)
        if sentence:
            return sentence
    return ""


def _moments(
    watch: Watch, rows: Floats, interval: str, elsewhere: Mapping[str, Floats]
) -> Iterator[Point]:
    priced = _hearing(watch, *PRICES)
    volumes, days = _hearing(watch, "trade"), _hearing(watch, "day")
    closing = {each.hears.detail for each in watch.judges if each.hears.kind in OF_CANDLES}
    if watch.clock is not None:
        closing.add(watch.clock.detail)
    folded = {each: _folded(rows, interval, each) for each in closing}
    places = dict.fromkeys(closing, 0)
    spreads = _spreads(watch, elsewhere)
    a_day = DAY // milliseconds(interval)
    columns = rows.T.tolist()
    for number, (begin, opened, high, low, close, volume) in enumerate(columns):
        start, end = int(begin), next_start(interval, int(begin))
        first, second = (low, high) if close >= opened else (high, low)
        way = ((start, opened), (start, first), (start, second), (end - 1, close))
        for time, price in way if priced else ():
            yield from _told(watch, priced, price, price, time)
        if volumes:
            trade = Trade(watch.instrument, start, str(number), close, volume, "buy")
            yield from _told(watch, volumes, trade, close, start)
        if days and number >= a_day:
            change = close / columns[number - a_day][CLOSE] - 1
            yield from _told(watch, days, change, close, end - 1)
        for judges, closes in spreads:
            if begin in closes:
                yield from _told(watch, judges, close / closes[begin] - 1, close, end - 1)
        for each in closing:
            yield from _candles(watch, each, folded[each], places, end)


def _candles(
    watch: Watch, interval: str, rows: Floats, places: dict[str, int], now: int
) -> Iterator[Point]:
    """The candles of an interval that have closed by now and were not heard yet."""
    starts = rows[START]
    while places[interval] < rows.shape[1]:
        place = places[interval]
        ends = next_start(interval, int(starts[place]))
        if ends > now:
            return
        places[interval] += 1
        if watch.hear_candle(interval, rows[:, : place + 1], ends, ends) is not None:
            yield (ends, float(rows[CLOSE, place]))


def _spreads(
    watch: Watch, elsewhere: Mapping[str, Floats]
) -> list[tuple[tuple[Judge, ...], dict[float, float]]]:
    """The judges of each spread, and the closes that they compare with, by start."""
    found = []
    for hears in {each.hears for each in watch.judges if each.hears.kind == "spread"}:
        rows = elsewhere[hears.detail]
        judges = tuple(each for each in watch.judges if each.hears == hears)
        found.append((judges, dict(zip(rows[START].tolist(), rows[CLOSE].tolist(), strict=True))))
    return found


def _told(
    watch: Watch, judges: tuple[Judge, ...], value: object, price: float, time: int
) -> Iterator[Point]:
    if watch.hear(judges, value, price, time, time) is not None:
        yield (time, price)


def _hearing(watch: Watch, *kinds: str) -> tuple[Judge, ...]:
    return tuple(each for each in watch.judges if each.hears.kind in kinds)


def _folded(rows: Floats, interval: str, wanted: str) -> Floats:
    """Longer candles made of shorter ones; only those that are whole."""
    if wanted == interval:
        return rows
    starts = np.array([start_of(wanted, int(each)) for each in rows[START]], dtype=float)
    edges = np.flatnonzero(np.concatenate(([True], starts[1:] != starts[:-1])))
    if rows[START, 0] != starts[0]:
        edges = edges[1:]
    if not len(edges):
        return rows[:, :0]
    return np.stack((
        starts[edges], rows[OPEN, edges],
        np.maximum.reduceat(rows[HIGH], edges), np.minimum.reduceat(rows[LOW], edges),
        rows[CLOSE, np.concatenate((edges[1:] - 1, [-1]))],
        np.add.reduceat(rows[VOLUME], edges),
    ))  # fmt: skip


def _why_not_by(
    condition: Condition, alert: Alert, interval: str, elsewhere: Collection[str]
) -> str:
    length = milliseconds(interval)
    if isinstance(condition, NoData):
        return tr("Whether data were missing, candles do not tell.")
    if isinstance(condition, Spread) and (
        interval != SPREADS_ON or condition.other not in elsewhere
    ):
        return tr("What the other exchange's price was, these candles do not tell.")
    if isinstance(condition, VolumeSpike) and condition.side is not TakerSide.ANY:
        return tr("Which side took, candles do not tell.")
    if getattr(condition, "source", Source.LAST) in (Source.BID, Source.ASK, Source.MID):
        return tr("Bids and asks of the past are not known.")
    wanted = _candles_of(condition, alert)
    if wanted and (milliseconds(wanted) < length or milliseconds(wanted) % length):
        return tr("Candles of {length} cannot tell of candles of {interval}.",
                  length=interval, interval=wanted)  # fmt: skip
    window = getattr(condition, "window", None)
    if window is not None and window * 1_000 < length:
        return tr("Candles of {interval} are longer than the window.", interval=interval)
    return ""


def _candles_of(condition: Condition, alert: Alert) -> str:
    """The interval of the closed candles that a condition is judged by; empty if it is not."""
    if alert.trigger is Trigger.CLOSE:
        return alert.interval
    if getattr(condition, "source", Source.CLOSE) is not Source.CLOSE:
        return ""
    return getattr(condition, "interval", "")
