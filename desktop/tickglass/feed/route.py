"""Which of an exchange's hosts is in use, and which address may be dialled at all."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import truststore

from ..errors import SettingsError
from ..exchanges.exchange import Endpoint
from ..language import tr

PROXY_SCHEMES = ("socks", "https", "all")  # after the address's own; in this order
SECURE = {"wss": True, "https": True, "ws": False, "http": False}


class Route:
    """The hosts of one exchange in the order they are tried, and the one in use.

    Websocket and REST change hosts together: what blocks one blocks the other.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._endpoints = tuple(endpoints)
        self._current = 0

    @property
    def endpoint(self) -> Endpoint:
        """The host in use."""
        return self._endpoints[self._current]

    @property
    def is_fallback(self) -> bool:
        """Whether another host than the first is in use."""
        return self._current > 0

    def leave(self, endpoint: Endpoint) -> bool:
        """Turn from a host that refused; True if there is another one to try at once.

        After the last the first is tried again, but not at once.
        """
        if endpoint != self.endpoint or len(self._endpoints) == 1:
            return endpoint != self.endpoint
        self._current = (self._current + 1) % len(self._endpoints)
        return self._current > 0


def is_loopback(url: str) -> bool:
    """Whether a URL points at this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy(url: str) -> str | None:
    """The system's proxy for an address, if it has one; never for this machine."""
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.netloc):
        return None
    known = getproxies()
    for scheme in (parts.scheme, *PROXY_SCHEMES):
        found = known.get(scheme)
        if found:
            # Where the system names a SOCKS proxy, Python says http:// all the same.
            named = f"socks5h://{found.removeprefix('http://')}"
            return named if scheme == "socks" and found.startswith("http://") else found
    return None


def check_address(url: str, schemes: tuple[str, str]) -> None:
    """Refuse an address that is not of the given schemes, or is plain and not on this machine."""
    if not _is_url(url, schemes):
        raise SettingsError(
            f"{url!r} is not an address",
            tr(
                "{address} is not an address that begins with {secure}:// or {plain}://.",
                address=repr(url),
                secure=schemes[0],
                plain=schemes[1],
            ),
        )
    scheme = urlsplit(url).scheme
    if not SECURE[scheme] and not is_loopback(url):
        raise SettingsError(
            f"{url!r} is not encrypted",
            tr(
                "{address} is not encrypted; {scheme}:// is accepted for this machine only.",
                address=repr(url),
                scheme=scheme,
            ),
        )


def _is_url(url: str, schemes: tuple[str, str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a broken IPv6 address, a port that is none
        return False


@cache
def tls() -> ssl.SSLContext:
    """Verified TLS by the system's own certificates, which a packaged program has no copy of."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
