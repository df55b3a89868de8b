"""The settings: one typed tree, kept in a TOML file that people may read and edit.

Reading never fails: what cannot be used is left in the file untouched, reported in one sentence,
and done without. Writing changes only what changed, so comments and unknown keys stay.
"""

from ..market.watchlist import Watchlist
from .backups import Backup, Backups
from .file import SettingsFile
from .tree import (
    DEFAULT_EXCHANGES,
    BoardSettings,
    ExchangeSettings,
    Settings,
    TickerSettings,
    WindowSettings,
)

__all__ = [
    "DEFAULT_EXCHANGES",
    "Backup",
    "Backups",
    "BoardSettings",
    "ExchangeSettings",
    "Settings",
    "SettingsFile",
    "TickerSettings",
    "Watchlist",
    "WindowSettings",
]
