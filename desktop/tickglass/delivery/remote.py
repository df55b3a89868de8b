"""Telling a phone or a team: by Apprise, which speaks to ntfy, Telegram, Discord, Slack, mail,
plain webhooks and a hundred more.

An address holds secrets, so it is kept in the system's keyring and nowhere else, and never logged.
Apprise and the keyring are loaded when they are first needed.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from ..errors import TickglassError
from ..language import tr
from .message import Message

log = logging.getLogger(__name__)

SERVICE = "tickglass"
TIMEOUT = 30.0  # s for one attempt
WAITS = (5.0, 30.0, 120.0, 600.0, 1_800.0)  # s between attempts
MOST_WAITING = 200
LONGEST_NAME = 40


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
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, name)
        except KeyringError as error:
            raise _no_keyring(error) from error

    def put(self, name: str, address: str) -> None:
        """Keep an address."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, name, address)
        except KeyringError as error:
            raise _no_keyring(error) from error

    def remove(self, name: str) -> None:
        """Forget an address."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            log.info("there was no address of %s", name)
        except KeyringError as error:
            raise _no_keyring(error) from error


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
    """Apprise, silent: what it logs holds addresses."""
    import apprise

    logging.getLogger("apprise").propagate = False
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
            sentence = tr("A name has 1 to {most} characters.", most=LONGEST_NAME)
            raise RemoteError(sentence)
        if not await in_daemon(lambda: is_address(address)):
            raise RemoteError(tr("That is no address that can be sent to, like ntfy://my-topic."))
        await in_daemon(lambda: self._addresses.put(name, address))

    async def forget(self, name: str) -> None:
        """Forget an address; raises RemoteError with a sentence."""
        await in_daemon(lambda: self._addresses.remove(name))

    async def deliver(self, name: str, message: Message, outcome: Outcome) -> None:
        """Send until it worked or the attempts are used up; ``outcome`` is told of each."""
        if self._waiting >= MOST_WAITING:
            outcome(False, tr("too many messages are waiting already"))
            return
        self._waiting += 1
        try:
            await self._deliver(name, message, outcome)
        finally:
            self._waiting -= 1

    async def _deliver(self, name: str, message: Message, outcome: Outcome) -> None:
        attempts = len(self._waits) + 1
        for attempt in range(1, attempts + 1):
            problem = await self._attempt(name, message)
            if not problem:
                outcome(True, tr("at the first attempt") if attempt == 1 else
                        tr("at attempt {count}", count=attempt))  # fmt: skip
                return
            if attempt == attempts:
                outcome(False, problem)
                return
            wait = self._waits[attempt - 1]
            outcome(None, tr("{problem} Tried again in {seconds} s.", problem=problem,
                             seconds=round(wait)))  # fmt: skip
            await self._sleep(wait)

    async def _attempt(self, name: str, message: Message) -> str:
        """Why one attempt failed, a sentence; nothing if it worked."""
        try:
            async with asyncio.timeout(TIMEOUT):
                address = await in_daemon(lambda: self._addresses.get(name))
                if address is None:
                    return tr("There is no address for {name}.", name=name)
                worked = await in_daemon(lambda: self._send(address, message))
        except RemoteError as error:
            return error.sentence
        except TimeoutError:
            return tr("No answer.")
        except Exception as error:  # a plugin of Apprise broke: its text may hold the address
            log.warning("sending to %s broke: %s", name, type(error).__name__)
            return tr("The service could not be spoken to.")
        return "" if worked else tr("The service did not take it.")


T = TypeVar("T")


async def in_daemon(work: Callable[[], T]) -> T:
    """What a call that may block for long gives, from a thread that nobody waits for at the end."""
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
    return await done


def _no_keyring(error: Exception) -> RemoteError:
    sentence = tr(
        "The system's keyring cannot be used, and addresses are kept nowhere else. "
        "Install or unlock one (GNOME Keyring, KWallet), then try again."
    )
    return RemoteError(f"keyring: {type(error).__name__}", sentence)
