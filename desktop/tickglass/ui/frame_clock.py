"""The screen frame: what changed is painted 30 times a second, and what that takes is measured."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QTimer

FRAMES_PER_SECOND = 30
FRAME_MS = round(1_000 / FRAMES_PER_SECOND)
CALM_MS = 333  # between ticks while hardly anything is painted
LIVELY = 3  # so many paintings …
LIVELY_WITHIN = 0.4  # … in so many s, and ticks come soon
WATCHED_MS = 250  # between ticks while only a small window is seen
HIDDEN_MS = 1_000  # between ticks while nobody looks: enough for the tray's text

Flush = Callable[[float], object]


class Histogram:
    """Times in ms, counted in buckets 2 % apart: any number of them in bounded memory."""

    SMALLEST = 0.01
    STEP = math.log(1.02)

    def __init__(self) -> None:
        self.count = 0
        self.most = 0.0
        self._buckets: dict[int, int] = {}

    def add(self, ms: float) -> None:
        """Count one time."""
        bucket = math.ceil(math.log(max(ms, self.SMALLEST) / self.SMALLEST) / self.STEP)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.most = max(self.most, ms)

    def percentile(self, percent: float) -> float | None:
        """The time that so many per cent did not exceed; None if nothing was counted."""
        left = self.count * percent / 100
        for bucket in sorted(self._buckets):
            left -= self._buckets[bucket]
            if left <= 0:
                return min(self.most, self.SMALLEST * math.exp(bucket * self.STEP))
        return None


class ScreenFigures:
    """How fast and how evenly the window paints, and how old what it paints is.

    A frame is a tick of the clock after which something was painted. Gaps count between the paints
    of consecutive ticks, so neither an idle market nor a hidden window makes one.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.gap_ms_max = 0.0
        self.paint_cpu_seconds = 0.0
        self.first_paint: float | None = None  # monotonic seconds
        self.first_price: float | None = None
        self._frame_ms = Histogram()
        self._delay_ms = Histogram()
        self._arrived: list[float] = []
        self._spent = 0.0
        self._painted: float | None = None
        self._painted_before: float | None = None
        self._ticked: float | None = None
        self._seconds = 0.0

    def tick(self, now: float) -> None:
        """A tick begins: the frame before is complete."""
        if self._ticked is not None:
            self._seconds += now - self._ticked
        self._ticked = now
        if self._painted is not None:
            self._settle(self._painted)
        self._painted_before, self._painted = self._painted, None
        self._spent = 0.0

    def flushed(self, seconds: float, cpu_seconds: float) -> None:
        """The tick's flushes are done."""
        self._spent += seconds
        self.paint_cpu_seconds += cpu_seconds

    def arrived(self, times: Iterable[float]) -> None:
        """When the data came that the next paint shows, in monotonic seconds."""
        self._arrived.extend(times)

    def painted(self, now: float, seconds: float, cpu_seconds: float) -> None:
        """The window was painted."""
        self._spent += seconds
        self.paint_cpu_seconds += cpu_seconds
        self.first_paint = self.first_paint or now
        if self._painted is None:
            self._painted = now
        if self._arrived:
            self.first_price = self.first_price or now
            for arrived in self._arrived:
                self._delay_ms.add((now - arrived) * 1_000)
            self._arrived.clear()

    def pause(self) -> None:
        """Nobody looks any more; the time until somebody does is no gap."""
        self._painted = self._painted_before = self._ticked = None
        self._arrived.clear()

    def screen(self) -> dict[str, float | None]:
        """The figures named ``screen`` in the contract of ``--stats``."""
        return {
            "frames": self.frames,
            "fps": round(self.frames / self._seconds, 1) if self._seconds else 0.0,
            "frame_ms_p50": rounded(self._frame_ms.percentile(50)),
            "frame_ms_p99": rounded(self._frame_ms.percentile(99)),
            "gap_ms_max": round(self.gap_ms_max, 2),
            "cpu_seconds": round(self.paint_cpu_seconds, 3),
        }

    def delay(self) -> dict[str, float | None]:
        """The figures named ``delay_ms`` in the contract of ``--stats``."""
        return {
            "p50": rounded(self._delay_ms.percentile(50)),
            "p99": rounded(self._delay_ms.percentile(99)),
        }

    def _settle(self, painted: float) -> None:
        self.frames += 1
        self._frame_ms.add(self._spent * 1_000)
        if self._painted_before is not None:
            self.gap_ms_max = max(self.gap_ms_max, (painted - self._painted_before) * 1_000)


def rounded(ms: float | None) -> float | None:
    """Milliseconds to two decimals."""
    return None if ms is None else round(ms, 2)


class FrameClock(QObject):
    """Calls every registered flush once per screen frame, and seldom while nobody looks.

    While hardly anything is painted it ticks a few times a second, and soon when ``wake`` says that
    there is something to show.
    """

    def __init__(self, figures: ScreenFigures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._figures = figures
        self._visible: list[Flush] = []
        self._always: list[Flush] = []
        self._shown = False
        self._lately: deque[float] = deque(maxlen=LIVELY)  # when it was painted, monotonic s
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(HIDDEN_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def interval_ms(self) -> int:
        """The time between two ticks as it is now."""
        return self._timer.interval()

    def add(self, flush: Flush, *, when_hidden: bool = False) -> None:
        """Call ``flush(monotonic seconds)`` at every tick; when hidden only if asked to."""
        self._visible.append(flush)
        if when_hidden:
            self._always.append(flush)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
        self._figures.pause()

    def end(self) -> None:
        """Tick no more, and let go of everything that was called."""
        self.stop()
        self._visible.clear()
        self._always.clear()
        self.deleteLater()

    def set_visible(self, visible: bool, *, watched: bool = False) -> None:
        """Whether anybody can see the window, or else something small that it feeds."""
        hidden_ms = WATCHED_MS if watched else HIDDEN_MS
        if not visible and not self._shown:
            self._timer.setInterval(hidden_ms)
        if visible == self._shown:
            return
        self._shown = visible
        self._figures.pause()
        self._timer.setInterval(FRAME_MS if visible else hidden_ms)

    def wake(self) -> None:
        """Something came that is to be shown: the next tick is not far."""
        if self._timer.interval() == CALM_MS:
            self._timer.setInterval(FRAME_MS)

    def painted(self, now: float) -> None:
        """The window was painted: where the person moves things, that happens again and again."""
        self._lately.append(now)
        if self._is_lively(now):
            self.wake()

    def tick(self) -> None:
        """Flush everything that is due now."""
        now, cpu = time.monotonic(), time.thread_time()
        if not self._shown:
            for flush in self._always:
                flush(now)
            return
        self._figures.tick(now)
        self._pace(now)
        for flush in self._visible:
            flush(now)
        self._figures.flushed(time.monotonic() - now, time.thread_time() - cpu)

    def _pace(self, now: float) -> None:
        """Tick seldom where only a clock or a countdown moves: waking up costs too."""
        interval = FRAME_MS if self._is_lively(now) else CALM_MS
        if interval != self._timer.interval():
            self._timer.setInterval(interval)

    def _is_lively(self, now: float) -> bool:
        return len(self._lately) == LIVELY and now - self._lately[0] <= LIVELY_WITHIN
