"""Samples from a path that a person names: an IDX file beside its labels, an .npz, or a folder.

Nothing is guessed about the values: bytes stay bytes, and the labels are the class numbers.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.idx_files import check_pair, read_pair, unreadable
from nnstudio.data.catalogue.npz_files import array_names, read_npz
from nnstudio.data.dataset import Dataset
from nnstudio.errors import NnstudioError

_MOST_CLASSES: Final = 256
_NPZ_PAIRS: Final = (
    ("x_train", "y_train"),
    ("x_test", "y_test"),
    ("images", "labels"),
    ("inputs", "targets"),
    ("X", "y"),
    ("x", "y"),
)


def read_file(path: Path) -> Dataset:
    """Give the samples at `path`.

    Parameters
    ----------
    path : Path
        An IDX file of pictures (its labels lie beside it under the same name with ``labels`` for
        ``images``), an .npz file (``x_train``/``y_train`` and ``x_test``/``y_test``, or one of
        ``images``/``labels``, ``inputs``/``targets``, ``X``/``y``), or a folder that holds
        either.

    Returns
    -------
    Dataset
        Everything that is there, no part set apart; class names are the numbers from 0.

    Raises
    ------
    NnstudioError
        When nothing is found, or what is found is damaged.
    """
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise NnstudioError(
            "{file} is not there.", hint="Check the name of the file or folder.", file=path
        )
    if path.suffix == ".npz":
        return _dataset(path, list(_npz_parts(path)))
    return _dataset(path, [_idx_part(path)])


_Part = tuple[NDArray[Any], NDArray[np.int64], tuple[int, int] | None]


def _read_folder(folder: Path) -> Dataset:
    try:
        held = sorted(folder.iterdir())
    except OSError as error:
        raise unreadable(folder, error) from None
    pictures = [one for one in held if "-images" in one.name and one.is_file()]
    if pictures:
        return _dataset(folder, [_idx_part(one) for one in pictures])
    archives = [one for one in held if one.suffix == ".npz"]
    if len(archives) == 1:
        return _dataset(folder, list(_npz_parts(archives[0])))
    raise NnstudioError(
        "{folder} holds no IDX file of pictures and {count} .npz files; one was expected.",
        hint="Name the file itself.",
        folder=folder,
        count=len(archives),
    )


def _idx_part(pictures: Path) -> _Part:
    wanted = pictures.name.replace("images", "labels").replace("idx3", "idx1")
    stem = wanted.removesuffix(".gz")
    for name in (wanted, stem, f"{stem}.gz"):
        labels = pictures.with_name(name)
        if name != pictures.name and labels.is_file():
            return read_pair(pictures, labels, classes=_MOST_CLASSES)
    raise NnstudioError(
        "{file} has no labels: {labels} was expected beside it.",
        hint="Put the file of labels beside the pictures.",
        file=pictures,
        labels=wanted,
    )


def _npz_parts(path: Path) -> Iterator[_Part]:
    held = array_names(path)
    pairs = [pair for pair in _NPZ_PAIRS if set(pair) <= set(held)]
    if not pairs:
        raise NnstudioError(
            "{file} holds the arrays {held}; {expected} were expected.",
            hint="Name the arrays so, pictures first.",
            file=path,
            held=", ".join(held) or "-",
            expected="x_test, y_test",
        )
    # both parts of a published set, or the first pair that is there
    for pair in [pair for pair in pairs if pair in _NPZ_PAIRS[:2]] or pairs[:1]:
        arrays = read_npz(path, pair)
        inputs, targets = (arrays[name] for name in pair)
        names = [f"{path} ({name})" for name in pair]
        if inputs.ndim not in {2, 3} or targets.ndim != 1 or targets.dtype.kind == "f":
            raise NnstudioError(
                "{file} holds {pictures} of the shape {found} and {labels} of the shape {other}; "
                "(N, height, width) and (N,) were expected.",
                hint="Choose another file.",
                file=path,
                pictures=pair[0],
                labels=pair[1],
                found=inputs.shape,
                other=targets.shape,
            )
        check_pair(inputs, targets, classes=_MOST_CLASSES, pictures=names[0], labels=names[1])
        shape = (int(inputs.shape[1]), int(inputs.shape[2])) if inputs.ndim == 3 else None
        values = _values(inputs.reshape(len(inputs), -1), names[0])
        yield values, targets.astype(np.int64), shape


def _values(inputs: NDArray[Any], name: str) -> NDArray[Any]:
    if inputs.dtype.kind == "f":
        if not np.isfinite(inputs).all():
            raise NnstudioError(
                "{file} holds values that are not finite numbers.",
                hint="Choose another file.",
                file=name,
            )
        return inputs.astype(np.float64)
    small = inputs.min() >= 0 and inputs.max() <= 255
    return inputs.astype(np.uint8 if small else np.float64)


def _dataset(path: Path, parts: list[_Part]) -> Dataset:
    shapes = {(part[0].shape[1], part[2]) for part in parts}
    if len(shapes) != 1:
        raise NnstudioError(
            "{file} holds pictures of different sizes: {sizes}.",
            hint="Name one file of pictures.",
            file=path,
            sizes=", ".join(str(shape or size) for size, shape in sorted(shapes, key=str)),
        )
    targets = np.concatenate([part[1] for part in parts])
    return Dataset.of(
        np.concatenate([part[0] for part in parts]),
        targets,
        class_names=tuple(str(number) for number in range(max(10, int(targets.max()) + 1))),
        image_shape=parts[0][2],
        source="file",
    )
