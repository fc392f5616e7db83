"""TrainingState: everything that decides the next step; who drives the loop owns the pace."""

from dataclasses import replace
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.nn.network import Network, build
from nnstudio.nn.schedules import Progress
from nnstudio.training.blas import threads_for
from nnstudio.training.checkpoint import (
    Checkpoint,
    Position,
    fill,
    fill_all,
    history_of,
    optimizer_vectors,
    pack,
    position_of,
    unreadable,
    vector_of,
)
from nnstudio.training.evaluation import Evaluation, evaluate
from nnstudio.training.experiment import Experiment
from nnstudio.training.feed import Feed
from nnstudio.training.guard import Guard
from nnstudio.training.history import History
from nnstudio.training.live import acts_at_epoch, with_live
from nnstudio.training.plan import (
    EpochPlan,
    epoch_length,
    plan_epoch,
    same_order,
    small_part,
    total_steps,
)
from nnstudio.training.prepared import PreparedData
from nnstudio.training.recipe import Change, Parent, Recipe
from nnstudio.training.seams import TRUE, Seams
from nnstudio.training.stopping import Best, Ending, best_of, diverged, ending_at, stopped
from nnstudio.training.streams import stream


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
    seams : Seams
        What the loop is made of; `gradient` and `apply` are bound from it.
    """

    def __init__(
        self,
        recipe: Recipe,
        data: PreparedData,
        *,
        experiment: Experiment,
        seams: Seams,
        history: History | None = None,
    ) -> None:
        self._recipe = recipe
        self.seams = seams
        self.gradient, self.apply = seams.gradient, seams.apply
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
        scaling = seams.held_out_scaling(data.scaling, data.dataset, data.split.validation)
        self._held_out = self.feed if scaling is data.scaling else Feed(data, scaling=scaling)
        self.guard = Guard()
        self.plan: EpochPlan | None = None
        self.progress = Progress(total_steps=None, steps_per_epoch=1, validation=())
        self.small = small_part(experiment, data)
        limit = experiment.stopping.seconds
        self.time_limit = inf if limit is None else limit
        validation = self.history.view().validation
        self.best: Best | None = best_of(validation)
        self._whole_losses: list[float] = validation.loss[validation.whole].tolist()
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
        seams: Seams = TRUE,
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
        seams : Seams
            What the loop is made of.

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
        state = cls(recipe, data, experiment=experiment, seams=seams)
        if initial is None:
            state.network.initialize(lambda name: stream(experiment.seed, name))
        else:
            fill(state.network.vector, initial)
        state.guard.remember(state)
        return state

    @classmethod
    def restore(
        cls, checkpoint: Checkpoint, data: PreparedData, *, seams: Seams = TRUE
    ) -> "TrainingState":
        """Give the run as it was at `checkpoint`, with the seams that it was started with.

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
        # damage is looked for in this order: the history relies on the position
        position, history = position_of(checkpoint), history_of(checkpoint)
        state = cls(recipe, data, experiment=recipe.latest, seams=seams, history=history)
        state._inherited = len(history.changes) - len(recipe.changes)
        fill(state.network.vector, vector_of(checkpoint))
        fill_all(state.optimizer_state.vectors, optimizer_vectors(checkpoint))
        state.optimizer_state.step = position.optimizer_step
        state._move(position)
        if not 0 <= state.batch < state.steps_per_epoch:
            raise unreadable(f"batch {state.batch} of {state.steps_per_epoch}")
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
        recipe = Recipe(
            changed,
            parent=Parent(self.recipe, self.step),
            threads=self._recipe.threads,
            data_sha256=(data or self.data).facts.sha256,
        )
        history = self.history.prefix(self.history.steps)
        state = TrainingState(
            recipe, data or self.data, experiment=changed, seams=self.seams, history=history
        )
        if state.network.layout != self.network.layout or state.network.dtype != self.network.dtype:
            raise NnstudioError(
                "A run cannot go on with other layers or another precision.",
                hint="Train from the start instead.",
            )
        state.network.vector[:] = self.network.vector
        if type(changed.optimizer) is type(self.experiment.optimizer):
            state.optimizer_state = self.optimizer_state.copy()
        state._move(Position.of(self))
        state.ended = None
        if experiment is not None:
            state.pending = {}
            if self.batch and not same_order(changed, self.experiment):
                state.epoch, state.batch = self.epoch + 1, 0
        state.end_if_due(score=None)
        state.guard.remember(state)
        return state

    def checkpoint(self) -> Checkpoint:
        """Give everything that decides the next step; later steps do not touch it."""
        self.guard.check(self)
        return pack(
            recipe=self.recipe,
            position=Position.of(self),
            vector=self.network.vector.copy(),
            optimizer={
                name: values.copy() for name, values in self.optimizer_state.vectors.items()
            },
            history=self.history.view(),
        )

    @property
    def recipe(self) -> Recipe:
        """What reproduces the run up to here."""
        changes = self.history.changes[self._inherited :]
        return replace(self._recipe, changes=changes, end_step=self.end_step)

    @property
    def threads(self) -> int:
        """How many BLAS threads the run is made with."""
        return self._recipe.threads

    def change(self, path: str, value: Any) -> None:
        """Change a live setting from the next step on (the batch size: from the next epoch on).

        A run that has ended stays as it is.

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
        if self.ended is not None:
            return
        if acts_at_epoch(self.experiment, path):
            self.pending[path] = value
        elif changed != self.experiment and self.guard.check(self):
            self.experiment = changed
            self.history.append_change(Change(self.step, path, value))

    def stop(self) -> None:
        """End the run here, by the will of a person or a clock, and validate it a last time."""
        if self.ended is None and self.guard.check(self):
            self.ended = stopped(self.step)
            self.end_step = self.step
            if self.batch:
                self.validate(whole=True)

    def current_plan(self) -> EpochPlan:
        """Give the plan of the current epoch; at the start of one, begin it."""
        if self.plan is None:
            self.plan = self._begin_epoch()
        return self.plan

    def _begin_epoch(self) -> EpochPlan:
        if self.batch == 0:
            for path, value in self.pending.items():
                changed = with_live(self.experiment, path, value)
                if changed != self.experiment:
                    self.experiment = changed
                    self.history.append_change(Change(self.step, path, value))
            self.pending = {}
        self.progress = Progress(
            total_steps=self.total_steps,
            steps_per_epoch=self.steps_per_epoch,
            validation=tuple(self._whole_losses),
        )
        return plan_epoch(
            self.experiment,
            self.data,
            epoch=self.epoch,
            first_step=self.step - self.batch,
            small=len(self.small) > 0,
            seams=self.seams,
        )

    def end_epoch(self) -> None:
        """Close the epoch: the next batch will be the first of another."""
        self.history.end_epoch(self.step)
        self.epoch += 1
        self.batch = 0
        self.plan = None

    @property
    def steps_per_epoch(self) -> int:
        """How many steps the current epoch has."""
        return epoch_length(self.experiment, self.data)

    @property
    def total_steps(self) -> int | None:
        """How many steps the run will have had when its epochs or steps are over, if limited."""
        first = self.step - self.batch
        return total_steps(self.experiment, self.data, epoch=self.epoch, first_step=first)

    def validate(self, *, whole: bool) -> Evaluation | None:
        """Evaluate the validation part, or its small part, and note it; None where it is empty."""
        rows = self.data.split.validation if whole else self.small
        if not len(rows):
            return None
        found = evaluate(self.network, self.data, rows, feed=self._held_out)
        epoch = self.epoch + (self.batch > 0)
        loss, score, rmse = found.loss, found.score, found.rmse
        self.history.append_validation(
            step=self.step, epoch=epoch, loss=loss, score=score, rmse=rmse, whole=whole
        )
        if whole:
            self._whole_losses.append(loss)
            if isfinite(loss) and (self.best is None or loss < self.best.loss):
                self.best = Best(self.step, epoch, loss, score)
        return found

    def end_if_due(self, score: float | None) -> None:
        """End the run when a limit is reached; `score` is of a whole validation at this step."""
        self.ended = ending_at(
            self.experiment.stopping,
            step=self.step,
            epochs=self.epoch,
            seconds=self.seconds,
            best=self.best,
            score=score,
        )
        if self.ended is not None and self.ended.reason == "seconds":
            self.end_step = self.step

    def diverge(self) -> None:
        """End the run: the next step cannot be made in finite numbers."""
        if self.guard.check(self):
            self.ended = diverged(self.step + 1)

    def rewind(self, steps: int) -> None:
        """Forget the last `steps` steps of this epoch, all but what they did to the parameters."""
        assert self.plan is not None, "steps were made since the epoch began"  # noqa: S101 - cannot happen
        given_up = self.plan.batches[self.batch - steps : self.batch]
        self.samples -= sum(map(len, given_up))
        self.step -= steps
        self.batch -= steps
        self.history = self.history.prefix(self.step)
        self.ended = diverged(self.step + 1)

    def _move(self, position: Position) -> None:
        self.step, self.epoch, self.batch = position.step, position.epoch, position.batch
        self.seconds, self.samples = position.seconds, position.samples
        self.pending = dict(position.pending)
        self.ended = position.ended
