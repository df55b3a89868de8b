"""How far our clock is from an exchange's, by the quickest of several replies."""

import asyncio

import pytest

from tickglass.errors import Unreachable
from tickglass.exchanges.binance import Binance
from tickglass.exchanges.exchange import BadFrame, Catalogue, Request
from tickglass.feed import skew as skew_module
from tickglass.feed.skew import Skew, measure_skew


class World:
    """Our two clocks, and an exchange that takes its time to answer; seconds."""

    def __init__(self, ahead: float, *trips: float) -> None:
        self.ahead = ahead  # our clock, of the exchange's
        self.now = 1_000.0
        self.trips = list(trips)
        self.body: bytes | None = None

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1_795_000_000.0 + self.now

    async def get(self, request: Request) -> bytes:
        """Stands in for REST: the exchange reads its clock half way."""
        assert request.path == "/api/v3/time"
        trip = self.trips.pop(0)
        if trip < 0:
            raise Unreachable("nobody answers")
        self.now += trip / 2
        told = round((self.time() - self.ahead) * 1000)
        self.now += trip / 2
        return self.body or b'{"serverTime":%d}' % told


def measure(world: World, monkeypatch: pytest.MonkeyPatch) -> Skew:
    monkeypatch.setattr(skew_module, "time", world)
    return asyncio.run(measure_skew(Binance(Catalogue()), world))  # type: ignore[arg-type]


@pytest.mark.parametrize("ahead", [0.0, 1.25, -0.75, 3_600.0])
def test_the_skew_is_ours_less_the_exchanges_at_the_middle_of_the_round_trip(
    ahead: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = measure(World(ahead, 0.2, 0.2, 0.3, 0.9), monkeypatch)
    assert measured == pytest.approx((ahead * 1000, 200.0), abs=1.0)


def test_the_first_reply_does_not_count_because_it_pays_for_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(0.5, 0.01, 0.3, 0.04, 8.0)
    assert measure(world, monkeypatch) == pytest.approx((500.0, 40.0), abs=1.0)
    assert world.trips == []


def test_no_reply_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreachable):
        measure(World(0.0, 0.1, -1.0), monkeypatch)


def test_a_reply_that_cannot_be_read_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(0.0, 0.1, 0.1)
    world.body = b"<html>"
    with pytest.raises(BadFrame):
        measure(world, monkeypatch)
