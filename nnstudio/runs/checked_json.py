"""CheckedJson: an object of a JSON file whose fields are asked for by kind.

What does not fit is said in one sentence with its place, and what nobody asked for is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from nnstudio.errors import NnstudioError
from nnstudio.texts import ENGLISH, Text, language, text


class DamagedError(Exception):
    """What does not fit, as a sentence for a person."""

    def __init__(self, told: Text) -> None:
        super().__init__(told.template)
        self.told = told


@dataclass(frozen=True)
class Words:
    """A text that is written in several languages beside each other; `str` gives that in use.

    Attributes
    ----------
    written : tuple of (str, str)
        Code of the language and text; English is always there.
    """

    written: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Give the text in the language in use, in English where it has none."""
        known = dict(self.written)
        return known.get(language(), known[ENGLISH])


class CheckedJson:
    """One object of a file.

    Parameters
    ----------
    data : object
        What was read.
    place : str
        Where it stands in the file, for sentences: ``steps.2``.

    Raises
    ------
    DamagedError
        By every method, when what is asked for is not there or of another kind.
    """

    def __init__(self, data: object, place: str = "") -> None:
        if not isinstance(data, Mapping):
            raise DamagedError(text("“{place}” should be an object", place=place))
        self._left = dict(data)
        self._place = place

    def has(self, name: str) -> bool:
        """Whether there is a field of this name that nobody has asked for yet."""
        return name in self._left

    def string(self, name: str) -> str:
        """Give a text that is not empty."""
        found: str = self._take(name, str)
        if not found.strip():
            raise DamagedError(text("“{place}” is empty", place=self._at(name)))
        return found

    def whole(self, name: str) -> int:
        """Give a whole number, 0 or more."""
        found: int = self._take(name, int)
        if isinstance(found, bool) or found < 0:
            raise self._wrong(name)
        return found

    def number(self, name: str) -> float | None:
        """Give a number, or None for a null: what could not be measured."""
        return self._number(name, self._take(name, object))

    def numbers(self, name: str) -> tuple[float | None, ...]:
        """Give a list of numbers and nulls."""
        return tuple(self._number(name, one) for one in self._take(name, list))

    def strings(self, name: str) -> tuple[str, ...]:
        """Give a list of texts."""
        found = self._take(name, list)
        if not all(isinstance(one, str) for one in found):
            raise self._wrong(name)
        return tuple(found)

    def mapping(self, name: str) -> tuple[tuple[str, Any], ...]:
        """Give an object as pairs, whatever its values are."""
        return tuple(self._take(name, dict).items())

    def words(self, name: str, *, languages: tuple[str, ...]) -> Words:
        """Give a text in every one of `languages`."""
        inner = self.child(name)
        found = Words(tuple((code, inner.string(code)) for code in languages))
        inner.close()
        return found

    def child(self, name: str) -> "CheckedJson":
        """Give an object."""
        return CheckedJson(self._take(name, dict), self._at(name))

    def children(self, name: str) -> "tuple[CheckedJson, ...]":
        """Give a list of objects."""
        return tuple(
            CheckedJson(one, f"{self._at(name)}.{number}")
            for number, one in enumerate(self._take(name, list))
        )

    def close(self) -> None:
        """Refuse what nobody asked for: most likely a field with a typing error."""
        for name in self._left:
            raise DamagedError(text("“{place}” is not known", place=self._at(name)))

    def _take(self, name: str, kind: Any) -> Any:
        if name not in self._left:
            raise DamagedError(text("“{place}” is missing", place=self._at(name)))
        found = self._left.pop(name)
        if not isinstance(found, kind):
            raise self._wrong(name)
        return found

    def _number(self, name: str, found: object) -> float | None:
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self._wrong(name)
        return float(found)

    def _wrong(self, name: str) -> DamagedError:
        return DamagedError(text("“{place}” is of another kind", place=self._at(name)))

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def read_shipped(file: Traversable, *, version: int) -> CheckedJson:
    """Give the object in a JSON file that ships with the program.

    Raises
    ------
    NnstudioError
        When it cannot be read, is no JSON object, or is of another version.
    """
    try:
        found = CheckedJson(json.loads(file.read_text(encoding="utf-8")))
        written = found.whole("format_version")
    except DamagedError as error:
        raise damaged(file.name, error) from None
    except (OSError, ValueError, RecursionError):
        raise damaged(file.name, DamagedError(text("it is no JSON file"))) from None
    if written != version:
        raise damaged(
            file.name, DamagedError(text("its format_version is not {known}", known=version))
        )
    return found


def damaged(name: str, error: DamagedError) -> NnstudioError:
    """Give the sentence about a file that does not fit."""
    return NnstudioError(
        "{file} is damaged: {reason}.",
        hint="It ships with the program: install that again.",
        file=name,
        reason=error.told,
    )
