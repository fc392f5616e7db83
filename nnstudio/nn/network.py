"""NetworkSpec and Parts make a Network: forward, backward, predict.

A network owns one flat vector and the buffers of one batch, and one thread at a time uses it.
Nothing is allocated while batches are of one size, but where an activation or a loss says so.
"""

from collections.abc import Callable
from threading import get_ident
from typing import Annotated, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from nnstudio.nn.dropout import Dropped
from nnstudio.nn.layers import Activated, Dense, HiddenLayer, OutputLayer, Row
from nnstudio.nn.losses import Loss
from nnstudio.nn.normalization import BatchNormalized
from nnstudio.nn.parameters import Layout, Matrix, Shape
from nnstudio.nn.parts import Parts, head_of
from nnstudio.spec import Field, spec


@spec(title="Network")
class NetworkSpec:
    """Layers from the inputs to the outputs; both ends have the sizes of the data."""

    layers: Annotated[
        tuple[HiddenLayer, ...],
        Field(max_length=50, title="Hidden layers", description="From the inputs to the outputs."),
    ] = (HiddenLayer(),)
    output: OutputLayer = OutputLayer()

    @property
    def rows(self) -> tuple[HiddenLayer | OutputLayer, ...]:
        """All layers, the output layer last."""
        return (*self.layers, self.output)


def layout_of(spec: NetworkSpec, *, inputs: int, outputs: int) -> Layout:
    """Give the layout of a network between `inputs` and `outputs`.

    Examples
    --------
    >>> layout = layout_of(NetworkSpec(), inputs=784, outputs=10)
    >>> [slot.name for slot in layout.slots], layout.parameters
    (['layers.0.W', 'layers.0.b', 'layers.1.W', 'layers.1.b'], 203530)
    """
    arrays: dict[str, Shape] = {}
    buffers: dict[str, Shape] = {}
    D = inputs
    for number, row in enumerate(spec.rows):
        H = row.units if isinstance(row, HiddenLayer) else outputs
        arrays[f"layers.{number}.W"] = (D, H)
        if row.bias:
            arrays[f"layers.{number}.b"] = (H,)
        if isinstance(row, HiddenLayer):
            for name in row.normalization.parameters:
                arrays[f"layers.{number}.{name}"] = (H,)
            for name in row.normalization.buffers:
                buffers[f"layers.{number}.{name}"] = (H,)
        D = H
    return Layout.of(layers=len(spec.rows), parameters=arrays, buffers=buffers)


class Network:
    """A network with its parameters, its gradient and the buffers of one batch.

    Made by `build`. Results are views of the buffers and hold until the next call.

    Attributes
    ----------
    spec : NetworkSpec
        What it was built from, with `inputs`, `outputs`, `loss_spec`, `parts` and `dtype`.
    layout : Layout
        What lies where in `vector`.
    vector : ndarray, shape (size,)
        Parameters, then buffers.
    parameters : ndarray, shape (parameters,)
        View of the parameters in `vector`: what an optimizer works on.
    gradient : ndarray, shape (parameters,)
        Derivative of the loss of the last batch.
    rows, last, head : hidden layers, weighted sums of the output layer, and what follows them
        With their buffers, for who looks inside after a call.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        *,
        inputs: int,
        outputs: int,
        loss: Loss,
        dtype: DTypeLike,
        parts: Parts,
    ) -> None:
        self.spec, self.loss_spec, self.parts = spec, loss, parts
        self.inputs, self.outputs, self.dtype = inputs, outputs, np.dtype(dtype)
        self.layout = layout_of(spec, inputs=inputs, outputs=outputs)
        self.vector = np.zeros(self.layout.size, self.dtype)
        self.parameters = self.vector[: self.layout.parameters]
        self.gradient = np.zeros(self.layout.parameters, self.dtype)
        arrays, gradients = self.layout.views(self.vector), self.layout.views(self.gradient)
        mine = [_of_layer(arrays, number) for number in range(len(spec.rows))]
        theirs = [_of_layer(gradients, number) for number in range(len(spec.rows))]
        dense = [
            Dense(mine[number], theirs[number], parts=one, first=number == 0)
            for number, one in enumerate(parts.layers)
        ]
        self.rows = [
            Row(
                dense[number],
                *row.normalization.steps(mine[number], theirs[number]),
                Activated(row.units, self.dtype, parts=parts.layers[number]),
                *row.dropout.steps(row.units, self.dtype),
            )
            for number, row in enumerate(spec.layers)
        ]
        steps = [step for row in self.rows for step in row.steps]
        self._random = tuple(step for step in steps if isinstance(step, Dropped))
        self._running = tuple(step for step in steps if isinstance(step, BatchNormalized))
        self._penalties = tuple(
            one
            for row, below in zip(spec.rows, dense, strict=True)
            for one in row.penalty.of(below.W, below.dW)
        )
        self._constraints = tuple(
            one
            for row, below in zip(spec.rows, dense, strict=True)
            for one in row.constraint.of(below.W)
        )
        self.last = dense[-1]
        self.head = head_of(spec.output, loss, parts, C=outputs, dtype=self.dtype)
        self._pieces: tuple[Row | Dense | Activated, ...] = (*self.rows, self.last, self.head)
        self._capacity = 0
        self._thread: int | None = None
        self._X_shape, self._Y_shape = (-1, inputs), (-1, outputs)

    @property
    def output(self) -> Matrix:
        """Outputs for the last batch, shape (B, C)."""
        return self.head.A

    @property
    def is_random(self) -> bool:
        """Whether anything is drawn while it trains."""
        return bool(self._random)

    @property
    def follows(self) -> bool:
        """Whether `follow` does anything."""
        return bool(self._running)

    @property
    def constrained(self) -> bool:
        """Whether `project` does anything."""
        return bool(self._constraints)

    def adopt(self, spec: NetworkSpec) -> None:
        """Follow `spec` in how much is left out, what weights cost and how long they may be.

        Raises
        ------
        ValueError
            When it has other layers, or other kinds of these.
        """
        if layout_of(spec, inputs=self.inputs, outputs=self.outputs) != self.layout:
            raise ValueError("a network cannot become one of other layers")
        settings = (
            *(row.dropout for row in spec.layers),
            *(row.penalty for row in spec.rows),
            *(row.constraint for row in spec.rows),
        )
        chosen = [one for one in settings if one.kind != "none"]
        followers: tuple[Any, ...] = (*self._random, *self._penalties, *self._constraints)
        for follower, setting in zip(followers, chosen, strict=True):
            follower.adopt(setting)
        self.spec = spec

    def initialize(self, generator_of: Callable[[str], Generator]) -> None:
        """Set every parameter and buffer to its value before the first step.

        Parameters
        ----------
        generator_of : callable
            Gives the Generator for the name of a slot, so that one array's numbers do not depend
            on another's shape.
        """
        views = self.layout.views(self.vector)
        D = self.inputs
        for number, row in enumerate(self.spec.rows):
            H = views[f"layers.{number}.W"].shape[1]
            for letter, initializer in (("W", row.weights), ("b", row.biases)):
                name = f"layers.{number}.{letter}"
                if name in views:
                    array = views[name]
                    array[...] = initializer.draw(
                        generator_of(name), array.shape, fan_in=D, fan_out=H, dtype=self.dtype
                    )
            D = H
            if isinstance(row, HiddenLayer):
                known = {**row.normalization.parameters, **row.normalization.buffers}
                for letter, value in known.items():
                    views[f"layers.{number}.{letter}"].fill(value)

    def draw_from(self, generator: Generator) -> None:
        """Let the next `loss_and_gradient` take from `generator` what it leaves out."""
        for step in self._random:
            step.draw_from(generator)

    def loss_and_gradient(self, X: Matrix, Y: Matrix) -> float:
        """Give the loss of a batch in training and fill `gradient` with its derivative.

        Parameters
        ----------
        X : ndarray, shape (B, D)
            Inputs, in the precision of the network.
        Y : ndarray, shape (B, C)
            Targets, in the precision of the network.

        Returns
        -------
        float
            Loss of the data and penalties.

        Raises
        ------
        ValueError
            When a shape or a precision does not fit.
        RuntimeError
            When the network is random and has no generator.
        """
        if X.shape != self._X_shape or Y.shape != self._Y_shape:
            self._fit(X, Y)
        for dropped in self._random:
            dropped.draw()
        A = X
        for row in self.rows:
            A = row.forward_training(A)
        head = self.head
        value = head.loss_and_gradient(self.last.forward(A), Y)
        dA = self.last.backward(head.dA, head.dZ)
        for row in reversed(self.rows):
            dA = row.backward(dA)
        for penalty in self._penalties:
            value += penalty.add_gradient()
        return value

    def follow(self) -> None:
        """Let running statistics follow those of the last `loss_and_gradient`, in place.

        For a step that is made: a loss that is not finite must leave no trace in the buffers.
        """
        for normalized in self._running:
            normalized.follow()

    def training_loss(self, X: Matrix, Y: Matrix) -> float:
        """Give the value that `loss_and_gradient` gives with what was left out the last time.

        Neither gradient nor buffers are touched; arguments as there.

        Raises
        ------
        ValueError
            When a shape or a precision does not fit.
        RuntimeError
            When the network is random and nothing was drawn for a batch of this size.
        """
        self._fit(X, Y)
        A = X
        for row in self.rows:
            A = row.forward_training(A)
        return self.head.loss_and_gradient(self.last.forward(A), Y) + self.penalty()

    def loss(self, X: Matrix, Y: Matrix) -> float:
        """Give the loss of a batch in evaluation, with penalties; arguments as in `data_loss`."""
        return self.data_loss(X, Y) + self.penalty()

    def data_loss(self, X: Matrix, Y: Matrix) -> float:
        """Give the loss of a batch in evaluation, without penalties and without a gradient.

        Parameters
        ----------
        X, Y : ndarray, shape (B, D) and (B, C)
            As in `loss_and_gradient`.

        Raises
        ------
        ValueError
            When a shape or a precision does not fit.
        """
        self._fit(X, Y)
        return self.head.loss_and_gradient(self._sums(X), Y)

    def penalty(self) -> float:
        """Give what the weights of all layers cost just now."""
        return sum((one.value() for one in self._penalties), 0.0)

    def project(self) -> None:
        """Bring the weights back to where the constraints allow them, in place."""
        for constraint in self._constraints:
            constraint.project()

    def predict(self, X: Matrix) -> Matrix:
        """Give the outputs for `X` (B, D), shape (B, C); a view that the next call overwrites."""
        self._fit(X)
        return self.head.forward(self._sums(X))

    def activations(self, X: Matrix) -> tuple[Matrix, ...]:
        """Give the outputs of every layer for `X` (B, D), each (B, H); views as in `predict`."""
        self._fit(X)
        found = []
        A = X
        for row in self.rows:
            A = row.forward(A)
            found.append(A)
        return (*found, self.head.forward(self.last.forward(A)))

    def release(self) -> None:
        """Let another thread use the network from now on."""
        self._thread = None

    def _sums(self, X: Matrix) -> Matrix:
        A = X
        for row in self.rows:
            A = row.forward(A)
        return self.last.forward(A)

    def _fit(self, X: Matrix, Y: Matrix | None = None) -> None:
        self._check_thread()
        if X.ndim != 2 or X.shape[1] != self.inputs:
            raise ValueError(f"inputs of shape {X.shape} do not fit (B, {self.inputs})")
        B = X.shape[0]
        if Y is not None and Y.shape != (B, self.outputs):
            raise ValueError(f"targets of shape {Y.shape} do not fit ({B}, {self.outputs})")
        if Y is not None and B == 0:
            raise ValueError("a batch of no samples has no loss")
        for array in (X,) if Y is None else (X, Y):
            if array.dtype != self.dtype:
                raise ValueError(f"numbers of {array.dtype} do not fit a network of {self.dtype}")
        if self._capacity < B:
            for piece in self._pieces:
                piece.reserve(B)
            self._capacity = B
        if self._X_shape[0] != B:
            for piece in self._pieces:
                piece.resize(B)
            self._X_shape, self._Y_shape = (B, self.inputs), (B or -1, self.outputs)

    def _check_thread(self) -> None:
        here = get_ident()
        if self._thread is None:
            self._thread = here
        if self._thread != here:
            raise RuntimeError(
                f"the buffers of a network belong to thread {self._thread}, not to {here};"
                " call release() before another thread goes on"
            )


def _of_layer(views: dict[str, Matrix], number: int) -> dict[str, Matrix]:
    prefix = f"layers.{number}."
    return {
        name.removeprefix(prefix): view for name, view in views.items() if name.startswith(prefix)
    }


def build(
    spec: NetworkSpec,
    *,
    inputs: int,
    outputs: int,
    loss: Loss,
    dtype: DTypeLike,
    parts: Parts | None = None,
) -> Network:
    """Make a network of zeros between `inputs` and `outputs`.

    Parameters
    ----------
    spec : NetworkSpec
        Its layers.
    inputs, outputs : int
        Sizes of both ends, as the data have them.
    loss : Loss
        What `loss_and_gradient` gives.
    dtype : dtype
        Precision of everything in it.
    parts : Parts, optional
        The functions it is made of; by default the true ones.

    Raises
    ------
    ValueError
        When `parts` belong to another number of layers.
    """
    chosen = parts or Parts.of(spec.rows, loss)
    if len(chosen.layers) != len(spec.rows):
        raise ValueError(f"parts of {len(chosen.layers)} layers do not fit {len(spec.rows)} layers")
    return Network(spec, inputs=inputs, outputs=outputs, loss=loss, dtype=dtype, parts=chosen)
