"""Everything a person can do by name: actions, their groups and their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ..language import tr

# What every field, list and menu needs for itself; no action may take these keys.
RESERVED = frozenset(
    {
        "Esc", "Tab", "Shift+Tab", "Return", "Enter", "Space", "Backspace", "Up", "Down", "Left",
        "Right", "PgUp", "PgDown", "Home", "End", "Ctrl+C", "Ctrl+V", "Ctrl+X",
    }
)  # fmt: skip
NO_KEYS = frozenset(
    {
        Qt.Key.Key_unknown, Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
    }
)  # fmt: skip
BETWEEN_CHORDS = ", "


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as it stands in the book; ``text`` and ``group`` are marked English."""

    name: str
    text: str
    group: str
    default: str  # keys, as QKeySequence writes them
    action: QAction

    @property
    def shown(self) -> str:
        """What the action is called now, in the language of the person."""
        return plain_text(self.action)


class ActionBook(QObject):
    """All actions of a window by name, the keys that call them, and which a person changed.

    What was changed goes before the defaults: a default gives way to keys that a person chose for
    something else, so that a new version takes no keys away.
    """

    keys_changed = Signal(dict)  # name -> keys, only what differs from the defaults
    shown_keys_changed = Signal()  # for whoever displays keys

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}
        self._chosen: dict[str, str] = {}

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the order in which they were added."""
        return iter(tuple(self._entries.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def add(
        self,
        name: str,
        text: str,
        call: Callable[..., object],
        keys: str = "",
        group: str = "",
        *,
        checkable: bool = False,
        checked: bool = False,
    ) -> QAction:
        """A new action. ``call`` gets nothing, or whether it is on if the action is checkable.

        Raises ValueError if the name is taken, or if the keys are no keys or call another action.
        """
        default = normal_keys(keys)
        if name in self._entries or default is None:
            raise ValueError(f"{name}: taken, or {keys!r} are no keys")
        rival = self._holder_of_default(default)
        if rival:
            raise ValueError(f"{name}: {keys} already call {rival}")
        action = QAction(tr(text), self)
        action.setObjectName(name)
        action.setCheckable(checkable)
        action.setChecked(checked)
        action.triggered.connect(_caller(call, checkable))
        self._entries[name] = Entry(name, text, group, default, action)
        if self._chosen:
            self._apply()
        else:
            action.setShortcut(QKeySequence(default))
        return action

    def action(self, name: str) -> QAction:
        """The action of that name; KeyError if there is none."""
        return self._entries[name].action

    def entry(self, name: str) -> Entry:
        """The entry of that name; KeyError if there is none."""
        return self._entries[name]

    def groups(self) -> dict[str, list[Entry]]:
        """The entries by group, both in the order of adding."""
        made: dict[str, list[Entry]] = {}
        for entry in self._entries.values():
            made.setdefault(entry.group, []).append(entry)
        return made

    def attach(self, widget: QWidget) -> None:
        """Let every key work while the window of a widget is active."""
        widget.addActions([entry.action for entry in self._entries.values()])

    def retranslate(self) -> None:
        """Say every text in the language that is chosen now."""
        for entry in self._entries.values():
            entry.action.setText(tr(entry.text))

    # ------------------------------------------------------------ keys

    @property
    def chosen_keys(self) -> dict[str, str]:
        """What differs from the defaults, to be saved: name -> keys, empty for no keys."""
        return dict(self._chosen)

    def keys(self, name: str) -> str:
        """The keys that call an action now, as ``Ctrl+Shift+K``; empty if there are none."""
        return written(self._entries[name].action.shortcut())

    def set_keys(self, chosen: Mapping[str, Any]) -> None:
        """Use saved choices; what cannot be read is left out, what is not known yet is kept."""
        self._chosen = {}
        for name, keys in chosen.items():
            normal = normal_keys(keys) if isinstance(keys, str) else None
            entry = self._entries.get(name)
            if normal is None or is_reserved(normal):
                continue
            if entry is None or entry.default != normal:
                self._chosen[name] = normal
        self._apply()

    def choose_keys(self, name: str, keys: str) -> None:
        """Let other keys call an action from now on; whoever had them has none.

        Raises ValueError if they are no keys, or reserved.
        """
        normal = normal_keys(keys)
        if normal is None or is_reserved(normal):
            raise ValueError(f"{keys!r} cannot call an action")
        for rival in self._entries:
            wanted = self._chosen.get(rival, self.keys(rival))
            if rival != name and collide(wanted, normal):
                self._note(rival, "")
        self._note(name, normal)
        self._apply()
        self.keys_changed.emit(self.chosen_keys)

    def choose_all(self, chosen: Mapping[str, str]) -> None:
        """Use these choices instead of all that a person made; none of them for the defaults."""
        self.set_keys(chosen)
        self.keys_changed.emit(self.chosen_keys)

    def conflict(self, name: str, keys: str) -> str | None:
        """The name of another action that these keys call, if there is one."""
        return next(iter(self.conflicts(name, keys)), None)

    def conflicts(self, name: str, keys: str) -> list[str]:
        """The names of all other actions that these keys call, or whose keys they begin."""
        normal = normal_keys(keys) or ""
        return [
            other for other in self._entries if other != name and collide(self.keys(other), normal)
        ]

    def _note(self, name: str, keys: str) -> None:
        self._chosen.pop(name, None)
        if keys != self._entries[name].default:
            self._chosen[name] = keys

    def _holder_of_default(self, keys: str) -> str | None:
        holders = (each.name for each in self._entries.values() if collide(each.default, keys))
        return next(holders, None)

    def _apply(self) -> None:
        """Give out the keys: those that were chosen first, then the defaults that are left."""
        given: dict[str, str] = {}
        wanted = [(name, keys) for name, keys in self._chosen.items() if name in self._entries]
        wanted += [
            (entry.name, entry.default)
            for entry in self._entries.values()
            if entry.name not in self._chosen
        ]
        for name, keys in wanted:
            free = not any(collide(keys, other) for other in given.values())
            given[name] = keys if free else ""
        for name, keys in given.items():
            if self.keys(name) != keys:
                self._entries[name].action.setShortcut(QKeySequence(keys))
        self.shown_keys_changed.emit()


def _caller(call: Callable[..., object], checkable: bool) -> Callable[..., object]:
    """What the signal of an action calls: how many values it hands on depends on what it calls."""
    return (lambda on=False: call(bool(on))) if checkable else lambda _=False: call()


def normal_keys(text: str) -> str | None:
    """Keys as they are saved, ``ctrl+k`` as ``Ctrl+K``; None if they are no keys."""
    text = text.strip()
    made = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    normal = written(made)
    # The stubs of PySide6 do not know that it can be indexed.
    chords = [made[place] for place in range(made.count())]  # type: ignore[index]
    known = all(chord.key() not in NO_KEYS for chord in chords)
    return normal if known and bool(normal) == bool(text) else None


def written(keys: QKeySequence) -> str:
    """Keys as they are saved."""
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


def keys_text(keys: str) -> str:
    """Saved keys as this system shows them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def is_reserved(keys: str) -> bool:
    """Whether fields and lists need these keys, or those they begin with, for themselves."""
    return keys.split(BETWEEN_CHORDS)[0] in RESERVED


def collide(first: str, second: str) -> bool:
    """Whether two keys are the same, or one is the beginning of the other."""
    if not first or not second:
        return False
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    return longer == shorter or longer.startswith(shorter + BETWEEN_CHORDS)


def plain_text(action: QAction) -> str:
    """What an action is called, without the signs that underline a letter."""
    return "&".join(part.replace("&", "") for part in action.text().split("&&"))
