"""The feed as a whole, against the simulated Binance and its faults."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from tickglass.errors import UsageError
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import Channel, Endpoint, Kind, Lane, Limits
from tickglass.feed import backoff, watchdog
from tickglass.feed.hub import Hub
from tickglass.market.events import BookDelta, Candle, Quote, Ticker, Trade
from tickglass.market.freshness import Freshness
from tickglass.simulator.server import Simulator

from .helpers import BTC, ETH, SOL, Listener, endpoint, simulator, until

FROM_THE_FIRST_MOMENT = -1.0  # s of a connection's age
ALL_KINDS = [
    Channel(Kind.TICKER, BTC),
    Channel(Kind.TRADE, BTC),
    Channel(Kind.QUOTE, BTC),
    Channel(Kind.CANDLE, BTC, "1m"),
    Channel(Kind.BOOK, BTC),
]


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same behaviour in tenths of the time."""
    monkeypatch.setattr(backoff, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(Binance, "limits", replace(Binance.limits, control_interval=0.21))


class HastyBinance(Binance):
    """Binance with room for three channels a connection."""

    lanes: ClassVar = dict.fromkeys(Kind, Lane("/stream", 3))
    limits: ClassVar[Limits] = replace(Binance.limits, control_interval=0.21)


@asynccontextmanager
async def feed(
    listener: Listener, *endpoints: Endpoint, exchange: type[Binance] = Binance
) -> AsyncIterator[Hub]:
    async with Hub([exchange], {"binance": endpoints}, listener, time.monotonic) as hub:
        yield hub


def clients(server: Simulator) -> list[Any]:
    return list(server.exchanges["binance"].clients)


class Guests(set[Any]):
    """Clients of an exchange, served as they came, and the most that there were at one time."""

    most = 0

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(super().__iter__(), key=lambda client: client.since))

    def add(self, client: Any) -> None:
        super().add(client)
        self.most = max(self.most, len(self))


def announce_shutdown(client: Any) -> None:
    client.add('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}')
    client.flush()


async def first_client(listener: Listener, server: Simulator, hub: Hub) -> Any:
    """The client of a feed to which trades flow."""
    hub.want("test", [Channel(Kind.TRADE, BTC)])
    await until(lambda: listener.of(Trade))
    (client,) = clients(server)
    return client


def feed_tasks(before: set[asyncio.Task[Any]]) -> set[str]:
    """The names of the feed's tasks that run now and did not before."""
    names = {task.get_name() for task in asyncio.all_tasks() - before}
    return {name for name in names if name.startswith("binance")}


def topics(server: Simulator) -> set[str]:
    return {name for client in clients(server) for name in client.server.topics}


@pytest.fixture
def listener() -> Iterator[Listener]:
    yield Listener()


@pytest.mark.asyncio
async def test_every_channel_brings_its_events_and_they_agree(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", ALL_KINDS)
        for kind in (Ticker, Trade, Quote, Candle, BookDelta):
            await until(lambda kind=kind: listener.of(kind))
        await until(lambda: listener.has_book(BTC))
        state, book = listener.store.state(BTC), listener.store.books[BTC]
        assert state.freshness(time.monotonic()) is Freshness.LIVE
        assert book.bids.best() < book.asks.best()
        assert hub.figures["binance"].total.events[Trade] == len(listener.of(Trade))
        assert hub.figures["binance"].total.bad_frames == 0
    assert listener.states()[0] == "connecting"
    assert "live" in listener.states()
    assert listener.states()[-1] == "closed"


@pytest.mark.asyncio
async def test_leaving_ends_every_task_and_connection_at_once(listener: Listener) -> None:
    async with simulator() as server:
        before = asyncio.all_tasks()
        async with feed(listener, endpoint(server)) as hub:
            hub.want("test", ALL_KINDS)
            await until(lambda: listener.of(Trade))
            began = time.monotonic()
        assert time.monotonic() - began < 2
        await until(lambda: not clients(server))
        await until(lambda: asyncio.all_tasks() <= before)


@pytest.mark.asyncio
async def test_two_owners_share_a_channel_until_the_last_lets_go(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("one", [Channel(Kind.TRADE, BTC), Channel(Kind.TRADE, ETH)])
        hub.want("two", [Channel(Kind.TRADE, BTC)])
        await until(lambda: topics(server) == {"btcusdt@trade", "ethusdt@trade"})
        hub.want("one", [])
        await until(lambda: topics(server) == {"btcusdt@trade"})
        assert len(clients(server)) == 1
        hub.want("two", [])
        await until(lambda: not clients(server))


@pytest.mark.asyncio
async def test_an_exchange_is_switched_off_and_on_again_and_what_was_wanted_flows(
    listener: Listener,
) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC)])
        await until(lambda: listener.of(Trade))
        await hub.switch_off("binance")
        assert hub.figures == {}
        await until(lambda: not clients(server))
        assert listener.store.state(BTC).freshness(time.monotonic()) is Freshness.LOST
        hub.want("other", [Channel(Kind.TRADE, ETH)])
        await hub.switch_off("binance")  # again: nothing to do
        await hub.switch_on(Binance, [endpoint(server)])
        listener.events.clear()
        await until(lambda: {each.instrument for each in listener.of(Trade)} == {BTC, ETH})


@pytest.mark.asyncio
async def test_channels_beyond_the_limit_go_to_another_connection(listener: Listener) -> None:
    async with (
        simulator() as server,
        feed(listener, endpoint(server), exchange=HastyBinance) as hub,
    ):
        kinds = (Kind.TICKER, Kind.TRADE)
        hub.want("test", [Channel(kind, each) for each in (BTC, ETH, SOL) for kind in kinds])
        await until(lambda: len(topics(server)) == 6)
        assert sorted(len(client.server.topics) for client in clients(server)) == [3, 3]


@pytest.mark.asyncio
async def test_a_cut_connection_is_dialled_again_and_resubscribed(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC)])
        await until(lambda: listener.of(Trade))
        state = listener.store.state(BTC)
        listener.events.clear()
        clients(server)[0].cut()
        await until(lambda: "reconnecting" in listener.states())
        assert listener.interruptions == [{BTC}]
        assert state.freshness(time.monotonic()) is Freshness.LOST
        await until(lambda: listener.of(Trade))
        assert state.freshness(time.monotonic()) is Freshness.LIVE
        assert hub.figures["binance"].total.reconnects == 1


@pytest.mark.asyncio
async def test_451_moves_to_the_market_data_host_and_says_so(listener: Listener) -> None:
    async with simulator() as refusing, simulator() as serving:
        refusing.faults.refuse = 451
        async with feed(listener, endpoint(refusing), endpoint(serving)) as hub:
            hub.want("test", [Channel(Kind.TRADE, BTC)])
            await until(lambda: listener.of(Trade))
            (connection,) = hub.figures["binance"].connections.values()
    refused = next(status for status in listener.statuses if status.state == "refused")
    assert refused.detail == (
        "Binance refuses connections from this region (451): using its market-data host."
    )
    # While that host is in use the reason can still be read in the feed panel.
    assert connection.note == refused.detail


@pytest.mark.asyncio
async def test_429_waits_long_and_says_so(listener: Listener) -> None:
    async with simulator() as server:
        server.faults.refuse = 429
        async with feed(listener, endpoint(server)) as hub:
            hub.want("test", [Channel(Kind.TRADE, BTC)])
            await until(lambda: "refused" in listener.states())
    assert listener.statuses[1].detail == (
        "Binance asks us to slow down (429); trying again in 120 s."
    )


@pytest.mark.asyncio
async def test_nobody_listening_is_one_sentence_and_tried_again(listener: Listener) -> None:
    nowhere = Endpoint("ws://127.0.0.1:9", "http://127.0.0.1:9")
    async with feed(listener, nowhere) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC)])
        await until(lambda: hub.figures["binance"].total.reconnects >= 2)
    sentence = listener.statuses[1].detail
    assert sentence.startswith("Binance cannot be reached")


@pytest.mark.asyncio
async def test_garbage_is_counted_and_too_much_of_it_drops_the_connection(
    listener: Listener,
) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", ALL_KINDS)
        await until(lambda: listener.of(Trade))
        server.faults.garbage = 1.0
        await until(lambda: hub.figures["binance"].total.bad_frames > 20)
        await until(lambda: "reconnecting" in listener.states())
        server.faults.garbage = 0.0
        listener.events.clear()
        await until(lambda: listener.of(Trade))


@pytest.mark.asyncio
async def test_a_lost_delta_makes_the_book_resync_within_two_seconds(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.BOOK, BTC)])
        await until(lambda: listener.has_book(BTC))
        server.faults.gap = 1.0
        await asyncio.sleep(0.25)  # let two deltas be lost; there is nothing to see of them
        server.faults.gap = 0.0
        await until(lambda: hub.figures["binance"].total.resyncs >= 1)
        broken = time.monotonic()
        await until(lambda: listener.has_book(BTC))
        assert time.monotonic() - broken < 2


@pytest.mark.asyncio
async def test_a_connection_gone_silent_turns_stale_and_is_replaced(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {
        "PROBE_AFTER": 0.3, "STALE_AFTER": 0.5, "DEAD_AFTER": 1.0, "WATCH_INTERVAL": 0.05,
    }.items():  # fmt: skip
        monkeypatch.setattr(watchdog, name, seconds)
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC)])
        await until(lambda: listener.of(Trade))
        server.faults.stall = 0.01
        await until(lambda: "stale" in listener.states())
        await until(lambda: "reconnecting" in listener.states())
        server.faults.stall = 0.0
        listener.events.clear()
        await until(lambda: listener.of(Trade))


@pytest.mark.asyncio
async def test_a_quiet_connection_that_answers_pings_stays_live(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {
        "PROBE_AFTER": 0.2, "STALE_AFTER": 0.6, "DEAD_AFTER": 1.0, "WATCH_INTERVAL": 0.05,
    }.items():  # fmt: skip
        monkeypatch.setattr(watchdog, name, seconds)
    silent = Channel(Kind.TRADE, BTC)
    async with simulator(rate=0.001) as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [silent])
        await until(lambda: "live" in listener.states())
        await asyncio.sleep(1.5)  # longer than a silent connection would live
        assert listener.states() == ["connecting", "live"]


@pytest.mark.asyncio
async def test_an_announced_shutdown_brings_a_successor_before_the_old_one_goes(
    listener: Listener,
) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC), Channel(Kind.BOOK, BTC)])
        await until(lambda: listener.of(Trade) and listener.has_book(BTC))
        (old,) = clients(server)
        link = listener.store.state(BTC).link
        assert link is not None
        since = link.since
        guests = server.exchanges["binance"].clients = Guests({old})
        announce_shutdown(old)
        await until(lambda: clients(server) and old not in clients(server))
        assert guests.most == 2
        listener.events.clear()
        await until(lambda: listener.of(Trade) and listener.has_book(BTC))
        assert (link.up, link.since) == (True, since)
        assert listener.interruptions == []
        ids = [trade.id for trade in listener.of(Trade) if isinstance(trade, Trade)]
        assert len(ids) == len(set(ids))


@pytest.mark.asyncio
async def test_a_successor_that_brings_nothing_new_is_none_the_less_there(
    listener: Listener,
) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        old = await first_client(listener, server, hub)
        server.exchanges["binance"].clients = Guests({old})  # each trade comes by the old one first
        announce_shutdown(old)
        await until(lambda: clients(server) and old not in clients(server), within=10.0)


@pytest.mark.asyncio
async def test_leaving_while_a_successor_is_awaited_ends_both_connections(
    listener: Listener,
) -> None:
    async with simulator() as server:
        before = asyncio.all_tasks()
        async with feed(listener, endpoint(server)) as hub:
            old = await first_client(listener, server, hub)
            announce_shutdown(old)
            server.faults.stall = FROM_THE_FIRST_MOMENT  # the successor never gets data
            await until(lambda: len(clients(server)) == 2)
        assert not feed_tasks(before)


@pytest.mark.asyncio
async def test_leaving_while_the_old_connection_goes_ends_its_successor_too(
    listener: Listener,
) -> None:
    async with simulator() as server:
        before = asyncio.all_tasks()
        async with feed(listener, endpoint(server)) as hub:
            old = await first_client(listener, server, hub)
            announce_shutdown(old)
            await until(lambda: old not in clients(server), every=0.0)
        assert not feed_tasks(before)


@pytest.mark.asyncio
async def test_waking_from_sleep_redials_at_once(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "WATCH_INTERVAL", 0.05)
    monkeypatch.setattr(backoff, "FIRST_WAIT", 60.0)
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        hub.want("test", [Channel(Kind.TRADE, BTC)])
        await until(lambda: listener.of(Trade))
        ahead = time.time() + 3600
        monkeypatch.setattr(watchdog.time, "time", lambda: ahead)
        await until(lambda: hub.figures["binance"].total.reconnects == 1)
        listener.events.clear()
        await until(lambda: listener.of(Trade))


@pytest.mark.asyncio
async def test_instrument_list_is_learned(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        listings = await hub.listings("binance")
        assert BTC in {listing.instrument for listing in listings}
        assert hub.catalogue("binance").listings[BTC].symbol == "BTCUSDT"


@pytest.mark.asyncio
async def test_the_day_of_a_market_comes_before_anything_else_was_asked(listener: Listener) -> None:
    async with simulator() as server, feed(listener, endpoint(server)) as hub:
        tickers = await hub.market("binance")
        listed = hub.catalogue("binance").listings
        assert {each.instrument for each in tickers} == set(listed)
        assert all(each.change is not None and each.quote_volume for each in tickers)
    assert listener.events == []


@pytest.mark.asyncio
async def test_an_exchange_that_is_off_is_named_in_one_sentence(listener: Listener) -> None:
    async with feed(listener, Endpoint("ws://127.0.0.1:9", "http://127.0.0.1:9")) as hub:
        with pytest.raises(UsageError, match="okx is not an exchange that is switched on"):
            await hub.listings("okx")
        with pytest.raises(UsageError, match="okx is not an exchange that is switched on"):
            await hub.market("okx")
        hub.want("test", [Channel(Kind.TRADE, BTC._replace(exchange="okx"))])
    assert listener.statuses == []


def test_every_exchange_in_the_registry_is_filed_under_its_own_name() -> None:
    assert all(name == exchange.name for name, exchange in EXCHANGES.items())
