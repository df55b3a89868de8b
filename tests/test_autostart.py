"""Starting at login."""

import plistlib
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tickglass import autostart


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="of Linux desktops")
def test_it_is_switched_on_and_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert not autostart.enabled()
    autostart.enable()
    assert autostart.enabled()
    (file,) = (tmp_path / "autostart").iterdir()
    entry = RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(file)
    told = entry["Desktop Entry"]
    assert told["Type"] == "Application"
    assert told["Exec"].endswith("--minimized")
    autostart.disable()
    assert not autostart.enabled()
    autostart.disable()  # twice is no error


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="of Linux desktops")
def test_an_entry_that_the_desktop_switched_off_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    autostart.enable()
    (file,) = (tmp_path / "autostart").iterdir()
    file.write_text(file.read_text() + "Hidden=true\n")
    assert not autostart.enabled()


# Worked out by hand from the Desktop Entry Specification: the argument is quoted, and the value
# of the key is escaped once more.
@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("/usr/bin/python3", "/usr/bin/python3"),
        ("/home/a b/python", '"/home/a b/python"'),
        ("100%", "100%%"),
        ("a$b", '"a\\\\$b"'),
        ('say "x"', '"say \\\\"x\\\\""'),
        ("back\\slash", '"back\\\\\\\\slash"'),
        ("", '""'),
    ],
)
def test_words_are_quoted_as_the_specification_says(word: str, quoted: str) -> None:
    assert autostart.quoted(word) == quoted


def test_a_launch_agent_starts_it_at_login() -> None:
    made = plistlib.loads(autostart.launch_agent(["/Applications/T & G", "--minimized"]).encode())
    assert made["ProgramArguments"] == ["/Applications/T & G", "--minimized"]
    assert made["RunAtLoad"] is True


def test_the_command_starts_this_program() -> None:
    done = subprocess.run(
        [*autostart.command()[:-1], "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("tickglass ")
