"""Both languages are complete at every commit."""

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from nnstudio.texts import LANGUAGES, language, set_language, text, tr
from tests import translations

PO = sorted(translations.LOCALES.glob("*/LC_MESSAGES/nnstudio.po"))
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
    assert {path.parent.parent.name for path in PO} == set(LANGUAGES) - {"en"}


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
    return {"count"} if message.pluralizable else set()


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
