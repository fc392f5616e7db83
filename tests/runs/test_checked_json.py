"""Files that ship are read field by field, and refused in one sentence where they do not fit."""

import json
from pathlib import Path
from typing import Any

import pytest

from nnstudio.errors import NnstudioError
from nnstudio.runs.checked_json import CheckedJson, DamagedError, Words, read_shipped
from nnstudio.texts import set_language


def test_every_kind_of_field_is_given_as_it_stands() -> None:
    found = CheckedJson(
        {
            "a": "word",
            "b": 3,
            "c": None,
            "d": [1, None, 0.5],
            "e": ["x"],
            "f": {"g": 1},
            "h": [{"i": 2.5}],
        }
    )
    assert (found.string("a"), found.whole("b"), found.number("c")) == ("word", 3, None)
    assert found.numbers("d") == (1.0, None, 0.5)
    assert found.strings("e") == ("x",)
    assert found.mapping("f") == (("g", 1),)
    assert [one.number("i") for one in found.children("h")] == [2.5]
    found.close()


@pytest.mark.parametrize(
    ("data", "ask", "told"),
    [
        ({}, lambda one: one.string("a"), "“a” is missing"),
        ({"a": " "}, lambda one: one.string("a"), "“a” is empty"),
        ({"a": 1}, lambda one: one.string("a"), "“a” is of another kind"),
        ({"a": -1}, lambda one: one.whole("a"), "“a” is of another kind"),
        ({"a": True}, lambda one: one.whole("a"), "“a” is of another kind"),
        ({"a": False}, lambda one: one.number("a"), "“a” is of another kind"),
        ({"a": ["x"]}, lambda one: one.numbers("a"), "“a” is of another kind"),
        ({"a": [1]}, lambda one: one.strings("a"), "“a” is of another kind"),
        ({"a": [1]}, lambda one: one.children("a"), "“a.0” should be an object"),
        ({"a": {"b": 1}}, lambda one: one.child("a").string("c"), "“a.c” is missing"),
        ({"a": 1}, lambda one: one.close(), "“a” is not known"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(data: Any, ask: Any, told: str) -> None:
    with pytest.raises(DamagedError) as error:
        ask(CheckedJson(data))
    assert str(error.value.told) == told


def test_words_are_shown_in_the_language_in_use() -> None:
    words = CheckedJson({"a": {"en": "yes", "zh_CN": "是"}}).words("a", languages=("en", "zh_CN"))
    assert str(words) == "yes"
    set_language("zh_CN")
    assert str(words) == "是"
    assert str(Words((("en", "only"),))) == "only"


def test_words_in_one_language_too_few_are_damaged() -> None:
    with pytest.raises(DamagedError) as error:
        CheckedJson({"a": {"en": "yes"}}).words("a", languages=("en", "zh_CN"))
    assert str(error.value.told) == "“a.zh_CN” is missing"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff", "no JSON file"),
        (b"[]", "should be an object"),
        (b"{}", "“format_version” is missing"),
        (json.dumps({"format_version": 2}).encode(), "format_version is not 1"),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_name(
    tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "one.json").write_bytes(content)
    with pytest.raises(NnstudioError, match=rf"one\.json is damaged: .*{told}"):
        read_shipped(tmp_path / "one.json", version=1)
