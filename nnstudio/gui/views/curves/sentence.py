"""What a curve says, in one sentence: where it began, where it stands, and its best validation."""

import numpy as np

from nnstudio.gui.views.curves.curve import Curve, shown
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.texts import tr


def sentence_of(curve: Curve | None) -> str:
    """Say the main point of the current curve; empty before there are two steps.

    Of what is training, where it began and where it stands, smoothed; of the validation, the best.
    A loss that is added up over a batch cannot be compared with that of the validation.
    """
    if curve is None or curve.series.steps < 2:
        return ""
    if curve.run.elsewhere:
        # what matters most is that it is not what is open
        return tr("{run} of “{title}”", run=curve.run.name, title=curve.run.elsewhere)
    steps, quantity = curve.series.steps, curve.quantity
    half = curve.half("medium")
    first, last = (float(curve.series.at(step, half if step > 1 else 0)) for step in (1, steps))
    points = curve.points()
    best = points.best(curve.metric)
    numbers = {
        "first": shown(quantity, first),
        "last": shown(quantity, last),
        "steps": grouped(steps),
    }
    if not np.isfinite(last):
        return tr("No finite number after {steps} steps; it began at {first}.", **numbers)
    if curve.metric == "loss" and is_added_up(curve):
        return tr(
            "Training {first} → {last} in {steps} steps: sums over a batch; the validation is a "
            "mean.",
            **numbers,
        )
    if best is None:
        return tr("Training {first} → {last} in {steps} steps.", **numbers)
    return tr(
        "Training {first} → {last} in {steps} steps; best validation {best} at step {at}.",
        best=shown(quantity, float(points.value[best])),
        at=grouped(int(points.step[best])),
        **numbers,
    )


def is_added_up(curve: Curve) -> bool:
    """Tell whether the losses of a batch are added up, and their mean is not taken."""
    recipe = curve.run.recipe
    return recipe is not None and recipe.latest.loss.over_batch == "sum"
