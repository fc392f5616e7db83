"""TrainingState: everything that decides the next step; who drives the loop owns the pace."""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.batches import epoch_order, steps_per_epoch
from nnstudio.errors import NnstudioError
from nnstudio.nn.network import Network, build
from nnstudio.nn.schedules import Progress
from nnstudio.paths import replace_at, setting_at
from nnstudio.spec import Path
from nnstudio.texts import text
from nnstudio.training.blas import threads_for
from nnstudio.training.checkpoint import (
    Checkpoint,
    Position,
    history_of,
    optimizer_vectors,
    pack,
    position_of,
)
from nnstudio.training.evaluation import Evaluation, evaluate
from nnstudio.training.experiment import Experiment
from nnstudio.training.guard import CHECK_STEPS, Guard
from nnstudio.training.history import History
from nnstudio.training.prepared import Feed, PreparedData, Rows
from nnstudio.training.recipe import Change, Parent, Recipe
from nnstudio.training.stopping import Best, Ending, best_of, diverged, ending_at, stopped
from nnstudio.training.streams import stream

SMALL_ROWS: Final = 500
"""Size of the fixed part of the validation samples that is looked at within an epoch."""
SMALL_TIMES: Final = 4
_SMALL_SHARE: Final = 20
"""The training part must be so many times larger, or whole validations come often enough."""


class TrainingState:
    """One run between two steps; used by one thread at a time.

    Attributes
    ----------
    experiment : Experiment
        With the live changes that act by now.
    data : PreparedData
        Its samples.
    network, optimizer_state
        Parameters, buffers and what the optimizer remembers.
    step : int
        Steps made.
    epoch : int
        Epochs ended.
    batch : int
        Batches made in the current epoch.
    seconds : float
        Training time without pauses.
    samples : int
        Samples that steps were made with.
    history : History
        One row per step.
    ended : Ending or None
        Why it is over; None while there is more to do.
    """

    def __init__(
        self,
        recipe: Recipe,
        data: PreparedData,
        *,
        experiment: Experiment,
        history: History | None = None,
    ) -> None:
        self._recipe = recipe
        self.experiment = experiment
        self.data = data
        self.network: Network = build(
            experiment.network,
            inputs=data.inputs,
            outputs=data.outputs,
            loss=experiment.loss,
            dtype=np.dtype(experiment.precision),
        )
        self.optimizer_state = experiment.optimizer.init(
            self.network.layout.parameters, self.network.dtype
        )
        self.step = self.epoch = self.batch = 0
        self.seconds = 0.0
        self.samples = 0
        self.history = history or History()
        self.ended: Ending | None = None
        self.end_step: int | None = None
        self.pending: dict[str, Any] = {}
        self.feed = Feed(data)
        self.guard = Guard()
        self.order: list[Rows] | None = None
        self.progress = Progress(total_steps=None, steps_per_epoch=1, validation=())
        self.small = _small_part(experiment, data)
        self.small_at: frozenset[int] = frozenset()
        self.due_at: frozenset[int] = frozenset()
        limit = experiment.stopping.seconds
        self.time_limit = inf if limit is None else limit
        self.best: Best | None = best_of(self.history.view().validation)
        self._whole: list[float] = _whole_losses(self.history)
        self._inherited = len(self.history.changes)

    @classmethod
    def start(
        cls,
        experiment: Experiment,
        data: PreparedData,
        *,
        threads: int | None = None,
        initial: NDArray[Any] | None = None,
        initial_sha256: str | None = None,
    ) -> "TrainingState":
        """Give a run before its first step.

        Parameters
        ----------
        experiment : Experiment
            What to train and how.
        data : PreparedData
            From `prepare` with the same experiment.
        threads : int or None
            BLAS threads; None for what the shapes ask for on this machine.
        initial : ndarray or None
            Vector of a model to start from, and its checksum `initial_sha256`.

        Raises
        ------
        NnstudioError
            When the model does not fit the network of the experiment.
        """
        recipe = Recipe(
            experiment,
            initial_sha256=initial_sha256,
            threads=threads
            or threads_for(
                experiment.network,
                inputs=data.inputs,
                outputs=data.outputs,
                batch=experiment.batches.size,
            ),
            data_sha256=data.facts.sha256,
        )
        state = cls(recipe, data, experiment=experiment)
        if initial is None:
            state.network.initialize(lambda name: stream(experiment.seed, name))
        else:
            _put(state.network.vector, initial)
        state.guard.remember(state)
        return state

    @classmethod
    def restore(cls, checkpoint: Checkpoint, data: PreparedData) -> "TrainingState":
        """Give the run as it was at `checkpoint`.

        Raises
        ------
        NnstudioError
            When the checkpoint is damaged, or was made with other data.
        """
        recipe = checkpoint.recipe
        if recipe.data_sha256 != data.facts.sha256:
            raise NnstudioError(
                "The run was trained on other data than these.",
                hint="Choose the data that it was started with.",
            )
        position = position_of(checkpoint)
        experiment = recipe.experiment
        for change in recipe.changes:
            experiment = replace_at(experiment, path_of(change.path), change.value)
        state = cls(recipe, data, experiment=experiment, history=history_of(checkpoint))
        state._inherited = len(state.history.changes) - len(recipe.changes)
        _put(state.network.vector, checkpoint.vectors["vector"])
        _put_all(state.optimizer_state.vectors, optimizer_vectors(checkpoint))
        state.optimizer_state.step = position.optimizer_step
        state._move(position)
        state.end_step = recipe.end_step
        state.guard.remember(state)
        return state

    def fork(
        self, experiment: Experiment | None = None, *, data: PreparedData | None = None
    ) -> "TrainingState":
        """Give a run of its own that goes on from here, under another experiment if one is given.

        What the optimizer remembers is kept unless another optimizer is asked for. Where the order
        of the samples changes, the rest of the epoch is left out and the next one begins.

        Raises
        ------
        NnstudioError
            When the experiment asks for other layers or another precision.
        """
        self.guard.check(self)
        changed = experiment or self.experiment
        threads = self._recipe.threads
        recipe = Recipe(
            changed,
            parent=Parent(self.recipe, self.step),
            threads=threads,
            data_sha256=(data or self.data).facts.sha256,
        )
        history = self.history.prefix(self.history.steps)
        state = TrainingState(recipe, data or self.data, experiment=changed, history=history)
        if state.network.layout != self.network.layout or state.network.dtype != self.network.dtype:
            raise NnstudioError(
                "A run cannot go on with other layers or another precision.",
                hint="Train from the start instead.",
            )
        state.network.vector[:] = self.network.vector
        if type(changed.optimizer) is type(self.experiment.optimizer):
            state.optimizer_state = self.optimizer_state.copy()
        state._move(self._position())
        state.ended = None
        if experiment is not None:
            state.pending = {}
            if _order_settings(changed) != _order_settings(self.experiment) and self.batch:
                state.epoch, state.batch = self.epoch + 1, 0
        state.ended = state._limit_reached(accuracy=None)
        state.guard.remember(state)
        return state

    def checkpoint(self) -> Checkpoint:
        """Give everything that decides the next step; later steps do not touch it."""
        self.guard.check(self)
        return pack(
            recipe=self.recipe,
            position=self._position(),
            vector=self.network.vector.copy(),
            optimizer={
                name: values.copy() for name, values in self.optimizer_state.vectors.items()
            },
            history=self.history.view(),
        )

    @property
    def recipe(self) -> Recipe:
        """What reproduces the run up to here."""
        recipe = self._recipe
        return Recipe(
            recipe.experiment,
            parent=recipe.parent,
            initial_sha256=recipe.initial_sha256,
            changes=self.history.changes[self._inherited :],
            threads=recipe.threads,
            end_step=self.end_step,
            data_sha256=recipe.data_sha256,
        )

    @property
    def threads(self) -> int:
        """How many BLAS threads the run is made with."""
        return self._recipe.threads

    def change(self, path: str, value: Any) -> None:
        """Change a live setting from the next step on (the batch size: from the next epoch on).

        Parameters
        ----------
        path : str
            With dots, such as ``"optimizer.learning_rate"``.
        value
            Its new value.

        Raises
        ------
        NnstudioError
            When it may not change while a run goes on, or the value is not legal.
        """
        changed = with_live(self.experiment, path, value)
        if setting_at(self.experiment, path_of(path)).display.live_at == "epoch":
            self.pending[path] = value
        elif changed != self.experiment:
            self.guard.check(self)
            self.experiment = changed
            self.history.append_change(Change(self.step, path, value))

    def stop(self) -> None:
        """End the run here, by the will of a person or a clock, and validate it a last time."""
        if self.ended is None and self.guard.check(self):
            self.ended = stopped(self.step)
            self.end_step = self.step
            if self.batch:
                self.validate(whole=True)

    def next_rows(self) -> Rows:
        """Give the rows of the data set in the next batch; at the start of an epoch, begin it."""
        if self.order is None:
            self.order = self._begin_epoch()
        return self.order[self.batch]

    def end_epoch(self) -> None:
        """Close the epoch: the next batch will be the first of another."""
        self.history.end_epoch(self.step)
        self.epoch += 1
        self.batch = 0
        self.order = None

    def _begin_epoch(self) -> list[Rows]:
        """Put the samples of the current epoch in their order; changes that waited for it act."""
        if self.batch == 0:
            for path, value in self.pending.items():
                changed = replace_at(self.experiment, path_of(path), value)
                if changed != self.experiment:
                    self.experiment = changed
                    self.history.append_change(Change(self.step, path, value))
            self.pending = {}
        settings, rows = self.experiment.batches, self.data.split.training
        order = epoch_order(
            len(rows),
            size=settings.size,
            shuffled=self.experiment.data.shuffled,
            replacement=settings.replacement,
            drop_last=settings.drop_last,
            generator=stream(self.experiment.seed, "order", self.epoch),
        )
        made = [rows[positions] for positions in order]
        length = len(made)
        self.small_at = frozenset(
            length * part // (SMALL_TIMES + 1) for part in range(1, SMALL_TIMES + 1)
        ) - {0, length}
        if not len(self.small):
            self.small_at = frozenset()
        self.due_at = self.small_at | {length, *range(CHECK_STEPS, length, CHECK_STEPS)}
        if self.experiment.stopping.steps is not None:
            self.due_at |= {self.experiment.stopping.steps - self.step + self.batch}
        self.progress = Progress(
            total_steps=self.total_steps,
            steps_per_epoch=length,
            validation=tuple(self._whole),
        )
        return made

    @property
    def steps_per_epoch(self) -> int:
        """How many steps the current epoch has."""
        settings = self.experiment.batches
        return steps_per_epoch(
            len(self.data.split.training), settings.size, drop_last=settings.drop_last
        )

    @property
    def total_steps(self) -> int | None:
        """How many steps the run will have had when its epochs or steps are over, if limited."""
        stopping = self.experiment.stopping
        limits = [] if stopping.steps is None else [stopping.steps]
        if stopping.epochs is not None:
            left = max(0, stopping.epochs - self.epoch)
            limits.append(self.step - self.batch + left * self.steps_per_epoch)
        return min(limits, default=None)

    def validate(self, *, whole: bool) -> Evaluation | None:
        """Evaluate the validation part, or its small part, and note it in the history.

        None when there is nothing to validate with.
        """
        rows = self.data.split.validation if whole else self.small
        if not len(rows):
            return None
        found = evaluate(self.network, self.data, rows, feed=self.feed)
        epoch = self.epoch + (self.batch > 0)
        self.history.append_validation(
            step=self.step,
            epoch=epoch,
            loss=found.loss,
            accuracy=found.accuracy,
            whole=whole,
        )
        if whole:
            self._whole.append(found.loss)
            if isfinite(found.loss) and (self.best is None or found.loss < self.best.loss):
                self.best = Best(self.step, epoch, found.loss, found.accuracy)
        return found

    def end_if_due(self, accuracy: float | None) -> None:
        """End the run when a limit is reached.

        Parameters
        ----------
        accuracy : float or None
            Of a validation that was made at this step on the whole part.
        """
        self.ended = self._limit_reached(accuracy=accuracy)
        if self.ended is not None and self.ended.reason == "seconds":
            self.end_step = self.step

    def _limit_reached(self, *, accuracy: float | None) -> Ending | None:
        return ending_at(
            self.experiment.stopping,
            step=self.step,
            epochs=self.epoch,
            seconds=self.seconds,
            best=None if accuracy is None else self.best,
            accuracy=accuracy,
        )

    def diverge(self) -> None:
        """End the run: the next step cannot be made in finite numbers."""
        if self.guard.check(self):
            self.ended = diverged(self.step + 1)

    def rewind(self, steps: int) -> None:
        """Forget the last `steps` steps of this epoch, all but what they did to the parameters."""
        self.step -= steps
        self.batch -= steps
        self.history = self.history.prefix(self.step)
        self.ended = diverged(self.step + 1)

    def _position(self) -> Position:
        return Position(
            step=self.step,
            epoch=self.epoch,
            batch=self.batch,
            optimizer_step=self.optimizer_state.step,
            seconds=self.seconds,
            samples=self.samples,
            pending=dict(self.pending),
            ended=self.ended,
        )

    def _move(self, position: Position) -> None:
        self.step, self.epoch, self.batch = position.step, position.epoch, position.batch
        self.seconds, self.samples = position.seconds, position.samples
        self.pending = dict(position.pending)
        self.ended = position.ended


def with_live(experiment: Experiment, path: str, value: Any) -> Experiment:
    """Give `experiment` with a live setting changed; for errors see `TrainingState.change`."""
    parts = path_of(path)
    setting = setting_at(experiment, parts)
    if not setting.display.live:
        raise NnstudioError(
            "{setting} cannot be changed while a run goes on.",
            hint="It applies at the next start.",
            setting=text(setting.title),
        )
    return replace_at(experiment, parts, value)


def path_of(written: str) -> Path:
    """Give the path that is written with dots."""
    return tuple(int(part) if part.isdecimal() else part for part in written.split("."))


def _whole_losses(history: History) -> list[float]:
    validation = history.view().validation
    return [float(loss) for loss in validation.loss[validation.whole]]


def _order_settings(experiment: Experiment) -> tuple[Any, ...]:
    return experiment.seed, experiment.data, experiment.batches


def _small_part(experiment: Experiment, data: PreparedData) -> Rows:
    rows = data.split.validation
    count = min(SMALL_ROWS, len(rows))
    if count * _SMALL_SHARE > len(data.split.training):
        return rows[:0]
    chosen = stream(experiment.seed, "small validation").permutation(len(rows))[:count]
    return rows[np.sort(chosen)]


def _put(target: NDArray[Any], values: NDArray[Any]) -> None:
    if target.shape != values.shape or target.dtype != values.dtype:
        raise NnstudioError(
            "The numbers do not fit the network: {found} instead of {expected}.",
            hint="They belong to a network with other layers or another precision.",
            found=f"{values.dtype} {values.shape}",
            expected=f"{target.dtype} {target.shape}",
        )
    target[:] = values


def _put_all(targets: Mapping[str, NDArray[Any]], values: Mapping[str, NDArray[Any]]) -> None:
    if targets.keys() != values.keys():
        raise NnstudioError(
            "What the optimizer remembers does not fit it: {found} instead of {expected}.",
            hint="The stored run was damaged.",
            found=", ".join(sorted(values)),
            expected=", ".join(sorted(targets)),
        )
    for name, target in targets.items():
        _put(target, values[name])
