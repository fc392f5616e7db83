"""The stops on the way back: what every number owes to the loss, and the step made of it."""

from functools import partial
from typing import Any

import numpy as np

from nnstudio.gui.views.one_step import lines
from nnstudio.gui.views.one_step.forward import targets_of
from nnstudio.gui.views.one_step.lines import function_of, numbered
from nnstudio.gui.views.one_step.stop import (
    NOTHING,
    Maker,
    Matrix,
    Sum,
    made_of,
    product_of,
    shape_of,
)
from nnstudio.nn.clipping import NoClipping
from nnstudio.nn.optimizers import Sgd
from nnstudio.runs.inside import LayerGradients
from nnstudio.spec import title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment


def add_backward(maker: Maker) -> None:
    """Add every stop of the backward pass, from the loss to the first layer."""
    for layer in range(maker.last, -1, -1):
        gradients = maker.step.gradients[layer]
        if layer == maker.last:
            _add_error(maker, gradients)
        else:
            _add_signals(maker, layer, gradients)
        _add_normalized(maker, layer, gradients)
        _add_weights(maker, layer, gradients)
        _add_biases(maker, layer, gradients)
        if layer:
            _add_inputs(maker, layer, gradients)


def _add_error(maker: Maker, gradients: LayerGradients) -> None:
    """Add the derivatives of the loss by outputs and sums, or both in one where they are fused."""
    loss, last = maker.experiment.loss, maker.last
    outputs, wanted = maker.step.layers[-1].outputs, targets_of(loss, maker.step.targets)
    factor = loss.factor(outputs.shape)
    slopes = gradients.outputs
    if slopes is not None:
        maker.add(
            "da",
            lines.by_outputs(loss, factor=factor),
            slopes,
            lambda b, j: made_of(
                ((f"P[{j}]", float(outputs[b, j])), (f"Y[{j}]", float(wanted[b, j]))),
                float(slopes[b, j]),
            ),
            phase="backward",
            told=mark("How the loss would change if an output changed: the error at the outputs."),
            names=maker.names,
        )
        _add_signals(maker, last, gradients)
        return

    def behind(row: int, unit: int) -> Sum:
        answer, target = float(outputs[row, unit]), float(wanted[row, unit])
        return Sum(
            lambda at: (f"P[{unit}]", f"−Y[{unit}]")[at],
            lambda _: "c",
            np.array([answer, -target]),
            np.array([factor, factor]),
            (),
            float(gradients.signals[row, unit]),
        )

    maker.add(
        f"dz{last}",
        lines.by_fused_sums(last + 1, factor=factor),
        gradients.signals,
        behind,
        phase="backward",
        told=mark(
            "Activation and loss together leave something simple: the answer less the target."
        ),
        names=maker.names,
    )


def _add_signals(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    outer, signal, out = gradients.outputs, maker.signal(layer), maker.out(layer)
    slopes, activation = maker.slopes[layer], maker.spec.rows[layer].activation
    name = function_of(activation)
    if outer is None:
        return

    def behind(row: int, unit: int) -> Sum:
        value, owed = float(gradients.signals[row, unit]), float(outer[row, unit])
        if slopes is None:
            return made_of(((f"d{out}[{unit}]", owed),), value)
        slope = float(slopes[row, unit])
        return product_of(f"d{out}[{unit}]", owed, f"{name}′({signal}[{unit}])", slope, value)

    maker.add(
        f"d{signal}",
        lines.by_signals(
            layer + 1, name, signal, outer=f"d{out}", softmax=activation.kind == "softmax"
        ),
        gradients.signals,
        behind,
        phase="backward",
        shapes=f"{shape_of(gradients.signals)} = {shape_of(outer)} ∘ {shape_of(outer)}",
        told=mark(
            "Back through the activation, each error is multiplied by the slope there: where it is "
            "flat, nothing goes on."
        ),
        names=maker.of_outputs(layer),
    )


def _add_normalized(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    if maker.step.layers[layer].normalized is None:
        return
    n = numbered("dN", layer + 1)
    maker.add(
        f"dz{layer}",
        lines.by_normalized(layer + 1),
        gradients.sums,
        lambda b, j: made_of(
            ((f"{n}[{j}]", float(gradients.signals[b, j])),), float(gradients.sums[b, j])
        ),
        phase="backward",
        told=mark("Back through the normalization, which couples all that it was taken over."),
    )


def _add_weights(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    number, given = layer + 1, maker.given(layer)
    inputs, errors = maker.step.layers[layer].inputs, gradients.sums
    slopes = maker.step.slopes[f"layers.{layer}.W"]
    penalized = maker.spec.rows[layer].penalty.kind != "none"
    dz = numbered("dZ", number)

    def behind(row: int, unit: int) -> Sum:
        value = float(slopes[row, unit])
        left, right = inputs[:, row], errors[:, unit]
        paid = value - float(left @ right)
        return Sum(
            lambda at: f"{given}[{at}, {row}]",
            lambda at: f"{dz}[{at}, {unit}]",
            left,
            right,
            ((tr("penalty"), paid),) if penalized else (),
            value,
        )

    maker.add(
        f"dw{layer}",
        lines.by_weights(number, given),
        slopes,
        behind,
        phase="backward",
        shapes=f"{shape_of(slopes)} = {shape_of(inputs.T)} {shape_of(errors)}",
        told=mark("The slope of a weight is its input times the error of its unit."),
        names=maker.of_outputs(layer),
    )


def _add_biases(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    slopes = maker.step.slopes.get(f"layers.{layer}.b")
    if slopes is None:
        return
    errors, dz = gradients.sums, numbered("dZ", layer + 1)

    def behind(_row: int, unit: int) -> Sum:
        return Sum(
            lambda at: f"{dz}[{at}, {unit}]",
            lambda _: "1",
            errors[:, unit],
            np.ones(len(errors)),
            (),
            float(slopes[unit]),
        )

    maker.add(
        f"db{layer}",
        lines.by_biases(layer + 1),
        slopes[None],
        behind,
        phase="backward",
        shapes=f"{shape_of(slopes)} = Σ {shape_of(errors)}",
        told=mark("The slope of a bias is the error of its unit, added up over the batch."),
        names=maker.of_outputs(layer),
    )


def _add_inputs(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    given, errors = gradients.inputs, gradients.sums
    if given is None:
        return
    weights = maker.step.arrays[f"layers.{layer}.W"]
    outer, dz = "d" + maker.given(layer), numbered("dZ", layer + 1)
    w = numbered("W", layer + 1)

    def behind(row: int, unit: int) -> Sum:
        return Sum(
            lambda at: f"{dz}[{at}]",
            lambda at: f"{w}[{unit}, {at}]",
            errors[row],
            weights[unit],
            (),
            float(given[row, unit]),
        )

    maker.add(
        f"dx{layer}",
        lines.by_inputs(layer + 1, outer),
        given,
        behind,
        phase="backward",
        shapes=f"{shape_of(given)} = {shape_of(errors)} {shape_of(weights.T)}",
        told=mark("The error goes back along the same weights that brought the signal."),
    )
    below = maker.step.gradients[layer - 1].outputs
    if maker.step.layers[layer - 1].dropped is not None and below is not None:
        maker.add(
            f"da{layer - 1}",
            lines.by_dropped(layer),
            below,
            lambda b, j: made_of(((f"{outer}[{j}]", float(given[b, j])),), float(below[b, j])),
            phase="backward",
            told=mark("What was left out on the way there gets no error on the way back."),
        )


def add_updates(maker: Maker) -> None:
    """Add by how much every array changes."""
    plain = is_plain(maker.experiment)
    optimizer = "" if plain else tr(title_of(type(maker.experiment.optimizer)))
    for layer in range(len(maker.step.layers)):
        for letter in ("W", "b"):
            name = f"layers.{layer}.{letter}"
            if name in maker.step.updates:
                _add_update(maker, name, letter, layer, optimizer=optimizer)


def _add_update(maker: Maker, name: str, letter: str, layer: int, *, optimizer: str) -> None:
    step = maker.step
    before, slopes, updates = (
        np.atleast_2d(one[name]) for one in (step.arrays, step.slopes, step.updates)
    )
    called = numbered(letter, layer + 1)
    maker.add(
        f"u{letter}{layer}",
        lines.updated(letter, layer + 1, optimizer=optimizer),
        updates,
        partial(_behind_update, (before, slopes, updates), called, step.rate, not optimizer),
        phase="update",
        told=mark("Every parameter goes a little against its slope, by the learning rate η.")
        if not optimizer
        else mark("The optimizer makes a step of every slope; here with an empty memory."),
        names=maker.of_outputs(layer),
    )


def _behind_update(
    arrays: tuple[Matrix, ...], called: str, rate: float, plain: Any, *cell: int
) -> Sum:
    before, slope, update = (float(one[cell]) for one in arrays)
    name = f"{called}[{', '.join(map(str, cell))}]"
    if plain:
        return product_of("−η", -rate, f"d{name}", slope, update)
    told = ((f"d{name}", slope), ("η", rate), (name, before), (f"{name} + Δ", before + update))
    return Sum(str, str, NOTHING, NOTHING, told, update, adds_up=False)


def is_plain(experiment: Experiment) -> bool:
    """Tell whether a step is nothing but the rate times the slope."""
    optimizer = experiment.optimizer
    rows = experiment.network.rows
    return (
        isinstance(optimizer, Sgd)
        and not optimizer.weight_decay
        and isinstance(experiment.clipping, NoClipping)
        and all(row.constraint.kind == "none" for row in rows)
    )
