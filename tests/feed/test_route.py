"""Which host is dialled, and which must never be."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import SettingsError
from tickglass.exchanges.exchange import Endpoint
from tickglass.feed.route import Route, check_address, is_loopback, tls

FIRST, SECOND, THIRD = (Endpoint(f"wss://{n}.example", f"https://{n}.example") for n in "abc")
WS, REST = ("wss", "ws"), ("https", "http")


def test_the_first_host_is_used_until_it_is_left() -> None:
    route = Route([FIRST, SECOND])
    assert route.endpoint == FIRST
    assert not route.is_fallback


def test_hosts_are_tried_in_their_order_and_the_first_again_but_not_at_once() -> None:
    route = Route([FIRST, SECOND, THIRD])
    tried = []
    for _ in range(4):
        at_once = route.leave(route.endpoint)
        tried.append((route.endpoint, at_once, route.is_fallback))
    assert tried == [
        (SECOND, True, True),
        (THIRD, True, True),
        (FIRST, False, False),
        (SECOND, True, True),
    ]


def test_a_host_that_another_has_left_already_is_not_left_twice() -> None:
    route = Route([FIRST, SECOND])
    assert route.leave(FIRST)
    assert route.leave(FIRST)  # a second connection fails there too: there is another to try
    assert route.endpoint == SECOND


def test_an_only_host_is_kept_and_not_tried_at_once() -> None:
    route = Route([FIRST])
    assert not route.leave(FIRST)
    assert route.endpoint == FIRST
    assert not route.is_fallback


@pytest.mark.parametrize(
    "url",
    ["ws://127.0.0.1:8080", "http://localhost", "ws://[::1]:9/stream", "ws://127.8.9.10",
     "http://LOCALHOST:1"],
)  # fmt: skip
def test_this_machine_may_be_dialled_in_plain(url: str) -> None:
    assert is_loopback(url)
    check_address(url, WS if url.startswith("ws") else REST)


@pytest.mark.parametrize(
    "url",
    ["ws://stream.binance.com", "ws://10.0.0.1", "ws://127.0.0.1.example.com", "ws://0.0.0.0",
     "ws://localhost.example.com", "ws://[::2]", "ws://127.0.0.1@example.com"],
)  # fmt: skip
def test_any_other_machine_may_not_be_dialled_in_plain(url: str) -> None:
    assert not is_loopback(url)
    with pytest.raises(SettingsError) as caught:
        check_address(url, WS)
    assert caught.value.sentence == (
        f"{url!r} is not encrypted; ws:// is accepted for this machine only."
    )


@pytest.mark.parametrize(
    "url", ["wss://stream.binance.com:443", "wss://127.0.0.1", "WSS://example.com/path"]
)
def test_an_encrypted_address_is_accepted_anywhere(url: str) -> None:
    check_address(url, WS)


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "example.com", "", "wss://", "wss:///path", "ftp://example.com",
     "wss//example.com", "wss://[broken", "wss://example.com:port", "wss://example.com:99999"],
)  # fmt: skip
def test_what_is_no_address_of_the_scheme_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_address(url, WS)
    assert caught.value.sentence.startswith(repr(url))
    assert caught.value.sentence.endswith(".")


@given(st.text(max_size=30) | st.text("ws:/[]@.1a%", max_size=30).map("wss://".__add__))
def test_no_text_at_all_raises_anything_but_a_sentence(url: str) -> None:
    try:
        check_address(url, WS)
    except SettingsError as error:
        assert error.sentence


def test_certificates_are_verified() -> None:
    context = tls()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
