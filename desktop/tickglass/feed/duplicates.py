"""Trades that come twice, as they do when two connections overlap or one begins anew."""

from __future__ import annotations

from collections import deque

from ..market.events import Trade
from ..market.instrument import Instrument

IDS_KEPT = 256  # an instrument; longer than any overlap of two connections
LONGEST_NUMBER = 19  # digits; a longer id is no count


class Seen:
    """The newest ids of one instrument, and the highest of all."""

    __slots__ = ("highest", "ids")

    def __init__(self, number: int) -> None:
        self.highest = number
        self.ids = deque((number,), IDS_KEPT)


class SeenTrades:
    """Remembers the newest trade ids of each instrument.

    Exchanges count trades upwards, so an id above all others needs no search. As numbers they take
    a quarter of the room of texts, which counts where thousands of instruments are watched.
    """

    def __init__(self) -> None:
        self._seen: dict[Instrument, Seen] = {}

    def is_new(self, trade: Trade) -> bool:
        """Whether this trade was not seen before; it is from now on."""
        text = trade.id
        counted = len(text) <= LONGEST_NUMBER and text.isdecimal()
        number = int(text) if counted else hash(text)
        seen = self._seen.get(trade.instrument)
        if seen is None:
            self._seen[trade.instrument] = Seen(number)
            return True
        if number > seen.highest:
            seen.highest = number
        elif number in seen.ids:
            return False
        seen.ids.append(number)
        return True

    def forget(self, instrument: Instrument) -> None:
        """Drop what is known of an instrument that is no longer watched."""
        self._seen.pop(instrument, None)
