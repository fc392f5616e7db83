"""Inside: every stop of a pass through a network of its own, with a copy of any vector.

One thread at a time uses it. All that it gives are copies, made by the engine's own functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.faults import seams_of
from nnstudio.nn.activations import Activation
from nnstudio.nn.heads import FusedHead
from nnstudio.nn.layers import Activated, Row
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import Network, build
from nnstudio.runs.replica import Replica
from nnstudio.runs.run import Blueprint, ends_of
from nnstudio.seams import TRUE, Seams, parts_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.snapshot import Vector
from nnstudio.training.streams import stream

Matrix = NDArray[np.floating[Any]]

PROBE_ROWS: Final = 500
"""So many samples show how the units of a layer behave."""


@dataclass(frozen=True, eq=False)
class LayerValues:
    """What one layer made of a batch.

    Attributes
    ----------
    inputs : ndarray, shape (B, D)
        What it was given.
    sums : ndarray, shape (B, H)
        Weighted sums with the bias.
    normalized : ndarray, shape (B, H), or None
        The sums behind a normalization; None without one.
    outputs : ndarray, shape (B, H)
        What the activation made of them.
    dropped : ndarray, shape (B, H), or None
        The outputs behind a dropout that is on; None where nothing is left out.
    """

    inputs: Matrix
    sums: Matrix
    normalized: Matrix | None
    outputs: Matrix
    dropped: Matrix | None = None

    @property
    def signals(self) -> Matrix:
        """What the activation was given."""
        return self.sums if self.normalized is None else self.normalized


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """Derivatives of the loss of a batch by what one layer has.

    Attributes
    ----------
    outputs : ndarray, shape (B, H), or None
        By the outputs of the activation; None where activation and loss are one function.
    signals, sums : ndarray, shape (B, H)
        By what the activation was given, and by the weighted sums; the same without normalization.
    inputs : ndarray, shape (B, D), or None
        By the inputs; None for the first layer, of which nobody asks it.
    """

    outputs: Matrix | None
    signals: Matrix
    sums: Matrix
    inputs: Matrix | None


@dataclass(frozen=True, eq=False)
class OneStep:
    """One step of training, stop by stop; nothing of it changes the network.

    Attributes
    ----------
    loss : float
        Of the batch, with what the weights cost.
    penalty : float
        What the weights cost.
    targets : ndarray, shape (B, C)
        As they are encoded.
    layers, gradients : tuple
        Of every layer, the output layer last.
    arrays, slopes, updates : mapping of str to ndarray
        By the names of the layout: parameters before the step, the gradient before it is clipped,
        and by how much the step changes them.
    rate : float
        Learning rate of the step.
    """

    loss: float
    penalty: float
    targets: Matrix
    layers: tuple[LayerValues, ...]
    gradients: tuple[LayerGradients, ...]
    arrays: Mapping[str, Matrix]
    slopes: Mapping[str, Matrix]
    updates: Mapping[str, Matrix]
    rate: float


class Inside(Replica):
    """A network that shows what happens within.

    Parameters
    ----------
    blueprint : Blueprint
        Of the run or model whose vectors are shown.
    experiment : Experiment or None
        How the run trains: its loss and optimizer. Without it there is no `step`.
    seams : Seams
        What the run is made of, below the classic mistakes of the experiment.
    """

    def __init__(
        self, blueprint: Blueprint, experiment: Experiment | None = None, *, seams: Seams = TRUE
    ) -> None:
        super().__init__(blueprint)
        self.experiment = experiment
        self._seams = seams if experiment is None else seams_of(experiment.faults, seams)

    def release(self) -> None:
        """Let another thread use it from now on."""
        if self._network is not None:
            self._network.release()

    def layers(self, inputs: NDArray[Any]) -> tuple[LayerValues, ...]:
        """Give what every layer makes of raw inputs (B, D) or one picture, as in evaluation.

        Raises
        ------
        RuntimeError
            When no vector has been shown.
        """
        network = self._shown()
        scaled = self._scaled(inputs)
        with np.errstate(all="ignore"):
            network.predict(scaled)
        return _values_of(network, scaled, training=False)

    def slopes(self, layer: int, values: LayerValues) -> Matrix | None:
        """Give the derivative (B, H) of the activation of a layer where it stands.

        None where the activation looks at all units of a sample at once.
        """
        network = self._shown()
        signals = values.signals
        if network.spec.rows[layer].activation.kind == "softmax":
            return None
        found = np.empty_like(signals)
        with np.errstate(all="ignore"):
            network.parts.layers[layer].activation_gradient(
                np.ones_like(signals), signals, values.outputs, found
            )
        return found

    def gradient(self, inputs: NDArray[Any], targets: Matrix) -> Vector:
        """Give the derivative (P,) of the loss of raw samples and encoded targets, as in `step`.

        Raises
        ------
        RuntimeError
            When no vector or no experiment is known.
        """
        network = self._shown()
        with np.errstate(all="ignore"):
            self._pass(network, self._scaled(inputs), np.asarray(targets, network.dtype))
        return network.gradient.copy()

    def _pass(self, network: Network, inputs: Matrix, targets: Matrix) -> float:
        """Go to the loss and back; what is left out and what an earlier pass left is the same."""
        if self.experiment is None:
            raise RuntimeError("without an experiment there is no loss")
        if network.is_random:
            network.draw_from(stream(self.experiment.seed, "one step"))
        # what an earlier call left is no step of the run
        network.gradient.fill(0)
        return self._seams.gradient(network, inputs, targets)

    def step(self, inputs: NDArray[Any], targets: Matrix, *, rate: float) -> OneStep:
        """Give the step that training would make with these samples as a batch, stop by stop.

        The optimizer begins with an empty memory: what it remembers of earlier steps is not in a
        vector. What dropout leaves out is drawn anew, the same at every call.

        Parameters
        ----------
        inputs : ndarray, shape (B, D)
            Raw.
        targets : ndarray, shape (B, C)
            Encoded.
        rate : float
            Learning rate.

        Raises
        ------
        RuntimeError
            When no vector or no experiment is known.
        """
        network, experiment = self._shown(), self.experiment
        if experiment is None:
            raise RuntimeError("without an experiment there is no step")
        scaled, wanted = self._scaled(inputs), np.asarray(targets, network.dtype)
        before = network.vector.copy()
        with np.errstate(all="ignore"):
            loss = self._pass(network, scaled, wanted)
            layers = _values_of(network, scaled, training=True)
            gradients = _gradients_of(network)
            slopes = network.gradient.copy()
            updates = self._update(network, experiment, before, rate)
        views = network.layout.views
        return OneStep(
            loss=loss,
            penalty=network.penalty(),
            targets=wanted.copy(),
            layers=layers,
            gradients=gradients,
            arrays=views(before),
            slopes=views(slopes),
            updates=views(updates),
            rate=rate,
        )

    def _update(
        self, network: Network, experiment: Experiment, before: Vector, rate: float
    ) -> Vector:
        """Give by how much the step changes the parameters, and take it back."""
        count, optimizer = network.layout.parameters, experiment.optimizer
        bounded = any(row.constraint.kind != "none" for row in network.spec.rows)
        # the difference of two numbers in single precision has lost most digits of a small step
        dtype = network.dtype if bounded else np.dtype(np.float64)
        after = network.parameters if bounded else before[:count].astype(dtype)
        gradient = network.gradient.astype(dtype)
        experiment.clipping.clip(gradient, network.layout)
        state = optimizer.init(count, dtype)
        optimizer.settle(state)
        self._seams.apply(network.layout)(optimizer, after, gradient, state, rate)
        network.project()
        made = np.subtract(after, before[:count])
        network.vector[:] = before
        return np.asarray(made)

    def _build(self, dtype: np.dtype[Any]) -> Network:
        inputs, outputs = ends_of(self.blueprint.layout)
        spec, known = self.blueprint.network, self.experiment
        # without an experiment nobody asks for a loss; this one goes with every output
        loss = MeanSquaredError() if known is None else known.loss
        parts = parts_of(spec, loss, seams=self._seams)
        return build(spec, inputs=inputs, outputs=outputs, loss=loss, dtype=dtype, parts=parts)


def reach_of(activation: Activation, outputs: Matrix) -> float:
    """Give how large outputs can be: what an activation allows, else the largest there is; not 0.

    Examples
    --------
    >>> from nnstudio.nn.activations import Relu, Sigmoid
    >>> reach_of(Sigmoid(), np.array([0.001])), reach_of(Relu(), np.array([0.5, 3.0]))
    (1.0, 3.0)
    """
    bounds = max(abs(float(activation.lowest)), abs(float(activation.highest)))
    if np.isfinite(bounds):
        return bounds
    return float(np.abs(outputs[np.isfinite(outputs)]).max(initial=0.0)) or 1.0


def probe_rows(data: PreparedData, most: int = PROBE_ROWS) -> Rows:
    """Give the rows that show how units behave: the first of validation, else of training."""
    split = data.split
    return (split.validation if len(split.validation) else split.training)[:most]


def _values_of(network: Network, inputs: Matrix, *, training: bool) -> tuple[LayerValues, ...]:
    found = []
    for row in network.rows:
        made = _of_row(row, inputs, training=training)
        found.append(made)
        inputs = made.outputs if made.dropped is None else made.dropped
    found.append(LayerValues(inputs, network.last.Z.copy(), None, network.head.A.copy()))
    return tuple(found)


def _of_row(row: Row, inputs: Matrix, *, training: bool) -> LayerValues:
    place = _place_of_activation(row)
    before, behind = row.steps[:place], row.steps[place + 1 :]
    return LayerValues(
        inputs=np.array(inputs),
        sums=row.dense.Z.copy(),
        normalized=before[-1].A.copy() if before else None,
        outputs=row.steps[place].A.copy(),
        dropped=behind[-1].A.copy() if behind and training else None,
    )


def _gradients_of(network: Network) -> tuple[LayerGradients, ...]:
    head, above = network.head, network.last.dX
    found = [
        LayerGradients(
            outputs=None if isinstance(head, FusedHead) else head.dA.copy(),
            signals=head.dZ.copy(),
            sums=head.dZ.copy(),
            inputs=above.copy() if network.rows else None,
        )
    ]
    for number, row in reversed(list(enumerate(network.rows))):
        place = _place_of_activation(row)
        behind = row.steps[place + 1 :]
        found.append(
            LayerGradients(
                outputs=(behind[0].dZ if behind else above).copy(),
                signals=row.steps[place].dZ.copy(),
                sums=row.steps[0].dZ.copy(),
                inputs=row.dense.dX.copy() if number else None,
            )
        )
        above = row.dense.dX
    return tuple(reversed(found))


def _place_of_activation(row: Row) -> int:
    return next(at for at, step in enumerate(row.steps) if isinstance(step, Activated))
