"""The language of every text that a person reads.

Texts stand in the code in English, with named placeholders. ``tr`` gives one in the chosen language
at the moment of the call; a table that is made once holds its texts through ``mark`` and translates
them where they are used.
"""

from __future__ import annotations

import gettext
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path

DOMAIN = "tickglass"
ENGLISH = "en"
SYSTEM = "system"  # the setting that asks for the language of the desktop
SIMPLIFIED = "zh_CN"
# Taiwan, Hong Kong and Macau write traditional characters.
SIMPLIFIED_NAMES = ("zh", "zh_CN", "zh_SG", "zh_MY", "zh_Hans")
NO_LANGUAGE = frozenset({"", "C", "POSIX"})

_chosen: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str, folder: Path) -> bool:
    """Speak a language from now on; False, and English, if there is no translation into it."""
    global _chosen
    try:
        _chosen = gettext.translation(DOMAIN, folder, [_catalogue(language)])
    except OSError:
        _chosen = gettext.NullTranslations()
        return _spelt(language).partition("_")[0] == ENGLISH
    return True


def speak(setting: str, folder: Path, system: Sequence[str] | None = None) -> str:
    """Speak the language of a setting from now on; returns its name, with its region if known.

    ``"system"`` takes the first language of the desktop (``system``, or what the environment says)
    that there is a translation into, and English if there is none.
    """
    asked = (system_languages() if system is None else system) if setting == SYSTEM else [setting]
    for language in asked:
        if use(language, folder):
            return _spelt(language)
    return ENGLISH


def system_languages() -> list[str]:
    """The languages of the desktop, the most wanted first, e.g. ``["de_AT", "en_GB"]``.

    Source of the order: GNU gettext manual, "Locale Environment Variables"; ``LANGUAGE`` counts
    only beside a locale.
    """
    if sys.platform == "win32":
        import ctypes

        return [locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")]
    chosen = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))),
        "",
    )
    if _spelt(chosen) in NO_LANGUAGE:
        return []
    wanted = [*os.environ.get("LANGUAGE", "").split(":"), chosen]
    return [spelt for each in wanted if (spelt := _spelt(each)) not in NO_LANGUAGE]


def _spelt(language: str) -> str:
    """A language without encoding and variant: de_AT of de-AT or de_AT.UTF-8@euro."""
    return language.partition(".")[0].partition("@")[0].replace("-", "_")


def _catalogue(language: str) -> str:
    spelt = _spelt(language)
    simplified = spelt in SIMPLIFIED_NAMES or spelt.startswith(f"{SIMPLIFIED_NAMES[-1]}_")
    return SIMPLIFIED if simplified else spelt


def tr(text: str, /, **values: object) -> str:
    """A text in the chosen language, its placeholders filled in."""
    said = _chosen.gettext(text)
    return said.format(**values) if values else said


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """A text in the form that its count asks for, with ``{count}`` among its placeholders."""
    return _chosen.ngettext(one, many, count).format(count=count, **values)


def mark(text: str) -> str:
    """A text that is translated where it is used."""
    return text
