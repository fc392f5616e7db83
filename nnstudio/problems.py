"""What is wrong with a value: a sentence, the path of its row in a form, what would mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, mark, text

Path = tuple[str | int, ...]
Remedy = tuple[tuple[Path, Any], ...]
"""Paths and what should stand there, all at once; `nnstudio.paths.remedied` sets them."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with the value at `path`, in one sentence.

    Attributes
    ----------
    path : tuple of str and int
        From the spec that was checked.
    message : Text
        For a person.
    remedy : tuple of (path, value)
        A change that mends it, where one is better than all others; else empty.
    """

    path: Path
    message: Text
    remedy: Remedy = ()


class SpecError(NnstudioError):
    """Values that are not legal; `problems` names all of them with their paths."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        place = ".".join(str(part) for part in first.path) or text("the whole")
        super().__init__("{place}: {message}", hint="", place=place, message=first.message)
        self.problems = problems


_MESSAGES: Final[Mapping[str, str]] = {
    "greater_than": mark("must be greater than {gt}"),
    "greater_than_equal": mark("must be at least {ge}"),
    "less_than": mark("must be less than {lt}"),
    "less_than_equal": mark("must be at most {le}"),
    "too_short": mark("needs at least {min_length}"),
    "too_long": mark("takes at most {max_length}"),
    "missing": mark("is missing"),
    "missing_argument": mark("is missing"),
    "missing_keyword_only_argument": mark("is missing"),
    "unexpected_keyword_argument": mark("there is no setting of this name"),
    "literal_error": mark("must be one of {expected}"),
    "union_tag_invalid": mark("must be one of {expected_tags}"),
    "union_tag_not_found": mark("does not say which kind it is"),
    "int_type": mark("must be a whole number"),
    "int_from_float": mark("must be a whole number"),
    "int_parsing": mark("must be a whole number"),
    "float_type": mark("must be a number"),
    "finite_number": mark("must be a finite number"),
    "bool_type": mark("must be true or false"),
    "string_type": mark("must be a text"),
    "tuple_type": mark("must be a list"),
    "dataclass_type": mark("must be a group of settings"),
    "dict_type": mark("must be a group of settings"),
    "dataclass_exact_type": mark("must be a group of settings"),
}


def problems_in(errors: Iterable[Mapping[str, Any]], data: Any) -> tuple[Problem, ...]:
    """Give what a checker found wrong with `data`, in our words and with paths that a form knows.

    Parameters
    ----------
    errors : iterable of mapping
        Each with ``type``, ``loc`` (a place, tags of unions in it) and perhaps ``ctx``.
    data
        What was checked: a mapping, lists and mappings in it.
    """
    found = [
        Problem(
            _path_within(data, item["loc"]),
            Text(
                _MESSAGES.get(item["type"], mark("is not legal here")),
                {name: _plainly(value) for name, value in item.get("ctx", {}).items()},
            ),
        )
        for item in errors
    ]
    # an item of a list that is refused makes pydantic find the list too short as well
    return tuple(
        one
        for one in found
        if not any(
            len(other.path) > len(one.path) and other.path[: len(one.path)] == one.path
            for other in found
        )
    )


def _plainly(value: Any) -> Any:
    """Give a bound without a needless ``.0``, and listed words without quotes."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace("' or '", "', '").replace("'", "") if isinstance(value, str) else value


def _path_within(data: Any, place: tuple[Any, ...]) -> Path:
    # pydantic puts the tag of a union into the place; it is not part of a path
    path: list[str | int] = []
    for part in place:
        inner = _inner(data, part)
        if inner is None and part == _inner(data, "kind"):
            continue
        path.append(part)
        data = inner
    return tuple(path)


def _inner(data: Any, part: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(part)
    return data[part] if isinstance(data, list | tuple) and isinstance(part, int) else None
