"""The stops of the gradient: the slopes of weights and biases, as the run takes them.

A mistake that divides, turns or replaces them stands in the line and in every term of its sum.
"""

import numpy as np

from nnstudio.gui.views.one_step import lines
from nnstudio.gui.views.one_step.lines import Line, numbered
from nnstudio.gui.views.one_step.stop import Behind, Maker, Matrix, Sum, made_of, shape_of
from nnstudio.runs.inside import LayerGradients
from nnstudio.texts import mark, tr


def _share(maker: Maker, layer: int) -> float:
    """Give by what mistakes multiply the gradient of a layer: its sign, and its divisor."""
    inputs = maker.step.layers[layer].inputs.shape[1]
    by = 1 / inputs if maker.has("divided-by-inputs") else 1.0
    return -by if maker.has("gradient-sign") else by


def _with_mistakes(maker: Maker, line: Line, core: str, *, paid: str = "") -> Line:
    """Give the line with what mistakes make of its right side, `core`."""
    divided = f"{core} / D" if maker.has("divided-by-inputs") else core
    right = divided + paid
    if maker.has("gradient-sign"):
        right = f"−({right})" if paid or " " in right else f"−{right}"
    if maker.has("gradient-accumulates"):
        right = f"{right} + {line.left}[t − 1]"
    return line if right == line.right else Line(line.left, right)


def _kept(maker: Maker) -> tuple[tuple[str, float], ...]:
    """Give what an earlier step has left: nothing, for this one stands alone."""
    return ((tr("slope of the step before"), 0.0),) if maker.has("gradient-accumulates") else ()


def add_weights(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    """Add the slopes of the weights of a layer."""
    number, given = layer + 1, maker.given(layer)
    inputs, errors = maker.step.layers[layer].inputs, gradients.sums
    slopes = maker.step.slopes[f"layers.{layer}.W"]
    penalty = maker.spec.rows[layer].penalty
    penalized = penalty.kind != "none"
    dz, w = numbered("dZ", number), numbered("W", number)
    share = _share(maker, layer)
    true = lines.by_weights(number, given, penalty=penalized)
    paid = _paid(maker, layer) if penalized else None
    sign = -1 if maker.has("gradient-sign") else 1
    by = "" if share == 1 else f" · {share:.4g}"

    def behind(row: int, unit: int) -> Sum:
        rest = () if paid is None else ((tr("penalty"), sign * float(paid[row, unit])),)
        return Sum(
            lambda at: f"{given}[{at}, {row}]",
            lambda at: f"{dz}[{at}, {unit}]{by}",
            inputs[:, row],
            errors[:, unit] * share,
            (*rest, *_kept(maker)),
            float(slopes[row, unit]),
        )

    differences = maker.has("row-wise-numerical-gradient")
    line = _with_mistakes(maker, true, f"{given}ᵀ {dz}", paid=f" + ∂R/∂{w}" if penalized else "")
    if differences:
        core = f"(L({w}[i, :] + h) − L({w})) / 2h"
        line = _with_mistakes(maker, Line(f"d{w}[i, :]", ""), core)
    maker.add(
        f"dw{layer}",
        line,
        slopes,
        (lambda row, unit: made_of((), float(slopes[row, unit]))) if differences else behind,
        phase="backward",
        shapes=f"{shape_of(slopes)} = {shape_of(inputs.T)} {shape_of(errors)}",
        told=mark("The slope of a weight is its input times the error of its unit."),
        names=maker.of_outputs(layer),
        chip=true.left,
        instead=None if line is true else true,
    )


def _paid(maker: Maker, layer: int) -> Matrix:
    """Work out the derivative (D, H) of what the weights of a layer cost."""
    weights = np.asarray(maker.step.arrays[f"layers.{layer}.W"], np.float64)
    penalty = maker.spec.rows[layer].penalty
    l1 = float(getattr(penalty, "l1", 0.0))
    l2 = float(getattr(penalty, "l2", 0.0))
    return np.asarray(l1 * np.sign(weights) + 2 * l2 * weights)


def add_biases(maker: Maker, layer: int, gradients: LayerGradients) -> None:
    """Add the slopes of the biases of a layer."""
    slopes = maker.step.slopes.get(f"layers.{layer}.b")
    if slopes is None:
        return
    number = layer + 1
    errors, name = gradients.sums, numbered("dZ", number)
    true = lines.by_biases(number)
    core = f"Σ {name}"
    own = maker.spec.rows[layer].activation.kind != "softmax"
    above = maker.step.gradients[layer + 1].inputs if layer < maker.last else gradients.outputs
    if maker.has("bias-gradient-before-activation") and own and above is not None:
        # the error by what the whole layer gives, behind a dropout where it has one
        errors, name = above, "dP" if layer == maker.last else "d" + maker.given(layer + 1)
        core = f"Σ {name}"
    elif maker.has("bias-gradient-wrong-axis"):
        core = f"Σⱼ {name}[:, j]"
    elif maker.has("bias-gradient-of-one-sample"):
        core = f"{name}[0]"
    behind = _behind_biases(maker, layer, errors, name, slopes)
    line = _with_mistakes(maker, true, core)
    if maker.has("row-wise-numerical-gradient"):
        b = numbered("b", number)
        line = _with_mistakes(maker, true, f"(L({b} + h) − L({b} − h)) / 2h")
    maker.add(
        f"db{layer}",
        line,
        slopes[None],
        behind,
        phase="backward",
        shapes=f"{shape_of(slopes)} = Σ {shape_of(gradients.sums)}",
        told=mark("The slope of a bias is the error of its unit, added up over the batch."),
        names=maker.of_outputs(layer),
        instead=None if line is true else true,
    )


def _behind_biases(maker: Maker, layer: int, errors: Matrix, name: str, slopes: Matrix) -> Behind:
    share = _share(maker, layer)
    by = "1" if share == 1 else f"{share:.4g}"
    samples, units = errors.shape

    def behind(_row: int, unit: int) -> Sum:
        value = float(slopes[unit])
        if maker.has("row-wise-numerical-gradient"):
            return made_of((), value)
        if maker.has("bias-gradient-wrong-axis"):
            row = unit % samples
            taken, called = errors[row], [f"{name}[{row}, {at}]" for at in range(units)]
        elif maker.has("bias-gradient-of-one-sample"):
            taken, called = errors[:1, unit], [f"{name}[0, {unit}]"]
        else:
            taken, called = errors[:, unit], [f"{name}[{at}, {unit}]" for at in range(samples)]
        return Sum(
            called.__getitem__,
            lambda _: by,
            taken,
            np.full(len(taken), share),
            _kept(maker),
            value,
        )

    return behind
