""".npz files as samples: pairs of arrays under their usual names, or two that are chosen."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.npz_files import array_shapes, read_npz
from nnstudio.data.class_names import without_fraction
from nnstudio.data.importing.asked import MOST_PREVIEWED, Asked
from nnstudio.data.importing.found import Chunk, Found, in_order
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_PAIRS: Final = (
    ("x_train", "y_train"),
    ("x_test", "y_test"),
    ("train_images", "train_labels"),
    ("test_images", "test_labels"),
    ("images", "labels"),
    ("pictures", "labels"),
    ("inputs", "targets"),
    ("data", "target"),
    ("data", "labels"),
    ("X", "y"),
    ("x", "y"),
)
_WHOLE_SETS: Final = (_PAIRS[:2], _PAIRS[2:4])
_LUMA: Final = (0.299, 0.587, 0.114)
_HIGHEST_LABEL: Final = 2.0**53
_LEAST_SIDE: Final = 5


def find_npz(path: Path, asked: Asked, told: Progress) -> Found:
    """Give what is known of the arrays in a file before they are read.

    Raises
    ------
    NnstudioError
        When there is no pair of arrays, or their shapes do not fit.
    """
    shapes = array_shapes(path)
    pairs = _pairs(path, tuple(shapes), asked)
    for pair in pairs:
        _check_shapes(path, pair, shapes)
    first = shapes[pairs[0][0]]
    pictures = _are_pictures(path, first, pairs[0][0], asked)

    called = _class_names(path, shapes)

    def chunks(progress: Progress) -> Iterator[Chunk]:
        for pair in pairs:
            arrays = read_npz(path, pair, progress=progress)
            yield _chunk(path, pair, arrays, called, pictures=pictures)

    def glance(progress: Progress) -> Iterator[Chunk]:
        arrays = read_npz(path, pairs[0], progress=progress, most=MOST_PREVIEWED)
        yield _chunk(path, pairs[0], arrays, called, pictures=pictures)

    counts: Counter[str] = Counter()
    for _, labels in pairs:
        (targets,) = read_npz(path, (labels,), progress=told).values()
        counts.update(_names(targets, f"{path} ({labels})", called))

    remarks: list[Text] = []
    if len(pairs) > 1:
        remarks.append(text("The arrays {name} become the test part.", name=", ".join(pairs[-1])))
    if len(shapes[pairs[0][1]]) == 2:
        remarks.append(text("The class is where the largest number of a row of labels stands."))
    shaped = ("height", "width", "ground", "prepare") if pictures else ()
    return Found(
        kind=text("NumPy file of pictures and labels")
        if pictures
        else text("NumPy file of numbers and labels"),
        nature="pixels" if pictures else "numbers",
        asked=replace(
            asked,
            samples=pairs[0][0] if len(pairs) == 1 else "",
            labels=pairs[0][1] if len(pairs) == 1 else "",
            values="pictures" if pictures else "numbers",
        ),
        settings=("samples", "labels", "values", *shaped, "classes"),
        chunks=chunks,
        glance=glance,
        count=sum(shapes[pair[0]][0] for pair in pairs),
        classes=tuple((name, counts[name]) for name in in_order(list(counts))),
        remarks=tuple(remarks),
        columns=tuple(shapes),
        test_count=shapes[pairs[1][0]][0] if len(pairs) > 1 else 0,
    )


def _pairs(path: Path, held: tuple[str, ...], asked: Asked) -> list[tuple[str, str]]:
    if asked.samples or asked.labels:
        known = [
            pair
            for pair in _PAIRS
            if (asked.samples or pair[0]) == pair[0] and (asked.labels or pair[1]) == pair[1]
        ]
        whole = (asked.samples, asked.labels) if asked.samples and asked.labels else None
        wanted = [whole] if whole else known
        for pair in wanted:
            if set(pair) <= set(held):
                return [pair]
        wanted_names = [name for name in (asked.samples, asked.labels) if name]
        missing = [name for name in wanted_names if name not in held]
        raise _no_pair(path, held, ", ".join(missing or wanted[0] if wanted else ["labels"]))
    pairs = [pair for pair in _PAIRS if set(pair) <= set(held)]
    for whole_set in _WHOLE_SETS:
        both = [pair for pair in whole_set if pair in pairs]
        if both:
            return both
    if not pairs:
        raise _no_pair(path, held, "x_test, y_test")
    return pairs[:1]


def _no_pair(path: Path, held: tuple[str, ...], expected: str) -> NnstudioError:
    return NnstudioError(
        "{file} holds the arrays {held}; {expected} were expected.",
        hint="Name the arrays so, pictures first, or choose which are samples and labels.",
        file=path,
        held=", ".join(held[:12]) or "-",
        expected=expected,
    )


def _class_names(path: Path, shapes: dict[str, tuple[int, ...]]) -> tuple[str, ...]:
    """Give what an array of names in the file calls the classes, by their numbers."""
    if len(shapes.get("class_names", ())) != 1:
        return ()
    (names,) = read_npz(path, ("class_names",)).values()
    called = tuple(str(one).strip() for one in names.tolist()) if names.dtype.kind == "U" else ()
    return called if all(called) and len(set(called)) == len(called) else ()


def _check_shapes(path: Path, pair: tuple[str, str], shapes: dict[str, tuple[int, ...]]) -> None:
    inputs, targets = shapes[pair[0]], shapes[pair[1]]
    if len(inputs) not in {2, 3, 4} or len(targets) not in {1, 2} or _colours(inputs) is None:
        raise NnstudioError(
            "{file} holds {pictures} of the shape {found} and {labels} of the shape {other}; "
            "(N, height, width) and (N,) were expected.",
            hint="Choose another file.",
            file=path,
            pictures=pair[0],
            labels=pair[1],
            found=inputs,
            other=targets,
        )
    if inputs[0] != targets[0]:
        raise NnstudioError(
            "{pictures} has {found} pictures, but {labels} has {expected} labels.",
            hint="Choose two files that belong together.",
            pictures=f"{path} ({pair[0]})",
            labels=f"{path} ({pair[1]})",
            found=inputs[0],
            expected=targets[0],
        )
    if 0 in inputs:
        raise NnstudioError(
            "{pictures} holds pictures without pixels.",
            hint="Choose another file.",
            pictures=f"{path} ({pair[0]})",
        )


def _colours(shape: tuple[int, ...]) -> int | None:
    """Give the axis of the colours; 0 where there is none, None where four axes make no picture."""
    if len(shape) != 4:
        return 0
    likely = [axis for axis in (3, 1) if shape[axis] in {1, 3, 4}]
    return min(likely, key=lambda axis: shape[axis]) if likely else None


def _are_pictures(path: Path, shape: tuple[int, ...], name: str, asked: Asked) -> bool:
    if asked.values == "numbers":
        return False
    if len(shape) > 2:
        return True
    side = int(shape[1] ** 0.5)
    if side * side != shape[1]:
        if asked.values == "pictures":
            raise NnstudioError(
                "{file} has {count} columns of values, which make no square picture.",
                hint="Choose another column of labels, or read its values as numbers.",
                file=f"{path} ({name})",
                count=shape[1],
            )
        return False
    if asked.values == "pictures":
        return True
    (first,) = read_npz(path, (name,), most=MOST_PREVIEWED).values()
    return side >= _LEAST_SIDE and bool(np.isfinite(first).all() and first.min() >= 0)


def _chunk(
    path: Path,
    pair: tuple[str, str],
    arrays: dict[str, NDArray[Any]],
    called: tuple[str, ...],
    *,
    pictures: bool,
) -> Chunk:
    inputs, targets = (arrays[name] for name in pair)
    name = f"{path} ({pair[0]})"
    if inputs.dtype.kind == "f" and not np.isfinite(inputs).all():
        raise NnstudioError(
            "{file} holds values that are not finite numbers.",
            hint="Choose another file.",
            file=name,
        )
    labels = _names(targets, f"{path} ({pair[1]})", called)
    if not pictures:
        return Chunk(inputs.reshape(len(inputs), -1).astype(np.float64), labels)
    return Chunk(_narrow(_grey(inputs)), labels)


def _grey(inputs: NDArray[Any]) -> NDArray[Any]:
    if inputs.ndim == 2:
        return inputs.reshape(len(inputs), int(inputs.shape[1] ** 0.5), -1)
    if inputs.ndim == 3:
        return inputs
    colours = _colours(inputs.shape)
    last = inputs if colours == 3 else np.moveaxis(inputs, 1, 3)
    if last.shape[3] == 1:
        return last[:, :, :, 0]
    grey = sum(share * last[:, :, :, place] for place, share in enumerate(_LUMA))
    return np.asarray(grey, np.float32)


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype == np.uint8 or values.dtype.kind == "f":
        return values
    whole = values.min() >= 0 and values.max() <= 255
    return values.astype(np.uint8 if whole else np.float64)


def _names(targets: NDArray[Any], name: str, called: tuple[str, ...]) -> list[str]:
    if targets.ndim == 2:
        if targets.dtype.kind not in "uifb":
            raise _odd_label(name, 0)
        rows = np.isfinite(targets).all(axis=1) if targets.dtype.kind == "f" else None
        if rows is not None and not rows.all():
            raise _odd_label(name, int(rows.argmin()))
        flat = targets.reshape(-1) if targets.shape[1] == 1 else targets.argmax(axis=1)
        return _names(flat, name, called)
    if targets.dtype.kind == "f":
        odd = np.flatnonzero(~(np.abs(targets) < _HIGHEST_LABEL) | (targets != np.rint(targets)))
        if len(odd):
            raise _odd_label(name, int(odd[0]))
        targets = targets.astype(np.int64)
    if targets.dtype.kind == "i" and targets.min(initial=0) < 0:
        raise _odd_label(name, int(targets.argmin()))
    if called and targets.dtype.kind in "ui" and targets.max(initial=0) < len(called):
        return [called[place] for place in targets.tolist()]
    found = [without_fraction(str(one).strip()) for one in targets.tolist()]
    for place, one in enumerate(found):
        if not one:
            raise _odd_label(name, place)
    return found


def _odd_label(name: str, place: int) -> NnstudioError:
    return NnstudioError(
        "{labels} has at place {place} what is no class: whole numbers from 0 or names were "
        "expected.",
        hint="Choose another array of labels.",
        labels=name,
        place=place,
    )
