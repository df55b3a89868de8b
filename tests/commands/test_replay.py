"""``tickglass replay`` on frames that lie outside a recording."""

from pathlib import Path

import pytest

from tickglass.cli import main

DELTA = (
    '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":1,'
    '"b":[["1.5","2"]],"a":[]}}\n'
)


def test_a_book_without_a_snapshot_is_said_to_be_unknown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "binance" / "depth.jsonl"
    file.parent.mkdir()
    file.write_text(DELTA * 2)
    assert main(["replay", str(file), "--json"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == (
        "tickglass: 2 changes of order books have no snapshot to start from, "
        "so those books are not known.\n"
    )
