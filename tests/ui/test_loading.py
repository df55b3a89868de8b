"""Loading Qt, in a process of its own: here it is loaded already."""

import subprocess
import sys

CHECK = """
import builtins, linecache
before = builtins.__import__
from tickglass.ui.loading import load_qt
load_qt()
assert "PySide6.QtCore" in __import__("sys").modules
assert builtins.__import__ is before
import sqlite3
assert not [name for name in linecache.cache if "sqlite3" in name]
"""


def test_importing_stays_pythons_own_and_keeps_no_sources() -> None:
    subprocess.run([sys.executable, "-c", CHECK], check=True)
