"""Texts in the chosen language."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickglass import language
from tickglass.language import mark, tr, trn

CATALOGUE = {
    "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "Remove {pair}": "{pair} entfernen",
    "{count} alert\0{count} alerts": "{count} Alarm\0{count} Alarme",
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Holds a German catalogue."""
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "tickglass.mo").write_bytes(_compiled(CATALOGUE))
    yield tmp_path
    language.use("en", tmp_path)


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
