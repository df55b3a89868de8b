"""Sending to services: a webhook and one like ntfy on the loopback, and hands of the test's own."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import keyring
import keyring.backend
import pytest
from keyring.backends import fail
from keyring.errors import KeyringError, KeyringLocked

from tickglass.delivery import remote as module
from tickglass.delivery.message import Message
from tickglass.delivery.remote import SILENT_WAIT, WAITS, Keyring, Remote, RemoteError

from .services import HOST, free_port, served

RISEN = Message("BTC/USDT crossed 60,000 up", "<b>60,000.5</b> on Binance & more", True)
SECRET = "tk_verysecret"
in_a_loop = pytest.mark.asyncio


class Drawer:
    """Addresses in memory."""

    def __init__(self, **addresses: str) -> None:
        self.held = dict(addresses)

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def put(self, name: str, address: str) -> None:
        self.held[name] = address

    def remove(self, name: str) -> None:
        self.held.pop(name, None)


def never() -> bool:
    """It is not to be silent."""
    return False


class Outcomes:
    """What was said of each attempt."""

    def __init__(self) -> None:
        self.said: list[tuple[bool | None, str]] = []

    def __call__(self, worked: bool | None, detail: str) -> None:
        self.said.append((worked, detail))


def webhook(port: int) -> str:
    return f"json://user:{SECRET}@{HOST}:{port}/{SECRET}"


def ntfy(port: int) -> str:
    return f"ntfy://{HOST}:{port}/prices"


# ---------------------------------------------------------------- what arrives


@in_a_loop
async def test_a_webhook_gets_title_and_text_as_they_are() -> None:
    with served(free_port()) as service:
        outcomes = Outcomes()
        remote = Remote(Drawer(team=webhook(service.server_port)))
        await remote.deliver("team", RISEN, outcomes, never)
        (sent,) = service.taken
        assert (sent["title"], sent["message"]) == (RISEN.title, RISEN.body)
        assert outcomes.said == [(True, "at the first attempt")]


@in_a_loop
async def test_a_service_like_ntfy_gets_it_under_its_topic() -> None:
    with served(free_port()) as service:
        remote = Remote(Drawer(phone=ntfy(service.server_port)))
        await remote.deliver("phone", RISEN, Outcomes(), never)
        (sent,) = service.taken
        assert (sent["topic"], sent["title"], sent["message"]) == (
            "prices", RISEN.title, RISEN.body,
        )  # fmt: skip


@in_a_loop
@pytest.mark.parametrize("address", [webhook, ntfy])
async def test_a_service_that_is_down_at_first_gets_it_exactly_once(
    address: Callable[[int], str],
) -> None:
    port, waited, outcomes = free_port(), list[float](), Outcomes()
    with ExitStack() as stack:
        services = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                services.append(stack.enter_context(served(port)))
                services[0].status = 503  # it is up, but not well
            elif len(waited) == 3:
                services[0].status = 200

        await Remote(Drawer(there=address(port)), sleep=sleep).deliver(
            "there", RISEN, outcomes, never
        )
        assert [each["title"] for each in services[0].taken] == [RISEN.title]
    assert waited == [5.0, 30.0, 120.0]
    assert [worked for worked, _ in outcomes.said] == [None, None, None, True]
    assert outcomes.said[0][1] == "The service did not take it. Tried again in 5 s."
    assert outcomes.said[-1][1] == "at attempt 4"


@in_a_loop
async def test_nothing_is_tried_again_while_it_is_to_be_silent() -> None:
    tried, silent, outcomes = list[str](), [False], Outcomes()

    def send(_: str, message: Message) -> bool:
        tried.append(message.title)
        return len(tried) > 1

    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        silent[0] = 1 <= len(waited) < 4
        assert len(tried) == 1, "tried while it was silent"

    await Remote(Drawer(team="x"), send, sleep).deliver("team", RISEN, outcomes, lambda: silent[0])
    assert waited == [5.0, SILENT_WAIT, SILENT_WAIT, SILENT_WAIT]
    assert [worked for worked, _ in outcomes.said] == [None, None, True]
    assert outcomes.said[1][1].endswith("Tried again after the silence.")


@in_a_loop
async def test_after_the_last_attempt_it_is_given_up_and_said() -> None:
    waited, outcomes = list[float](), Outcomes()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    await Remote(Drawer(team="x"), lambda *_: False, sleep).deliver("team", RISEN, outcomes, never)
    assert tuple(waited) == WAITS == (5, 30, 120, 600, 1800)
    assert outcomes.said[-1] == (False, "The service did not take it.")
    assert len(outcomes.said) == 6


@in_a_loop
async def test_a_slow_service_is_waited_for_and_not_sent_to_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.01)
    gate, sent, outcomes = threading.Event(), list[str](), Outcomes()

    def send(address: str, message: Message) -> bool:
        sent.append(message.title)
        return gate.wait(10)

    async def sleep(seconds: float) -> None:
        monkeypatch.setattr(module, "TIMEOUT", 10.0)
        gate.set()

    await Remote(Drawer(team="x"), send, sleep).deliver("team", RISEN, outcomes, never)
    assert sent == [RISEN.title]
    assert [worked for worked, _ in outcomes.said] == [None, True]
    assert outcomes.said[0][1].startswith("No answer.")


@in_a_loop
async def test_what_waits_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 1)
    gate, waiting, outcomes = asyncio.Event(), asyncio.Event(), Outcomes()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await gate.wait()

    remote = Remote(Drawer(team="x"), lambda *_: False, sleep, (1.0,))
    first = asyncio.create_task(remote.deliver("team", RISEN, outcomes, never))
    await waiting.wait()
    await remote.deliver("team", RISEN, outcomes, never)
    assert outcomes.said[1:] == [(False, "too many messages are waiting already")]
    gate.set()
    await first
    await remote.deliver("team", RISEN, outcomes, never)
    assert outcomes.said[-1] == (False, "The service did not take it.")


@in_a_loop
async def test_a_trial_is_one_message_and_says_why_it_failed() -> None:
    port = free_port()
    remote = Remote(Drawer(phone=ntfy(port)))
    assert await remote.test("phone") == "The service did not take it."
    with served(port) as service:
        assert await remote.test("phone") == ""
        assert service.taken[0]["title"] == "A trial message from Tickglass"
    assert await remote.test("pager") == "There is no address for pager."


# ---------------------------------------------------------------- what nobody must see


@in_a_loop
async def test_no_address_is_logged_or_said_whatever_goes_wrong(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    outcomes = Outcomes()
    with served(free_port()) as service:
        service.status = 500
        for address in (webhook(service.server_port), webhook(free_port()), f"json://{SECRET}:x"):
            await Remote(Drawer(team=address), waits=()).deliver("team", RISEN, outcomes, never)
        assert service.asked == 1

    def breaks(address: str, message: Message) -> bool:
        raise ValueError(address)

    await Remote(Drawer(team=SECRET), breaks, waits=()).deliver("team", RISEN, outcomes, never)
    assert outcomes.said[-1] == (False, "The service could not be spoken to.")
    with pytest.raises(RemoteError):
        await Remote(Drawer()).keep("team", f"nonsense://{SECRET}")
    captured = capfd.readouterr()
    everything = caplog.text + captured.out + captured.err + repr(outcomes.said)
    assert SECRET not in everything
    assert "sending to team broke: ValueError" in caplog.text


# ---------------------------------------------------------------- addresses


class SafeKeyring(keyring.backend.KeyringBackend):
    """A keyring in memory; ``problem`` is raised by whatever is asked of it."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.problem: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.problem:
            raise self.problem
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.problem:
            raise self.problem
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class PlainFile(SafeKeyring):
    """One that keeps a file that anybody can read."""

    priority = 0.5


@pytest.fixture
def safe() -> Iterator[SafeKeyring]:
    before = keyring.get_keyring()
    backend = SafeKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@in_a_loop
async def test_an_address_is_kept_in_the_keyring(safe: SafeKeyring) -> None:
    remote = Remote(Keyring())
    await remote.keep("phone", "ntfy://my-topic")
    assert safe.held == {("tickglass", "phone"): "ntfy://my-topic"}
    assert await remote.address("phone") == "ntfy://my-topic"
    await remote.forget("phone")
    await remote.forget("phone")
    assert safe.held == {}


@in_a_loop
@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [
        ("", "ntfy://x", "A name has 1 to 40 characters."),
        ("a" * 41, "ntfy://x", "A name has 1 to 40 characters."),
        ("a\nb", "ntfy://x", "A name has 1 to 40 characters."),
        ("Desktop", "ntfy://x", "Desktop already means something here."),
        ("held back", "ntfy://x", "held back already means something here."),
        ("phone", "", "That is no address that can be sent to, like ntfy://my-topic."),
        ("phone", "hello", "That is no address that can be sent to, like ntfy://my-topic."),
    ],
)
async def test_what_is_no_name_or_no_address_is_said(
    safe: SafeKeyring, name: str, address: str, sentence: str
) -> None:
    with pytest.raises(RemoteError) as raised:
        await Remote(Keyring()).keep(name, address)
    assert raised.value.sentence == sentence
    assert safe.held == {}


@in_a_loop
@pytest.mark.parametrize("backend", [fail.Keyring, PlainFile])
async def test_without_a_keyring_nothing_is_kept_anywhere(
    safe: SafeKeyring, backend: type[keyring.backend.KeyringBackend]
) -> None:
    without = backend()
    keyring.set_keyring(without)
    with pytest.raises(RemoteError) as raised:
        await Remote(Keyring()).keep("phone", "ntfy://my-topic")
    assert raised.value.sentence.startswith("The system's keyring cannot be used, and addresses")
    assert getattr(without, "held", {}) == {}


@in_a_loop
@pytest.mark.parametrize("problem", [KeyringLocked(), KeyringError(), OSError(SECRET)])
async def test_a_locked_or_broken_keyring_is_said_and_tried_again(
    safe: SafeKeyring, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    safe.held["tickglass", "phone"] = "x"
    safe.problem = problem
    outcomes = Outcomes()

    async def sleep(seconds: float) -> None:
        safe.problem = None

    await Remote(Keyring(), lambda *_: True, sleep).deliver("phone", RISEN, outcomes, never)
    assert [worked for worked, _ in outcomes.said] == [None, True]
    assert "The system's keyring cannot be used" in outcomes.said[0][1]
    assert SECRET not in caplog.text


@in_a_loop
async def test_a_keyring_that_does_not_answer_is_not_waited_for_forever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "KEYRING_TIMEOUT", 0.01)
    gate = threading.Event()

    class Slow(Drawer):
        def get(self, name: str) -> str | None:
            gate.wait(10)
            return None

    assert await Remote(Slow()).test("phone") == "The keyring does not answer."
    gate.set()


def test_apprise_and_the_keyring_are_loaded_when_they_are_needed() -> None:
    heavy = {"apprise", "keyring", "requests", "desktop_notifier", "dbus_fast"}
    script = (
        "import sys, tickglass.delivery.courier, tickglass.delivery.native;"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not heavy & set(ran.stdout.split())
