"""Seams: the frozen set of functions that the loop around a network is built from; bound once.

A classic mistake is a replacement of one or more of them, as with `nnstudio.nn.parts.Parts` inside
the network. A run binds them when it begins, so that the loop asks nothing and costs the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.data.batches import epoch_order
from nnstudio.data.dataset import Dataset, Split, split
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.nn.network import Network
from nnstudio.nn.optimizers import OptimizerState, Rule, apply
from nnstudio.nn.parameters import Matrix

Rows = NDArray[np.int64]
Vector = NDArray[np.floating[Any]]


class Splitting(Protocol):
    """How data are split, as `nnstudio.data.dataset.split` does."""

    def __call__(
        self,
        dataset: Dataset,
        *,
        validation: float,
        test: float,
        limit: int | None,
        generator: Generator,
    ) -> Split:
        """Give the parts of `dataset`."""
        ...


class Ordering(Protocol):
    """Which samples a batch has, as `nnstudio.data.batches.epoch_order` says."""

    def __call__(
        self,
        count: int,
        *,
        size: int,
        shuffled: bool,
        replacement: bool,
        drop_last: bool,
        generator: Generator,
    ) -> Iterator[Rows]:
        """Give the positions of each batch of one epoch."""
        ...


def own_targets(batches: list[Rows], training: Rows) -> list[Rows]:
    """Give the rows whose targets belong to each batch: its own."""
    del training
    return batches


def same_scaling(fitted: FittedScaling, dataset: Dataset, rows: Rows) -> FittedScaling:
    """Give the scaling for the held-out `rows`: the one that was fitted on the training part."""
    del dataset, rows
    return fitted


@dataclass(frozen=True)
class Seams:
    """What the loop is made of; the defaults are the true functions.

    Attributes
    ----------
    split : Splitting
        How data are split; asked by `nnstudio.training.prepared.prepare`.
    order : Ordering
        Which positions of the training part each batch of an epoch has.
    targets : (batches, training) -> list of rows
        Once an epoch: from which rows the targets of each batch are taken.
    gradient : (network, X, Y) -> float
        Fills `Network.gradient` and gives the loss of the batch.
    apply : (optimizer, theta, grad, state, rate) -> None
        Makes the step, in place.
    held_out_scaling : (fitted, dataset, rows) -> FittedScaling
        Once a run: how the inputs of the held-out rows are scaled when they are evaluated.
    """

    split: Splitting = split
    order: Ordering = epoch_order
    targets: Callable[[list[Rows], Rows], list[Rows]] = own_targets
    gradient: Callable[[Network, Matrix, Matrix], float] = Network.loss_and_gradient
    apply: Callable[[Rule, Vector, Vector, OptimizerState, float], None] = apply
    held_out_scaling: Callable[[FittedScaling, Dataset, Rows], FittedScaling] = same_scaling


TRUE: Final = Seams()
