"""Frames have the header that RFC 6455 section 5.2 asks for."""

import pytest

from tickglass.simulator.wire import PING_FRAME, text_frame


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_the_length_is_written_in_the_shortest_form(size: int, header: str) -> None:
    assert text_frame("x" * size) == bytes.fromhex(header) + b"x" * size


def test_text_is_counted_in_bytes() -> None:
    assert text_frame("é…") == b"\x81\x05" + "é…".encode()


def test_a_ping_is_empty() -> None:
    assert PING_FRAME == b"\x89\x00"
