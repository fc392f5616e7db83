"""The stops on the way to the loss: inputs, weighted sums, activations, and the loss itself."""

from dataclasses import dataclass, replace

import numpy as np

from nnstudio.gui.views.one_step import lines
from nnstudio.gui.views.one_step.lines import Line, function_of, numbered
from nnstudio.gui.views.one_step.losing import loss_line, terms_of
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
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss
from nnstudio.texts import mark, tr


def add_forward(maker: Maker) -> None:
    """Add every stop of the forward pass."""
    first = maker.step.layers[0]
    maker.add(
        "x",
        Line("X", "…"),
        first.inputs,
        lambda b, i: made_of((), float(first.inputs[b, i])),
        phase="forward",
        told=mark("The sample as the network gets it: scaled, one number for each input."),
        picture=maker.picture,
    )
    for layer in range(len(maker.step.layers)):
        _add_sums(maker, layer)
        _add_normalized(maker, layer)
        _add_outputs(maker, layer)
        _add_dropped(maker, layer)
    _add_loss(maker)


def _add_sums(maker: Maker, layer: int) -> None:
    values, number, given = maker.step.layers[layer], layer + 1, maker.given(layer)
    weights = maker.step.arrays[f"layers.{layer}.W"]
    biases = maker.step.arrays.get(f"layers.{layer}.b")
    w, b = numbered("W", number), numbered("b", number)

    def behind(row: int, unit: int) -> Sum:
        rest = () if biases is None else ((f"{b}[{unit}]", float(biases[unit])),)
        return Sum(
            lambda at: f"{given}[{at}]",
            lambda at: f"{w}[{at}, {unit}]",
            values.inputs[row],
            weights[:, unit],
            rest,
            float(values.sums[row, unit]),
        )

    plus = "" if biases is None else f" + {shape_of(biases)}"
    maker.add(
        f"z{layer}",
        lines.sums(number, given, bias=biases is not None),
        values.sums,
        behind,
        phase="forward",
        shapes=f"{shape_of(values.sums)} = {shape_of(values.inputs)} {shape_of(weights)}{plus}",
        told=mark("Every unit adds up its inputs, each times its own weight, and its bias."),
        names=maker.of_outputs(layer),
    )


def _add_normalized(maker: Maker, layer: int) -> None:
    values, number = maker.step.layers[layer], layer + 1
    normalized = values.normalized
    if normalized is None:
        return
    z, known = numbered("Z", number), scaling_of(maker, layer)

    def behind(row: int, unit: int) -> Sum:
        terms = (
            (f"{z}[{unit}]", float(values.sums[row, unit])),
            ("−μ", -float(known.mean[row, unit])),
        )
        spread = ("γ / σ", float(known.gamma[unit] / known.deviation[row, unit]))
        found = few_terms(terms, spread, float(normalized[row, unit]))
        return replace(found, rest=(("β", float(known.beta[unit])),))

    maker.add(
        f"n{layer}",
        lines.normalized(number),
        normalized,
        behind,
        phase="forward",
        told=mark(
            "The sums are brought to mean 0 and spread 1, then to a learned mean and spread."
        ),
    )


@dataclass(frozen=True, eq=False)
class Scaling:
    """What a normalization takes off, divides and multiplies by, worked out from the sums.

    `mean` and `deviation` (B, H) are repeated for every number, `gamma` and `beta` (H,) learned;
    `hat` (B, H) are the sums between both.
    """

    mean: Matrix
    deviation: Matrix
    hat: Matrix
    gamma: Matrix
    beta: Matrix


def scaling_of(maker: Maker, layer: int) -> Scaling:
    """Work out the normalization of a layer from its sums."""
    sums = np.asarray(maker.step.layers[layer].sums, np.float64)
    normalization = maker.spec.layers[layer].normalization
    axis = 0 if normalization.kind == "batch_norm" else 1
    epsilon = float(getattr(normalization, "epsilon", 0))
    mean = np.broadcast_to(sums.mean(axis=axis, keepdims=True), sums.shape)
    variance = np.broadcast_to(sums.var(axis=axis, keepdims=True), sums.shape)
    deviation = np.sqrt(variance + epsilon)
    arrays = maker.step.arrays
    return Scaling(
        mean,
        deviation,
        (sums - mean) / deviation,
        arrays[f"layers.{layer}.gamma"],
        arrays[f"layers.{layer}.beta"],
    )


def _add_outputs(maker: Maker, layer: int) -> None:
    values, number = maker.step.layers[layer], layer + 1
    activation = maker.spec.rows[layer].activation
    softmax = activation.kind == "softmax"
    signal, out = maker.signal(layer), maker.out(layer)
    told = (
        mark("Softmax turns the sums into shares that are positive and add up to 1.")
        if softmax
        else mark("The activation makes something else of every sum, each by itself.")
    )
    line, instead = lines.activated(number, function_of(activation), signal, out=out), None
    if softmax and of_softmax(maker, layer):
        instead, line = line, Line(out, _softmax_with_mistake(maker, line.right, signal))
    maker.add(
        f"a{layer}",
        line,
        values.outputs,
        _behind_softmax(maker, layer, signal) if softmax else _behind_output(maker, layer, signal),
        phase="forward",
        shapes=f"{shape_of(values.outputs)} = f {shape_of(values.signals)}",
        told=told,
        names=maker.of_outputs(layer),
        instead=instead,
    )


def _softmax_with_mistake(maker: Maker, right: str, signal: str) -> str:
    """Write softmax as it is made: over the batch, twice, or both."""
    if not maker.has("softmax-over-batch"):
        return right.replace(signal, right)
    within = f"exp({signal}) / ΣΣ exp({signal})"
    return right.replace(signal, within) if maker.has("softmax-twice") else within


def _behind_output(maker: Maker, layer: int, signal: str) -> Behind:
    values, activation = maker.step.layers[layer], maker.spec.rows[layer].activation
    worked = np.empty_like(values.signals)
    with np.errstate(all="ignore"):
        activation.forward(values.signals, worked)
    return lambda row, unit: made_of(
        ((f"{signal}[{unit}]", float(values.signals[row, unit])),),
        float(values.outputs[row, unit]),
        worked=float(worked[row, unit]),
    )


def of_softmax(maker: Maker, layer: int) -> frozenset[str]:
    """Give the mistakes with softmax in a layer: only the output layer has some."""
    kinds = ("softmax-over-batch", "softmax-twice") if layer == maker.last else ()
    return frozenset(one for one in kinds if maker.has(one))


def first_softmax(maker: Maker, layer: int) -> Matrix:
    """Work out softmax (B, H) from the sums of a layer, over the batch where it is made so."""
    sums = np.asarray(maker.step.layers[layer].signals, np.float64)
    whole = "softmax-over-batch" in of_softmax(maker, layer)
    with np.errstate(all="ignore"):
        raised = np.exp(sums - (sums.max() if whole else sums.max(axis=1, keepdims=True)))
        return np.asarray(raised / (raised.sum() if whole else raised.sum(axis=1, keepdims=True)))


def _behind_softmax(maker: Maker, layer: int, signal: str) -> Behind:
    signals, outputs = maker.step.layers[layer].signals, maker.step.layers[layer].outputs
    mistakes = of_softmax(maker, layer)
    twice = "softmax-twice" in mistakes
    whole = "softmax-over-batch" in mistakes and not twice
    first = first_softmax(maker, layer)
    called = f"softmax({signal})" if twice else signal
    given = first if twice else np.asarray(signals, np.float64)
    with np.errstate(all="ignore"):
        most = given.max() if whole else given.max(axis=1, keepdims=True)
        raised = np.exp(given - most)
        total = raised.sum() if whole else raised.sum(axis=1, keepdims=True)
        highest, totals = np.broadcast_to(most, given.shape), np.broadcast_to(total, given.shape)
        worked = raised / totals

    def behind(row: int, unit: int) -> Sum:
        sign = "ΣΣ" if whole else "Σ"
        return made_of(
            (
                (f"{called}[{unit}]", float(given[row, unit])),
                (f"max {called}", float(highest[row, unit])),
                (f"exp({called}[{unit}] − max)", float(raised[row, unit])),
                (f"{sign} exp({called} − max)", float(totals[row, unit])),
            ),
            float(outputs[row, unit]),
            worked=float(worked[row, unit]),
        )

    return behind


def _add_dropped(maker: Maker, layer: int) -> None:
    values, number = maker.step.layers[layer], layer + 1
    dropped = values.dropped
    if dropped is None:
        return
    a, share = numbered("A", number), kept_share(maker, layer)

    def behind(row: int, unit: int) -> Sum:
        value, output = float(dropped[row, unit]), float(values.outputs[row, unit])
        by = 1 / share if value else 0.0
        return product_of(f"{a}[{unit}]", output, "M / (1 − p)", by, value)

    maker.add(
        f"d{layer}",
        lines.dropped(number),
        dropped,
        behind,
        phase="forward",
        told=mark("Dropout leaves some outputs out by chance; the others count for more."),
    )


def kept_share(maker: Maker, layer: int) -> float:
    """Give which share of the outputs dropout leaves in."""
    rate = float(getattr(maker.spec.layers[layer].dropout, "rate", 0))
    # what is left out is the nearest multiple of 1/65536
    return 1 - round(rate * 65_536) / 65_536


def _add_loss(maker: Maker) -> None:
    step, loss = maker.step, maker.experiment.loss
    outputs, wanted = step.layers[-1].outputs, targets_of(loss, step.targets)
    factor = loss.factor(outputs.shape)
    samples = [f"[{row}]" for row in range(len(outputs))] if len(outputs) > 1 else [""]
    rest = ((tr("penalty"), step.penalty),) if step.penalty else ()

    fused = maker.step.gradients[-1].outputs is None
    with np.errstate(all="ignore"):
        terms = terms_of(
            loss, outputs, wanted, factor=factor, signals=step.layers[-1].signals if fused else None
        )
    width = outputs.shape[1]

    def behind(_row: int, _unit: int) -> Sum:
        return Sum(
            lambda at: terms.left_name.replace("#", str(at % width)),
            lambda at: terms.right_name.replace("#", str(at % width)),
            terms.left.reshape(-1),
            terms.right.reshape(-1),
            rest,
            step.loss,
        )

    both = np.concatenate([wanted, outputs])
    maker.add(
        "loss",
        loss_line(loss, factor=factor, penalty=bool(step.penalty)),
        both,
        behind,
        phase="forward",
        shapes=f"() = {shape_of(outputs)}, {shape_of(wanted)}",
        told=mark("How far the answer P is from the target Y, as one number: the loss."),
        names=maker.names,
        row_names=tuple([f"Y{one}" for one in samples] + [f"P{one}" for one in samples]),
    )


def targets_of(loss: Loss, targets: Matrix) -> Matrix:
    """Give the targets as the loss takes them: smoothed where it smooths labels."""
    if isinstance(loss, CrossEntropy | BinaryCrossEntropy):
        return loss.targets(targets, np.empty_like(targets)).copy()
    return targets
