"""Stage: what a run trains now and how a step of it is made; bound once, so that nothing is asked.

Loop and guard make every step by `compute` and `update`: a step made again has the same bits.
"""

from collections.abc import Callable

from nnstudio.data.augmentation import NoAugmentation
from nnstudio.nn.clipping import NoClipping
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.nn.schedules import Progress, rate_factor
from nnstudio.seams import Seams
from nnstudio.training.averaging import Average, Exponential
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.feed import Feed
from nnstudio.training.plan import total_steps
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.pretraining import WHOLE
from nnstudio.training.streams import StepStream

Inputs = Callable[[Rows, Rows, int], tuple[Matrix, Matrix]]


class Stage:
    """The whole network, trained on its targets: the only stage of most runs, the last of all.

    Parameters
    ----------
    network : Network
        What is trained, with the parameters that it begins with.
    experiment : Experiment
        With the live changes that act by now.
    data : PreparedData
        Its samples.
    feed : Feed
        Gathers them.
    seams : Seams
        What the loop is made of.
    first_step, first_epoch : int
        How many steps and epochs had been made when it began.

    Attributes
    ----------
    name : str
        As the history knows it.
    optimizer, optimizer_state
        How a gradient becomes a step, and what that remembers.
    average : Average or None
        The mean of what is trained, where one is asked for.
    """

    def __init__(
        self,
        network: Network,
        *,
        experiment: Experiment,
        data: PreparedData,
        feed: Feed,
        seams: Seams,
        name: str = WHOLE,
        first_step: int = 0,
        first_epoch: int = 0,
    ) -> None:
        self.network, self.name = network, name
        self.first_step, self.first_epoch = first_step, first_epoch
        self.optimizer_state = experiment.optimizer.init(network.layout.parameters, network.dtype)
        self.average: Average | None = None
        self._feed = feed
        self._score = data.score(network.spec.output.activation)
        self._gradient, self._apply = seams.gradient, seams.apply(network.layout)
        self._keeps_gradient = seams.keeps_gradient
        self._data, self._inputs = data, _inputs_of(feed, network, experiment)
        self.bind(experiment)

    def bind(self, experiment: Experiment) -> None:
        """Follow `experiment` from the next step on."""
        self._experiment, self.optimizer = experiment, experiment.optimizer
        self._adopt(experiment.network)
        self.optimizer.settle(self.optimizer_state)
        network, clipping = self.network, experiment.clipping
        clipped = not isinstance(clipping, NoClipping)
        self._before: tuple[Callable[[], None], ...] = (
            (lambda: clipping.clip(network.gradient, network.layout),) if clipped else ()
        )
        followed = (lambda _step: network.follow(),) if network.follows else ()
        projected = (lambda _step: network.project(),) if network.constrained else ()
        averaged = self._averaged(experiment)
        self._after: tuple[Callable[[int], None], ...] = (*followed, *projected, *averaged)

    def _adopt(self, spec: NetworkSpec) -> None:
        self.network.adopt(spec)

    def _averaged(self, experiment: Experiment) -> tuple[Callable[[int], None], ...]:
        averaging = experiment.averaging
        if not isinstance(averaging, Exponential):
            self.average = None
            return ()
        average = self.average = self.average or Average(self.network.vector)
        before, decay = self.first_step - 1, averaging.decay
        return (lambda step: average.take_in(step - before, decay=decay),)

    def compute(self, rows: Rows, labelled: Rows, step: int) -> float:
        """Give the loss of a batch after `step` steps, and fill the gradient of `network`."""
        self._X, self._Y = self._inputs(rows, labelled, step)
        return self._gradient(self.network, self._X, self._Y)

    @property
    def batch(self) -> tuple[Matrix, Matrix]:
        """Inputs and targets that `compute` used last; the next batch overwrites them."""
        return self._X, self._Y

    def update(self, rate: float, step: int) -> None:
        """Make the step after `step` steps with the gradient that `compute` left."""
        for prepare in self._before:
            prepare()
        network = self.network
        theta, gradient = network.parameters, network.gradient
        self._apply(self.optimizer, theta, gradient, self.optimizer_state, rate)
        for finish in self._after:
            finish(step)

    def rate(self, step: int, progress: Progress) -> float:
        """Give the learning rate after `step` steps; `progress` is of the stage."""
        experiment, made = self._experiment, step - self.first_step
        factor = rate_factor(experiment.schedule, experiment.warm_up, made, progress)
        return experiment.optimizer.learning_rate * factor

    def score(self, labelled: Rows) -> float:
        """Give the score of the batch that was computed last."""
        return self._score(self.network.output, self._Y, labelled)

    @property
    def vectors(self) -> dict[str, Vector]:
        """All that a step changes, by its name in a checkpoint; not copies."""
        vectors = {"vector" if self.name == WHOLE else "stage": self.network.vector}
        for name, values in self.optimizer_state.vectors.items():
            vectors[f"optimizer.{name}"] = values
        if self.average is not None:
            vectors["average"] = self.average.vector
        if self._keeps_gradient:
            vectors["gradient"] = self.network.gradient
        return vectors

    @property
    def idle(self) -> frozenset[str]:
        """Names of vectors of the optimizer that it has no use for as it is set now."""
        return frozenset(f"optimizer.{name}" for name in self.optimizer_state.idle)

    def inherit(self, other: "Stage") -> None:
        """Go on from `other` with all that fits: the stage before, or the same one of a parent."""
        if other.name != self.name:
            return
        self.network.vector[:] = other.network.vector
        if type(self.optimizer) is type(other.optimizer):
            self.optimizer_state = other.optimizer_state.copy()
            self.optimizer.settle(self.optimizer_state)
        if self.average is not None:
            average = other.network.vector if other.average is None else other.average.vector
            self.average.vector[:] = average
        if self._keeps_gradient:
            self.network.gradient[:] = other.network.gradient

    def lasts(self, experiment: Experiment) -> bool:
        """Tell whether it would go on under `experiment`."""
        del experiment
        return True

    def total_steps(self, *, epoch: int, first_step: int) -> int | None:
        """Give how many steps the run will have had in the end; None where nothing limits it.

        `epoch` epochs and `first_step` steps have been made before the current epoch.
        """
        left = total_steps(
            self._experiment,
            self._data,
            epoch=epoch - self.first_epoch,
            first_step=first_step - self.first_step,
        )
        return None if left is None else self.first_step + left

    def limits(self) -> Stopping:
        """Give what ends a run in this stage."""
        return self._experiment.stopping

    def is_over(self, epoch: int) -> bool:
        """Tell whether another stage begins when `epoch` epochs have been made."""
        del epoch
        return False

    def publish(self) -> None:
        """Write what is trained into the network of the run, where that is another one."""


def _inputs_of(feed: Feed, network: Network, experiment: Experiment) -> Inputs:
    """Give what gathers a batch after so many steps, and lends generators to those who draw."""
    gather = _gatherer(feed, experiment)
    if not network.is_random:
        return gather
    dropout = StepStream(experiment.seed, "dropout")

    def gathered(rows: Rows, labelled: Rows, step: int) -> tuple[Matrix, Matrix]:
        network.draw_from(dropout.at(step))
        return gather(rows, labelled, step)

    return gathered


def _gatherer(feed: Feed, experiment: Experiment) -> Inputs:
    if isinstance(experiment.augmentation, NoAugmentation):
        return lambda rows, labelled, _step: feed.batch(rows, labelled)
    draw = StepStream(experiment.seed, "augmentation")
    return lambda rows, labelled, step: feed.batch(rows, labelled, draw.at(step))
