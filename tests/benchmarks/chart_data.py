"""The same candles and the same hand movements for every chart that is measured."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

COUNT = 500_000
SIZE = (1200, 700)
STEPS = 200
PAN = 0.01  # of the view, a step
ZOOM = 1.1  # there and back
VIEWS = (1_000, COUNT)  # bars in view
MINUTE = 60_000
END = 1_795_348_800_000  # ms


def rows(count: int = COUNT) -> npt.NDArray[np.float64]:
    """Minutes of a random walk: start (ms), open, high, low, close, volume."""
    random = np.random.default_rng(3)
    close = 60_000 * np.exp(np.cumsum(random.normal(0, 0.0005, count)))
    opened = np.concatenate(([60_000.0], close[:-1]))
    high = np.maximum(opened, close) * (1 + np.abs(random.normal(0, 0.0003, count)))
    low = np.minimum(opened, close) * (1 - np.abs(random.normal(0, 0.0003, count)))
    start = END - MINUTE * np.arange(count, 0, -1, dtype=np.float64)
    return np.stack((start, opened, high, low, close, random.gamma(2.0, 5.0, count)))


def measure(step: Callable[[int], object], count: int = STEPS) -> dict[str, float]:
    """Milliseconds that each of many steps takes, painting included."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        step(number)
        taken.append((time.perf_counter() - began) * 1_000)
    taken.sort()
    return {"p50": taken[count // 2], "p99": taken[int(count * 0.99)]}


def tell(figures: dict[str, Any]) -> None:
    """Print what was measured, for the benchmark that started this process."""
    print(json.dumps(figures))
