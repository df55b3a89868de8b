"""What to do about each way in which a connection can fail: policy, apart from the loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from ..errors import FeedError, Refused, Unreachable
from ..exchanges.exchange import BadFrame

REGION_BLOCKED = 451
FORBIDDEN = 403
TOO_MANY = 429
BANNED = 418
POLICY_VIOLATION = 1008

BANNED_WAIT = 300.0
BLOCKED_WAIT = 60.0
SERVER_ERROR = 500


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
            return Failure("reconnecting", f"{title} sends frames that cannot be read.")
        case Unreachable() | FeedError():
            return Failure("reconnecting", error.sentence)
        case ConnectionClosed():
            return Failure("reconnecting", f"The connection to {title} was cut.")
        case InvalidHandshake():
            return Failure("reconnecting", f"{title} did not answer as a websocket.", 0.0, True)
        case OSError() | TimeoutError() | EOFError():
            return Failure("reconnecting", f"{title} cannot be reached.", 0.0, True)
    return None


def refusal(title: str, status: int, wait: float | None, forbidden_wait: float) -> Failure:
    """How to answer an HTTP status."""
    if status == REGION_BLOCKED:
        reason = f"{title} refuses connections from this region (451)"
        return Failure("refused", reason, BLOCKED_WAIT, other_host=True)
    if status == FORBIDDEN:
        reason = f"{title} forbids the connection (403)"
        return Failure("refused", reason, wait or forbidden_wait, other_host=True)
    if status == TOO_MANY:
        return Failure("refused", f"{title} asks us to slow down (429)", wait or forbidden_wait)
    if status == BANNED:
        reason = f"{title} has banned this address for a while (418)"
        return Failure("refused", reason, wait or BANNED_WAIT)
    if status >= SERVER_ERROR:
        reason = f"{title} is out of order ({status})"
        return Failure("reconnecting", reason, other_host=True)
    return Failure("refused", f"{title} refuses the connection ({status})", other_host=True)


def _closed(title: str, code: int, reason: str, forbidden_wait: float) -> Failure:
    if code == POLICY_VIOLATION:
        words = f" ({reason})" if reason else ""
        return Failure("refused", f"{title} closed the connection{words}", forbidden_wait)
    return Failure("reconnecting", f"{title} closed the connection ({code})")


def retry_after(header: str | None) -> float | None:
    """Seconds of a Retry-After header; exchanges send whole seconds, never a date."""
    return float(header) if header is not None and header.isdecimal() else None
