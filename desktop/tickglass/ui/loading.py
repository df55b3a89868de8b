"""Loading Qt without what it does to every import after it."""

from __future__ import annotations

import builtins
import importlib


def load_qt() -> None:
    """Load Qt's bindings, and keep Python's own import statement.

    PySide6 replaces it by one that reads the source of every module imported later, and keeps it,
    looking for a way of writing that we do not use: a fifth of a second and 18 MB at the start
    (https://github.com/napari/napari/issues/8584).
    """
    plain_import = builtins.__import__
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = plain_import
