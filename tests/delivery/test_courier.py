"""The courier, with a clock, a notification centre, sounds and services of the test's own."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.history import Delivery, Record
from tickglass.alerts.rows import alert_row
from tickglass.alerts.watch import Fired
from tickglass.delivery import courier as module
from tickglass.delivery.courier import (
    DESKTOP,
    HELD,
    MUTE,
    SNOOZE,
    SOUND,
    TRAY,
    WINDOW,
    Courier,
    Ways,
)
from tickglass.delivery.desktop import Action
from tickglass.delivery.message import Message, describe
from tickglass.delivery.remote import OWN_WAYS, Remote
from tickglass.delivery.sound import Sounds
from tickglass.market.instrument import Instrument

pytestmark = pytest.mark.asyncio

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
UP = (PriceLevel(Kind.CROSSES_UP, 60_000.0),)
DOWN = (PriceLevel(Kind.CROSSES_DOWN, 60_000.0),)
RISE, FALL = Alert("rise", BTC, UP), Alert("fall", BTC, DOWN)
AT = 1_000  # ms, when everything fires


def fired(alert: Alert, instrument: Instrument = BTC, late: bool = False) -> Fired:
    return Fired(alert, instrument, 60_000.5, AT, AT, late)


def numbered(count: int, **terms: Any) -> list[Fired]:
    return [fired(replace(RISE, id=f"a{number}", **terms)) for number in range(count)]


class Hands:
    """The ledger, the notification centre, the sounds, the services and the window, all in one."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self.records: dict[int, dict[str, Delivery]] = {}
        self.bubbles: list[tuple[Message, Sequence[Action], bool, str]] = []
        self.sounds: list[str] = []
        self.sent: list[tuple[str, Message]] = []
        self.shown: list[Record] = []
        self.asked: list[tuple[object, ...]] = []
        self.attention = 0
        self.takes_bubbles = self.has_tray = self.sounds_work = self.service_works = True
        self.ways = Ways()
        self.silent: Callable[[], bool] = lambda: True
        self.now = 100_000
        self.gathering = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    def courier(self) -> Courier:
        return Courier(
            self, self, Ear(self), Post(self), self, lambda: self.ways,
            lambda event: describe(event, "Binance", clock=lambda time: f"{time} ms"),
            self.spawn, lambda: self.now, self.sleep,
        )  # fmt: skip

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        assert name
        task = asyncio.create_task(work, name=name)
        self.tasks.add(task)

    async def sleep(self, seconds: float) -> None:
        await self.gathering.wait()

    async def settle(self) -> None:
        """Let everything happen that can without time going on."""
        for _ in range(200):
            await asyncio.sleep(0)
        for task in [each for each in self.tasks if each.done()]:
            task.result()
            self.tasks.discard(task)

    async def end(self) -> None:
        self.gathering.set()
        await self.settle()
        assert not self.tasks

    def outcomes(self, number: int) -> dict[str, bool | None]:
        return {way: each.worked for way, each in self.records[number].items()}

    # the ledger

    async def add(self, event: Fired, title: str, body: str) -> int:
        await asyncio.sleep(0)
        number = len(self.records) + 1
        self.records[number] = {}
        self.log.append(("kept", title))
        return number

    async def told(self, number: int, delivery: Delivery) -> None:
        self.records.setdefault(number, {})[delivery.way] = delivery

    # the notification centre

    async def show(
        self, message: Message, actions: Sequence[Action], urgent: bool = False, about: str = ""
    ) -> bool:
        if self.takes_bubbles:
            self.bubbles.append((message, actions, urgent, about))
            self.log.append(("shown", message.title))
        return self.takes_bubbles

    async def close(self) -> None:
        """There is nothing to close."""

    # the window

    def show_record(self, record: Record) -> None:
        self.shown.append(record)

    def open_chart(self, instrument: Instrument, time: int) -> None:
        self.asked.append(("chart", instrument, time))

    def snooze(self, alert: Alert, until: int) -> None:
        self.asked.append(("snooze", alert.id, until))

    def mute(self, until: int) -> None:
        self.asked.append(("mute", until))

    def call_attention(self) -> None:
        self.attention += 1

    def tray_message(self, title: str, body: str) -> bool:
        self.log.append(("tray", title))
        return self.has_tray


class Ear(Sounds):
    def __init__(self, hands: Hands) -> None:
        super().__init__(Path())
        self.hands = hands

    async def play(self, name: str) -> tuple[bool, str]:
        self.hands.sounds.append(name)
        return (True, "") if self.hands.sounds_work else (False, "no player")


class Post(Remote):
    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    async def deliver(
        self, name: str, message: Message, outcome: Callable[[bool | None, str], object],
        silent: Callable[[], bool],
    ) -> None:  # fmt: skip
        self.hands.sent.append((name, message))
        self.hands.silent = silent
        outcome(self.hands.service_works, "said by the service")


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def tell(hands: Hands, *events: Fired) -> Courier:
    courier = hands.courier()
    courier.take(events)
    await hands.settle()
    return courier


async def test_an_alert_is_kept_before_it_is_told(hands: Hands) -> None:
    await tell(hands, fired(RISE))
    assert [each for each, _ in hands.log] == ["kept", "shown"]
    assert hands.shown[0].deliveries == ()


async def test_one_alert_is_a_bubble_a_sound_and_a_mark_in_the_taskbar(hands: Hands) -> None:
    await tell(hands, fired(RISE))
    ((message, actions, urgent, _),) = hands.bubbles
    assert message == Message("BTC/USDT crossed 60,000 up", "60,000.5 on Binance", True)
    assert [each.text for each in actions] == ["Open chart", "Snooze", "Mute for an hour"]
    assert not urgent
    assert hands.attention == 1
    assert hands.outcomes(1) == {DESKTOP: True, SOUND: True, WINDOW: True}


async def test_up_and_down_sound_different(hands: Hands) -> None:
    await tell(hands, fired(RISE), fired(FALL))
    assert hands.sounds == ["up", "down"]


async def test_an_alert_without_a_sound_makes_none(hands: Hands) -> None:
    await tell(hands, fired(replace(RISE, sound="none")))
    assert hands.sounds == []
    assert SOUND not in hands.outcomes(1)


async def test_a_sound_that_cannot_be_played_is_an_outcome(hands: Hands) -> None:
    hands.sounds_work = False
    await tell(hands, fired(RISE))
    assert hands.outcomes(1)[SOUND] is False
    assert hands.records[1][SOUND].detail == "no player"


async def test_what_is_switched_off_is_left_out(hands: Hands) -> None:
    hands.ways = Ways(notifications=False, sound=False, attention=False)
    await tell(hands, fired(RISE))
    assert hands.outcomes(1) == {}
    assert not hands.bubbles and not hands.sounds and not hands.attention


async def test_where_nobody_shows_bubbles_the_tray_does(hands: Hands) -> None:
    hands.takes_bubbles = False
    await tell(hands, fired(RISE))
    assert hands.outcomes(1)[TRAY] is True
    assert DESKTOP not in hands.outcomes(1)


async def test_where_nothing_shows_messages_that_is_said(hands: Hands) -> None:
    hands.takes_bubbles = hands.has_tray = False
    await tell(hands, fired(RISE))
    assert hands.records[1][DESKTOP].worked is False
    assert hands.records[1][DESKTOP].detail == "Nothing on this desktop shows notifications."


async def test_the_buttons_open_the_chart_snooze_and_mute(hands: Hands) -> None:
    await tell(hands, fired(RISE))
    chart, snooze, mute = hands.bubbles[0][1]
    chart.do()
    snooze.do()
    mute.do()
    assert hands.asked == [
        ("chart", BTC, AT),
        ("snooze", "rise", hands.now + SNOOZE),
        ("mute", hands.now + MUTE),
    ]


async def test_an_alert_that_fires_again_takes_the_place_of_its_bubble(hands: Hands) -> None:
    courier = await tell(hands, fired(RISE))
    hands.now += 60_000
    courier.take([fired(RISE)])
    await hands.settle()
    courier.take([fired(RISE, ETH)])
    await hands.settle()
    first, again, other = [about for *_, about in hands.bubbles]
    assert first == again != other


# ---------------------------------------------------------------- many at once


async def test_seven_at_once_are_three_bubbles_and_one_for_the_others(hands: Hands) -> None:
    courier = await tell(hands, *numbered(7))
    assert len(hands.bubbles) == 3
    await hands.end()
    assert [each[0].title for each in hands.bubbles[3:]] == ["4 alerts fired"]
    assert hands.bubbles[3][3] == ""  # it takes the place of no other
    assert all(hands.outcomes(number)[DESKTOP] for number in range(1, 8))
    assert len(hands.sounds) == 4
    hands.now += module.BURST
    courier.take([fired(RISE)])
    await hands.settle()
    assert len(hands.bubbles) == 5


async def test_many_at_once_are_one_message_to_a_service_too(hands: Hands) -> None:
    await tell(hands, *numbered(6, send_to=("phone",)))
    await hands.end()
    assert [message.title for _, message in hands.sent] == [
        *["BTC/USDT crossed 60,000 up"] * 3,
        "3 alerts fired",
    ]
    assert all(hands.outcomes(number)["phone"] for number in range(1, 7))


async def test_muting_counts_for_what_is_being_gathered(hands: Hands) -> None:
    await tell(hands, *numbered(5, send_to=("phone",)))
    hands.ways = Ways(silent_until=hands.now + 1)
    await hands.end()
    assert len(hands.bubbles) == len(hands.sent) == 3
    assert hands.outcomes(5) == {HELD: True, "phone": False}


# ---------------------------------------------------------------- muted and quiet


async def test_while_everything_is_muted_nothing_is_told_and_that_is_kept(hands: Hands) -> None:
    hands.ways = Ways(silent_until=hands.now + 1)
    urgent = replace(RISE, urgent=True, send_to=("phone",))
    await tell(hands, fired(urgent))
    assert not hands.bubbles and not hands.sounds and not hands.sent and not hands.attention
    assert hands.records[1][HELD].detail == "everything was muted"
    assert hands.outcomes(1) == {HELD: True}


async def test_what_is_being_sent_is_not_tried_again_while_it_is_to_be_silent(
    hands: Hands,
) -> None:
    for urgent in (False, True):
        await tell(hands, fired(replace(RISE, urgent=urgent, send_to=("phone",))))
        assert not hands.silent()
        hands.ways = Ways(quiet_until=hands.now + 1)
        assert hands.silent() is not urgent
        hands.ways = Ways(silent_until=hands.now + 1)
        assert hands.silent()
        hands.ways = Ways()


async def test_quiet_hours_end_with_one_message_that_says_when_it_was(hands: Hands) -> None:
    hands.ways = Ways(quiet_until=hands.now + 1)
    courier = await tell(hands, *numbered(3, send_to=("phone",)))
    courier.end_quiet()
    await hands.settle()
    assert not hands.bubbles and not hands.sounds and not hands.sent
    assert hands.outcomes(1) == {HELD: None, "phone": None}
    hands.ways = Ways()
    courier.end_quiet()
    courier.end_quiet()
    await hands.settle()
    ((message, *_),) = hands.bubbles
    assert message.title == "While you were away, 3 alerts fired"
    line = f"BTC/USDT crossed 60,000 up (at {AT} ms: 60,000.5 on Binance)"
    assert message.body.splitlines() == [line] * 3
    assert hands.sent == [("phone", message)]
    assert hands.outcomes(1) == {
        HELD: True, "phone": True, DESKTOP: True, SOUND: True, WINDOW: True,
    }  # fmt: skip


async def test_one_alert_of_the_quiet_hours_is_told_in_its_own_words(hands: Hands) -> None:
    hands.ways = Ways(quiet_until=hands.now + 1)
    courier = await tell(hands, fired(RISE))
    hands.ways = Ways()
    courier.end_quiet()
    await hands.settle()
    ((message, *_),) = hands.bubbles
    assert message == Message(
        "BTC/USDT crossed 60,000 up", f"at {AT} ms: 60,000.5 on Binance", True
    )


async def test_an_urgent_alert_speaks_in_quiet_hours(hands: Hands) -> None:
    hands.ways = Ways(quiet_until=hands.now + 1)
    await tell(hands, fired(replace(RISE, urgent=True)))
    ((_, _, urgent, _),) = hands.bubbles
    assert urgent


async def test_quiet_hours_that_end_while_muted_end_in_silence(hands: Hands) -> None:
    hands.ways = Ways(quiet_until=hands.now + 1)
    courier = await tell(hands, fired(replace(RISE, send_to=("phone",))))
    hands.ways = Ways(silent_until=hands.now + 1)
    courier.end_quiet()
    await hands.settle()
    assert not hands.bubbles and not hands.sent
    assert hands.outcomes(1) == {HELD: True, "phone": False}
    assert hands.records[1][HELD].detail == "everything was muted"


async def test_what_is_held_back_has_a_bound(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 2)
    hands.ways = Ways(quiet_until=hands.now + 1)
    courier = await tell(hands, *numbered(3))
    assert [hands.outcomes(number)[HELD] for number in (1, 2, 3)] == [False, None, None]
    hands.ways = Ways()
    courier.end_quiet()
    await hands.settle()
    assert hands.bubbles[0][0].title == "While you were away, 2 alerts fired"


# ---------------------------------------------------------------- services


async def test_an_alert_goes_to_its_addresses_and_to_those_that_get_everything(
    hands: Hands,
) -> None:
    hands.ways = Ways(everything=("team", "phone"))
    await tell(hands, fired(replace(RISE, send_to=("phone",))))
    assert [name for name, _ in hands.sent] == ["phone", "team"]
    assert hands.records[1]["team"].detail == "said by the service"


async def test_a_service_that_does_not_take_it_is_an_outcome(hands: Hands) -> None:
    hands.service_works = False
    await tell(hands, fired(replace(RISE, send_to=("phone",))))
    assert hands.outcomes(1) == {"phone": False, DESKTOP: True, SOUND: True, WINDOW: True}


async def test_no_address_can_be_called_as_a_way_of_the_program() -> None:
    assert {DESKTOP, TRAY, SOUND, WINDOW, HELD} == OWN_WAYS


# ---------------------------------------------------------------- the next run


def record(number: int, **ways: bool | None) -> Record:
    alert = replace(RISE, send_to=("phone",))
    told = [Delivery(way.replace("_", " "), worked, "", AT) for way, worked in ways.items()]
    return Record(
        number, alert.id, BTC, alert_row(alert), 60_000.5, None, AT, AT, False,
        "BTC/USDT crossed 60,000 up", "60,000.5 on Binance", tuple(told),
    )  # fmt: skip


async def test_what_could_not_be_sent_is_sent_by_the_next_run_with_its_time(hands: Hands) -> None:
    await hands.courier().resume("phone", [record(7, phone=None)])
    await hands.settle()
    ((name, message),) = hands.sent
    assert (name, message.title) == ("phone", "BTC/USDT crossed 60,000 up")
    assert message.body == f"at {AT} ms: 60,000.5 on Binance"
    assert hands.outcomes(7) == {"phone": True}
    assert not hands.bubbles


async def test_many_that_could_not_be_sent_are_one_message(hands: Hands) -> None:
    await hands.courier().resume("phone", [record(number, phone=None) for number in range(1, 6)])
    await hands.settle()
    ((_, message),) = hands.sent
    assert message.title == "While you were away, 5 alerts fired"
    assert all(hands.outcomes(number)["phone"] for number in range(1, 6))


async def test_what_this_run_is_sending_is_not_sent_twice(hands: Hands) -> None:
    courier = await tell(hands, fired(replace(RISE, send_to=("phone",))))
    await courier.resume("phone", [record(1, phone=None)])
    await courier.resume_held([record(1, held_back=None)])
    await hands.settle()
    courier.end_quiet()
    await hands.settle()
    assert len(hands.sent) == len(hands.bubbles) == 1


async def test_what_was_held_back_waits_for_the_end_of_the_quiet_hours_in_the_next_run_too(
    hands: Hands,
) -> None:
    hands.ways = Ways(quiet_until=hands.now + 1)
    courier = hands.courier()
    held = [record(number, phone=None, held_back=None) for number in (3, 4)]
    await courier.resume("phone", held)
    await courier.resume_held(held)
    courier.end_quiet()
    await hands.settle()
    assert not hands.sent and not hands.bubbles
    hands.ways = Ways()
    courier.end_quiet()
    await hands.settle()
    assert len(hands.sent) == len(hands.bubbles) == 1
    assert hands.sent[0][1].title == "While you were away, 2 alerts fired"
    assert hands.outcomes(4)[HELD] is True


async def test_what_was_held_back_goes_only_where_it_did_not_arrive(hands: Hands) -> None:
    courier = hands.courier()
    await courier.resume_held([record(3, phone=True, team=None, pager=False, held_back=None)])
    courier.end_quiet()
    await hands.settle()
    assert [name for name, _ in hands.sent] == ["team"]


async def test_a_record_whose_rule_cannot_be_read_is_told_all_the_same(hands: Hands) -> None:
    courier = hands.courier()
    await courier.resume_held([replace(record(3, held_back=None), rule={"id": 7})])
    courier.end_quiet()
    await hands.settle()
    assert hands.bubbles[0][0].title == "BTC/USDT crossed 60,000 up"
