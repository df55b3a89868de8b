"""What the window's dialogs ask for, done in the background and told."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, cast

import pytest

from tickglass.filing import Filing
from tickglass.keeping import Keeper
from tickglass.market.candles import CandleSeries
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument
from tickglass.settings.backups import Backup, Backups
from tickglass.ui.main_window import MainWindow

BTC = Instrument("binance", "BTC", "USDT")
START = 1_795_348_800_000


class Wish:
    """Stands for a signal."""

    def __init__(self) -> None:
        self.heard: Callable[..., object] | None = None

    def connect(self, heard: Callable[..., object]) -> None:
        self.heard = heard

    def emit(self, *told: object) -> None:
        assert self.heard is not None, "nobody listens"
        self.heard(*told)


class Dialogs:
    """The dialogs' wishes, and what they are shown."""

    def __init__(self) -> None:
        self.file_wanted, self.list_import_wanted = Wish(), Wish()
        self.bundle_export_wanted, self.bundle_import_wanted = Wish(), Wish()
        self.restore_wanted, self.backups_wanted = Wish(), Wish()
        self.backups: list[Backup] = []

    def show_backups(self, found: list[Backup]) -> None:
        self.backups = found


class Window:
    """The part of the window that filing knows."""

    def __init__(self) -> None:
        self.dialogs, self.export_wanted = Dialogs(), Wish()
        self.sentences: list[str] = []
        self.lists: list[tuple[str, str]] = []

    def notify_person(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def take_list(self, name: str, text: str) -> None:
        self.lists.append((name, text))


class Shelf:
    """Stands for the keeper: remembers what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.text: str | None = "binance:BTC/USDT"

    async def read_text(self, path: Path) -> str | None:
        return self.text

    async def write_text(self, text: str, path: Path) -> None:
        self.asked.append((text, path))

    async def export_all(self, path: Path, clock: object) -> None:
        self.asked.append(("export", path))

    async def import_all(self, path: Path) -> None:
        self.asked.append(("import", path))

    async def restore(self, backup: Path) -> None:
        self.asked.append(("restore", backup))


class Office:
    """Filing with everything it works for; ``done`` waits until nothing is left to do."""

    def __init__(self, folder: Path) -> None:
        self.window, self.shelf = Window(), Shelf()
        self.backups = Backups(folder / "backups")
        self._tasks: list[asyncio.Task[None]] = []
        Filing(
            cast(MainWindow, self.window), cast(Keeper, self.shelf), self.backups, self._spawn
        ).connect()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def done(self) -> None:
        await asyncio.gather(*self._tasks)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def two_candles() -> CandleSeries:
    series = CandleSeries(BTC, "1m")
    series.merge([
        Candle(BTC, "1m", START + each * 60_000, 1.0, 3.0, 0.5, 2.0, 7.0, True) for each in (0, 1)
    ])  # fmt: skip
    return series


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_candles_are_written_and_counted(office: Office, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow.parquet")
    path = tmp_path / f"candles.{form}"
    office.window.export_wanted.emit(two_candles(), form, str(path))
    await office.done()
    assert path.stat().st_size > 0
    assert office.window.sentences == [f"2 candles were written to {path}."]


@pytest.mark.asyncio
async def test_why_candles_could_not_be_written_is_said(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "file" / "candles.csv"
    path.parent.touch()
    office.window.export_wanted.emit(two_candles(), "csv", str(path))
    await office.done()
    (sentence,) = office.window.sentences
    assert sentence.startswith("The candles could not be exported: ")
    assert sentence != "The candles could not be exported: "


@pytest.mark.asyncio
async def test_a_list_is_named_after_its_file_and_one_that_cannot_be_read_is_none(
    office: Office,
) -> None:
    office.window.dialogs.list_import_wanted.emit("/there/Coins.csv")
    await office.done()
    office.shelf.text = None
    office.window.dialogs.list_import_wanted.emit("/there/Gone.csv")
    await office.done()
    assert office.window.lists == [("Coins", "binance:BTC/USDT")]


@pytest.mark.asyncio
async def test_what_is_asked_for_is_what_is_done(office: Office) -> None:
    dialogs, there = office.window.dialogs, Path("/there")
    dialogs.file_wanted.emit("text", "/there/list.csv")
    dialogs.bundle_export_wanted.emit("/there/all.zip")
    dialogs.bundle_import_wanted.emit("/there/all.zip")
    dialogs.restore_wanted.emit(there / "old")
    await office.done()
    assert office.shelf.asked == [
        ("text", there / "list.csv"), ("export", there / "all.zip"),
        ("import", there / "all.zip"), ("restore", there / "old"),
    ]  # fmt: skip


@pytest.mark.asyncio
async def test_the_backups_that_there_are_are_shown(office: Office, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    kept = office.backups.keep_now(b"# mine\n")
    office.window.dialogs.backups_wanted.emit()
    await office.done()
    assert [each.path for each in office.window.dialogs.backups] == [kept]
