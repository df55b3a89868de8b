"""A simulator in a thread: it listens when started, ends quickly, and hands its errors over."""

import socket
import threading
import time
import urllib.request

import pytest

from tickglass.errors import PortInUse, UsageError
from tickglass.simulator.thread import SimulatorThread

from .conftest import EXCHANGE


def test_it_answers_as_soon_as_it_has_started_and_stops_within_a_second() -> None:
    thread = SimulatorThread([EXCHANGE], pair_count=2, rate=10.0)
    rest = thread.start()[EXCHANGE]["rest"]
    with urllib.request.urlopen(rest + "/api/v3/ping", timeout=5) as reply:
        assert reply.read() == b"{}"
    begun = time.perf_counter()
    thread.stop()
    assert time.perf_counter() - begun < 1.0
    assert not [each for each in threading.enumerate() if each.name == "simulator"]


def test_its_errors_are_raised_by_start() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortInUse):
            SimulatorThread([EXCHANGE], port=taken.getsockname()[1], pair_count=2).start()
    with pytest.raises((UsageError, KeyError)):
        SimulatorThread(["nowhere"]).start()


def test_stopping_twice_is_harmless() -> None:
    thread = SimulatorThread([EXCHANGE], pair_count=2)
    thread.start()
    thread.stop()
    thread.stop()
