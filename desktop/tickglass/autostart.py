"""Starting at login, as each system does it; always in the tray.

Sources: Desktop Application Autostart Specification 0.5 and Desktop Entry Specification 1.5
(freedesktop.org) for Linux; launchd.plist(5) for macOS; the Run key of the registry for Windows.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .files import write_atomically

APP_ID = "io.github.tickglass.tickglass"
NAME = "Tickglass"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")  # of the Exec key: these need quotes
ESCAPED = '"`$\\'  # within the quotes


def command() -> list[str]:
    """What starts this very program in the tray."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--minimized"]
    return [sys.executable, "-m", "tickglass", "--minimized"]


def enabled() -> bool:
    """Whether it starts at login."""
    if sys.platform == "win32":
        return _windows_value() is not None
    path = _file()
    if not path.is_file():
        return False
    return sys.platform == "darwin" or not is_hidden(path.read_text(encoding="utf-8"))


def enable() -> None:
    """Start at login from now on; raises OSError."""
    if sys.platform == "win32":
        _set_windows_value(subprocess.list2cmdline(command()))
        return
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    made = launch_agent(command()) if sys.platform == "darwin" else desktop_entry(command())
    write_atomically(path, made)


def disable() -> None:
    """Start at login no longer; raises OSError."""
    if sys.platform == "win32":
        _set_windows_value(None)
    else:
        _file().unlink(missing_ok=True)


def desktop_entry(words: Sequence[str]) -> str:
    """The entry of the autostart folder of Linux desktops."""
    line = " ".join(quoted(each) for each in words)
    return (
        "[Desktop Entry]\nType=Application\nVersion=1.0\n"
        f"Name={NAME}\nExec={line}\nIcon={APP_ID}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def quoted(word: str) -> str:
    """A word of the Exec key, quoted as its specification has it; per cent signs are doubled."""
    doubled = word.replace("%", "%%")
    if word and not RESERVED & set(word):
        return doubled
    inside = "".join(f"\\{each}" if each in ESCAPED else each for each in doubled)
    return '"' + inside.replace("\\", "\\\\") + '"'  # the value of any key is escaped once more


def is_hidden(entry: str) -> bool:
    """Whether an entry says that it counts as not there."""
    lines = (each.replace(" ", "").lower() for each in entry.splitlines())
    return any(each in ("hidden=true", "x-gnome-autostart-enabled=false") for each in lines)


def launch_agent(words: Sequence[str]) -> str:
    """The property list of a launch agent of macOS."""
    wanted = {"Label": APP_ID, "ProgramArguments": list(words), "RunAtLoad": True}
    return plistlib.dumps(wanted).decode()


def _file() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
    told = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(told) if os.path.isabs(told) else Path.home() / ".config"
    return config / "autostart" / f"{APP_ID}.desktop"


def _windows_value() -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
            return str(winreg.QueryValueEx(key, NAME)[0])
    except FileNotFoundError:
        return None


def _set_windows_value(line: str | None) -> None:
    if sys.platform != "win32":
        return
    import winreg

    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
        if line is not None:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, line)
        elif _windows_value() is not None:
            winreg.DeleteValue(key, NAME)
