"""What is set otherwise in one experiment than in another, item by item of a list, by its name."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any

from nnstudio.paths import differences, setting_at, value_at
from nnstudio.spec import Path, SpecError
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment, WeightedSource
from nnstudio.training.sources import called


def apart(one: Experiment, other: Experiment) -> tuple[Path, ...]:
    """Give the paths at which `one` is set otherwise; of lists each item that is new or gone."""
    found: list[Path] = []
    for path in differences(one, other):
        left, right = value_at(one, path), value_at(other, path)
        # a list of numbers, such as classes, is one setting
        if (
            isinstance(left, tuple)
            and isinstance(right, tuple)
            and is_dataclass((*left, *right)[0])
        ):
            found += _items(left, right, path)
        else:
            found.append(path)
    return tuple(found)


def _items(left: tuple[Any, ...], right: tuple[Any, ...], path: Path) -> Iterator[Path]:
    # what is the same at both ends was not touched, wherever an item was put in
    first = 0
    while first < min(len(left), len(right)) and left[first] == right[first]:
        first += 1
    last = 0
    while last < min(len(left), len(right)) - first and left[-1 - last] == right[-1 - last]:
        last += 1
    for at in range(first, max(len(left), len(right)) - last):
        if at < len(left) - last and at < len(right) - last:
            yield from ((*path, at, *inner) for inner in differences(left[at], right[at]))
        else:
            yield (*path, at)


def titles_of(experiment: Experiment, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Give what the settings at `paths` are called, each name once; a source by its own name."""
    return tuple(dict.fromkeys(_title(experiment, path) for path in paths))


def _title(experiment: Experiment, path: Path) -> str:
    try:
        return tr(setting_at(experiment, path).title)
    except (SpecError, LookupError):
        # a whole item of a list is no setting; one that is gone has no value any more
        try:
            item = value_at(experiment, path)
        except LookupError:
            item = None
        if isinstance(item, WeightedSource):
            return str(called(item.source))
        return _title(experiment, path[:-1])
