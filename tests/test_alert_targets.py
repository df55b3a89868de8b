"""Addresses for alerts: what is kept of them, and what the person is told."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from tickglass.alert_keeper import AlertKeeper
from tickglass.alert_targets import AlertTargets
from tickglass.delivery.remote import Remote, RemoteError

HOOK = "json://example.com/hook"


class FakeRemote:
    """A keyring and a network; ``problem`` is the sentence with which both fail."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.problem = ""

    async def keep(self, name: str, address: str) -> None:
        self._fail()
        self.addresses[name] = address

    async def forget(self, name: str) -> None:
        self._fail()
        del self.addresses[name]

    async def test(self, name: str) -> str:
        return self.problem

    def _fail(self) -> None:
        if self.problem:
            raise RemoteError("broken", self.problem)


class Views:
    def __init__(self) -> None:
        self.shown: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        self.said: list[tuple[str, bool]] = []

    def set_targets(self, names: Sequence[str], of_all: Sequence[str]) -> None:
        self.shown.append((tuple(names), tuple(of_all)))

    def say_of_targets(self, sentence: str, *, failed: bool = False) -> None:
        self.said.append((sentence, failed))


class Desk:
    """Targets over a history in a folder."""

    def __init__(self, folder: Path) -> None:
        self.keeper = AlertKeeper(folder / "alerts.sqlite", lambda sentence: None)
        self.remote, self.views = FakeRemote(), Views()
        self.tasks: list[asyncio.Task[None]] = []
        self.targets = AlertTargets(self.keeper, cast(Remote, self.remote), self.views, self._spawn)

    async def __aenter__(self) -> "Desk":
        await self.keeper.open()
        await self.targets.recall()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.keeper.close()

    async def done(self, wish: Callable[..., None], *arguments: object) -> None:
        wish(*arguments)
        await asyncio.gather(*self.tasks)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.tasks.append(asyncio.create_task(work, name=name))


@pytest.mark.asyncio
async def test_names_and_who_gets_every_alert_outlive_the_program(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        for name in ("phone", "team"):
            await desk.done(desk.targets.keep, name, HOOK)
        await desk.done(desk.targets.send_all_to, "team", True)
        assert desk.views.shown[-1] == (("phone", "team"), ("team",))
        assert desk.views.said[-1] == ("team is kept in the keyring.", False)
    async with Desk(tmp_path) as again:
        assert again.targets.names == ("phone", "team")
        assert again.targets.of_all == ("team",)
        await again.done(again.targets.send_all_to, "team", False)
        assert again.targets.of_all == ()


@pytest.mark.asyncio
async def test_what_was_forgotten_gets_nothing_any_more(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        await desk.done(desk.targets.keep, "phone", HOOK)
        await desk.done(desk.targets.send_all_to, "phone", True)
        await desk.done(desk.targets.forget, "phone")
        assert desk.views.shown[-1] == ((), ())
        assert desk.remote.addresses == {}


@pytest.mark.asyncio
async def test_where_the_keyring_fails_that_is_said_and_nothing_changes(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        await desk.done(desk.targets.keep, "phone", HOOK)
        desk.remote.problem = "The keyring is locked."
        await desk.done(desk.targets.keep, "team", HOOK)
        await desk.done(desk.targets.forget, "phone")
        await desk.done(desk.targets.try_out, "phone")
        assert desk.targets.names == ("phone",)
        assert desk.views.said[-4:] == [
            ("The keyring is locked.", True),
            ("The keyring is locked.", True),
            ("A trial is being sent to phone…", False),
            ("The keyring is locked.", True),
        ]


@pytest.mark.asyncio
async def test_a_note_that_makes_no_sense_is_no_names(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        for nonsense in ("{", "3", '["phone", 3]'):
            await desk.keeper.do(
                lambda history, text=nonsense: history.set_note("targets", text)
            )  # fmt: skip
            await desk.targets.recall()
        assert desk.targets.names == ("phone",)
