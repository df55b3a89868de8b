"""Replay: entries of a recording decoded by the live code, records worked out by hand."""

import json
from typing import Any

from tickglass.exchanges import EXCHANGES
from tickglass.feed.recording import Entry, Frame, Instruments, RestReply, Unreadable
from tickglass.feed.replay import Problem, Replay, Replayed
from tickglass.market.events import Level, Trade
from tickglass.market.instrument import Instrument, Listing
from tickglass.records import json_line, record

BTC = Instrument("binance", "BTC", "USDT")


def frame(
    line: int, stream: str, data: dict[str, Any], connection: int = 1, exchange: str = "binance"
) -> Frame:
    content = json.dumps({"stream": stream, "data": data}).encode()
    return Frame(line, line * 1_000, exchange, connection, content)


def trade(line: int, symbol: str = "BTCUSDT", connection: int = 1) -> Frame:
    data = {"e": "trade", "E": 2, "s": symbol, "t": 7, "p": "5", "q": "2", "T": 1, "m": True}
    return frame(line, f"{symbol.lower()}@trade", data, connection)


def depth(line: int, first: int, last: int, bids: list[Any], asks: list[Any]) -> Frame:
    data = {"e": "depthUpdate", "E": 1_000 + last, "s": "BTCUSDT", "U": first, "u": last,
            "b": bids, "a": asks}  # fmt: skip
    return frame(line, "btcusdt@depth@100ms", data)


def snapshot(line: int, last: int, bids: list[Any], asks: list[Any]) -> RestReply:
    body = json.dumps({"lastUpdateId": last, "bids": bids, "asks": asks}).encode()
    target = "/api/v3/depth?symbol=BTCUSDT&limit=1000"
    return RestReply(line, line * 1_000, "binance", target, body)


def run(*entries: Entry) -> list[Replayed | Problem]:
    return list(Replay(EXCHANGES).run(entries))


def rows(*entries: Entry) -> list[dict[str, Any]]:
    """Each record as it stands when its event comes; books go on changing."""
    found: list[dict[str, Any]] = []
    for result in Replay(EXCHANGES).run(entries):
        if isinstance(result, Problem):
            found.append({"line": result.line, "problem": result.reason})
        else:
            row = json.loads(json_line(record(result.event, result.book)))
            found.append({**row, "line": result.line})
    return found


def book_row(line: int, time: int, sequence: int, bids: Any, asks: Any) -> dict[str, Any]:
    return {
        "type": "book", "exchange": "binance", "pair": "BTC/USDT", "time": time,
        "sequence": sequence, "bids": bids, "asks": asks, "line": line,
    }  # fmt: skip


def test_a_frame_gives_its_event_with_its_line_and_the_time_it_was_recorded() -> None:
    assert run(trade(9)) == [Replayed(9, 9_000, Trade(BTC, 1, "7", 5.0, 2.0, "sell"))]


def test_answers_to_control_messages_give_nothing() -> None:
    assert run(Frame(2, 0, "binance", 1, b'{"result":null,"id":1}')) == []


def test_a_book_grows_from_its_recorded_snapshot_one_record_for_each_frame_that_changed_it() -> (
    None
):
    assert rows(
        snapshot(2, 160, [["99", "1"], ["98", "2"]], [["101", "3"]]),
        depth(3, 150, 160, [["99", "9"]], []),  # known already
        depth(4, 158, 162, [["99", "0.00000000"], ["97.5", "4"]], [["100.5", "1"]]),
        depth(5, 163, 163, [], [["100.5", "0"]]),
    ) == [
        book_row(4, 1_162, 162, [[98, 2], [97.5, 4]], [[100.5, 1], [101, 3]]),
        book_row(5, 1_163, 163, [[98, 2], [97.5, 4]], [[101, 3]]),
    ]


def test_deltas_before_the_snapshot_wait_for_it() -> None:
    assert rows(
        depth(2, 161, 162, [["99", "5"]], []),
        depth(3, 163, 164, [["98", "5"]], []),
        snapshot(4, 162, [["99", "5"]], [["101", "3"]]),
        depth(5, 165, 165, [], [["102", "1"]]),
    ) == [book_row(5, 1_165, 165, [[99, 5], [98, 5]], [[101, 3], [102, 1]])]


def test_a_gap_is_a_problem_at_its_line_until_the_next_snapshot() -> None:
    assert rows(
        snapshot(2, 160, [["99", "1"]], [["101", "3"]]),
        depth(3, 162, 163, [["98", "1"]], []),
        depth(4, 164, 164, [["97", "1"]], []),
        snapshot(5, 163, [["99", "2"]], [["101", "2"]]),
        depth(6, 165, 165, [["96", "1"]], []),
    ) == [
        {"line": 3, "problem": "binance:BTC/USDT: gap: held 160, got 162"},
        book_row(6, 1_165, 165, [[99, 2], [97, 1], [96, 1]], [[101, 2]]),
    ]


def test_a_snapshot_that_is_too_old_is_a_problem_at_its_own_line() -> None:
    (problem,) = rows(depth(2, 170, 171, [], []), snapshot(3, 160, [], []))
    assert problem["line"] == 3
    assert "older" in problem["problem"]


def test_a_snapshot_on_the_wire_is_a_frame_and_has_a_record() -> None:
    data = {"lastUpdateId": 9, "bids": [["99", "1"]], "asks": [["101", "2"]]}
    assert rows(frame(2, "btcusdt@depth5@100ms", data)) == [
        {**book_row(2, 0, 9, [[99, 1]], [[101, 2]]), "time": None}
    ]


def test_replies_that_are_no_snapshot_give_nothing() -> None:
    assert run(RestReply(2, 0, "binance", "/api/v3/klines?symbol=BTCUSDT", b"[]")) == []


def test_a_reply_that_cannot_be_read_is_a_problem() -> None:
    (problem,) = run(RestReply(2, 0, "binance", "/api/v3/depth?symbol=BTCUSDT", b"<html>"))
    assert isinstance(problem, Problem)
    assert problem.line == 2


def instruments_of(*entries: Entry) -> list[str]:
    return [str(each.event.instrument) for each in run(*entries) if isinstance(each, Replayed)]


def test_unlisted_symbols_are_split_by_the_known_quote_currencies() -> None:
    symbols = ["BTCUSDT", "ETHBTC", "BTCFDUSD", "1000SATSUSDT", "USDTTRY", "币安USDT"]
    assert instruments_of(*(trade(line, symbol) for line, symbol in enumerate(symbols, 2))) == [
        "binance:BTC/USDT", "binance:ETH/BTC", "binance:BTC/FDUSD", "binance:1000SATS/USDT",
        "binance:USDT/TRY", "binance:币安/USDT",
    ]  # fmt: skip


def test_listed_symbols_are_not_split() -> None:
    odd = Instrument("binance", "BT", "CUSDT")
    listed = Instruments(2, "binance", [Listing(odd, "BTCUSDT")])
    assert instruments_of(listed, trade(3), trade(4, "ETHUSDT")) == [
        "binance:BT/CUSDT", "binance:ETH/USDT",
    ]  # fmt: skip


def test_a_listing_of_one_connection_serves_them_all() -> None:
    odd = Instrument("binance", "BT", "CUSDT")
    listed = Instruments(3, "binance", [Listing(odd, "BTCUSDT")])
    assert instruments_of(trade(2, "ETHUSDT", 1), listed, trade(4, connection=2)) == [
        "binance:ETH/USDT", "binance:BT/CUSDT",
    ]  # fmt: skip


def test_a_symbol_that_cannot_be_split_is_a_problem() -> None:
    (problem,) = run(trade(2, "NOBODY"))
    assert problem == Problem(2, "binance: unknown symbol 'NOBODY'")


def test_frames_of_an_unknown_exchange_are_problems() -> None:
    assert run(Frame(2, 0, "nowhere", 1, b"{}"), RestReply(3, 0, "", "/x", b"")) == [
        Problem(2, "unknown exchange 'nowhere'"),
        Problem(3, "unknown exchange ''"),
    ]


def test_what_cannot_be_read_is_a_problem_and_the_rest_goes_on() -> None:
    results = run(
        Unreadable(2, "not json"), Frame(3, 0, "binance", 1, b"\xff"), trade(4), Unreadable(5, "x")
    )
    assert [each.line for each in results] == [2, 3, 4, 5]
    assert [isinstance(each, Problem) for each in results] == [True, True, False, True]


def test_entries_are_decoded_one_after_the_other_as_they_are_asked_for() -> None:
    results = Replay(EXCHANGES).run(iter([trade(2), trade(3)]))
    assert next(results).line == 2
    assert next(results).line == 3


def test_the_book_of_a_record_is_the_book_after_its_frame() -> None:
    replay = Replay(EXCHANGES).run(
        [snapshot(2, 1, [["99", "1"]], [["101", "1"]]), depth(3, 2, 2, [["99.5", "2"]], [])]
    )
    result = next(replay)
    assert isinstance(result, Replayed)
    assert result.book is not None
    assert result.book.bids.top(2) == (Level(99.5, 2.0), Level(99.0, 1.0))
