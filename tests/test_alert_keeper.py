"""The history of alerts as the loop reaches it: in order, and said once where it fails."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tickglass.alert_keeper import AlertKeeper
from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.alerts.history import Delivery, History
from tickglass.alerts.watch import Fired
from tickglass.market.instrument import Instrument

pytestmark = pytest.mark.asyncio
BTC = Instrument("binance", "BTC", "USDT")
FIRED = Fired(Alert("a", BTC, (PriceLevel(Kind.ABOVE, 100.0),)), BTC, 101.0, 5, 6)


def broken(history: History) -> int:
    raise sqlite3.OperationalError("disk I/O error")


async def test_what_is_kept_is_found_again_with_how_it_was_told(tmp_path: Path) -> None:
    said: list[str] = []
    keeper = AlertKeeper(tmp_path / "alerts.sqlite", said.append)
    await keeper.open()
    numbers = await asyncio.gather(*(keeper.add(FIRED, f"{place}", "") for place in range(3)))
    assert numbers == [1, 2, 3], "in the order in which they were handed in"
    await keeper.told(2, Delivery("desktop", True, "", 7))
    newest = await keeper.newest(2)
    assert [(each.id, each.title) for each in newest] == [(3, "2"), (2, "1")]
    assert newest[1].deliveries == (Delivery("desktop", True, "", 7),)
    assert [each.id for each in await keeper.newest(9, before=2)] == [1]
    assert await keeper.newest(9, alert="b") == []
    await keeper.close()
    assert not said


async def test_without_a_file_nothing_is_kept_and_the_person_knows(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "alerts.sqlite").mkdir()
    keeper = AlertKeeper(tmp_path / "alerts.sqlite", said.append)
    await keeper.open()
    assert len(said) == 1
    assert await keeper.add(FIRED, "", "") == 0
    await keeper.told(0, Delivery("desktop", True, "", 7))
    assert await keeper.newest(5) == []
    await keeper.close()


async def test_what_fails_is_said_once_until_it_has_worked_again(tmp_path: Path) -> None:
    said: list[str] = []
    keeper = AlertKeeper(tmp_path / "alerts.sqlite", said.append)
    await keeper.open()
    assert await keeper.do(broken) is None
    assert await keeper.do(broken) is None
    assert said == ["What alerts did could not be kept: disk I/O error."]
    assert await keeper.add(FIRED, "", "") == 1
    assert await keeper.do(broken) is None
    assert len(said) == 2
    await keeper.close()


async def test_a_damaged_file_is_set_aside_and_that_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    path = tmp_path / "alerts.sqlite"
    damaged = b"no database at all, but long enough to look like one" * 30
    path.write_bytes(damaged)
    keeper = AlertKeeper(path, said.append)
    await keeper.open()
    assert len(said) == 1
    assert await keeper.add(FIRED, "", "") == 1
    await keeper.close()
    assert damaged in contents(tmp_path), "nothing is thrown away"


def contents(folder: Path) -> list[bytes]:
    return [each.read_bytes() for each in folder.iterdir()]
