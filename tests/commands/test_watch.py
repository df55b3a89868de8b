"""``tickglass watch`` on the simulated Binance, as a person or a script runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tickglass.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any], str]:
    status = main(["watch", *arguments])
    output = capsys.readouterr()
    return status, [json.loads(line) for line in output.out.splitlines()], output.err


def test_count_stops_after_so_many_events(capsys: pytest.CaptureFixture[str]) -> None:
    status, records, errors = run(
        capsys, "binance:BTC/USDT", "--demo", "--json", "--count", "3", "--channel", "trade,quote"
    )
    market = [each for each in records if each["type"] != "status"]
    assert (status, errors) == (0, "")
    assert len(market) == 3
    assert {each["pair"] for each in market} == {"BTC/USDT"}
    assert records[0] == {
        "type": "status", "exchange": "binance", "connection": 1, "state": "connecting",
        "detail": "",
    }  # fmt: skip


def test_every_channel_gives_its_records(capsys: pytest.CaptureFixture[str]) -> None:
    channels = "ticker,trade,quote,book,candle:1m"
    status, records, _ = run(
        capsys, "binance:BTC/USDT", "binance:ETH/USDT", "--demo", "--json", "--for", "4",
        "--channel", channels,
    )  # fmt: skip
    kinds = {(each["type"], each.get("pair")) for each in records}
    assert status == 0
    for pair in ("BTC/USDT", "ETH/USDT"):
        assert {(kind, pair) for kind in ("ticker", "trade", "quote", "book", "candle")} <= kinds
    books = [each for each in records if each["type"] == "book"]
    assert all(len(book["bids"]) == len(book["asks"]) == 20 for book in books)
    assert all(book["bids"][0][0] < book["asks"][0][0] for book in books)


def test_an_unlisted_pair_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, errors = run(capsys, "binance:NOPE/USDT", "--demo", "--json", "--for", "10")
    assert (status, errors) == (1, "tickglass: Binance does not list NOPE/USDT.\n")


def test_no_network_is_one_clear_failure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text(
        "version = 1\n[exchanges.binance]\nws = 'ws://127.0.0.1:9'\nrest = 'http://127.0.0.1:9'\n"
    )
    status, _, errors = run(
        capsys, "binance:BTC/USDT", "--json", "--for", "1", "--config-dir", str(tmp_path)
    )
    assert status == 1
    assert errors.splitlines()[-1].startswith("tickglass: Nothing came. Binance cannot be reached")
    assert "Traceback" not in errors


def test_an_unencrypted_address_elsewhere_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text(
        "version = 1\n[exchanges.binance]\nws = 'ws://example.com'\n"
    )
    status, records, errors = run(
        capsys, "binance:BTC/USDT", "--json", "--for", "1", "--config-dir", str(tmp_path)
    )
    assert (status, records) == (2, [])
    assert "ws:// is accepted for this machine only" in errors
