"""``tickglass alerts`` on the settings, and through the window that is open."""

import json
from pathlib import Path

import pytest

from tickglass.alerts.alert import Alert, Trigger
from tickglass.alerts.condition import Kind, Move, PriceLevel
from tickglass.cli import main
from tickglass.instance import Instance
from tickglass.market.instrument import Instrument
from tickglass.paths import find_paths
from tickglass.settings import SettingsFile

BTC = Instrument("binance", "BTC", "USDT")


class Shell:
    """A person at the command line, with files of their own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        status = main(["alerts", *words, "--config-dir", str(self.folder)])
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def rows(self, *words: str) -> list[dict[str, object]]:
        status, out, err = self.run(*words, "--json")
        assert status == 0, err
        return [json.loads(line) for line in out.splitlines()]

    @property
    def saved(self) -> list[Alert]:
        return SettingsFile(find_paths(str(self.folder))).load().alerts


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def test_an_alert_is_added_listed_paused_armed_again_and_removed(shell: Shell) -> None:
    (made,) = shell.rows("add", "binance:BTC/USDT", "crosses_up", "100000", "--id", "mine")
    assert (made["id"], made["value"], made["state"]) == ("mine", 100_000.0, "armed")
    (kept,) = shell.saved
    assert (kept.instrument, kept.conditions) == (BTC, (PriceLevel(Kind.CROSSES_UP, 100_000.0),))
    assert [row["id"] for row in shell.rows("list")] == ["mine"]
    assert shell.rows("pause", "mine")[0]["state"] == "paused"
    assert shell.saved[0].paused
    assert shell.rows("resume", "mine")[0]["state"] == "armed"
    shell.rows("remove", "mine")
    assert shell.saved == []


def test_every_key_of_the_settings_can_be_set(shell: Shell) -> None:
    shell.rows(
        "add", "binance:BTC/USDT", "moves", "3", "--trigger", "every", "--set", "window=60",
        "--set", "cooldown=600", "--set", "message={pair}!", "--set", 'send_to=["phone"]',
    )  # fmt: skip
    (kept,) = shell.saved
    assert kept.conditions == (Move(Kind.MOVES, 3.0, window=60),)
    assert (kept.trigger, kept.cooldown) == (Trigger.EVERY, 600)
    assert (kept.message, kept.send_to) == ("{pair}!", ("phone",))


def test_an_alert_covers_a_watchlist(shell: Shell) -> None:
    shell.rows("add", "list:Majors", "volume_spike", "4")
    (kept,) = shell.saved
    assert (kept.watchlist, kept.instrument) == ("Majors", None)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "BTC", "crosses", "1"), "is not an instrument"),
        (("add", "binance:BTC/USDT", "rises", "1"), "'rises' is not a condition"),
        (("add", "binance:BTC/USDT", "crosses", "-1"), "is not a price"),
        (("add", "binance:BTC/USDT", "crosses"), "it has no value"),
        (("add", "binance:BTC/USDT", "crosses", "high"), "is not a number"),
        (("add", "binance:BTC/USDT", "crosses", "1", "--set", "x"), "is not KEY=VALUE"),
        (("add", "binance:BTC/USDT", "crosses", "1", "--trigger", "x"), "trigger cannot be"),
        (("pause", "nobody"), "There is no alert 'nobody'"),
        (("remove", "nobody"), "There is no alert 'nobody'"),
    ],
)
def test_wrong_usage_is_one_sentence(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    status, out, err = shell.run(*words)
    assert (status, out) == (2, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def test_an_id_is_given_once(shell: Shell) -> None:
    shell.rows("add", "binance:BTC/USDT", "crosses", "1", "--id", "a")
    status, _, err = shell.run("add", "binance:BTC/USDT", "crosses", "2", "--id", "a")
    assert (status, "already" in err) == (2, True)
    assert len(shell.saved) == 1


def test_comments_and_other_settings_stay(shell: Shell) -> None:
    file = shell.folder / "settings.toml"
    file.write_text('# mine\nversion = 1\n\n[window]\ntheme = "dark"  # at night\n')
    shell.rows("add", "binance:BTC/USDT", "crosses", "1")
    assert "# mine" in file.read_text()
    assert "# at night" in file.read_text()


def test_a_window_that_is_open_and_silent_is_not_written_behind(shell: Shell) -> None:
    window = Instance(find_paths(str(shell.folder)))
    assert window.claim()
    status, _, err = shell.run("list")
    window.release()
    assert status == 1
    assert "does not answer" in err


def test_people_get_a_line_an_alert(shell: Shell) -> None:
    shell.rows("add", "binance:BTC/USDT", "crosses_up", "100000", "--id", "mine")
    _, out, _ = shell.run("list")
    assert out.split() == [
        "mine", "armed", "binance:BTC/USDT", "crosses_up", "value=100000.0", *out.split()[5:-1],
        "once",
    ]  # fmt: skip
