"""Checkpoint: everything that decides the next step, as named arrays and one JSON-able record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import PREFIX, History, HistoryView, history_from, history_vectors
from nnstudio.training.live import with_live
from nnstudio.training.pretraining import WHOLE, LayerByLayer, layer_of
from nnstudio.training.recipe import Change, Recipe
from nnstudio.training.stopping import Ending, Kept, best_at, ending_from_json, ending_to_json

if TYPE_CHECKING:
    from nnstudio.training.course import Course

CHECKPOINT_VERSION: Final = 1
_ONE_STAGE: Final = {"stage": WHOLE, "first_step": 0, "first_epoch": 0, "kept_step": None}
"""What a record says that was written before there were stages."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run between two steps; going on from it equals never having stopped, bit for bit.

    Attributes
    ----------
    vectors : mapping of str to ndarray
        ``vector`` (parameters, then buffers), ``optimizer.*``, ``history.*``, and where there are
        such: ``stage`` (the layer that is pretrained, and its decoder), ``average``, ``best``;
        never written to.
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
    stage : str
        What is trained.
    first_step, first_epoch : int
        How many steps and epochs had been made when the stage began.
    kept_step : int or None
        After how many steps the weights were the best, where such are kept.
    """

    step: int
    epoch: int
    batch: int
    optimizer_step: int
    seconds: float
    samples: int
    pending: Mapping[str, Any]
    ended: Ending | None
    stage: str = WHOLE
    first_step: int = 0
    first_epoch: int = 0
    kept_step: int | None = None

    @classmethod
    def of(cls, state: "Course") -> "Position":
        """Give where the run of `state` is now."""
        stage, kept = state.stage, state.validator.kept
        return cls(
            step=state.step,
            epoch=state.epoch,
            batch=state.batch,
            optimizer_step=state.optimizer_state.step,
            seconds=state.seconds,
            samples=state.samples,
            pending=dict(state.pending),
            ended=state.ended,
            stage=stage.name,
            first_step=stage.first_step,
            first_epoch=stage.first_epoch,
            kept_step=None if kept is None else kept.best.step,
        )


def pack(
    *,
    recipe: Recipe,
    position: Position,
    vectors: Mapping[str, NDArray[Any]],
    history: HistoryView,
) -> Checkpoint:
    """Give the checkpoint of these; `vectors` must be copies already."""
    return Checkpoint(
        {**vectors, **history_vectors(history)},
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
            "stage": position.stage,
            "first_step": position.first_step,
            "first_epoch": position.first_epoch,
            "kept_step": position.kept_step,
            "stages": [list(stage) for stage in history.stages],
        },
    )


def position_of(checkpoint: Checkpoint) -> Position:
    """Give where the run was.

    Raises
    ------
    NnstudioError
        When the record is none, or one of a newer version.
    """
    record = {**_ONE_STAGE, **checkpoint.record}
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
            stage=_known_stage(record["stage"], checkpoint.recipe),
            first_step=int(record["first_step"]),
            first_epoch=int(record["first_epoch"]),
            kept_step=None if record["kept_step"] is None else int(record["kept_step"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(repr(error)) from None


def _known_stage(name: str, recipe: Recipe) -> str:
    number, experiment = layer_of(name), recipe.experiment
    pretrained = isinstance(experiment.pretraining, LayerByLayer)
    if number is not None and not (pretrained and number < len(experiment.network.layers)):
        raise ValueError(name)
    return name


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


def stage_vectors(checkpoint: Checkpoint, *, without: frozenset[str]) -> dict[str, NDArray[Any]]:
    """Give all that a step changes, by the names that `Stage.vectors` has for it.

    Those `without` use are left out: older files have them whatever was set.
    """
    stage = checkpoint.record.get("stage", WHOLE)
    other = {"best", *without} if stage == WHOLE else {"best", "vector", *without}
    return {
        name: values
        for name, values in checkpoint.vectors.items()
        if name not in other and not name.startswith(PREFIX)
    }


def kept_of(checkpoint: Checkpoint, history: HistoryView, like: NDArray[Any]) -> Kept | None:
    """Give the weights of the best validation, of shape and precision as `like`; None without.

    Raises
    ------
    NnstudioError
        When they do not belong to a validation of `history`, or do not fit.
    """
    step = position_of(checkpoint).kept_step
    if step is None:
        return None
    vector = np.empty_like(like)
    try:
        best = best_at(history.validation, step)
        fill(vector, checkpoint.vectors["best"])
    except (KeyError, ValueError) as error:
        raise unreadable(repr(error)) from None
    return Kept(best, vector)


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
        stored = history_from(
            checkpoint.vectors,
            steps=checkpoint.step,
            changes=changes,
            stages=checkpoint.record.get("stages", ()),
        )
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
