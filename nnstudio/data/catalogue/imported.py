"""Sets that a person imported: kept in the user's folder under a digest of what is in them.

A set is told by its content: one that is gone or that was altered is refused, never replaced.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import HeldOut
from nnstudio.data.catalogue.generated import TestShare
from nnstudio.data.catalogue.npz_files import read_npz, write_npz
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress, silent
from nnstudio.errors import NnstudioError
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import text
from nnstudio.whole_files import Sink, write_streamed

FOLDER: Final = "imported"
LONGEST_NAME: Final = 80
_SHOWN: Final = 12  # digits of the digest in a file name
_AWAY: Final = ".deleted"
_AWAY_S: Final = 24 * 3600
_ARRAYS: Final = ("inputs", "targets", "facts")


@spec(title="Imported set", help="Samples of your own, from a file that was imported.")
class Imported:
    """Samples that `keep` wrote into the user's data folder."""

    kind: Literal["imported"] = "imported"
    name: Annotated[
        str,
        Field(
            max_length=LONGEST_NAME,
            pattern=r"^[^\x00-\x1f]*$",
            title="Name",
            description="What the set is called.",
        ),
        Display(hidden=True),
    ] = ""
    sha256: Annotated[
        str,
        Field(
            max_length=64,
            pattern="^[0-9a-f]*$",
            title="Content",
            description="Digest of the samples and their classes: which set it is, wherever it "
            "lies.",
        ),
        Display(hidden=True),
    ] = ""
    validation: HeldOut = 0.1
    test: TestShare = 0.1

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give the shares that `split` draws for validation and test."""
        return self.validation, self.test

    def pinned(self, places: DataPlaces) -> "Imported":
        """Give the source with its content told, where only a name was: the newest set of it.

        Raises
        ------
        NnstudioError
            When there is no set of that name.
        """
        if self.sha256 or not self.name:
            return self
        for one in own_sets(places):
            if one.name == self.name:
                validation = min(self.validation, one.validation)
                test = min(self.test, one.test)
                return replace(self, sha256=one.sha256, validation=validation, test=test)
        raise NnstudioError(
            "There is no imported set “{name}”.",
            hint="Import it, or choose one that is there: {sets}.",
            name=self.name,
            sets=", ".join(dict.fromkeys(one.name for one in own_sets(places))) or "-",
        )

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Give the samples as they were kept.

        Raises
        ------
        NnstudioError
            When no set is chosen, or it is gone, damaged or another than it was.
        """
        if not self.sha256:
            raise NnstudioError(
                "No imported set is chosen.", hint="Import a file, or choose a set by its name."
            )
        path = self.path(places)
        if not path.is_file():
            raise NnstudioError(
                "The imported set “{name}” is gone: {file} is not there.",
                hint="Import the file that it came from again.",
                name=self.name,
                file=path,
            )
        progress(None, text("reading {name}", name=self.name))
        dataset = _read(path, progress)
        if content_sha256(dataset) != self.sha256:
            raise NnstudioError(
                "The imported set “{name}” was altered: {file} does not hold what was imported.",
                hint="Import the file that it came from again.",
                name=self.name,
                file=path,
            )
        return dataset

    def path(self, places: DataPlaces) -> Path:
        """Give where the set lies, under its own name or another with the same content."""
        folder = places.own / FOLDER
        named = folder / f"{_file_name(self.name)}-{self.sha256[:_SHOWN]}.npz"
        if named.is_file() or not self.sha256.isalnum():
            return named
        return next(iter(sorted(folder.glob(f"*-{self.sha256[:_SHOWN]}.npz"))), named)


def checked_name(name: str) -> str:
    """Give the name of a set without needless blanks.

    Raises
    ------
    NnstudioError
        When it is empty, too long, or holds signs that cannot be shown.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NnstudioError(
            "A set needs a name of 1 to {most} letters.",
            hint="Choose another name.",
            most=LONGEST_NAME,
        )
    return name


def kept_set(
    dataset: Dataset, name: str, places: DataPlaces, progress: Progress = silent
) -> Imported:
    """Write a set into the user's data folder and give the source for it.

    Raises
    ------
    NnstudioError
        When the name is empty or too long, or the set cannot be written.
    """
    name = checked_name(name)
    dataset = replace(dataset, source="imported")
    made = Imported(name=name, sha256=content_sha256(dataset))
    made = _without_shares(made, _told(dataset))
    path = places.own / FOLDER / f"{_file_name(name)}-{made.sha256[:_SHOWN]}.npz"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_streamed(path, partial(_pack, dataset, name, progress))
    except OSError as error:
        raise NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Make room on the disk, or check that the folder may be written.",
            file=path,
            reason=error.strerror or type(error).__name__,
        ) from error
    return made


def own_sets(places: DataPlaces) -> tuple[Imported, ...]:
    """Give the imported sets that are there, the newest first; no samples are read."""
    found = []
    with suppress(OSError):
        for path in (places.own / FOLDER).glob("*-*.npz"):
            with suppress(OSError):
                found.append((path.stat().st_mtime, path))
    sets = []
    for _, path in sorted(found, reverse=True):
        try:
            facts = _facts(read_npz(path, ("facts",))["facts"])
            made = Imported(name=facts["name"], sha256=facts["sha256"])
        except (NnstudioError, KeyError, TypeError, ValueError, RecursionError, AttributeError):
            continue  # it is said so when it is loaded
        sets.append(_without_shares(made, facts))
    return tuple(sets)


def _without_shares(source: Imported, facts: dict[str, Any]) -> Imported:
    """Give the source without shares for the parts that the set itself keeps apart."""
    return replace(
        source,
        validation=0.0 if facts.get("validation_count") else source.validation,
        test=0.0 if facts.get("test_count") else source.test,
    )


def put_away(source: Imported, places: DataPlaces) -> Path:
    """Take a set out of those that are there, and give what `bring_back` wants.

    What was put away more than a day ago is removed for good.

    Raises
    ------
    NnstudioError
        When it cannot be renamed.
    """
    path = source.path(places)
    away = path.with_name(path.name + _AWAY)
    try:
        path.replace(away)
        os.utime(away)
    except OSError as error:
        raise NnstudioError(
            "The imported set “{name}” could not be deleted: {reason}.",
            hint="Check that its folder may be written: {folder}",
            name=source.name,
            reason=error.strerror or type(error).__name__,
            folder=path.parent,
        ) from None
    for one in path.parent.glob(f"*{_AWAY}"):
        with suppress(OSError):
            if time.time() - one.stat().st_mtime > _AWAY_S:
                one.unlink()
    return away


def bring_back(away: Path) -> None:
    """Bring back a set that was put away.

    Raises
    ------
    NnstudioError
        When it is gone for good.
    """
    try:
        away.replace(away.with_name(away.name.removesuffix(_AWAY)))
    except OSError as error:
        raise NnstudioError(
            "The imported set could not be brought back: {reason}.",
            hint="Import the file that it came from again.",
            reason=error.strerror or type(error).__name__,
        ) from None


def content_sha256(dataset: Dataset) -> str:
    """Give the digest of samples, classes, shape and parts, as hex."""
    facts = json.dumps(_told(dataset), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{dataset.sha256}{facts}".encode()).hexdigest()


def _told(dataset: Dataset) -> dict[str, Any]:
    return {
        "class_names": list(dataset.class_names),
        "image_shape": None if dataset.image_shape is None else list(dataset.image_shape),
        "validation_count": dataset.validation_count,
        "test_count": dataset.test_count,
    }


def _pack(dataset: Dataset, name: str, progress: Progress, sink: Sink) -> None:
    facts = {**_told(dataset), "name": name, "sha256": content_sha256(dataset)}
    written = np.frombuffer(json.dumps(facts, ensure_ascii=False).encode(), np.uint8)
    arrays = dict(zip(_ARRAYS, (dataset.inputs, dataset.targets, written), strict=True))
    write_npz(sink, arrays, progress, doing=text("keeping the samples"))


def _read(path: Path, progress: Progress) -> Dataset:
    arrays = read_npz(path, _ARRAYS, progress=progress)
    try:
        facts = _facts(arrays["facts"])
        shape = facts["image_shape"]
        return Dataset.of(
            arrays["inputs"],
            arrays["targets"],
            class_names=tuple(str(one) for one in facts["class_names"]),
            source="imported",
            image_shape=None if shape is None else (int(shape[0]), int(shape[1])),
            validation_count=int(facts["validation_count"]),
            test_count=int(facts["test_count"]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise NnstudioError(
            "{file} is no imported set: {reason}.",
            hint="Import the file that it came from again.",
            file=path,
            reason=str(error),
        ) from None


def _facts(written: NDArray[Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written.astype(np.uint8).tobytes().decode())
    return found


def _file_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    return kept[:40].strip("-") or "set"
