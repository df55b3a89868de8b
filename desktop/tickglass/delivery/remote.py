"""Telling a phone or a team: by Apprise, which speaks to ntfy, Telegram, Discord, Slack, mail,
plain webhooks and a hundred more.

An address holds secrets, so it is kept in the system's keyring and nowhere else, and never logged.
Apprise and the keyring are loaded when they are first needed.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from ..errors import TickglassError
from ..language import tr
from .message import Message

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "tickglass"
TIMEOUT = 30.0  # s for one attempt
KEYRING_TIMEOUT = 120.0  # s; the person may be asked to unlock it
WAITS = (5.0, 30.0, 120.0, 600.0, 1_800.0)  # s between attempts
SILENT_WAIT = 30.0  # s between looks at whether there is still to be silence
MOST_WAITING = 200
LONGEST_NAME = 40
OWN_WAYS = frozenset({"desktop", "tray", "sound", "window", "held back"})  # no names for addresses
SECURE = 1.0  # the priority from which on a keyring is one; others keep plain files, or nothing
SILENT = logging.CRITICAL + 10
TALKATIVE = ("apprise", "urllib3", "requests_oauthlib", "oauthlib", "paho")  # they log addresses


class RemoteError(TickglassError):
    """An address cannot be kept or read, or is none."""


class Addresses(Protocol):
    """Where the addresses are kept."""

    def get(self, name: str) -> str | None:
        """The address of a name."""

    def put(self, name: str, address: str) -> None:
        """Keep an address."""

    def remove(self, name: str) -> None:
        """Forget an address."""


class Keyring:
    """The system's keyring. Every call may block, and raises RemoteError with a sentence."""

    def get(self, name: str) -> str | None:
        """The address of a name."""
        with _keyring() as keyring:
            found: str | None = keyring.get_password(SERVICE, name)
            return found

    def put(self, name: str, address: str) -> None:
        """Keep an address."""
        with _keyring() as keyring:
            keyring.set_password(SERVICE, name, address)

    def remove(self, name: str) -> None:
        """Forget an address; it is no fault if there is none."""
        with _keyring() as keyring:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)


@contextmanager
def _keyring() -> Iterator[Any]:
    """The keyring, if it is a real one; whatever its backend raises becomes a RemoteError."""
    try:
        import keyring

        backend = keyring.get_keyring()
        if backend.priority < SECURE:
            raise RuntimeError(f"none but {type(backend).__module__}")
        yield keyring
    except Exception as error:  # each backend has errors of its own
        log.warning("keyring: %s", type(error).__name__)
        raise RemoteError(
            f"keyring: {type(error).__name__}",
            tr(
                "The system's keyring cannot be used, and addresses are kept nowhere else. "
                "Install or unlock one (GNOME Keyring, KWallet), then try again."
            ),
        ) from None


Outcome = Callable[[bool | None, str], object]  # worked (None: is tried again) and a detail
Send = Callable[[str, Message], bool]  # address, message; may block


def send_by_apprise(address: str, message: Message) -> bool:
    """One attempt; whether the service took it. Blocks."""
    apprise = _apprise()
    service = apprise.Apprise()
    if not service.add(address):
        return False
    return bool(service.notify(message.body, message.title, body_format=apprise.NotifyFormat.TEXT))


def is_address(address: str) -> bool:
    """Whether Apprise knows what to do with an address. Blocks while it is loaded."""
    apprise = _apprise()
    return bool(apprise.Apprise().add(address))


def _apprise() -> Any:
    """Apprise, silent: what it and the libraries under it log holds addresses."""
    import apprise

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(SILENT)
    return apprise


class Remote:
    """Sends messages to named addresses, again and again until one attempt works."""

    def __init__(
        self,
        addresses: Addresses,
        send: Send = send_by_apprise,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._addresses = addresses
        self._send = send
        self._sleep = sleep
        self._waits = waits
        self._waiting = 0

    async def keep(self, name: str, address: str) -> None:
        """Keep an address under a name; raises RemoteError with a sentence."""
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise RemoteError(tr("A name has 1 to {most} characters.", most=LONGEST_NAME))
        if name.casefold() in OWN_WAYS:
            raise RemoteError(tr("{name} already means something here.", name=name))
        if not await in_daemon(lambda: is_address(address)):
            raise RemoteError(tr("That is no address that can be sent to, like ntfy://my-topic."))
        await in_daemon(lambda: self._addresses.put(name, address))

    async def forget(self, name: str) -> None:
        """Forget an address; raises RemoteError with a sentence."""
        await in_daemon(lambda: self._addresses.remove(name))

    async def test(self, name: str) -> str:
        """Send a trial message, once: why that failed, a sentence, or nothing if it worked."""
        trial = Message(tr("A trial message from Tickglass"), tr("Alerts will arrive here."))
        return await Attempts(self, name, trial).next()

    async def deliver(
        self, name: str, message: Message, outcome: Outcome, silent: Callable[[], bool]
    ) -> None:
        """Send until it worked or the attempts are used up; ``outcome`` is told of each.

        While ``silent`` says so, nothing is tried again.
        """
        if self._waiting >= MOST_WAITING:
            outcome(False, tr("too many messages are waiting already"))
            return
        self._waiting += 1
        try:
            await self._deliver(name, message, outcome, silent)
        finally:
            self._waiting -= 1

    async def _deliver(
        self, name: str, message: Message, outcome: Outcome, silent: Callable[[], bool]
    ) -> None:
        attempts = Attempts(self, name, message)
        for number, wait in enumerate((*self._waits, None), 1):
            problem = await attempts.next()
            if not problem:
                outcome(True, tr("at the first attempt") if number == 1 else
                        tr("at attempt {count}", count=number))  # fmt: skip
                return
            if wait is None:
                outcome(False, problem)
                return
            outcome(None, tr("{problem} Tried again in {seconds} s.", problem=problem,
                             seconds=round(wait)))  # fmt: skip
            await self._sleep(wait)
            if silent():
                outcome(None, tr("{problem} Tried again after the silence.", problem=problem))
            while silent():
                await self._sleep(SILENT_WAIT)

    async def address(self, name: str) -> str:
        """The address of a name; raises RemoteError with a sentence."""
        try:
            async with asyncio.timeout(KEYRING_TIMEOUT):
                found = await in_daemon(lambda: self._addresses.get(name))
        except TimeoutError:
            raise RemoteError(tr("The keyring does not answer.")) from None
        if found is None:
            raise RemoteError(tr("There is no address for {name}.", name=name))
        return found

    def begin(self, address: str, name: str, message: Message) -> asyncio.Future[str]:
        """Send once, in a thread: why that failed, a sentence, or nothing if it worked."""

        def once() -> str:
            try:
                worked = self._send(address, message)
            except Exception as error:  # a plugin of Apprise broke: its text may hold the address
                log.warning("sending to %s broke: %s", name, type(error).__name__)
                return tr("The service could not be spoken to.")
            return "" if worked else tr("The service did not take it.")

        return begin_in_daemon(once)


class Attempts:
    """The attempts to send one message.

    One that takes long is waited for again before another is begun: a slow service would
    otherwise get the message twice.
    """

    def __init__(self, remote: Remote, name: str, message: Message) -> None:
        self._remote = remote
        self._name = name
        self._message = message
        self._running: asyncio.Future[str] | None = None

    async def next(self) -> str:
        """One attempt: why it failed, a sentence, or nothing if it worked."""
        if self._running is None:
            try:
                address = await self._remote.address(self._name)
            except RemoteError as error:
                return error.sentence
            self._running = self._remote.begin(address, self._name, self._message)
        await asyncio.wait([self._running], timeout=TIMEOUT)
        if not self._running.done():
            return tr("No answer.")
        finished, self._running = self._running, None
        return finished.result()


async def in_daemon(work: Callable[[], T]) -> T:
    """What a call that may block for long gives, from a thread that nobody waits for at the end."""
    return await begin_in_daemon(work)


def begin_in_daemon(work: Callable[[], T]) -> asyncio.Future[T]:
    """The same, begun at once."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def finish(settle: Callable[[], object]) -> None:
        if not done.done():
            settle()

    def tell(settle: Callable[[], object]) -> None:
        try:
            loop.call_soon_threadsafe(finish, settle)
        except RuntimeError:
            log.debug("the program has ended: nobody waits any more")

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # handed to whoever waits
            problem = error
            tell(lambda: done.set_exception(problem))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=run, name="remote delivery", daemon=True).start()
    return done
