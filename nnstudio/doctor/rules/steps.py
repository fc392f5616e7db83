"""Rules about the length of steps: too long, too short, or lost in the digits."""

from typing import Final

import numpy as np

from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.data import NOTHING
from nnstudio.doctor.rules.gradients import only_scaled
from nnstudio.doctor.rules.offers import layer_name, offers, rate_times, usual_rate
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, from_step, rule
from nnstudio.doctor.rules.units import ALL_CAUSES, LARGE_CAUSES, is_done
from nnstudio.texts import Text, text

WORSE_THAN_BEST: Final = 2.0
WORSE_THAN_FIRST: Final = 1.5
LONG_UPDATE: Final = 0.1
RATE_STEPS: Final = 20
CERTAIN_STEPS: Final = 100
THROWN: Final = 3.0
NOT_BETTER: Final = 0.9
SHORT_UPDATE: Final = 10**-4.5
SLOW_FALL: Final = 1e-3
FAR_REACH: Final = 99.0
LOW_RATE_STEPS: Final = 50
LONG: Final = 3e-3
BOTTOM: Final = 0.2
FULL_RATE: Final = 0.3
"""A rate under this share of the set one is being warmed up or faded out on purpose."""
SMALLEST: Final = 1e-3
NO_MOVE: Final = 1e-8
SWING_POINTS: Final = 0.05
SWING_EPOCHS: Final = 15
NEWEST_EPOCHS: Final = 10
STILL_BETTER: Final = 0.01
FEW_SAMPLES: Final = 3.0
"""So many answers may change from epoch to epoch, however few are asked."""


def guess_of(known: Known) -> float | None:
    """Give the loss of who never looks at the inputs, added up as the run adds up a batch."""
    guess = known.inputs.guess_loss
    return None if guess is None else guess * known.terms


def first_or_guess(known: Known) -> float:
    """Give the first loss, or that of a guess where it is lower."""
    guess, first = guess_of(known), known.course.first_loss
    return first if guess is None else min(first, guess)


def learns_nothing(known: Known) -> bool:
    """Whether the data themselves have nothing to say."""
    gain = known.inputs.neighbour_gain
    return gain is not None and gain < NOTHING


@rule(
    "rate-too-high",
    checks=text("Steps are not too long."),
    phase=Phase.RATE,
    source="TheDeepChecker (loss twice its best), Deeplearning4j (update over weight 0.1), 2b",
    explained_by=(*LARGE_CAUSES, "heavy-dropout"),
    in_a_row=1,
)
def rate_too_high(known: Known) -> Seen | None:
    """Judge whether steps jump over the valley."""
    course = known.course
    ratios = _sizes(known)
    number = max(ratios, key=lambda one: ratios[one], default=None)
    ratio = 0.0 if number is None else ratios[number]
    slower = rate_times(known.experiment, 0.1)
    reason = text("Each step jumps over the valley and lands higher on the other side.")
    if course.ended in {"diverged", "blown_up"}:
        return _threw_itself_out(known, slower, reason)
    if known.step < CERTAIN_STEPS and (course.ended is None or known.step < RATE_STEPS):
        raise NotKnownError(text("This can be judged from step {step} on.", step=CERTAIN_STEPS))
    rising = course.loss > WORSE_THAN_BEST * course.best_loss
    worse = course.loss > WORSE_THAN_FIRST * course.first_loss
    if rising and course.loss > 0.5 * course.first_loss:
        return Seen(
            Severity.BROKEN if worse else Severity.SLOW,
            course.loss,
            WORSE_THAN_BEST * course.best_loss,
            text(
                "The loss is {loss:.4g}, after it had been {best:.4g}.",
                loss=course.loss,
                best=course.best_loss,
            ),
            reason,
            offers(slower),
            Shows.LOSS,
        )
    if course.loss < NOT_BETTER * first_or_guess(known):
        return None
    early = known.losses[: 2 * RATE_STEPS]
    peak = float(np.nanmax(early))
    if peak > THROWN * course.first_loss:
        return Seen(
            Severity.BROKEN,
            peak,
            THROWN * course.first_loss,
            text(
                "The first steps threw the loss from {first:.4g} to {peak:.4g}.",
                first=course.first_loss,
                peak=peak,
            ),
            reason,
            offers(slower),
            Shows.LOSS,
        )
    if number is None or ratio <= LONG_UPDATE:
        return None
    return Seen(
        Severity.SLOW,
        ratio,
        LONG_UPDATE,
        text(
            "In {layer}, one step changes the weights by {ratio:.2g} of their size.",
            layer=layer_name(known.experiment, number),
            ratio=ratio,
        ),
        reason,
        offers(slower),
        Shows.GRADIENTS,
        number,
    )


def _threw_itself_out(known: Known, slower: Remedy | None, reason: Text) -> Seen | None:
    """Judge a run that has ended because its numbers left all bounds."""
    first, losses = known.course.first_loss, known.losses
    highest = float(np.nanmax(losses))
    if not highest > THROWN * first:
        return None
    return Seen(
        Severity.BROKEN,
        highest,
        THROWN * first,
        text(
            "Within {steps} steps the loss rose from {first:.4g} to {highest:.4g}.",
            steps=len(losses),
            first=first,
            highest=highest,
        ),
        reason,
        offers(slower),
        Shows.LOSS,
    )


def _sizes(known: Known) -> dict[int, float]:
    """Give the size of the step in every layer, over that of its weights or of advised ones."""
    # weights that start small are changed by much of their size, and may be
    return {
        one.number: one.update_ratio * min(1.0, one.weights_spread / one.advised_spread)
        for one in known.layers
        if one.update_ratio is not None and one.advised_spread > 0
    }


@rule(
    "weights-do-not-move",
    checks=text("The weights of every layer move."),
    phase=Phase.RATE,
    source="SageMaker Debugger WeightUpdateRatio: under 1e-8",
    explained_by=(
        *ALL_CAUSES,
        "dead-units",
        "saturated-units",
        "zero-gradients",
        "vanishing-gradient",
        "rate-too-high",
    ),
)
def weights_do_not_move(known: Known) -> Seen | None:
    """Judge whether steps are lost in the digits of the weights."""
    from_step(known, 1)
    still = [
        one
        for one in known.layers
        if one.update_ratio is not None and one.update_ratio < NO_MOVE and one.units > 0
    ]
    if not still or is_done(known) or not _at_full_rate(known):
        return None
    layer = still[0]
    return Seen(
        Severity.BROKEN,
        layer.update_ratio or 0.0,
        NO_MOVE,
        text(
            "In {layer}, a step changes the weights by {ratio:.2g} of their size.",
            layer=layer_name(known.experiment, layer.number),
            ratio=layer.update_ratio or 0.0,
        ),
        text("At this pace the weights are the same after a million steps."),
        offers(usual_rate(known.experiment)),
        Shows.WEIGHTS,
        layer.number,
    )


def _at_full_rate(known: Known) -> bool:
    return known.course.rate >= FULL_RATE * known.experiment.optimizer.learning_rate


@rule(
    "rate-too-low",
    checks=text("Steps are not too short."),
    phase=Phase.RATE,
    source="Deeplearning4j and TheDeepChecker (1e-4), 1e-4.5 by 2b; reach of a step measured by "
    "tests/benchmarks/false_alarms.py: sensible rates stay at 32 and less",
    explained_by=(
        "faint-inputs",
        "outputs-do-not-sum",
        "gradient-sign",
        "gradient-missing",
        "gradient-wrong",
        "nothing-updated",
        "update-wrong",
        "dead-units",
        "zero-gradients",
        "vanishing-gradient",
        "clipped-steps",
        "weights-do-not-move",
    ),
)
def rate_too_low(known: Known) -> Seen | None:
    """Judge whether steps could have been far longer."""
    from_step(known, LOW_RATE_STEPS)
    if is_done(known) or learns_nothing(known) or not _at_full_rate(known):
        return None
    course = known.course
    # near the bottom any direction can be followed far
    if course.loss < BOTTOM * first_or_guess(known):
        return None
    ratios = [one.update_ratio for one in known.layers if one.update_ratio is not None]
    step = known.arithmetic
    if not only_scaled(step):
        raise NotKnownError(
            text("The gradient is wrong, so its steps tell nothing about the rate.")
        )
    # of a gradient that is too long or too short, the step of a right one is meant
    kept = max(step.one_step or 1.0, SMALLEST)
    reach = None if step.reach is None else step.reach / kept
    size = kept * max(_sizes(known).values(), default=0.0)
    if ratios and NO_MOVE < max(ratios) < SHORT_UPDATE and (course.fall or 0.0) < SLOW_FALL:
        return Seen(
            Severity.SLOW,
            max(ratios),
            SHORT_UPDATE,
            text(
                "No step changes the weights of a layer by more than {ratio:.1g} of their size, "
                "and the loss hardly falls.",
                ratio=max(ratios),
            ),
            text("At this pace a thousand steps change the weights by 3 % at most."),
            offers(rate_times(known.experiment, 10.0)),
            Shows.GRADIENTS,
        )
    # on a plateau steps may be far longer, too; but there they are not short
    if reach is None or reach < FAR_REACH or size > LONG:
        return None
    return Seen(
        Severity.SLOW,
        reach,
        FAR_REACH,
        text(
            "The loss would go on falling along a step that is {reach:.0f} times as long.",
            reach=reach,
        ),
        text("Runs with a sensible rate could make their steps 10 to 30 times as long, not more."),
        # sensible rates leave a reach of about ten
        offers(rate_times(known.experiment, reach / 10.0)),
        Shows.RANGE_TEST,
    )


@rule(
    "swinging-score",
    checks=text("The validation score does not jump up and down."),
    phase=Phase.RATE,
    source="after AutoTrainer (3 points), with 5 and without a new best: sensible networks jump by "
    "7 while they learn (tests/benchmarks/false_alarms.py)",
    explained_by=(
        *LARGE_CAUSES,
        "one-class-per-batch",
        "labels-off",
        "dead-units",
        "rate-too-high",
    ),
)
def swinging_score(known: Known) -> Seen | None:
    """Judge whether the score of validation jumps from epoch to epoch and gets nowhere."""
    scores = [row[2] for row in known.course.validation]
    if len(scores) < SWING_EPOCHS or known.task == "values":
        raise NotKnownError(text("Too few epochs are over."))
    newest, before = scores[-NEWEST_EPOCHS:], scores[:-NEWEST_EPOCHS]
    swing = float(np.median(np.abs(np.diff(newest))))
    least = max(SWING_POINTS, FEW_SAMPLES / max(1, known.inputs.validation))
    if swing < least or max(newest) > max(before) + STILL_BETTER:
        return None
    return Seen(
        Severity.SLOW,
        swing,
        least,
        text(
            "From epoch to epoch the validation score jumps by {swing:.1%}, and gets nowhere.",
            swing=swing,
        ),
        text("The steps, or the batches, are too coarse for this valley."),
        offers(
            rate_times(known.experiment, 1 / 3),
            Remedy(
                text("Double the batch size"),
                ((("batches", "size"), 2 * known.experiment.batches.size),),
            ),
        ),
        Shows.SCORE,
    )


RULES: Final[tuple[Rule, ...]] = (
    rate_too_high,
    weights_do_not_move,
    rate_too_low,
    swinging_score,
)
