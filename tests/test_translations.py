"""Both languages are complete at every commit."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from nnstudio.texts import language, languages, set_language, text, tr
from tests import translations

PO = sorted(translations.LOCALES.glob("*/LC_MESSAGES/nnstudio.po"))
SHOWS_TEXT: Final = {
    *("setText", "setPlainText", "setToolTip", "setStatusTip", "setWhatsThis", "setTitle"),
    *("setWindowTitle", "setInformativeText", "setDetailedText", "setPlaceholderText"),
    *("setAccessibleName", "setAccessibleDescription", "setPrefix", "setSuffix", "setLabelText"),
    *("addAction", "addMenu", "addItem", "addTab", "addButton", "addSection", "insertItem"),
    *("drawText", "showText", "getOpenFileName", "getSaveFileName", "getExistingDirectory"),
    *("QAction", "QMenu", "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton"),
    *("QGroupBox", "QDockWidget", "QListWidgetItem", "ElidingLabel", "PanelHeader", "IconButton"),
}
# the same in every language, and the names of icons
NAMES: Final = {"nnstudio", "p", "q"} | {
    path.stem for path in (translations.ROOT / "resources" / "icons").glob("*.svg")
}
STYLE: Final = {"role"}
CATALOGUES = pytest.mark.parametrize("path", PO, ids=lambda path: path.parent.parent.name)


def parts(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, list | tuple) else (string or "",)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def messages(path: Path) -> Iterator[Message]:
    return (message for message in translations.read(path) if message.id)


def sentences(catalog: Catalog) -> set[str]:
    return {translations.key(message) for message in catalog if message.id}


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {path.parent.parent.name for path in PO} == set(languages()) - {"en"}


@CATALOGUES
def test_the_catalogue_has_every_sentence_of_the_code_and_no_other(path: Path) -> None:
    assert sentences(translations.read(path)) == sentences(translations.template())


@CATALOGUES
def test_every_sentence_is_translated_and_none_is_fuzzy(path: Path) -> None:
    assert [m.id for m in messages(path) if m.fuzzy or not all(parts(m))] == []


@CATALOGUES
def test_a_translation_has_the_placeholders_of_its_sentence(path: Path) -> None:
    different = [
        message.id
        for message in messages(path)
        for one in parts(message)
        if placeholders(one) != placeholders(translations.key(message)) | plural_count(message)
    ]
    assert different == []


def written(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    return {translations.key(message): parts(message) for message in catalog if message.id}


def plural_count(message: Message) -> set[str]:
    # a count with thin spaces between its thousands has a name of its own
    counted = message.pluralizable and "{count}" in message.id[-1]
    return {"count"} if counted else set()


@CATALOGUES
def test_the_compiled_catalogue_is_that_of_its_source(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert written(compiled) == written(translations.read(path))


def test_a_text_is_translated_when_it_is_shown() -> None:
    sentence = text("Train")
    before = language()
    try:
        set_language("zh-Hans-CN")
        assert (str(sentence), tr("Train")) == ("训练", "训练")
        set_language("en_GB.UTF-8")
        assert str(sentence) == "Train"
    finally:
        set_language(before)


def shown_untranslated(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and called(call) in SHOWS_TEXT:
            named = (one.value for one in call.keywords if one.arg not in STYLE)
            for value in (*call.args, *named):
                for words in literals(value):
                    if any(sign.isalpha() for sign in words) and words not in NAMES:
                        yield call.lineno, words


def called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def literals(value: ast.AST) -> Iterator[str]:
    # what is handed to another call is judged there
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif not isinstance(value, ast.Call | ast.Subscript | ast.Compare | ast.Lambda):
        for part in ast.iter_child_nodes(value):
            yield from literals(part)


@pytest.mark.parametrize(
    "line",
    [
        'label.setText("Loss")',
        'QLabel(f"{count} epochs")',
        'menu.addAction(tr("Close") if done else "Cancel")',
        'QPushButton(text="Open")',
    ],
)
def test_a_bare_literal_is_noticed(line: str) -> None:
    assert list(shown_untranslated(ast.parse(line)))


def test_no_bare_literal_is_handed_to_qt() -> None:
    bare = {
        f"{module}:{line}": words
        for module, tree in translations.modules("nnstudio/gui").items()
        for line, words in shown_untranslated(tree)
    }
    assert bare == {}
