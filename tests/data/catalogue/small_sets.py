"""Tiny sets in the formats of the published ones, and the facts by which they are known."""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.known_set import IDX_NAMES, NPZ_ARRAYS, KnownSet
from nnstudio.data.catalogue.places import DataPlaces


def idx_bytes(values: NDArray[np.uint8]) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes()


def parts(seed: int, *, training: int = 12, test: int = 5) -> tuple[NDArray[np.uint8], ...]:
    generator = np.random.default_rng(seed)
    made: list[NDArray[np.uint8]] = []
    for count in (training, test):
        made.append(generator.integers(0, 256, (count, 4, 3), dtype=np.uint8))
        made.append(generator.integers(0, 10, count, dtype=np.uint8))
    return tuple(made)


def packed(values: NDArray[np.uint8]) -> bytes:
    return gzip.compress(idx_bytes(values), mtime=0)


def known(seed: int, *, title: str = "Small", mirrors: tuple[str, ...] = ()) -> KnownSet:
    arrays = parts(seed)
    return KnownSet(
        kind=title.lower(),
        title=title,
        class_names=tuple("0123456789"),
        image_shape=(4, 3),
        folders=(title.lower(),),
        npz_names=(f"{title.lower()}.npz",),
        contents=tuple(hashlib.sha256(one.tobytes()).hexdigest() for one in arrays),
        downloads={
            f"{name}.gz": hashlib.sha256(packed(one)).hexdigest()
            for name, one in zip(IDX_NAMES, arrays, strict=True)
        },
        mirrors=mirrors,
    )


def write_idx(folder: Path, arrays: tuple[NDArray[np.uint8], ...], *, gz: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in zip(IDX_NAMES, arrays, strict=True):
        if gz:
            (folder / f"{name}.gz").write_bytes(packed(values))
        else:
            (folder / name).write_bytes(idx_bytes(values))


def write_npz(path: Path, arrays: tuple[NDArray[Any], ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    named: dict[str, Any] = dict(zip(NPZ_ARRAYS, arrays, strict=True))
    np.savez_compressed(path, **named)


def places(*folders: Path, own: Path, may_download: bool = False) -> DataPlaces:
    return DataPlaces(
        folders=folders,
        cache=own / "cache",
        downloads=own / "downloads",
        may_download=may_download,
    )
