"""Checkpoint: everything that decides the next step, as named arrays and one JSON-able record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import History, HistoryView, history_from, history_vectors
from nnstudio.training.live import with_live
from nnstudio.training.recipe import Change, Recipe
from nnstudio.training.stopping import Ending, ending_from_json, ending_to_json

if TYPE_CHECKING:
    from nnstudio.training.state import TrainingState

CHECKPOINT_VERSION: Final = 1


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run between two steps; going on from it equals never having stopped, bit for bit.

    Attributes
    ----------
    vectors : mapping of str to ndarray
        ``vector`` (parameters, then buffers), ``optimizer.*``, ``history.*``; never written to.
    record : mapping
        What `json.dumps` takes: recipe, position, ending.
    """

    vectors: Mapping[str, NDArray[Any]]
    record: Mapping[str, Any]

    @property
    def recipe(self) -> Recipe:
        """The recipe of the run so far."""
        return Recipe.from_json(self.record["recipe"])

    @property
    def step(self) -> int:
        """How many steps had been made."""
        return int(self.record["step"])

    @property
    def experiment(self) -> Experiment:
        """What was set: every live change in it, also those that wait for the next epoch.

        Raises
        ------
        NnstudioError
            When a change is not legal.
        """
        experiment = self.recipe.latest
        for path, value in position_of(self).pending.items():
            experiment = with_live(experiment, path, value)
        return experiment


@dataclass(frozen=True)
class Position:
    """Where a run is.

    Attributes
    ----------
    step : int
        Steps made.
    epoch : int
        Epochs ended.
    batch : int
        Batches of the current epoch that are behind it.
    optimizer_step : int
        Steps of the optimizer's state.
    seconds : float
        Training time.
    samples : int
        Samples that steps were made with.
    pending : mapping of str to value
        Live changes that wait for the next epoch, by path.
    ended : Ending or None
        Why it is over.
    """

    step: int
    epoch: int
    batch: int
    optimizer_step: int
    seconds: float
    samples: int
    pending: Mapping[str, Any]
    ended: Ending | None

    @classmethod
    def of(cls, state: "TrainingState") -> "Position":
        """Give where the run of `state` is now."""
        return cls(
            step=state.step,
            epoch=state.epoch,
            batch=state.batch,
            optimizer_step=state.optimizer_state.step,
            seconds=state.seconds,
            samples=state.samples,
            pending=dict(state.pending),
            ended=state.ended,
        )


def pack(
    *,
    recipe: Recipe,
    position: Position,
    vector: NDArray[Any],
    optimizer: Mapping[str, NDArray[Any]],
    history: HistoryView,
) -> Checkpoint:
    """Give the checkpoint of these; `vector` and `optimizer` must be copies already."""
    vectors = {"vector": vector}
    vectors |= {f"optimizer.{name}": values for name, values in optimizer.items()}
    vectors |= history_vectors(history)
    return Checkpoint(
        vectors,
        {
            "checkpoint_version": CHECKPOINT_VERSION,
            "recipe": recipe.to_json(),
            "step": position.step,
            "epoch": position.epoch,
            "batch": position.batch,
            "optimizer_step": position.optimizer_step,
            "seconds": position.seconds,
            "samples": position.samples,
            "pending": dict(position.pending),
            "inherited_changes": [
                [change.step, change.path, change.value]
                for change in history.changes[: len(history.changes) - len(recipe.changes)]
            ],
            "ended": ending_to_json(position.ended),
        },
    )


def position_of(checkpoint: Checkpoint) -> Position:
    """Give where the run was.

    Raises
    ------
    NnstudioError
        When the record is none, or one of a newer version.
    """
    record = checkpoint.record
    if record.get("checkpoint_version") != CHECKPOINT_VERSION:
        raise unreadable(f"checkpoint_version {record.get('checkpoint_version')!r}")
    try:
        return Position(
            step=int(record["step"]),
            epoch=int(record["epoch"]),
            batch=int(record["batch"]),
            optimizer_step=int(record["optimizer_step"]),
            seconds=float(record["seconds"]),
            samples=int(record["samples"]),
            pending=dict(record["pending"]),
            ended=ending_from_json(record["ended"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(repr(error)) from None


def vector_of(checkpoint: Checkpoint) -> NDArray[Any]:
    """Give the parameters and buffers.

    Raises
    ------
    NnstudioError
        When there are none.
    """
    if "vector" not in checkpoint.vectors:
        raise unreadable("vector")
    return checkpoint.vectors["vector"]


def optimizer_vectors(checkpoint: Checkpoint) -> dict[str, NDArray[Any]]:
    """Give the vectors of the optimizer's state by their names."""
    return {
        name.removeprefix("optimizer."): values
        for name, values in checkpoint.vectors.items()
        if name.startswith("optimizer.")
    }


def history_of(checkpoint: Checkpoint) -> History:
    """Give a history of its own that goes on from the stored one.

    Raises
    ------
    NnstudioError
        When columns are missing or of different lengths.
    """
    try:
        changes = (
            *(Change(*change) for change in checkpoint.record["inherited_changes"]),
            *checkpoint.recipe.changes,
        )
        stored = history_from(checkpoint.vectors, steps=checkpoint.step, changes=changes)
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(repr(error)) from None
    return History.of(stored)


def fill(target: NDArray[Any], values: NDArray[Any]) -> None:
    """Write stored `values` into `target`.

    Raises
    ------
    NnstudioError
        When shape or precision differ, or a number is not finite.
    """
    if target.shape != values.shape or target.dtype != values.dtype:
        raise NnstudioError(
            "The numbers do not fit the network: {found} instead of {expected}.",
            hint="They belong to a network with other layers or another precision.",
            found=f"{values.dtype} {values.shape}",
            expected=f"{target.dtype} {target.shape}",
        )
    if not np.isfinite(values).all():
        raise NnstudioError(
            "The stored numbers are not finite.", hint="The run diverged, or the file is damaged."
        )
    target[:] = values


def fill_all(targets: Mapping[str, NDArray[Any]], values: Mapping[str, NDArray[Any]]) -> None:
    """Write stored `values` into the `targets` of the same names; errors as in `fill`."""
    if targets.keys() != values.keys():
        raise NnstudioError(
            "What the optimizer remembers does not fit it: {found} instead of {expected}.",
            hint="The stored run was damaged.",
            found=", ".join(sorted(values)),
            expected=", ".join(sorted(targets)),
        )
    for name, target in targets.items():
        fill(target, values[name])


def unreadable(reason: str) -> NnstudioError:
    """Give the error for a checkpoint that makes no sense, to be raised."""
    return NnstudioError(
        "The stored run cannot be gone on with: {reason}.",
        hint="It was damaged, or written by a newer version of the program.",
        reason=reason,
    )
