"""Texts: templates keep their values, are translated where shown, and fall back to English."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, language, languages, mark, set_language, text, tr, tr_count


def test_a_template_without_values_is_shown_as_it_is() -> None:
    assert tr("100 % of {this}") == "100 % of {this}"


def test_values_are_put_in_by_name() -> None:
    assert tr("{one} of {many}", many=10, one=3) == "3 of 10"


def test_an_empty_template_stays_empty() -> None:
    # gettext gives the header of the catalogue for the empty string
    assert tr("") == ""


def test_a_count_chooses_between_one_and_many() -> None:
    assert tr_count("{count} layer", "{count} layers", 1) == "1 layer"
    assert tr_count("{count} layer", "{count} layers", 2) == "2 layers"


def test_a_count_takes_other_values_too() -> None:
    assert tr_count("{count} of {name}", "{count} of {name}", 2, name=text("us")) == "2 of us"


def test_a_text_within_a_text_is_shown_as_a_sentence() -> None:
    inner = text("must be at most {le}", le=10)
    assert str(text("{place}: {message}", place="seed", message=inner)) == (
        "seed: must be at most 10"
    )


def test_a_text_is_translated_when_it_is_shown_not_when_it_is_made() -> None:
    sentence = text("epoch {epoch}", epoch=3)
    assert (sentence.template, sentence.values) == ("epoch {epoch}", {"epoch": 3})
    assert str(sentence) == "epoch 3"


def test_texts_compare_by_template_and_values_and_can_be_hashed() -> None:
    assert text("a {n}", n=[1]) == text("a {n}", n=[1])
    assert text("a {n}", n=[1]) != text("a {n}", n=[2])
    assert len({text("a {n}", n=[1]), text("a {n}", n=[1])}) == 1


def test_a_marked_literal_is_unchanged() -> None:
    assert mark("Data") == "Data"


@pytest.mark.parametrize("code", ["en", "de_DE.UTF-8", "C", "fr", ""])
def test_a_language_without_catalogue_is_english(code: str) -> None:
    set_language(code)
    assert language() == "en"
    assert tr("Anything that no catalogue holds") == "Anything that no catalogue holds"


def test_the_languages_name_themselves() -> None:
    assert languages() == {"en": "English", "zh_CN": "简体中文"}


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = NnstudioError("{file} is empty.", hint="Choose another than {file}.", file="a.npz")
    assert str(error) == "a.npz is empty. Choose another than a.npz."
    assert isinstance(error.what, Text)


def test_an_error_without_a_hint_is_one_sentence() -> None:
    assert str(NnstudioError("Nothing was found.")) == "Nothing was found."


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of catalogues, empty."""
    monkeypatch.setattr("nnstudio.texts.resource_root", lambda: tmp_path)
    (tmp_path / "locale").mkdir()
    return tmp_path / "locale"


def put(shipped: Path, code: str, sentences: dict[str, str]) -> None:
    folder = shipped / code / "LC_MESSAGES"
    folder.mkdir(parents=True)
    written = BytesIO()
    catalogue = Catalog(locale=code)
    for one, translated in sentences.items():
        catalogue.add(one, translated)
    write_mo(written, catalogue)
    (folder / "nnstudio.mo").write_bytes(written.getvalue())


def test_chinese_takes_its_catalogue(shipped: Path) -> None:
    put(shipped, "zh_CN", {"epoch {epoch}": "第 {epoch} 轮"})
    sentence = text("epoch {epoch}", epoch=3)
    set_language("zh-Hans-CN")
    assert language() == "zh_CN"
    assert str(sentence) == "第 3 轮"
    set_language("en")
    assert str(sentence) == "epoch 3"


def test_one_more_catalogue_is_one_more_language(shipped: Path) -> None:
    put(shipped, "de", {"English": "Deutsch", "epoch {epoch}": "Epoche {epoch}"})
    (shipped / "fr").mkdir()
    assert languages() == {"en": "English", "de": "Deutsch"}
    set_language("de_AT.UTF-8")
    assert tr("epoch {epoch}", epoch=3) == "Epoche 3"


def test_the_country_decides_between_catalogues_of_one_language(shipped: Path) -> None:
    for code in ("pt_BR", "pt_PT"):
        put(shipped, code, {"English": code})
    found = []
    for asked in ("pt-PT", "pt_BR@euro", "pt", "pt_AO.UTF-8", "ptx"):
        set_language(asked)
        found.append(language())
    assert found == ["pt_PT", "pt_BR", "pt_PT", "pt_BR", "en"]
