"""The table that ``make interop`` ends with: client by exchange by channel."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import NamedTuple

# The module to import of each client, and what keeps it from being installed everywhere.
MODULES = {
    "ccxt.pro": ("ccxt", ""),
    "python-binance": ("binance", ""),
    "pybit": ("pybit", ""),
    "python-okx": ("okx", ""),
    "coinbase-advanced-py": ("coinbase", ""),
    "kucoin-universal-sdk": ("kucoin_universal_sdk", ""),
    "cryptofeed": ("cryptofeed", "version 3 needs Python 3.13"),
}
COLUMNS = ("client", "exchange", "channel", "messages", "values", "equal to ours")


class Row(NamedTuple):
    """What one client received on one channel of one exchange; ``verdict``: yes, no, or why not."""

    client: str
    exchange: str
    channel: str
    messages: str
    values: str
    verdict: str


@dataclass(slots=True)
class Table:
    """The rows of one run."""

    rows: list[Row]

    def compared(self, client: str, exchange: str, channel: str, counts: Counts) -> None:
        """Add what was received and how much of it we received too."""
        verdict = "yes" if counts.equal else counts.problem
        row = Row(client, exchange, channel, str(counts.messages), str(counts.values), verdict)
        self.rows.append(row)

    def impossible(self, client: str, exchange: str, channel: str, reason: str) -> None:
        """Add what the client itself cannot do."""
        self.rows.append(Row(client, exchange, channel, "–", "–", reason))

    def lines(self) -> list[str]:
        """The table as text; nothing if nothing was compared."""
        if not self.rows:
            return []
        rows = [COLUMNS, *self.rows, *_not_installed()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS) - 1)]
        return [
            "  ".join([*(text.ljust(w) for text, w in zip(row, widths, strict=False)), row[-1]])
            for row in rows
        ]


class Counts(NamedTuple):
    """How many messages and distinct values were received, and which of them we did not have."""

    messages: int
    values: int
    missing: int
    wanted: int

    @property
    def equal(self) -> bool:
        """Whether enough came and we had all of it."""
        return self.values >= self.wanted and not self.missing

    @property
    def problem(self) -> str:
        """Why it is not equal."""
        if self.missing:
            return f"no: {self.missing} values differ"
        return f"no: {self.values} of {self.wanted} values came in time"


def _not_installed() -> list[Row]:
    return [
        Row(client, "all", "all", "–", "–", "not installed" + (f": {reason}" if reason else ""))
        for client, (module, reason) in MODULES.items()
        if find_spec(module) is None
    ]
