"""Starts ``tickglass simulate`` as a program of its own, and prints the table of a run."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tickglass.exchanges.exchange import Endpoint

from .table import Table

COMMAND = [sys.executable, "-m", "tickglass", "simulate", "--seed", "7", "--rate", "600"]
TABLE = pytest.StashKey[Table]()


@pytest.fixture(scope="session")
def endpoints() -> Iterator[dict[str, Endpoint]]:
    """Where each simulated exchange answers."""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        addresses = json.loads(simulator.stdout.readline())
        yield {name: Endpoint(at["ws"], at["rest"]) for name, at in addresses.items()}
        simulator.terminate()


@pytest.fixture(scope="session")
def table(pytestconfig: pytest.Config) -> Table:
    """The table to fill."""
    return pytestconfig.stash.setdefault(TABLE, Table([]))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table."""
    lines = config.stash[TABLE].lines() if TABLE in config.stash else []
    if lines:
        terminalreporter.section("other clients on the simulated exchanges")
        for line in lines:
            terminalreporter.write_line(line)
