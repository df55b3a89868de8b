"""The chart as a widget: it follows the market; ``ChartHands`` follows the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from ...alerts.alert import Alert
from ...language import mark, tr
from ...market.freshness import Freshness
from ...market.marks import Marks
from ..spoken import Spoken
from ..text import price_text
from ..theme import ALERT_MARK, GAP, Theme, tabular
from .hands import BARS_SHOWN, ChartHands
from .look import Look
from .overlay import countdown
from .scene import Level
from .source import Bars, Source

OLDER_WITHIN = 30  # bars from the oldest at which more are asked for
LOADING = mark("Loading candles…")
EMPTY = mark("Choose a pair to see its chart.")


class ChartView(ChartHands):
    """Shows bars. ``flush`` repaints only if something it shows has changed."""

    older_wanted = Signal()
    retry_wanted = Signal()
    marks_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: tuple[object, ...] = ()
        self._revision: tuple[object, ...] = ()
        self._last_start: int | None = None
        self._asked = False
        self._alerts: list[Alert] = []
        self.notice = QLabel(self)
        self.retry = QPushButton(tr("Try again"), self)
        self.latest = QToolButton(self)
        self._spoken = Spoken(self, lambda: ", ".join(self.tag_lines))
        self._build()
        self.set_theme(theme)
        self._say(EMPTY)

    # ------------------------------------------------------------ what to show

    def show_series(self, bars: Bars | None, decimals: int | None = None) -> None:
        """Show other bars, or none; there may not be any yet.

        Bars of the same instrument and interval are seen as those were that they replace.
        """
        self.scene.decimals = decimals
        self._asked = self.scene.loading_older = False
        self._shown, self._revision = (), ()
        if bars is not None and len(bars) and self._alike(bars):
            self.scene.replace_bars(bars)
        else:
            self.scene.set_source(None if bars is None else Source(bars))
            self._last_start = self.overlay.price = None
            self._say(EMPTY if bars is None else LOADING)
        self.setAccessibleName(_chart_name(bars))
        self.redraw()

    def _alike(self, bars: Bars) -> bool:
        """Whether bars are of the same instrument and interval as those drawn."""
        drawn = self.scene.drawn
        if drawn is None:
            return False
        shown = drawn.bars
        return (shown.instrument, shown.interval) == (bars.instrument, bars.interval)

    def wait(self) -> None:
        """Show nothing while other bars are asked for: those here are not what is wanted."""
        self.show_series(None)
        self._say(LOADING)

    def set_look(self, look: Look) -> None:
        """Draw it like this from now on."""
        self.scene.set_look(look)
        self.redraw()

    def set_usual_zone(self, zone: tzinfo | None) -> None:
        """Write times in this zone where the look names none; None is that of this machine."""
        self.scene.set_usual_zone(zone)
        self.redraw()

    def set_compared(self, bars: Sequence[Bars]) -> None:
        """Draw these beside it, in per cent."""
        self.scene.compared = [Source(each) for each in bars]
        self.redraw()

    def set_decimals(self, decimals: int | None) -> None:
        """The decimals of the instrument's prices became known."""
        if decimals != self.scene.decimals:
            self.scene.decimals = decimals
            self.set_alerts(self._alerts)

    def set_halted(self, halted: bool) -> None:
        """Say at the last price whether the exchange has halted trading."""
        if halted != self.overlay.halted:
            self.overlay.halted = halted
            self.redraw()

    def fail(self, sentence: str) -> None:
        """Say why there are no candles, and offer to try again."""
        self._say(sentence, retry=True)

    def set_marks(self, marks: Marks) -> None:
        """Show what was drawn on this instrument."""
        self.marks.set_marks(marks)

    def older_loaded(self) -> None:
        """The older candles asked for are there, or there are none."""
        self._asked = self.scene.loading_older = False
        self.redraw()

    def set_alerts(self, alerts: Sequence[Alert]) -> None:
        """Levels of the armed alerts on this instrument, as thin dashed lines."""
        self._alerts = list(alerts)
        self.scene.levels = [
            Level(price, f"{ALERT_MARK} {price_text(price, self.scene.decimals)}", each.id)
            for each in alerts
            if each.armed and (price := each.level) is not None
        ]
        self.redraw()

    def set_moments(self, moments: Sequence[tuple[int, float]]) -> None:
        """Mark where an alert would have fired: times in ms UTC, and prices."""
        if list(moments) != list(self.scene.moments):
            self.scene.moments = tuple(moments)
            self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.scene.set_font(tabular(self.font()))
        self._take_theme(theme)
        self.notice.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.redraw()

    # ------------------------------------------------------------ once per frame

    def flush(self, price: float | None, freshness: Freshness, now_ms: int = 0) -> None:
        """Show what changed since the last frame; ``now_ms`` is the exchange's time."""
        source = self.source
        if source is None or not len(source):
            return
        until, tape = countdown(source, now_ms), self.scene.tape
        versions = (
            source.version, 0 if tape is None else tape.version,
            *(each.version for each in self.scene.compared),
        )  # fmt: skip
        shown = (versions, price, freshness, until)
        if shown == self._shown:
            return
        self._shown = shown
        self.overlay.show_last(price, freshness, until)
        self._spoken.follow()
        first = self._last_start is None
        self._follow(source)
        if first:
            self._say("")
            self._go_to_end(BARS_SHOWN * source.length)
        if self.wanted_time is not None:
            self.go_to(self.wanted_time)
        bars = source.bars
        revision = (bars.revision, len(source), bars.first_start, bars.complete, *versions[2:])
        if revision != self._revision:
            self._revision = revision
            self.redraw()
        elif self.scene.fit():
            self.redraw()
        else:
            self._update_live()

    def show_crosshair(self, time: float | None) -> None:
        """Mark the time that the pointer of another chart is at."""
        if time != self.overlay.linked:
            self.overlay.linked = time
            self.overlay.touch()
            self.update()

    @property
    def following(self) -> bool:
        """Whether the newest bar is in view at the right edge."""
        if self._last_start is None or self.source is None:
            return True
        return self.scene.times.right >= self._last_start + self.source.length

    @property
    def tag_lines(self) -> list[str]:
        """What stands at the price axis beside the last price."""
        return self.overlay.tag_lines

    @property
    def auto_prices(self) -> bool:
        """Whether the price range follows the bars."""
        return self.scene.price_pane.scale.auto

    def set_auto_prices(self, auto: bool) -> None:
        """Let the price range follow the bars, or keep it as it is."""
        self.scene.price_pane.scale.auto = auto
        self._on_view()

    def _follow(self, source: Source) -> None:
        """Move on with a new bar, if the person was looking at the newest."""
        last = source.last_start
        assert last is not None
        before, follow = self._last_start, self.following
        self._last_start = last
        if before is not None and last > before and follow:
            self.scene.times.left += last - before
            self.scene.times.right += last - before

    def _on_view(self) -> None:
        """The person sees other times now: ask for what is missing."""
        self.latest.setVisible(not self.following and self._last_start is not None)
        self._ask_for_older()
        super()._on_view()

    def _ask_for_older(self) -> None:
        source = self.source
        if source is None or source.first_start is None or self._last_start is None:
            return
        near = self.scene.times.left < source.first_start + OLDER_WITHIN * source.length
        if near and not self._asked and not source.bars.complete:
            self._asked = self.scene.loading_older = True
            self.older_wanted.emit()

    # ------------------------------------------------------------ what lies on it

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lies on the chart keeps its place."""
        super().resizeEvent(event)
        self._place()

    def _build(self) -> None:
        self.latest.setText(tr("→ latest"))
        self.latest.setAccessibleName(tr("Newest candles"))
        self.latest.clicked.connect(self.show_latest)
        self.latest.hide()
        self.retry.clicked.connect(self._try_again)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _try_again(self) -> None:
        self._say(LOADING)
        self.retry_wanted.emit()

    def _say(self, words: str, *, retry: bool = False) -> None:
        """Say something in the middle; ``words`` are translated if there is a translation."""
        self.notice.setText(tr(words) if words else "")
        self.notice.setVisible(bool(words))
        self.retry.setVisible(retry)
        if words:
            self.latest.hide()
        self._place()

    def _place(self) -> None:
        self.notice.adjustSize()
        self.notice.move(
            (self.width() - self.notice.width()) // 2, self.height() // 2 - self.notice.height()
        )
        self.retry.adjustSize()
        self.retry.move((self.width() - self.retry.width()) // 2, self.height() // 2 + GAP)
        self.latest.adjustSize()
        right = round(self.scene.area.right()) - GAP
        bottom = round(self.scene.area.bottom()) - GAP
        self.latest.move(right - self.latest.width(), bottom - self.latest.height())


def _chart_name(bars: Bars | None) -> str:
    if bars is None:
        return tr("Chart")
    return tr("Chart of {pair}, {interval}", pair=bars.instrument, interval=bars.interval)
