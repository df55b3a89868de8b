"""Candle rows in whole numbers: adding them up, and splitting them into shorter ones.

A row is ``COLUMNS`` int64: start in ms, prices in ticks, volumes in lots, quote volumes in ticks ×
lots, ids of trades. Being whole, they add up exactly, whichever way they are grouped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

COLUMNS = 11
(START, OPEN, HIGH, LOW, CLOSE, VOLUME, QUOTE, TRADES, TAKER_VOLUME, TAKER_QUOTE, FIRST_TRADE) = (
    range(COLUMNS)
)
SUMS = slice(VOLUME, TAKER_QUOTE + 1)

WICK = 0.35  # of a step, how far a candle goes beyond its open and close
BUSY_SPREAD = 0.5  # standard deviation of the log of how busy a part is
NEWTON_STEPS, MOST_STEP, MOST_LEAN = 6, 4.0, 30.0


def no_rows() -> Rows:
    """An empty table."""
    return np.empty((0, COLUMNS), dtype=np.int64)


def add_up(rows: Rows, starts: Sequence[int] | Rows) -> Rows:
    """The rows added up into longer ones that begin at ``starts``.

    A start with nothing to add gets a flat row at the close before; so the first start must have
    rows of its own or before it. Rows after the last start all belong to it. Those without trades
    have no say in the price of a longer row that has some.
    """
    wanted = np.asarray(starts, dtype=np.int64)
    begins = np.searchsorted(rows[:, START], wanted)
    ends = np.append(begins[1:], len(rows))
    filled = ends > begins
    out = np.zeros((len(wanted), COLUMNS), dtype=np.int64)
    if filled.any():
        cuts = begins[filled]
        own = rows[: int(ends[-1])]
        last = ends[filled] - 1
        places = np.arange(len(own))
        traded = own[:, TRADES] > 0
        following = np.minimum.accumulate(np.where(traded, places, len(own))[::-1])[::-1][cuts]
        idle = following > last
        counted = traded.copy()
        for first, end in zip(cuts[idle], last[idle] + 1, strict=True):
            counted[first:end] = True
        out[filled, OPEN] = own[np.where(idle, cuts, following), OPEN]
        out[filled, FIRST_TRADE] = own[cuts, FIRST_TRADE]
        out[filled, CLOSE] = own[last, CLOSE]
        out[filled, HIGH] = np.maximum.reduceat(np.where(counted, own[:, HIGH], 0), cuts)
        lowest = np.where(counted, own[:, LOW], np.iinfo(np.int64).max)
        out[filled, LOW] = np.minimum.reduceat(lowest, cuts)
        out[filled, SUMS] = np.add.reduceat(own[:, SUMS], cuts, axis=0)
    before = rows[begins[~filled] - 1]
    out[~filled, OPEN : CLOSE + 1] = before[:, [CLOSE]]
    out[~filled, FIRST_TRADE] = before[:, FIRST_TRADE] + before[:, TRADES]
    out[:, START] = wanted
    return out


def split(parents: Rows, step: int, shape: Floats, random: np.random.Generator) -> Rows:
    """Each row as ``len(shape)`` shorter ones, ``step`` ms apart, that add up to it exactly.

    ``shape`` says how busy each part usually is. A part without trades is flat.
    """
    count, parts = len(parents), len(shape)
    size = (count, parts)
    busy = shape * np.exp(BUSY_SPREAD * random.standard_normal(size))
    trades = _shares(parents[:, TRADES], busy)
    out = np.empty((count, parts, COLUMNS), dtype=np.int64)
    out[..., START] = parents[:, [START]] + step * np.arange(parts)
    out[..., TRADES] = trades
    out[..., FIRST_TRADE] = parents[:, [FIRST_TRADE]] + np.cumsum(trades, axis=1) - trades
    out[..., OPEN : CLOSE + 1] = _paths(parents, trades, random)
    _volumes(out, parents, random)
    return out.reshape(-1, COLUMNS)


def _shares(totals: Rows, weights: Floats) -> Rows:
    """Whole numbers in proportion to each line's weights, adding up to its total exactly."""
    running = np.cumsum(weights, axis=1)
    whole = np.maximum(running[:, [-1]], np.finfo(np.float64).tiny)
    reached = np.floor(running / whole * totals[:, None]).astype(np.int64)
    reached = np.where(running >= whole, totals[:, None], np.minimum(reached, totals[:, None]))
    shares: Rows = np.diff(reached, axis=1, prepend=0)
    return shares


def _paths(parents: Rows, trades: Rows, random: np.random.Generator) -> Rows:
    """Open, high, low and close of the parts: a bridge that moves only where there are trades."""
    opened, high, low, close = (parents[:, [each]].astype(np.float64) for each in range(1, 5))
    traded = trades > 0
    total = np.maximum(parents[:, [TRADES]], 1)
    share = trades / total
    steps = random.standard_normal(trades.shape) * np.sqrt(share)
    walk = np.cumsum(steps, axis=1)
    passed = np.cumsum(trades, axis=1) / total
    scale = (high - low) * 0.6
    closes = opened + (close - opened) * passed + scale * (walk - passed * walk[:, [-1]])
    opens = np.concatenate((opened, closes[:, :-1]), axis=1)
    wick = WICK * scale * np.sqrt(share)
    reach = np.abs(random.standard_normal((2, *trades.shape))) * wick
    highs = np.maximum(opens, closes) + reach[0]
    lows = np.minimum(opens, closes) - reach[1]
    middle_top, middle_low = np.maximum(opened, close), np.minimum(opened, close)
    highest = np.max(highs, axis=1, keepdims=True)
    lowest = np.min(lows, axis=1, keepdims=True)
    up = (high - middle_top) / np.maximum(highest - middle_top, 1e-9)
    down = (middle_low - low) / np.maximum(middle_low - lowest, 1e-9)
    path = np.stack((opens, highs, lows, closes), axis=-1)
    path += np.maximum(path - middle_top[..., None], 0.0) * (up - 1.0)[..., None]
    path -= np.maximum(middle_low[..., None] - path, 0.0) * (down - 1.0)[..., None]
    whole: Rows = np.rint(np.clip(path, low[..., None], high[..., None])).astype(np.int64)
    _touch_ends(whole, parents, traded)
    return whole


def _touch_ends(whole: Rows, parents: Rows, traded: npt.NDArray[np.bool_]) -> None:
    """Let the highest and the lowest part reach exactly what the parent reached."""
    lines = np.arange(len(whole))
    top = np.argmax(np.where(traded, whole[..., 1], -1), axis=1)
    bottom = np.argmin(np.where(traded, whole[..., 2], np.iinfo(np.int64).max), axis=1)
    whole[lines, top, 1] = parents[:, HIGH]
    whole[lines, bottom, 2] = parents[:, LOW]


def _volumes(out: Rows, parents: Rows, random: np.random.Generator) -> None:
    """Fill in the volumes; the parts' average prices weigh up to the parent's."""
    middle = out[..., OPEN : CLOSE + 1].mean(axis=2)
    average = parents[:, QUOTE] / np.maximum(parents[:, VOLUME], 1)
    trades = out[..., TRADES]
    chance: Floats = np.exp(0.4 * random.standard_normal(middle.shape))
    sizes = chance * trades
    extra = _shares(parents[:, VOLUME] - parents[:, TRADES], _leaning(sizes, middle, average))
    volume = trades + extra
    out[..., VOLUME] = volume
    out[..., QUOTE] = _shares(parents[:, QUOTE], volume * middle)
    bought = volume * random.uniform(0.3, 0.7, volume.shape)
    out[..., TAKER_VOLUME] = _shares(parents[:, TAKER_VOLUME], bought)
    out[..., TAKER_QUOTE] = _shares(parents[:, TAKER_QUOTE], out[..., TAKER_VOLUME] * middle)


def _leaning(weights: Floats, values: Floats, target: Floats) -> Floats:
    """The weights leaned towards high or low values until their mean is the target.

    Newton's steps on the strength of an exponential lean; values may not reach the target.
    """
    away = values - target[:, None]
    away /= np.maximum(np.abs(away).max(axis=1, keepdims=True), 1e-9)
    strength = np.zeros((len(weights), 1))
    for _ in range(NEWTON_STEPS):
        leaning = weights * np.exp(strength * away)
        leaning /= np.maximum(leaning.sum(axis=1, keepdims=True), 1e-300)
        mean = (leaning * away).sum(axis=1, keepdims=True)
        variance = (leaning * away**2).sum(axis=1, keepdims=True) - mean**2
        step = np.clip(mean / np.maximum(variance, 1e-9), -MOST_STEP, MOST_STEP)
        strength = np.clip(strength - step, -MOST_LEAN, MOST_LEAN)
    leant: Floats = weights * np.exp(strength * away)
    return leant
