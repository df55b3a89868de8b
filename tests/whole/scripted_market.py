"""A simulated Binance whose bitcoin is worth what the test says, moment for moment."""

from typing import Self

from tickglass.simulator.economy import Economy
from tickglass.simulator.faults import Faults
from tickglass.simulator.market import Market
from tickglass.simulator.pairs import pairs
from tickglass.simulator.server import Simulator, clock

from ..feed.helpers import BTC, until

PAIRS, RATE, SEED = 2, 300.0, 11
NEAR = 2e-4  # of the price: so far around its worth the market trades
AT_ONCE = 0.01  # s: faults that strike every connection


class ScriptedMarket:
    """Nothing moves but by ``move``; ``cut`` and ``stall`` let the exchange fail meanwhile.

    Until the first move nothing is traded, so that nothing happened before anybody listened.
    """

    def __init__(self) -> None:
        listed = [each._replace(volatility=0.0) for each in pairs(PAIRS, "binance")]
        start = clock()
        economy = Economy(SEED, listed, start)
        self.faults = Faults()
        self.price = float(listed[0].price)  # before any move
        self._bitcoin, _ = economy.sides(listed[0])
        market = Market(SEED, listed, start, RATE, economy)
        market.halt(0)
        self._market = market
        self._simulator = Simulator({"binance": market}, faults=self.faults)
        self._exchange = self._simulator.exchanges["binance"]

    async def __aenter__(self) -> Self:
        await self._simulator.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._simulator.__aexit__(None, None, None)

    @property
    def address(self) -> dict[str, str]:
        """Where it answers."""
        return self._simulator.endpoints["binance"]

    async def move(self, share: float) -> None:
        """Let the price go to so much above the first one, and wait until it is there."""
        self._market.halt(0, halted=False)
        self._bitcoin.level = 1.0 + share
        worth = self.price * (1.0 + share)
        await until(lambda: abs(self._last / worth - 1.0) < NEAR)

    async def cut(self, share: float) -> None:
        """Move while every connection is cut and no new one accepted."""
        self.faults.drop, self.faults.refuse = AT_ONCE, 503
        await until(lambda: not self._exchange.clients)
        await self.move(share)
        self.faults.drop = self.faults.refuse = 0

    async def stall(self, share: float) -> None:
        """Move while every connection is open but silent."""
        clients = set(self._exchange.clients)
        self.faults.stall = AT_ONCE
        await until(lambda: clients and all(each.stalled for each in clients))
        self.faults.stall = 0
        await self.move(share)

    @property
    def _last(self) -> float:
        last = self._exchange.view.day(BTC).ticker.last
        assert last is not None
        return last
