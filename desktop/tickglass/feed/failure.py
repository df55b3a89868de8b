"""What to do about each way in which a connection can fail: policy, apart from the loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from ..errors import FeedError, Refused, Unreachable
from ..exchanges.exchange import BadFrame
from ..language import mark, tr

REGION_BLOCKED = 451
FORBIDDEN = 403
TOO_MANY = 429
BANNED = 418
POLICY_VIOLATION = 1008

BANNED_WAIT = 300.0
BLOCKED_WAIT = 60.0
SERVER_ERROR = 500

REFUSALS = {
    REGION_BLOCKED: mark("{exchange} refuses connections from this region ({status})"),
    FORBIDDEN: mark("{exchange} forbids the connection ({status})"),
    TOO_MANY: mark("{exchange} asks us to slow down ({status})"),
    BANNED: mark("{exchange} has banned this address for a while ({status})"),
}
REFUSAL = mark("{exchange} refuses the connection ({status})")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed connection: what it is called, why, and the least time to wait in seconds.

    ``other_host``: the exchange's next host may do better.
    """

    state: Literal["reconnecting", "refused"]
    sentence: str
    wait: float = 0.0
    other_host: bool = False


def failure(title: str, error: BaseException, forbidden_wait: float) -> Failure | None:
    """How to answer an error of a connection to the exchange ``title``; None if unexpected."""
    match error:
        case InvalidStatus():
            response = error.response
            wait = retry_after(response.headers.get("Retry-After"))
            return refusal(title, response.status_code, wait, forbidden_wait)
        case Refused() if error.status in (REGION_BLOCKED, FORBIDDEN, TOO_MANY, BANNED):
            return refusal(title, error.status, error.retry_after, forbidden_wait)
        case Refused():
            return Failure("refused", error.sentence, other_host=True)
        case ConnectionClosed() if error.rcvd is not None:
            return _closed(title, error.rcvd.code, error.rcvd.reason, forbidden_wait)
        case BadFrame():
            sentence = tr("{exchange} sends frames that cannot be read.", exchange=title)
            return Failure("reconnecting", sentence)
        case Unreachable() | FeedError():
            return Failure("reconnecting", error.sentence)
        case ConnectionClosed():
            sentence = tr("The connection to {exchange} was cut.", exchange=title)
            return Failure("reconnecting", sentence)
        case InvalidHandshake():
            sentence = tr("{exchange} did not answer as a websocket.", exchange=title)
            return Failure("reconnecting", sentence, 0.0, True)
        case OSError() | TimeoutError() | EOFError():
            sentence = tr("{exchange} cannot be reached.", exchange=title)
            return Failure("reconnecting", sentence, 0.0, True)
    return None


def refusal(title: str, status: int, wait: float | None, forbidden_wait: float) -> Failure:
    """How to answer an HTTP status."""
    reason = tr(REFUSALS.get(status, REFUSAL), exchange=title, status=status)
    if status == REGION_BLOCKED:
        return Failure("refused", reason, BLOCKED_WAIT, other_host=True)
    if status == FORBIDDEN:
        return Failure("refused", reason, wait or forbidden_wait, other_host=True)
    if status == TOO_MANY:
        return Failure("refused", reason, wait or forbidden_wait)
    if status == BANNED:
        return Failure("refused", reason, wait or BANNED_WAIT)
    if status >= SERVER_ERROR:
        reason = tr("{exchange} is out of order ({status})", exchange=title, status=status)
        return Failure("reconnecting", reason, other_host=True)
    return Failure("refused", reason, other_host=True)


def _closed(title: str, code: int, reason: str, forbidden_wait: float) -> Failure:
    if code == POLICY_VIOLATION:
        told = tr("{exchange} closed the connection", exchange=title)
        if reason:
            told = tr("{exchange} closed the connection ({why})", exchange=title, why=reason)
        return Failure("refused", told, forbidden_wait)
    told = tr("{exchange} closed the connection ({why})", exchange=title, why=code)
    return Failure("reconnecting", told)


def retry_after(header: str | None) -> float | None:
    """Seconds of a Retry-After header; exchanges send whole seconds, never a date."""
    return float(header) if header is not None and header.isdecimal() else None
