"""Rules about the arithmetic: whether outputs, loss and evaluation are what they say they are."""

from math import e, log
from typing import Final

import numpy as np

from nnstudio.doctor.diagnosis import Phase, Rule, Severity, Shows
from nnstudio.doctor.rules.gradients import refuse_beyond_logarithms
from nnstudio.doctor.rules.offers import mistake, rate_times
from nnstudio.doctor.rules.ruling import TINY, Known, NotKnownError, Seen, from_step, given, rule
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.texts import Text, text

OUTPUT_SUM: Final = 1e-3
OUTPUTS: Final = 1e-3
LOSS: Final = 1e-2
FLOOR_REACH: Final = 1.17
FLOOR_SCORE: Final = 0.6
FLOOR_STEPS: Final = 200
TWICE: Final = 1e-6
EVALUATED: Final = 0.02
CLIPPED: Final = 0.05
MANY_CLIPPED: Final = 0.25
SMALL_LOSS: Final = 1e-3
"""Share of the first loss under which digits are rounding."""


@rule(
    "outputs-do-not-sum",
    checks=text("The softmax outputs of every sample add up to 1."),
    phase=Phase.ARITHMETIC,
    source="the definition of softmax; rounding stays under 1e-5 in single precision",
)
def outputs_do_not_sum(known: Known) -> Seen | None:
    """Judge whether softmax shares out 1 to each sample."""
    off = given(known.arithmetic.output_sum_error, text("The outputs are no softmax."))
    if off <= OUTPUT_SUM:
        return None
    return Seen(
        Severity.BROKEN,
        off,
        OUTPUT_SUM,
        text("The outputs of a sample should add up to 1; one misses that by {off:.3g}.", off=off),
        text(
            "Softmax was taken over the whole batch: samples compete with each other, and the loss "
            "cannot fall under ln {batch} = {floor:.3g} per sample.",
            batch=known.arithmetic.batch,
            floor=log(known.arithmetic.batch),
        ),
        (mistake("softmax-over-batch"),),
        Shows.LOSS,
    )


@rule(
    "softmax-twice",
    checks=text("The loss is not held up by a second softmax."),
    phase=Phase.ARITHMETIC,
    source="UMLAUT, NeuraLint f003; floor ln(1 + (C - 1)/e) and its reach measured, field notes 2b",
)
def softmax_twice(known: Known) -> Seen | None:
    """Judge whether a good network has the loss that a second softmax leaves at least."""
    from_step(known, FLOOR_STEPS)
    loss = known.experiment.loss
    if not isinstance(loss, CrossEntropy) or known.task != "classes":
        raise NotKnownError(text("The loss is no cross-entropy over classes."))
    classes, course = known.inputs.outputs, known.course
    floor = log(1 + (classes - 1) / e)
    lowest = course.floor / known.terms
    near = floor * 0.995 <= lowest <= floor * FLOOR_REACH
    told, own = known.arithmetic.told_loss, known.arithmetic.own_loss
    other = abs(told - own) > LOSS * max(told, own)
    if not near or course.score < FLOOR_SCORE or not other:
        return None
    return Seen(
        Severity.SLOW,
        lowest,
        floor,
        text(
            "{score:.0%} of the answers are right, yet the loss stays at {lowest:.4g}.",
            score=course.score,
            lowest=lowest,
        ),
        text(
            "With softmax taken twice, {classes} classes cannot have a loss under {floor:.4g}.",
            classes=classes,
            floor=floor,
        ),
        (mistake("softmax-twice"),),
        Shows.LOSS,
    )


@rule(
    "outputs-differ",
    checks=text("The outputs are those of the network as it is set."),
    phase=Phase.ARITHMETIC,
    source="ours: worked out again in double precision; rounding stays under 1e-4",
    explained_by=("outputs-do-not-sum", "softmax-twice"),
)
def outputs_differ(known: Known) -> Seen | None:
    """Judge whether the run's outputs are those of its own weights."""
    off = known.arithmetic.output_error
    activation = known.experiment.network.output.activation
    bounded = np.isfinite(activation.lowest) and np.isfinite(activation.highest)
    # unbounded outputs are compared with their own size
    size = 1.0 if bounded else max(1.0, known.arithmetic.output_size)
    if off / size <= OUTPUTS:
        return None
    softmax = activation.kind == "softmax"
    flatter = softmax and (known.arithmetic.output_sum_error or 0.0) <= OUTPUT_SUM
    return Seen(
        Severity.SLOW,
        off,
        OUTPUTS * size,
        text("The run's outputs differ from those of its own weights by up to {off:.3g}.", off=off),
        text("Between the weights and the loss stands something that the settings do not name."),
        (mistake("softmax-twice"),) if flatter else (),
        Shows.CHECK,
    )


@rule(
    "loss-told-differs",
    checks=text("The loss that is shown is the one that is set."),
    phase=Phase.ARITHMETIC,
    source="ours: worked out again in double precision; 1 % is far over rounding",
    explained_by=("outputs-do-not-sum", "softmax-twice", "outputs-differ"),
)
def loss_told_differs(known: Known) -> Seen | None:
    """Judge whether the told loss is that of the same batch worked out again."""
    told, own = known.arithmetic.told_loss, known.arithmetic.own_loss
    size = max(abs(told), abs(own), SMALL_LOSS * known.course.first_loss, TINY)
    off = abs(told - own) / size
    if off <= LOSS:
        return None
    refuse_beyond_logarithms(known)
    return Seen(
        Severity.SLOW,
        told,
        own,
        text("The run tells a loss of {told:.4g}; it is {own:.4g}.", told=told, own=own),
        text("What is shown is not what the settings say: the curve tells about something else."),
        (),
        Shows.CHECK,
    )


@rule(
    "clip-speaks",
    checks=text("The clip inside the loss is hardly ever reached."),
    phase=Phase.ARITHMETIC,
    source="case loss-rises: -ln(1e-10) = 23.03 times the share of wrong answers",
    explained_by=(
        "raw-inputs",
        "gradient-accumulates",
        "gradient-sign",
        "gradient-missing",
        "gradient-wrong",
        "gradient-scaled",
        "weights-too-large",
        "rate-too-high",
    ),
)
def clip_speaks(known: Known) -> Seen | None:
    """Judge whether the loss is only the clip times the share of wrong answers."""
    loss = known.experiment.loss
    clip = loss.clip if isinstance(loss, CrossEntropy | BinaryCrossEntropy) else 0.0
    if not clip:
        raise NotKnownError(text("The loss has no clip."))
    share = given(known.outputs.clipped, text("The loss has no clip."))
    if share <= CLIPPED:
        return None
    return Seen(
        Severity.BROKEN if share > MANY_CLIPPED else Severity.SLOW,
        share,
        CLIPPED,
        text(
            "For {share:.0%} of the samples the loss is −ln({clip:g}) = {most:.4g}, the most that "
            "its clip allows.",
            share=share,
            clip=clip,
            most=-log(clip),
        ),
        text("There the loss is flat: these samples give no gradient, and the loss sticks."),
        tuple(one for one in (rate_times(known.experiment, 0.1),) if one is not None),
        Shows.LOSS,
    )


@rule(
    "evaluation-differs",
    checks=text("Evaluated twice, the same samples get the same loss."),
    phase=Phase.ARITHMETIC,
    source="ours: an evaluation draws nothing, so both must be equal; 2 % of rounding between runs",
    explained_by=("held-out-scaled-differently", "outputs-do-not-sum", "outputs-differ"),
)
def evaluation_differs(known: Known) -> Seen | None:
    """Judge whether evaluation is a property of the weights alone."""
    outputs = known.outputs
    first, second = given(outputs.told, text("Nothing is held out for validation."))
    size = max(abs(first), abs(second), TINY)
    off = abs(first - second) / size
    own = outputs.told_own
    if off > TWICE:
        claim: Text = text(
            "The same samples were evaluated twice: the loss was {first:.4g}, then {second:.4g}.",
            first=first,
            second=second,
        )
        drops = any(row.dropout.kind != "none" for row in known.experiment.network.layers)
        return Seen(
            Severity.SLOW,
            off,
            TWICE,
            claim,
            text("Dropout is at work in prediction: answers are a matter of luck.")
            if drops
            else text("Something is drawn anew in every evaluation: answers are a matter of luck."),
            (mistake("dropout-active-in-prediction"),) if drops else (),
            Shows.SCORE,
        )
    refuse_beyond_logarithms(known)
    if own is None or abs(first - own) <= EVALUATED * max(abs(first), abs(own), 1e-3):
        return None
    return Seen(
        Severity.SLOW,
        first,
        own,
        text(
            "The run gives held-out samples a loss of {first:.4g}; its weights give {own:.4g}.",
            first=first,
            own=own,
        ),
        text("Held-out samples are not judged by the loss and the outputs that are set."),
        (),
        Shows.SCORE,
    )


NUMBERS: Final = {
    "inputs": text("the inputs"),
    "sums": text("the sums of a layer"),
    "outputs": text("the outputs of a layer"),
    "loss": text("the loss"),
    "gradient": text("the gradient"),
    "update": text("the weights after the step"),
}


@rule(
    "non-finite",
    checks=text("All numbers are finite."),
    phase=Phase.ARITHMETIC,
    source="SageMaker Debugger ExplodingTensor, AutoTrainer, DeepLocalize: any NaN or inf",
    explained_by=(
        "non-finite-inputs",
        "raw-inputs",
        "large-targets",
        "gradient-accumulates",
        "gradient-sign",
        "gradient-missing",
        "gradient-wrong",
        "gradient-scaled",
        "weights-too-large",
        "summed-loss",
        "rate-too-high",
        "exploding-gradient",
    ),
    in_a_row=1,
)
def non_finite(known: Known) -> Seen | None:
    """Judge whether numbers left the range of floating point."""
    found = known.non_finite
    if found is None:
        return None
    what = NUMBERS.get(found.what, Text(found.what))
    rows = known.experiment.network.rows
    claim = (
        text("At step {step}, {what} left the range of finite numbers.", step=found.step, what=what)
        if found.layer is None
        else text(
            "At step {step}, {what} left the range of finite numbers (layer {layer} of {layers}).",
            step=found.step,
            what=what,
            layer=found.layer + 1,
            layers=len(rows),
        )
    )
    slower = rate_times(known.experiment, 0.1)
    return Seen(
        Severity.BROKEN,
        found.step,
        0,
        claim,
        text("A value left the range of floating point; whatever is worked out from it is lost."),
        () if slower is None else (slower,),
        Shows.LOSS,
        found.layer,
    )


RULES: Final[tuple[Rule, ...]] = (
    outputs_do_not_sum,
    softmax_twice,
    outputs_differ,
    loss_told_differs,
    evaluation_differs,
)
LATE_RULES: Final[tuple[Rule, ...]] = (clip_speaks, non_finite)
"""Of the same phase, after the rules about the gradient, which explain them."""
