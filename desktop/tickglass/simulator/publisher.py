"""Turns what happens in the market into frames: each topic is encoded once for all its clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from ..exchanges.exchange import Feed, Match, Published, Server, Topic
from ..market.instrument import Instrument
from ..market.interval import start_of
from .client import Client
from .faults import Faults
from .trading import Happening, Taken
from .view import ExchangeView

MOST_BARS_AT_ONCE = 100


class Publisher:
    """The topics that clients of one exchange have, and what each was last told."""

    def __init__(self, view: ExchangeView, server: type[Server], faults: Faults) -> None:
        self._view = view
        self._encode = server.encode
        self._faults = faults
        self._random = Random(view.market.seed)
        self._clients: dict[Topic, list[Client]] = {}
        self._at_once: dict[int, list[Topic]] = {}  # by pair
        self._periodic: dict[int, list[Topic]] = {}  # by period, ms
        self._told: dict[Topic, int] = {}  # an update id, or the start of a candle
        self._traded: dict[Topic, set[int]] = {}  # pairs, for topics of all instruments
        self._indices = {view.instrument(i): i for i in range(len(view.market.pairs))}

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
        self._traded = {
            topic: self._traded.get(topic, set()) for topic in wanted if topic.instrument is None
        }
        self._sort_topics()

    def push(self, happenings: Sequence[Happening], before: int, now: int) -> None:
        """Add to every client what happened, and the periodic topics due since ``before``."""
        for happening in happenings:
            topics = self._at_once.get(happening.pair)
            if topics:
                self._push_happening(happening, topics, now)
        if self._traded:
            traded = {each.pair for each in happenings if isinstance(each, Taken)}
            for pairs in self._traded.values():
                pairs |= traded
        for period, topics in self._periodic.items():
            if now // period > before // period:
                for topic in topics:
                    self._push_periodic(topic, now)

    def _begin(self, topic: Topic) -> int:
        if topic.instrument is None:
            return 0
        if topic.feed is Feed.CANDLE:
            return start_of(topic.interval, self._view.now)
        return self._view.update_id(topic.instrument)

    def _sort_topics(self) -> None:
        self._at_once, self._periodic = defaultdict(list), defaultdict(list)
        for topic in self._clients:
            if topic.period:
                self._periodic[round(topic.period * 1000)].append(topic)
            elif topic.instrument is not None:
                self._at_once[self._indices[topic.instrument]].append(topic)
            else:
                for index in self._indices.values():
                    self._at_once[index].append(topic)

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

    def _push_periodic(self, topic: Topic, now: int) -> None:
        if topic.instrument is None:
            self._push_all(topic, now)
            return
        match topic.feed:
            case Feed.TICKER | Feed.MINI_TICKER:
                self._emit(topic, self._view.day(topic.instrument), now)
            case Feed.QUOTE:
                self._emit(topic, self._view.quote(topic.instrument), now)
            case Feed.CANDLE:
                self._push_candles(topic, topic.instrument, now)
            case Feed.BOOK_TOP | Feed.BOOK_DELTAS:
                self._push_book(topic, topic.instrument, now)

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
            self._emit(topic, bar, now)
            self._told[topic] = bar.candle.start

    def _push_book(self, topic: Topic, instrument: Instrument, now: int) -> None:
        update_id = self._view.update_id(instrument)
        since, self._told[topic] = self._told[topic], update_id
        if update_id == since:
            return
        if topic.feed is Feed.BOOK_TOP:
            self._emit(topic, self._view.book(instrument, topic.levels), now)
        elif not self._happens(self._faults.gap):
            self._emit(topic, self._view.delta(instrument, since), now)

    def _emit(self, topic: Topic, event: Published, now: int) -> None:
        payload = self._encode(topic, event, now)
        garbage = self._faults.garbage
        for client in self._clients[topic]:
            text = client.server.frame(topic, payload)
            client.add(text[: len(text) // 2] if garbage and self._happens(garbage) else text)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share
