"""Numbers, dates and times of day as a language writes them."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from tickglass.alerts.alert import Alert
from tickglass.alerts.condition import Kind, PriceLevel
from tickglass.ui import formats
from tickglass.ui.formats import PLAIN, formats_of
from tickglass.ui.text import (
    alert_text,
    amount_text,
    change_text,
    exact_text,
    plain_number,
    plain_price,
    price_text,
    read_price,
    signed,
)

from .helpers import BTC

# By Unicode's CLDR 44: https://www.unicode.org/cldr/charts/44/by_type/numbers.symbols.html
GERMAN, SWISS, ENGLISH, AMERICAN, CHINESE = "de", "de_CH", "en", "en_US", "zh_CN"
DAY = date(2026, 11, 3)
AFTERNOON, MIDNIGHT = time(14, 5, 9), time(0, 5)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, locale = formats.chosen(), QLocale()
    yield
    formats.use_formats(before)
    QLocale.setDefault(locale)


@pytest.mark.parametrize(
    ("language", "price", "change", "amount"),
    [
        (ENGLISH, "−1,234.50", "+1,250.00 %", "1.23 M"),
        ("en_GB", "−1,234.50", "+1,250.00 %", "1.23 M"),
        (GERMAN, "−1.234,50", "+1.250,00 %", "1,23 Mio"),
        (CHINESE, "−1,234.50", "+1,250.00 %", "123 万"),
    ],
)
def test_numbers_have_the_signs_of_the_language(
    language: str, price: str, change: str, amount: str
) -> None:
    formats.use(language)
    assert price_text(-1_234.5, 2) == price
    assert change_text(12.5) == change
    assert amount_text(1_230_000.0) == amount


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        (GERMAN, 999.0, "999"),
        (GERMAN, 82e9, "82,0 Mrd"),
        (GERMAN, 3.21e12, "3,21 Bio"),
        (GERMAN, 0.001234, "0,00123"),
        (CHINESE, 1_234.0, "1,234"),
        (CHINESE, 12_345.0, "1.23 万"),
        (CHINESE, 12_340_000.0, "1,234 万"),
        (CHINESE, 1.5e8, "1.50 亿"),
        (CHINESE, 3.21e12, "3.21 万亿"),
    ],
)
def test_amounts_have_the_units_of_the_language(language: str, amount: float, text: str) -> None:
    formats.use(language)
    assert amount_text(amount) == text


@pytest.mark.parametrize(
    ("language", "day", "afternoon", "midnight"),
    [
        (ENGLISH, "2026-11-03", "14:05", "00:05"),
        (AMERICAN, "11/03/2026", "02:05 PM", "12:05 AM"),
        ("en_GB", "03/11/2026", "14:05", "00:05"),
        (GERMAN, "03.11.2026", "14:05", "00:05"),
        (CHINESE, "2026/11/03", "14:05", "00:05"),
    ],
)
def test_days_and_times_have_the_order_of_the_language(
    language: str, day: str, afternoon: str, midnight: str
) -> None:
    formats.use(language)
    assert formats.date_text(DAY) == day
    assert formats.clock_text(AFTERNOON) == afternoon
    assert formats.clock_text(MIDNIGHT) == midnight
    assert ":09" in formats.clock_text(AFTERNOON, seconds=True)


def test_until_a_language_is_chosen_dates_and_times_are_those_of_iso_8601() -> None:
    formats.use_formats(PLAIN)
    assert formats.date_text(DAY) == "2026-11-03"
    assert formats.clock_text(AFTERNOON, seconds=True) == "14:05:09"


def test_choosing_formats_gives_back_those_before() -> None:
    formats.use_formats(PLAIN)
    assert formats.use(GERMAN) == PLAIN
    assert formats.use_formats(PLAIN) == formats_of(GERMAN)


@pytest.mark.parametrize("language", [ENGLISH, GERMAN, SWISS, CHINESE, "fr", "pl", "pt_BR"])
@given(price=st.floats(1e-9, 1e9), decimals=st.none() | st.integers(0, 10))
def test_what_is_copied_is_plain_in_every_language(
    language: str, price: float, decimals: int | None
) -> None:
    before = formats.use(language)
    try:
        shown, copied = price_text(price, decimals), plain_price(price, decimals)
        assert plain_number(shown) == copied
        assert set(copied) <= set("0123456789.")
        formats.use_formats(PLAIN)
        assert price_text(price, decimals).replace(",", "") == copied
    finally:
        formats.use_formats(before)


@pytest.mark.parametrize("language", [ENGLISH, GERMAN, SWISS, CHINESE])
@given(price=st.floats(1e-9, 1e9))
def test_what_is_copied_is_read_back_in_every_language(language: str, price: float) -> None:
    before = formats.use(language)
    try:
        copied = plain_price(price)
        assert read_price(copied) == float(copied)
    finally:
        formats.use_formats(before)


@pytest.mark.parametrize(
    ("language", "typed", "price"),
    [
        (ENGLISH, "100,000", 100_000.0),
        (GERMAN, "1,234", 1.234),
        (GERMAN, "0,123", 0.123),
        (GERMAN, "1.234", 1.234),
        (GERMAN, "1.234,5", 1_234.5),
        (GERMAN, "1,234.5", 1_234.5),
        (GERMAN, "1.234.567", 1_234_567.0),
        (ENGLISH, "1.234.567", 1_234_567.0),
        (SWISS, "1’234.5", 1_234.5),
        (CHINESE, "100,000", 100_000.0),
    ],
)
def test_a_price_is_read_as_the_language_and_as_programs_write_it(
    language: str, typed: str, price: float
) -> None:
    formats.use(language)
    assert read_price(typed) == price


def test_a_signed_zero_has_no_sign_in_any_language() -> None:
    formats.use(GERMAN)
    assert signed(-0.001, 2) == "0,00"
    assert signed(-0.01, 2) == "−0,01"


def test_an_exact_price_has_all_its_digits_and_no_more() -> None:
    assert exact_text(100_000.0) == "100,000"
    formats.use(GERMAN)
    assert exact_text(1_234.5) == "1.234,5"
    assert exact_text(0.00001234) == "0,00001234"


def test_an_alert_has_the_price_of_the_language() -> None:
    formats.use(GERMAN)
    alert = Alert("a", BTC, (PriceLevel(Kind.CROSSES_DOWN, 100_000.0),))
    assert alert_text(alert, "Binance", 2) == "BTC/USDT on Binance crosses 100.000,00 down"


def test_qt_fields_write_as_the_language_does(qtbot: QtBot) -> None:
    formats.use(GERMAN)
    field = QDoubleSpinBox()
    qtbot.addWidget(field)
    field.setValue(2.5)
    assert field.text() == "2,50"


@pytest.mark.parametrize(
    ("language", "widest"), [(ENGLISH, "888 T"), (GERMAN, "888 Bio"), (CHINESE, "888 万亿")]
)
def test_the_width_of_amounts_is_that_of_the_longest_unit(language: str, widest: str) -> None:
    formats.use(language)
    assert formats.widest_amount() == widest
