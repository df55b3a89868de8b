"""Where Tickglass keeps its files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "tickglass"
CONFIG_DIR_VARIABLE = "TICKGLASS_CONFIG_DIR"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders for settings, data (histories), cache (can be deleted) and logs."""

    config: Path
    data: Path
    cache: Path
    log: Path

    @property
    def settings(self) -> Path:
        """What the person chose; meant to be read and edited."""
        return self.config / "settings.toml"

    @property
    def backups(self) -> Path:
        """Dated copies of the settings."""
        return self.config / "backups"

    @property
    def saved_settings(self) -> Path:
        """The settings as the program wrote them last, to tell whether something was cut off."""
        return self.data / "settings-saved.toml"

    @property
    def layouts(self) -> Path:
        """The layouts that the person named."""
        return self.config / "layouts.json"

    @property
    def importing(self) -> Path:
        """What is being imported; there only while it happens, or after it was interrupted."""
        return self.config / "importing"

    @property
    def window(self) -> Path:
        """Sizes and positions, remembered by the program."""
        return self.config / "window.json"

    @property
    def candles(self) -> Path:
        """Candles of charts seen before."""
        return self.cache / "candles.sqlite"

    @property
    def drawings(self) -> Path:
        """What was drawn on the charts."""
        return self.data / "drawings.json"

    @property
    def last_prices(self) -> Path:
        """The last price of every watched instrument, with its time."""
        return self.data / "last_prices.json"

    @property
    def alerts(self) -> Path:
        """What fired, how it was told, and what alerts must remember."""
        return self.data / "alerts.sqlite"


def find_paths(config_dir: str | None = None) -> Paths:
    """The folders of this system, or all under ``config_dir`` or TICKGLASS_CONFIG_DIR."""
    chosen = config_dir or os.environ.get(CONFIG_DIR_VARIABLE)
    if chosen:
        base = Path(chosen).expanduser().absolute()
        return Paths(base, base / "data", base / "cache", base / "log")
    return Paths(
        Path(platformdirs.user_config_dir(APP, appauthor=False)),
        Path(platformdirs.user_data_dir(APP, appauthor=False)),
        Path(platformdirs.user_cache_dir(APP, appauthor=False)),
        Path(platformdirs.user_log_dir(APP, appauthor=False)),
    )
