"""Samples written into files that other programs read; the ending of the name says which kind.

``.npz`` holds arrays, ``.zip`` pictures as PNG with a table labels.csv, and ``.jsonl`` or
``.jsonl.gz`` the strokes of a source that writes them. Each is written whole or not at all.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast, runtime_checkable

import numpy as np

from nnstudio.data.catalogue import DataPlaces, Source
from nnstudio.data.catalogue.npz_files import write_npz
from nnstudio.data.dataset import Dataset
from nnstudio.data.drawings import Drawing, write_drawings
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import text
from nnstudio.whole_files import Sink, write_streamed

STROKE_ENDINGS: Final = (".jsonl", ".jsonl.gz")
ENDINGS: Final = (".npz", ".zip", *STROKE_ENDINGS)
MOST_SAMPLES: Final = 1_000_000
_TOLD_EVERY: Final = 64
_DEFAULT_STROKES: Final = 1000


@runtime_checkable
class Drawn(Protocol):
    """A source that can give the strokes of its samples."""

    def drawings(self, count: int) -> Iterator[Drawing]:
        """Give so many drawings."""


def endings_of(source: Source) -> tuple[str, ...]:
    """Give the endings of the files that samples of a source can be written into."""
    return ENDINGS if isinstance(source, Drawn) else ENDINGS[:2]


def export_samples(
    source: Source,
    path: Path,
    places: DataPlaces,
    progress: Progress,
    *,
    count: int | None = None,
) -> int:
    """Write samples of a source into a file and give how many they were.

    Parameters
    ----------
    source : Source
        What gives them.
    path : Path
        One of `endings_of` ends its name.
    places : DataPlaces
        Where sources look.
    progress : Progress
        Told how far it is; may end the work by raising `Cancelled`, and then nothing is written.
    count : int or None
        At most so many, evenly out of all of them; None is all (of strokes 1000).

    Raises
    ------
    NnstudioError
        When the ending is another, the source has no samples, or the file cannot be written.
    """
    name = path.name.lower()
    if name.endswith(STROKE_ENDINGS):
        if not isinstance(source, Drawn):
            raise NnstudioError(
                "This source has pictures but no strokes to write.",
                hint="Choose a name that ends in .npz or .zip.",
            )
        wanted = _DEFAULT_STROKES if count is None else count
        return write_drawings(path, _told(source.drawings(wanted), wanted, progress))
    if not name.endswith(ENDINGS):
        raise NnstudioError(
            "{file} has an ending that says nothing; {endings} are known.",
            hint="Choose a name with one of these endings.",
            file=path.name,
            endings=", ".join(endings_of(source)),
        )
    return write_samples(path, source.load(places, progress), progress, count=count)


def _told(drawings: Iterator[Drawing], count: int, progress: Progress) -> Iterator[Drawing]:
    for place, drawing in enumerate(drawings):
        if place % _TOLD_EVERY == 0:
            progress(place / max(1, count), text("writing drawings"))
        yield drawing


def write_samples(
    path: Path, dataset: Dataset, progress: Progress, *, count: int | None = None
) -> int:
    """Write samples of a data set into an .npz or .zip file and give how many they were.

    Raises
    ------
    NnstudioError
        When they are no pictures and the file is a .zip, or it cannot be written.
    """
    rows = np.arange(len(dataset.inputs))
    if count is not None and count < len(rows):
        rows = np.linspace(0, len(rows) - 1, count).astype(np.int64)
    fill = _zip if path.suffix.lower() == ".zip" else _npz
    try:
        write_streamed(path, partial(fill, dataset, rows, progress))
    except OSError as error:
        raise NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Choose another folder, or make room on the disk.",
            file=path,
            reason=error.strerror or type(error).__name__,
        ) from error
    return len(rows)


def _npz(dataset: Dataset, rows: Any, progress: Progress, sink: Sink) -> None:
    inputs, targets = dataset.inputs, dataset.targets
    if len(rows) < len(inputs):
        inputs, targets = inputs[rows], targets[rows]
    arrays: dict[str, Any] = {
        "images" if dataset.image_shape else "inputs": inputs.reshape(
            len(rows), *(dataset.image_shape or inputs.shape[1:])
        ),
        "labels" if dataset.image_shape else "targets": targets,
    }
    if dataset.class_names:
        arrays["class_names"] = np.array(dataset.class_names)
    write_npz(sink, arrays, progress, doing=text("writing samples"))


def _zip(dataset: Dataset, rows: Any, progress: Progress, sink: Sink) -> None:
    from nnstudio.data.pictures import png  # noqa: PLC0415 - Pillow is not needed to start

    if dataset.image_shape is None or dataset.task != "classes" or dataset.inputs.dtype != np.uint8:
        raise NnstudioError(
            "These samples are no pictures with classes.", hint="Choose a name that ends in .npz."
        )
    table = io.StringIO()
    written = csv.writer(table, lineterminator="\n")
    written.writerow(("file", "label"))
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w") as archive:
        for place, row in enumerate(rows):
            if place % _TOLD_EVERY == 0:
                progress(place / len(rows), text("writing pictures"))
            name = f"{place:06d}.png"
            picture = png(dataset.inputs[row].reshape(dataset.image_shape))
            archive.writestr(zipfile.ZipInfo(name), picture)
            written.writerow((name, dataset.class_names[dataset.targets[row]]))
        archive.writestr(zipfile.ZipInfo("labels.csv"), table.getvalue().encode())
