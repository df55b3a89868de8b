"""REST: one client for all exchanges, within each exchange's weight."""

from __future__ import annotations

import asyncio
import importlib
import logging
from typing import TYPE_CHECKING

from ..errors import BadReply, FeedError, Refused, Unreachable
from ..exchanges.exchange import Complaint, Exchange, Request
from ..language import tr
from .failure import BANNED, FORBIDDEN, REGION_BLOCKED, TOO_MANY, retry_after
from .pacing import Budget, Clock
from .route import Route, proxy, tls

if TYPE_CHECKING:
    import aiohttp

log = logging.getLogger(__name__)

TIMEOUT = 15.0
BODY_LIMIT = 64 * 1024 * 1024  # Binance's full instrument list is some 15 MB
SHARE_USED = 0.7  # of the weight: other programs behind the same address need some too
SLOW_DOWN = 2.0  # s to wait where an exchange complains of haste in a reply of status 200
OK, SERVER_ERROR = 200, 500


class Rest:
    """The REST side of one exchange.

    The HTTP library is imported at the first request, in a thread: it takes a fifth of a second,
    which neither the first picture nor a running window has to spare.
    """

    def __init__(self, exchange: type[Exchange], route: Route, clock: Clock) -> None:
        self._exchange = exchange
        self._route = route
        self._clock = clock
        limits = exchange.limits
        self._budget = Budget(round(limits.weight * SHARE_USED), limits.weight_window, clock)
        self._blocked_until = 0.0
        self._session: aiohttp.ClientSession | None = None
        self._opening = asyncio.Lock()
        self._troubles: tuple[type[Exception], ...] = (OSError, TimeoutError)

    async def get(self, request: Request) -> bytes:
        """The body of a reply.

        Raises Unreachable, Refused (with the exchange's own words) or BadReply.
        """
        title = self._exchange.title
        if self._clock() < self._blocked_until:
            wait = round(self._blocked_until - self._clock())
            raise Refused(
                f"{title} asked us to wait {wait} s more",
                tr(
                    "{exchange} asked for a pause; trying again in {seconds} s.",
                    exchange=title,
                    seconds=wait,
                ),
                status=TOO_MANY,
                retry_after=wait,
            )
        await self._budget.spend(request.weight)
        while True:
            endpoint = self._route.endpoint
            try:
                return await self._fetch(endpoint.rest, request)
            except (Unreachable, Refused) as error:
                blocked = isinstance(error, Unreachable) or error.status in (
                    REGION_BLOCKED,
                    FORBIDDEN,
                )
                if not (blocked and self._route.leave(endpoint)):
                    raise
                log.info("%s: %s; trying %s", title, error, self._route.endpoint.rest)

    async def close(self) -> None:
        """Close the connections that are kept open."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _fetch(self, host: str, request: Request) -> bytes:
        session = await self._open()
        title = self._exchange.title
        try:
            async with session.request(
                request.method,
                host + request.path,
                params=dict(request.query),
                ssl=tls() if host.startswith("https:") else True,
            ) as response:
                body = await _bounded(response)
                complaint = self._exchange.complaint(response.status, body)
                if complaint is not None:
                    wait = response.headers.get("Retry-After")
                    raise self._refusal(response.status, wait, complaint)
                return body
        except self._troubles as error:
            raise Unreachable(
                f"{host}{request.path}: {error!r}",
                tr("{exchange} cannot be reached.", exchange=title),
            ) from error
        except ValueError as error:
            raise BadReply(f"{host}{request.path}: {error!r}") from error

    def _refusal(self, status: int, wait: str | None, complaint: Complaint) -> FeedError:
        title = self._exchange.title
        code, words, too_many = complaint
        seconds = retry_after(wait)
        if too_many or status in (TOO_MANY, BANNED):
            usual = SLOW_DOWN if status == OK else self._exchange.limits.forbidden_wait
            self._blocked_until = self._clock() + (seconds or usual)
            status = BANNED if status == BANNED else TOO_MANY
        detail = f"{title}: HTTP {status}, code {code}: {words[:200]!r}"
        if status >= SERVER_ERROR:
            sentence = tr("{exchange} is out of order ({status}).", exchange=title, status=status)
            return Unreachable(detail, sentence)
        reason = f"{code if status == OK else status}: {words[:200]}".rstrip(". :")
        sentence = tr("{exchange} refuses the request ({why}).", exchange=title, why=reason)
        return Refused(detail, sentence, status=status, retry_after=seconds)

    async def _open(self) -> aiohttp.ClientSession:
        async with self._opening:
            if self._session is None:
                http = await asyncio.to_thread(importlib.import_module, "aiohttp")
                self._troubles = (http.ClientError, OSError, TimeoutError)
                way = proxy(self._route.endpoint.rest)
                through_socks = way is not None and way.startswith("socks")
                self._session = http.ClientSession(
                    timeout=http.ClientTimeout(total=TIMEOUT),
                    connector=await self._connector(way) if through_socks else None,
                    proxy=None if through_socks else way,
                    headers={"User-Agent": "Tickglass"},
                )
            return self._session

    async def _connector(self, way: str | None) -> aiohttp.BaseConnector:
        """Through a SOCKS proxy, which the HTTP library does not speak by itself."""
        socks = await asyncio.to_thread(importlib.import_module, "aiohttp_socks")
        self._troubles = (*self._troubles, socks.ProxyError)
        connector: aiohttp.BaseConnector = socks.ProxyConnector.from_url(
            way.replace("socks5h:", "socks5:") if way else "", rdns=True
        )
        return connector


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadReply(f"{response.url}: a reply of over {BODY_LIMIT} bytes")
    return bytes(body)
