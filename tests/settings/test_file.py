"""Settings that cannot be lost: cut off, rubbish, from the future, or nowhere to put them."""

import os
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.errors import SettingsError
from tickglass.market.instrument import Instrument
from tickglass.market.watchlist import Watchlist
from tickglass.paths import Paths
from tickglass.settings import ExchangeSettings, Settings, SettingsFile

NOON = datetime(2026, 11, 22, 12, 0, 0)
BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")


def paths(folder: Path) -> Paths:
    return Paths(folder, folder / "data", folder / "cache", folder / "log")


def opened(folder: Path, now: datetime = NOON) -> SettingsFile:
    return SettingsFile(paths(folder), lambda: now)


def chosen() -> Settings:
    """Something of everything."""
    made = Settings()
    made.exchanges = {"okx": ExchangeSettings(False, "wss://ws.example.org")}
    made.watchlists = [Watchlist("A", [BTC]), Watchlist("– 币", [ETH], ["pair", "last"], True)]
    made.alerts = [
        Alert("a", BTC, (PriceLevel(Kind.CROSSES_UP, 100_000.0),)),
        Alert("b", ETH, (PriceLevel(Kind.CROSSES, 5.0),)),
    ]
    made.window.theme, made.window.zone = "dark", "Europe/Berlin"
    made.ticker.opacity, made.ticker.instruments = 60, (BTC, ETH)
    made.board.instruments = (ETH,)
    made.shortcuts = {"view.book": "Ctrl+B", "help.keys": ""}
    return made


def save(folder: Path, what: Settings, now: datetime = NOON) -> bytes:
    """Save once; the bytes of the file."""
    file = opened(folder, now)
    file.load()
    file.write(file.render(what))
    return (folder / "settings.toml").read_bytes()


def contents(folder: Path) -> list[bytes]:
    return [each.read_bytes() for each in folder.rglob("*") if each.is_file()]


# ---------------------------------------------------------------- everything


def test_everything_that_can_be_chosen_is_there_again(tmp_path: Path) -> None:
    save(tmp_path, chosen())
    again = opened(tmp_path)
    assert again.load() == chosen()
    assert again.notices == []


def test_what_is_as_it_was_at_first_is_not_written(tmp_path: Path) -> None:
    written = tomllib.loads(save(tmp_path, Settings.first()).decode())
    assert set(written) == {"version", "exchanges", "watchlists"}
    assert written["exchanges"]["okx"] == {"enabled": True}
    assert set(written["watchlists"][0]) == {"name", "instruments"}


def test_what_is_chosen_back_is_written_where_it_stood(tmp_path: Path) -> None:
    save(tmp_path, chosen())
    back = Settings(exchanges={"okx": ExchangeSettings()}, watchlists=[Watchlist("A", [BTC])])
    written = tomllib.loads(save(tmp_path, back).decode())
    assert written["window"] == {"theme": "system", "zone": "local"}
    assert written["ticker"] == {"opacity": 100, "instruments": []}
    assert "ws" not in written["exchanges"]["okx"]
    assert written["shortcuts"] == {}
    assert opened(tmp_path).load() == back


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("[ticker]\nopacity = 5\n", "ticker.opacity cannot be 5; it is from 30 to 100."),
        ("[ticker]\nopacity = true\n", "ticker.opacity cannot be True; 100 is used instead."),
        ("[ticker]\ninstruments = 5\n", "ticker.instruments cannot be 5; nothing is used instead."),
        (
            "[window]\nzone = 'Mars'\n",
            "window.zone cannot be 'Mars'; it is local, UTC or a time zone such as Europe/Berlin.",
        ),
        (
            "[board]\ninstruments = ['x', 'okx:ETH/USDT']\n",
            "In board.instruments: 'x' is not an instrument; write it as exchange:BASE/QUOTE, for "
            "example binance:BTC/USDT.",
        ),
        (
            "[shortcuts]\n'view.book' = 5\n",
            "shortcuts.view.book cannot be 5; nothing is used instead.",
        ),
        ("shortcuts = 5\n", "shortcuts must be written as [shortcuts]; it is ignored."),
        (
            "[[watchlists]]\nname = 'A'\ncolumns = 'pair'\n",
            "watchlists.A.columns cannot be 'pair'; nothing is used instead.",
        ),
        (
            "[[watchlists]]\nname = 'A'\ngrouped = 1\n",
            "watchlists.A.grouped cannot be 1; False is used instead.",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_told_and_stays_in_the_file(
    text: str, notice: str, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    file = opened(tmp_path)
    read = file.load()
    assert file.notices == [notice]
    file.write(file.render(read))
    assert text.splitlines()[-1] in (tmp_path / "settings.toml").read_text()


def test_very_much_that_is_wrong_is_told_in_a_few_sentences(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        "[[watchlists]]\ninstruments = [" + "'x'," * 500 + "]\n"
    )
    file = opened(tmp_path)
    file.load()
    assert len(file.notices) == 21
    assert file.notices[-1] == "480 more things in the settings could not be used."


def test_keys_for_an_action_that_nobody_knows_yet_stay(tmp_path: Path) -> None:
    text = "[shortcuts] # mine\n'plugin.x' = 'Ctrl+9' # keep\n"
    (tmp_path / "settings.toml").write_text(text)
    file = opened(tmp_path)
    read = file.load()
    read.shortcuts["view.book"] = "Ctrl+B"
    file.write(file.render(read))
    written = (tmp_path / "settings.toml").read_text()
    assert text in written
    assert tomllib.loads(written)["shortcuts"] == {"plugin.x": "Ctrl+9", "view.book": "Ctrl+B"}


# ---------------------------------------------------------------- cut off, rubbish, the future


def test_cut_off_at_any_byte_nothing_of_what_was_saved_is_lost(tmp_path: Path) -> None:
    save(tmp_path / "whole", chosen())
    whole = (tmp_path / "whole" / "settings.toml").read_bytes()
    recovered = 0
    for length in range(len(whole)):
        folder = tmp_path / "cut"
        shutil.copytree(tmp_path / "whole", folder)
        (folder / "settings.toml").write_bytes(whole[:length])
        file = opened(folder, NOON + timedelta(days=1))
        read = file.load()
        recovered += read == chosen()
        ends_with_a_line = whole[:length].endswith(b"\n") or whole[length : length + 1] == b"\n"
        assert read == chosen() or ends_with_a_line
        assert bool(file.notices) == (length < len(whole) - 1)
        read.window.theme = "light"
        file.write(file.render(read))
        kept = [each.rstrip() for each in contents(folder)]
        assert whole.rstrip() in kept
        assert whole[:length].rstrip() in kept
        shutil.rmtree(folder)
    assert recovered >= len(whole) - 2 * whole.count(b"\n")  # all but what ends with a line


def test_cut_off_at_any_byte_without_any_copy_what_is_left_is_kept(tmp_path: Path) -> None:
    whole = save(tmp_path / "whole", chosen())
    for length in range(0, len(whole), 3):
        folder = tmp_path / "cut"
        folder.mkdir()
        (folder / "settings.toml").write_bytes(whole[:length])
        file = opened(folder)
        read = file.load()
        read.window.theme = "light"
        file.write(file.render(read))
        assert whole[:length] in contents(folder)
        shutil.rmtree(folder)


def test_a_file_that_a_person_shortened_counts_and_what_was_saved_is_kept(tmp_path: Path) -> None:
    whole = save(tmp_path, chosen())
    shorter = whole[: whole.index(b"[[alerts]]")]
    (tmp_path / "settings.toml").write_bytes(shorter)
    file = opened(tmp_path)
    assert file.load().alerts == []
    kept = "settings-2026-11-22-120000.toml"
    assert file.notices == [
        f"The settings are shorter than they were saved; what was saved is kept as {kept}."
    ]
    assert (tmp_path / "backups" / kept).read_bytes() == whole


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_rubbish_in_the_file_costs_nothing_that_was_saved(
    tmp_path_factory: pytest.TempPathFactory, rubbish: bytes
) -> None:
    folder = tmp_path_factory.mktemp("rubbish")
    whole = save(folder, chosen())
    (folder / "settings.toml").write_bytes(rubbish)
    file = opened(folder)
    read = file.load()
    file.write(file.render(read))
    assert rubbish in contents(folder)
    assert whole in contents(folder)


@pytest.mark.parametrize(
    "content",
    [b"\0" * 4096, b"a = " + b"[" * 50_000, b"#" * 4_000_001],
    ids=["zeros", "too deep", "too large"],
)
def test_what_a_crash_leaves_is_set_aside_for_what_was_saved_last(
    content: bytes, tmp_path: Path
) -> None:
    save(tmp_path, chosen())
    (tmp_path / "settings.toml").write_bytes(content)
    file = opened(tmp_path)
    assert file.load() == chosen()
    aside = "settings.unreadable-20261122-120000.toml"
    (notice,) = file.notices
    assert notice.startswith("The settings could not be read (")
    assert notice.endswith(
        f") and were set aside as {aside}; the backup settings-saved.toml is used instead."
    )
    assert (tmp_path / aside).read_bytes() == content
    assert opened(tmp_path).load() == chosen()


def test_settings_from_the_future_are_used_as_far_as_they_are_known_and_stay(
    tmp_path: Path,
) -> None:
    text = (
        "version = 9\nmode = 'x'\n[window]\ntheme = 'dark'\npalette = 'infrared'\nfoo = [1]\n"
        "[ticker]\nopacity = '60%'\n[exchanges.mars]\nenabled = true\nprotocol = 2\n"
        "[[watchlists]]\nname = 'A'\ninstruments = ['binance:BTC/USDT']\nsort = {by = 'last'}\n"
        "[[alerts]]\nid = 'n'\ninstrument = 'binance:BTC/USDT'\ncondition = 'doubles'\nvalue = 2\n"
    )
    (tmp_path / "settings.toml").write_text(text)
    file = opened(tmp_path)
    read = file.load()
    assert read.window.theme == "dark"
    assert read.watchlists == [Watchlist("A", [BTC])]
    read.window.theme = "light"
    file.write(file.render(read))
    before, after = tomllib.loads(text), tomllib.loads((tmp_path / "settings.toml").read_text())
    before["window"]["theme"] = "light"
    assert after == before
    assert len(file.notices) == 8


# ---------------------------------------------------------------- first start, or lost


def test_a_first_start_is_told_from_a_file_that_went_missing(tmp_path: Path) -> None:
    file = opened(tmp_path)
    file.load()
    assert file.first_start
    assert file.notices == []
    whole = save(tmp_path, chosen())
    (tmp_path / "settings.toml").unlink()
    for _ in range(3):
        file = opened(tmp_path)
        assert file.load() == Settings.first()
        assert not file.first_start
        assert file.notices == [
            "The settings file is gone, so Tickglass starts afresh. There are backups of it."
        ]
    assert [each.path.read_bytes() for each in file.backups.all()] == [whole]


def test_settings_that_were_set_aside_are_no_first_start(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("oops")
    for _ in range(2):
        file = opened(tmp_path)
        file.load()
        assert not file.first_start


@pytest.mark.parametrize("what", ["a folder", "a pipe"])
def test_what_is_no_file_is_never_written_over(what: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    if what == "a folder":
        path.mkdir()
        (path / "mine").write_text("x")
    elif not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes")
    else:
        os.mkfifo(path)
    file = opened(tmp_path)
    read = file.load()
    file.write(file.render(read))
    aside = tmp_path / "settings.unreadable-20261122-120000.toml"
    assert aside.is_dir() or stat.S_ISFIFO(aside.stat().st_mode)
    assert opened(tmp_path).load() == read


def test_a_file_that_cannot_be_set_aside_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "settings.toml").write_bytes(b"precious\xff")
    file = opened(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refused)
        read = file.load()
        with pytest.raises(PermissionError):
            file.write(file.render(read))
    assert file.notices[0].endswith(
        "cannot be set aside, so they stay as they are; Tickglass starts afresh."
    )
    assert (tmp_path / "settings.toml").read_bytes() == b"precious\xff"
    file.write(file.render(read))  # the folder can be written to again
    assert b"precious\xff" in contents(tmp_path)
    assert opened(tmp_path).load() == read


# ---------------------------------------------------------------- somebody else writes


def test_what_somebody_else_wrote_meanwhile_is_kept_before_it_is_replaced(tmp_path: Path) -> None:
    save(tmp_path, chosen())
    file = opened(tmp_path)
    read = file.load()
    edited = b"# edited while Tickglass ran\nversion = 1\n"
    (tmp_path / "settings.toml").write_bytes(edited)
    file.write(file.render(read))
    assert (tmp_path / "backups" / "settings-2026-11-22-120000.toml").read_bytes() == edited
    file.write(file.render(read) + "# once more\n")
    assert len(file.backups.all()) == 2  # and of the day; the own text is no news


def test_what_was_saved_is_kept_when_a_person_wrote_something_else(tmp_path: Path) -> None:
    whole = save(tmp_path, chosen())
    edited = whole.replace(b'theme = "dark"', b'theme = "light" # mine')
    (tmp_path / "settings.toml").write_bytes(edited)
    file = opened(tmp_path)
    read = file.load()
    assert (read.window.theme, file.notices) == ("light", [])
    for opacity in (40, 50):
        read.ticker.opacity = opacity
        file.write(file.render(read))
    kept = {each.kind: each.path.read_bytes() for each in file.backups.all()}
    assert kept == {"moment": whole, "day": edited}


def test_a_link_stays_a_link_and_the_rights_stay(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "tickglass.toml"
    real.parent.mkdir()
    real.write_text("version = 1\n")
    real.chmod(0o640)
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.toml").symlink_to(real)
    save(config, chosen())
    assert (config / "settings.toml").is_symlink()
    assert "– 币" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


# ---------------------------------------------------------------- backups


def test_a_backup_takes_the_place_of_the_settings_which_are_kept(tmp_path: Path) -> None:
    first = save(tmp_path, Settings.first())
    second = save(tmp_path, chosen(), NOON + timedelta(days=1))
    file = opened(tmp_path, NOON + timedelta(days=1))
    (day,) = [each for each in file.backups.all() if each.kind == "day"]
    assert (day.made, day.path.read_bytes()) == (datetime(2026, 11, 23), first)
    file.restore(day.path)
    again = opened(tmp_path)
    assert again.load() == Settings.first()
    assert again.notices == []
    (newest, *_) = file.backups.all()
    assert (newest.kind, newest.made) == ("moment", NOON + timedelta(days=1))
    assert newest.path.read_bytes() == second


def test_a_backup_that_is_gone_or_unreadable_changes_nothing(tmp_path: Path) -> None:
    whole = save(tmp_path, chosen())
    file = opened(tmp_path)
    broken = tmp_path / "backups" / "settings-2026-11-01.toml"
    with pytest.raises(SettingsError, match=r"The backup settings-2026-11-01\.toml is gone\."):
        file.restore(broken)
    broken.parent.mkdir()
    broken.write_text("oops")
    with pytest.raises(SettingsError, match="cannot be read"):
        file.restore(broken)
    assert (tmp_path / "settings.toml").read_bytes() == whole


def test_backups_are_listed_from_the_newest_and_strangers_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    names = [
        "before-import-2026-11-23-090000.zip",
        "settings-2026-11-22-120000-10.toml",
        "settings-2026-11-22-120000-2.toml",
        "settings-2026-11-22-120000.toml",
        "settings-2026-11-22.toml",
        "settings-2026-11-21-235959.toml",
    ]
    for name in [*names, "settings-mine.toml", "settings-2026-11-99.toml", "notes.txt"]:
        (folder / name).write_text("")
    assert [each.path.name for each in opened(tmp_path).backups.all()] == names


def test_what_was_kept_at_a_moment_is_bounded_and_leaves_the_days_alone(tmp_path: Path) -> None:
    for number in range(15):
        backups = opened(tmp_path, NOON + timedelta(minutes=number)).backups
        backups.keep_for_today(b"day")
        backups.keep_now(str(number).encode())
        backups.keep_bundle(b"zip")
    kinds = [each.kind for each in backups.all()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"moment": 10, "bundle": 5, "day": 1}
    kept = {each.path.read_bytes() for each in backups.all() if each.kind == "moment"}
    assert kept == {str(number).encode() for number in range(5, 15)}


def test_a_backup_that_failed_half_way_leaves_no_half_and_the_settings_are_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, chosen())
    light = chosen()
    light.window.theme = "light"

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tickglass.settings.backups.write_atomically", full)
        save(tmp_path, light)
    assert not (tmp_path / "backups").exists()
    assert opened(tmp_path).load() == light


# ---------------------------------------------------------------- disks that refuse

as_root = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="mounting needs root",
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@as_root
def test_on_a_full_disk_nothing_is_lost_and_all_is_saved_once_there_is_room(
    small_disk: Path,
) -> None:
    whole = save(small_disk, chosen())
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)
    settings_file = opened(small_disk, NOON + timedelta(days=1))
    read = settings_file.load()
    assert read == chosen()
    read.watchlists.append(Watchlist("More", [BTC] * 300))
    with pytest.raises(OSError, match="No space"):
        settings_file.write(settings_file.render(read))
    assert (small_disk / "settings.toml").read_bytes() == whole
    filler.unlink()
    settings_file.write(settings_file.render(read))
    assert opened(small_disk).load().watchlists[-1].name == "More"
    assert not [each for each in small_disk.iterdir() if each.name.startswith(".")]


@as_root
def test_a_disk_that_is_read_only_is_told_at_the_start(small_disk: Path) -> None:
    whole = save(small_disk, chosen())
    assert opened(small_disk).saving_problem == ""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file = opened(small_disk)
    read = file.load()
    assert read == chosen()
    assert file.saving_problem == (
        "The settings cannot be saved (Read-only file system): what you change lasts until "
        "Tickglass is closed."
    )
    with pytest.raises(OSError, match="Read-only"):
        file.write(file.render(read))
    assert (small_disk / "settings.toml").read_bytes() == whole


@as_root
def test_rubbish_on_a_disk_that_is_read_only_stays_and_the_program_starts(
    small_disk: Path,
) -> None:
    save(small_disk, chosen())
    (small_disk / "settings.toml").write_bytes(b"rubbish\xff")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    file = opened(small_disk)
    assert file.load() == chosen()
    assert "cannot be set aside" in file.notices[0]
    assert (small_disk / "settings.toml").read_bytes() == b"rubbish\xff"


def test_a_file_that_is_read_only_is_told_and_not_replaced(tmp_path: Path) -> None:
    whole = save(tmp_path, chosen())
    (tmp_path / "settings.toml").chmod(0o444)
    file = opened(tmp_path)
    read = file.load()
    assert file.saving_problem.startswith(
        "The settings cannot be saved (the file is read-only): what you change lasts until"
    )
    with pytest.raises(PermissionError, match="read-only"):
        file.write(file.render(Settings.first()))
    assert read == chosen()
    assert (tmp_path / "settings.toml").read_bytes() == whole
