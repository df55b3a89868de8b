"""Recordings: what is written is read back, and what cannot be read is told by its line."""

import base64
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import RecordingError
from tickglass.feed.recording import (
    Entry,
    Frame,
    Instruments,
    Recorder,
    RestReply,
    Unreadable,
    read_recording,
)
from tickglass.market.instrument import Instrument, Listing

BTC = Instrument("binance", "BTC", "USDT")
NOW = 1795348800123456789
HEADER = '{"tickglass_recording":1}'


def written(path: Path, *lines: str | bytes) -> Path:
    """A recording of these lines after the header."""
    texts = [HEADER.encode(), *(x.encode() if isinstance(x, str) else x for x in lines)]
    content = b"\n".join(texts) + b"\n"
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def frame_line(frame: str, time: int = NOW) -> str:
    return json.dumps({"t": time, "exchange": "binance", "connection": 1, "frame": frame})


def entries(path: Path, bare_exchange: str | None = None) -> list[Entry]:
    return list(read_recording(path, bare_exchange))


def refusal(path: Path, bare_exchange: str | None = None) -> str:
    with pytest.raises(RecordingError) as caught:
        entries(path, bare_exchange)
    return caught.value.sentence


# ---------------------------------------------------------------- writing


def test_lines_are_those_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with Recorder(path, lambda: NOW) as recorder:
        recorder.instruments("binance", [Listing(BTC, "BTCUSDT")])
        recorder.frame("binance", 1, b'{"e":"trade"}')
        recorder.rest("binance", "/api/v3/depth?symbol=BTCUSDT&limit=1000", b'{"bids":[]}')
        recorder.frame("binance", 2, b"\xff\x00")
    assert recorder.frames == 2
    assert path.read_text().splitlines() == [
        '{"tickglass_recording":1}',
        '{"t":1795348800123456789,"exchange":"binance",'
        '"instruments":[{"symbol":"BTCUSDT","base":"BTC","quote":"USDT"}]}',
        '{"t":1795348800123456789,"exchange":"binance","connection":1,'
        '"frame":"{\\"e\\":\\"trade\\"}"}',
        '{"t":1795348800123456789,"exchange":"binance",'
        '"rest":"/api/v3/depth?symbol=BTCUSDT&limit=1000","body":"{\\"bids\\":[]}"}',
        '{"t":1795348800123456789,"exchange":"binance","connection":2,"frame_base64":"/wA="}',
    ]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    clock = iter([10, 20, 30, 40])
    with Recorder(path, lambda: next(clock)) as recorder:
        recorder.instruments("okx", [Listing(Instrument("okx", "BTC", "USDT"), "BTC-USDT")])
        recorder.frame("okx", 1, "币 \n\u2028".encode())
        recorder.rest("okx", "/x?y=z", b"body")
        recorder.frame("okx", 3, b"\xfe\xff")
    assert entries(path) == [
        Instruments(2, "okx", [Listing(Instrument("okx", "BTC", "USDT"), "BTC-USDT")]),
        Frame(3, 20, "okx", 1, "币 \n\u2028".encode()),
        RestReply(4, 30, "okx", "/x?y=z", b"body"),
        Frame(5, 40, "okx", 3, b"\xfe\xff"),
    ]
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


@given(st.lists(st.binary(max_size=30) | st.text(max_size=30).map(str.encode), max_size=8))
def test_any_frames_are_read_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, frames: list[bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "frames.jsonl"
    with Recorder(path, lambda: NOW) as recorder:
        for frame in frames:
            recorder.frame("binance", 1, frame)
    assert entries(path) == [
        Frame(line, NOW, "binance", 1, frame) for line, frame in enumerate(frames, 2)
    ]


def test_a_file_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "x.jsonl"
    with pytest.raises(RecordingError) as caught:
        Recorder(path, lambda: NOW)
    assert caught.value.sentence == f"{path} cannot be written: No such file or directory."


# ---------------------------------------------------------------- reading


def test_a_recording_of_others_is_read_by_the_contract(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.jsonl",
        '{"exchange":"okx","instruments":[{"symbol":"btc-usdt","base":"btc","quote":"usdt"}]}',
        '{"frame":"x","connection":7,"exchange":"okx","t":5,"note":"unknown keys are borne"}',
        json.dumps({"t": 6, "exchange": "okx", "connection": 1,
                    "frame_base64": base64.b64encode(b"\x00\xff").decode()}),
        '{"t":7,"exchange":"okx","rest":"/r"}',
    )  # fmt: skip
    assert entries(path) == [
        Instruments(2, "okx", [Listing(Instrument("okx", "BTC", "USDT"), "btc-usdt")]),
        Frame(3, 5, "okx", 7, b"x"),
        Frame(4, 6, "okx", 1, b"\x00\xff"),
        RestReply(5, 7, "okx", "/r", b""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "5",
        '{"t":1,"exchange":"okx"}',
        '{"t":"soon","exchange":"okx","frame":"x"}',
        '{"t":1,"exchange":"okx","frame":5}',
        '{"t":1,"exchange":"okx","frame_base64":"!!!"}',
        '{"t":1,"exchange":"okx","frame_base64":"abc"}',
        '{"t":1,"exchange":"okx","instruments":[{"symbol":"BTC-USDT"}]}',
        '{"t":1,"exchange":"okx","frame":"cut o',
        b'{"t":1,"exchange":"okx","frame":"\xff"}',
        '{"frame":"\\ud800"}',
        '{"frame":' + "[" * 5_000,
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number_and_the_rest_is_read(
    line: str | bytes, tmp_path: Path
) -> None:
    path = written(tmp_path / "x.jsonl", frame_line("first"), line, "", frame_line("last"))
    first, bad, last = entries(path)
    assert first == Frame(2, NOW, "binance", 1, b"first")
    assert isinstance(bad, Unreadable)
    assert bad.line == 3
    assert bad.reason
    assert last == Frame(5, NOW, "binance", 1, b"last")  # the blank line 4 counts


def test_a_file_without_the_header_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    for content in ("", "\n", '{"e":"trade"}\n', "hello\n", '{"tickglass_recording":"x"}\n'):
        path.write_text(content)
        assert refusal(path) == (
            f"{path} is not a Tickglass recording; name the exchange with --exchange "
            "to read it as bare frames."
        )


def test_a_file_without_the_header_is_bare_frames_of_a_named_exchange(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"a":1}\n\n{"b":2}\r\n{"c":3}')
    assert entries(path, "kucoin") == [
        Frame(1, 0, "kucoin", 1, b'{"a":1}'),
        Frame(3, 0, "kucoin", 1, b'{"b":2}'),
        Frame(4, 0, "kucoin", 1, b'{"c":3}'),
    ]


def test_the_header_is_heeded_even_if_an_exchange_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl", frame_line("x"))
    assert entries(path, "kucoin") == [Frame(2, NOW, "binance", 1, b"x")]


def test_a_missing_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    sentence = refusal(path)
    assert sentence.startswith(f"{path} cannot be read: ")
    assert "No such file" in sentence


def test_a_file_that_is_no_gzip_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_text(HEADER)
    assert refusal(path).startswith(f"{path} cannot be read: ")


def test_of_a_gzip_cut_short_all_whole_lines_before_the_cut_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    # Frames that compress badly, so that the cut lies far into them.
    frames = [
        base64.b85encode(bytes((n * k) % 251 for k in range(40))).decode() for n in range(900)
    ]
    written(path, *map(frame_line, frames))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    read: list[Entry] = []
    with pytest.raises(RecordingError) as caught:
        for entry in read_recording(path):
            read.append(entry)
    assert len(read) > 300
    assert (
        read
        == [Frame(line, NOW, "binance", 1, frame.encode()) for line, frame in enumerate(frames, 2)][
            : len(read)
        ]
    )
    assert caught.value.sentence.startswith(f"{path} cannot be read: ")


def test_a_gzip_damaged_inside_is_told_and_not_a_crash(tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl.gz", *(frame_line(str(n)) for n in range(500)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40] = bytes(40)
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path} cannot be read: ")
