"""Whatever an exchange sends, reading it ends in events or in BadFrame, and soon."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import BadFrame, Catalogue, Exchange

FIXTURES = Path(__file__).parent / "fixtures"
# What is put in the place of every value of a good frame, one at a time.
STRANGE: list[Any] = [
    None, True, -1, 0, 1e400, -1e308, 10**30, "", "NaN", "-Infinity", "1e999", "x" * 10_000, [], {},
    [[]], {"a": {}}, [None], "\u0000\ud7ff", "2026-13-45T99:99:99Z", [["1"]], [["1", "2", "3"]],
]  # fmt: skip
DEEP = 100_000


def adapter(name: str) -> Exchange:
    return EXCHANGES[name](Catalogue(), guess_symbols=True)


def good_frames(name: str) -> list[str]:
    lines = (FIXTURES / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line)["frame"] for line in lines]


def read(name: str, frame: bytes | str) -> None:
    """Decode on a fresh connection; anything but BadFrame is a crash."""
    try:
        adapter(name).decode(frame)
    except BadFrame:
        return


def variants(value: Any) -> Iterator[Any]:
    """The value with each of its parts replaced, one at a time, or left out."""
    yield from STRANGE
    if isinstance(value, dict):
        for key, part in value.items():
            yield {each: its for each, its in value.items() if each != key}
            for changed in variants(part):
                yield {**value, key: changed}
        yield {**value, "unknown": {"field": [1, 2, 3]}}
    elif isinstance(value, list):
        for index, part in enumerate(value[:3]):
            for changed in variants(part):
                yield [*value[:index], changed, *value[index + 1 :]]


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_frame_with_any_part_spoilt_is_read_or_refused(name: str) -> None:
    for frame in good_frames(name):
        try:
            value = json.loads(frame)
        except ValueError:
            continue  # a bare word
        for variant in variants(value):
            read(name, json.dumps(variant))


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_frame_cut_short_anywhere_is_read_or_refused(name: str) -> None:
    for frame in good_frames(name):
        for length in range(0, len(frame), 7):
            read(name, frame[:length])


@pytest.mark.parametrize("name", EXCHANGES)
@pytest.mark.parametrize(
    "frame",
    [
        b"", b"\x00", b"\xff\xfe", b"null", b"[]", b"{}", b"1", b'"x"', b"NaN", b"<html>403</html>",
        b"[" * DEEP, b'{"data":' * DEEP, b'{"topic":' + b"[" * DEEP, b'{"events":' + b"[" * DEEP,
        b'{"a":"' + b"x" * (3 << 20) + b'"}', b"[" + b"0," * (1 << 20) + b"0]",
    ],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_message_at_all_is_refused(name: str, frame: bytes) -> None:
    with pytest.raises(BadFrame):
        adapter(name).decode(frame)


@pytest.mark.parametrize("name", EXCHANGES)
@given(data=st.data())
def test_random_changes_of_a_good_frame_never_crash(name: str, data: st.DataObject) -> None:
    frame = bytearray(data.draw(st.sampled_from(good_frames(name))).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(frame) - 1))
        frame[at] = data.draw(st.integers(0, 255))
    read(name, bytes(frame))
