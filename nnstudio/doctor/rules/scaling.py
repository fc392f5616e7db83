"""Rules about sizes: of the inputs right before the network, and of what it shall answer."""

from typing import Final

from nnstudio.data.preprocessing import Standardized, ToUnit
from nnstudio.doctor.diagnosis import Phase, Remedy, Severity, Shows
from nnstudio.doctor.rules.offers import mistake, usual
from nnstudio.doctor.rules.ruling import TINY, Known, Seen, given, rule
from nnstudio.nn.activations import Identity, Softmax
from nnstudio.texts import text

HIGHEST: Final = 10.0
LOWEST: Final = -10.0
SPREAD: Final = 5.0
OFF_CENTRE: Final = 1.0
FAINT: Final = 0.02
OTHER_SCALE: Final = 0.1
SUM_ERROR: Final = 1e-3
REACH: Final = 1e-6
LARGE_TARGETS: Final = 30.0
NO_NUMBERS: Final = text("None of the inputs is a finite number.")


@rule(
    "raw-inputs",
    checks=text("The inputs are about as large as 1."),
    phase=Phase.DATA,
    source="AutoTrainer (10), UMLAUT and DeepDiagnosis (-1 to 1); measured, field notes 2b",
    explained_by=("non-finite-inputs",),
    in_a_row=1,
)
def raw_inputs(known: Known) -> Seen | None:
    """Judge whether the inputs are too large."""
    facts = known.inputs
    low, high = given(facts.lowest, NO_NUMBERS), given(facts.highest, NO_NUMBERS)
    # single inputs that are nearly constant get a huge value when they are standardized
    extreme = high > HIGHEST or low < LOWEST
    standardized = isinstance(known.experiment.scaling, Standardized)
    if not (given(facts.spread, NO_NUMBERS) > SPREAD or (extreme and not standardized)):
        return None
    pictures = facts.image_shape is not None
    return Seen(
        Severity.SLOW,
        max(abs(high), abs(low)),
        HIGHEST,
        text("The inputs reach from {low:.3g} to {high:.3g}.", low=low, high=high),
        text(
            "Sums and gradients of the first layer grow by as much: units saturate or die, and "
            "steps become too long."
        ),
        (
            Remedy(text("Scale the inputs to 0–1"), ((("scaling",), ToUnit()),))
            if pictures
            else Remedy(text("Standardize the inputs"), ((("scaling",), Standardized()),)),
        ),
        Shows.DATA,
    )


@rule(
    "off-centre-inputs",
    checks=text("The inputs lie around 0."),
    phase=Phase.DATA,
    source="CheckInputImages asks for a mean under 0.2; ours is 1, as pixels of 0 to 1 learn well",
    explained_by=("non-finite-inputs", "blank-inputs", "raw-inputs"),
    in_a_row=1,
)
def off_centre_inputs(known: Known) -> Seen | None:
    """Judge whether the inputs lie far to one side of 0; a note, as many such networks learn."""
    facts = known.inputs
    mean, spread = given(facts.mean, NO_NUMBERS), given(facts.spread, NO_NUMBERS)
    if abs(mean) <= OFF_CENTRE or abs(mean) <= spread:
        return None
    return Seen(
        Severity.NOTE,
        mean,
        OFF_CENTRE,
        text(
            "The inputs lie around {mean:.3g}, with a spread of {spread:.2g}.",
            mean=mean,
            spread=spread,
        ),
        text("All weights of a unit are then pushed the same way at once, and steps zigzag."),
        (Remedy(text("Standardize the inputs"), ((("scaling",), Standardized()),)),),
        Shows.DATA,
    )


@rule(
    "faint-inputs",
    checks=text("The inputs differ enough from sample to sample."),
    phase=Phase.DATA,
    source="ours: as faint as pixels that were divided by 255 twice (spread 0.001)",
    explained_by=("non-finite-inputs", "blank-inputs"),
    in_a_row=1,
)
def faint_inputs(known: Known) -> Seen | None:
    """Judge whether the inputs hardly differ."""
    facts = known.inputs
    spread = given(facts.spread, NO_NUMBERS)
    if spread >= FAINT or facts.constant == facts.inputs:
        return None
    return Seen(
        Severity.SLOW,
        spread,
        FAINT,
        text("The inputs differ by {spread:.2g} only (standard deviation).", spread=spread),
        text("Such inputs move the sums of the first layer so little that it learns very slowly."),
        (Remedy(text("Standardize the inputs"), ((("scaling",), Standardized()),)),),
        Shows.DATA,
    )


@rule(
    "held-out-scaled-differently",
    checks=text("Held-out samples are scaled as training samples are."),
    phase=Phase.DATA,
    source="2c, rule 30: mean or spread differ by more than 10 %",
    in_a_row=1,
)
def held_out_scaled_differently(known: Known) -> Seen | None:
    """Judge whether validation sees other inputs than training would make of them."""
    facts = known.inputs
    nothing = text("Nothing is held out for validation.")
    mean, own_mean = given(facts.held_out_mean, nothing), given(facts.own_held_out_mean, nothing)
    spread = given(facts.held_out_spread, nothing)
    own_spread = given(facts.own_held_out_spread, nothing)
    size = max(abs(own_mean), own_spread, TINY)
    off = max(abs(mean - own_mean), abs(spread - own_spread)) / size
    if off <= OTHER_SCALE:
        return None
    return Seen(
        Severity.BROKEN,
        off,
        OTHER_SCALE,
        text(
            "Held-out inputs have mean {mean:.3g} and spread {spread:.3g}; scaled as in training "
            "they would have {own_mean:.3g} and {own_spread:.3g}.",
            mean=mean,
            spread=spread,
            own_mean=own_mean,
            own_spread=own_spread,
        ),
        text(
            "The network is asked about inputs that were prepared in another way than it learned."
        ),
        (mistake("evaluation-scaled-differently"),),
        Shows.DATA,
    )


@rule(
    "targets-out-of-reach",
    checks=text("The outputs can reach every target."),
    phase=Phase.DATA,
    source="NeuraLint f008: the range of the last activation and of the targets",
    in_a_row=1,
)
def targets_out_of_reach(known: Known) -> Seen | None:
    """Judge whether targets lie beyond what the output activation can give."""
    facts, activation = known.inputs, known.experiment.network.output.activation
    over = max(facts.target_highest - activation.highest, activation.lowest - facts.target_lowest)
    if over <= REACH:
        return None
    return Seen(
        Severity.BROKEN,
        over,
        0.0,
        text(
            "Targets reach from {low:.3g} to {high:.3g}, outputs only from {least:.3g} to "
            "{most:.3g}.",
            low=facts.target_lowest,
            high=facts.target_highest,
            least=activation.lowest,
            most=activation.highest,
        ),
        text("What the output units cannot say they cannot learn either."),
        (
            usual("values")
            if known.task == "values"
            else Remedy(
                text("Take linear outputs"), ((("network", "output", "activation"), Identity()),)
            ),
        ),
        Shows.LOSS,
    )


@rule(
    "targets-do-not-add-up",
    checks=text("The targets fit outputs that share a whole."),
    phase=Phase.DATA,
    source="the sum of a softmax is 1; case gradient-check",
    in_a_row=1,
)
def targets_do_not_add_up(known: Known) -> Seen | None:
    """Judge whether softmax is asked for answers that do not sum to 1."""
    facts = known.inputs
    softmax = isinstance(known.experiment.network.output.activation, Softmax)
    if not softmax or facts.target_sum_error <= SUM_ERROR:
        return None
    return Seen(
        Severity.BROKEN,
        facts.target_sum_error,
        SUM_ERROR,
        text(
            "Softmax outputs add up to 1, but targets of a sample miss that by up to {off:.3g}.",
            off=facts.target_sum_error,
        ),
        text(
            "Where several answers are right, or none, no softmax can give them, and its usual "
            "gradient, output minus target, is that of no loss at all."
        ),
        (usual(known.task if known.task != "classes" else "labels"),),
        Shows.LOSS,
    )


@rule(
    "large-targets",
    checks=text("The targets are about as large as 1."),
    phase=Phase.DATA,
    source="ours: as for inputs, a step grows with the error",
    in_a_row=1,
)
def large_targets(known: Known) -> Seen | None:
    """Judge whether values to be learned are so large that steps become too long."""
    facts = known.inputs
    largest = max(abs(facts.target_lowest), abs(facts.target_highest))
    if known.task != "values" or largest <= LARGE_TARGETS:
        return None
    return Seen(
        Severity.SLOW,
        largest,
        LARGE_TARGETS,
        text(
            "The targets reach from {low:.3g} to {high:.3g}.",
            low=facts.target_lowest,
            high=facts.target_highest,
        ),
        text("Errors start as large as the targets, and so do the gradients and the steps."),
        (Remedy(text("Divide the targets in the data by a constant")),),
        Shows.LOSS,
    )


RULES: Final = (
    raw_inputs,
    off_centre_inputs,
    faint_inputs,
    held_out_scaled_differently,
    targets_out_of_reach,
    targets_do_not_add_up,
    large_targets,
)
