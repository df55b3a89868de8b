"""Starts ``tickglass simulate`` as a program of its own, as other clients would find it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

SEED = 7


@pytest.fixture(scope="session")
def endpoint() -> Iterator[dict[str, str]]:
    """Where the simulated Binance answers: ``ws`` and ``rest``."""
    command = [sys.executable, "-m", "tickglass", "simulate", "--seed", str(SEED), "--rate", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        yield json.loads(simulator.stdout.readline())["binance"]
        simulator.terminate()
