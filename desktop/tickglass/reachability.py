"""Which exchanges can be reached from here: hosts are asked for their clock and a websocket."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .errors import BadReply, TickglassError, Unreachable
from .exchanges.exchange import BadFrame, Catalogue, Dial, Endpoint, Exchange
from .feed.failure import failure
from .feed.pacing import Clock
from .feed.rest import Rest
from .feed.route import Route, check_address, proxy, tls
from .feed.skew import Skew, measure_skew
from .language import tr
from .ui.formats import number_text
from .ui.welcome_values import Reachability, ReachState

LIMIT = 10.0  # s that a host is given
CLOSE_TIMEOUT = 1.0
NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
SKEW_WORTH_SAYING = 1_000  # ms

Found = Callable[[Reachability], object]


async def probe_all(
    exchanges: Sequence[type[Exchange]],
    endpoints: Mapping[str, Sequence[Endpoint]],
    clock: Clock,
    found: Found | None = None,
) -> list[Reachability]:
    """Ask all exchanges at once; ``found`` is told each answer as it comes."""

    async def ask(exchange: type[Exchange]) -> Reachability:
        answer = await probe(exchange, endpoints[exchange.name], clock)
        if found is not None:
            found(answer)
        return answer

    return list(await asyncio.gather(*map(ask, exchanges)))


async def probe(
    exchange: type[Exchange], endpoints: Sequence[Endpoint], clock: Clock, limit: float = LIMIT
) -> Reachability:
    """Ask an exchange's hosts in turn, each for at most ``limit`` s, until one can be used.

    What stopped the first is said in any case.
    """
    first: Exception | None = None
    for endpoint in endpoints:
        try:
            async with asyncio.timeout(limit):
                answer = await _ask(exchange, endpoint, clock)
        except (TickglassError, WebSocketException, OSError, EOFError) as error:
            first = first or error
            continue
        return _reached(exchange, endpoint, answer, first)
    host = endpoints[0].rest if endpoints else ""
    reason = first or Unreachable(f"{exchange.name} has no host")
    state, sentence = _reason(exchange.title, reason)
    return Reachability(exchange.name, state, None, f"{sentence}.", host)


def skew_sentence(skew: float) -> str:
    """What there is to say about a clock that is ``skew`` ms ahead; empty if it is right."""
    if abs(skew) < SKEW_WORTH_SAYING:
        return ""
    seconds = number_text(abs(skew) / 1_000, 1)
    if skew > 0:
        return tr("This computer's clock is {seconds} s ahead of the exchange's.", seconds=seconds)
    return tr("This computer's clock is {seconds} s behind the exchange's.", seconds=seconds)


async def _ask(exchange: type[Exchange], endpoint: Endpoint, clock: Clock) -> Skew:
    """The exchange's clock; raises what REST and the handshake raise."""
    rest = Rest(exchange, Route([endpoint]), clock)
    try:
        adapter = exchange(Catalogue())
        answer = await measure_skew(adapter, rest)
        await _shake_hands(adapter, endpoint, rest)
        return answer
    finally:
        await rest.close()


async def _shake_hands(adapter: Exchange, endpoint: Endpoint, rest: Rest) -> None:
    """Open a websocket as for prices, and close it: some refuse only here."""
    request = adapter.ticket_request()
    ticket = await rest.get(request) if request else b""
    lane = next(iter(adapter.lanes.values()))
    url = adapter.url(Dial(endpoint.ws, lane, 1, ticket))
    check_address(url, ("wss", "ws"))
    async with connect(
        url,
        ssl=tls() if url.startswith("wss:") else None,
        proxy=proxy(url),
        open_timeout=None,  # the whole has a limit
        close_timeout=CLOSE_TIMEOUT,
        max_size=adapter.limits.frame_bytes,
        user_agent_header="Tickglass",
    ):
        return


def _reached(
    exchange: type[Exchange], endpoint: Endpoint, answer: Skew, first: Exception | None
) -> Reachability:
    sentence = skew_sentence(answer.skew)
    if first is not None:
        _, reason = _reason(exchange.title, first)
        sentence = tr("{reason}: using its market-data host.", reason=reason)
    return Reachability(
        exchange.name,
        "reachable" if first is None else "fallback",
        round(answer.round_trip, 1),
        sentence,
        endpoint.rest,
        round(answer.skew, 1),
    )


def _reason(title: str, error: Exception) -> tuple[ReachState, str]:
    """Whether it said no or nothing, and why; the sentence has no end yet."""
    if isinstance(error, TimeoutError):
        return "unreachable", tr("{title} did not answer in time", title=title)
    if _without_network(error):
        return "unreachable", tr("{title} is not reachable: no network", title=title)
    if isinstance(error, BadReply | BadFrame):
        return "refused", tr("{title} answers, but not as an exchange does", title=title)
    known = failure(title, error, 0.0)
    refused = known is not None and known.state == "refused"
    sentence = known.sentence if known else tr("{title} is not reachable", title=title)
    return ("refused" if refused else "unreachable"), sentence.rstrip(".")


def _without_network(error: BaseException) -> bool:
    """Whether not even a name could be looked up or no way led anywhere."""
    return any(
        isinstance(each, socket.gaierror)
        or isinstance(getattr(each, "os_error", None), socket.gaierror)
        or getattr(each, "errno", None) in NO_NETWORK
        for each in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
