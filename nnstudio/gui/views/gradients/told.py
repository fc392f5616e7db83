"""What the course of gradients says, in one sentence each, written from the newest numbers."""

import numpy as np

from nnstudio.gui.views.gradients.course import Values
from nnstudio.gui.views.gradients.scenes import HEALTHY
from nnstudio.gui.views.gradients.spreads import Spreads
from nnstudio.gui.widgets.numerals import brief, percent
from nnstudio.texts import tr

FADES: float = 1e-2
"""A first layer that gets less than so much of the last one's gradient hardly learns."""


def of_norms(norms: Values, titles: tuple[str, ...]) -> str:
    """Say whether the gradient reaches all layers alike."""
    broken, still = np.flatnonzero(~np.isfinite(norms)), np.flatnonzero(norms == 0)
    if len(broken):
        layer = titles[int(broken[0])]
        return tr("{layer} has a gradient that is no finite number any more.", layer=layer)
    if len(still) == len(norms):
        return tr("No layer gets any gradient: nothing can be learned from here.")
    if len(still):
        layer = titles[int(still[-1])]
        return tr("{layer} gets no gradient at all: it does not learn.", layer=layer)
    return _of_finite(norms)


def _of_finite(norms: Values) -> str:
    if len(norms) == 1:
        return tr("The only layer has a gradient of {norm}.", norm=brief(float(norms[0])))
    share = float(norms[0] / norms[-1])
    if share < FADES:
        return tr(
            "The first layer gets {share} of the gradient of the last: it fades on its way back.",
            share=brief(share, digits=2),
        )
    if share > 1 / FADES:
        return tr(
            "The first layer gets {share} times the gradient of the last: it grows on its way "
            "back.",
            share=brief(share, digits=2),
        )
    return tr(
        "The gradient reaches every layer: the largest is {share} times the smallest.",
        share=brief(float(norms.max() / norms.min()), digits=2),
    )


def of_ratios(ratios: Values, titles: tuple[str, ...]) -> str:
    """Say whether every layer moves by a healthy share of its weights."""
    known = np.isfinite(ratios)
    if not known.any():
        return tr("How far the weights move is not known yet.")
    low, high = HEALTHY
    slow = np.flatnonzero(known & (ratios < low))
    fast = np.flatnonzero(known & (ratios > high))
    if len(fast):
        at = int(fast[np.argmax(ratios[fast])])
        return tr(
            "{layer} moves by {ratio} of its weights in one step: more than {limit} is too fast.",
            layer=titles[at],
            ratio=brief(float(ratios[at]), digits=2),
            limit=brief(high, digits=2),
        )
    if len(slow):
        at = int(slow[np.argmin(ratios[slow])])
        return tr(
            "{layer} moves by {ratio} of its weights in one step: less than {limit} is hardly "
            "learning.",
            layer=titles[at],
            ratio=brief(float(ratios[at]), digits=2),
            limit=brief(low, digits=2),
        )
    return tr(
        "Every layer moves by a healthy share of its weights: {low} to {high} in one step.",
        low=brief(float(ratios[known].min()), digits=2),
        high=brief(float(ratios[known].max()), digits=2),
    )


def of_spreads(found: Spreads) -> str:
    """Say how large the weights are and how many slopes are nothing."""
    if found.zero_slopes is None:
        return tr("The weights have a spread of {spread}.", spread=brief(found.spread))
    return tr(
        "The weights have a spread of {spread}; {zeros} of their gradients are exactly 0.",
        spread=brief(found.spread),
        zeros=percent(found.zero_slopes, digits=0),
    )
