"""Pacing: of what is sent by a budget, of what is read by the screen frame."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.feed.pacing import SEEN, UNSEEN, Budget, ReadPacer, Turns, until_turn

# ---------------------------------------------------------------- a budget


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    driven = Clock()
    monkeypatch.setattr(asyncio, "sleep", driven.sleep)
    return driven


def spend(clock: Clock, budget: Budget, *units: int) -> list[float]:
    """The seconds, from the start, at which each spending was allowed."""
    start = clock.now
    moments = []

    async def run() -> None:
        for each in units:
            await budget.spend(each)
            moments.append(clock.now - start)

    asyncio.run(run())
    return moments


def test_what_fits_is_spent_at_once(clock: Clock) -> None:
    assert spend(clock, Budget(3, 10.0, clock), 1, 1, 1) == [0, 0, 0]


def test_what_does_not_fit_waits_until_the_oldest_leaves_the_window(clock: Clock) -> None:
    budget = Budget(2, 10.0, clock)
    spend(clock, budget, 1)
    clock.now += 4
    assert spend(clock, budget, 1, 1, 1, 1) == pytest.approx([0, 6, 10, 16])


def test_heavy_requests_wait_for_as_many_units_as_they_weigh(clock: Clock) -> None:
    assert spend(clock, Budget(100, 60.0, clock), 50, 50, 1, 100) == pytest.approx([0, 0, 60, 120])


def test_a_window_gone_by_is_forgotten(clock: Clock) -> None:
    budget = Budget(2, 10.0, clock)
    spend(clock, budget, 2)
    clock.now += 10
    assert spend(clock, budget, 2) == [0]


def test_what_is_heavier_than_the_whole_budget_waits_for_an_empty_window_and_goes(
    clock: Clock,
) -> None:
    budget = Budget(5, 10.0, clock)
    assert spend(clock, budget, 7) == [0]
    assert spend(clock, budget, 6) == pytest.approx([10])
    clock.now += 60
    assert spend(clock, budget, 6) == [0]


def test_callers_are_served_in_their_order(clock: Clock) -> None:
    budget, served = Budget(1, 10.0, clock), list[str]()

    async def caller(name: str) -> None:
        await budget.spend()
        served.append(name)

    async def run() -> None:
        await asyncio.gather(*(caller(name) for name in "abcd"))

    asyncio.run(run())
    assert served == list("abcd")
    assert clock.now == pytest.approx(1_030)


def test_one_who_stops_waiting_spends_nothing_and_lets_the_next_one_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    budget, waiting = Budget(1, 10.0, clock), list[asyncio.Event]()

    async def run() -> None:
        async def sleep(seconds: float) -> None:
            waiting.append(asyncio.Event())
            await waiting[-1].wait()

        async def pass_on() -> None:
            await started.wait()

        started = asyncio.Event()
        monkeypatch.setattr(asyncio, "sleep", sleep)
        await budget.spend()
        first = asyncio.create_task(budget.spend())
        asyncio.get_running_loop().call_soon(started.set)
        await pass_on()
        assert len(waiting) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        clock.now += 10
        await budget.spend()

    asyncio.run(run())
    assert len(waiting) == 1


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 4)), min_size=1, max_size=25))
def test_no_window_ever_holds_more_than_the_budget(wanted: list[tuple[int, float]]) -> None:
    clock = Clock()
    budget, spent = Budget(5, 10.0, clock), list[tuple[float, int]]()

    async def run() -> None:
        for units, pause in wanted:
            clock.now += pause
            await budget.spend(units)
            spent.append((clock.now, units))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", clock.sleep)
        asyncio.run(run())
    for begin, _ in spent:
        # A hair less than the window: the clock adds up in floats.
        inside = [units for moment, units in spent if begin <= moment < begin + 9.999]
        assert sum(inside) <= 5


# ---------------------------------------------------------------- reading


class Socket:
    """A transport that notes what is done to it, and the calls it is promised for later."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.promised: list[tuple[float, Callable[[], None]]] = []
        self.pace = SEEN

    @property
    def paused(self) -> bool:
        return self.done[-1:] == ["pause"]

    def pause_reading(self) -> None:
        assert not self.paused
        self.done.append("pause")

    def resume_reading(self) -> None:
        assert self.paused
        self.done.append("resume")

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.promised.append((seconds, call))

    def keep_promise(self) -> float:
        seconds, call = self.promised.pop(0)
        call()
        return seconds


def pacer() -> tuple[ReadPacer, Socket]:
    socket = Socket()
    return ReadPacer(socket, socket), socket


def make_busy(reader: ReadPacer, socket: Socket, now: float) -> float:
    """Frames every millisecond until reading pauses for the first time; when that was."""
    while not socket.paused:
        now += 0.001
        reader.received(now)
    return now


def test_a_quiet_connection_is_never_paused_and_its_frames_arrive_now() -> None:
    reader, socket = pacer()
    for number in range(2_000):
        now = 500 + number * 0.011  # 91 a second
        assert reader.received(now) == now
    assert socket.done == []


def test_while_nobody_looks_a_few_frames_a_second_are_read_together() -> None:
    reader, socket = pacer()
    socket.pace = UNSEEN
    now = 500.0
    while not socket.paused:
        now += 0.1  # ten a second
        reader.received(now)
    assert now - 500.0 < 1.0
    assert 0.0 < socket.keep_promise() <= 0.255
    socket.pace = SEEN  # somebody looks again
    for number in range(1, 20):
        if socket.paused:
            socket.keep_promise()
        reader.received(now + number * 0.1)
    assert socket.done[-2:] == ["pause", "resume"]
    assert socket.done.count("pause") <= 6  # until the rate has been measured again


def test_a_busy_connection_is_paused_once_a_period_and_resumed() -> None:
    reader, socket = pacer()
    now = make_busy(reader, socket, 500.0)
    assert now == pytest.approx(500.5, abs=0.1)
    for _ in range(5):
        assert len(socket.promised) == 1
        for _ in range(10):  # the rest of the batch that was read
            reader.received(now)
        waited = socket.keep_promise()
        assert 0.005 <= waited <= 0.038
        now += waited + 0.001
        assert not socket.paused
        reader.received(now)
    assert socket.done == ["pause", "resume"] * 5 + ["pause"]


def test_a_frame_after_a_pause_may_have_lain_there_since_the_pause_began() -> None:
    reader, socket = pacer()
    first = make_busy(reader, socket, 500.0)
    socket.keep_promise()
    second = first + 0.034
    assert reader.received(second) == first
    assert reader.received(second + 0.001) == first  # of the same batch
    socket.keep_promise()
    assert reader.received(second + 0.034) == second


def test_the_frame_that_begins_pacing_arrives_now() -> None:
    reader, socket = pacer()
    for number in range(1, 2_000):
        now = 500 + number * 0.001
        arrived = reader.received(now)
        if socket.paused:
            assert arrived == now
            return
    pytest.fail("it was never paused")


def test_a_connection_that_has_calmed_down_is_read_at_once_again() -> None:
    reader, socket = pacer()
    now = make_busy(reader, socket, 500.0)
    socket.keep_promise()
    for _ in range(10):
        now += 1.0
        reader.received(now)
    done = list(socket.done)
    assert reader.received(now + 1.0) == now + 1.0
    assert socket.done == done
    assert not socket.paused


def test_a_second_busy_spell_does_not_reach_back_to_the_first() -> None:
    reader, socket = pacer()
    now = make_busy(reader, socket, 500.0)
    socket.keep_promise()
    now += 60.0
    assert reader.received(now) == now
    while not socket.paused:
        now += 0.001
        assert reader.received(now) == now


def test_a_closed_pacer_leaves_the_transport_alone() -> None:
    reader, socket = pacer()
    make_busy(reader, socket, 500.0)
    reader.close()
    socket.keep_promise()
    assert socket.done == ["pause"]


def test_frames_left_in_the_buffer_of_a_closed_pacer_do_not_pause_it() -> None:
    reader, socket = pacer()
    reader.close()
    for number in range(1, 2_000):
        reader.received(500 + number * 0.001)
    assert socket.done == []


gaps = st.lists(st.sampled_from([0.0, 0.0, 0.001, 0.004, 0.02, 0.3, 2.0]), max_size=300)


@given(gaps)
def test_arrival_is_never_after_now_nor_before_the_pause_that_may_have_held_the_frame(
    gaps: list[float],
) -> None:
    reader, socket = pacer()
    now, due = 500.0, 500.0
    pauses: list[float] = []
    for gap in gaps:
        now += gap
        if socket.paused and now >= due:
            socket.keep_promise()
        was_paused = socket.paused
        arrived = reader.received(now)
        # In a batch being read the pause before it counts, else the last one.
        before = pauses[:-1] if was_paused else pauses
        earliest = before[-1] if before else pauses[0] if was_paused else now
        assert earliest <= arrived <= now
        if socket.paused and not was_paused:
            pauses.append(now)
            due = now + until_turn(now, 0.033)
    assert socket.done == (["pause", "resume"] * len(pauses))[: len(socket.done)]
    assert all(later - earlier >= 0.005 for earlier, later in pairwise(pauses))


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_all_connections_wake_at_the_same_moments(one: float, other: float) -> None:
    """Whole multiples of the screen frame, and never sooner than a loop can count."""
    for now in (one, other):
        wait = until_turn(now, 0.033)
        assert 0.005 <= wait <= 0.038 + 1e-6
        turns = (now + wait) / 0.033
        assert turns == pytest.approx(round(turns), abs=1e-3)


@pytest.mark.asyncio
async def test_connections_that_wait_for_the_same_turn_are_read_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timers = Socket()
    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", timers.later, raising=False)
    called: list[str] = []
    turns = Turns()
    turns.later(0.02, lambda: called.append("one"))
    turns.later(0.019, lambda: called.append("two"))
    assert (len(timers.promised), called) == (1, [])
    timers.keep_promise()
    assert called == ["one", "two"]
    turns.later(0.033, lambda: called.append("three"))
    assert timers.keep_promise() == 0.033
    assert called == ["one", "two", "three"]
