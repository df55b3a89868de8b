"""What the messages of all exchanges are made of."""

from decimal import Decimal

import msgspec
import pytest

from tickglass.exchanges.exchange import BadFrame
from tickglass.exchanges.wire import Maybe, Number, Price, amount, dump, levels, reader, step
from tickglass.market.events import Level

read = reader("somewhere")
number = msgspec.json.Decoder(Number, strict=False)
price = msgspec.json.Decoder(Price, strict=False)


@pytest.mark.parametrize(
    "text", ['"NaN"', '"inf"', "1e400", "-1", '"-0.5"', '"x"', "[", "", "1e25"]
)
def test_what_is_no_amount_is_a_bad_frame_that_names_the_exchange(text: str) -> None:
    with pytest.raises(BadFrame, match=r"^somewhere: "):
        read(number, text)


def test_an_amount_may_be_nothing_but_a_price_may_not() -> None:
    assert read(number, '"0.00000000"') == 0.0
    assert read(price, '"0.00001234"') == 0.00001234
    with pytest.raises(BadFrame):
        read(price, '"0"')


@pytest.mark.parametrize(
    ("text", "found"), [('""', None), ("null", None), ('"0"', 0.0), ("2", 2.0)]
)
def test_a_number_that_is_not_told_is_none_and_nothing_is_nothing(
    text: str, found: float | None
) -> None:
    assert amount(read(msgspec.json.Decoder(Maybe, strict=False), text)) == found


def test_bytes_that_are_no_text_are_a_bad_frame() -> None:
    with pytest.raises(BadFrame):
        read(msgspec.json.Decoder(str), b'"\xff"')


@pytest.mark.parametrize(
    ("text", "found"),
    [("0.0100", Decimal("0.0100")), ("0", None), ("", None), (None, None), ("NaN", None)],
)
def test_a_step_of_nothing_is_no_step(text: str | None, found: Decimal | None) -> None:
    assert step("somewhere", text) == found


def test_a_step_that_is_no_number_is_a_bad_frame() -> None:
    with pytest.raises(BadFrame, match="'tiny' is not a step"):
        step("somewhere", "tiny")


def test_rows_become_levels_and_values_json() -> None:
    assert levels([(2.0, 1.5), (1.0, 0.0)]) == (Level(2.0, 1.5), Level(1.0, 0.0))
    assert dump({"a": [1, None, "x"]}) == '{"a":[1,null,"x"]}'
