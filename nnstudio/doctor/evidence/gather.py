"""Observer: evidence from a Moment, the probe and the history, on networks of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nnstudio.doctor.evidence.arithmetic import Stated, arithmetic
from nnstudio.doctor.evidence.course import course_facts
from nnstudio.doctor.evidence.facts import Arithmetic, Evidence, InputFacts, LayerFacts, NonFinite
from nnstudio.doctor.evidence.inputs import input_facts
from nnstudio.doctor.evidence.layers import Mask, Pass, Vectors, layer_facts, lit_inputs, passes
from nnstudio.doctor.evidence.non_finite import non_finite_in
from nnstudio.doctor.evidence.outputs import output_facts
from nnstudio.doctor.evidence.probe import probe_of, scaled, spread_over, told_probe
from nnstudio.doctor.evidence.reference import MOST_HELD_OUT, MOST_TRAINING, reference
from nnstudio.doctor.first_loss import expected_first_loss
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import HistoryView
from nnstudio.training.moments import Moment, Vector
from nnstudio.training.prepared import PreparedData
from nnstudio.training.pretraining import WHOLE, NoPretraining
from nnstudio.training.stopping import Reason
from nnstudio.training.streams import stream


def _nothing() -> None:
    """Stand for nobody who would interrupt."""


class Observer:
    """Gathers evidence about one run; used by one thread.

    Parameters
    ----------
    experiment : Experiment
        That the run started with. Its classic mistakes, if it has any, are left out of everything
        that is stated.
    data : PreparedData
        Its samples.
    seams : Seams
        Of the run; asked only how it scales what it evaluates.
    start : ndarray or None
        The vector before the first step of the run; None for what the experiment draws.
    inputs : InputFacts or None
        The facts of the data where another run has found them; see `asks_the_same`.
    between : callable
        Called between the parts of the work; what it raises ends the work.
    """

    @np.errstate(all="ignore")
    def __init__(
        self,
        experiment: Experiment,
        data: PreparedData,
        *,
        seams: Seams = TRUE,
        start: Vector | None = None,
        inputs: InputFacts | None = None,
        between: Callable[[], None] = _nothing,
    ) -> None:
        self._between = between
        self._experiment, self._data, self._seams = _without(experiment), data, seams
        self._stated = Stated(experiment, data)
        self._rounded: Stated | None = None
        parameters = self._stated.network.layout.parameters
        self._probe, self._told = probe_of(data, parameters=parameters), told_probe(data)
        self._inputs = inputs
        self._first: Arithmetic | None = None
        self._start_facts: tuple[LayerFacts, ...] = ()
        if start is None:
            self._stated.network.initialize(lambda name: stream(experiment.seed, name))
            # the two precisions start from the same numbers, rounded
            start = self._stated.network.vector.astype(experiment.precision)
        self._start = start.astype(np.float64)
        self._stated.network.vector[:] = self._start
        self._expected = self._of_undecided()

    @np.errstate(all="ignore")
    def inputs(self) -> InputFacts:
        """Give the facts of the data; worked out once."""
        if self._inputs is None:
            self._inputs = self._of_inputs()
        return self._inputs

    @np.errstate(all="ignore")
    def evidence(
        self,
        moment: Moment,
        history: HistoryView,
        *,
        ended: Reason | None = None,
        non_finite: NonFinite | None = None,
    ) -> Evidence:
        """Give everything that is known at a Moment.

        Parameters
        ----------
        moment : Moment
            One step; of the whole network. It is judged by the experiment that made it.
        history : HistoryView
            Of the run, up to this step or a little later.
        ended : str or None
            Why the run is over; None while it goes on.
        non_finite : NonFinite or None
            From `failure`, where it broke down.
        """
        experiment, data = _without(moment.experiment), self._data
        inputs, begun = self.inputs(), _first_step(history)
        self._between()
        found = Evidence(
            step=moment.step,
            experiment=experiment,
            task=data.task,
            inputs=inputs,
            start=self._start_facts,
            first_arithmetic=self._first,
            course=course_facts(
                experiment,
                history,
                first_step=begun,
                ended=ended,
                training=inputs.training,
            ),
            history=history,
            non_finite=non_finite,
        )
        if not np.isfinite(moment.before).all():
            return found
        stated, network = self._stated, self._stated.network
        own_loss = stated.state(moment)
        lit = lit_inputs(network, moment.inputs)
        self._between()
        checked = arithmetic(
            stated,
            moment,
            own_loss=own_loss,
            data=data,
            rounded=self._in_precision(moment),
        )
        self._between()
        probe = passes(experiment.network, network.layout, network.vector, self._probe.inputs)
        self._between()
        layers = self._layers(moment, experiment, probe=probe, lit=lit, known=checked is not None)
        if not self._start_facts:
            self._first = checked if moment.step == begun else None
            self._start_facts = layers if moment.step == 0 else self._at_start(moment, experiment)
        return replace(
            found,
            start=self._start_facts,
            layers=layers,
            arithmetic=checked,
            first_arithmetic=self._first,
            outputs=output_facts(
                network,
                moment,
                data=data,
                probe=self._probe,
                # what is normalized over a batch is evaluated in another way
                sums=None if network.follows else probe[-1].sums,
                told=self._told,
                expected_loss=self._expected,
            ),
        )

    @np.errstate(all="ignore")
    def without_moment(self) -> Evidence:
        """Give what is known of a run of which no step of the whole network was seen."""
        return Evidence(
            step=0, experiment=self._experiment, task=self._data.task, inputs=self.inputs()
        )

    def failure(self, moment: Moment) -> NonFinite:
        """Give what was not finite first in a step that could not be made."""
        same = self._in_precision(moment) or self._stated
        return non_finite_in(same, moment)

    def _in_precision(self, moment: Moment) -> Stated | None:
        """Give a network in the precision of the run, where that is not double."""
        if moment.before.dtype == np.float64:
            return None
        if self._rounded is None:
            self._rounded = Stated(self._experiment, self._data, precision=str(moment.before.dtype))
        return self._rounded

    def _layers(
        self,
        moment: Moment,
        experiment: Experiment,
        *,
        probe: tuple[Pass, ...],
        lit: tuple[Mask, ...],
        known: bool,
    ) -> tuple[LayerFacts, ...]:
        network = self._stated.network
        made = np.isfinite(moment.after).all()
        vectors = Vectors(
            before=network.vector,
            gradient=moment.gradient.astype(np.float64),
            after=moment.after.astype(np.float64) if made else None,
            start=self._start,
            stated=network.gradient if known else None,
        )
        return layer_facts(experiment.network, network.layout, vectors, probe=probe, lit=lit)

    def _at_start(self, moment: Moment, experiment: Experiment) -> tuple[LayerFacts, ...]:
        """Give the layers before the first step, which nobody saw: by the batch of a later one."""
        network, spec = self._stated.network, experiment.network
        now, gradient = network.vector.copy(), network.gradient.copy()
        network.vector[:] = self._start
        network.loss_and_gradient(*self._stated.batch(moment))
        vectors = Vectors(
            before=network.vector, gradient=network.gradient.copy(), start=self._start
        )
        found = layer_facts(
            spec,
            network.layout,
            vectors,
            probe=passes(spec, network.layout, network.vector, self._probe.inputs),
            lit=lit_inputs(network, moment.inputs),
        )
        network.vector[:], network.gradient[:] = now, gradient
        return found

    def _of_inputs(self) -> InputFacts:
        data, parts = self._data, self._data.split
        facts = input_facts(self._experiment, data, seams=self._seams)
        self._between()
        training = spread_over(parts.training, MOST_TRAINING)
        held_out = spread_over(parts.validation, MOST_HELD_OUT)
        known = reference(
            scaled(data, training),
            data.targets[training],
            scaled(data, held_out),
            data.targets[held_out],
            classes=data.labels is not None,
        )
        if known is None:
            return facts
        return replace(facts, neighbour_gain=known.gain, neighbour_score=known.score)

    def _of_undecided(self) -> float | None:
        """Give the first loss of an undecided network, with what the initial weights cost.

        None where layers are pretrained: then the whole network knows something when it begins.
        """
        if not isinstance(self._experiment.pretraining, NoPretraining):
            return None
        targets = self._data.targets[spread_over(self._data.split.training, 10_000)]
        expected = expected_first_loss(self._experiment, self._data.facts, targets)
        return None if expected is None else expected + self._stated.network.penalty()


def asks_the_same(
    one: tuple[Experiment, Seams], other: tuple[Experiment, Seams], data: PreparedData
) -> bool:
    """Tell whether two runs on the same `data` have the same facts of them."""
    (mine, my_seams), (theirs, their_seams) = one, other
    return (
        mine.loss == theirs.loss
        and mine.network.output.activation == theirs.network.output.activation
        and (
            my_seams.held_out_scaling is their_seams.held_out_scaling
            or not len(data.split.validation)
        )
    )


def _first_step(history: HistoryView) -> int:
    """Give how many steps had trained something else before the whole network."""
    return max((step for step, name in history.stages if name == WHOLE), default=0)


def _without(experiment: Experiment) -> Experiment:
    return replace(experiment, faults=()) if experiment.faults else experiment
