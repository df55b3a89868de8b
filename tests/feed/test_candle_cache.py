"""The candle cache: what was seen comes back, and a broken disk is no trouble."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tickglass.feed import candle_cache
from tickglass.feed.candle_cache import CandleCache
from tickglass.market.events import Candle
from tickglass.market.instrument import Instrument

BTC = Instrument("binance", "BTC", "USDT")
ETH = Instrument("okx", "ETH", "USDT")
MINUTE = 60_000


def bar(minute: int, price: float = 10.0, on: Instrument = BTC, *, closed: bool = True) -> Candle:
    return Candle(on, "1m", minute * MINUTE, price, price + 1, price - 1, price, 2.5, closed)


def minutes(candles: list[Candle]) -> list[int]:
    return [each.start // MINUTE for each in candles]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[CandleCache]:
    cache = CandleCache(folder / "cache" / "candles.sqlite")
    try:
        yield cache
    finally:
        await cache.close()


@pytest.mark.asyncio
async def test_closed_candles_come_back_as_they_were_after_a_restart(tmp_path: Path) -> None:
    stored = [bar(1), bar(2, 0.00001234 + 2), bar(3, 99.0)]
    async with opened(tmp_path) as cache:
        await cache.store([*stored, bar(4, closed=False)])
        await cache.store([bar(1, on=ETH)])
    async with opened(tmp_path) as cache:
        assert await cache.load(BTC, "1m", 10) == stored
        assert minutes(await cache.load(ETH, "1m", 10)) == [1]
        assert await cache.load(BTC, "5m", 10) == []


@pytest.mark.asyncio
async def test_the_newer_word_on_a_candle_wins(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        await cache.store([bar(1, 10.0)])
        await cache.store([bar(1, 20.0)])
        assert await cache.load(BTC, "1m", 10) == [bar(1, 20.0)]


@pytest.mark.asyncio
async def test_nothing_behind_a_hole_is_given(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        await cache.store([bar(number) for number in (1, 2, 3, 7, 8, 9)])
        assert minutes(await cache.load(BTC, "1m", 10)) == [7, 8, 9]
        assert minutes(await cache.load(BTC, "1m", 2)) == [8, 9]
        assert minutes(await cache.load_before(BTC, "1m", 7 * MINUTE, 10)) == [1, 2, 3]


@pytest.mark.asyncio
async def test_months_follow_each_other_by_the_calendar(tmp_path: Path) -> None:
    february, march = 1_769_904_000_000, 1_772_323_200_000  # 2026
    months = [
        Candle(BTC, "1M", start, 1.0, 2.0, 0.5, 1.5, 3.0, True) for start in (february, march)
    ]
    async with opened(tmp_path) as cache:
        await cache.store(months)
        assert await cache.load(BTC, "1M", 10) == months


@pytest.mark.asyncio
async def test_many_at_once_take_their_turns(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        await asyncio.gather(*(cache.store([bar(number)]) for number in range(50)))
        found = await asyncio.gather(*(cache.load(BTC, "1m", 100) for _ in range(10)))
        assert all(minutes(each) == list(range(50)) for each in found)


@pytest.mark.asyncio
async def test_a_damaged_file_is_set_aside_and_begun_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "candles.sqlite").write_bytes(b"this is no database" * 100)
    async with opened(tmp_path) as cache:
        assert await cache.load(BTC, "1m", 10) == []
        await cache.store([bar(1)])
        assert minutes(await cache.load(BTC, "1m", 10)) == [1]
    assert (folder / "candles-damaged.sqlite").read_bytes().startswith(b"this is no")
    assert "begun anew" in caplog.text


@pytest.mark.asyncio
async def test_a_file_from_the_future_is_kept_beside(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    database = sqlite3.connect(folder / "candles.sqlite")
    database.execute("PRAGMA user_version = 9")
    database.commit()
    database.close()
    async with opened(tmp_path) as cache:
        await cache.store([bar(1)])
        assert minutes(await cache.load(BTC, "1m", 10)) == [1]
    assert (folder / "candles-version-9.sqlite").exists()


@pytest.mark.asyncio
async def test_where_nothing_can_be_written_it_knows_nothing_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    caplog.set_level(logging.WARNING)
    async with opened(tmp_path) as cache:
        for number in range(3):
            await cache.store([bar(number)])
        assert await cache.load(BTC, "1m", 10) == []
    assert caplog.text.count("no candle cache") == 1


@pytest.mark.asyncio
async def test_what_was_not_looked_at_for_longest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candle_cache, "ROWS_KEPT", 10)
    monkeypatch.setattr(candle_cache, "ROWS_BETWEEN_TRIMS", 3)
    now = 1_000.0
    monkeypatch.setattr(candle_cache.time, "time", lambda: now)
    async with opened(tmp_path) as cache:
        await cache.store([bar(number) for number in range(6)])
        now = 2_000.0
        await cache.store([bar(number, on=ETH) for number in range(6)])
        assert await cache.load(BTC, "1m", 10) == []
        assert len(await cache.load(ETH, "1m", 10)) == 6


@pytest.mark.asyncio
async def test_the_bound_holds_over_many_short_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candle_cache, "ROWS_KEPT", 20)
    monkeypatch.setattr(candle_cache, "ROWS_BETWEEN_TRIMS", 5)
    for session in range(10):
        async with opened(tmp_path) as cache:
            await cache.store([bar(session * 4 + number) for number in range(4)])
    async with opened(tmp_path) as cache:
        kept = minutes(await cache.load(BTC, "1m", 100))
    assert 15 <= len(kept) <= 20
    assert kept == list(range(40 - len(kept), 40))


@pytest.mark.asyncio
async def test_of_a_single_series_that_is_too_long_the_newest_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candle_cache, "ROWS_KEPT", 20)
    monkeypatch.setattr(candle_cache, "ROWS_BETWEEN_TRIMS", 5)
    async with opened(tmp_path) as cache:
        for number in range(100):
            await cache.store([bar(number)])
            found = minutes(await cache.load(BTC, "1m", 1_000))
            assert len(found) <= 20
            assert found[-1] == number


@pytest.mark.asyncio
async def test_a_full_disk_is_said_once_and_ends_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect = CandleCache._connect

    def cramped(cache: CandleCache) -> sqlite3.Connection:
        database = connect(cache)
        database.execute("PRAGMA max_page_count = 8")
        return database

    monkeypatch.setattr(CandleCache, "_connect", cramped)
    async with opened(tmp_path) as cache:
        for _ in range(3):
            await cache.store([bar(number) for number in range(5_000)])
        assert await cache.load(BTC, "1m", 10) == []
    assert caplog.text.count("no candle cache: database or disk is full") == 1


@pytest.mark.asyncio
async def test_while_another_window_writes_it_knows_nothing_but_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candle_cache, "BUSY_TIMEOUT", 0.0)
    async with opened(tmp_path) as cache:
        await cache.store([bar(1)])
        other = sqlite3.connect(tmp_path / "cache" / "candles.sqlite")
        other.execute("BEGIN IMMEDIATE")
        await cache.store([bar(2)])
        assert await cache.load(BTC, "1m", 10) == []
        other.rollback()
        other.close()
        await cache.store([bar(3)])
        assert minutes(await cache.load(BTC, "1m", 10)) == [3]
        assert minutes(await cache.load_before(BTC, "1m", 3 * MINUTE, 10)) == [1]


@pytest.mark.asyncio
async def test_two_windows_share_a_file(tmp_path: Path) -> None:
    async with opened(tmp_path) as one, opened(tmp_path) as two:
        await asyncio.gather(
            *(one.store([bar(number)]) for number in range(0, 40, 2)),
            *(two.store([bar(number)]) for number in range(1, 40, 2)),
        )
        assert minutes(await one.load(BTC, "1m", 100)) == list(range(40))
        assert minutes(await two.load(BTC, "1m", 100)) == list(range(40))


@pytest.mark.asyncio
async def test_a_file_that_was_begun_but_not_finished_is_finished(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    database = sqlite3.connect(folder / "candles.sqlite")
    database.execute(
        "CREATE TABLE series (id INTEGER PRIMARY KEY, instrument TEXT, interval TEXT, "
        "used INTEGER, UNIQUE (instrument, interval))"
    )
    database.close()
    async with opened(tmp_path) as cache:
        await cache.store([bar(1)])
        assert minutes(await cache.load(BTC, "1m", 10)) == [1]


@pytest.mark.asyncio
async def test_once_closed_it_knows_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        await cache.store([bar(1)])
        await cache.close()
        await cache.store([bar(2)])
        assert await cache.load(BTC, "1m", 10) == []
