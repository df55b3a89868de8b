"""``instruments`` and ``doctor`` on the simulated Binance."""

import json

import pytest

from tickglass.cli import main
from tickglass.exchanges import EXCHANGES


def test_instruments_lists_pairs_with_their_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments", "binance", "--demo", "--json"]) == 0
    rows = {row["pair"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert len(rows) >= 40
    assert rows["BTC/USDT"] == {
        "exchange": "binance", "pair": "BTC/USDT", "symbol": "BTCUSDT", "tick_size": 0.01,
        "lot_size": 0.00001, "status": "trading",
    }  # fmt: skip


def test_an_unknown_exchange_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments", "mtgox", "--demo"]) == 2
    assert "There is no exchange 'mtgox'" in capsys.readouterr().err


def test_doctor_reaches_every_exchange_and_measures_its_clock(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["doctor", "--demo", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [each["exchange"] for each in report["exchanges"]] == list(EXCHANGES)
    for each in report["exchanges"]:
        assert each["reachable"] is True
        assert abs(each["clock_skew_ms"]) < 1_000
    assert set(report["paths"]) == {"config", "data", "cache", "log"}
