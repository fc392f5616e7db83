"""The stops on the way to the loss: inputs, weighted sums, activations, and the loss itself."""

from functools import partial

import numpy as np

from nnstudio.gui.views.one_step import lines
from nnstudio.gui.views.one_step.lines import Line, function_of, numbered
from nnstudio.gui.views.one_step.stop import NOTHING, Maker, Matrix, Sum, made_of, shape_of
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
    z = numbered("Z", number)
    maker.add(
        f"n{layer}",
        lines.normalized(number),
        normalized,
        lambda b, j: made_of(((f"{z}[{j}]", float(values.sums[b, j])),), float(normalized[b, j])),
        phase="forward",
        told=mark(
            "The sums are brought to mean 0 and spread 1, then to a learned mean and spread."
        ),
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
    signals, outputs = values.signals, values.outputs
    maker.add(
        f"a{layer}",
        lines.activated(number, function_of(activation), signal, out=out),
        outputs,
        partial(_behind_softmax if softmax else _behind_output, signals, outputs, signal),
        phase="forward",
        shapes=f"{shape_of(outputs)} = f {shape_of(signals)}",
        told=told,
        names=maker.of_outputs(layer),
    )


def _behind_output(signals: Matrix, outputs: Matrix, signal: str, row: int, unit: int) -> Sum:
    return made_of(((f"{signal}[{unit}]", float(signals[row, unit])),), float(outputs[row, unit]))


def _behind_softmax(signals: Matrix, outputs: Matrix, signal: str, row: int, unit: int) -> Sum:
    z = signals[row].astype(np.float64)
    with np.errstate(all="ignore"):
        raised = np.exp(z - z.max())
    return made_of(
        (
            (f"{signal}[{unit}]", float(z[unit])),
            (f"max {signal}", float(z.max())),
            (f"exp({signal}[{unit}] − max)", float(raised[unit])),
            (f"Σ exp({signal} − max)", float(raised.sum())),
        ),
        float(outputs[row, unit]),
    )


def _add_dropped(maker: Maker, layer: int) -> None:
    values, number = maker.step.layers[layer], layer + 1
    dropped = values.dropped
    if dropped is None:
        return
    a = numbered("A", number)
    maker.add(
        f"d{layer}",
        lines.dropped(number),
        dropped,
        lambda b, j: made_of(((f"{a}[{j}]", float(values.outputs[b, j])),), float(dropped[b, j])),
        phase="forward",
        told=mark("Dropout leaves some outputs out by chance; the others count for more."),
    )


def _add_loss(maker: Maker) -> None:
    step, loss = maker.step, maker.experiment.loss
    outputs, wanted = step.layers[-1].outputs, targets_of(loss, step.targets)
    factor = loss.factor(outputs.shape)
    samples = [f"[{row}]" for row in range(len(outputs))] if len(outputs) > 1 else [""]
    rest = ((tr("penalty"), step.penalty),) if step.penalty else ()

    def behind(_row: int, _unit: int) -> Sum:
        with np.errstate(all="ignore"):
            name, left, other, right = _terms(loss, outputs, wanted, factor)
        width = outputs.shape[1]
        return Sum(
            lambda at: name.replace("#", str(at % width)),
            lambda at: other.replace("#", str(at % width)),
            left.reshape(-1),
            right.reshape(-1),
            rest,
            step.loss,
            adds_up=bool(len(left)),
        )

    both = np.concatenate([wanted, outputs])
    maker.add(
        "loss",
        lines.loss_line(loss, factor=factor),
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


def _terms(
    loss: Loss, outputs: Matrix, wanted: Matrix, factor: float
) -> tuple[str, Matrix, str, Matrix]:
    """Give the factors of every term of a loss with their names; none where it is no such sum."""
    difference = outputs - wanted
    match loss.kind:
        case "cross_entropy":
            left = np.where(wanted == 0, 0, -factor * wanted)
            return "−Y[#]", left, "ln P[#]", np.log(np.where(wanted == 0, 1, outputs))
        case "mean_squared_error":
            return "(P − Y)[#]", difference * factor, "(P − Y)[#]", difference
        case "mean_absolute_error":
            return "|P − Y|[#]", np.abs(difference), "1", np.full_like(difference, factor)
        case "binary_cross_entropy":
            likely = wanted * np.log(outputs) + (1 - wanted) * np.log(1 - outputs)
            return "Y ln P + (1 − Y) ln(1 − P) [#]", likely, "−1", np.full_like(likely, -factor)
    return "", NOTHING, "", NOTHING
