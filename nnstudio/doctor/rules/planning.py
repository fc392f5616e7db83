"""Rules about the plan of a run: what its settings promise before a step is made."""

from typing import Any, Final

import numpy as np

from nnstudio.data.batches import steps_per_epoch
from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.offers import layer_name
from nnstudio.doctor.rules.ruling import Known, Seen, rule
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.schedules import LinearWarmUp
from nnstudio.texts import text

LONG_STEP: Final = 0.1
THROWN: Final = 1.5
EARLY: Final = 40
LARGE_RATE: Final = 1.0
"""Of a plain descent on a mean, which a sum makes of a rate."""
WARM_UP_SHARE: Final = 0.5
FEW_STEPS: Final = 200
LARGE_BATCH: Final = 0.25
HEAVY: Final = 0.5
NARROW: Final = 10
FEW_OUTPUTS: Final = 5
TOO_HEAVY: Final = 0.8


def planned_steps(known: Known) -> int | None:
    """Give how many steps the run will have; None where no limit says so."""
    experiment = known.experiment
    stopping, batches = experiment.stopping, experiment.batches
    limits = [] if stopping.steps is None else [stopping.steps]
    if stopping.epochs is not None:
        length = steps_per_epoch(known.inputs.training, batches.size, drop_last=batches.drop_last)
        limits.append(stopping.epochs * length)
    return min(limits, default=None)


@rule(
    "summed-loss",
    checks=text("The loss is the mean over the batch."),
    phase=Phase.START,
    source="case always-zero-gradient; the first loss is B ln C instead of ln C",
    in_a_row=1,
)
def summed_loss(known: Known) -> Seen | None:
    """Judge whether the loss is a sum over the batch, whose steps grow with the batch."""
    batch = known.terms
    if batch == 1:
        return None
    ratios = [one.update_ratio for one in known.layers if one.update_ratio is not None]
    # the first Moment may be looked at before its step is in the history
    highest = float(np.nanmax(known.losses[:EARLY], initial=-np.inf))
    thrown = highest > THROWN * known.course.first_loss
    rate = known.experiment.optimizer.learning_rate
    plain = known.experiment.optimizer.kind == "sgd"
    # a small rate may make up for it
    long = thrown or max(ratios, default=0.0) > LONG_STEP or (plain and rate * batch > LARGE_RATE)
    return Seen(
        Severity.SLOW if long else Severity.NOTE,
        batch,
        1,
        text(
            "The loss is the sum over the {batch} samples of a batch, not their mean.", batch=batch
        ),
        text(
            "Every gradient is {batch} times as long, and so is the step of a plain descent.",
            batch=batch,
        ),
        (Remedy(text("Take the mean over the batch"), ((("loss", "over_batch"), "mean"),)),),
        Shows.LOSS,
    )


@rule(
    "few-steps",
    checks=text("The run is long enough to see every sample once."),
    phase=Phase.START,
    source="case always-zero-gradient: 100 batches of 32 are a twentieth of MNIST",
    in_a_row=1,
)
def few_steps(known: Known) -> Seen | None:
    """Judge whether the run ends before every sample was seen."""
    steps, training = planned_steps(known), known.inputs.training
    if steps is None:
        return None
    seen = steps * known.experiment.batches.size
    if seen >= training:
        return None
    changes: list[tuple[tuple[str, ...], Any]] = [(("stopping", "epochs"), 5)]
    if known.experiment.stopping.steps is not None:
        changes.append((("stopping", "steps"), None))
    return Seen(
        Severity.SLOW,
        seen / training,
        1.0,
        text(
            "{steps} steps of {batch} samples see {share:.1%} of the training part.",
            steps=steps,
            batch=known.experiment.batches.size,
            share=seen / training,
        ),
        text("A network learns in thousands of small steps; this run ends at its beginning."),
        (Remedy(text("Train for 5 epochs"), tuple(changes)),),
        Shows.LOSS,
    )


@rule(
    "batch-too-large",
    checks=text("The batches leave enough steps."),
    phase=Phase.START,
    source="measured by tests/benchmarks/sensitivity.py; few steps, as in Keskar et al. 2017",
    explained_by=("few-steps",),
    in_a_row=1,
)
def batch_too_large(known: Known) -> Seen | None:
    """Judge whether large batches leave too few steps to learn in."""
    steps, training = planned_steps(known), known.inputs.training
    size = min(known.experiment.batches.size, training)
    if steps is None or steps >= FEW_STEPS or size < LARGE_BATCH * training or size < 32:
        return None
    smaller = max(16, size // 16)
    return Seen(
        Severity.SLOW,
        steps,
        FEW_STEPS,
        text(
            "With {size} of {training} samples in a batch the run has {steps} steps only.",
            size=size,
            training=training,
            steps=steps,
        ),
        text("Smaller batches make many more steps out of the same samples."),
        (Remedy(text("Take batches of {size}", size=smaller), ((("batches", "size"), smaller),)),),
        Shows.LOSS,
    )


@rule(
    "warm-up-too-long",
    checks=text("The warm-up ends well before the run does."),
    phase=Phase.START,
    source="ours: half of the run; Goyal et al. 2017 use 5 of 90 epochs",
    explained_by=("few-steps",),
    in_a_row=1,
)
def warm_up_too_long(known: Known) -> Seen | None:
    """Judge whether the rate rises for most of the run."""
    warm_up, steps = known.experiment.warm_up, planned_steps(known)
    if not isinstance(warm_up, LinearWarmUp) or steps is None:
        return None
    share = warm_up.steps / steps
    if share <= WARM_UP_SHARE:
        return None
    shorter = max(1, steps // 20)
    return Seen(
        Severity.SLOW,
        warm_up.steps,
        WARM_UP_SHARE * steps,
        text(
            "The warm-up takes {warm_up} steps, and the run has {steps}.",
            warm_up=warm_up.steps,
            steps=steps,
        ),
        text("The learning rate never works, or works at the very end only."),
        (
            Remedy(
                text("Warm up for {steps} steps", steps=shorter),
                ((("warm_up", "steps"), shorter),),
            ),
        ),
        Shows.LOSS,
    )


@rule(
    "heavy-dropout",
    checks=text("Dropout leaves most units in."),
    phase=Phase.START,
    source="UMLAUT (CHI 2021): more than 0.5",
    in_a_row=1,
)
def heavy_dropout(known: Known) -> Seen | None:
    """Judge whether so many units are left out that little can be learned."""
    rates = {
        number: row.dropout.rate
        for number, row in enumerate(known.experiment.network.layers)
        if isinstance(row.dropout, Dropout)
    }
    number = max(rates, key=lambda one: rates[one], default=None)
    if number is None or rates[number] <= HEAVY:
        return None
    return Seen(
        Severity.SLOW if rates[number] > TOO_HEAVY else Severity.NOTE,
        rates[number],
        HEAVY,
        text(
            "In {layer}, {share:.0%} of the units are left out in every step.",
            layer=layer_name(known.experiment, number),
            share=rates[number],
        ),
        text("What is left learns from a small part of each picture, slowly and roughly."),
        (
            Remedy(
                text("Leave out 20 %"),
                tuple(
                    (("network", "layers", one, "dropout", "rate"), 0.2)
                    for one in rates
                    if rates[one] > HEAVY
                ),
            ),
        ),
        Shows.LOSS,
        number,
    )


@rule(
    "narrow-layer",
    checks=text("No layer is narrower than what comes out at the end."),
    phase=Phase.START,
    source="case weights-do-not-change: 40 units instead of 10 give 2 to 27 points more",
    in_a_row=1,
)
def narrow_layer(known: Known) -> Seen | None:
    """Judge whether all that is known of a sample must pass through a few units."""
    outputs = known.layers[-1].units
    narrow = [
        one for one in known.hidden if one.units <= outputs and one.fan_in > NARROW * one.units
    ]
    if outputs < FEW_OUTPUTS or not narrow:
        return None
    layer = narrow[0]
    wider = 4 * outputs
    return Seen(
        Severity.NOTE,
        layer.units,
        outputs,
        text(
            "{inputs} inputs must pass through the {units} units of {layer}, to tell {outputs} "
            "classes apart.",
            inputs=layer.fan_in,
            units=layer.units,
            layer=layer_name(known.experiment, layer.number),
            outputs=outputs,
        ),
        text("What does not fit through a narrow layer is lost for all that follow."),
        (
            Remedy(
                text("Take {units} units", units=wider),
                tuple((("network", "layers", one.number, "units"), wider) for one in narrow),
            ),
        ),
        Shows.WEIGHTS,
        layer.number,
    )


RULES: Final[tuple[Rule, ...]] = (
    summed_loss,
    few_steps,
    batch_too_large,
    warm_up_too_long,
    heavy_dropout,
    narrow_layer,
)
