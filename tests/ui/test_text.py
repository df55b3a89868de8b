"""Numbers as people read them: never an exponent, never rounded to nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.market.freshness import Freshness
from tickglass.ui.text import (
    age_text,
    alert_text,
    amount_text,
    arrow,
    change_text,
    exchange_title,
    freshness_sentence,
    plain_price,
    price_text,
    read_price,
    signed,
)

from .helpers import BTC

prices = st.floats(1e-12, 1e12)
amounts = st.floats(1e-12, 1e15)


@pytest.mark.parametrize(
    ("price", "decimals", "text"),
    [
        (None, 2, "—"),
        (math.nan, 2, "—"),
        (math.inf, None, "—"),
        (0.0, None, "0.00"),
        (5.0, None, "5.0000"),
        (99_999.994, 2, "99,999.99"),
        (1_234_567.0, 0, "1,234,567"),
        (0.00001234, 8, "0.00001234"),
        (0.00001234, None, "0.000012340"),
        (0.00001234, 2, "0.000012340"),
        (0.0049, 2, "0.0049000"),
        (0.5, 0, "0.50000"),
        (0.006, 2, "0.01"),
        (0.0, 2, "0.00"),
        (-1_234.5, 2, "−1,234.50"),
    ],
)
def test_a_price_reads(price: float | None, decimals: int | None, text: str) -> None:
    assert price_text(price, decimals) == text


@given(prices, st.none() | st.integers(0, 10))
def test_a_price_is_never_an_exponent_nor_zero_and_close_to_what_it_was(
    price: float, decimals: int | None
) -> None:
    text = price_text(price, decimals)
    assert set(text) <= set("0123456789.,")
    read = float(text.replace(",", ""))
    assert read > 0
    # Half a step of what is shown, or of the fifth significant digit.
    step = 10.0 ** -len(text.partition(".")[2])
    assert abs(read - price) <= 0.5000001 * step + price * 1e-9


@given(prices, st.none() | st.integers(0, 10))
def test_a_plain_price_is_read_back_as_the_price_that_was_shown(
    price: float, decimals: int | None
) -> None:
    plain = plain_price(price, decimals)
    assert read_price(plain) == float(plain) == float(price_text(price, decimals).replace(",", ""))


@pytest.mark.parametrize(
    ("change", "text", "mark"),
    [
        (0.0153, "+1.53 %", "▲"),
        (-0.002, "−0.20 %", "▼"),
        (0.0, "0.00 %", ""),
        (0.000049, "0.00 %", ""),
        (-0.000049, "0.00 %", ""),
        (0.000051, "+0.01 %", "▲"),
        (12.5, "+1,250.00 %", "▲"),
        (None, "—", ""),
        (math.nan, "—", ""),
    ],
)
def test_a_change_reads_with_its_sign_and_arrow(change: float | None, text: str, mark: str) -> None:
    assert change_text(change) == text
    assert arrow(change) == mark


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_signed_number_never_shows_a_signed_zero(value: float, decimals: int) -> None:
    text = signed(value, decimals)
    shows_zero = set(text) <= set("0.,")
    assert shows_zero or text[0] == ("+" if value > 0 else "−")
    assert not (text[0] in "+−" and set(text[1:]) <= set("0.,"))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "—"),
        (math.inf, "—"),
        (0.0, "0.00"),
        (1.234, "1.23"),
        (12.5, "12.5"),
        (999.4, "999"),
        (999.6, "1.00 K"),
        (1_234.0, "1.23 K"),
        (1_500_000.0, "1.50 M"),
        (999_600_000.0, "1.00 B"),
        (82e9, "82.0 B"),
        (3.21e12, "3.21 T"),
        (0.001234, "0.00123"),
    ],
)
def test_an_amount_reads_in_three_digits(amount: float | None, text: str) -> None:
    assert amount_text(amount) == text


@given(amounts)
def test_an_amount_is_never_an_exponent_nor_zero_and_within_half_a_per_cent(
    amount: float,
) -> None:
    figures, _, unit = amount_text(amount).partition(" ")
    assert set(figures) <= set("0123456789.,")
    read = float(figures.replace(",", "")) * {"": 1, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}[unit]
    assert read == pytest.approx(amount, rel=0.00501)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"), (0.0, "now"), (1.99, "now"), (2.0, "2 s"), (59.9, "59 s"), (60.0, "1 min"),
        (3_599.0, "59 min"), (3_600.0, "1 h"), (86_399.0, "23 h"), (86_400.0, "1 d"),
        (1e7, "115 d"),
    ],
)  # fmt: skip
def test_an_age_reads_in_its_largest_unit(seconds: float | None, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("freshness", "seconds", "sentence"),
    [
        (Freshness.NEVER, None, "No data yet."),
        (Freshness.LIVE, 0.5, "Live; last heard of just now."),
        (Freshness.LOST, 125.0, "Lost: not connected; last heard of 2 min ago."),
    ],
)
def test_freshness_is_told_in_a_sentence(
    freshness: Freshness, seconds: float | None, sentence: str
) -> None:
    assert freshness_sentence(freshness, seconds) == sentence


def test_an_exchange_without_a_title_is_capitalised() -> None:
    assert exchange_title({"okx": "OKX"}, "okx") == "OKX"
    assert exchange_title({}, "kraken") == "Kraken"


def test_an_alert_reads_as_a_sentence() -> None:
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES_DOWN, 100_000.0),))
    assert alert_text(alert, "Binance", 2) == "BTC/USDT on Binance crosses 100,000.00 down"


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("100000", 100_000.0), ("100,000", 100_000.0), ("100 000", 100_000.0),
        ("100\u202f000", 100_000.0), ("100'000", 100_000.0), ("100_000", 100_000.0),
        ("1,234,567", 1_234_567.0), ("1,234.56", 1_234.56), ("1.234,56", 1_234.56),
        ("1.234.567,8", 1_234_567.8), ("0,5", 0.5), ("0,123", 0.123), (",123", 0.123),
        ("1,2345", 1.2345), (" 0.00001234 ", 0.00001234), (".5", 0.5), ("5.", 5.0),
        ("1.234", 1.234),
    ],
)  # fmt: skip
def test_a_price_is_read_in_every_common_spelling(typed: str, price: float) -> None:
    assert read_price(typed) == price


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "abc", "0", "0,00", "-5", "1e5", "nan", "inf", ".", ",", "1.2.3", "٣", "5 $"],
)
def test_what_is_no_price_above_zero_is_not_read(typed: str) -> None:
    assert read_price(typed) is None


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_price_above_zero_or_none(typed: str) -> None:
    price = read_price(typed)
    assert price is None or (price > 0 and math.isfinite(price))
