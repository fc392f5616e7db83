"""TrainingState: everything that decides the next step; who drives the loop owns the pace."""

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.seams import TRUE, Seams
from nnstudio.training.blas import cores, threads_for
from nnstudio.training.checkpoint import (
    Checkpoint,
    Position,
    fill,
    fill_all,
    history_of,
    kept_of,
    pack,
    position_of,
    stage_vectors,
    unreadable,
    vector_of,
)
from nnstudio.training.course import Course
from nnstudio.training.experiment import Experiment
from nnstudio.training.plan import same_order
from nnstudio.training.prepared import PreparedData, adapted
from nnstudio.training.pretraining import WHOLE, first_stage
from nnstudio.training.recipe import Parent, Recipe
from nnstudio.training.streams import stream


class TrainingState(Course):
    """One run, from where it comes; what it is and does is in `Course`."""

    @classmethod
    def start(
        cls,
        experiment: Experiment,
        data: PreparedData,
        *,
        threads: int | None = None,
        spare: int = 0,
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
        spare : int
            Processors that are left to others, such as the thread that paints a window.
        initial : ndarray or None
            Vector of a model to start from, with its checksum `initial_sha256`; None for the
            weights that the experiment draws. What a model knows is not pretrained away: such a
            run begins with the whole network.
        seams : Seams
            What the loop is made of; the classic mistakes of the experiment come on top.

        Raises
        ------
        NnstudioError
            When the model does not fit the network of the experiment.
        ValueError
            When a model comes without its checksum: no recipe could name it.
        """
        if (initial is None) != (initial_sha256 is None):
            raise ValueError("initial and initial_sha256 are given together or not at all")
        recipe = Recipe(
            experiment,
            initial_sha256=initial_sha256,
            threads=threads
            or threads_for(
                experiment.network,
                inputs=data.inputs,
                outputs=data.outputs,
                batch=experiment.batches.size,
                available=max(1, cores() - spare),
            ),
            data_sha256=data.facts.sha256,
        )
        state = cls(recipe, data, experiment=experiment, seams=seams)
        first = WHOLE
        if initial is None:
            state.network.initialize(lambda name: stream(experiment.seed, name))
            first = first_stage(experiment.pretraining, len(experiment.network.layers))
        else:
            fill(state.network.vector, initial)
        if first != WHOLE:
            state.history.begin_stage(0, first)
        state._enter(first)
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
        state._move(position)
        fill_all(state.stage.vectors, stage_vectors(checkpoint, without=state.stage.idle))
        state.optimizer_state.step = position.optimizer_step
        if not 0 <= state.batch < state.steps_per_epoch:
            raise unreadable(f"batch {state.batch} of {state.steps_per_epoch}")
        state.ended, state.end_step = position.ended, recipe.end_step
        state.validator.kept = kept_of(checkpoint, history.view(), state.network.vector)
        state.guard.remember(state)
        return state

    def fork(
        self, experiment: Experiment | None = None, *, data: PreparedData | None = None
    ) -> "TrainingState":
        """Give a run of its own that goes on from here, under another experiment if one is given.

        What the optimizer remembers is kept unless another optimizer is asked for. Where the order
        of the samples changes, the rest of the epoch is left out and the next one begins. What was
        trained as a whole is not pretrained any more.

        Raises
        ------
        NnstudioError
            When the experiment asks for other layers or another precision.
        """
        self.guard.check(self)
        changed = experiment or self.experiment
        samples = data or adapted(self.data, self.experiment, changed, seams=self._given)
        recipe = Recipe(
            changed,
            parent=Parent(self.recipe, self.step),
            threads=self._recipe.threads,
            data_sha256=samples.facts.sha256,
        )
        history = self.history.prefix(self.history.steps)
        state = TrainingState(
            recipe, samples, experiment=changed, seams=self._given, history=history
        )
        if state.network.layout != self.network.layout or state.network.dtype != self.network.dtype:
            raise NnstudioError(
                "A run cannot go on with other layers or another precision.",
                hint="Train from the start instead.",
            )
        state.network.vector[:] = self.network.vector
        position = Position.of(self)
        if experiment is not None:
            position = replace(position, pending={})
            leaves = not self.stage.lasts(changed)
            if self.batch and (leaves or not same_order(changed, self.experiment)):
                position = replace(position, epoch=self.epoch + 1, batch=0)
            if leaves:
                history.begin_stage(self.step, WHOLE)
                position = replace(
                    position, stage=WHOLE, first_step=self.step, first_epoch=position.epoch
                )
        state._move(position)
        state.stage.inherit(self.stage)
        state.validator.follow(self.validator)
        state.end_if_due(score=None, judges_losses=False)
        state.guard.remember(state)
        return state

    def checkpoint(self) -> Checkpoint:
        """Give everything that decides the next step; later steps do not touch it."""
        self.guard.check(self)
        kept = self.validator.kept
        vectors = {"vector": self.network.vector, **self.stage.vectors}
        copies = {name: values.copy() for name, values in vectors.items()}
        if kept is not None:
            copies["best"] = kept.vector
        return pack(
            recipe=self.recipe,
            position=Position.of(self),
            vectors=copies,
            history=self.history.view(),
        )
