"""The layouts that the person named: where every view is, and what the charts show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
MOST = 50
LONGEST_NAME = 60


class Layouts:
    """Named states of the window. What a newer version wrote beside them is kept."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self.current = ""  # the name of the one in use; empty if none was chosen

    @property
    def names(self) -> list[str]:
        """All names, in the order in which they were first saved."""
        return list(self._states)

    def get(self, name: str) -> dict[str, Any] | None:
        """The state of that name, if there is one."""
        return self._states.get(name)

    def save(self, name: str, state: Mapping[str, Any]) -> bool:
        """Keep a state under a name, in place of another one; False if there is no room."""
        name = tidy(name)
        if not name or (name not in self._states and len(self._states) >= MOST):
            return False
        self._states[name] = dict(state)
        self.current = name
        return True

    def remove(self, name: str) -> dict[str, Any] | None:
        """Forget a layout; what it was, so that it can be put back."""
        if self.current == name:
            self.current = ""
        return self._states.pop(name, None)

    def load(self, document: Mapping[str, Any]) -> None:
        """Take what was dumped; rubbish is passed over."""
        self._document = dict(document)
        states = document.get("layouts")
        known = states if isinstance(states, Mapping) else {}
        self._states = {
            tidy(str(name)): dict(state)
            for name, state in known.items()
            if isinstance(state, Mapping) and tidy(str(name))
        }
        current = document.get("current")
        self.current = current if isinstance(current, str) and current in self._states else ""

    def dump(self) -> str:
        """All of them as JSON."""
        self._document |= {
            "version": VERSION, "current": self.current, "layouts": self._states,
        }  # fmt: skip
        return json.dumps(self._document, indent=2) + "\n"


def tidy(name: str) -> str:
    """A name as it is kept: on one line, not too long."""
    return " ".join(name.split())[:LONGEST_NAME]
