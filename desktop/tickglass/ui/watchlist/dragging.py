"""Instruments on their way from one place to another by the mouse."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData

from ...errors import UsageError
from ...market.instrument import Instrument

MIME = "application/x-tickglass-instruments"
MOST = 10_000  # instruments of one drag


def packed(instruments: Sequence[Instrument]) -> QMimeData:
    """Instruments to be dragged; other programs get them as lines of text."""
    names = [str(each) for each in instruments]
    data = QMimeData()
    data.setData(MIME, QByteArray(json.dumps(names).encode()))
    data.setText("\n".join(names))
    return data


def unpacked(data: QMimeData) -> list[Instrument]:
    """The instruments that are dragged; none if it is anything else."""
    try:
        names = json.loads(bytes(data.data(MIME).data()))
        if not isinstance(names, list):
            return []
        return [Instrument.parse(str(name)) for name in names[:MOST]]
    except (ValueError, UsageError):
        return []
