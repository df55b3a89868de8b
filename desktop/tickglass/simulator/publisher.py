"""Turns what happens in the market into frames: each topic is encoded once for all its clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from ..exchanges.exchange import Beat, Feed, Match, Published, Sending, Server, Topic
from ..market.events import BookDelta, BookSnapshot, Level
from ..market.instrument import Instrument
from ..market.interval import start_of
from .client import Client
from .faults import Faults
from .trading import Happening, Taken
from .view import ExchangeView

MOST_BARS_AT_ONCE = 100
TRADES = (Feed.TRADE, Feed.AGGREGATE)
BOOKS = (Feed.BOOK_TOP, Feed.BOOK_DELTAS)  # they know by themselves what changed
WHOLE_BOOK = 100_000  # levels: more than any book here has


class Publisher:
    """The topics that clients of one exchange have, and what each was last told."""

    def __init__(self, view: ExchangeView, server: type[Server], faults: Faults) -> None:
        self._view = view
        self._encode = server.encode
        self._faults = faults
        self._random = Random(view.market.seed)
        self._clients: dict[Topic, list[Client]] = {}
        self._at_once: dict[int, list[Topic]] = {}  # by pair
        self._batched: dict[int, list[Topic]] = {}  # by pair: trades sent together
        self._periodic: dict[int, list[Topic]] = {}  # by period, ms
        self._told: dict[Topic, int] = {}  # an update id, or the start of a candle
        self._held: dict[Topic, dict[Client, int]] = {}  # the update id that each was last told
        # Books of some levels only: what each client sees, by the update id it was last told.
        self._windows: dict[Topic, dict[int, BookSnapshot]] = {}
        self._numbers: dict[Topic, int] = {}
        self._waiting: dict[Topic, list[Match]] = {}
        self._changed: dict[int, set[int]] = {}  # pairs, by period: since it was last due
        self._traded: dict[Topic, set[int]] = {}  # pairs, for topics of all instruments
        self.lost = self.spoilt = 0  # frames, by the faults named gap and garbage
        self._indices = {each: index for index, each in view.indexed()}

    def subscriptions(self, clients: Iterable[Client]) -> None:
        """Take over who wants what; a new topic starts from now."""
        wanted: dict[Topic, list[Client]] = defaultdict(list)
        for client in clients:
            for topic in client.server.topics.values():
                wanted[topic].append(client)
        self._clients = dict(wanted)
        self._told = {
            topic: self._told[topic] if topic in self._told else self._begin(topic)
            for topic in wanted
        }
        self._held = {
            topic: self._hold(topic, having)
            for topic, having in wanted.items()
            if topic.feed is Feed.BOOK_DELTAS
        }
        self._windows = {
            topic: self._windows_of(topic, held)
            for topic, held in self._held.items()
            if topic.levels
        }
        for topic in wanted:  # an exchange numbers its frames whether anybody listens or not
            self._numbers.setdefault(topic, 0)
        self._waiting = {
            topic: self._waiting.get(topic, [])
            for topic in wanted
            if topic.period and topic.feed in TRADES
        }
        self._traded = {
            topic: self._traded.get(topic, set()) for topic in wanted if topic.instrument is None
        }
        self._sort_topics()

    def openings(self, client: Client, topics: Iterable[Topic]) -> list[str]:
        """The frames that tell a new subscriber how things stand."""
        frames = []
        for topic in topics:
            if topic.opening and topic.instrument is not None:
                event = self._state(topic, topic.instrument)
                sending = Sending(self._view.now, opening=True, number=self._numbers[topic])
                frames.append(client.server.frame(topic, self._encode(topic, event, sending)))
        return frames

    def push(self, happenings: Sequence[Happening], before: int, now: int) -> None:
        """Add to every client what happened, and the periodic topics due since ``before``."""
        for happening in happenings:
            topics = self._at_once.get(happening.pair)
            if topics:
                self._push_happening(happening, topics, now)
            if isinstance(happening, Taken) and happening.pair in self._batched:
                self._keep_match(happening)
        self._note_changes(happenings)
        for period, topics in self._periodic.items():
            if now // period > before // period:
                for topic in topics:
                    self._push_periodic(topic, period, now)
                self._changed[period].clear()

    def _begin(self, topic: Topic) -> int:
        if topic.instrument is None:
            return 0
        if topic.feed is Feed.CANDLE:
            return start_of(topic.interval, self._view.now)
        return self._view.update_id(topic.instrument)

    def _hold(self, topic: Topic, having: Iterable[Client]) -> dict[Client, int]:
        """A new client's book starts from now, which may be between two pushes."""
        assert topic.instrument is not None
        known, now = self._held.get(topic, {}), self._view.update_id(topic.instrument)
        return {client: known.get(client, now) for client in having}

    def _windows_of(self, topic: Topic, held: dict[Client, int]) -> dict[int, BookSnapshot]:
        known = self._windows.get(topic, {})
        return {
            told: known[told] if told in known else self._window(topic) for told in held.values()
        }

    def _window(self, topic: Topic) -> BookSnapshot:
        assert topic.instrument is not None
        return self._view.book(topic.instrument, topic.levels)

    def _sort_topics(self) -> None:
        self._at_once, self._periodic = defaultdict(list), defaultdict(list)
        self._batched = defaultdict(list)
        for topic in self._clients:
            if topic.period:
                self._periodic[round(topic.period * 1000)].append(topic)
            for index in self._pairs_of(topic):
                if not topic.period:
                    self._at_once[index].append(topic)
                elif topic.feed in TRADES:
                    self._batched[index].append(topic)
        self._changed = {period: self._changed.get(period, set()) for period in self._periodic}

    def _pairs_of(self, topic: Topic) -> Iterable[int]:
        if topic.instrument is None:
            return self._indices.values()
        return (self._indices[topic.instrument],)

    def _note_changes(self, happenings: Sequence[Happening]) -> None:
        pairs = {each.pair for each in happenings}
        for changed in self._changed.values():
            changed |= pairs
        if self._traded:
            traded = {each.pair for each in happenings if isinstance(each, Taken)}
            for known in self._traded.values():
                known |= traded

    def _keep_match(self, taken: Taken) -> None:
        match = self._view.publish(taken)
        assert isinstance(match, Match)
        for topic in self._batched[taken.pair]:
            self._waiting[topic].append(match)

    def _push_happening(self, happening: Happening, topics: list[Topic], now: int) -> None:
        event = self._view.publish(happening)
        for topic in topics:
            if not isinstance(event, Match):
                if topic.feed is Feed.QUOTE:
                    self._emit(topic, event, now)
            elif topic.feed is Feed.AGGREGATE:
                self._emit(topic, event, now)
            elif topic.feed is Feed.TRADE:
                for fill in event.fills:
                    self._emit(topic, fill, now)

    def _push_periodic(self, topic: Topic, period: int, now: int) -> None:
        if topic.feed is Feed.HEARTBEAT:
            self._emit(topic, Beat(now // 1000), now)
        elif topic.feed in TRADES:
            self._push_matches(topic, now)
        elif topic.instrument is None:
            self._push_all(topic, now)
        elif topic.feed in BOOKS or self._is_due(topic, topic.instrument, period):
            self._push_one(topic, topic.instrument, now)

    def _is_due(self, topic: Topic, instrument: Instrument, period: int) -> bool:
        return not topic.on_change or self._indices[instrument] in self._changed[period]

    def _push_one(self, topic: Topic, instrument: Instrument, now: int) -> None:
        match topic.feed:
            case Feed.TICKER | Feed.MINI_TICKER:
                self._emit(topic, self._view.day(instrument), now)
            case Feed.QUOTE:
                self._emit(topic, self._view.quote(instrument), now)
            case Feed.CANDLE:
                self._push_candles(topic, instrument, now)
            case Feed.BOOK_TOP:
                self._push_top(topic, instrument, now)
            case Feed.BOOK_DELTAS:
                self._push_deltas(topic, instrument, now)

    def _push_matches(self, topic: Topic, now: int) -> None:
        matches = self._waiting[topic]
        if matches:
            self._emit(topic, tuple(matches), now)
            matches.clear()

    def _push_all(self, topic: Topic, now: int) -> None:
        """Only the instruments that traded since the last time."""
        traded = self._traded[topic]
        if traded:
            days = [self._view.day(self._view.instrument(index)) for index in sorted(traded)]
            self._emit(topic, days, now)
            traded.clear()

    def _push_candles(self, topic: Topic, instrument: Instrument, now: int) -> None:
        """The candle that ended since the last time as closed, then the running one."""
        bars = self._view.bars(
            instrument, topic.interval, self._told[topic], None, MOST_BARS_AT_ONCE
        )
        for bar in bars:
            fresh = bar.candle.start > self._told[topic]
            self._told[topic] = bar.candle.start
            self._emit(topic, bar, now, fresh=fresh)

    def _push_top(self, topic: Topic, instrument: Instrument, now: int) -> None:
        update_id = self._view.update_id(instrument)
        since, self._told[topic] = self._told[topic], update_id
        if update_id != since:
            self._emit(topic, self._view.book(instrument, topic.levels), now)

    def _push_deltas(self, topic: Topic, instrument: Instrument, now: int) -> None:
        """What changed since each client was last told; usually that is one moment for all."""
        update_id = self._view.update_id(instrument)
        held = self._held[topic]
        since = {told for told in held.values() if told != update_id}
        if not since:
            return
        window = self._window(topic) if topic.levels else None
        if window is not None and all(_same(self._windows[topic][told], window) for told in since):
            return  # it changed deeper than anybody sees
        lost = self._happens(self._faults.gap)
        self._numbers[topic] += 1
        for told in since:
            if window is None:
                delta = self._view.delta(instrument, told)
            else:
                delta = difference(self._windows[topic][told], window)
            clients = [client for client, at in held.items() if at == told]
            self._send(topic, delta, now, clients, lost=lost)
        self._held[topic] = dict.fromkeys(held, update_id)
        if window is not None:
            self._windows[topic] = {update_id: window}

    def _state(self, topic: Topic, instrument: Instrument) -> Published:
        view, levels = self._view, topic.levels
        match topic.feed:
            case Feed.TRADE | Feed.AGGREGATE:
                return tuple(view.matches(instrument, levels))
            case Feed.TICKER | Feed.MINI_TICKER:
                return view.day(instrument)
            case Feed.CANDLE:
                return tuple(view.bars(instrument, topic.interval, None, None, levels or 1))
            case Feed.BOOK_TOP | Feed.BOOK_DELTAS:
                return view.book(instrument, levels or WHOLE_BOOK)
            case Feed.QUOTE | Feed.HEARTBEAT:
                return view.quote(instrument)

    def _emit(self, topic: Topic, event: Published, now: int, *, fresh: bool = False) -> None:
        self._numbers[topic] += 1
        self._send(topic, event, now, self._clients[topic], fresh=fresh)

    def _send(
        self,
        topic: Topic,
        event: Published,
        now: int,
        clients: Iterable[Client],
        *,
        fresh: bool = False,
        lost: bool = False,
    ) -> None:
        sending = Sending(now, number=self._numbers[topic], fresh=fresh)
        payload = self._encode(topic, event, sending)
        garbage = self._faults.garbage
        for client in clients:
            text = client.server.frame(topic, payload)
            if lost:
                self.lost += 1
            elif garbage and self._happens(garbage):
                self.spoilt += 1
                client.add(text[: len(text) // 2])
            else:
                client.add(text)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share


def difference(old: BookSnapshot, new: BookSnapshot) -> BookDelta:
    """The delta that makes one book of some levels into another: what slid out is removed."""
    assert old.sequence is not None
    assert new.sequence is not None
    bids, asks = _changes(old.bids, new.bids), _changes(old.asks, new.asks)
    return BookDelta(new.instrument, new.time, old.sequence, new.sequence, bids, asks)


def _same(old: BookSnapshot, new: BookSnapshot) -> bool:
    return old.bids == new.bids and old.asks == new.asks


def _changes(old: Sequence[Level], new: Sequence[Level]) -> tuple[Level, ...]:
    before, after = dict(old), dict(new)
    changed = [Level(price, size) for price, size in new if before.get(price) != size]
    return (*changed, *(Level(price, 0.0) for price in before if price not in after))
