"""The addresses that alerts are sent to: by name here, themselves only in the keyring."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Protocol

from .alert_keeper import AlertKeeper
from .delivery.remote import Remote, RemoteError
from .language import tr

NAMES, OF_ALL = "targets", "targets of every alert"  # notes of the history: they outlive us


class TargetViews(Protocol):
    """What shows the addresses."""

    def set_targets(self, names: Sequence[str], of_all: Sequence[str]) -> None:
        """Their names, and of those the ones that every alert is sent to."""

    def say_of_targets(self, sentence: str, *, failed: bool = False) -> None:
        """Say what became of one."""


class AlertTargets:
    """``names`` are of all that are kept, ``of_all`` of those that get every alert."""

    def __init__(
        self, keeper: AlertKeeper, remote: Remote, views: TargetViews, spawn: Callable[..., object]
    ) -> None:
        self.names: tuple[str, ...] = ()
        self.of_all: tuple[str, ...] = ()
        self._keeper = keeper
        self._remote = remote
        self._views = views
        self._spawn = spawn

    async def recall(self) -> None:
        """Know the names of an earlier run."""
        self.names = await self._noted(NAMES)
        self.of_all = tuple(each for each in await self._noted(OF_ALL) if each in self.names)
        self._views.set_targets(self.names, self.of_all)

    def keep(self, name: str, address: str) -> None:
        """Keep an address that alerts can be sent to."""
        self._spawn(self._keep(name, address), "keeping an address")

    def forget(self, name: str) -> None:
        """Forget an address."""
        self._spawn(self._forget(name), "forgetting an address")

    def send_all_to(self, name: str, wanted: bool) -> None:
        """Send every alert to an address, or only those that name it."""
        others = [each for each in self.of_all if each != name]
        self._spawn(self._set(self.names, [*others, name] if wanted else others), "addresses")

    def try_out(self, name: str) -> None:
        """Send a trial to an address."""
        self._spawn(self._try_out(name), "trying an address")

    async def _keep(self, name: str, address: str) -> None:
        try:
            await self._remote.keep(name, address)
        except RemoteError as error:
            self._views.say_of_targets(error.sentence, failed=True)
            return
        await self._set([*(each for each in self.names if each != name), name], self.of_all)
        self._views.say_of_targets(tr("{name} is kept in the keyring.", name=name))

    async def _forget(self, name: str) -> None:
        try:
            await self._remote.forget(name)
        except RemoteError as error:
            self._views.say_of_targets(error.sentence, failed=True)
            return
        left = [each for each in self.names if each != name]
        await self._set(left, [each for each in self.of_all if each != name])
        self._views.say_of_targets(tr("{name} was removed.", name=name))

    async def _try_out(self, name: str) -> None:
        self._views.say_of_targets(tr("A trial is being sent to {name}…", name=name))
        problem = await self._remote.test(name)
        if problem:
            self._views.say_of_targets(problem, failed=True)
        else:
            self._views.say_of_targets(tr("{name} took the trial.", name=name))

    async def _set(self, names: Sequence[str], of_all: Sequence[str]) -> None:
        self.names, self.of_all = tuple(names), tuple(of_all)
        self._views.set_targets(self.names, self.of_all)
        kept, of_every_alert = json.dumps(self.names), json.dumps(self.of_all)
        await self._keeper.do(lambda history: history.set_note(NAMES, kept))
        await self._keeper.do(lambda history: history.set_note(OF_ALL, of_every_alert))

    async def _noted(self, key: str) -> tuple[str, ...]:
        note = await self._keeper.do(lambda history: history.note(key))
        try:
            names = json.loads(note or "[]")
        except ValueError:
            return ()
        return tuple(x for x in names if isinstance(x, str)) if isinstance(names, list) else ()
