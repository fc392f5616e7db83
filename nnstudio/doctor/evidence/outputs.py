"""What an untouched network with the run's weights answers to the probe batch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.facts import OutputFacts
from nnstudio.doctor.evidence.probe import Probe
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.nn.network import Network
from nnstudio.nn.parts import Parts, head_of
from nnstudio.training.metrics import confusion
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData

Array = NDArray[Any]


def output_facts(
    network: Network,
    moment: Moment,
    *,
    data: PreparedData,
    probe: Probe,
    sums: Array | None,
    told: Probe,
    expected_loss: float | None,
) -> OutputFacts:
    """Give the facts; `network`, untouched and in float64, holds the parameters before the step.

    Parameters
    ----------
    network : Network
        Its buffers are overwritten.
    moment : Moment
        Says what the run told of the samples `told`.
    data : PreparedData
        Of the run.
    probe, told : Probe
        Samples to answer, and those that the run was asked about.
    sums : ndarray, shape (n, C), or None
        What the output layer was given for the probe, in evaluation; None where it is not known.
    expected_loss : float or None
        Of an undecided network.
    """
    if sums is None:
        loss, outputs = mean_loss(network, probe), network.output
    else:
        loss, outputs = _answers(network, sums, probe)
    tally = data.tally(probe.rows, network.spec.output.activation)
    tally.add(outputs, probe.targets, probe.rows)
    share = answers = None
    if data.labels is not None:
        chosen = outputs.argmax(axis=1)
        counts = np.bincount(chosen, minlength=data.outputs)
        share = float(counts.max()) / len(chosen)
        answers = confusion(data.labels[probe.rows], chosen, data.outputs)
    return OutputFacts(
        loss=loss,
        score=tally.score,
        expected_loss=expected_loss,
        spread=float(outputs.std(axis=0).mean()),
        largest_share=share,
        answers=answers,
        clipped=_clipped(network, outputs, probe.targets),
        told=moment.told,
        told_own=None if moment.told is None else mean_loss(network, told),
    )


def mean_loss(network: Network, probe: Probe) -> float:
    """Give the loss per sample in evaluation, with penalties, as a validation has it."""
    return _per_sample(network, network.data_loss(probe.inputs, probe.targets), probe)


def _answers(network: Network, sums: Array, probe: Probe) -> tuple[float, Array]:
    """Give the same, and the outputs, by a head of its own: the way there has been gone before."""
    spec, loss = network.spec, network.loss_spec
    head = head_of(
        spec.output, loss, Parts.of(spec.rows, loss), C=network.outputs, dtype=network.dtype
    )
    head.reserve(len(sums))
    head.resize(len(sums))
    return _per_sample(network, head.loss_and_gradient(sums, probe.targets), probe), head.A


def _per_sample(network: Network, value: float, probe: Probe) -> float:
    if network.loss_spec.over_batch == "sum":
        value /= len(probe.rows)
    return value + network.penalty()


def _clipped(network: Network, outputs: Array, targets: Array) -> float | None:
    loss = network.loss_spec
    if not isinstance(loss, CrossEntropy | BinaryCrossEntropy) or loss.clip == 0:
        return None
    if isinstance(loss, CrossEntropy) and loss.normalized:
        total = np.maximum(outputs.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        outputs = outputs / total
    beyond = (targets > 0) & (outputs < loss.clip)
    if isinstance(loss, BinaryCrossEntropy):
        beyond |= (targets < 1) & (outputs > 1.0 - loss.clip)
    return float(beyond.any(axis=1).mean())
