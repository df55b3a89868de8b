"""Real frames, where they lie beside the checkout: none unread, and each says what it says.

What a frame says is read a second time here, with plain dictionaries by the protocol pages, so that
the adapters are compared with a reading that shares no code with them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Catalogue
from tickglass.feed.recording import read_recording
from tickglass.feed.replay import Problem, Replay, Replayed
from tickglass.market.events import Candle, Quote, Ticker, Trade
from tickglass.market.instrument import Instrument

FILES = {"binance": 20, "bybit": 14, "okx": 15, "coinbase": 15, "kucoin": 23}


Rows = Sequence[tuple[Any, ...]]


class Said(NamedTuple):
    """What a frame says: trades, candles, and the last prices and quotes, each as plain tuples."""

    trades: Rows = ()  # symbol, ms, id, price, size, taker's side
    candles: Rows = ()  # symbol, start, open, high, low, close, volume, closed
    last: Rows = ()  # symbol, last price
    quotes: Rows = ()  # symbol, bid, bid size, ask, ask size


def floats(*texts: Any) -> tuple[float, ...]:
    return tuple(float(text) for text in texts)


def binance(frame: Any) -> Said:
    data = frame.get("data", frame)
    if isinstance(data, list):
        return Said(last=[(row["s"], float(row["c"])) for row in data])
    match data.get("e"):
        case "trade" | "aggTrade":
            number = data["t"] if data["e"] == "trade" else data["a"]
            row = (data["s"], data["T"], str(number), *floats(data["p"], data["q"]))
            return Said(trades=[(*row, "sell" if data["m"] else "buy")])
        case "kline":
            bar = data["k"]
            values = floats(bar["o"], bar["h"], bar["l"], bar["c"], bar["v"])
            return Said(candles=[(bar["s"], bar["t"], *values, bar["x"])])
        case "24hrTicker" | "24hrMiniTicker":
            return Said(last=[(data["s"], float(data["c"]))])
    if "u" in data and "e" not in data:
        values = floats(data["b"], data["B"], data["a"], data["A"])
        return Said(quotes=[(data["s"], *values)])
    return Said()


def bybit(frame: Any) -> Said:
    topic, data = frame.get("topic", ""), frame.get("data")
    if topic.startswith("publicTrade"):
        return Said(trades=[
            (row["s"], row["T"], row["i"], *floats(row["p"], row["v"]), row["S"].lower())
            for row in data if not row["BT"]
        ])  # fmt: skip
    if topic.startswith("kline"):
        symbol = topic.rsplit(".", 1)[1]
        return Said(candles=[
            (symbol, row["start"],
             *floats(row["open"], row["high"], row["low"], row["close"], row["volume"]),
             row["confirm"])
            for row in data
        ])  # fmt: skip
    if topic.startswith("tickers") and "lastPrice" in data:
        return Said(last=[(data["symbol"], float(data["lastPrice"]))])
    if topic.startswith("orderbook.1."):
        return Said(quotes=[(data["s"], *floats(*data["b"][0], *data["a"][0]))])
    return Said()


def okx(frame: Any) -> Said:
    if "data" not in frame:
        return Said()
    channel, symbol, rows = frame["arg"]["channel"], frame["arg"]["instId"], frame["data"]
    if channel in ("trades", "trades-all"):
        return Said(trades=[
            (symbol, int(row["ts"]), row["tradeId"], *floats(row["px"], row["sz"]), row["side"])
            for row in rows
        ])  # fmt: skip
    if channel.startswith("candle"):
        return Said(candles=[
            (symbol, int(row[0]), *floats(*row[1:6]), row[8:] == ["1"])
            for row in rows
        ])  # fmt: skip
    if channel == "tickers":
        return Said(last=[(symbol, float(row["last"])) for row in rows])
    if channel == "bbo-tbt":
        return Said(quotes=[
            (symbol, *floats(*row["bids"][0][:2], *row["asks"][0][:2])) for row in rows
        ])  # fmt: skip
    return Said()


def milliseconds(text: str) -> int:
    """Of an RFC 3339 time, cut to ms."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = round(datetime.fromisoformat(whole + "+00:00").timestamp())
    return seconds * 1000 + int((fraction + "000")[:3])


def coinbase(frame: Any) -> Said:
    trades: list[Any] = []
    candles: list[Any] = []
    last: list[Any] = []
    turned = {"BUY": "sell", "SELL": "buy"}  # the wire has the maker's side
    for event in frame.get("events", ()):
        rows = sorted(event.get("trades", ()), key=lambda row: int(row["trade_id"]))
        trades.extend(
            (row["product_id"], milliseconds(row["time"]), row["trade_id"],
             *floats(row["price"], row["size"]), turned[row["side"]])
            for row in rows
        )  # fmt: skip
        bars = event.get("candles", ())
        newest = max((int(bar["start"]) for bar in bars), default=0)
        candles.extend(
            (bar["product_id"], int(bar["start"]) * 1000,
             *floats(bar["open"], bar["high"], bar["low"], bar["close"], bar["volume"]),
             int(bar["start"]) < newest)
            for bar in bars
        )  # fmt: skip
        last.extend((row["product_id"], float(row["price"])) for row in event.get("tickers", ()))
    return Said(trades, candles, last)


def kucoin(frame: Any) -> Said:
    topic, data = frame.get("topic", "").replace(": ", ":"), frame.get("data")
    kind, _, symbol = topic.partition(":")
    if kind == "/market/match" or frame.get("subject") == "trade.l3match":
        row = (data["symbol"], int(data["time"]) // 1_000_000, data["tradeId"])
        return Said(trades=[(*row, *floats(data["price"], data["size"]), data["side"])])
    if kind == "/market/candles":
        start, opened, close, high, low, volume, _ = data["candles"]
        values = floats(opened, high, low, close, volume)
        return Said(candles=[(data["symbol"], int(start) * 1000, *values, False)])
    if kind == "/market/ticker":
        name = frame["subject"] if symbol == "all" else symbol
        return Said(last=[(name, float(data["price"]))])
    if kind == "/market/snapshot":
        return Said(last=[(data["data"]["symbol"], float(data["data"]["lastTradedPrice"]))])
    if kind == "/spotMarket/level1":
        values = floats(*data["bids"], *data["asks"])
        return Said(quotes=[(symbol, *values)])
    return Said()


READINGS: dict[str, Callable[[Any], Said]] = {
    "binance": binance, "bybit": bybit, "okx": okx, "coinbase": coinbase, "kucoin": kucoin,
}  # fmt: skip


def decoded(adapter: Any, line: str) -> Said:
    """The same, by the adapter; instruments by the symbol that they came under."""
    symbols: dict[Instrument, str] = {}
    events = adapter.decode(line.encode())
    for symbol, instrument in adapter.catalogue.by_symbol.items():
        symbols[instrument] = symbol
    trades, candles, last, quotes = [], [], [], []
    for event in events:
        match event:
            case Trade():
                trades.append((
                    symbols[event.instrument], event.time, event.id, event.price, event.size,
                    event.side,
                ))  # fmt: skip
            case Candle():
                candles.append((
                    symbols[event.instrument], event.start, event.open, event.high, event.low,
                    event.close, event.volume, event.closed,
                ))  # fmt: skip
            case Ticker() if event.last is not None:
                last.append((symbols[event.instrument], event.last))
            case Quote():
                values = (event.bid, event.bid_size, event.ask, event.ask_size)
                quotes.append((symbols[event.instrument], *values))
    return Said(trades, candles, last, quotes)


def spot_files(frames: Path, name: str) -> list[Path]:
    return [each for each in sorted((frames / name).glob("*.jsonl")) if "_swap" not in each.name]


def unread(file: Path, name: str) -> Iterator[str]:
    """The reasons for which lines gave nothing; a book that broke was read all the same."""
    for found in Replay(EXCHANGES).run(read_recording(file, name)):
        if isinstance(found, Problem) and found.unread:
            yield f"{file.name}:{found.line}: {found.reason}"


@pytest.mark.parametrize("name", EXCHANGES)
def test_no_frame_is_left_unread(name: str, recorded_frames: Path) -> None:
    files = spot_files(recorded_frames, name)
    assert len(files) == FILES[name]
    assert [reason for file in files for reason in unread(file, name)] == []


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_frame_says_what_a_second_reader_reads(name: str, recorded_frames: Path) -> None:
    compared = 0
    for file in spot_files(recorded_frames, name):
        adapter = EXCHANGES[name](Catalogue(), guess_symbols=True)
        for line in file.read_text().splitlines():
            frame = json.loads(line)
            expected = READINGS[name](frame)
            assert [*map(list, decoded(adapter, line))] == [*map(list, expected)], (file.name, line)
            compared += sum(map(len, expected))
    assert compared >= 10


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_session_replays_into_events_of_more_than_one_kind(
    name: str, recorded_frames: Path
) -> None:
    kinds = set()
    for file in spot_files(recorded_frames, name):
        for found in Replay(EXCHANGES).run(read_recording(file, name)):
            if isinstance(found, Replayed):
                kinds.add(type(found.event).__name__)
    assert {"Ticker", "Trade", "Candle", "BookSnapshot"} <= kinds
