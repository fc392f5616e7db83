"""Which samples are looked at, what each is called, and its numbers as a picture; no Qt."""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.widgets.numerals import MINUS, probability
from nnstudio.texts import mark, tr
from nnstudio.training.prepared import PreparedData, Rows

Bytes = NDArray[np.uint8]
PartOfData = Literal["training", "validation", "test"]

PARTS: Final[tuple[tuple[PartOfData, str], ...]] = (
    ("training", mark("Training")),
    ("validation", mark("Validation")),
    ("test", mark("Test")),
)
ENOUGH_ROWS: Final = 2000
"""So many samples show between which numbers inputs lie that are no bytes."""


def rows_of(data: PreparedData, part: PartOfData, kind: int | None) -> Rows:
    """Give the rows of a part, or those of one class in it; of data with labels, where it holds."""
    rows: Rows = getattr(data.split, part)
    if kind is None:
        return rows
    if data.labels is not None:
        holds = data.labels[rows] == kind
    else:
        holds = data.dataset.targets[rows, kind] > 0
    return np.asarray(rows[holds], np.int64)


def kinds_of(data: PreparedData) -> tuple[str, ...]:
    """Give what samples can be told apart by: classes, or labels; nothing for values."""
    if data.task == "values":
        return ()
    if data.class_names:
        return tuple(tr(name) for name in data.class_names)
    return tuple(str(number) for number in range(data.outputs))


def words_of(data: PreparedData, row: int) -> str:
    """Give what a sample is: its class, the labels that hold, or its values."""
    if data.labels is not None:
        return tr(data.class_names[int(data.labels[row])])
    target = data.dataset.targets[row]
    if data.task == "labels":
        names = kinds_of(data)
        return ", ".join(names[at] for at in np.flatnonzero(target > 0)) or "–"
    return ", ".join(map(_short, target.tolist()))


def answer_in_words(given: NDArray[Any], outputs: NDArray[Any], data: PreparedData) -> str:
    """Give what a network answers to the inputs `given` (D,): its best class, or its values."""
    numbers = ", ".join(map(_short, given.tolist()))
    if data.labels is None:
        said = ", ".join(map(_short, outputs.tolist()))
        return tr("inputs {inputs}: the network says {answer}", inputs=numbers, answer=said)
    best = int(np.nan_to_num(outputs, nan=-np.inf).argmax())
    value = float(outputs[best])
    return tr(
        "inputs {inputs}: {name}, {share}",
        inputs=numbers,
        name=kinds_of(data)[best],
        # linear outputs may be learned for classes as well; those are no probabilities
        share=_short(value) if value < 0 or value > 1 else probability(value),
    )


def ends_of(data: PreparedData) -> tuple[float, float]:
    """Give between which numbers inputs lie: those of bytes, or what some samples hold."""
    if data.dataset.inputs.dtype == np.uint8:
        return 0.0, 255.0
    some = data.dataset.inputs[data.split.training[:ENOUGH_ROWS]]
    low, high = float(some.min()), float(some.max())
    return (low, high) if high > low else (low, low + 1.0)


def pictures_of(inputs: NDArray[Any], shape: tuple[int, int], ends: tuple[float, float]) -> Bytes:
    """Give inputs (T, D) as pictures (T, rows, columns): 0 for the low end, 255 for the high."""
    low, high = ends
    shades = (inputs.astype(np.float32) - low) * (255.0 / (high - low))
    pictures: Bytes = np.clip(np.rint(shades), 0, 255).astype(np.uint8)
    return pictures.reshape(-1, *shape)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)
