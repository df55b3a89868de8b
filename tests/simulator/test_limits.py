"""Clients may send so many messages in a sliding window, and not one more."""

from tickglass.exchanges.exchange import Tolerance
from tickglass.simulator.limits import MessageCount

FIVE_A_SECOND = Tolerance(messages=5, window=1.0)


def test_the_sixth_message_in_a_second_is_too_many() -> None:
    count = MessageCount(FIVE_A_SECOND)
    assert [count.allows(10.0 + n * 0.1) for n in range(6)] == [True] * 5 + [False]


def test_the_window_slides() -> None:
    count = MessageCount(FIVE_A_SECOND)
    assert all(count.allows(n * 0.25) for n in range(100))
    assert count.allows(24.8)
    assert not count.allows(24.9)
