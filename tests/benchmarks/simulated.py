"""The simulated exchanges that clients are measured on, and running a client in its own process."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tickglass.simulator.pairs import pairs

EXCHANGES = ("binance", "bybit", "okx", "coinbase", "kucoin")

Addresses = dict[str, dict[str, str]]
Plan = dict[str, dict[str, Any]]  # by exchange: "ws", "rest", and "pairs" as BASE/QUOTE


@contextmanager
def served(*command: str) -> Iterator[Addresses]:
    """The addresses of exchanges that ``python -m command`` serves while the context lasts."""
    server = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        addresses: Addresses = json.loads(server.stdout.readline())
        yield addresses
    finally:
        server.terminate()
        server.wait()


def plan(addresses: Addresses, exchanges: Sequence[str], count: int) -> Plan:
    """What to read: the first ``count`` pairs of each exchange."""
    return {
        name: {
            **addresses[name],
            "pairs": [f"{pair.base}/{pair.quote_ccy}" for pair in pairs(count, name)],
        }
        for name in exchanges
    }


def run_client(module: str, what: Plan, *arguments: str) -> dict[str, Any]:
    """The figures that a client prints as JSON; it reads the plan from its standard input."""
    command = [sys.executable, "-m", module, *arguments]
    text = json.dumps(what)
    result = subprocess.run(command, check=True, input=text, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(result.stdout)
    return figures
