"""A document of settings, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import tomlkit

from ..language import trn

VERSION = 1
MOST_NOTICES = 20
Sentence = Callable[[], str]


@dataclass(slots=True)
class Held:
    """The document as it stands, with what in it is not used.

    The sentences are said in the language of the moment they are asked for, which is a setting
    itself.
    """

    document: tomlkit.TOMLDocument = field(default_factory=tomlkit.document)
    unused: dict[str, Any] = field(default_factory=dict)  # by key: what is used instead
    unread: list[Mapping[str, Any]] = field(default_factory=list)  # rows that could not be read
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def notices(self) -> list[str]:
        """What was wrong; if it is very much, the beginning and how much more."""
        told = [sentence() for sentence in self.sentences[:MOST_NOTICES]]
        more = len(self.sentences) - len(told)
        if more:
            told.append(
                trn("{count} more thing in the settings could not be used.",
                    "{count} more things in the settings could not be used.", more)
            )  # fmt: skip
        return told
