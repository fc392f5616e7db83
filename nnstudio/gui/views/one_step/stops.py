"""All stops of one step in the order in which they are computed, from the inputs to the updates."""

from nnstudio.gui.views.one_step.backward import add_backward
from nnstudio.gui.views.one_step.forward import add_forward
from nnstudio.gui.views.one_step.stop import Maker, Stop
from nnstudio.gui.views.one_step.updating import add_updates
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.inside import OneStep
from nnstudio.training.experiment import Experiment


def stops_of(
    step: OneStep,
    *,
    experiment: Experiment,
    spec: NetworkSpec,
    names: tuple[str, ...],
    picture: tuple[int, int] | None,
) -> tuple[Stop, ...]:
    """Give every stop of a step.

    `names` are those of the outputs, `picture` the shape of the inputs.
    """
    maker = Maker(step, spec, experiment, names, picture)
    add_forward(maker)
    add_backward(maker)
    add_updates(maker)
    return tuple(maker.stops)
