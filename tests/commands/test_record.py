"""Recording and replaying: what was watched comes out again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tickglass.cli import main


def replayed(capsys: pytest.CaptureFixture[str], file: Path) -> list[Any]:
    assert main(["replay", str(file), "--json"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return [json.loads(line) for line in output.out.splitlines()]


@pytest.mark.parametrize("name", ["tape.jsonl", "tape.jsonl.gz"])
def test_a_recording_replays_into_the_events_of_every_channel(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert main(["record", str(file), "binance:BTC/USDT", "--demo", "--for", "4"]) == 0
    assert "frames written to" in capsys.readouterr().err
    records = replayed(capsys, file)
    assert {each["type"] for each in records} == {"ticker", "trade", "quote", "book", "candle"}
    lines = [each["line"] for each in records]
    assert lines == sorted(lines)
    assert lines[0] > 1


def test_an_unlisted_pair_is_not_recorded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "tape.jsonl"
    assert main(["record", str(file), "binance:NOPE/USDT", "--demo", "--for", "9"]) == 1
    assert capsys.readouterr().err == "tickglass: Binance does not list NOPE/USDT.\n"


def test_a_folder_that_is_not_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "tape.jsonl"
    assert main(["record", str(file), "binance:BTC/USDT", "--demo", "--for", "1"]) == 1
    assert capsys.readouterr().err == (
        f"tickglass: {file} cannot be written: No such file or directory.\n"
    )
