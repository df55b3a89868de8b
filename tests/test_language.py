"""Texts in the chosen language."""

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickglass import language
from tickglass.language import mark, speak, system_languages, tr, trn

CATALOGUE = {
    "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "Remove {pair}": "{pair} entfernen",
    "{count} alert\0{count} alerts": "{count} Alarm\0{count} Alarme",
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Holds a German catalogue."""
    yield _with_catalogue(tmp_path, "de")
    language.use("en", tmp_path)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A desktop that says nothing of its language."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield monkeypatch


def test_a_text_is_said_in_the_chosen_language(folder: Path) -> None:
    assert language.use("de", folder)
    assert tr("Remove {pair}", pair="BTC/USDT") == "BTC/USDT entfernen"


def test_a_text_without_a_translation_stays_english(folder: Path) -> None:
    language.use("de", folder)
    assert tr("Quit") == "Quit"


def test_a_language_without_a_catalogue_is_english(folder: Path) -> None:
    language.use("de", folder)
    assert not language.use("fr", folder)
    assert tr("Remove {pair}", pair="BTC/USDT") == "Remove BTC/USDT"


def test_english_needs_no_catalogue(tmp_path: Path) -> None:
    assert language.use("en_GB", tmp_path)


@pytest.mark.parametrize(("count", "said"), [(1, "1 Alarm"), (0, "0 Alarme"), (3, "3 Alarme")])
def test_the_count_chooses_the_form(folder: Path, count: int, said: str) -> None:
    language.use("de", folder)
    assert trn("{count} alert", "{count} alerts", count) == said


def test_braces_in_a_value_are_not_placeholders() -> None:
    assert tr("Remove {pair}", pair="{0.__class__}") == "Remove {0.__class__}"


def test_a_text_without_values_may_hold_braces() -> None:
    assert tr("{}") == "{}"


def test_a_marked_text_is_itself() -> None:
    assert mark("Last") == "Last"


def test_a_setting_names_the_language(folder: Path) -> None:
    assert speak("de", folder, ["en_GB"]) == "de"
    assert tr("Remove {pair}", pair="X") == "X entfernen"


@pytest.mark.parametrize(
    ("system", "spoken"),
    [
        (["de"], "de"),
        (["de-AT"], "de_AT"),
        (["fr-FR", "de-CH", "en-GB"], "de_CH"),
        (["en-GB", "de-DE"], "en_GB"),
        (["fr-FR"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_of_the_desktop_that_is_known_is_spoken(
    folder: Path, system: list[str], spoken: str
) -> None:
    assert speak("system", folder, system) == spoken
    german = spoken.startswith("de")
    assert tr("Remove {pair}", pair="X") == ("X entfernen" if german else "Remove X")


def test_a_setting_without_a_translation_is_english(folder: Path) -> None:
    assert speak("fr", folder) == "en"
    assert tr("Remove {pair}", pair="X") == "Remove X"


@pytest.mark.parametrize("name", ["zh", "zh_CN", "zh-Hans", "zh-Hans-CN", "zh_SG.UTF-8"])
def test_simplified_chinese_has_many_names(tmp_path: Path, name: str) -> None:
    assert language.use(name, _with_catalogue(tmp_path, "zh_CN"))
    language.use("en", tmp_path)


@pytest.mark.parametrize("name", ["zh_TW", "zh-Hant-HK"])
def test_who_reads_traditional_characters_is_not_given_simplified_ones(
    tmp_path: Path, name: str
) -> None:
    assert not language.use(name, _with_catalogue(tmp_path, "zh_CN"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such variables")
@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({}, []),
        ({"LANG": "C.UTF-8"}, []),
        ({"LANG": "de_DE.UTF-8"}, ["de_DE"]),
        ({"LANG": "de_DE@euro", "LC_MESSAGES": "fr_FR.UTF-8"}, ["fr_FR"]),
        ({"LANG": "de_DE", "LC_MESSAGES": "fr_FR", "LC_ALL": "en_GB"}, ["en_GB"]),
        ({"LANG": "de_DE", "LC_ALL": ""}, ["de_DE"]),
        ({"LANG": "en_US", "LANGUAGE": "de_AT:de::en"}, ["de_AT", "de", "en", "en_US"]),
        ({"LC_ALL": "C", "LANG": "de_DE", "LANGUAGE": "de"}, []),
    ],
)
def test_the_environment_names_the_languages(
    desktop: pytest.MonkeyPatch, environment: dict[str, str], languages: list[str]
) -> None:
    for name, value in environment.items():
        desktop.setenv(name, value)
    assert system_languages() == languages


def test_the_system_is_asked_if_nobody_says(desktop: pytest.MonkeyPatch, folder: Path) -> None:
    desktop.setattr(language, "system_languages", lambda: ["de_AT"])
    assert speak("system", folder) == "de_AT"


def _with_catalogue(folder: Path, name: str) -> Path:
    place = folder / name / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "tickglass.mo").write_bytes(_compiled(CATALOGUE))
    return folder


def _compiled(catalogue: dict[str, str]) -> bytes:
    """A catalogue in the format of the GNU gettext manual, "The Format of GNU MO Files"."""
    pairs = sorted((one.encode(), other.encode()) for one, other in catalogue.items())
    offset = 28 + 16 * len(pairs)
    tables, texts = [b"", b""], b""
    for which in (0, 1):
        for pair in pairs:
            tables[which] += struct.pack("<2I", len(pair[which]), offset + len(texts))
            texts += pair[which] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + texts
