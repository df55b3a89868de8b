"""The table of settings: complete, of the right types, and in agreement with everybody else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.errors import SettingsError
from tickglass.exchanges import EXCHANGES
from tickglass.feed.route import check_address
from tickglass.market.instrument import Instrument
from tickglass.options import (
    MOST_INSTRUMENTS,
    OPTIONS,
    REST_SCHEMES,
    SECTIONS,
    WS_SCHEMES,
    Option,
    address_problem,
    by_key,
    exchange_options,
    fits,
    is_basis,
    is_zone,
    limit,
    read_instruments,
)
from tickglass.settings import ExchangeSettings, Settings
from tickglass.ui.tokens import MOTION_CHOICES, PALETTE_CHOICES, THEME_CHOICES
from tickglass.ui.watchlist.columns import SPAN_TITLES

BTC, ETH = Instrument("binance", "BTC", "USDT"), Instrument("okx", "ETH", "USDT")
ALL = [*OPTIONS, *exchange_options("binance", "Binance")]
KEYS = by_key(OPTIONS)
every_option = pytest.mark.parametrize("option", ALL, ids=lambda option: option.key)


@every_option
def test_a_default_is_a_value_that_the_option_takes(option: Option) -> None:
    assert fits(option, option.default)
    assert limit(option, option.default) == ""


@every_option
def test_an_option_says_what_it_is(option: Option) -> None:
    assert option.title and option.title == option.title.strip()
    assert option.help.endswith((".", "…"))
    assert option.group
    assert all(words for _, words in option.choices)


def test_the_tree_and_the_table_have_the_same_settings_with_the_same_defaults() -> None:
    fresh = Settings()
    in_tree = {
        f"{section}.{field.name}": getattr(getattr(fresh, section), field.name)
        for section in SECTIONS
        for field in dataclasses.fields(getattr(fresh, section))
    }
    assert in_tree == {option.key: option.default for option in OPTIONS}
    in_exchange = {field.name: field.default for field in dataclasses.fields(ExchangeSettings)}
    assert in_exchange == {option.name: option.default for option in exchange_options("x")}


def test_no_key_stands_in_the_table_twice() -> None:
    assert len(KEYS) == len(OPTIONS)


def test_every_choice_is_one_that_the_window_knows() -> None:
    def choices(key: str) -> set[str]:
        return {value for value, _ in KEYS[key].choices}

    assert choices("window.theme") == set(THEME_CHOICES)
    assert choices("window.palette") == set(PALETTE_CHOICES)
    assert choices("window.motion") == set(MOTION_CHOICES)
    assert choices("window.sparkline") == set(SPAN_TITLES)


def test_values_are_read_and_chosen_by_their_keys() -> None:
    settings = Settings.first()
    assert settings.values()["exchanges.binance.enabled"] is True
    settings.choose("window.theme", "dark")
    settings.choose("exchanges.binance.ws", "wss://x")
    settings.choose("exchanges.new.enabled", False)
    settings.choose("ticker.instruments", (BTC,))
    assert settings.window.theme == settings.value("window.theme") == "dark"
    assert settings.exchanges["binance"].ws == "wss://x"
    assert settings.exchanges["new"] == ExchangeSettings(False)
    assert settings.ticker.instruments == (BTC,)
    assert set(settings.values()) == set(KEYS) | {
        each.key for name in (*EXCHANGES, "new") for each in exchange_options(name)
    }


@pytest.mark.parametrize(
    "key", ["", "theme", "window", "window.x", "alerts.x", "exchanges", "exchanges.binance.x"]
)
def test_a_key_that_is_no_setting_is_refused_and_changes_nothing(key: str) -> None:
    settings = Settings.first()
    with pytest.raises(KeyError):
        settings.value(key)
    with pytest.raises(KeyError):
        settings.choose(key, True)
    assert settings == Settings.first()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("window.theme", 5),
        ("window.theme", None),
        ("window.close_to_tray", 1),
        ("window.close_to_tray", "true"),
        ("ticker.opacity", True),
        ("ticker.opacity", "50"),
        ("ticker.opacity", 50.0),
        ("ticker.instruments", "binance:BTC/USDT"),
        ("ticker.instruments", ("binance:BTC/USDT",)),
        ("window.zone", None),
    ],
)
def test_a_value_of_another_type_does_not_fit(key: str, value: object) -> None:
    assert not fits(KEYS[key], value)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("window.theme", "pink", "it is one of system, light, dark"),
        ("ticker.opacity", 29, "it is from 30 to 100"),
        ("ticker.opacity", 101, "it is from 30 to 100"),
        ("window.zone", "Mars", "it is local, UTC or a time zone such as Europe/Berlin"),
        (
            "window.change_basis",
            "noon",
            "it is 24h, utc, local or a moment such as 2026-11-20T12:00Z",
        ),
        ("board.instruments", (BTC,) * (MOST_INSTRUMENTS + 1), "it holds 200 instruments at most"),
    ],
)
def test_a_value_out_of_bounds_says_its_bounds(key: str, value: object, words: str) -> None:
    assert limit(KEYS[key], value) == words


@pytest.mark.parametrize("name", ["local", "UTC", "Europe/Berlin", "Asia/Kolkata"])
def test_a_zone_is_a_zone(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Mars", "..", "/etc/passwd", "Europe", "a\0b", "é" * 300])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(
    "text", ["24h", "utc", "local", "2026-11-20T12:00Z", "2026-11-20T12:00+01:00"]
)
def test_a_basis_is_a_basis(text: str) -> None:
    assert is_basis(text)


@pytest.mark.parametrize("text", ["", "7d", "2026-11-20T12:00", "2026-13-20T12:00Z", "yesterday"])
def test_what_is_no_basis_is_none(text: str) -> None:
    assert not is_basis(text)


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("text", "schemes", "problem"),
    [
        ("", WS_SCHEMES, ""),
        ("wss://data-stream.binance.vision", WS_SCHEMES, ""),
        ("wss://example.org:9443/ws", WS_SCHEMES, ""),
        ("ws://127.0.0.1:8000", WS_SCHEMES, ""),
        ("ws://[::1]:8000/x", WS_SCHEMES, ""),
        ("http://localhost:80", REST_SCHEMES, ""),
        ("https://example.org", WS_SCHEMES, "An address here begins with wss://."),
        ("example.org", REST_SCHEMES, "An address here begins with https://."),
        ("https://", REST_SCHEMES, "The address names no host; write https://host."),
        ("https://exa mple.org", REST_SCHEMES, "The address names no host; write https://host."),
        ("https://x:0", REST_SCHEMES, "The address names no host; write https://host."),
        ("https://x:99999", REST_SCHEMES, "This is not an address."),
        ("https://[::1", REST_SCHEMES, "This is not an address."),
        (
            "https://me:secret@example.org",
            REST_SCHEMES,
            "Names and passwords do not belong into an address.",
        ),
        (
            "https://example.org?key=1",
            REST_SCHEMES,
            "An address ends with its host or a path; the rest is added by the program.",
        ),
        (
            "ws://example.org",
            WS_SCHEMES,
            "ws:// is not encrypted and accepted for this machine only; write wss://.",
        ),
    ],
)
def test_an_address_is_right_or_one_sentence_says_why_not(
    text: str, schemes: tuple[str, str], problem: str
) -> None:
    assert address_problem(text, schemes) == problem


pieces = st.sampled_from(
    ["ws", "wss", "http", "https", "://", ":", "/", "localhost", "127.0.0.1", "[::1]", "x.org",
     "80", "0", "@", "?", "#", " ", "é", "\\"]
)  # fmt: skip


@given(st.lists(pieces, max_size=7).map("".join), st.sampled_from([WS_SCHEMES, REST_SCHEMES]))
def test_an_address_that_is_accepted_is_one_that_the_program_connects_to(
    text: str, schemes: tuple[str, str]
) -> None:
    if text and not address_problem(text, schemes):
        try:
            check_address(text, schemes)
        except SettingsError as error:
            raise AssertionError(text) from error


# ---------------------------------------------------------------- instruments


def test_instruments_are_read_by_lines_and_commas_each_once() -> None:
    text = " binance:BTC/USDT ,okx:ETH/USDT\n\nBinance:btc/usdt\n"
    assert read_instruments(text) == ((BTC, ETH), "")


def test_the_first_text_that_is_no_instrument_is_told() -> None:
    found, problem = read_instruments("binance:BTC/USDT\nBTCUSDT\nx")
    assert found == (BTC,)
    assert problem.startswith("'BTCUSDT' is not an instrument;")


def test_too_many_instruments_are_refused() -> None:
    text = "\n".join(f"binance:C{number}/USDT" for number in range(MOST_INSTRUMENTS + 1))
    assert read_instruments(text)[1] == "There can be 200 at most."
