"""What every layer does with the probe batch, by the engine's own functions on a copy of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.facts import LayerFacts
from nnstudio.nn.activations import (
    Activation,
    Elu,
    Gelu,
    GeluTanh,
    LeakyRelu,
    Relu,
    Selu,
    Silu,
    Softmax,
    Softplus,
)
from nnstudio.nn.layers import Activated, HiddenLayer, OutputLayer
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.parameters import Layout

Array = NDArray[Any]
Mask = NDArray[np.bool_]

FLAT: Final = 0.05
"""Share of the steepest slope under which a unit counts as saturated."""
NO_SLOPE: Final = 1e-7
"""Share of it under which there is none (SageMaker Debugger's limits give this slope)."""
TWIN: Final = 1e-8
_ROUNDING: Final = 1e-15
_HE: Final = (Relu, LeakyRelu, Elu, Gelu, GeluTanh, Silu, Softplus)
_SUMS: Final = np.concatenate([np.linspace(-30.0, 30.0, 2401), [-1e-9, 1e-9]])[None, :]


@dataclass(frozen=True, eq=False)
class Pass:
    """One layer's inputs (B, D), sums as the activation gets them, and outputs (B, H)."""

    inputs: Array
    sums: Array
    outputs: Array


@dataclass(frozen=True, eq=False)
class Vectors:
    """What is known of a step, all in one precision; None is unknown.

    Attributes
    ----------
    before, after : ndarray, shape (P + buffers,)
        The vector before and after it.
    start : ndarray or None
        The vector before the first step of the run.
    gradient : ndarray, shape (P,)
        That the run applied.
    stated : ndarray, shape (P,), or None
        That of the stated loss, penalties in it.
    """

    before: Array
    gradient: Array
    after: Array | None = None
    start: Array | None = None
    stated: Array | None = None


def passes(spec: NetworkSpec, layout: Layout, vector: Array, X: Array) -> tuple[Pass, ...]:
    """Give what every layer makes of `X` (B, D), normalized over this batch, nothing left out.

    Parameters
    ----------
    spec : NetworkSpec
        The layers.
    layout : Layout
        Of `vector`.
    vector : ndarray, shape (P + buffers,)
        In the precision of `X`.
    X : ndarray, shape (B, D)
        Inputs.
    """
    views = layout.views(vector)
    found = []
    for number, row in enumerate(spec.rows):
        mine = _of_layer(views, number)
        Z = X @ mine["W"]
        if "b" in mine:
            Z += mine["b"]
        if isinstance(row, HiddenLayer):
            for step in row.normalization.steps(mine, mine):
                step.reserve(len(Z))
                step.resize(len(Z))
                Z = step.forward_training(Z)
        A = np.empty_like(Z)
        row.activation.forward(Z, A)
        found.append(Pass(X, Z, A))
        X = A
    return tuple(found)


def lit_inputs(network: Network, X: Array) -> tuple[Mask, ...]:
    """Give which inputs (D,) of every layer are not 0 everywhere in the last pass over `X`."""
    inputs = [X]
    for row in network.rows:
        # what dropout leaves out is not unlit
        inputs += [step.A for step in row.steps if isinstance(step, Activated)]
    return tuple((one != 0).any(axis=0) for one in inputs)


def layer_facts(
    spec: NetworkSpec,
    layout: Layout,
    vectors: Vectors,
    *,
    probe: tuple[Pass, ...],
    lit: tuple[Mask, ...],
) -> tuple[LayerFacts, ...]:
    """Give the facts of all layers.

    Parameters
    ----------
    spec : NetworkSpec
        The layers, with penalties as they are now.
    layout : Layout
        Of the vectors.
    vectors : Vectors
        The step.
    probe : tuple of Pass
        What the layers make of the probe batch.
    lit : tuple of ndarray of bool, shape (D,)
        Which inputs of every layer are not 0 in the whole batch of the step.
    """
    before, gradient = layout.views(vectors.before), layout.views(vectors.gradient)

    def weights_in(vector: Array | None, number: int) -> Array | None:
        return None if vector is None else layout.views(vector)[f"layers.{number}.W"]

    return tuple(
        _facts(
            number,
            row,
            before=_of_layer(before, number),
            gradient=gradient[f"layers.{number}.W"],
            after=weights_in(vectors.after, number),
            start=weights_in(vectors.start, number),
            stated=weights_in(vectors.stated, number),
            probe=probe[number],
            lit=lit[number],
        )
        for number, row in enumerate(spec.rows)
    )


def _facts(
    number: int,
    row: HiddenLayer | OutputLayer,
    *,
    before: Mapping[str, Array],
    gradient: Array,
    after: Array | None,
    start: Array | None,
    stated: Array | None,
    probe: Pass,
    lit: Mask,
) -> LayerFacts:
    W, b = before["W"], before.get("b")
    D, H = W.shape
    Z, A = probe.sums, probe.outputs
    slopes = slopes_of(row.activation, Z, A)
    steepest = steepest_of(row.activation)
    still = np.ptp(A, axis=0) == 0
    asleep = still if slopes is None else still | (slopes.max(axis=0) <= NO_SLOPE * steepest)
    seen = np.ptp(probe.inputs, axis=0) > 0
    bounded = np.isfinite(row.activation.lowest) and np.isfinite(row.activation.highest)
    return LayerFacts(
        number=number,
        fan_in=D,
        units=H,
        activation=row.activation.kind,
        sums_mean=float(Z.mean()),
        sums_spread=float(Z.std()),
        outputs_mean=float(A.mean()),
        outputs_spread=float(A.std()),
        slope=None if slopes is None else float(slopes.mean() / steepest),
        saturated=float((slopes < FLAT * steepest).mean())
        if slopes is not None and bounded
        else None,
        dead=float(asleep.mean()),
        off=float((A == 0).all(axis=0).mean()),
        twins=twins_of(W, b),
        weights_mean=float(W.mean()),
        weights_spread=float(W.std()),
        advised_spread=advised_spread(row.activation, D, H),
        weights_sum=float(np.abs(W).sum()),
        weights_norm=float(np.linalg.norm(W)),
        gradient_norm=float(np.linalg.norm(gradient)),
        zero_gradients=_zeros(gradient, lit),
        lit=float(seen.mean()),
        update_ratio=None if after is None else _ratio(after - W, W, seen),
        change=None if start is None else _relative(W - start, start),
        bias_mean=None if b is None else float(b.mean()),
        bias_spread=None if b is None else float(b.std()),
        penalty_ratio=None if stated is None else _penalty_ratio(row, W, stated),
    )


def slopes_of(activation: Activation, Z: Array, A: Array) -> Array | None:
    """Give ``|f'(Z)|``; None where the outputs of a sample depend on each other."""
    if isinstance(activation, Softmax):
        return None
    slopes = np.empty_like(Z)
    activation.backward(np.ones_like(Z), Z, A, slopes)
    return np.abs(slopes, out=slopes)


def steepest_of(activation: Activation) -> float:
    """Give the steepest slope of an activation, over sums from -30 to 30; 1 for softmax."""
    A = np.empty_like(_SUMS)
    activation.forward(_SUMS, A)
    slopes = slopes_of(activation, _SUMS, A)
    return 1.0 if slopes is None else float(slopes.max())


def advised_spread(activation: Activation, fan_in: int, units: int) -> float:
    """Give the standard deviation of weights that goes with an activation.

    ``sqrt(2 / fan_in)`` for ReLU and its kin (He et al. 2015), ``sqrt(1 / fan_in)`` for SELU
    (Klambauer et al. 2017), ``sqrt(2 / (fan_in + units))`` for the others (Glorot and Bengio 2010).
    """
    if isinstance(activation, Selu):
        return sqrt(1.0 / fan_in)
    return sqrt(2.0 / fan_in) if isinstance(activation, _HE) else sqrt(2.0 / (fan_in + units))


def twins_of(W: Array, b: Array | None) -> float:
    """Give the share of units with the incoming weights and bias of another, within `TWIN`."""
    columns = W if b is None else np.vstack([W, b])
    if columns.shape[1] < 2:
        return 0.0
    # equal columns have equal products with anything: only close neighbours need to be compared
    signs = np.random.default_rng(0).choice([-1.0, 1.0], len(columns))
    key = signs @ columns
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    room = TWIN * len(columns) + _ROUNDING * float(np.abs(ordered).max()) * len(columns)
    alike = np.diff(ordered) <= room
    for place in np.flatnonzero(alike):
        one, other = columns[:, order[place]], columns[:, order[place + 1]]
        alike[place] = (np.abs(one - other) <= TWIN).all()
    paired = np.zeros(columns.shape[1], np.bool_)
    paired[:-1] |= alike
    paired[1:] |= alike
    return float(paired.mean())


def _zeros(gradient: Array, lit: Mask) -> float:
    seen = gradient[lit] if lit.any() else gradient
    return float((seen == 0).mean())


def _ratio(update: Array, W: Array, lit: Mask) -> float | None:
    """Give mean abs(update) over mean abs(W), over lit inputs; None where all weights are 0."""
    rows = lit if lit.any() else np.ones_like(lit)
    size = float(np.abs(W[rows]).mean())
    return float(np.abs(update[rows]).mean()) / size if size > 0 else None


def _relative(difference: Array, start: Array) -> float | None:
    size = float(np.linalg.norm(start))
    return float(np.linalg.norm(difference)) / size if size > 0 else None


def _penalty_ratio(row: HiddenLayer | OutputLayer, W: Array, stated: Array) -> float | None:
    of_penalty = np.zeros_like(W, order="C")
    priced = row.penalty.of(np.ascontiguousarray(W), of_penalty)
    if not priced:
        return None
    for one in priced:
        one.add_gradient()
    of_data = float(np.linalg.norm(stated - of_penalty))
    return float(np.linalg.norm(of_penalty)) / of_data if of_data > 0 else None


def _of_layer(views: Mapping[str, Array], number: int) -> dict[str, Array]:
    prefix = f"layers.{number}."
    return {
        name.removeprefix(prefix): view for name, view in views.items() if name.startswith(prefix)
    }
