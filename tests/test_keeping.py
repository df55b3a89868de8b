"""What is kept while the program runs, and everything as one file, out and in."""

import asyncio
import json
import threading
import time
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tickglass import keeping
from tickglass.bundle import export_bundle, import_bundle
from tickglass.errors import SettingsError
from tickglass.keeping import LARGEST_LIST, PRICES_INTERVAL, WINDOW_INTERVAL, Keeper
from tickglass.market.events import Trade
from tickglass.market.freshness import Freshness, Link
from tickglass.market.instrument import Instrument
from tickglass.market.marks import Drawing, Point
from tickglass.market.store import Store
from tickglass.paths import find_paths
from tickglass.settings import SettingsFile

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
NOON = datetime(2026, 11, 22, 12, 0, 0)
LINE = Drawing("horizontal", (Point(1_700_000_000_000.0, 100.5),))


class Desk:
    """A keeper, with a window of which only the state is there."""

    def __init__(self, folder: Path) -> None:
        self.paths = find_paths(str(folder))
        self.file = SettingsFile(self.paths)
        self.settings = self.file.load()
        self.store = Store()
        self.said: list[str] = []
        self.state: dict[str, Any] = {"geometry": "AQID"}
        self.layouts = '{"version": 1}\n'
        self.watched = [BTC, ETH]
        self.began: list[str] = []
        self.keeper = Keeper(
            self.settings, self.file, self.paths, self.store, lambda: self.state,
            lambda: self.layouts, lambda: self.watched, self.said.append, self.began.append,
        )  # fmt: skip

    def trade(self, instrument: Instrument, price: float, time_ms: int) -> None:
        """Let a price arrive."""
        link = Link(instrument.exchange, 1)
        link.open(100.0)
        link.heard = link.arrived = 100.0
        self.store.apply(Trade(instrument, time_ms, "1", price, 1.0, "buy"), link)

    def window(self) -> Any:
        """What the file with the window's state says."""
        return json.loads(self.paths.window.read_text())

    def theme(self) -> Any:
        """What the settings file says."""
        return tomllib.loads(self.paths.settings.read_text())["window"]["theme"]

    async def choose(self, theme: str) -> None:
        """Save settings with this theme."""
        self.settings.window.theme = theme
        self.keeper.changed(self.keeper.settings)
        await self.keeper.settings.finish()

    async def bundle(self, theme: str, name: str = "all.tickglass.zip") -> Path:
        """A file with everything, of settings with this theme."""
        await self.choose(theme)
        path = self.paths.config.parent / name
        await self.keeper.export_all(path, lambda: NOON)
        return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "config")


# ---------------------------------------------------------------- what changed is written


@pytest.mark.asyncio
async def test_each_saver_writes_its_own_file_as_soon_as_it_is_told(desk: Desk) -> None:
    keeper, paths = desk.keeper, desk.paths
    desk.settings.window.theme = "dark"
    keeper.drawings_held.of(BTC).add(LINE)
    keeper.changed(keeper.settings, keeper.window, keeper.layouts, keeper.drawings)
    for saver in (keeper.settings, keeper.window, keeper.layouts, keeper.drawings):
        await saver.finish()
    assert desk.theme() == "dark"
    assert desk.window() == {"geometry": "AQID"}
    assert paths.layouts.read_text() == desk.layouts
    assert json.loads(paths.drawings.read_text())["instruments"] == {str(BTC): [LINE.to_row()]}
    assert not paths.last_prices.exists()


@pytest.mark.asyncio
async def test_what_was_kept_is_read_by_the_next_keeper(desk: Desk) -> None:
    desk.layouts = '{"version": 1, "current": "Wall"}\n'
    desk.keeper.drawings_held.of(BTC).add(LINE)
    desk.keeper.changed(desk.keeper.layouts, desk.keeper.drawings)
    await desk.keeper.finish()
    again = Desk(desk.paths.config)
    again.keeper.read_drawings()
    assert again.keeper.read_window() == {"geometry": "AQID"}
    assert again.keeper.read_layouts() == {"version": 1, "current": "Wall"}
    assert again.keeper.drawings_held.of(BTC).drawings == (LINE,)
    assert again.keeper.notices() == []


@pytest.mark.asyncio
async def test_sizes_and_prices_are_kept_now_and_then_without_a_word(desk: Desk) -> None:
    desk.trade(BTC, 64_000.5, 1_700_000_000_000)
    desk.keeper.check(1_000.0)
    desk.keeper.check(1_000.0 + WINDOW_INTERVAL - 0.1)
    await asyncio.sleep(0)
    assert not desk.paths.window.exists()
    desk.keeper.check(1_000.0 + WINDOW_INTERVAL)
    await desk.keeper.window.finish()
    assert desk.window() == {"geometry": "AQID"}
    assert not desk.paths.last_prices.exists()
    desk.keeper.check(1_000.0 + PRICES_INTERVAL)
    await desk.keeper.prices.finish()
    await desk.keeper.window.finish()
    kept = json.loads(desk.paths.last_prices.read_text())
    assert kept["prices"] == {str(BTC): [64_000.5, 1_700_000_000_000]}


@pytest.mark.asyncio
async def test_prices_of_an_earlier_run_come_back_lost_with_their_age(desk: Desk) -> None:
    hour_ago = round(time.time() * 1000) - 3_600_000
    desk.trade(BTC, 64_000.5, hour_ago)
    desk.trade(ETH, 3_000.25, hour_ago)
    await desk.keeper.finish()
    again = Desk(desk.paths.config)
    again.keeper.recall_prices([BTC])
    state, now = again.store.state(BTC), time.monotonic()
    assert (state.last, state.time) == (64_000.5, hour_ago)
    assert state.freshness(now) is Freshness.LOST
    assert state.age(now) == pytest.approx(3_600, abs=10)
    assert again.store.state(ETH).last is None, "nobody watches it"


@pytest.mark.asyncio
async def test_a_disk_that_refuses_is_told_in_a_sentence_and_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: str) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(desk.keeper.settings, "_write", full)
        await desk.choose("dark")
    assert desk.said[0] == (
        "What you changed could not be saved (No space left on device); the next change tries "
        "again."
    )
    await desk.keeper.finish()
    assert desk.theme() == "dark"


# ---------------------------------------------------------------- what was wrong


def test_files_that_cannot_be_read_are_named_one_sentence_each(desk: Desk) -> None:
    paths, rubbish = desk.paths, b"\x00\xff{["
    for place in (paths.window, paths.layouts, paths.drawings, paths.last_prices):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(rubbish)
    assert desk.keeper.read_window() == {}
    assert desk.keeper.read_layouts() == {}
    desk.keeper.read_drawings()
    desk.keeper.recall_prices([BTC])
    notices = desk.keeper.notices()
    assert [each.partition(" could not be read")[0] for each in notices] == [
        "What the windows looked like", "The layouts", "The drawings", "The last prices",
    ]  # fmt: skip


def test_drawings_that_are_not_understood_are_counted(desk: Desk) -> None:
    rows = [LINE.to_row(), {"kind": "wormhole", "points": []}, 7]
    desk.paths.drawings.parent.mkdir(parents=True)
    desk.paths.drawings.write_text(json.dumps({"version": 1, "instruments": {str(BTC): rows}}))
    desk.keeper.read_drawings()
    assert desk.keeper.notices() == ["2 drawings could not be read; they stay in the file."]


# ---------------------------------------------------------------- everything as one file


@pytest.mark.asyncio
async def test_everything_goes_out_and_comes_in_again(desk: Desk) -> None:
    path = await desk.bundle("dark")
    assert desk.said == [f"Everything was exported to {path}."]
    desk.state = {"geometry": "other"}
    await desk.choose("light")
    await desk.keeper.import_all(path)
    assert desk.began[-1].startswith(
        "Everything was imported. What was there is kept as before-import-"
    )
    assert desk.theme() == "dark"
    assert desk.window() == {"geometry": "AQID"}


@pytest.mark.asyncio
async def test_after_an_import_nothing_that_is_in_the_window_is_written_over_it(
    desk: Desk,
) -> None:
    path = await desk.bundle("dark")
    await desk.choose("light")
    await desk.keeper.import_all(path)
    desk.state = {"geometry": "other"}
    await desk.choose("light")
    desk.keeper.check(0.0)
    desk.keeper.check(1_000.0)
    await desk.keeper.finish()
    assert desk.keeper.frozen
    assert (desk.theme(), desk.window()) == ("dark", {"geometry": "AQID"})


@pytest.mark.asyncio
async def test_what_changes_while_an_import_is_going_on_is_not_written_over_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await desk.bundle("dark")
    await desk.choose("light")
    begun, go_on = threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(5)
        return import_bundle(*given)

    monkeypatch.setattr(keeping, "import_bundle", slow)
    importing = asyncio.create_task(desk.keeper.import_all(path))
    await asyncio.to_thread(begun.wait, 5)
    desk.state = {"geometry": "other"}
    desk.keeper.changed(desk.keeper.window, desk.keeper.settings)
    go_on.set()
    await importing
    await desk.keeper.window.finish()
    assert (desk.theme(), desk.window()) == ("dark", {"geometry": "AQID"})


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "gone.tickglass.zip cannot be imported: there is no such file."),
        (b"rubbish", "gone.tickglass.zip cannot be imported: it is damaged, or no such file."),
    ],
)
async def test_an_import_that_fails_is_told_and_saving_goes_on(
    content: bytes | None, reason: str, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "gone.tickglass.zip"
    if content is not None:
        path.write_bytes(content)
    await desk.choose("light")
    await desk.keeper.import_all(path)
    assert desk.said == [f"Nothing was imported: {reason}"]
    await desk.choose("dark")
    assert desk.theme() == "dark"


@pytest.mark.asyncio
async def test_a_second_import_that_fails_leaves_the_first_in_place(
    desk: Desk, tmp_path: Path
) -> None:
    path = await desk.bundle("dark")
    await desk.choose("light")
    await desk.keeper.import_all(path)
    await desk.keeper.import_all(tmp_path / "gone.zip")
    await desk.keeper.finish()
    assert desk.theme() == "dark"


@pytest.mark.asyncio
async def test_an_export_that_the_disk_refuses_is_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "file" / "all.zip"
    path.parent.write_text("no folder")
    await desk.keeper.export_all(path, lambda: NOON)
    ((sentence),) = desk.said
    assert sentence.startswith("The export failed: ")
    assert "Traceback" not in sentence


@pytest.mark.asyncio
async def test_an_export_holds_what_was_changed_a_moment_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Mapping[str, Any]] = []

    def look(paths: Any, target: Path, now: datetime) -> list[str]:
        seen.append(tomllib.loads(paths.settings.read_text())["window"])
        return export_bundle(paths, target, now)

    monkeypatch.setattr(keeping, "export_bundle", look)
    desk.settings.window.theme = "dark"
    desk.keeper.changed(desk.keeper.settings)
    await desk.keeper.export_all(desk.paths.config / "all.zip", lambda: NOON)
    assert seen[0]["theme"] == "dark"


# ---------------------------------------------------------------- backups


@pytest.mark.asyncio
async def test_a_backup_of_the_settings_is_used_at_once(desk: Desk) -> None:
    await desk.choose("dark")
    backup = desk.paths.backups / "settings-2026-11-20.toml"
    backup.parent.mkdir(exist_ok=True)
    backup.write_text(desk.paths.settings.read_text())
    await desk.choose("light")
    await desk.keeper.restore(backup)
    assert desk.began == ["The backup settings-2026-11-20.toml is used now."]
    await desk.choose("system")
    await desk.keeper.finish()
    assert desk.theme() == "dark"
    again = Desk(desk.paths.config)
    assert again.settings.window.theme == "dark"
    assert again.file.notices == []
    kept = [each.read_text() for each in desk.paths.backups.glob("settings-*.toml")]
    assert any("light" in each for each in kept), "what was there is kept"


@pytest.mark.asyncio
async def test_a_backup_of_everything_is_imported(desk: Desk) -> None:
    path = await desk.bundle("dark")
    await desk.choose("light")
    await desk.keeper.import_all(path)
    (backup,) = desk.paths.backups.glob("before-import-*.zip")
    again = Desk(desk.paths.config)
    await again.keeper.restore(backup)
    assert again.theme() == "light"


@pytest.mark.asyncio
@pytest.mark.parametrize("content", [None, b"this is = = not toml"])
async def test_a_backup_of_no_use_is_told_and_saving_goes_on(
    content: bytes | None, desk: Desk
) -> None:
    await desk.choose("light")
    backup = desk.paths.backups / "settings-2026-11-20.toml"
    if content is not None:
        backup.parent.mkdir(exist_ok=True)
        backup.write_bytes(content)
    await desk.keeper.restore(backup)
    ((sentence),) = desk.said
    assert sentence.startswith("Nothing was restored: The backup settings-2026-11-20.toml ")
    await desk.choose("dark")
    assert desk.theme() == "dark"


# ---------------------------------------------------------------- single files


@pytest.mark.asyncio
async def test_a_text_is_written_and_read_again(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    await desk.keeper.write_text("binance,BTC,USDT\n", path)
    assert desk.said == [f"{path} was written."]
    assert await desk.keeper.read_text(path) == "binance,BTC,USDT\n"


@pytest.mark.asyncio
async def test_a_text_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "no folder" / "list.csv"
    path.parent.write_text("a file")
    await desk.keeper.write_text("text", path)
    ((sentence),) = desk.said
    assert sentence.startswith(f"{path} could not be written: ")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "it is damaged, or no such file"),
        (b"x" * (LARGEST_LIST + 1), "it is larger than 4 MB"),
        (None, "there is no such file"),
    ],
)
async def test_a_file_that_is_no_list_is_told_and_gives_nothing(
    content: bytes | None, reason: str, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    if content is not None:
        path.write_bytes(content)
    assert await desk.keeper.read_text(path) is None
    assert desk.said == [f"{path} could not be read: {reason}"]


@pytest.mark.asyncio
async def test_a_mark_at_the_beginning_of_a_text_is_no_part_of_it(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbfexchange,base,quote\n")
    assert await desk.keeper.read_text(path) == "exchange,base,quote\n"


def test_an_error_without_words_still_gives_a_reason() -> None:
    assert keeping._reason(OSError("odd")) == "odd."
    assert keeping._reason(OSError(13, "Permission denied")) == "Permission denied."
    assert keeping._reason(SettingsError("log", "A sentence.")) == "A sentence."
