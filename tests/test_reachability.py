"""Who can be reached, asked of simulated exchanges and of hosts that are none."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from aiohttp import web

from tickglass.errors import Unreachable
from tickglass.exchanges import EXCHANGES
from tickglass.exchanges.exchange import Endpoint
from tickglass.reachability import probe, probe_all, skew_sentence
from tickglass.simulator.faults import Faults
from tickglass.simulator.thread import SimulatorThread
from tickglass.ui.welcome_values import Reachability

BINANCE = EXCHANGES["binance"]


@contextmanager
def simulated(*names: str, **faults: float) -> Iterator[dict[str, Endpoint]]:
    thread = SimulatorThread(list(names), rate=1.0, faults=Faults(**faults))  # type: ignore[arg-type]
    try:
        yield {name: Endpoint(at["ws"], at["rest"]) for name, at in thread.start().items()}
    finally:
        thread.stop()


@asynccontextmanager
async def host(answer: web.Response | None) -> AsyncIterator[Endpoint]:
    """A host that answers everything alike, or not at all."""

    async def handle(_: web.Request) -> web.StreamResponse:
        if answer is None:
            await asyncio.sleep(60)
        return web.Response(status=answer.status if answer else 200, text="{}")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        yield Endpoint(f"ws://127.0.0.1:{port}", f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()


@pytest.fixture
def nobody() -> Iterator[Endpoint]:
    """A port at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        yield Endpoint(f"ws://127.0.0.1:{port}", f"http://127.0.0.1:{port}")


async def ask(*endpoints: Endpoint, limit: float = 10.0) -> Reachability:
    return await probe(BINANCE, endpoints, time.monotonic, limit)


@pytest.mark.asyncio
async def test_every_exchange_is_reached_and_told_of_as_it_answers() -> None:
    told: list[Reachability] = []
    with simulated(*EXCHANGES) as at:
        endpoints = {name: (each,) for name, each in at.items()}
        found = await probe_all(list(EXCHANGES.values()), endpoints, time.monotonic, told.append)
    assert [each.exchange for each in found] == list(EXCHANGES)
    assert sorted(told, key=lambda each: each.exchange) == sorted(
        found, key=lambda each: each.exchange
    )
    for each in found:
        assert (each.state, each.sentence) == ("reachable", "")
        assert each.milliseconds is not None and 0 < each.milliseconds < 10_000
        assert each.skew is not None and abs(each.skew) < 1_000
        assert each.host == at[each.exchange].rest


@pytest.mark.asyncio
@pytest.mark.parametrize("name", list(EXCHANGES))
async def test_a_region_that_is_refused_is_told_in_a_sentence(name: str) -> None:
    with simulated(name, refuse=451) as at:
        found = await probe(EXCHANGES[name], [at[name]], time.monotonic)
    title = EXCHANGES[name].title
    assert (found.state, found.usable) == ("refused", False)
    assert found.sentence == f"{title} refuses connections from this region (451)."
    assert found.milliseconds is None


@pytest.mark.asyncio
async def test_the_next_host_is_used_where_the_first_refuses() -> None:
    with simulated("binance", refuse=451) as refusing, simulated("binance") as open_:
        found = await ask(refusing["binance"], open_["binance"])
    assert (found.state, found.usable) == ("fallback", True)
    assert found.sentence == (
        "Binance refuses connections from this region (451): using its market-data host."
    )
    assert found.host == open_["binance"].rest


@pytest.mark.asyncio
async def test_a_refusal_by_rest_counts_as_one_by_websocket() -> None:
    async with host(web.Response(status=451)) as at:
        found = await ask(at)
    assert found.sentence == "Binance refuses connections from this region (451)."


@pytest.mark.asyncio
async def test_nobody_there_is_not_reachable(nobody: Endpoint) -> None:
    found = await ask(nobody)
    assert (found.state, found.sentence) == ("unreachable", "Binance cannot be reached.")
    assert found.host == nobody.rest


@pytest.mark.asyncio
async def test_a_name_that_cannot_be_looked_up_means_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def without_names(*_: object) -> object:
        cause = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        raise Unreachable("https://x: gaierror", "Binance cannot be reached.") from cause

    monkeypatch.setattr("tickglass.reachability.measure_skew", without_names)
    found = await ask(Endpoint("wss://exchange.invalid", "https://exchange.invalid"))
    assert found.state == "unreachable"
    assert found.sentence == "Binance is not reachable: no network."


@pytest.mark.asyncio
async def test_a_host_that_keeps_silent_is_given_up() -> None:
    async with host(None) as at:
        began = time.monotonic()
        found = await ask(at, limit=0.5)
    assert time.monotonic() - began < 5
    assert (found.state, found.sentence) == ("unreachable", "Binance did not answer in time.")


@pytest.mark.asyncio
async def test_a_host_that_is_no_exchange_is_told_of_and_none_of_its_words_used() -> None:
    async with host(web.Response(status=200)) as at:
        found = await ask(at)
    assert found.sentence == "Binance answers, but not as an exchange does."


@pytest.mark.parametrize(
    ("skew", "sentence"),
    [(999.0, ""), (-999.0, ""),
     (1_500.0, "This computer's clock is 1.5 s ahead of the exchange's."),
     (-61_000.0, "This computer's clock is 61.0 s behind the exchange's.")],
)  # fmt: skip
def test_a_clock_far_off_is_told_of(skew: float, sentence: str) -> None:
    assert skew_sentence(skew) == sentence
