"""The language of every text that a person reads.

Texts stand in the code in English, with named placeholders. ``tr`` gives one in the chosen language
at the moment of the call; a table that is made once holds its texts through ``mark`` and translates
them where they are used.
"""

from __future__ import annotations

import gettext
from pathlib import Path

DOMAIN = "tickglass"
ENGLISH = "en"

_chosen: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str, folder: Path) -> bool:
    """Speak a language from now on; False, and English, if there is no translation into it."""
    global _chosen
    try:
        _chosen = gettext.translation(DOMAIN, folder, [language])
    except OSError:
        _chosen = gettext.NullTranslations()
        return language.partition("_")[0] == ENGLISH
    return True


def tr(text: str, **values: object) -> str:
    """A text in the chosen language, its placeholders filled in."""
    said = _chosen.gettext(text)
    return said.format(**values) if values else said


def trn(one: str, many: str, count: int, **values: object) -> str:
    """A text in the form that its count asks for, with ``{count}`` among its placeholders."""
    return _chosen.ngettext(one, many, count).format(count=count, **values)


def mark(text: str) -> str:
    """A text that is translated where it is used."""
    return text
