"""Rules about units and the flow through the layers: where the signal ends, or blows up."""

from typing import Final

from nnstudio.doctor.diagnosis import Phase, Rule, Severity, Shows
from nnstudio.doctor.evidence.facts import LayerFacts
from nnstudio.doctor.rules.initialization import DATA_CAUSES
from nnstudio.doctor.rules.offers import (
    SQUASHING,
    layer_name,
    leak,
    offers,
    rate_times,
    rectify,
    redraw,
)
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, rule
from nnstudio.texts import text

START_CAUSES: Final = ("symmetric-units", "weights-too-large", "weights-too-small", "summed-loss")
STEP_CAUSES: Final = (
    "outputs-do-not-sum",
    "gradient-accumulates",
    "gradient-sign",
    "gradient-missing",
    "gradient-wrong",
    "gradient-scaled",
    "nothing-updated",
    "update-wrong",
)
LARGE_CAUSES: Final = (
    "non-finite-inputs",
    "blank-inputs",
    "raw-inputs",
    "large-targets",
    *STEP_CAUSES,
    "weights-too-large",
    "summed-loss",
)
"""What makes signals or steps too large, or wrong; a wrong step before a large start."""
ALL_CAUSES: Final = (*DATA_CAUSES, *STEP_CAUSES, *START_CAUSES)

MANY_DEAD: Final = 0.8
SOME_DEAD: Final = 0.5
NEARLY_ALL_DEAD: Final = 0.95
ZEROS: Final = 0.99
FLAT: Final = 0.25
VERY_FLAT: Final = 0.05
FADED: Final = 1e-2
FADED_START: Final = 2e-2
STILL_FADED: Final = 3e-2
LOST: Final = 1e-3
DAMPED: Final = 0.1
DAMPING: Final = frozenset(("sigmoid", "hard_sigmoid"))
SWOLLEN: Final = 30.0
LATE: Final = 100
MOST_LEFT: Final = 0.5
FITTED: Final = 0.01
"""A loss under this share of the first one is that of a network that is done."""


def is_done(known: Known) -> bool:
    """Whether the loss is so low that little gradient is left for a good reason."""
    course = known.course
    return course.loss < FITTED * course.first_loss


def is_late_and_bad(known: Known) -> bool:
    """Whether a hundred steps were made and most of the loss is left."""
    return known.step >= LATE and known.course.loss > MOST_LEFT * known.course.first_loss


@rule(
    "dead-units",
    checks=text("Units answer to some of the samples."),
    phase=Phase.FLOW,
    source="SageMaker Debugger DeadRelu (50 %: a note); limit measured by "
    "tests/benchmarks/false_alarms.py, where narrow healthy layers reach 71 %",
    explained_by=(
        "symmetric-units",
        *LARGE_CAUSES,
        "heavy-dropout",
        "penalty-wins",
        "rate-too-high",
    ),
    in_a_row=3,
)
def dead_units(known: Known) -> Seen | None:
    """Judge how many units have no slope for any sample."""
    if not known.hidden:
        raise NotKnownError(text("There is no hidden layer."))
    # above a layer that is all dead nothing varies: there only units that are off are dead
    judged = [
        one
        for one in known.hidden
        if one.activation not in SQUASHING and (one.lit > 0.0 or one.off > SOME_DEAD)
    ]
    layer = max(judged, key=lambda one: one.dead, default=None)
    if layer is None or layer.dead <= SOME_DEAD:
        return None
    if layer.dead >= NEARLY_ALL_DEAD:
        severity = Severity.BROKEN
    else:
        severity = Severity.SLOW if layer.dead > MANY_DEAD else Severity.NOTE
    numbers = tuple(one.number for one in judged if one.dead > SOME_DEAD)
    return Seen(
        severity,
        layer.dead,
        MANY_DEAD if layer.dead > MANY_DEAD else SOME_DEAD,
        text(
            "In {layer}, {share:.0%} of the units are off for every sample.",
            layer=layer_name(known.experiment, layer.number),
            share=layer.dead,
        ),
        text("A unit that is off for every sample has no slope, so it never comes back."),
        offers(
            # what was off from the start was drawn so
            redraw(known.experiment, numbers)
            if known.start[layer.number].dead > SOME_DEAD
            else None,
            leak(known.experiment, numbers),
            rate_times(known.experiment, 1 / 3),
        ),
        Shows.UNITS,
        layer.number,
    )


@rule(
    "saturated-units",
    checks=text("Units work where their activation has a slope."),
    phase=Phase.FLOW,
    source="mean slope, measured in field notes 2b: healthy 0.62 to 0.83, sick 0.18 and less",
    explained_by=(*LARGE_CAUSES, "rate-too-high"),
)
def saturated_units(known: Known) -> Seen | None:
    """Judge how much slope squashing units have left."""
    squashing = [one for one in known.hidden if one.activation in SQUASHING]
    slopes = {one.number: one.slope for one in squashing if one.slope is not None}
    first = {one.number: one.slope for one in known.start if one.slope is not None}
    if not slopes:
        raise NotKnownError(text("No hidden layer has units that saturate at both ends."))
    number = min(slopes, key=lambda one: slopes[one])
    slope = slopes[number]
    # steep answers need large sums: what learns may be flat, but nothing should start so
    if slope >= FLAT or not (first.get(number, 1.0) < FLAT or is_late_and_bad(known)):
        return None
    numbers = tuple(one for one in slopes if slopes[one] < FLAT)
    return Seen(
        Severity.BROKEN if slope < VERY_FLAT else Severity.SLOW,
        slope,
        VERY_FLAT if slope < VERY_FLAT else FLAT,
        text(
            "In {layer}, {slope:.1%} of the steepest slope are left.",
            layer=layer_name(known.experiment, number),
            slope=slope,
        ),
        text("The units sit at the flat ends of their activation, and hardly any error passes."),
        offers(redraw(known.experiment, numbers), rectify(known.experiment, numbers)),
        Shows.UNITS,
        number,
    )


@rule(
    "zero-gradients",
    checks=text("Gradients reach every layer."),
    phase=Phase.FLOW,
    source="SageMaker Debugger AllZero; over lit inputs (2b), where small batches leave 91 %",
    explained_by=(*ALL_CAUSES, "rate-too-high", "dead-units", "saturated-units"),
)
def zero_gradients(known: Known) -> Seen | None:
    """Judge whether the gradient of a layer is exactly 0 nearly everywhere."""
    worst = max(known.layers, key=lambda one: one.zero_gradients)
    if worst.zero_gradients <= ZEROS or is_done(known):
        return None
    return Seen(
        Severity.BROKEN if worst.zero_gradients >= 1.0 else Severity.SLOW,
        worst.zero_gradients,
        ZEROS,
        text(
            "In {layer}, {share:.0%} of the gradient are exactly 0.",
            layer=layer_name(known.experiment, worst.number),
            share=worst.zero_gradients,
        ),
        text("Nothing flows back to these weights: they stay as they are."),
        (),
        Shows.GRADIENTS,
        worst.number,
    )


def _flow(layers: tuple[LayerFacts, ...]) -> float:
    """Give the ratio of the norms of the gradients of the first and the last layer."""
    if len(layers) < 2:
        raise NotKnownError(text("There is one layer only."))
    first, last = layers[0], layers[-1]
    if last.gradient_norm == 0.0:
        raise NotKnownError(text("The last layer has no gradient."))
    return first.gradient_norm / last.gradient_norm


@rule(
    "vanishing-gradient",
    checks=text("The gradient does not fade from the last layer to the first."),
    phase=Phase.FLOW,
    source="AutoTrainer (1e-3); measured by tests/benchmarks/false_alarms.py: sensible networks "
    "start at 0.04 and more, six sigmoid layers (2b) at 0.001 to 0.003",
    explained_by=(
        "weights-too-small",
        *ALL_CAUSES,
        "rate-too-high",
        "dead-units",
        "saturated-units",
        "zero-gradients",
    ),
)
def vanishing_gradient(known: Known) -> Seen | None:
    """Judge whether the gradient is lost on its way back."""
    ratio = _flow(known.layers)
    from_the_start = _flow(known.start) < FADED_START and ratio < STILL_FADED
    if not (from_the_start or (ratio < FADED and is_late_and_bad(known))) or is_done(known):
        return None
    squashing = tuple(one.number for one in known.hidden if one.activation in SQUASHING)
    return Seen(
        Severity.BROKEN if ratio < LOST else Severity.SLOW,
        ratio,
        LOST if ratio < LOST else FADED_START,
        text("The gradient of the first layer is {ratio:.2g} times that of the last.", ratio=ratio),
        text("Each layer multiplies the error by slopes and weights that are under 1.")
        if squashing
        else text("Most of the error is lost in units that are off, or in small weights."),
        (
            rectify(known.experiment, squashing)
            if squashing
            else redraw(known.experiment, tuple(one.number for one in known.layers)),
        ),
        Shows.GRADIENTS,
        0,
    )


@rule(
    "stacked-sigmoids",
    checks=text("No row of sigmoids dampens the gradient."),
    phase=Phase.FLOW,
    source="case which-activation: first to last 0.043; ReLU there gives 17.6 to 39.2 %",
    explained_by=("weights-too-large", "weights-too-small", "vanishing-gradient"),
    in_a_row=1,
)
def stacked_sigmoids(known: Known) -> Seen | None:
    """Judge whether sigmoid after sigmoid takes most of the gradient; many learn nevertheless."""
    sigmoids = tuple(one.number for one in known.hidden if one.activation in DAMPING)
    if len(sigmoids) < 2:
        return None
    ratio = _flow(known.start)
    if ratio >= DAMPED:
        return None
    return Seen(
        Severity.NOTE,
        ratio,
        DAMPED,
        text(
            "{count} hidden layers of sigmoids leave {ratio:.2g} of the last layer's gradient to "
            "the first.",
            count=len(sigmoids),
            ratio=ratio,
        ),
        text("The slope of a sigmoid is 1/4 at most, and each layer multiplies the error by it."),
        (rectify(known.experiment, sigmoids),),
        Shows.GRADIENTS,
        0,
    )


@rule(
    "exploding-gradient",
    checks=text("The gradient does not grow from the last layer to the first."),
    phase=Phase.FLOW,
    source="AutoTrainer (70); measured, field notes 2b: healthy up to 3.3, sick 30 to 230",
    explained_by=(*LARGE_CAUSES, "rate-too-high"),
)
def exploding_gradient(known: Known) -> Seen | None:
    """Judge whether the gradient swells on its way back."""
    ratio = _flow(known.layers)
    if ratio <= SWOLLEN or is_done(known):
        return None
    return Seen(
        Severity.SLOW,
        ratio,
        SWOLLEN,
        text("The gradient of the first layer is {ratio:.3g} times that of the last.", ratio=ratio),
        text("The error swells on its way back: one rate cannot fit all layers."),
        (redraw(known.experiment, tuple(range(len(known.layers)))),),
        Shows.GRADIENTS,
        0,
    )


RULES: Final[tuple[Rule, ...]] = (
    dead_units,
    saturated_units,
    zero_gradients,
    vanishing_gradient,
    stacked_sigmoids,
    exploding_gradient,
)
