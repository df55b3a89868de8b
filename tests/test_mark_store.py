"""All drawings in one text: nothing that was there is lost."""

import json

import pytest

from tickglass.mark_store import MarkStore
from tickglass.market.instrument import Instrument
from tickglass.market.marks import Drawing, Point

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
