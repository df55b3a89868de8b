"""One contract over the registry: every exchange's fixtures give the records worked out by hand.

A fixture is one line: a frame as it arrives, and the records that a reader of the protocol page
would write down for it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Catalogue
from tickglass.market.book import OrderBook
from tickglass.market.events import BookSnapshot
from tickglass.market.instrument import Instrument, Listing
from tickglass.records import json_line, record

FIXTURES = Path(__file__).parent / "fixtures"
PAIRS = ["BTC/USDT", "ETH/BTC", "PEPE/USDT"]


def cases() -> list[Any]:
    found = []
    for name in EXCHANGES:
        for line in (FIXTURES / f"{name}.jsonl").read_text().splitlines():
            case = json.loads(line)
            found.append(pytest.param(name, case, id=f"{name}: {case['name']}"))
    return found


def adapter(name: str) -> Any:
    exchange = EXCHANGES[name]
    instruments = [Instrument.parse(f"{name}:{pair}") for pair in PAIRS]
    blank = exchange(Catalogue())
    return exchange(Catalogue(Listing(each, blank.symbol(each)) for each in instruments))


def records(name: str, frame: str) -> list[Any]:
    found = []
    for event in adapter(name).decode(frame.encode()):
        book = None
        if isinstance(event, BookSnapshot):
            book = OrderBook(event.instrument)
            book.load(event)
        found.append(json.loads(json_line(record(event, book))))
    return found


@pytest.mark.parametrize(("name", "case"), cases())
def test_frame_gives_the_records_worked_out_by_hand(name: str, case: dict[str, Any]) -> None:
    assert records(name, case["frame"]) == case["records"]
