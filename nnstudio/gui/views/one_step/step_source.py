"""StepSource: has the step of the present parameters computed beside the window, stop by stop."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from nnstudio.gui.views.one_step.stop import Matrix, Stop
from nnstudio.gui.views.one_step.stops import stops_of
from nnstudio.gui.widgets.beside import Beside
from nnstudio.runs.answers import is_trained_on, newest_of
from nnstudio.runs.inside import Inside, OneStep
from nnstudio.runs.run import RunView, ends_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.snapshot import Vector

BATCH: Final = 4

Outcome = tuple[Inside, OneStep]


class StepSource(QObject):
    """The step that a run would make now with one sample, or with a few; `news` tells a newer one.

    Knows the run, the data and its newest parameters, and the stops that were computed last.
    """

    news = Signal()

    def __init__(self, beside: Beside | None = None, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.beside = beside or Beside()
        self.beside.setParent(self)
        self.beside.found.connect(self._take)
        self.run: RunView | None = None
        self.data: PreparedData | None = None
        self.stops: tuple[Stop, ...] = ()
        self._experiment: Experiment | None = None
        self._vector: Vector | None = None
        self._inside: Inside | None = None

    @property
    def own_data(self) -> PreparedData | None:
        """The data, where the run was trained on them."""
        run, data, experiment = self.run, self.data, self._experiment
        if run is None or data is None or experiment is None:
            return None
        return data if is_trained_on(run, data, experiment) else None

    @property
    def ready(self) -> bool:
        """Whether there are parameters and data for a step."""
        return self._inside is not None and self._vector is not None

    def set_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data that samples come from, and what is set."""
        self.data, self._experiment = data, experiment
        self._follow()

    def set_run(self, run: RunView | None) -> bool:
        """Follow a run; gives whether its parameters are others than before."""
        vector = None if run is None else newest_of(run)
        before, self.run = self.run, run
        same = before is not None and run is not None and before.blueprint is run.blueprint
        if same and vector is self._vector and self._inside is not None:
            return False
        self._vector = vector
        self._follow()
        return True

    def ask(self, row: int, *, count: int, urgent: bool) -> None:
        """Have the step with sample `row` computed, in a batch of `count`."""
        inside, vector, data, run = self._inside, self._vector, self.data, self.run
        if inside is None or vector is None or data is None or run is None:
            return
        rows = self._batch(row, BATCH if self._needs_batch() else count, data)
        inputs, targets = data.dataset.inputs[rows], data.targets[rows]
        experiment = inside.experiment
        usual = experiment.optimizer.learning_rate if experiment else 0.0
        rate = run.snapshot.rate or usual
        work = partial(_compute, inside, vector, inputs, targets, rate)
        self.beside.ask(work, urgent=urgent or not self.stops)

    def forget(self) -> None:
        """Forget the stops: there is nothing to show."""
        self.stops = ()
        self.beside.drop()

    def _follow(self) -> None:
        run, trained = self.run, self._trained_with()
        known, blueprint = self._inside, None if run is None else run.blueprint
        if blueprint is None or trained is None or self.own_data is None:
            self._inside = None
        elif known is None or known.blueprint is not blueprint or known.experiment != trained:
            self._inside = Inside(blueprint, trained)

    def _trained_with(self) -> Experiment | None:
        """Give what the run is trained with; what is set where it does not say."""
        run = self.run
        if run is None or run.blueprint is None:
            return None
        found = self._experiment if run.recipe is None else run.recipe.latest
        return None if found is None else replace(found, network=run.blueprint.network)

    def _needs_batch(self) -> bool:
        """Tell whether one sample alone says nothing: its own mean is taken off."""
        blueprint = self.run.blueprint if self.run else None
        layers = blueprint.network.layers if blueprint else ()
        return any(row.normalization.kind == "batch_norm" for row in layers)

    def _batch(self, row: int, count: int, data: PreparedData) -> Rows:
        rows = np.array([row], np.int64)
        if count == 1:
            return rows
        others = data.split.training[: 2 * count]
        return np.concatenate([rows, others[others != row][: count - 1]])

    def _take(self, outcome: Outcome) -> None:
        inside, step = outcome
        experiment, blueprint = inside.experiment, inside.blueprint
        if inside is not self._inside or experiment is None:
            return
        outputs = ends_of(blueprint.layout)[1]
        self.stops = stops_of(
            step,
            experiment=experiment,
            spec=blueprint.network,
            names=tuple(map(tr, blueprint.class_names)) or tuple(map(str, range(outputs))),
            picture=blueprint.image_shape,
        )
        self.news.emit()


def _compute(inside: Inside, vector: Vector, inputs: Any, targets: Matrix, rate: float) -> Outcome:
    """Compute a step; runs beside the window."""
    inside.show(vector)
    step = inside.step(inputs, targets, rate=rate)
    inside.release()
    return inside, step
