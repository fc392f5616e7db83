"""Measurer: the courses of all runs, and what takes too long for the window, measured beside it."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from nnstudio.gui.views.gradients.course import Course, Values, norms_of
from nnstudio.gui.views.gradients.spreads import Spreads, spreads_of
from nnstudio.gui.widgets.beside import Beside
from nnstudio.runs.answers import is_trained_on
from nnstudio.runs.inside import Inside
from nnstudio.runs.run import RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Kept, Moment
from nnstudio.training.prepared import PreparedData

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_PAST_ROWS: Final = 4096
"""Of larger batches nothing is told of the time before: that would take too long."""
PAST_AT_ONCE: Final = 6

Past = tuple[tuple[int, Values], ...]
Measured = tuple[str, Moment | None, Values | None, Spreads | None, Past]


class Measurer(QObject):
    """What is known of the gradients of each run; `news` tells that it is more than before.

    Knows the newest Moment of each run by its identity, and the spread of one layer.
    """

    news = Signal()

    def __init__(self, beside: Beside | None = None, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.beside = beside or Beside()
        self.beside.setParent(self)
        self.beside.found.connect(self._take)
        self.courses: dict[str, Course] = {}
        self.moments: Mapping[str, Moment] = {}
        self.spreads: Spreads | None = None
        self._spread_of: object = None
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._insides: dict[str, Inside] = {}

    def set_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data on which kept parameters are tried, and what is set."""
        self._data, self._experiment = data, experiment

    def note(self, runs: tuple[RunView, ...]) -> bool:
        """Take in the newest gradient of each run; gives whether anything is news."""
        news = [self._note(run) for run in runs]
        gone = set(self.courses) - {run.identity for run in runs}
        for identity in gone:
            del self.courses[identity]
            self._insides.pop(identity, None)
        return any(news) or bool(gone)

    def forget_spread(self) -> None:
        """Forget the spread: another layer or run is looked at."""
        self.spreads = self._spread_of = None

    def measure(self, runs: tuple[RunView, ...], *, layer: int | None) -> None:
        """Have a new Moment measured; of the first run the spread of `layer`, if one is given."""
        run = runs[0] if runs else None
        if run is None or run.blueprint is None:
            return
        waiting = next((one for one in runs if self._is_new(one)), None)
        key = None if layer is None else self._key_of(run, layer)
        spreads = layer is not None and key != self._spread_of
        past = None if waiting is not None or spreads else self._past_of(run)
        if waiting is None and not spreads and past is None:
            return
        asked = waiting or run
        moment = self.moments.get(asked.identity) if waiting is not None else None
        course, own = self.courses[asked.identity], self.moments.get(run.identity)
        layout, weights = run.blueprint.layout, run.snapshot.weights
        if spreads:
            self._spread_of = key

        def work() -> Measured:
            ratios = None if moment is None else course.measure(moment)
            found = None
            if spreads and layer is not None:
                found = spreads_of(layout, layer, weights, own)
            return asked.identity, moment, ratios, found, () if past is None else past()

        self.beside.ask(work, urgent=spreads and self.spreads is None)

    def _note(self, run: RunView) -> bool:
        blueprint, weights = run.blueprint, run.snapshot.weights
        if blueprint is None:
            return False
        course = self.courses.get(run.identity)
        if course is None or course.layout != blueprint.layout:
            course = Course(blueprint.layout, unlit=blueprint.constant_inputs)
            self.courses[run.identity] = course
        if weights is None:
            return False
        return course.note_gradient(weights.step, weights.gradient)

    def _past_of(self, run: RunView) -> "Callable[[], Past] | None":
        """Give what finds gradients from before anybody looked; None when all are known."""
        data, chosen, blueprint = self._data, self._experiment, run.blueprint
        course = self.courses.get(run.identity)
        if data is None or chosen is None or blueprint is None or course is None:
            return None
        kept = course.unseen(run.snapshot.kept, PAST_AT_ONCE)
        # what is planted in a run is not in its recipe: its gradients cannot be made again here
        if not kept or run.planted or not is_trained_on(run, data, chosen):
            return None
        trained = chosen if run.recipe is None else run.recipe.latest
        # norms are of the size of their batch: noise of few samples, or a sum over all of them
        size = trained.batches.size
        if size > MOST_PAST_ROWS:
            return None
        inside = self._insides.get(run.identity)
        if inside is None or inside.blueprint is not blueprint:
            experiment = replace(trained, network=blueprint.network)
            inside = self._insides[run.identity] = Inside(blueprint, experiment)
        rows = data.split.training[:size]
        samples = data.dataset.inputs[rows], data.targets[rows]
        return partial(_norms_of_kept, inside, kept, *samples)

    def _is_new(self, run: RunView) -> bool:
        moment, course = self.moments.get(run.identity), self.courses.get(run.identity)
        return moment is not None and course is not None and course.moment is not moment

    def _key_of(self, run: RunView, layer: int) -> object:
        """Give what decides a spread; with it what it was made of is kept alive."""
        moment = self.moments.get(run.identity)
        return (run.identity, layer, moment if moment is not None else run.snapshot.weights)

    def _take(self, measured: Measured) -> None:
        identity, moment, ratios, found, past = measured
        course = self.courses.get(identity)
        if course is not None and moment is not None and ratios is not None:
            course.note_ratios(moment, ratios)
        if course is not None:
            for step, norms in past:
                course.past.add(step, norms)
        if found is not None:
            self.spreads = found
        self.news.emit()


def _norms_of_kept(inside: Inside, kept: tuple[Kept, ...], inputs: Any, targets: Any) -> Past:
    """Give the norms of the gradients of kept parameters; runs beside the window."""
    found = []
    for one in kept:
        inside.show(one.vector)
        gradient = inside.gradient(inputs, targets)
        found.append((one.step, norms_of(inside.blueprint.layout, gradient)))
    inside.release()
    return tuple(found)
