"""What is said on one connection: in which order, how fast, and written no earlier than said."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Catalogue, Channel, Kind
from tickglass.feed.speaker import Speaker
from tickglass.market.instrument import Instrument

really_sleep = asyncio.sleep


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds
        await really_sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    driven = Clock()
    monkeypatch.setattr(asyncio, "sleep", driven.sleep)
    return driven


class Plain(Binance):
    """An exchange whose messages can be read: a sign, then what it is about."""

    limits = replace(Binance.limits, control_interval=0.5, controls_per_hour=None)
    greeting: tuple[str, ...] = ()

    def opening(self) -> list[str]:
        return list(self.greeting)

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        return [f"+ {names(channels)}"]

    def unsubscribe(self, channels: Sequence[Channel]) -> list[str]:
        return [f"- {names(channels)}"]


class Numbering(Plain):
    """One that numbers its messages as they are written."""

    def __init__(self) -> None:
        super().__init__(Catalogue())
        self.written = 0

    def subscribe(self, channels: Sequence[Channel]) -> list[str]:
        self.written += 1
        return [f"{self.written} {names(channels)}"]


def names(channels: Iterable[Channel]) -> str:
    return " ".join(f"{each.kind}:{each.instrument.base}" for each in channels)


def channel(name: str) -> Channel:
    kind, base = name.split(":")
    return Channel(Kind(kind), Instrument("binance", base, "USDT"))


def channels(text: str) -> set[Channel]:
    return {channel(name) for name in text.split()}


class Stage:
    """A speaker, what it says when, and what it tells of itself. ``at`` is called at each text."""

    def __init__(self, clock: Clock, wanted: str, adapter: Plain | None = None) -> None:
        self.clock = clock
        self.texts: list[str] = []
        self.moments: list[float] = []
        self.changes: list[tuple[str, str]] = []
        self.overdue = 0
        self.at: dict[str, Callable[[], None]] = {}
        self.speaker = Speaker(
            adapter or Plain(Catalogue()), channels(wanted), clock, self._changed, self._overdue
        )

    async def send(self, text: str) -> None:
        self.texts.append(text)
        self.moments.append(self.clock.now - 1_000)
        self.at.pop(text, lambda: None)()

    def _changed(self, added: Collection[Channel], removed: Collection[Channel]) -> None:
        self.changes.append((names(added), names(removed)))

    def _overdue(self) -> None:
        self.overdue += 1

    async def until(self, count: int) -> None:
        """Let it speak until there are so many texts."""
        for _ in range(10_000):
            if len(self.texts) >= count:
                return
            await really_sleep(0)
        pytest.fail(f"only {self.texts} were said")

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Speaker]:
        task = asyncio.create_task(self.speaker.run(self))
        try:
            yield self.speaker
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def test_what_is_wanted_is_asked_for_in_one_message_after_the_opening(clock: Clock) -> None:
    class Greeted(Plain):
        greeting = ("hello", "here I am")

    async def run() -> Stage:
        stage = Stage(clock, "trade:ETH book:BTC", Greeted(Catalogue()))
        async with stage.speaking():
            await stage.until(3)
        return stage

    stage = asyncio.run(run())
    assert stage.texts == ["hello", "here I am", "+ book:BTC trade:ETH"]
    assert stage.changes == [("book:BTC trade:ETH", "")]
    assert stage.speaker.held == channels("trade:ETH book:BTC")


def test_messages_keep_their_distance_and_the_first_goes_at_once(clock: Clock) -> None:
    class Greeted(Plain):
        greeting = ("1", "2", "3")

    async def run() -> Stage:
        stage = Stage(clock, "trade:ETH", Greeted(Catalogue()))
        async with stage.speaking() as speaker:
            await stage.until(4)
            clock.now += 0.2
            speaker.want(channels("trade:SOL"))
            await stage.until(6)
            clock.now += 30
            speaker.want(channels("trade:SOL trade:ADA"))
            await stage.until(7)
        return stage

    assert asyncio.run(run()).moments == pytest.approx([0, 0.5, 1.0, 1.5, 2.0, 2.5, 32.5])


def test_a_heartbeat_takes_its_turn_among_the_messages(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "")
        say = stage.speaker.say
        await asyncio.gather(*(say(stage, text, counted=False) for text in "abc"))
        return stage

    stage = asyncio.run(run())
    assert stage.texts == ["a", "b", "c"]
    assert stage.moments == pytest.approx([0, 0.5, 1.0])


def test_new_channels_are_asked_for_before_old_ones_are_dropped(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC trade:BTC")
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.want(channels("trade:BTC book:ETH candle:ETH"))
            await stage.until(3)
        return stage

    stage = asyncio.run(run())
    assert stage.texts[1:] == ["+ book:ETH candle:ETH", "- book:BTC"]
    assert stage.changes[1:] == [("book:ETH candle:ETH", "book:BTC")]


def test_a_broken_book_goes_before_everything_that_waits_to_be_said(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC book:ETH trade:BTC")
        async with stage.speaking() as speaker:
            await stage.until(1)

            def break_two() -> None:
                speaker.begin_anew(channel("book:ETH"))
                speaker.begin_anew(channel("book:BTC"))

            stage.at["+ trade:SOL"] = break_two
            speaker.want(channels("book:BTC book:ETH trade:SOL"))
            await stage.until(5)
        return stage

    assert asyncio.run(run()).texts[1:] == [
        "+ trade:SOL",
        "- book:BTC book:ETH",
        "+ book:BTC book:ETH",
        "- trade:BTC",
    ]


def test_beginning_anew_is_no_change_of_what_is_held(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC")
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.begin_anew(channel("book:BTC"))
            await stage.until(3)
        return stage

    stage = asyncio.run(run())
    assert stage.texts[1:] == ["- book:BTC", "+ book:BTC"]
    assert len(stage.changes) == 1


def test_what_is_not_held_or_no_longer_wanted_is_not_begun_anew(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC")
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.begin_anew(channel("book:BTC"))
            speaker.begin_anew(channel("book:SOL"))
            speaker.want(channels("book:ETH"))
            await stage.until(3)
            speaker.want(channels("book:ETH trade:ETH"))
            await stage.until(4)
        return stage

    assert asyncio.run(run()).texts[1:] == ["+ book:ETH", "- book:BTC", "+ trade:ETH"]


def test_a_book_that_was_not_asked_for_yet_is_asked_for_once(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC")
        stage.speaker.begin_anew(channel("book:BTC"))
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.want(channels("book:BTC trade:BTC"))
            await stage.until(2)
        return stage

    assert asyncio.run(run()).texts == ["+ book:BTC", "+ trade:BTC"]


def test_a_long_list_is_asked_for_in_parts_so_that_a_broken_book_need_not_wait(
    clock: Clock,
) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "book:BTC")
        async with stage.speaking() as speaker:
            await stage.until(1)
            many = [channel(f"trade:A{number:03}") for number in range(250)]
            broken = channel("book:BTC")
            stage.at[f"+ {names(many[:100])}"] = lambda: speaker.begin_anew(broken)
            speaker.want({broken, *many})
            await stage.until(6)
        return stage

    texts = asyncio.run(run()).texts
    assert texts[2:4] == ["- book:BTC", "+ book:BTC"]
    lists = [text.split()[1:] for text in texts[1:] if "trade" in text]
    assert [len(each) for each in lists] == [100, 100, 50]
    assert len({name for each in lists for name in each}) == 250


def test_a_message_is_written_only_when_it_is_said(clock: Clock) -> None:
    adapter = Numbering()

    async def run() -> None:
        stage = Stage(clock, "trade:BTC", adapter)
        async with stage.speaking() as speaker:
            await stage.until(1)
            written = []
            texts = ["2 trade:ADA", "3 trade:ETH", "4 trade:SOL"]
            for text in texts:
                stage.at[text] = lambda: written.append(adapter.written)
            speaker.ask_singly(channels("trade:ETH trade:SOL trade:ADA"))
            speaker.want(channels("trade:BTC trade:ETH trade:SOL trade:ADA"))
            await stage.until(4)
            assert stage.texts[1:4] == texts
            assert written == [2, 3, 4]

    asyncio.run(run())


def test_channels_of_a_spoilt_message_are_asked_for_one_by_one_if_still_wanted(
    clock: Clock,
) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "trade:BTC trade:ETH trade:SOL")
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.want(channels("trade:BTC trade:SOL"))
            speaker.ask_singly(channels("trade:SOL trade:ETH trade:BTC"))
            await stage.until(4)
            speaker.want(channels("trade:BTC trade:SOL trade:ADA"))
            await stage.until(5)
        return stage

    stage = asyncio.run(run())
    assert stage.texts[1:] == ["+ trade:BTC", "+ trade:SOL", "- trade:ETH", "+ trade:ADA"]


def test_what_was_refused_for_our_haste_is_asked_for_again_after_five_seconds(
    clock: Clock,
) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "trade:BTC trade:ETH trade:SOL")
        async with stage.speaking() as speaker:
            await stage.until(1)
            speaker.ask_later(channels("trade:ETH trade:SOL"), 5.0)
            speaker.remind(clock.now + 4.9)
            assert speaker.held == channels("trade:BTC trade:ETH trade:SOL")
            speaker.want(channels("trade:BTC trade:ETH"))
            await stage.until(2)
            clock.now += 5
            speaker.remind(clock.now)
            await stage.until(3)
            speaker.remind(clock.now + 60)
            speaker.want(channels("trade:BTC trade:ETH trade:ADA"))
            await stage.until(4)
        return stage

    assert asyncio.run(run()).texts[1:] == ["- trade:SOL", "+ trade:ETH", "+ trade:ADA"]


class Rationed(Plain):
    limits = replace(Plain.limits, control_interval=0.0, controls_per_hour=3)
    greeting = ("1", "2", "3", "4")


def test_a_used_up_hour_asks_for_another_connection_and_the_rest_waits(clock: Clock) -> None:
    overdue: list[int] = []

    async def run() -> Stage:
        stage = Stage(clock, "trade:BTC", Rationed(Catalogue()))
        for text in ("1", "2", "3", "4"):
            stage.at[text] = lambda: overdue.append(stage.overdue)
        async with stage.speaking():
            await stage.until(5)
        return stage

    stage = asyncio.run(run())
    assert overdue[:3] == [0, 0, 0]
    assert overdue[3] >= 1
    assert stage.moments == pytest.approx([0, 0, 0, 3_600, 3_600])


def test_a_heartbeat_does_not_wait_for_the_next_hour(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hours_never_pass(seconds: float) -> None:
        if seconds > 60:
            await asyncio.Event().wait()
        await really_sleep(0)

    async def run() -> Stage:
        monkeypatch.setattr(asyncio, "sleep", hours_never_pass)
        stage = Stage(clock, "trade:BTC", Rationed(Catalogue()))
        async with stage.speaking(), asyncio.timeout(10):
            await stage.until(3)
            await stage.speaker.say(stage, "ping", counted=False)
        return stage

    assert asyncio.run(run()).texts == ["1", "2", "3", "ping"]


def test_heartbeats_are_not_counted_by_the_hour(clock: Clock) -> None:
    async def run() -> Stage:
        stage = Stage(clock, "", Rationed(Catalogue()))
        for _ in range(50):
            await stage.speaker.say(stage, "ping", counted=False)
        await stage.speaker.say(stage, "+")
        return stage

    stage = asyncio.run(run())
    assert stage.overdue == 0
    assert stage.moments == [0] * 51
