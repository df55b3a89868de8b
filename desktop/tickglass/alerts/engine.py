"""The engine: lets every event be judged by the alerts on its instrument.

A value is compared with the one before it. The first after a gap in the feed only becomes the one
before: nobody saw what lay between. That hole is filled afterwards from candles, and what would
have fired in it is told as late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ..market.candles import CLOSE, START, Floats
from ..market.events import Candle, MarketEvent, Quote, Ticker, Trade
from ..market.instrument import Instrument
from ..market.interval import MINUTE, next_start
from .alert import Alert
from .candle_judges import VolumeSpikes
from .desk import QUOTE_GOOD_FOR, Late, Point
from .judge import Hears
from .judging import elsewhere
from .path import way, way_before, way_through
from .post import Heard, Hole, Post
from .roster import Key, Roster
from .watch import OF_CANDLES, PRICES, Fired, Memory, Watch

LATE_AFTER = 90_000  # ms after its candle's end: what is judged then is told as late
NOTHING: list[Fired] = []
LAST, BID, ASK, MID = Hears("last"), Hears("bid"), Hears("ask"), Hears("mid")
TRADE, DAY, SILENCE = Hears("trade"), Hears("day"), Hears("silence")

Firing = tuple[int, float | None]  # when, ms UTC, and at which price


class AlertEngine(Roster):
    """Lets every event be judged by the alerts of a roster."""

    def __init__(
        self, alerts: Iterable[Alert] = (), lists: Mapping[str, Iterable[Instrument]] | None = None
    ) -> None:
        super().__init__(alerts, lists)
        self._holes: list[Hole] = []
        self.fired_count = 0

    # ------------------------------------------------------------ what happens

    def apply(self, event: MarketEvent, now: int = 0) -> list[Fired]:
        """Judge one event; every event must pass here, never a sample of them.

        ``now`` is when it came, ms UTC. Trades of a time before we listened are nothing new.
        """
        post = self._posts.get(event.instrument)
        if post is None:
            return NOTHING
        kind = event.__class__
        if kind is Trade:
            found = NOTHING if event.history else self._trade(post, event, now)  # type: ignore
        elif kind is Quote:
            found = self._quote(post, event, now)  # type: ignore[arg-type]
        elif kind is Ticker:
            found = self._ticker(post, event, now)  # type: ignore[arg-type]
        else:
            post.desk.heard = now
            return NOTHING
        return self._keep(found) if found else NOTHING

    def closed(self, instrument: Instrument, interval: str, rows: Floats, now: int) -> list[Fired]:
        """Judge the closed candles that were not judged yet, each once and in order.

        ``rows`` are those of a candle series, closed candles only.
        """
        post = self._posts.get(instrument)
        if post is None or not rows.shape[1]:
            return NOTHING
        found: list[Fired] = []
        hearing = (post.listeners(Hears(kind, interval)) for kind in ("close", "candles"))
        for watch in dict.fromkeys(watch for each in hearing for watch, _ in each):
            found += self._judge_candles(watch, interval, rows, now)
        return self._keep(found)

    def tick(self, now: int) -> list[Fired]:
        """Time has passed: silences are judged, and what waited for its time fires."""
        found: list[Fired] = []
        for post in self._posts.values():
            silent = now - max(post.desk.heard, post.since)
            found += post.tell(SILENCE, float(silent), now, now)
            for watch in post.watches:
                fired = watch.tick(post.desk.last, now)
                if fired is not None:
                    found.append(fired)
        return self._keep(found)

    # ------------------------------------------------------------ holes

    def gap(self, instruments: Collection[Instrument]) -> None:
        """The feed of these was interrupted: their next prices are no live crossings."""
        for instrument in instruments:
            post = self._posts.get(instrument)
            if post is not None:
                post.interrupted()

    def take_holes(self) -> list[Hole]:
        """The holes that ended since this was last asked: to be filled from candles."""
        holes, self._holes = self._holes, []
        return holes

    def take_begun(self) -> list[Instrument]:
        """Those of whose running minute only the end was watched, since this was last asked."""
        begun = []
        for instrument, post in self._posts.items():
            if post.desk.begun and any(each.kind in PRICES for each in post.hears):
                post.desk.begun = False
                begun.append(instrument)
        return begun

    def know_minute(self, instrument: Instrument, candles: Sequence[Candle]) -> None:
        """Know where the price was in the running minute before it was watched.

        Not if something has been missed meanwhile: the candles would hide it.
        """
        post = self._posts.get(instrument)
        if post is not None and post.hole is None and not post.unfilled:
            post.know(candles)

    def fill(self, hole: Hole, candles: Sequence[Candle] | None, now: int) -> list[Fired]:
        """Judge what happened in a hole; without candles, only what was found at its end.

        ``candles`` are all that there are of its time, and may begin before it.
        """
        post = self._posts.get(hole.instrument)
        if post is None or hole.end is None or hole not in post.unfilled:
            return NOTHING
        post.unfilled.remove(hole)
        hole.span.filled = candles is not None
        points = way_through(
            candles or (), hole.known.minute, hole.span.start, hole.end, hole.after
        )
        earlier = way_before(candles or (), hole.known.minute, hole.span.start)
        found: list[Fired] = []
        for twin in hole.twins:
            twin.seed(earlier, settled=True)
            live = self._watches.get((twin.alert.id, hole.instrument))
            if live is None or live.alert.conditions != twin.alert.conditions:
                continue
            found += _catch_up(live, twin, points, now)
        post.know(candles or ())
        self._seed(post, candles or ())
        return self._keep(found)

    def lookback(self, instrument: Instrument) -> int:
        """How much history the alerts on an instrument would like to be seeded with, ms."""
        post = self._posts.get(instrument)
        watches = post.watches if post else []
        return max((judge.lookback for each in watches for judge in each.judges), default=0)

    def seed(self, instrument: Instrument, candles: Sequence[Candle]) -> None:
        """Give the windows of an instrument what happened before it was watched."""
        post = self._posts.get(instrument)
        if post is not None:
            self._seed(post, candles)

    # ------------------------------------------------------------ what outlives the program

    def remember(self) -> tuple[dict[Key, Memory], dict[Instrument, Heard]]:
        """What must be known at the next start."""
        memories = {key: watch.memory for key, watch in self._watches.items()}
        heard = {each: post.heard for each, post in self._posts.items()}
        return memories, {each: known for each, known in heard.items() if known is not None}

    def recall(
        self,
        memories: Mapping[Key, Memory],
        heard: Mapping[Instrument, Heard],
        fired: Mapping[Key, Firing],
    ) -> None:
        """Go on from what an earlier run remembered; before the first event.

        ``fired``: when each alert fired last, and at which price. It is kept at once, so it counts
        more than memories, which are kept now and then.
        """
        for key, memory in memories.items():
            watch = self._watches.get(key)
            if watch is not None and len(memory.judges) == len(watch.judges):
                watch.recall(memory)
                if memory.fired is not None and memory.fired < watch.alert.since:
                    watch.fired = watch.price = None
        for key, (time, price) in fired.items():
            watch = self._watches.get(key)
            if watch is not None and time >= watch.alert.since:
                watch.recall_firing(time, price)
                self._spend(watch.alert, time)
        for instrument, known in heard.items():
            post = self._posts.get(instrument)
            if post is not None:
                post.resume(known)

    # ------------------------------------------------------------ inside

    def _trade(self, post: Post, trade: Trade, now: int) -> list[Fired]:
        believed = post.desk.trade(trade, now)
        if isinstance(believed, Late):
            return self._late(post, believed, now)
        found: list[Fired] = NOTHING
        for time, price in believed:
            told = self._believe(post, time, price, now)
            if told:
                found = found + told
        if believed and (watching := post.listeners(TRADE)):
            for watch, judges in watching:
                fired = watch.hear(judges, trade, post.desk.last, trade.time, now)
                if fired is not None:
                    found = [*found, fired]
        return found

    def _believe(self, post: Post, time: int, price: float, now: int) -> list[Fired]:
        if post.hole is not None:
            self._close_hole(post, time, price)
        elif post.unfilled:
            _widen(post.unfilled[-1], time, price)
        found = post.tell_price(time, price, now)
        desk = post.desk
        if desk.open and post.listeners(DAY):
            found = found + post.tell(DAY, price / desk.open - 1, time, now)
        if post.instrument in self._compared:
            found = found + self._compare(post, time, now)
        return found

    def _quote(self, post: Post, quote: Quote | Ticker, now: int) -> list[Fired]:
        desk = post.desk
        found: list[Fired] = NOTHING
        confirmed = desk.quote(quote, now)
        if confirmed is None:
            return found
        for time, price in confirmed:
            found = found + self._believe(post, time, price, now)
        time = quote.time or now
        for hears, value in ((BID, desk.bid), (ASK, desk.ask), (MID, desk.mid)):
            if value is not None:
                told = post.tell(hears, value, time, now)
                if told:
                    found = found + told
        if post.instrument in self._compared:
            found = found + self._compare(post, time, now)
        return found

    def _ticker(self, post: Post, ticker: Ticker, now: int) -> list[Fired]:
        desk = post.desk
        desk.heard = now
        time = ticker.time or now
        found: list[Fired] = NOTHING
        if now - desk.streamed > QUOTE_GOOD_FOR:  # a stream of quotes is fresher than tickers
            found = self._quote(post, ticker, now)
        if desk.last is None and ticker.last is not None:
            # It is up to a second old: it serves where no trade is known yet, and not afterwards.
            found = found + self._believe(post, *desk.begin(time, ticker.last), now)
        if ticker.open is not None:
            desk.open = ticker.open
            if desk.open and desk.last is not None:
                found = found + post.tell(DAY, desk.last / desk.open - 1, time, now)
        return found

    def _compare(self, post: Post, time: int, now: int) -> list[Fired]:
        """The price of an instrument changed: those that are compared with it are judged."""
        found: list[Fired] = NOTHING
        for at_home, hears in self._compared[post.instrument]:
            abroad = self._posts.get(elsewhere(at_home.instrument, hears.detail))
            here, there = at_home.price, abroad.price if abroad else None
            if here and there:
                found = found + at_home.tell(hears, here / there - 1, time, now)
        return found

    def _late(self, post: Post, late: Late, now: int) -> list[Fired]:
        """A trade came after younger ones: judge it, and what followed, in their order, as late."""
        trade = late.trade
        found = []
        for watch, _ in post.listeners(LAST):
            if trade.time >= watch.alert.since:
                found += _judge_late(watch, late, now)
        for watch, judges in post.listeners(TRADE):
            fired = watch.hear(judges, trade, post.desk.last, trade.time, now)
            if fired is not None:
                found.append(replace(fired, late=True))
        return found

    def _judge_candles(self, watch: Watch, interval: str, rows: Floats, now: int) -> list[Fired]:
        starts = rows[START]
        known = watch.judged.get(interval)
        watch.judged[interval] = int(starts[-1])
        if known is None:
            _begin_with(watch, interval, rows)
            return []
        found = []
        for index in range(int(starts.searchsorted(known, side="right")), rows.shape[1]):
            end = next_start(interval, int(starts[index]))
            if end <= watch.alert.since:
                _begin_with(watch, interval, rows[:, : index + 1])
                continue
            fired = watch.hear_candle(interval, rows[:, : index + 1], end, now)
            if fired is not None:
                found.append(replace(fired, late=now - end > LATE_AFTER))
        return found

    def _close_hole(self, post: Post, time: int, price: float) -> None:
        hole = post.close_hole(time, price)
        if hole is not None:
            self._holes.append(hole)

    def _seed(self, post: Post, candles: Sequence[Candle]) -> None:
        points = [point for each in candles for point in way(each)]
        for watch in post.watches:
            watch.seed(points)
            for judge in watch.judges:
                if isinstance(judge, VolumeSpikes):
                    judge.seed_volumes(candles)

    def _keep(self, found: list[Fired]) -> list[Fired]:
        """Mark what is spent."""
        for fired in found:
            self.fired_count += 1
            alert = self._alerts.get(fired.alert.id)
            if alert is not None:
                self._spend(alert, fired.time)
        return found


def _begin_with(watch: Watch, interval: str, rows: Floats) -> None:
    """What closed before the alert was made is no event."""
    for judge in watch.judges:
        if judge.hears.kind in OF_CANDLES and judge.hears.detail == interval:
            judge.forget()
            end = next_start(interval, int(rows[START, -1]))
            of_close = judge.hears.kind == "close"
            judge.see(float(rows[CLOSE, -1]) if of_close else rows, end)


def _judge_late(watch: Watch, late: Late, now: int) -> list[Fired]:
    """What would have fired had a trade come in its place; what fired since was told."""
    told, points = watch.fired, ((late.trade.time, late.trade.price), *late.after)
    twin = watch.twin()
    twin.rewind(late.before, late.after)
    _hear_price(twin, *late.before[-1])
    found = []
    for time, price in points:
        fired = _hear_price(twin, time, price)
        if fired is not None and (told is None or time > told):
            found.append(replace(fired, seen=now, late=True))
    if found:
        watch.learn_firing(twin)
    watch.learn(points, twin)
    return found


def _hear_price(watch: Watch, time: int, price: float) -> Fired | None:
    judges = tuple(each for each in watch.judges if each.hears.kind in PRICES)
    return watch.hear(judges, price, price, time, time)


def _catch_up(live: Watch, twin: Watch, points: Sequence[Point], now: int) -> list[Fired]:
    """What would have fired in a time that was missed; the live watch learns of it."""
    if live.spent:
        return []
    twin.change(live.alert)
    if live.fired != twin.fired:
        twin.wait_no_more()  # what both waited for was told live
    told = twin.fired  # what was told up to here was told live
    found = []
    for time, price in points:
        fired = _hear_price(twin, time, price)
        if fired is not None and (told is None or time > told):
            found.append(replace(fired, seen=now, late=True))
    live.take_over(twin)
    return found


def _widen(hole: Hole, time: int, price: float) -> None:
    """Prices after a hole are watched: its last candle holds nothing new within their range."""
    after = hole.after
    if after is not None and after.start <= time < after.start + MINUTE:
        after.add(time, price)
