"""Course: a run between two steps: where it is, what is due, and how it ends.

`nnstudio.training.state` says where a run comes from.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.augmentation import NoAugmentation
from nnstudio.faults import seams_of
from nnstudio.nn.network import Network, build
from nnstudio.nn.optimizers import OptimizerState
from nnstudio.nn.schedules import Progress
from nnstudio.seams import Seams, parts_of
from nnstudio.training.blas import use_threads
from nnstudio.training.checkpoint import Position
from nnstudio.training.evaluation import Evaluation
from nnstudio.training.experiment import Experiment
from nnstudio.training.feed import Feed
from nnstudio.training.guard import Guard
from nnstudio.training.history import History
from nnstudio.training.layer_stage import LayerStage
from nnstudio.training.live import acts_at_epoch, with_live
from nnstudio.training.plan import EpochPlan, epoch_length, plan_epoch
from nnstudio.training.prepared import PreparedData
from nnstudio.training.pretraining import WHOLE, layer_of, stage_after
from nnstudio.training.recipe import Change, Recipe
from nnstudio.training.stage import Stage
from nnstudio.training.stopping import Best, Ending, diverged, ending_at, stopped
from nnstudio.training.validator import Validator

LAST_PRODUCTS: Final = 30e9
"""A run that is stopped is validated a last time where that takes a second or two: a million
parameters and 30 000 held-out samples."""


class Course:
    """One run between two steps; used by one thread at a time.

    Attributes
    ----------
    experiment : Experiment
        With the live changes that act by now.
    data : PreparedData
        Its samples.
    network : Network
        Parameters and buffers of the run.
    stage : Stage
        What is trained now, and how; `optimizer_state` is part of it.
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
        What the loop is made of, the classic mistakes of the experiment in it.
    validator : Validator
        What the held-out samples said so far.
    """

    stage: Stage

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
        self._given = seams
        self.seams = seams_of(experiment.faults, seams)
        self.experiment = experiment
        self.data = data
        self.network: Network = build(
            experiment.network,
            inputs=data.inputs,
            outputs=data.outputs,
            loss=experiment.loss,
            dtype=np.dtype(experiment.precision),
            parts=parts_of(experiment.network, experiment.loss, seams=self.seams),
        )
        self.step = self.epoch = self.batch = 0
        self.seconds = 0.0
        self.samples = 0
        self.history = history or History()
        self.ended: Ending | None = None
        self.end_step: int | None = None
        self.pending: dict[str, Any] = {}
        augmented = not isinstance(experiment.augmentation, NoAugmentation)
        self.feed = Feed(data, augmentation=experiment.augmentation if augmented else None)
        self.validator = Validator(experiment, data, seams=self.seams, history=self.history.view())
        self.guard = Guard()
        self.plan: EpochPlan | None = None
        self.progress = Progress(total_steps=None, steps_per_epoch=1)
        limit = experiment.stopping.seconds
        self.time_limit = inf if limit is None else limit
        self._inherited = len(self.history.changes)

    @property
    def recipe(self) -> Recipe:
        """What reproduces the run up to here."""
        changes = self.history.changes[self._inherited :]
        return replace(self._recipe, changes=changes, end_step=self.end_step)

    @property
    def threads(self) -> int:
        """How many BLAS threads the next step is made with."""
        return self._recipe.latest_threads

    @property
    def wanted_threads(self) -> int:
        """How many BLAS threads are best while no other program is busy."""
        return self._recipe.threads

    def work_with(self, threads: int) -> None:
        """Make every step from the next one on with so many BLAS threads."""
        if threads != self.threads and self.ended is None and self.guard.check(self):
            changes = (*self._recipe.thread_changes, (self.step, threads))
            self._recipe = replace(self._recipe, thread_changes=changes)

    @property
    def optimizer_state(self) -> OptimizerState:
        """What the optimizer of the stage remembers."""
        return self.stage.optimizer_state

    @property
    def best(self) -> Best | None:
        """The best validation on the whole part so far."""
        return self.validator.best

    @property
    def _averaged(self) -> NDArray[Any]:
        self.stage.publish()
        average = self.stage.average
        return self.network.vector if average is None else average.vector

    @property
    def evaluated(self) -> NDArray[Any]:
        """What is shown, saved and predicted with: parameters and buffers, not to be written to.

        The weights of the last step or their average; when the run is over, those of the best
        validation if they were to be kept.
        """
        kept = self.validator.kept
        return self._averaged if self.ended is None or kept is None else kept.vector

    @property
    def evaluated_step(self) -> int:
        """After how many steps `evaluated` was what it is."""
        kept = self.validator.kept
        return self.step if self.ended is None or kept is None else kept.best.step

    @contextmanager
    def evaluating(self) -> Iterator[Network]:
        """Lend the network with the parameters that are `evaluated`."""
        with _lent(self.network, self.evaluated):
            yield self.network

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
            self._become(changed, Change(self.step, path, value))

    def _become(self, experiment: Experiment, change: Change) -> None:
        self.experiment = experiment
        self.stage.bind(experiment)
        self.guard.follow(self)
        self.history.append_change(change)

    def stop(self) -> None:
        """End the run here, by the will of a person or a clock, and validate it a last time.

        Where that takes so long that who wants to stop would wait, it is left out; which networks
        these are depends on their size alone, so that a run made again is the same.
        """
        if self.ended is None and self.guard.check(self):
            self.ended = stopped(self.step)
            self.end_step = self.step
            products = self.network.layout.parameters * len(self.data.split.validation)
            if self.batch and products <= LAST_PRODUCTS:
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
                    self._become(changed, Change(self.step, path, value))
            self.pending = {}
        stage, total = self.stage, self.total_steps
        first_step = self.step - self.batch - stage.first_step
        needs_validation, found = self.experiment.schedule.needs_validation, self.progress.found
        self.progress = Progress(
            total_steps=None if total is None else total - stage.first_step,
            steps_per_epoch=self.steps_per_epoch,
            validation=tuple(self.validator.losses) if needs_validation else (),
            epoch=self.epoch - stage.first_epoch,
            first_step=first_step,
            ends_by_epochs=total is not None
            and total - stage.first_step != self.experiment.stopping.steps,
        )
        self.progress.found.update(found)
        return plan_epoch(
            self.experiment,
            self.data,
            epoch=self.epoch,
            first_step=first_step,
            small=len(self.validator.small) > 0 and stage.name == WHOLE,
            limits=stage.limits(),
            seams=self.seams,
        )

    def end_epoch(self) -> None:
        """Close the epoch, and the stage where it is over; the next batch begins another."""
        self.history.end_epoch(self.step)
        self.epoch += 1
        self.batch = 0
        self.plan = None
        if self.stage.is_over(self.epoch):
            name = stage_after(self.stage.name, len(self.experiment.network.layers))
            self.history.begin_stage(self.step, name)
            self._enter(name, first_step=self.step, first_epoch=self.epoch)
            self.guard.remember(self)

    @property
    def steps_per_epoch(self) -> int:
        """How many steps the current epoch has."""
        return epoch_length(self.experiment, self.data)

    @property
    def total_steps(self) -> int | None:
        """How many steps the run will have had when its epochs or steps are over, if limited."""
        return self.stage.total_steps(epoch=self.epoch, first_step=self.step - self.batch)

    def validate(self, *, whole: bool) -> Evaluation | None:
        """Evaluate the validation part, or its small part, and note it; None where it is empty.

        None as well while layers are pretrained: the network cannot do yet what it is asked for.
        """
        if self.stage.name != WHOLE:
            return None
        use_threads(self.threads)
        with _lent(self.network, self._averaged):
            found = self.validator.evaluate(self.network, whole=whole)
        if found is None:
            return None
        epoch = self.epoch + (self.batch > 0)
        loss, score, rmse = found.loss, found.score, found.rmse
        self.history.append_validation(
            step=self.step, epoch=epoch, loss=loss, score=score, rmse=rmse, whole=whole
        )
        if whole:
            ends = self.plan is not None and self.batch == len(self.plan.batches)
            self.validator.take(found, self._averaged, step=self.step, epoch=epoch, ends_epoch=ends)
        return found

    def told(self, vector: NDArray[Any]) -> tuple[float, float] | None:
        """Give the loss of a few held-out samples with the numbers of `vector`, asked twice.

        The run evaluates them as it always does, and nothing is noted. None without such samples.
        """
        with _lent(self.network, vector):
            return self.validator.told(self.network)

    def end_if_due(self, score: float | None, *, judges_losses: bool = True) -> None:
        """End the run when a limit is reached; `score` is of a whole validation at this step.

        The losses of the batches are judged at the steps that the plan names, and at no others.
        """
        stage = self.stage
        self.ended = ending_at(
            stage.limits(),
            step=self.step,
            epochs=self.epoch,
            first_step=stage.first_step,
            first_epoch=stage.first_epoch,
            seconds=self.seconds,
            best=self.best,
            score=score,
            losses=self.history.view().loss if judges_losses else None,
            task=self.data.task,
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
        self._enter(position.stage, position.first_step, position.first_epoch)

    def _enter(self, name: str, first_step: int = 0, first_epoch: int = 0) -> None:
        number = layer_of(name)
        make = (
            partial(Stage, self.network)
            if number is None
            else partial(LayerStage, self.network, number)
        )
        self.stage = make(
            experiment=self.experiment,
            data=self.data,
            feed=self.feed,
            seams=self.seams,
            first_step=first_step,
            first_epoch=first_epoch,
        )


@contextmanager
def _lent(network: Network, vector: NDArray[Any]) -> Iterator[None]:
    """Give `network` the numbers of `vector` for a while."""
    if vector is network.vector:
        yield
        return
    own = network.vector.copy()
    network.vector[:] = vector
    try:
        yield
    finally:
        network.vector[:] = own
