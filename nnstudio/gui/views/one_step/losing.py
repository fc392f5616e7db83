"""The loss and its derivative by the outputs: written as they are set, and worked out anew.

`Ỹ` are smoothed targets, `Q` outputs divided by their sum. What is worked out here is NumPy on
numbers that were shown before, so that a line which is not the engine's is found out.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.one_step.lines import Line, scaled
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, Huber, KullbackLeibler, Loss

Matrix = NDArray[np.floating[Any]]

_WRONG_LOSSES: Final = {
    "cross_entropy": ("Σ Y ln P", "−Σ P ln Y", "Σ (P − Y)²"),
    "binary_cross_entropy": ("−Σ (P ln Y + (1 − P) ln(1 − Y))", "−Σ Y ln P", "Σ |P − Y|"),
    "kullback_leibler": ("Σ P ln(P / Y)", "−Σ Y ln P", "Σ Y P"),
    "mean_squared_error": ("Σ (P − Y)", "(Σ (P − Y))²", "Σ |P − Y|"),
    "mean_absolute_error": ("Σ (P − Y)", "|Σ (P − Y)|", "Σ (P − Y)²"),
    "huber": ("Σ h(P + Y)", "h(Σ (P − Y))", "Σ h(P) − h(Y)"),
}
_WRONG_SLOPES: Final = {
    "cross_entropy": ("Y / P", "P − Y", "−P / Y"),
    "binary_cross_entropy": ("P − Y", "(Y − P) / (P ∘ (1 − P))", "P ∘ (1 − P)"),
    "kullback_leibler": ("Y / P", "P − Y", "ln(Y / P)"),
    "mean_squared_error": ("2 (Y − P)", "(P − Y)²", "P − 2 Y"),
    "mean_absolute_error": ("|P − Y|", "P − Y", "sign(Y − P)"),
    "huber": ("h(P − Y)", "h′(Y − P)", "2 (P − Y)"),
}


@dataclass(frozen=True)
class Terms:
    """Every term of a loss (B, C) as a product of two factors, with what they are called."""

    left_name: str
    left: Matrix
    right_name: str
    right: Matrix


def wanted_name(loss: Loss) -> str:
    """Give what the targets are called that the loss takes."""
    return "Ỹ" if getattr(loss, "label_smoothing", 0) else "Y"


def _smoothing(loss: Loss) -> tuple[str, ...]:
    if wanted_name(loss) == "Y":
        return ()
    over = "2" if isinstance(loss, BinaryCrossEntropy) else "C"
    return (f"Ỹ = (1 − s) Y + s / {over}",)


def _held(loss: CrossEntropy | BinaryCrossEntropy, name: str) -> str:
    return f"clip({name})" if loss.clip else name


def _put(line: str, factor: float, *, rest: str = "", where: tuple[str, ...] = ()) -> str:
    return ",  ".join((scaled(line, factor) + rest, *where))


def _loss_core(loss: Loss) -> tuple[str, tuple[str, ...]]:
    y, where = wanted_name(loss), _smoothing(loss)
    match loss:
        case CrossEntropy():
            name = "Q" if loss.normalized else "P"
            p = _held(loss, name)
            within = f"ln({p} + ε)" if loss.epsilon else f"ln {p}"
            where = (*where, "Q = P / ΣP") if loss.normalized else where
            return f"−Σ {y} {within}", where
        case BinaryCrossEntropy():
            p, more = _held(loss, "P"), " + ε" if loss.epsilon else ""
            yes = f"ln({p}{more})" if more else f"ln {p}"
            return f"−Σ ({y} {yes} + (1 − {y}) ln(1 − {p}{more}))", where
        case KullbackLeibler():
            return "Σ Y ln(Y / P)", where
        case Huber():
            return "Σ h(P − Y)", (f"h(d) = d² / 2 up to |d| = {loss.delta:.4g}, then straight",)
    square = loss.kind == "mean_squared_error"
    return ("Σ (P − Y)²" if square else "Σ |P − Y|"), where


def loss_line(loss: Loss, *, factor: float, penalty: bool) -> Line:
    """Give the line of a loss; its terms are multiplied by `factor`, `R` is what weights cost."""
    core, where = _loss_core(loss)
    rest = " + R" if penalty else ""
    wrong = tuple(
        _put(one, factor, rest=rest, where=where) for one in _WRONG_LOSSES[loss.kind] if one != core
    )
    return Line("L", _put(core, factor, rest=rest, where=where), wrong)


def error_line(loss: Loss, *, factor: float) -> Line:
    """Give the line of the derivative of a loss by the outputs."""
    core, where = _error_core(loss)
    wrong = tuple(_put(one, factor, where=where) for one in _WRONG_SLOPES[loss.kind])
    return Line("dP", _put(core, factor, where=where), wrong)


def _error_core(loss: Loss) -> tuple[str, tuple[str, ...]]:
    match loss:
        case CrossEntropy():
            return _cross_entropy_error(loss)
        case BinaryCrossEntropy():
            y, p = wanted_name(loss), _held(loss, "P")
            where = (*_smoothing(loss), f"0 where {p} ≠ P") if loss.clip else _smoothing(loss)
            if loss.epsilon:
                return f"(1 − {y}) / (1 − {p} + ε) − {y} / ({p} + ε)", where
            return f"({p} − {y}) / ({p} ∘ (1 − {p}))", where
        case KullbackLeibler():
            return "−Y / P", ()
        case Huber():
            return "h′(P − Y)", (f"h′(d) = d, held within ±{loss.delta:.4g}",)
    square = loss.kind == "mean_squared_error"
    return ("2 (P − Y)" if square else "sign(P − Y)"), ()


def _cross_entropy_error(loss: CrossEntropy) -> tuple[str, tuple[str, ...]]:
    y, where = wanted_name(loss), _smoothing(loss)
    name = "Q" if loss.normalized else "P"
    p = _held(loss, name)
    plain = f"−{y} / ({p} + ε)" if loss.epsilon else f"−{y} / {p}"
    if loss.clip:
        where = (*where, f"0 where {p} ≠ {name}")
    if not loss.normalized:
        return plain, where
    return "(G − Σ G ∘ Q) / ΣP", (f"G = {plain}", *where, "Q = P / ΣP")


def unclipped_line(loss: BinaryCrossEntropy, *, factor: float) -> Line:
    """Give the derivative of who clips predictions and forgets what the clip is for."""
    y = wanted_name(loss)
    core = f"(clip(P) − {y}) / (clip(P) ∘ (1 − clip(P)))"
    return Line("dP", _put(core, factor, where=_smoothing(loss)))


def difference_line(*, factor: float) -> Line:
    """Give the derivative that belongs to another loss: outputs less targets."""
    return Line("dP", scaled("P − Y", factor))


def unclipped(loss: BinaryCrossEntropy, outputs: Matrix, wanted: Matrix) -> Matrix:
    """Give that derivative (B, C), without its factor."""
    held = np.clip(outputs, loss.clip, 1 - loss.clip)
    return np.asarray((held - wanted) / np.maximum(held * (1 - held), _tiny(outputs)))


def errors(loss: Loss, outputs: Matrix, wanted: Matrix) -> Matrix:
    """Give the derivative (B, C) of a loss by the outputs, without its factor."""
    outs, goals, tiny = np.asarray(outputs, np.float64), wanted, _tiny(outputs)
    match loss:
        case CrossEntropy():
            total = np.maximum(outs.sum(axis=1, keepdims=True), tiny) if loss.normalized else 1.0
            shares = outs / total
            held = np.clip(outputs / np.asarray(total, outputs.dtype), loss.clip, 1 - loss.clip)
            free = (held == outputs / np.asarray(total, outputs.dtype)) & (tiny <= shares)
            owed = np.where(free, -goals / (np.maximum(shares, tiny) + loss.epsilon), 0)
            if not loss.normalized:
                return np.asarray(owed)
            owed = np.where(outputs >= tiny, owed, 0)
            return np.asarray((owed - (owed * shares).sum(axis=1, keepdims=True)) / total)
        case BinaryCrossEntropy():
            free = np.clip(outputs, loss.clip, 1 - loss.clip) == outputs
            # 1 − P is taken at the precision of the run: nothing is left of it beside 1
            no = np.asarray(1 - outputs, np.float64)
            yes = np.where(tiny <= outs, goals / (np.maximum(outs, tiny) + loss.epsilon), 0)
            against = np.where(no >= tiny, (1 - goals) / (np.maximum(no, tiny) + loss.epsilon), 0)
            return np.asarray(np.where(free, against - yes, 0))
        case KullbackLeibler():
            return np.asarray(np.where(tiny <= outs, -goals / np.maximum(outs, tiny), 0))
        case Huber():
            return np.asarray(np.clip(outs - goals, -loss.delta, loss.delta))
    return np.asarray(
        2 * (outs - goals) if loss.kind == "mean_squared_error" else np.sign(outs - goals)
    )


def _tiny(outputs: Matrix) -> float:
    return float(np.finfo(outputs.dtype).tiny)


def terms_of(
    loss: Loss, outputs: Matrix, wanted: Matrix, *, factor: float, signals: Matrix | None
) -> Terms:
    """Give the terms of a loss; `signals` (B, C) where it is worked out from the sums themselves.

    A probability that is too small for a number has a logarithm all the same.
    """
    y = wanted_name(loss)
    outs, goals = np.asarray(outputs, np.float64), np.asarray(wanted, np.float64)
    tiny = _tiny(outputs)
    match loss:
        case CrossEntropy() | KullbackLeibler():
            name, logarithm = _logarithm(loss, outs, tiny, signals)
            if isinstance(loss, KullbackLeibler):
                certain = np.log(np.where(goals > 0, goals, 1))
                return Terms("Y[#]", factor * goals, "ln(Y / P)[#]", certain - logarithm)
            return Terms(f"−{y}[#]", -factor * goals, f"{name}[#]", logarithm)
        case BinaryCrossEntropy():
            likely = _likely(loss, outputs, goals, signals)
            name = f"{y} ln P + (1 − {y}) ln(1 − P) [#]"
            return Terms(name, likely, "−1", np.full_like(likely, -factor))
        case Huber():
            held = np.clip(outs - goals, -loss.delta, loss.delta)
            return Terms(
                "h(P − Y)[#]", held * (outs - goals - held / 2), "1", np.full_like(held, factor)
            )
    if loss.kind == "mean_squared_error":
        return Terms("(P − Y)[#]", (outs - goals) * factor, "(P − Y)[#]", outs - goals)
    return Terms("|P − Y|[#]", np.abs(outs - goals), "1", np.full_like(outs, factor))


def _logarithm(
    loss: CrossEntropy | KullbackLeibler, outs: Matrix, tiny: float, signals: Matrix | None
) -> tuple[str, Matrix]:
    if signals is not None:
        logits = np.asarray(signals, np.float64)
        logits = logits - logits.max(axis=1, keepdims=True)
        return "ln P", np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))
    if not isinstance(loss, CrossEntropy):
        return "ln P", np.asarray(np.log(np.maximum(outs, tiny)))
    name = "P"
    if loss.normalized:
        name, outs = "Q", outs / np.maximum(outs.sum(axis=1, keepdims=True), tiny)
    held = np.clip(outs, max(loss.clip, tiny), 1 - loss.clip) + loss.epsilon
    name = _held(loss, name)
    written = f"ln({name} + ε)" if loss.epsilon else f"ln {name}"
    return written, np.asarray(np.log(held))


def _likely(
    loss: BinaryCrossEntropy, outputs: Matrix, goals: Matrix, signals: Matrix | None
) -> Matrix:
    """Give ``Y ln P + (1 − Y) ln(1 − P)`` (B, C)."""
    if signals is not None:
        sums = np.asarray(signals, np.float64)
        return np.asarray(-(np.logaddexp(0, sums) - goals * sums))
    tiny = _tiny(outputs)
    outs = np.clip(outputs, loss.clip, 1 - loss.clip)
    yes = np.log(np.maximum(np.asarray(outs, np.float64), tiny) + loss.epsilon)
    no = np.log(np.maximum(np.asarray(1 - outs, np.float64), tiny) + loss.epsilon)
    return np.asarray(goals * yes + (1 - goals) * no)
