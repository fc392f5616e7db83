"""All stops of one step in the order in which they are computed, from the inputs to the updates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.one_step.backward import add_backward, add_updates
from nnstudio.gui.views.one_step.forward import add_forward
from nnstudio.gui.views.one_step.stop import Maker, Stop
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.inside import OneStep
from nnstudio.training.experiment import Experiment

Matrix = NDArray[np.floating[Any]]


def stops_of(
    step: OneStep,
    *,
    experiment: Experiment,
    spec: NetworkSpec,
    names: tuple[str, ...],
    picture: tuple[int, int] | None,
    slopes: tuple[Matrix | None, ...],
) -> tuple[Stop, ...]:
    """Give every stop of a step.

    `names` are those of the outputs, `picture` the shape of the inputs, `slopes` the derivative
    of every activation where it stands.
    """
    maker = Maker(step, spec, experiment, names, picture, slopes)
    add_forward(maker)
    add_backward(maker)
    add_updates(maker)
    return tuple(maker.stops)
