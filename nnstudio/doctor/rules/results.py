"""Rules about what came of it: answers, the shape of the curves, and the end of the run."""

from typing import Final

import numpy as np

from nnstudio.data.preprocessing import Standardized
from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.offers import mistake, usual
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, from_step, given, rule
from nnstudio.doctor.rules.steps import first_or_guess, guess_of, learns_nothing
from nnstudio.doctor.rules.units import ALL_CAUSES
from nnstudio.texts import text

EVERY_CAUSE: Final = (
    "labels-off",
    "one-class-per-batch",
    "unbalanced-classes",
    "targets-out-of-reach",
    "targets-do-not-add-up",
    *ALL_CAUSES,
    "few-steps",
    "batch-too-large",
    "warm-up-too-long",
    "heavy-dropout",
    "clip-speaks",
    "dead-units",
    "saturated-units",
    "zero-gradients",
    "vanishing-gradient",
    "rate-too-high",
    "penalty-wins",
    "clipped-steps",
    "weights-do-not-move",
    "rate-too-low",
    "wrong-loss-for-output",
    "no-non-linearity",
    "first-loss-wrong",
)
SAME_ANSWER: Final = 0.8
OVER_TRUE_SHARE: Final = 0.3
ANSWER_STEPS: Final = 100
GUESSING: Final = 0.02
GUESSING_STEPS: Final = 300
SHIFTED: Final = 0.5
DRIFT: Final = 0.5
DRIFT_TIMES: Final = 3.0
RISING_EPOCHS: Final = 3
GAP: Final = 0.1
SMALL_SCORE: Final = 0.97
UNDER_REFERENCE: Final = 0.1
FAR_UNDER: Final = 0.3
SMALL_GAP: Final = 0.03
SMALL_EPOCHS: Final = 8
STILL_BETTER: Final = 0.015
STILL_LOWER: Final = 0.95
STILL_FALLING: Final = 0.1
BARELY_BEGUN: Final = 0.5


@rule(
    "shifted-answers",
    checks=text("No class is taken for its neighbour throughout."),
    phase=Phase.RESULT,
    source="case table: a shifted diagonal in the confusion matrix; half of all answers is ours",
    explained_by=("labels-off",),
)
def shifted_answers(known: Known) -> Seen | None:
    """Judge whether most answers are those of another class, equally far away for all."""
    answers = given(known.outputs.answers, text("There are no classes."))
    classes, total = len(answers), int(answers.sum())
    if classes < 3 or not total:
        raise NotKnownError(text("There are too few classes to shift."))
    rows = np.arange(classes)
    shares = [
        float(answers[rows, (rows + shift) % classes].sum()) / total for shift in range(1, classes)
    ]
    shift = int(np.argmax(shares)) + 1
    share = shares[shift - 1]
    if share < SHIFTED or share < 3 * float(np.trace(answers)) / total:
        return None
    return Seen(
        Severity.BROKEN,
        share,
        SHIFTED,
        text(
            "{share:.0%} of the answers are off by {shift}: the network says the class that comes "
            "{shift} later.",
            share=share,
            shift=shift,
        ),
        text("It has learned well, but labels that are shifted against the samples."),
        (mistake("labels-off-by-one"),),
        Shows.CONFUSION,
    )


@rule(
    "output-biases-drift",
    checks=text("The output biases do not all move together."),
    phase=Phase.RESULT,
    source="case gradient-check: mean +4.0 after 1,000 steps; softmax cannot see it",
    explained_by=(
        "targets-do-not-add-up",
        "gradient-missing",
        "gradient-wrong",
        "gradient-scaled",
        "raw-inputs",
    ),
)
def output_biases_drift(known: Known) -> Seen | None:
    """Judge whether softmax biases share a drift that no softmax can see."""
    first, last = known.start[-1], known.layers[-1]
    if last.activation != "softmax" or known.experiment.optimizer.kind != "sgd":
        raise NotKnownError(text("Only of a softmax output and a plain descent is it known."))
    no_bias = text("The output layer has no biases.")
    drift = given(last.bias_mean, no_bias) - given(first.bias_mean, no_bias)
    spread = given(last.bias_spread, no_bias)
    if abs(drift) <= DRIFT or abs(drift) <= DRIFT_TIMES * spread:
        return None
    return Seen(
        Severity.SLOW,
        drift,
        DRIFT,
        text("All output biases have moved together, by {drift:+.3g} on average.", drift=drift),
        text(
            "Softmax cannot see what is added to all of its sums: such a gradient teaches nothing."
        ),
        (usual(known.task),),
        Shows.WEIGHTS,
        last.number,
    )


@rule(
    "always-the-same-answer",
    checks=text("The answers differ from sample to sample."),
    phase=Phase.RESULT,
    source="TheDeepChecker (outputs constant); 2b: healthy 0.12 to 0.24 after 100 steps",
    explained_by=EVERY_CAUSE,
    in_a_row=3,
)
def always_the_same_answer(known: Known) -> Seen | None:
    """Judge whether nearly all samples get the same answer; at the start that is normal."""
    from_step(known, ANSWER_STEPS)
    outputs = known.outputs
    share = given(outputs.largest_share, text("There are no classes."))
    answers = given(outputs.answers, text("There are no classes."))
    favourite = int(answers.sum(axis=0).argmax())
    true_share = float(answers[favourite].sum()) / max(1, int(answers.sum()))
    if share <= SAME_ANSWER or share - true_share <= OVER_TRUE_SHARE:
        return None
    if learns_nothing(known):
        return None
    return Seen(
        Severity.BROKEN,
        share,
        SAME_ANSWER,
        text("{share:.0%} of the samples get one and the same answer.", share=share),
        text(
            "The network has found the one answer that is right {right:.0%} of the time.",
            right=true_share,
        ),
        (),
        Shows.CONFUSION,
    )


@rule(
    "stuck-at-guessing",
    checks=text("The loss is lower than that of a guess."),
    phase=Phase.RESULT,
    source="within 2 % of the loss of the best constant answer for 300 steps; 2b",
    explained_by=(*EVERY_CAUSE, "always-the-same-answer"),
)
def stuck_at_guessing(known: Known) -> Seen | None:
    """Judge whether the network does no better than who never looks at the inputs."""
    from_step(known, GUESSING_STEPS)
    if any(row.penalty.kind != "none" for row in known.experiment.network.rows):
        raise NotKnownError(text("The loss holds a penalty as well."))
    guess = given(guess_of(known), text("The loss of a guess is not known."))
    newest = known.losses[-GUESSING_STEPS:]
    loss = float(np.median(newest[np.isfinite(newest)])) if np.isfinite(newest).any() else np.inf
    if loss < (1.0 - GUESSING) * guess or learns_nothing(known):
        return None
    return Seen(
        Severity.BROKEN,
        loss,
        (1.0 - GUESSING) * guess,
        text(
            "For {steps} steps the loss has been {loss:.4g}; who guesses without looking has "
            "{guess:.4g}.",
            steps=GUESSING_STEPS,
            loss=loss,
            guess=guess,
        ),
        text("The network knows how frequent each answer is, and nothing about the inputs.")
        if loss <= (1.0 + GUESSING) * guess
        else text("Its answers are worse than if it did not look at the inputs at all."),
        (Remedy(text("Look at some samples with their targets")),),
        Shows.LOSS,
    )


@rule(
    "too-small",
    checks=text("The network is large enough for the data."),
    phase=Phase.RESULT,
    source="cs231n (training and validation equal, both poor); ours: 10 points under neighbours",
    explained_by=(*EVERY_CAUSE, "always-the-same-answer", "stuck-at-guessing"),
    in_a_row=3,
)
def too_small(known: Known) -> Seen | None:
    """Judge whether a network that has stopped to learn is worse than its nearest samples."""
    course = known.course
    if known.task != "classes" or len(course.validation) < SMALL_EPOCHS:
        raise NotKnownError(text("Too few epochs are over."))
    reference = given(known.inputs.neighbour_score, text("Too few samples are held out to try it."))
    scores = [row[2] for row in course.validation]
    held_out, half = scores[-1], len(scores) // 2
    losses = [row[1] for row in course.validation]
    improving = max(scores[half:]) > max(scores[:half]) + STILL_BETTER or min(
        losses[half:]
    ) < STILL_LOWER * min(losses[:half])
    together = abs(course.score - held_out) < SMALL_GAP + 0.5 * UNDER_REFERENCE
    if improving or not together or course.score >= SMALL_SCORE:
        return None
    if held_out > reference - UNDER_REFERENCE or not known.hidden:
        return None
    return Seen(
        Severity.SLOW,
        held_out,
        reference,
        text(
            "The score stays at {score:.0%}; the nearest training samples alone would give "
            "{reference:.0%}.",
            score=held_out,
            reference=reference,
        ),
        text("Training and validation are equally poor: more time will not help, more units may."),
        (_wider(known),),
        Shows.SCORE,
    )


def _wider(known: Known) -> Remedy:
    wider = tuple(
        (("network", "layers", number, "units"), 4 * row.units)
        for number, row in enumerate(known.experiment.network.layers)
    )
    return Remedy(text("Make every hidden layer four times as wide"), wider)


@rule(
    "below-neighbours",
    checks=text("The network knows as much of the values as the nearest samples do."),
    phase=Phase.RESULT,
    source="ours: an R² of 0.3 under that of the nearest samples or a straight line",
    explained_by=(*EVERY_CAUSE, "stuck-at-guessing"),
    in_a_row=3,
)
def below_neighbours(known: Known) -> Seen | None:
    """Judge whether values are learned far worse than they could be."""
    course = known.course
    if known.task != "values":
        raise NotKnownError(text("There are no values to learn."))
    if len(course.validation) < SMALL_EPOCHS:
        raise NotKnownError(text("Too few epochs are over."))
    reference = given(known.inputs.neighbour_gain, text("Too few samples are held out to try it."))
    scores = [row[2] for row in course.validation]
    best, half = max(scores), len(scores) // 2
    if best > reference - FAR_UNDER or max(scores[half:]) > max(scores[:half]) + STILL_BETTER:
        return None
    standardized = known.experiment.scaling.kind == "standard"
    return Seen(
        Severity.SLOW,
        best,
        reference,
        text(
            "R² of the validation never rose above {best:.2f}; the nearest samples alone would "
            "give {reference:.2f}.",
            best=best,
            reference=reference,
        ),
        text("Something keeps the network from what the inputs say: their scale, or its size."),
        (
            _wider(known)
            if standardized
            else Remedy(text("Standardize the inputs"), ((("scaling",), Standardized()),)),
        ),
        Shows.SCORE,
    )


@rule(
    "stopped-too-early",
    checks=text("The run ended when little was left to learn."),
    phase=Phase.RESULT,
    source="ours: the loss still fell by 10 % in 100 steps when the run ended",
    explained_by=("few-steps", "warm-up-too-long", "batch-too-large", "rate-too-low"),
    in_a_row=1,
)
def stopped_too_early(known: Known) -> Seen | None:
    """Judge whether the run was ended while it was still learning fast."""
    course = known.course
    if course.ended not in {"steps", "epochs", "seconds"}:
        raise NotKnownError(text("The run has not come to its end."))
    fall = given(course.fall, text("Too few steps were made."))
    most = first_or_guess(known)
    left = course.loss / most if most > 0 else 0.0
    if fall <= STILL_FALLING or left < BARELY_BEGUN:
        return None
    return Seen(
        Severity.SLOW,
        fall,
        STILL_FALLING,
        text("When the run ended, the loss was falling by {fall:.0%} in 100 steps.", fall=fall),
        text("It ended in the middle of learning: more steps would have gone on."),
        (_longer(known),),
        Shows.LOSS,
    )


def _longer(known: Known) -> Remedy:
    stopping = known.experiment.stopping
    changes = tuple(
        (("stopping", name), 4 * limit)
        for name, limit in (
            ("epochs", stopping.epochs),
            ("steps", stopping.steps),
            ("seconds", stopping.seconds),
        )
        if limit is not None
    )
    return Remedy(text("Train four times as long"), changes)


@rule(
    "over-fitting",
    checks=text("Validation gets better while training does."),
    phase=Phase.RESULT,
    source="SageMaker Debugger Overfit (0.1); UMLAUT, with 3 epochs instead of one",
    in_a_row=1,
)
def over_fitting(known: Known) -> Seen | None:
    """Judge whether it improves only on what it has seen; no fault of the network, so a note."""
    course = known.course
    gap = given(course.gap, text("No epoch with a validation is over yet."))
    if course.rising_epochs < RISING_EPOCHS or gap <= GAP:
        if learns_nothing(known):
            raise NotKnownError(text("There may be nothing to learn that could be validated."))
        return None
    return Seen(
        Severity.NOTE,
        gap,
        GAP,
        text(
            "For {epochs} epochs the validation loss has risen while the training loss fell.",
            epochs=course.rising_epochs,
        ),
        text("It learns by heart: it gets better only on samples that it has seen."),
        (Remedy(text("Keep the best weights"), ((("stopping", "keep_best"), True),)),),
        Shows.LOSS,
    )


RULES: Final[tuple[Rule, ...]] = (
    shifted_answers,
    output_biases_drift,
    always_the_same_answer,
    stuck_at_guessing,
    too_small,
    below_neighbours,
    stopped_too_early,
    over_fitting,
)
