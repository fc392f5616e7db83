"""Rules about the length of steps: the learning rate, and what else makes them long or short."""

from math import sqrt
from typing import Final

import numpy as np

from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.data import NOTHING
from nnstudio.doctor.rules.gradients import only_scaled
from nnstudio.doctor.rules.offers import layer_name, offers, rate_times, row_path
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, from_step, rule
from nnstudio.doctor.rules.units import ALL_CAUSES, LARGE_CAUSES, STEP_CAUSES, is_done
from nnstudio.nn.clipping import ByNorm
from nnstudio.texts import text

WORSE_THAN_BEST: Final = 2.0
WORSE_THAN_FIRST: Final = 1.5
LONG_UPDATE: Final = 0.1
RATE_STEPS: Final = 20
THROWN: Final = 3.0
NOT_BETTER: Final = 0.9
SHORT_UPDATE: Final = 10**-4.5
SLOW_FALL: Final = 1e-3
FAR_REACH: Final = 99.0
LOW_RATE_STEPS: Final = 50
FULL_RATE: Final = 0.3
"""A rate under this share of the set one is being warmed up or faded out on purpose."""
SMALLEST: Final = 1e-3
NO_MOVE: Final = 1e-8
SWING_POINTS: Final = 0.1
SWING_SHARE: Final = 0.3
SWING_EPOCHS: Final = 8
CHANCES: Final = 3.0
CLIPPED_TIMES: Final = 10.0
PENALTY: Final = 2.0
PENALTY_STEPS: Final = 50


def learns_nothing(known: Known) -> bool:
    """Whether the data themselves have nothing to say."""
    gain = known.inputs.neighbour_gain
    return gain is not None and gain < NOTHING


@rule(
    "rate-too-high",
    checks=text("Steps are not too long."),
    phase=Phase.RATE,
    source="TheDeepChecker (loss twice its best), Deeplearning4j (update over weight 0.1), 2b",
    explained_by=(*LARGE_CAUSES, *STEP_CAUSES),
    in_a_row=3,
)
def rate_too_high(known: Known) -> Seen | None:
    """Judge whether steps jump over the valley."""
    course = known.course
    # weights that start small are changed by much of their size, and may be
    ratios = {
        one.number: one.update_ratio * min(1.0, one.weights_spread / one.advised_spread)
        for one in known.layers
        if one.update_ratio is not None and one.advised_spread > 0
    }
    number = max(ratios, key=lambda one: ratios[one], default=None)
    ratio = 0.0 if number is None else ratios[number]
    slower = rate_times(known.experiment, 0.1)
    reason = text("Each step jumps over the valley and lands higher on the other side.")
    rising = course.loss > WORSE_THAN_BEST * course.best_loss
    worse = course.loss > WORSE_THAN_FIRST * course.first_loss
    if known.step >= RATE_STEPS and rising and course.loss > 0.5 * course.first_loss:
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
    if known.step < RATE_STEPS or course.loss < NOT_BETTER * course.first_loss:
        return None
    early = known.history.loss[: 2 * RATE_STEPS]
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
    if number is None or ratio <= LONG_UPDATE or known.step < 2 * RATE_STEPS:
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


@rule(
    "clipped-steps",
    checks=text("Clipping shortens the exceptional step, not every step."),
    phase=Phase.RATE,
    source="ours: ten times over the limit, look after look",
    explained_by=("raw-inputs", "summed-loss", "gradient-scaled", "gradient-wrong"),
    in_a_row=3,
)
def clipped_steps(known: Known) -> Seen | None:
    """Judge whether every gradient is cut to a small part of its length."""
    clipping = known.experiment.clipping
    if not isinstance(clipping, ByNorm):
        raise NotKnownError(text("Gradients are not clipped by their norm."))
    length = sqrt(sum(one.gradient_norm**2 for one in known.layers))
    times = length / clipping.limit
    if times <= CLIPPED_TIMES:
        return None
    limit = float(f"{length:.2g}")
    return Seen(
        Severity.SLOW,
        times,
        CLIPPED_TIMES,
        text("Gradients are {times:.3g} times as long as clipping allows.", times=times),
        text("Every step has the same length, however steep the loss is: the rate acts no more."),
        (Remedy(text("Clip at {limit:g}", limit=limit), ((("clipping", "limit"), limit),)),),
        Shows.GRADIENTS,
    )


@rule(
    "penalty-wins",
    checks=text("The penalty is weaker than the data."),
    phase=Phase.RATE,
    source="TheDeepChecker, cs231n: gradient of the penalty against that of the data",
    in_a_row=2,
)
def penalty_wins(known: Known) -> Seen | None:
    """Judge whether the weights are pulled to 0 harder than to the answer."""
    from_step(known, PENALTY_STEPS)
    ratios = {
        one.number: one.penalty_ratio for one in known.layers if one.penalty_ratio is not None
    }
    if not ratios:
        raise NotKnownError(text("No layer has a penalty."))
    number = max(ratios, key=lambda one: ratios[one])
    ratio = ratios[number]
    if ratio <= PENALTY or is_done(known):
        return None
    penalty = known.experiment.network.rows[number].penalty
    path = (*row_path(known.experiment, number), "penalty")
    lower = tuple(
        ((*path, name), getattr(penalty, name) / 10)
        for name in ("l1", "l2")
        if getattr(penalty, name, 0.0)
    )
    return Seen(
        Severity.SLOW,
        ratio,
        PENALTY,
        text(
            "In {layer}, the penalty pulls {ratio:.3g} times as hard as the data do.",
            layer=layer_name(known.experiment, number),
            ratio=ratio,
        ),
        text("The weights are drawn to 0 harder than to the answer."),
        (Remedy(text("Divide the penalty by 10"), lower),),
        Shows.WEIGHTS,
        number,
    )


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
        offers(rate_times(known.experiment, 100.0)),
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
    ratios = [one.update_ratio for one in known.layers if one.update_ratio is not None]
    step = known.arithmetic
    if not only_scaled(step):
        raise NotKnownError(
            text("The gradient is wrong, so its steps tell nothing about the rate.")
        )
    # of a gradient that is too long or too short, the step of a right one is meant
    reach = None if step.reach is None else step.reach / max(step.one_step or 1.0, SMALLEST)
    # a factor of ten on the way to a step that is as long as it can be
    faster = rate_times(known.experiment, 10.0)
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
            offers(faster),
            Shows.GRADIENTS,
        )
    if reach is None or reach < FAR_REACH:
        return None
    return Seen(
        Severity.SLOW,
        reach,
        FAR_REACH,
        text(
            "The loss would go on falling along a step that is {reach:.0f} times as long.",
            reach=reach,
        ),
        text("So many steps are made where one would do: learning takes that much longer."),
        offers(faster),
        Shows.RANGE_TEST,
    )


@rule(
    "swinging-score",
    checks=text("The validation score does not jump up and down."),
    phase=Phase.RATE,
    source="after AutoTrainer (3 points in 20 % of the epochs); limit measured by "
    "tests/benchmarks/false_alarms.py, where healthy nets do that in half of their epochs",
    explained_by=(
        *LARGE_CAUSES,
        *STEP_CAUSES,
        "one-class-per-batch",
        "labels-off",
        "rate-too-high",
    ),
)
def swinging_score(known: Known) -> Seen | None:
    """Judge whether the score of validation swings from epoch to epoch."""
    rows = known.course.validation
    held_out = known.inputs.validation
    if len(rows) < SWING_EPOCHS or known.task == "values":
        raise NotKnownError(text("Too few epochs are over."))
    scores = [row[2] for row in rows]
    swings = 0
    for before, now, after in zip(scores, scores[1:], scores[2:], strict=False):
        # what chance alone would do with so few samples
        noise = CHANCES * sqrt(max(now * (1.0 - now), 0.0) / max(1, held_out))
        least = max(SWING_POINTS, noise)
        if (before - now > least and after - now > least) or (
            now - before > least and now - after > least
        ):
            swings += 1
    share = swings / (len(scores) - 2)
    if share < SWING_SHARE:
        return None
    return Seen(
        Severity.SLOW,
        share,
        SWING_SHARE,
        text(
            "In {share:.0%} of the epochs the validation score jumps there and back.", share=share
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
    clipped_steps,
    penalty_wins,
    weights_do_not_move,
    rate_too_low,
    swinging_score,
)
