"""Every text can be translated, is, and says the same in every language."""

import ast
import gettext
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "desktop" / "tickglass" / "ui"

# What shows its first text to a person …
SHOWN_FIRST = {
    "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle",
    "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "addAction", "addMenu",
    "addButton", "addItem", "addRow", "addTab", "setPrefix", "setSuffix", "setSpecialValueText",
    "setCaption", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QAction",
    "QGroupBox", "QDockWidget", "QMenu", "say", "notify_person",
}  # fmt: skip
# … and what is written the same everywhere: names and signs.
THE_SAME_EVERYWHERE = {"Tickglass", "CSV", "UTC", "OHLC"}
TRANSLATING = {"tr", "trn"}


def script() -> ModuleType:
    """The program that makes the catalogues."""
    path = ROOT / "scripts" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


translations = script()


def name_of(call: ast.Call) -> str:
    """The last part of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def bare_texts(node: ast.AST) -> Iterator[str]:
    """The literals of an expression that are shown as they stand, not through ``tr``."""
    if isinstance(node, ast.Call):
        if name_of(node) not in TRANSLATING and isinstance(node.func, ast.Attribute):
            yield from bare_texts(node.func.value)  # "…".join and the like
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp):
        yield from bare_texts(node.body)
        yield from bare_texts(node.orelse)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.List | ast.Tuple):
        for child in ast.iter_child_nodes(node):
            yield from bare_texts(child)


def is_language(text: str) -> bool:
    """Whether a literal is of a human language: words, or one with a capital."""
    words = text.split()
    wordlike = [word for word in words if sum(sign.isalpha() for sign in word) > 1]
    if not wordlike or set(wordlike) <= THE_SAME_EVERYWHERE:
        return False
    return len(words) > 1 or text[0].isupper()


def untranslated(source: str) -> list[tuple[int, str]]:
    """Lines and texts that a person would read in English, whatever the language."""
    return [
        (node.lineno, text)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and name_of(node) in SHOWN_FIRST
        for argument in node.args
        for text in bare_texts(argument)
        if is_language(text)
    ]


def translated_at_import(source: str) -> list[int]:
    """Lines where a text is looked up before the language is chosen."""
    tree = ast.parse(source)
    late = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for part in (function.body if isinstance(function.body, list) else [function.body])
        for node in ast.walk(part)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in TRANSLATING
        and id(node) not in late
    ]


def computed(source: str) -> list[int]:
    """Lines where a text is put together before it is looked up, so that no catalogue has it."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {*TRANSLATING, "mark"}
        and any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args[:1])
    ]


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize(
    "shown",
    [
        'QLabel("Order book")', 'x.setText("Close")', 'x.setToolTip(f"Price of {pair}")',
        'menu.addAction(icon, "Remove")', 'x.setText("On" if on else tr("Off"))',
        'x.setText("Age: " + age)', 'x.setText("Age {age}".format(age=age))',
    ],
)  # fmt: skip
def test_a_text_that_is_shown_as_it_stands_is_found(shown: str) -> None:
    assert untranslated(shown)


@pytest.mark.parametrize(
    "shown",
    [
        'QLabel(tr("Order book"))', 'x.setText("☰")', 'x.setText(f"{mark} {word}")',
        'x.setWindowTitle("Tickglass")', 'x.setText(words[0])', 'log.info("Order book")',
        'x.setText(trn("{count} row", "{count} rows", count))', 'action.setText("")',
    ],
)  # fmt: skip
def test_what_is_translated_or_is_no_language_is_left_alone(shown: str) -> None:
    assert not untranslated(shown)


@pytest.mark.parametrize("path", modules(UI), ids=lambda path: str(path.relative_to(UI)))
def test_the_window_shows_no_text_past_the_translation(path: Path) -> None:
    assert untranslated(path.read_text("utf-8")) == []


def test_a_text_looked_up_at_import_is_found() -> None:
    assert translated_at_import('TITLE = tr("Last")\n') == [1]
    assert translated_at_import('def title():\n    return tr("Last")\n') == []
    assert translated_at_import('TITLE = lambda: tr("Last")\n') == []


@pytest.mark.parametrize(
    "path",
    modules(translations.SOURCES),
    ids=lambda path: str(path.relative_to(translations.SOURCES)),
)
def test_texts_are_whole_in_the_code_and_looked_up_when_they_are_used(path: Path) -> None:
    source = path.read_text("utf-8")
    assert translated_at_import(source) == []
    assert computed(source) == []


def test_the_catalogues_are_complete_and_compiled() -> None:
    assert translations.complaints() == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_what_is_compiled_says_what_is_written(language: str) -> None:
    compiled = gettext.translation(translations.DOMAIN, translations.FOLDER, [language])
    for message in translations.spoken(translations.held(language)):
        if isinstance(message.id, tuple):
            plural = {compiled.ngettext(*message.id, count) for count in range(30)}
            assert plural == set(message.string)
        else:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_a_translation_keeps_what_the_screen_makes_of_it(language: str) -> None:
    for message in translations.spoken(translations.held(language)):
        if isinstance(message.id, tuple):
            continue
        before, after = message.id, message.string
        assert before.endswith("…") == after.endswith("…"), before
        assert before.count("\n") == after.count("\n"), before
        assert (before[:1] == " ", before[-1:] == " ") == (after[:1] == " ", after[-1:] == " ")
        assert ("&" in before) == ("&" in after), before
        assert before.endswith(".") == after.endswith((".", "。")), before


@pytest.mark.parametrize(
    ("text", "string", "fault"),
    [
        ("{pair} was removed.", "{pair} ist weg.", ""),
        ("{pair} was removed.", "{paar} ist weg.", "other placeholders"),
        ("{pair} was removed.", "Weg.", "other placeholders"),
        ("{pair} was removed.", "{pair ist weg.", "other placeholders"),
        ("{pair} was removed.", "", "not translated"),
        (("{count} row", "{count} rows"), ("eine Zeile", "{count} Zeilen"), ""),
        (("{pair} went.", "{count} went."), ("{pair} ging.", "{count} gingen."), ""),
        (("{a} {pair}", "{a} {count}"), ("{pair}", "{a} {count}"), "other placeholders"),
        (("{count} row", "{count} rows"), ("{count} Zeile", ""), "not translated"),
        (("{count} row", "{count} rows"), ("{count} Zeile", "{zahl} Zeilen"), "other placeholders"),
    ],
)
def test_a_faulty_translation_is_found(
    text: str | tuple[str, str], string: str | tuple[str, str], fault: str
) -> None:
    catalogue = translations.Texts(locale="de", fuzzy=False)
    catalogue.add(text, string)
    assert [each.partition(":")[0] for each in translations.broken(catalogue)] == [fault][
        : len(fault)
    ]


def test_a_doubtful_translation_is_found() -> None:
    catalogue = translations.Texts(locale="de", fuzzy=False)
    catalogue.add("Last", "Letzter", flags=["fuzzy"])
    assert list(translations.broken(catalogue)) == ["not certain: 'Last'"]


def test_the_files_are_the_same_whenever_they_are_made() -> None:
    assert list(translations.files()) == list(translations.files())
    assert "translations" not in sys.modules


def test_no_text_hides_in_an_f_string() -> None:
    """Python 3.11 has one token for the whole of it, and the catalogues would miss the text."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "desktop").rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and name_of(call) in TRANSLATING | {"mark"}
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
