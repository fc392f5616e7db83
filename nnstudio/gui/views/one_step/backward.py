"""The stops on the way back: what every number owes to the loss.

Where a classic mistake is built into the experiment, its line stands here, as the run makes it.
"""

import numpy as np

from nnstudio.gui.views.one_step import lines, losing
from nnstudio.gui.views.one_step.forward import (
    first_softmax,
    kept_share,
    of_softmax,
    scaling_of,
    targets_of,
)
from nnstudio.gui.views.one_step.lines import Line, function_of, numbered
from nnstudio.gui.views.one_step.sloping import add_biases, add_weights
from nnstudio.gui.views.one_step.stop import (
    Behind,
    Maker,
    Matrix,
    Sum,
    few_terms,
    made_of,
    product_of,
    shape_of,
)
from nnstudio.nn.losses import BinaryCrossEntropy
from nnstudio.runs.inside import LayerGradients
from nnstudio.texts import mark


def add_backward(maker: Maker) -> None:
    """Add every stop of the backward pass, from the loss to the first layer."""
    for layer in range(maker.last, -1, -1):
        gradients = maker.step.gradients[layer]
        if layer < maker.last:
            _add_signals(maker, layer, gradients)
        elif gradients.outputs is None:
            _add_fused(maker, gradients)
        else:
            _add_error(maker, gradients.outputs)
            _add_signals(maker, layer, gradients)
        _add_normalized(maker, layer, gradients)
        add_weights(maker, layer, gradients)
        add_biases(maker, layer, gradients)
        if layer:
            _add_inputs(maker, layer, gradients)


def _factor(maker: Maker) -> tuple[float, float]:
    """Give by what the derivative of the loss is multiplied, and by what it should be."""
    loss, shape = maker.experiment.loss, maker.step.layers[-1].outputs.shape
    right = loss.factor(shape)
    if maker.has("loss-of-another-gradient"):
        right_or_other = 1 / shape[0] if loss.over_batch == "mean" else 1.0
    else:
        right_or_other = right
    forgets = maker.has("summed-gradient", "divided-by-inputs") and loss.over_batch == "mean"
    return right_or_other * (shape[0] if forgets else 1), right


def _add_error(maker: Maker, slopes: Matrix) -> None:
    """Add the derivative of the loss by the outputs."""
    loss, last = maker.experiment.loss, maker.step.layers[-1]
    outputs, wanted = last.outputs, targets_of(loss, maker.step.targets)
    factor, right = _factor(maker)
    y = losing.wanted_name(loss)
    true = losing.error_line(loss, factor=right)
    worked: Matrix
    if maker.has("loss-of-another-gradient"):
        # it takes targets as they are, whatever the loss makes of them
        wanted, y = maker.step.targets, "Y"
        line, worked = losing.difference_line(factor=factor), outputs - wanted
    elif maker.has("targets-not-clipped") and isinstance(loss, BinaryCrossEntropy):
        line = losing.unclipped_line(loss, factor=factor)
        worked = losing.unclipped(loss, outputs, wanted)
    else:
        line = losing.error_line(loss, factor=factor)
        with np.errstate(all="ignore"):
            worked = losing.errors(loss, outputs, wanted)

    def behind(row: int, unit: int) -> Sum:
        given = (
            (f"P[{unit}]", float(outputs[row, unit])),
            (f"{y}[{unit}]", float(wanted[row, unit])),
        )
        value = float(slopes[row, unit])
        return made_of(given, value, worked=float(worked[row, unit]) * factor)

    same = line.right == true.right
    maker.add(
        "da",
        true if same else Line(line.left, line.right),
        slopes,
        behind,
        phase="backward",
        told=mark("How the loss would change if an output changed: the error at the outputs."),
        names=maker.names,
        instead=None if same else true,
    )


def _add_fused(maker: Maker, gradients: LayerGradients) -> None:
    """Add the derivative by the sums where activation and loss are one function."""
    loss, last = maker.experiment.loss, maker.last
    outputs, wanted = maker.step.layers[-1].outputs, targets_of(loss, maker.step.targets)
    factor, y = loss.factor(outputs.shape), losing.wanted_name(loss)
    softmax = maker.spec.rows[last].activation.kind == "softmax"
    mass = wanted.sum(axis=1) if softmax else np.ones(len(wanted))
    other = not np.allclose(mass, 1)
    p = f"P Σ{y}" if other else "P"

    def behind(row: int, unit: int) -> Sum:
        terms = (
            (f"{p}[{unit}]", float(outputs[row, unit] * mass[row])),
            (f"−{y}[{unit}]", -float(wanted[row, unit])),
        )
        return few_terms(terms, ("c", factor), float(gradients.signals[row, unit]))

    maker.add(
        f"dz{last}",
        lines.by_fused_sums(last + 1, wanted=y, mass=other, factor=factor),
        gradients.signals,
        behind,
        phase="backward",
        told=mark(
            "Activation and loss together leave something simple: the answer less the target."
        ),
        names=maker.names,
    )


def _add_signals(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    """Add the derivative by what an activation was given."""
    outer, signal, out = gradients.outputs, maker.signal(layer), maker.out(layer)
    activation = maker.spec.rows[layer].activation
    name, owed = function_of(activation), "d" + out
    if outer is None:
        return
    softmax = activation.kind == "softmax"
    true = lines.by_signals(layer + 1, name, signal, outer=owed, softmax=softmax)
    passed = maker.has("activation-derivative-missing") and not softmax
    passed |= (
        maker.has("loss-of-another-gradient")
        and layer == maker.last
        and not (maker.has("derivative-at-error") and not softmax)
    )
    line = true
    if passed:
        line = Line(true.left, owed)
    elif softmax and of_softmax(maker, layer):
        line = Line(true.left, _softmax_line(maker, out, owed))
    elif not softmax and maker.has("derivative-at-error"):
        line = Line(true.left, f"{name}′({owed})")
    values = maker.step.layers[layer]

    def behind(row: int, unit: int) -> Sum:
        value, error = float(gradients.signals[row, unit]), float(outer[row, unit])
        given = f"{owed}[{unit}]"
        if passed:
            return few_terms(((given, error),), ("1", 1.0), value)
        if line is true:
            slope = float(slopes[row, unit])
            return product_of(given, error, f"{name}′({signal}[{unit}])", slope, value)
        return made_of(((given, error),), value, worked=float(slopes[row, unit]))

    with np.errstate(all="ignore"):
        # the mistake takes the derivative at the error, not at what the activation was given
        at = values.signals if line is true else outer
        slopes = np.empty_like(at)
        reached = np.empty_like(at)
        if not softmax:
            activation.forward(at, reached)
            activation.backward(np.ones_like(at), at, reached, slopes)
    maker.add(
        f"d{signal}",
        line,
        gradients.signals,
        _behind_softmax(maker, layer, gradients) if softmax and not passed else behind,
        phase="backward",
        shapes=f"{shape_of(gradients.signals)} = {shape_of(outer)} ∘ {shape_of(outer)}",
        told=mark(
            "Back through the activation, each error is multiplied by the slope there: where it is "
            "flat, nothing goes on."
        ),
        names=maker.of_outputs(layer),
        instead=None if line is true else true,
    )


def _softmax_line(maker: Maker, out: str, owed: str) -> str:
    """Write the derivative of softmax as it is made: over the batch, twice, or both."""
    total = "ΣΣ" if maker.has("softmax-over-batch") else "Σ"
    if not maker.has("softmax-twice"):
        return f"{out} ∘ ({owed} − {total} {owed} ∘ {out})"
    return f"S ∘ (dS − {total} dS ∘ S),  dS = {out} ∘ ({owed} − Σ {owed} ∘ {out})"


def _behind_softmax(maker: Maker, layer: int, gradients: LayerGradients) -> Behind:
    """Give the two terms of the derivative of softmax: the own error less what all have of it."""
    shares: Matrix = np.asarray(maker.step.layers[layer].outputs, np.float64)
    errors = np.asarray(gradients.outputs, np.float64)
    name, owed = maker.out(layer), "d" + maker.out(layer)
    mistakes = of_softmax(maker, layer)
    with np.errstate(all="ignore"):
        if "softmax-twice" in mistakes:
            errors = shares * (errors - (errors * shares).sum(axis=1, keepdims=True))
            shares, name, owed = first_softmax(maker, layer), "S", "dS"
        whole = "softmax-over-batch" in mistakes
        common = (errors * shares).sum() if whole else (errors * shares).sum(axis=1, keepdims=True)
        common = np.broadcast_to(common, shares.shape)
    total = "ΣΣ" if whole else "Σ"

    def behind(row: int, unit: int) -> Sum:
        terms = (
            (f"{owed}[{unit}]", float(errors[row, unit])),
            (f"−{total} {owed} ∘ {name}", -float(common[row, unit])),
        )
        by = (f"{name}[{unit}]", float(shares[row, unit]))
        return few_terms(terms, by, float(gradients.signals[row, unit]))

    return behind


def _add_normalized(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    """Add the derivative through a normalization."""
    if maker.step.layers[layer].normalized is None:
        return
    known, number = scaling_of(maker, layer), layer + 1
    over_batch = maker.spec.layers[layer].normalization.kind == "batch_norm"
    dn, hat = numbered("dN", number), numbered("N̂", number)
    gamma = np.asarray(known.gamma, np.float64)
    errors = np.asarray(gradients.signals, np.float64)
    # gamma is that of a unit: it stands before the mean over units and behind that over the batch
    errors = errors if over_batch else errors * gamma
    called = dn if over_batch else f"γ {dn}"
    axis = 0 if over_batch else 1
    means = np.broadcast_to(errors.mean(axis=axis, keepdims=True), errors.shape)
    along = np.broadcast_to((errors * known.hat).mean(axis=axis, keepdims=True), errors.shape)
    by = (gamma if over_batch else 1.0) / known.deviation

    def behind(row: int, unit: int) -> Sum:
        terms = (
            (f"{called}[{unit}]", float(errors[row, unit])),
            (f"−mean({called})", -float(means[row, unit])),
            (f"−{hat}[{unit}] mean({called} {hat})", -float((known.hat * along)[row, unit])),
        )
        name = "γ / σ" if over_batch else "1 / σ"
        return few_terms(terms, (name, float(by[row, unit])), float(gradients.sums[row, unit]))

    maker.add(
        f"dz{layer}",
        lines.by_normalized(number, over_batch=over_batch),
        gradients.sums,
        behind,
        phase="backward",
        told=mark("Back through the normalization, which couples all that it was taken over."),
    )


def _add_inputs(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    """Add the derivative by what a layer was given, and through the dropout below it."""
    given, errors = gradients.inputs, gradients.sums
    if given is None:
        return
    weights = maker.step.arrays[f"layers.{layer}.W"]
    outer, dz = "d" + maker.given(layer), numbered("dZ", layer + 1)
    w = numbered("W", layer + 1)
    untransposed = maker.has("transposed-error") and weights.shape[0] == weights.shape[1]
    line, way = lines.by_inputs(layer + 1, outer), weights.T if untransposed else weights

    def behind(row: int, unit: int) -> Sum:
        return Sum(
            lambda at: f"{dz}[{at}]",
            lambda at: f"{w}[{at}, {unit}]" if untransposed else f"{w}[{unit}, {at}]",
            errors[row],
            way[unit],
            (),
            float(given[row, unit]),
        )

    maker.add(
        f"dx{layer}",
        Line(outer, f"{dz} {w}") if untransposed else line,
        given,
        behind,
        phase="backward",
        shapes=f"{shape_of(given)} = {shape_of(errors)} {shape_of(way.T)}",
        told=mark("The error goes back along the same weights that brought the signal."),
        instead=line if untransposed else None,
    )
    below = maker.step.gradients[layer - 1].outputs
    if maker.step.layers[layer - 1].dropped is not None and below is not None:
        _add_left_out(maker, layer, outer, given, below)


def _add_left_out(maker: Maker, layer: int, outer: str, given: Matrix, below: Matrix) -> None:
    share = kept_share(maker, layer - 1)

    def behind(row: int, unit: int) -> Sum:
        value = float(below[row, unit])
        by = 1 / share if value else 0.0
        name = f"{outer}[{unit}]"
        return product_of(name, float(given[row, unit]), "M / (1 − p)", by, value)

    maker.add(
        f"da{layer - 1}",
        lines.by_dropped(layer),
        below,
        behind,
        phase="backward",
        told=mark("What was left out on the way there gets no error on the way back."),
    )
