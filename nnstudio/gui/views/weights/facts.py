"""What is said of one weight, one unit and one layer: short facts with their numbers."""

import numpy as np

from nnstudio.gui.views.weights.layers import Layer, Matrix, relative_change
from nnstudio.gui.widgets.numerals import grouped, scientific, signed
from nnstudio.texts import tr


def facts_of_weight(
    layer: Layer,
    *,
    unit: int,
    wire: int,
    now: Matrix,
    initial: Matrix | None,
    gradient: Matrix | None,
    constant: bool,
) -> list[str]:
    """Give the facts of the weight from input `wire` to `unit`; of the unit alone for -1."""
    facts = [tr("Unit {number}", number=unit)]
    if wire >= 0:
        facts.append(_place(layer, wire))
        facts.append(tr("w = {value}", value=signed(float(now[wire, unit]))))
        if gradient is not None:
            facts.append(tr("gradient = {value}", value=_short(float(gradient[wire, unit]))))
    facts.append(tr("Σ|w| = {sum}", sum=_short(float(np.abs(now[:, unit]).sum()))))
    if initial is not None:
        change = float(np.abs(now[:, unit] - initial[:, unit]).sum())
        facts.append(tr("change since start = {sum}", sum=_short(change)))
    if constant:
        # With a constant other than 0 a weight does learn, as a bias does.
        still = initial is not None and bool((now[wire] == initial[wire]).all())
        facts.insert(
            3,
            tr("never changes because this input is always 0")
            if still
            else tr("this input is the same in every sample"),
        )
    return facts


def facts_of_layer(now: Matrix, initial: Matrix | None) -> list[str]:
    """Give what is said of the whole layer."""
    facts = [tr("Σ|W| = {sum}", sum=_short(float(np.abs(now).sum(dtype=np.float64))))]
    if initial is not None:
        share = relative_change(now, initial)
        facts.append(tr("‖ΔW‖/‖W‖ since start = {share}", share=_short(share)))
    return facts


def _place(layer: Layer, wire: int) -> str:
    if layer.picture:
        row, column = divmod(wire, layer.picture[1])
        return tr("input ({x}, {y})", x=column, y=row)
    return tr("input {number}", number=wire)


def _short(value: float) -> str:
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else signed(value)
    size = abs(value)
    if size < 1e-3:
        return scientific(value, digits=2)
    if size >= 1e4:
        return grouped(round(value))
    return f"{value:.4g}" if size >= 10 else f"{value:.3g}"
