"""A published set in four parts, found, checked or downloaded; its checksums say which it is.

MNIST and those made after it share their file names, so only the content tells them apart.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.downloads import fetch
from nnstudio.data.catalogue.idx_files import check_pair, read_idx
from nnstudio.data.catalogue.npz_files import read_npz
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import text

IDX_NAMES: Final = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
NPZ_ARRAYS: Final = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class KnownSet:
    """What is published about a set.

    Attributes
    ----------
    kind, title : str
        Kind of the source and the name that people know.
    class_names : tuple of str
        By class number.
    image_shape : tuple of int
        Height and width of a picture.
    folders : tuple of str
        Names of subfolders in which it is looked for.
    npz_names : tuple of str
        Names of a file with all four arrays.
    contents : tuple of str
        SHA-256 of the values of each of the four parts, in the order of `IDX_NAMES`.
    downloads : dict of str to str
        SHA-256 of each file as the mirrors give it, by name.
    mirrors : tuple of str
        Addresses that the names are put behind.
    """

    kind: str
    title: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    folders: tuple[str, ...]
    npz_names: tuple[str, ...]
    contents: tuple[str, ...]
    downloads: dict[str, str]
    mirrors: tuple[str, ...]


def load_known(
    asked: KnownSet,
    *,
    others: tuple[KnownSet, ...],
    places: DataPlaces,
    progress: Progress,
) -> Dataset:
    """Give a published set from the first folder that has it, or download it.

    Parameters
    ----------
    asked : KnownSet
        The set that is wanted.
    others : tuple of KnownSet
        Sets that may lie under the same names, to say which it is instead.
    places : DataPlaces
        Where to look; each folder itself is looked into, and its subfolders `asked.folders`.
    progress : Progress
        Told what is going on.

    Raises
    ------
    NnstudioError
        When files are damaged, belong to another set, or are not found.
    """
    own = places.downloads / asked.kind
    passed_over: NnstudioError | None = None
    for candidate in dict.fromkeys((*_candidates(asked, places.folders), own)):
        try:
            found = _read(asked, others, candidate, progress)
        except _OtherSetError as error:
            passed_over = passed_over or error
        except NnstudioError:
            # a download that was given up leaves the files that were whole by then
            if candidate != own or not places.may_download:
                raise
        else:
            if found is not None:
                return found
    if passed_over is not None:
        raise passed_over
    if not places.may_download:
        raise NnstudioError(
            "{title} was not found in {folders}.",
            hint="Put its four files into one of these folders, or choose the folder they are in.",
            title=asked.title,
            folders=", ".join(str(folder) for folder in (*places.folders, places.downloads)),
        )
    fetch(asked.downloads, mirrors=asked.mirrors, folder=own, progress=progress)
    found = _read(asked, others, own, progress)
    if found is None:
        raise _missing(own)
    return found


def is_there(asked: KnownSet, *, places: DataPlaces) -> bool:
    """Whether a set seems to lie where `load_known` looks: told by its test labels alone (1 ms)."""
    own = places.downloads / asked.kind
    for folder in (*_candidates(asked, places.folders), own):
        try:
            labels = _test_labels(asked, folder)
        except NnstudioError:
            # no folder behind damaged files is looked into when the set is loaded
            return False
        if labels is not None and _digest(_as_bytes(labels, (), "")) == asked.contents[-1]:
            return True
    return False


def _test_labels(asked: KnownSet, folder: Path) -> NDArray[Any] | None:
    paths = [_idx_file(folder, name) for name in IDX_NAMES]
    if all(paths) and paths[-1] is not None:
        return read_idx(paths[-1], dimensions=1)
    for name in asked.npz_names:
        if (folder / name).is_file():
            return read_npz(folder / name, NPZ_ARRAYS[-1:])[NPZ_ARRAYS[-1]]
    return None


def _digest(part: NDArray[np.uint8]) -> str:
    return hashlib.sha256(part.data).hexdigest()


class _OtherSetError(NnstudioError):
    """Sound files of another set; the one that was asked for may still lie elsewhere."""


def _candidates(asked: KnownSet, folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield folder
        for name in asked.folders:
            yield folder / name


def _idx_file(folder: Path, name: str) -> Path | None:
    dotted = name.replace("-idx", ".idx")
    for written in (name, f"{name}.gz", dotted, f"{dotted}.gz"):
        if (folder / written).is_file():
            return folder / written
    return None


def _missing(folder: Path) -> NnstudioError:
    lacking = [name for name in IDX_NAMES if _idx_file(folder, name) is None]
    return NnstudioError(
        "{folder} lacks {files}; all four files were expected.",
        hint="Put the missing files beside the others.",
        folder=folder,
        files=", ".join(lacking),
    )


def _read(
    asked: KnownSet, others: tuple[KnownSet, ...], folder: Path, progress: Progress
) -> Dataset | None:
    paths = [_idx_file(folder, name) for name in IDX_NAMES]
    present = [path for path in paths if path is not None]
    if len(present) == len(IDX_NAMES):
        parts: list[NDArray[Any]] = []
        for place, path in enumerate(present):
            progress(place / 4, text("reading {name}", name=path.name))
            parts.append(read_idx(path, dimensions=1 + 2 * (place % 2 == 0)))
        return _checked(asked, others, parts, [str(path) for path in present])
    for name in asked.npz_names:
        archive = folder / name
        if archive.is_file():
            progress(None, text("reading {name}", name=name))
            arrays = read_npz(archive, NPZ_ARRAYS)
            names = [f"{archive} ({array})" for array in NPZ_ARRAYS]
            return _checked(asked, others, [arrays[one] for one in NPZ_ARRAYS], names)
    if present:
        raise _missing(folder)
    return None


def _checked(
    asked: KnownSet, others: tuple[KnownSet, ...], parts: list[NDArray[Any]], names: list[str]
) -> Dataset:
    parts = [
        _as_bytes(part, () if place % 2 else asked.image_shape, name)
        for place, (part, name) in enumerate(zip(parts, names, strict=True))
    ]
    digests = tuple(map(_digest, parts))
    for other in others:
        if digests == other.contents != asked.contents:
            raise _OtherSetError(
                "{file} and the files beside it are {found}, not {expected}.",
                hint="Choose the folder of the right files.",
                file=names[0],
                found=other.title,
                expected=asked.title,
            )
    for start in (0, 2):
        check_pair(
            parts[start],
            parts[start + 1],
            classes=len(asked.class_names),
            pictures=names[start],
            labels=names[start + 1],
        )
    for name, found, expected in zip(names, digests, asked.contents, strict=True):
        if found != expected:
            raise NnstudioError(
                "{file} does not hold what was published as {title}: its content has the "
                "checksum {found}, {expected} was expected.",
                hint="Download the file again.",
                file=name,
                title=asked.title,
                found=found[:12],
                expected=expected[:12],
            )
    inputs = np.concatenate([parts[0], parts[2]])
    return Dataset.of(
        inputs.reshape(len(inputs), -1),
        np.concatenate([parts[1], parts[3]]),
        class_names=asked.class_names,
        image_shape=asked.image_shape,
        source=asked.kind,
        test_count=len(parts[2]),
    )


def _as_bytes(part: NDArray[Any], shape: tuple[int, ...], name: str) -> NDArray[np.uint8]:
    if part.shape[1:] != shape or part.ndim != 1 + len(shape):
        raise NnstudioError(
            "{file} has the shape {found}; {expected} was expected.",
            hint="Choose another file.",
            file=name,
            found=_times(part.shape),
            expected=_times(("N", *shape)),
        )
    if part.dtype.kind not in "ui" or (part.size and not 0 <= part.min() <= part.max() <= 255):
        raise NnstudioError(
            "{file} holds numbers that are not whole or not 0 to 255.",
            hint="Choose another file.",
            file=name,
        )
    return np.ascontiguousarray(part, dtype=np.uint8)


def _times(sizes: tuple[object, ...]) -> str:
    return " × ".join(str(size) for size in sizes)
