"""Problems: paths lead to rows of a form, and sentences are ours."""

from typing import Any

import pytest

from nnstudio.problems import Problem, SpecError, problems_in
from nnstudio.texts import text


def test_the_tag_of_a_union_is_no_part_of_a_path() -> None:
    data = {"optimizer": {"kind": "sgd", "momentum": 2}}
    place = ("optimizer", "sgd", "momentum")
    (found,) = problems_in([{"type": "less_than", "loc": place, "ctx": {"lt": 1.0}}], data)
    assert found.path == ("optimizer", "momentum")
    assert str(found.message) == "must be less than 1"


def test_what_no_sentence_is_known_for_is_not_legal() -> None:
    (found,) = problems_in([{"type": "unheard_of", "loc": ("a",)}], {"a": 1})
    assert str(found.message) == "is not legal here"


def test_of_a_list_and_its_item_the_item_is_named() -> None:
    errors: list[dict[str, Any]] = [
        {"type": "too_short", "loc": ("layers",), "ctx": {"min_length": 1}},
        {"type": "int_type", "loc": ("layers", 0, "units")},
    ]
    assert [one.path for one in problems_in(errors, {"layers": [{"units": "x"}]})] == [
        ("layers", 0, "units")
    ]


@pytest.mark.parametrize(("path", "place"), [(("a", 0, "b"), "a.0.b"), ((), "the whole")])
def test_an_error_says_its_first_problem_and_keeps_all(
    path: tuple[str | int, ...], place: str
) -> None:
    problems = (Problem(path, text("is missing")), Problem(("z",), text("is missing")))
    error = SpecError(problems)
    assert error.problems == problems
    assert str(error.what) == f"{place}: is missing"
