"""All drawings in one text: nothing that was there is lost."""

import json

import pytest

from tickglass.mark_store import MarkStore
from tickglass.market.instrument import Instrument
from tickglass.market.marks import MOST_MARKS, Drawing, Point

BTC = Instrument("binance", "BTC", "USDT")
LINE = Drawing("horizontal", (Point(1.0, 60_000.0),))


def test_drawings_come_back_with_their_instrument() -> None:
    store = MarkStore()
    store.of(BTC).add(LINE)
    store.of(Instrument("okx", "ETH", "USDT"))  # looked at, and nothing drawn
    again = MarkStore()
    again.load(store.dump())
    assert {key: marks.drawings for key, marks in again.marks.items()} == {BTC: (LINE,)}
    assert again.unread == 0


def test_what_cannot_be_read_stays_in_the_file() -> None:
    strange = {"kind": "spiral", "points": [[1, 2]]}
    text = json.dumps(
        {
            "version": 1,
            "instruments": {
                "binance:BTC/USDT": [LINE.to_row(), strange],
                "nonsense": [LINE.to_row()],
                "okx:ETH/USDT": "rubbish",
            },
        }
    )
    store = MarkStore()
    store.load(text)
    assert store.of(BTC).drawings == (LINE,)
    assert store.unread == 3
    kept = json.loads(store.dump())["instruments"]
    assert kept["binance:BTC/USDT"] == [LINE.to_row(), strange]
    assert kept["nonsense"] == [LINE.to_row()]
    assert kept["okx:ETH/USDT"] == ["rubbish"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2, "instruments": {}}', "null"])
def test_another_file_altogether_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        MarkStore().load(text)


def line(price: float) -> Drawing:
    return Drawing("horizontal", (Point(1.0, price),))


def loaded(instruments: dict[str, object]) -> MarkStore:
    store = MarkStore()
    store.load(json.dumps({"version": 1, "instruments": instruments}))
    return store


def test_two_spellings_of_an_instrument_are_one() -> None:
    store = loaded({"binance:btc/usdt": [line(1).to_row()], "binance:BTC/USDT": [line(2).to_row()]})
    assert store.of(BTC).drawings == (line(1), line(2))


def test_what_is_too_much_for_a_chart_stays_in_the_file() -> None:
    rows = [line(price).to_row() for price in range(MOST_MARKS + 2)]
    store = loaded({"binance:BTC/USDT": rows})
    assert (len(store.of(BTC).drawings), store.unread) == (MOST_MARKS, 2)
    assert json.loads(store.dump())["instruments"]["binance:BTC/USDT"] == rows


def test_a_number_beyond_all_floats_stays_in_the_file() -> None:
    row = {"kind": "horizontal", "points": [[1, 10**400]]}
    store = loaded({"binance:BTC/USDT": [row]})
    assert store.unread == 1
    assert json.loads(store.dump())["instruments"]["binance:BTC/USDT"] == [row]


def test_a_text_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError):
        MarkStore().load("[" * 200_000)


def test_every_change_is_in_the_next_text() -> None:
    store = MarkStore()
    marks = store.of(BTC)
    for change in (lambda: marks.add(LINE), lambda: marks.change(0, line(2)), marks.undo,
                   marks.clear, marks.undo, marks.redo):  # fmt: skip
        change()
        again = MarkStore()
        again.load(store.dump())
        assert again.of(BTC).drawings == marks.drawings
