"""Feed work per trade at 3,000 a second from five exchanges, beside ccxt.pro and cryptofeed.

Each client has a process of its own and keeps the last price of each symbol; they take turns on
one server, in several rounds. The figure is CPU seconds of the process by events handed over, in
the steady time after start-up, subscribing and a warm-up. Nothing else is taken off: ours needs
0.01 % of a core when it reads nothing. As they come, ours and ccxt.pro run on asyncio's own loop
and cryptofeed on uvloop; cryptofeed reads Binance's aggregates of trades, the others each trade.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from .simulated import EXCHANGES, Addresses, plan, run_client, served

RATE = 6_700  # trades and quotes: some 3,000 trades
PAIRS = 20
ROUNDS, SECONDS = 2, 8
COMMON = ("binance", "bybit", "okx", "coinbase")  # cryptofeed reads KuCoin's newer protocol
TARGET = 25.0  # µs an event
TARGET_SHARE = 1 / 3  # of what cryptofeed needs


class Round(NamedTuple):
    """What a client did in one of its turns."""

    events: int
    cpu_seconds: float
    seconds: float


@dataclass
class Client:
    """One line of the table; ``runs`` are the figures of its rounds."""

    package: str
    module: str
    exchanges: Sequence[str]
    options: Sequence[str] = ()
    runs: list[Round] = field(default_factory=list)

    @property
    def version(self) -> str | None:
        """Its package's version; None if it is not installed."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None

    @property
    def costs(self) -> list[float]:
        """µs of CPU time an event, by round."""
        return [each.cpu_seconds / each.events * 1e6 for each in self.runs]

    @property
    def cost(self) -> float:
        """µs of CPU time an event over all rounds."""
        events = sum(each.events for each in self.runs)
        return sum(each.cpu_seconds for each in self.runs) / events * 1e6

    @property
    def rate(self) -> float:
        """Events a second."""
        return sum(each.events for each in self.runs) / sum(each.seconds for each in self.runs)

    def run(self, addresses: Addresses) -> None:
        """Measure one round."""
        what = plan(addresses, self.exchanges, PAIRS)
        figures = run_client(self.module, what, str(SECONDS), *self.options)
        silent = [name for name in self.exchanges if not figures["events"].get(name)]
        if silent:
            raise RuntimeError(f"{self.package} got nothing from {', '.join(silent)}")
        events = sum(figures["events"].values())
        self.runs.append(Round(events, figures["cpu_seconds"], figures["seconds"]))


def main() -> None:
    """Measure and print."""
    ours, common = (
        Client("tickglass", "tests.benchmarks.headless", names, ("trade",))
        for names in (EXCHANGES, COMMON)
    )
    ccxt = Client("ccxt", "tests.benchmarks.peers.ccxt_trades", EXCHANGES)
    cryptofeed = Client("cryptofeed", "tests.benchmarks.peers.cryptofeed_trades", COMMON)
    clients = [ours, ccxt, common, cryptofeed]
    options = ("--rate", str(RATE), "--pairs", str(PAIRS), "--seed", "3")
    with served("tickglass", "simulate", *options) as addresses:
        for _ in range(ROUNDS):
            for client in clients:
                if client.version is not None:
                    client.run(addresses)
    print(f"trades of {PAIRS} pairs on each exchange, {ROUNDS} rounds of {SECONDS} s")
    print(f"  {'client':19} {'exchanges':36} {'events/s':>8} {'µs/event':>9}   rounds")
    for client in clients:
        print(line(client))
    for verdict in verdicts(ours, common, cryptofeed):
        print(f"  {verdict}")


def line(client: Client) -> str:
    """A client's line of the table."""
    named = f"  {client.package} {client.version or ''}".ljust(22)
    if not client.runs:
        return f"{named}not installed"
    read = " ".join(client.exchanges)
    rounds = " ".join(f"{cost:.1f}" for cost in client.costs)
    return f"{named}{read:36} {client.rate:8.0f} {client.cost:9.1f}   {rounds}"


def verdicts(ours: Client, common: Client, cryptofeed: Client) -> list[str]:
    """The targets and whether they are met."""
    found = [f"target: at most {TARGET:.0f} µs an event: {yes(ours.cost <= TARGET)}"]
    if cryptofeed.runs:
        share = common.cost / cryptofeed.cost
        met = yes(share <= TARGET_SHARE)
        found.append(f"target: at most a third of cryptofeed, same exchanges: {share:.0%}, {met}")
    return found


def yes(met: bool) -> str:
    """Whether a target is met, in a word."""
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
