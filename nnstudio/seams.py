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
from nnstudio.nn.losses import Loss
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.optimizers import OptimizerState, Rule, apply
from nnstudio.nn.parameters import Layout, Matrix
from nnstudio.nn.parts import Parts

Rows = NDArray[np.int64]
Vector = NDArray[np.floating[Any]]
Apply = Callable[[Rule, Vector, Vector, OptimizerState, float], None]
"""(optimizer, theta, grad, state, rate): makes the step, in place."""


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


def as_they_lie(training: Rows, dataset: Dataset) -> Rows:
    """Give the rows of the training part in the order from which batches are taken: as they lie."""
    del dataset
    return training


def own_targets(batches: list[Rows], training: Rows, dataset: Dataset) -> list[Rows]:
    """Give the rows whose targets belong to each batch: its own."""
    del training, dataset
    return batches


def same_scaling(fitted: FittedScaling, dataset: Dataset, rows: Rows) -> FittedScaling:
    """Give the scaling for the held-out `rows`: the one that was fitted on the training part."""
    del dataset, rows
    return fitted


def true_parts(parts: Parts, spec: NetworkSpec, loss: Loss) -> Parts:
    """Give what the network is made of: `parts`, the true functions of `spec` and `loss`."""
    del spec, loss
    return parts


def whole_step(layout: Layout) -> Apply:
    """Give what makes a step: the optimizer's formula for every parameter."""
    del layout
    return apply


@dataclass(frozen=True)
class Seams:
    """What a run is made of; the defaults are the true functions.

    Attributes
    ----------
    split : Splitting
        How data are split; asked by `nnstudio.training.prepared.prepare`.
    arrange : (training, dataset) -> rows
        Once an epoch: the rows of the training part in the order from which batches are taken.
    order : Ordering
        Which positions of these rows each batch of an epoch has.
    targets : (batches, training, dataset) -> list of rows
        Once an epoch: from which rows the targets of each batch are taken.
    parts : (parts, spec, loss) -> Parts
        Once a network: what it is made of, given the true functions.
    gradient : (network, X, Y) -> float
        Fills `Network.gradient` and gives the loss of the batch.
    keeps_gradient : bool
        Whether `gradient` begins with what the step before left in `Network.gradient`, which is
        then a part of the state of a run.
    apply : (layout) -> Apply
        Once a stage: what makes a step.
    evaluate : (network, X, Y) -> float
        Gives the loss of held-out samples without penalties and leaves the outputs in the network.
    held_out_scaling : (fitted, dataset, rows) -> FittedScaling
        Once a run: how the inputs of the held-out rows are scaled when they are evaluated.
    """

    split: Splitting = split
    arrange: Callable[[Rows, Dataset], Rows] = as_they_lie
    order: Ordering = epoch_order
    targets: Callable[[list[Rows], Rows, Dataset], list[Rows]] = own_targets
    parts: Callable[[Parts, NetworkSpec, Loss], Parts] = true_parts
    gradient: Callable[[Network, Matrix, Matrix], float] = Network.loss_and_gradient
    keeps_gradient: bool = False
    apply: Callable[[Layout], Apply] = whole_step
    evaluate: Callable[[Network, Matrix, Matrix], float] = Network.data_loss
    held_out_scaling: Callable[[FittedScaling, Dataset, Rows], FittedScaling] = same_scaling


TRUE: Final = Seams()


def parts_of(spec: NetworkSpec, loss: Loss, *, seams: Seams = TRUE) -> Parts:
    """Give what a network of these layers and this loss is made of under `seams`."""
    return seams.parts(Parts.of(spec.rows, loss), spec, loss)
