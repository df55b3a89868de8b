"""The catalogues of the languages: collects the texts of the code, compiles, and checks.

Without an argument it renews ``resources/translations``: the template, each language's ``.po`` with
empty entries for what is new, and the compiled ``.mo``. What is gone from the code goes from the
catalogues. Nothing in the files depends on the day, the machine or a line number.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "desktop" / "tickglass"
FOLDER = ROOT / "resources" / "translations"
DOMAIN = "tickglass"
LANGUAGES = ("de", "zh_CN")
KEYWORDS = {"tr": None, "trn": (1, 2), "mark": None}
COUNT = "count"  # a form of a plural may leave it out
TEMPLATE_COMMENT = "Texts of Tickglass. Made by scripts/translations.py; translate the .po files."


class Texts(Catalog):
    """A catalogue whose header says nothing that changes without a text changing."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        headers = [("Project-Id-Version", "Tickglass")]
        if self.locale is not None:
            plural = get_plural(str(self.locale))
            headers += [("Language", str(self.locale)), ("Plural-Forms", plural.plural_forms)]
        headers += [("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8")]
        return [*headers, ("Content-Transfer-Encoding", "8bit")]


def collected() -> Texts:
    """All texts of the code, without translations."""
    texts = Texts(fuzzy=False, header_comment=f"# {TEMPLATE_COMMENT}")
    found = extract_from_dir(
        str(SOURCES), [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for file, _, message, comments, _ in found:
        texts.add(message, locations=[(f"desktop/tickglass/{file}", 0)], auto_comments=comments)
    return texts


def held(language: str) -> Catalog:
    """The catalogue of a language as it stands in its .po file; empty if there is none."""
    path = po_file(language)
    if not path.exists():
        return Texts(locale=language, fuzzy=False, header_comment=f"# Tickglass: {language}")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str, template: Catalog) -> Texts:
    """The catalogue of a language with exactly the texts of the template."""
    before = held(language)
    texts = Texts(locale=language, fuzzy=False, header_comment=before.header_comment)
    for message in spoken(template):
        old = before.get(message.id)
        texts.add(
            message.id,
            old.string if old and forms(old.id) == forms(message.id) else None,
            locations=message.locations,
            flags=old.flags if old else (),
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old else (),
        )
    return texts


def spoken(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def po_text(catalogue: Catalog) -> bytes:
    """A catalogue as the text of a .po file, sorted by the English text."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=0, include_lineno=False, sort_output=True)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """A catalogue compiled."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def po_file(language: str) -> Path:
    """Where the translations of a language are written."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def template_file() -> Path:
    """Where the texts without translations are."""
    return FOLDER / f"{DOMAIN}.pot"


def files() -> Iterator[tuple[Path, bytes]]:
    """Every file of the catalogues with what it must hold."""
    template = collected()
    yield template_file(), po_text(template)
    for language in LANGUAGES:
        texts = renewed(language, template)
        yield po_file(language), po_text(texts)
        yield po_file(language).with_suffix(".mo"), mo_bytes(texts)


def complaints() -> list[str]:
    """What is missing, stale or broken in the catalogues, a line each."""
    found = [
        f"{path.relative_to(ROOT)} is stale; run scripts/translations.py"
        for path, content in files()
        if not path.exists() or path.read_bytes() != content
    ]
    template = collected()
    for language in LANGUAGES:
        found += [f"{language}: {each}" for each in broken(renewed(language, template))]
    return found


def broken(catalogue: Catalog) -> Iterator[str]:
    """The messages that are untranslated, uncertain, or differ in what is to be filled in."""
    for message in spoken(catalogue):
        ids, strings = forms(message.id), forms(message.string)
        wanted = catalogue.num_plurals if len(ids) > 1 else 1
        if len(strings) != wanted or not all(strings):
            yield f"not translated: {ids[0]!r}"
        elif message.fuzzy:
            yield f"not certain: {ids[0]!r}"
        elif not all(_fits(string, ids) for string in strings):
            yield f"other placeholders: {ids[0]!r}"


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A text or a translation as its forms; one without a plural has a single one."""
    if text is None or isinstance(text, str):
        return (text or "",)
    return tuple(text)


def placeholders(text: str) -> set[str]:
    """The names that a text wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _fits(string: str, ids: tuple[str, ...]) -> bool:
    """Whether a translation fills in what its text does; forms of a plural may differ."""
    try:
        found, offered = placeholders(string), [placeholders(each) for each in ids]
    except ValueError:
        return False
    optional = {COUNT} if len(ids) > 1 else set()
    return set.intersection(*offered) - optional <= found <= set.union(*offered)


def main() -> int:
    """Renew the catalogues, or only say what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if not in order")
    if not parser.parse_args().check:
        for path, content in files():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    found = complaints()
    print("\n".join(found) or "The catalogues are complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
