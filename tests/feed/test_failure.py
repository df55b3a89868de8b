"""What each way to fail is answered with."""

import ssl

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    ConnectionClosedOK,
    InvalidHandshake,
    InvalidStatus,
    InvalidUpgrade,
)
from websockets.frames import Close
from websockets.http11 import Response

from tickglass.errors import BadReply, Refused, SettingsError, Unreachable
from tickglass.exchanges.exchange import BadFrame
from tickglass.feed.failure import Failure, failure, retry_after

FORBIDDEN_WAIT = 120.0  # what Binance's page says after being told that too much was sent


def handshake(status: int, **headers: str) -> InvalidStatus:
    named = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return InvalidStatus(Response(status, "", named))


def closed(code: int, reason: str = "") -> ConnectionClosedError:
    return ConnectionClosedError(Close(code, reason), None)


def answer(error: BaseException) -> Failure:
    found = failure("Binance", error, FORBIDDEN_WAIT)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            handshake(451),
            Failure(
                "refused", "Binance refuses connections from this region (451)", 60.0,
                other_host=True,
            ),
        ),
        (
            handshake(403),
            Failure("refused", "Binance forbids the connection (403)", 120.0, other_host=True),
        ),
        (
            handshake(403, Retry_After="600"),
            Failure("refused", "Binance forbids the connection (403)", 600.0, other_host=True),
        ),
        (handshake(429), Failure("refused", "Binance asks us to slow down (429)", 120.0)),
        (
            handshake(429, Retry_After="7"),
            Failure("refused", "Binance asks us to slow down (429)", 7.0),
        ),
        (
            handshake(418),
            Failure("refused", "Binance has banned this address for a while (418)", 300.0),
        ),
        (
            handshake(418, Retry_After="86400"),
            Failure("refused", "Binance has banned this address for a while (418)", 86_400.0),
        ),
        (
            handshake(503),
            Failure("reconnecting", "Binance is out of order (503)", other_host=True),
        ),
        (
            handshake(404),
            Failure("refused", "Binance refuses the connection (404)", other_host=True),
        ),
        (
            Refused("said no", status=429, retry_after=7.0),
            Failure("refused", "Binance asks us to slow down (429)", 7.0),
        ),
        (
            Refused("said no", status=451),
            Failure(
                "refused", "Binance refuses connections from this region (451)", 60.0,
                other_host=True,
            ),
        ),
    ],
    ids=str,
)  # fmt: skip
def test_an_http_status_is_answered_as_the_exchanges_page_says(
    error: BaseException, expected: Failure
) -> None:
    assert answer(error) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            closed(1008, "Too many requests"),
            Failure("refused", "Binance closed the connection (Too many requests)", 120.0),
        ),
        (closed(1008), Failure("refused", "Binance closed the connection", 120.0)),
        (closed(1001), Failure("reconnecting", "Binance closed the connection (1001)")),
        (closed(1011), Failure("reconnecting", "Binance closed the connection (1011)")),
        (
            ConnectionClosedOK(Close(1000, "bye"), Close(1000, ""), True),
            Failure("reconnecting", "Binance closed the connection (1000)"),
        ),
        (
            ConnectionClosedError(None, Close(1011, "keepalive ping timeout")),
            Failure("reconnecting", "The connection to Binance was cut."),
        ),
        (
            ConnectionClosedError(None, None),
            Failure("reconnecting", "The connection to Binance was cut."),
        ),
    ],
    ids=str,
)
def test_a_close_is_redialled_at_once_unless_we_sent_too_much(
    error: BaseException, expected: Failure
) -> None:
    assert answer(error) == expected


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "refused"),
        TimeoutError(),
        EOFError(),
        OSError("no such host"),
        ssl.SSLCertVerificationError("self-signed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_host_that_cannot_be_reached_is_left_for_the_next(error: BaseException) -> None:
    assert answer(error) == Failure(
        "reconnecting", "Binance cannot be reached.", 0.0, other_host=True
    )


@pytest.mark.parametrize("error", [InvalidHandshake("no"), InvalidUpgrade("Upgrade", "no")])
def test_an_answer_that_is_no_websocket_is_left_for_the_next_host(error: BaseException) -> None:
    assert answer(error) == Failure(
        "reconnecting", "Binance did not answer as a websocket.", 0.0, other_host=True
    )


def test_unreadable_frames_are_answered_by_dialling_anew() -> None:
    assert answer(BadFrame("what")) == Failure(
        "reconnecting", "Binance sends frames that cannot be read."
    )


@pytest.mark.parametrize("kind", [Unreachable, BadReply])
def test_an_expected_failure_speaks_for_itself(kind: type[Unreachable | BadReply]) -> None:
    assert answer(kind("detail", "One sentence.")) == Failure("reconnecting", "One sentence.")


@pytest.mark.parametrize(
    "error", [ValueError("bug"), KeyError("bug"), SettingsError("no"), AssertionError()], ids=repr
)
def test_anything_else_is_unexpected(error: BaseException) -> None:
    assert failure("Binance", error, FORBIDDEN_WAIT) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("0", 0.0), (None, None), ("", None), ("-5", None), ("soon", None),
     ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("1.5", None), ("²", None)],
)  # fmt: skip
def test_retry_after_is_whole_seconds_or_nothing(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds
