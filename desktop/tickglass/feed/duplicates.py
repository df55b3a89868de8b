"""Trades that come twice, as they do when two connections overlap or one begins anew."""

from __future__ import annotations

from ..market.events import Trade
from ..market.instrument import Instrument

IDS_KEPT = 512  # an instrument; longer than any overlap of two connections


class SeenTrades:
    """Remembers the newest trade ids of each instrument."""

    def __init__(self) -> None:
        self._ids: dict[Instrument, dict[str, None]] = {}

    def is_new(self, trade: Trade) -> bool:
        """Whether this trade was not seen before; it is from now on."""
        ids = self._ids.get(trade.instrument)
        if ids is None:
            ids = self._ids[trade.instrument] = {}
        if trade.id in ids:
            return False
        ids[trade.id] = None
        if len(ids) > IDS_KEPT:
            del ids[next(iter(ids))]
        return True

    def forget(self, instrument: Instrument) -> None:
        """Drop what is known of an instrument that is no longer watched."""
        self._ids.pop(instrument, None)
