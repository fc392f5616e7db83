"""What is said of one weight, one unit and one layer: short facts with their numbers."""

from typing import Final

import numpy as np

from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.views.weights.layers import Layer, Matrix, Mode, relative_change
from nnstudio.gui.widgets.numerals import grouped, percent, scientific, signed
from nnstudio.texts import tr

# A unit whose values all lie under this share of the scale looks empty.
PALE_BELOW: Final = 0.1


def facts_of_weight(
    layer: Layer,
    *,
    unit: int,
    wire: int,
    now: Matrix,
    initial: Matrix | None,
    gradient: Matrix | None,
    constant: bool,
    name: str = "",
    remark: str = "",
) -> list[str]:
    """Give the facts of the weight from input `wire` to `unit`; of the unit alone for -1.

    `name` is what the unit is called, `remark` why it looks as it does.
    """
    facts = [title_of_unit(unit, name)]
    if remark:
        facts.append(remark)
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
            1,
            tr("never changes because this input is always 0")
            if still
            else tr("this input is the same in every sample"),
        )
    return facts


def title_of_unit(unit: int, name: str = "") -> str:
    """Give the number of a unit, with its name when that says more."""
    if name and name != str(unit):
        return tr("Unit {number}: {name}", number=unit, name=name)
    return tr("Unit {number}", number=unit)


def remark_on_unit(
    unit: int, *, shown: Matrix, gradient: Matrix | None, limit: float | None
) -> str:
    """Say why a unit is dead or its picture pale; nothing where neither is known.

    `limit` is the end of the scale that all units share, None where each has its own.
    """
    if gradient is not None and not gradient[:, unit].any() and gradient.any():
        return tr("dead: no gradient came back in the last step")
    largest = float(np.abs(shown[:, unit]).max(initial=0.0))
    if limit and largest < PALE_BELOW * limit:
        share = percent(largest / limit, digits=1)
        return tr("pale: its largest value is {share} of the scale", share=share)
    return ""


def facts_of_layer(now: Matrix, initial: Matrix | None) -> list[str]:
    """Give what is said of the whole layer."""
    facts = [tr("Σ|W| = {sum}", sum=_short(float(np.abs(now).sum(dtype=np.float64))))]
    # beside weights that began as zeros no change has a size
    if initial is not None and initial.any():
        share = relative_change(now, initial)
        # two bars of one letter run together in so small a font
        facts.append(tr("||ΔW|| / ||W|| since start = {share}", share=_short(share)))
    return facts


def table_of(matrix: Matrix) -> str:
    """Give a matrix (D, H) as CSV: a row for every input, a column for every unit."""
    header = ("input", *(f"unit{at}" for at in range(matrix.shape[1])))
    return csv_text(header, ((at, *row) for at, row in enumerate(matrix.tolist())))


def words_for_missing(mode: Mode, *, ended: bool) -> tuple[str, str]:
    """Give title and sentence for a layer of which `mode` has nothing to show."""
    if mode != "gradient":
        return (
            tr("The start is not known"),
            tr("This run does not say what its weights were before the first step."),
        )
    if ended:
        return tr("No gradient"), tr("A saved model holds no gradient.")
    return tr("No gradient yet"), tr("It is shown after the next step of training.")


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
