"""What the command palette offers beside instruments, and how well it matches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..language import tr
from ..market.instrument import Instrument
from .actions import Entry, keys_text, written
from .search import TEXT_PART, folded, text_rank
from .suggestions import Suggestion

ACTION = "action:"  # before the name of an action, where what was used lately is remembered
BETWEEN = "  ·  "


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """Something else that can be chosen: a layout, a list. ``key`` is remembered across starts."""

    key: str
    text: str
    run: Callable[[], object]
    detail: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a line stands for."""

    key: str
    run: Callable[[], object]
    instrument: Instrument | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What can be found by its name, and the line that shows it."""

    key: str
    searched: str  # its name, folded
    group: str  # folded
    line: Suggestion


def rank_of(words: list[str], candidate: Candidate) -> int | None:
    """How well a name matches; its group helps to find it, but never before a name."""
    rank = text_rank(words, candidate.searched)
    if rank is None and text_rank(words, candidate.searched + " " + candidate.group) is not None:
        return TEXT_PART
    return rank


def action_candidate(entry: Entry) -> Candidate:
    """The line of an action: its group, whether it is on, and its keys."""
    action, text, group = entry.action, entry.shown, tr(entry.group) if entry.group else ""
    choice = Choice(ACTION + entry.name, action.trigger)
    keys = keys_text(written(action.shortcut()))
    state = (tr("on") if action.isChecked() else tr("off")) if action.isCheckable() else ""
    if not action.isEnabled():
        state = tr("not now")
    right = BETWEEN.join(part for part in (state, keys) if part)
    line = Suggestion(text, group, right, choice, enabled=action.isEnabled())
    return Candidate(choice.key, folded(text), folded(group), line)


def other_candidate(entry: PaletteEntry) -> Candidate:
    """The line of something else that can be chosen."""
    line = Suggestion(entry.text, entry.detail, entry.right, Choice(entry.key, entry.run))
    return Candidate(entry.key, folded(entry.text), folded(entry.detail), line)
