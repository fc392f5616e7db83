"""Probe: the fixed samples that a run is looked at with; no stream of the run is drawn from."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.training.plan import told_part
from nnstudio.training.prepared import PreparedData, Rows

Matrix = NDArray[np.float64]

PROBE_ROWS: Final = 500
FEWEST_ROWS: Final = 100
WORK: Final = 2e8
"""Products of weights and samples that one pass of the probe may cost: wide networks get fewer."""


@dataclass(frozen=True, eq=False)
class Probe:
    """Samples as an untouched network gets them, in float64.

    Attributes
    ----------
    rows : ndarray of int64
        Of the data set: validation samples where there are any, else training samples.
    inputs, targets : ndarray, shape (n, D) and (n, C)
        Scaled as the training part.
    """

    rows: Rows
    inputs: Matrix
    targets: Matrix


def probe_of(data: PreparedData, *, parameters: int) -> Probe:
    """Give up to `PROBE_ROWS` samples, evenly spread; fewer for a network of many `parameters`."""
    parts = data.split
    rows = parts.validation if len(parts.validation) else parts.training
    count = max(FEWEST_ROWS, min(PROBE_ROWS, int(WORK / parameters)))
    return probe_at(data, spread_over(rows, count))


def told_probe(data: PreparedData) -> Probe:
    """Give the samples that a Moment tells the loss of."""
    return probe_at(data, told_part(data))


def probe_at(data: PreparedData, rows: Rows) -> Probe:
    """Give the samples at `rows`."""
    return Probe(rows, scaled(data, rows), data.targets[rows].astype(np.float64))


def spread_over(rows: Rows, count: int = PROBE_ROWS) -> Rows:
    """Give at most `count` of `rows`, evenly spread."""
    return rows[:: max(1, -(-len(rows) // count))]


def scaled(data: PreparedData, rows: Rows) -> Matrix:
    """Give the inputs at `rows` in float64, scaled as the training part."""
    made: NDArray[Any] = np.empty((len(rows), data.inputs))
    data.scaling.into(data.dataset.inputs[rows], made)
    return made
