"""The command line: exit statuses, one sentence for what is wrong, and a replay by hand."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tickglass import __version__, cli
from tickglass.cli import main

COMMANDS = ["watch", "instruments", "simulate", "record", "replay", "doctor"]


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error; nothing may stand on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert "Traceback" not in line
    assert line.startswith("tickglass: ")
    assert line.endswith(".")
    return line.removeprefix("tickglass: ")


WRONG = {
    "an unknown command": (["wacth"], "'wacth'"),
    "an unknown option": (["watch", "binance:BTC/USDT", "--jsno"], "--jsno"),
    "no instrument": (["watch"], "INSTRUMENT"),
    "an unknown exchange": (["watch", "nowhere:BTC/USDT"], "'nowhere'"),
    "an unknown exchange to list": (["instruments", "nowhere"], "'nowhere'"),
    "an unknown exchange to simulate": (["simulate", "--exchange", "nowhere"], "'nowhere'"),
    "an unknown exchange of bare frames": (["replay", "x", "--exchange", "nowhere"], "'nowhere'"),
    "a malformed instrument": (["watch", "BTCUSDT"], "'BTCUSDT'"),
    "a malformed instrument to record": (["record", "x.jsonl", "BTCUSDT"], "'BTCUSDT'"),
    "an unknown channel": (["watch", "binance:BTC/USDT", "--channel", "trade,tape"], "'tape'"),
    "an unknown interval": (["watch", "binance:BTC/USDT", "--channel", "candle:7m"], "'7m'"),
    "a candle without an interval": (
        ["watch", "binance:BTC/USDT", "--channel", "candle"],
        "no interval",
    ),
    "an interval of trades": (["watch", "binance:BTC/USDT", "--channel", "trade:1m"], "trade:1m"),
    "no time": (["watch", "binance:BTC/USDT", "--for", "0"], "'0'"),
    "no number of seconds": (["watch", "binance:BTC/USDT", "--for", "nan"], "'nan'"),
    "endless seconds": (["--for", "inf"], "'inf'"),
    "half an event": (["watch", "binance:BTC/USDT", "--count", "1.5"], "'1.5'"),
    "a port that is none": (["simulate", "--port", "web"], "'web'"),
    "a port too high": (["simulate", "--port", "65536"], "'65536'"),
    "a port below zero": (["simulate", "--port=-1"], "'-1'"),
    "a seed that is no number": (["simulate", "--seed", "x"], "'x'"),
    "a rate below zero": (["simulate", "--rate=-5"], "'-5'"),
    "no pairs": (["simulate", "--pairs", "0"], "'0'"),
    "an unknown fault": (["simulate", "--fault", "flood=1"], "flood"),
    "a fault without a value": (["simulate", "--fault", "drop"], "drop"),
    "a share above all": (["simulate", "--fault", "gap=2"], "gap"),
    "a speed that is none": (["replay", "x.jsonl", "--speed", "fast"], "'fast'"),
    "a file for nobody": (["replay"], "FILE.jsonl"),
}


@pytest.mark.parametrize(("arguments", "named"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_status_2_and_one_sentence_that_names_what_is_wrong(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert named in sentence(capsys)


def test_an_exchange_switched_off_is_wrong_usage_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text("[exchanges.binance]\nenabled = false\n")
    assert main(["watch", "binance:BTC/USDT", "--config-dir", str(tmp_path)]) == 2
    assert "switched off" in sentence(capsys)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_explains_and_is_status_0(
    command: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"] if command is None else [command, "--help"])
    assert stop.value.code == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: tickglass {command or ''}".rstrip())
    assert err == ""
    if command is None:
        assert all(f"\n    {each} " in out for each in COMMANDS)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"tickglass {__version__}\n"


def test_an_interruption_is_status_130_and_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_doctor", interrupt)
    assert main(["doctor"]) == 130
    assert capsys.readouterr() == ("", "")


def test_the_options_of_the_window_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def window(options: object) -> int:
        seen.update(vars(options))
        return 0

    monkeypatch.setattr(cli, "_window", window)
    arguments = ["--demo", "--minimized", "--config-dir", "d", "--for", "2.5",
                 "--screenshot", "a.png", "--stats", "b.json"]  # fmt: skip
    assert main(arguments) == 0
    del seen["run"]
    assert seen == {
        "demo": True, "minimized": True, "config_dir": "d", "seconds": 2.5,
        "screenshot": Path("a.png"), "stats": Path("b.json"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [["--demo", "watch", "a:B/C"], ["watch", "a:B/C", "--demo"]],
    ids=["before the command", "after the command"],
)
def test_demo_may_stand_on_either_side_of_the_command(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}

    def watch(options: object) -> int:
        seen.update(vars(options))
        return 0

    monkeypatch.setattr(cli, "_watch", watch)
    assert main(arguments) == 0
    assert seen["demo"] is True


# ---------------------------------------------------------------- replay


def line_of(**values: object) -> str:
    return json.dumps({"t": 1795348800123456789, "exchange": "binance", **values})


def frame(stream: str, **data: object) -> str:
    return line_of(connection=1, frame=json.dumps({"stream": stream, "data": data}))


def depth(first: int, last: int, bids: list[list[str]]) -> str:
    return frame(
        "btcusdt@depth@100ms", e="depthUpdate", E=1000 + last, s="BTCUSDT", U=first, u=last,
        b=bids, a=[],
    )  # fmt: skip


RECORDING = "\n".join(
    [
        '{"tickglass_recording":1}',
        line_of(instruments=[{"symbol": "BTCUSDT", "base": "BTC", "quote": "USDT"}]),
        line_of(connection=1, frame='{"result":null,"id":1}'),
        frame(
            "pepeusdt@trade", e="trade", E=2, s="PEPEUSDT", t=12, p="0.00001234",
            q="100000000000000000.00", T=1795348800125, m=False,
        ),
        depth(161, 161, [["99.5", "1"]]),
        line_of(
            rest="/api/v3/depth?symbol=BTCUSDT&limit=1000",
            body='{"lastUpdateId":160,"bids":[["99","2"]],"asks":[["101","3"]]}',
        ),
        "this line is broken",
        depth(162, 163, [["99", "0.00000000"]]),
        depth(165, 165, []),
        frame("btcusdt@bookTicker", u=9, s="BTCUSDT", b="99.5", B="1", a="101", A="3"),
    ]
)  # fmt: skip

RECORDS = [
    '{"type":"trade","exchange":"binance","pair":"PEPE/USDT","time":1795348800125,"id":"12",'
    '"price":0.00001234,"size":100000000000000000,"side":"buy","line":4}',
    '{"type":"book","exchange":"binance","pair":"BTC/USDT","time":1163,"sequence":163,'
    '"bids":[[99.5,1.0]],"asks":[[101.0,3.0]],"line":8}',
    '{"type":"quote","exchange":"binance","pair":"BTC/USDT","time":null,"bid":99.5,"bid_size":1.0,'
    '"ask":101.0,"ask_size":3.0,"line":10}',
]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_replay_prints_exactly_the_records_and_complains_by_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    content = RECORDING.encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert main(["replay", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == RECORDS
    broken, gap, *counts = err.splitlines()
    assert broken.startswith("tickglass: line 7: ")
    assert gap == "tickglass: line 9: binance:BTC/USDT: gap: held 163, got 165"
    assert counts == ["tickglass: 1 line could not be read.", "tickglass: 1 gap in order books."]


def test_replay_for_people_is_a_line_an_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(RECORDING)
    assert main(["replay", str(path), "--speed", "max"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "12:00:00.125  binance:PEPE/USDT         trade    buy  100000000000000000 @ 0.00001234",
        "00:00:01.163  binance:BTC/USDT          book     99.5 / 101  1 + 1 levels",
        "              binance:BTC/USDT          quote    99.5 (1) / 101 (3)",
    ]


def test_replay_reads_bare_frames_of_a_named_exchange_or_of_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "binance" / "x.jsonl"
    path.parent.mkdir()
    path.write_text('{"u":7,"s":"BTCUSDT","b":"1.5","B":"2","a":"1.6","A":"3"}\n')
    elsewhere = tmp_path / "y.jsonl"
    elsewhere.write_text(path.read_text())
    expected = (
        '{"type":"quote","exchange":"binance","pair":"BTC/USDT","time":null,"bid":1.5,'
        '"bid_size":2.0,"ask":1.6,"ask_size":3.0,"line":1}\n'
    )
    assert main(["replay", str(path), "--json"]) == 0
    assert capsys.readouterr() == (expected, "")
    assert main(["replay", str(elsewhere), "--json", "--exchange", "Binance"]) == 0
    assert capsys.readouterr() == (expected, "")
    assert main(["replay", str(elsewhere), "--json"]) == 1
    assert "--exchange" in sentence(capsys)


def test_a_recording_that_is_not_there_is_status_1_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing.jsonl"
    assert main(["replay", str(path)]) == 1
    assert sentence(capsys).startswith(f"{path} cannot be read: ")


def test_replay_loads_neither_qt_nor_a_server() -> None:
    code = (
        "import sys; from tickglass.cli import main; main(['replay', 'missing.jsonl']); "
        "loaded = {name.split('.')[0] for name in sys.modules}; "
        "sys.exit(bool(loaded & {'PySide6', 'qasync', 'pyqtgraph', 'aiohttp'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
