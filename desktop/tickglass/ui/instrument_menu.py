"""A menu in which instruments are chosen by ticking them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu

from ..language import tr
from ..market.instrument import Instrument

MOST_OFFERED = 40  # more do not fit on a screen


def fill_instruments(
    menu: QMenu,
    offered: Sequence[tuple[Instrument, str]],
    chosen: Sequence[Instrument],
    chose: Callable[[list[Instrument]], object],
) -> None:
    """Fill a menu with instruments to tick, each with its exchange's title."""
    for instrument, title in offered[:MOST_OFFERED]:
        said = tr("{pair} on {exchange}", pair=instrument.pair, exchange=title)
        action = menu.addAction(said.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(instrument in chosen)
        action.toggled.connect(
            lambda on, instrument=instrument: chose(toggled(chosen, instrument, on))
        )


def toggled(chosen: Sequence[Instrument], instrument: Instrument, on: bool) -> list[Instrument]:
    """The choice with one instrument more or less; a new one comes last."""
    rest = [each for each in chosen if each != instrument]
    return [*rest, instrument] if on else rest
