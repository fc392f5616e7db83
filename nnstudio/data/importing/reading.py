"""Look at a file, read it, keep what was read as a set of one's own: the only way in for imports.

Window, `nnstudio evaluate` and `nnstudio import` use these three and nothing else.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from nnstudio.data.catalogue.imported import Imported, kept_set
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.importing.asked import MOST_PREVIEWED, Asked, Preview
from nnstudio.data.importing.found import Found, class_name, in_order
from nnstudio.data.importing.gathering import Gathered, gather
from nnstudio.data.importing.opening import opened
from nnstudio.data.progress import Progress, silent
from nnstudio.errors import NnstudioError

SOURCE: Final = "file"
_AS_IT_IS: Final = Asked()


def look(path: Path, asked: Asked = _AS_IT_IS, progress: Progress = silent) -> Preview:
    """Give a preview of what is at `path`, read as `asked` says; what is open is guessed.

    Only names and the first rows are read, so it takes less than a second.

    Raises
    ------
    NnstudioError
        When it cannot be read as samples, with the file and the row.
    Cancelled
        When `progress` says so.
    """
    with opened(path, asked, progress) as found:
        few = gather(found, found.glance(progress), file=str(path), progress=progress)
    labels = tuple(few.names[place] for place in few.labels[:MOST_PREVIEWED])
    pictures = np.empty((0, 0, 0), np.uint8)
    filled = found.asked
    if few.shape is not None:
        pictures = few.inputs[:MOST_PREVIEWED].reshape(-1, *few.shape)
        filled = replace(filled, height=few.shape[0], width=few.shape[1])
    classes = _shown(found.classes) or tuple((name, None) for name in in_order(few.names))
    return Preview(
        kind=found.kind,
        count=found.count,
        classes=classes,
        pictures=pictures,
        labels=labels,
        remarks=found.remarks,
        columns=found.columns,
        rows=found.rows,
        asked=filled,
        settings=found.settings,
    )


def _shown(classes: tuple[tuple[str, int | None], ...]) -> tuple[tuple[str, int | None], ...]:
    counts: dict[str, int | None] = {}
    for written, count in classes:
        name = class_name(written)
        counts[name] = (counts.get(name) or 0) + (count or 0)
    return tuple(counts.items())


def read(path: Path, asked: Asked = _AS_IT_IS, progress: Progress = silent) -> Dataset:
    """Give all samples at `path`, read as `asked` says.

    Parts that the file itself keeps for validation and test are those of the Dataset. Classes
    stand in the order of their names, numbers by their value.

    Raises
    ------
    NnstudioError
        When it cannot be read as samples, with the file and the row.
    Cancelled
        When `progress` says so.
    """
    with opened(path, asked, progress) as found:
        whole = gather(found, found.chunks(progress), file=str(path), progress=progress)
    return _dataset(found, whole, str(path))


def _dataset(found: Found, whole: Gathered, file: str) -> Dataset:
    names = _renamed(whole.names, found.asked, file)
    kept = tuple(dict.fromkeys(in_order([name for name in names if name])))
    if not kept:
        raise NnstudioError(
            "All classes of {file} are left out.", hint="Keep at least one class.", file=file
        )
    place = {name: number for number, name in enumerate(kept)}
    targets = np.array([place.get(name, -1) for name in names])[whole.labels]
    inputs = whole.inputs
    validation_count, test_count = found.validation_count, found.test_count
    if "" in names:
        rows = np.flatnonzero(targets >= 0)
        first_test = len(targets) - test_count
        test_count = int((rows >= first_test).sum())
        validation_count = int((rows >= first_test - validation_count).sum()) - test_count
        inputs, targets = inputs[rows], targets[rows]
    if validation_count + test_count == len(targets):
        validation_count = test_count = 0
    return Dataset.of(
        inputs,
        targets,
        class_names=kept,
        image_shape=whole.shape,
        source=SOURCE,
        validation_count=validation_count,
        test_count=test_count,
    )


def _renamed(names: tuple[str, ...], asked: Asked, file: str) -> list[str]:
    becomes = {one.found: one.becomes for one in asked.classes}
    for name in becomes:
        if name not in names:
            raise NnstudioError(
                "{file} has no class “{name}”.",
                hint="Correct the list of classes.",
                file=file,
                name=name,
            )
    return [becomes.get(name, name) for name in names]


def keep(dataset: Dataset, name: str, places: DataPlaces, progress: Progress = silent) -> Imported:
    """Write a set of one's own into the user's data folder and give the source for it.

    Nothing that is there is changed: a set of the same name with other samples lies beside it.

    Raises
    ------
    NnstudioError
        When the name is empty or the set cannot be written.
    Cancelled
        When `progress` says so; then nothing was kept.
    """
    return kept_set(dataset, name, places, progress)
