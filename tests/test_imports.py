"""Who may import whom, that modules say what they are, and that no private path is committed."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "desktop" / "tickglass"

# A part is a folder or a module directly in the package; "__init__" is the package itself.
# Every part may import itself and EVERYONE's.
EVERYONE = {"errors", "paths", "language"}
ANYTHING = {"*"}
MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "paths": set(),
    "language": set(),
    "settings": {"market", "alerts", "files", "options"},
    "options": {"market"},
    "statefile": {"files"},
    "bundle": {"files", "settings", "statefile"},
    "keeping": {
        "bundle",
        "files",
        "last_prices",
        "mark_store",
        "market",
        "saver",
        "settings",
        "statefile",
    },
    "last_prices": {"market"},
    "movers_feed": {"market", "exchanges", "feed"},
    "anchors": {"market", "exchanges", "feed"},
    "watching": {"anchors", "market", "exchanges", "feed", "charts"},
    "side_feed": {"market", "exchanges"},
    "reachability": {"exchanges", "feed", "ui"},
    "preferences": ANYTHING,
    "market": set(),
    "exchanges": {"market"},
    "feed": {"market", "exchanges"},
    "alerts": {"market"},
    "delivery": {"market", "alerts"},
    "simulator": {"market", "exchanges"},
    "ui": {"market", "alerts", "options"},
    "files": set(),
    "logs": set(),
    "saver": set(),
    "records": {"market"},
    "stats": ANYTHING,
    "feed_rows": {"feed", "ui"},
    "intake": {"market", "alerts"},
    "alert_keeper": {"alerts"},
    "alert_targets": {"alert_keeper", "delivery"},
    "alert_feed": {"market", "alerts", "exchanges", "feed", "charts"},
    "alert_rehearsals": {"market", "alerts", "exchanges", "feed"},
    "signal_feed": {"market", "alerts", "exchanges", "feed"},
    "alerting": ANYTHING,
    "alert_requests": {"alerts"},
    "instance": {"files"},
    "autostart": {"files"},
    "charts": {"market", "exchanges", "feed"},
    "exporting": {"market", "files"},
    "mark_store": {"market"},
    "wiring": ANYTHING,
    "commands": ANYTHING,
    "filing": ANYTHING,
    "reporting": ANYTHING,
    "program": ANYTHING,
    "app": ANYTHING,
    "cli": ANYTHING,
    "__main__": ANYTHING,
}

# Libraries that only some parts may import …
ONLY_IN = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "talib": {"market"},
    "pyarrow": {"exporting"},
    "qasync": {"app"},
}
# … and those that some parts may not.
NOT_IN = {
    "asyncio": {"market", "alerts", "exchanges"},
    "aiohttp": {"market", "alerts", "exchanges"},
    "websockets": {"market", "alerts", "exchanges"},
}


def imported(tree: ast.Module, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything that is imported, wherever in the file it stands.

    ``from tickglass import market`` and ``from . import book`` name a module or an attribute; both
    come out as ``tickglass.market`` and so on.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                parents = parents[: len(parents) - node.level + is_package]
                base = ".".join([*parents, base] if base else parents)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"
        elif isinstance(node, ast.Call) and node.args:
            function, first = node.func, node.args[0]
            name = function.attr if isinstance(function, ast.Attribute) else None
            name = function.id if isinstance(function, ast.Name) else name
            if (
                name in {"import_module", "__import__"}
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                yield node.lineno, first.value


def part_of(name: str) -> str:
    """``tickglass.ui.theme`` → ``ui``; the package and its attributes → ``__init__``."""
    part = [*name.split("."), "__init__"][1]
    known = part in MAY_IMPORT or (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").exists()
    return part if known else "__init__"


def offences(source: str, module: str, is_package: bool = False) -> list[str]:
    """What the module imports against the rules, a sentence each."""
    own = part_of(module)
    if own not in MAY_IMPORT:
        return [f"{module}: {own} is not in the table MAY_IMPORT: say there what it may import"]
    allowed = MAY_IMPORT[own] | EVERYONE | {own}
    found = []
    for line, name in imported(ast.parse(source), module, is_package):
        top = name.split(".")[0]
        if top == "tickglass":
            part = part_of(name)
            if part not in allowed and "*" not in allowed:
                found.append(f"{module}, line {line}: {own} must not import {part} ({name})")
        elif own not in ONLY_IN.get(top, {own}) or own in NOT_IN.get(top, set()):
            found.append(f"{module}, line {line}: {own} must not import {top}")
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = sorted(PACKAGE.rglob("*.py"))
module_files = pytest.mark.parametrize("path", MODULES, ids=module_name)


def test_there_are_modules() -> None:
    assert PACKAGE / "__init__.py" in MODULES


@module_files
def test_imports_follow_the_table(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert offences(source, module_name(path), path.name == "__init__.py") == []


@module_files
def test_starts_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_qasync_stands_in_no_test_but_conftest() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        for _, name in imported(ast.parse(path.read_text(encoding="utf-8")), "tests.x", False)
        if name.split(".")[0] == "qasync"
    }
    assert users <= {"tests/conftest.py"}


@pytest.mark.parametrize(
    ("module", "source", "culprit"),
    [
        ("tickglass.market.book", "import asyncio", "asyncio"),
        ("tickglass.market.book", "from tickglass import alerts", "alerts"),
        ("tickglass.market.book", "from tickglass.feed.hub import Hub", "feed"),
        ("tickglass.market.book", "from ..exchanges import okx", "exchanges"),
        ("tickglass.market.book", "from .. import settings", "settings"),
        ("tickglass.alerts.engine", "def f():\n    import aiohttp.web", "aiohttp"),
        ("tickglass.exchanges.okx", "from websockets.asyncio import client", "websockets"),
        ("tickglass.exchanges.okx", "if TYPE_CHECKING:\n    import tickglass.feed", "feed"),
        ("tickglass.feed.hub", "from PySide6.QtCore import QTimer", "PySide6"),
        ("tickglass.ui.theme", "import qasync", "qasync"),
        ("tickglass.ui.theme", "import tickglass.feed.hub as hub", "feed"),
        ("tickglass.ui.theme", "importlib.import_module('tickglass.exchanges')", "exchanges"),
        ("tickglass.delivery.tray", "from tickglass import __version__", "__init__"),
        ("tickglass.cli", "import talib", "talib"),
        ("tickglass.settings", "from tickglass.app import main", "app"),
    ],
)
def test_an_offence_is_found(module: str, source: str, culprit: str) -> None:
    found = offences(source, module)
    assert len(found) == 1
    assert f"must not import {culprit}" in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tickglass.market.book", "import numpy as np\nfrom . import events"),
        ("tickglass.market.book", "from tickglass.errors import TickglassError"),
        ("tickglass.feed.hub", "import asyncio\nfrom ..exchanges import okx\nimport websockets"),
        ("tickglass.ui.theme", "from PySide6 import QtGui\nfrom tickglass.alerts import engine"),
        ("tickglass.app", "import qasync\nfrom . import __version__, settings, ui, feed"),
        ("tickglass.cli", "from tickglass import __version__, feed, settings"),
    ],
)
def test_what_the_table_allows_is_no_offence(module: str, source: str) -> None:
    assert offences(source, module) == []


def test_a_relative_import_in_a_package_starts_at_the_package() -> None:
    assert offences("from .book import Book", "tickglass.market", is_package=True) == []
    assert offences("from ..ui import theme", "tickglass.market", is_package=True) != []


def test_an_unknown_part_is_an_offence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MAY_IMPORT, "feed")
    assert "not in the table" in offences("", "tickglass.feed.hub")[0]


# What only one machine has: folders of its owner, addresses of its package index. Written with
# brackets, so that this file does not match itself.
PRIVATE = re.compile(
    r"file:[/]{3}|(?<![\w.:/-])[/](?:root|work)[/]|[i]ndex-url|[f]ind-links|[U]V_(?:EXTRA_)?INDEX"
)


@pytest.mark.parametrize(
    "text",
    [
        "see file:" + "///srv/packages",
        "cd " + "/root" + "/project",
        "'" + "/work" + "/x'",
        "--extra-index-" + "url https://example.org",
        "--find-" + "links=wheels",
    ],
)
def test_a_private_path_is_found(text: str) -> None:
    assert PRIVATE.search(text)


@pytest.mark.parametrize("text", ["https://example.org/work/1", "a/root/b", "/workspace/"])
def test_other_text_is_not_private(text: str) -> None:
    assert not PRIVATE.search(text)


def test_no_private_path_is_committed() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = []
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            if PRIVATE.search(line):
                found.append(f"{name}, line {number}: {line.strip()[:100]}")
    assert found == []
