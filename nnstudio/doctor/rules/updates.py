"""Rules about the update: whether a step is the one that the optimizer's formula gives."""

from typing import Final

from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.gradients import layer_of
from nnstudio.doctor.rules.offers import layer_name, mistake
from nnstudio.doctor.rules.ruling import Known, NotKnownError, Seen, rule
from nnstudio.texts import text

UPDATE_WRONG: Final = 0.05
NOT_MADE: Final = 0.99


@rule(
    "nothing-updated",
    checks=text("Gradients change the weights."),
    phase=Phase.ARITHMETIC,
    source="SageMaker Debugger UnchangedTensor; exact, as the step is known",
)
def nothing_updated(known: Known) -> Seen | None:
    """Judge whether a step with a gradient leaves everything where it was."""
    errors = known.arithmetic.update_errors
    if not errors or min(errors.values()) < NOT_MADE:
        return None
    if any(one.update_ratio for one in known.layers):
        return None
    length = max(one.gradient_norm for one in known.layers)
    return Seen(
        Severity.BROKEN,
        length,
        0.0,
        text("There is a gradient of length {length:.2g}, but no weight has moved.", length=length),
        text("The step was worked out and never added to the weights."),
        (mistake("update-not-applied"),),
        Shows.WEIGHTS,
    )


@rule(
    "biases-not-updated",
    checks=text("Biases are updated as weights are."),
    phase=Phase.ARITHMETIC,
    source="ours: the applied update against the optimizer's formula",
    explained_by=("nothing-updated",),
)
def biases_not_updated(known: Known) -> Seen | None:
    """Judge whether the biases alone are left out of every step."""
    errors = known.arithmetic.update_errors
    biases = [error for name, error in errors.items() if name.endswith(".b")]
    others = [error for name, error in errors.items() if not name.endswith(".b")]
    if not biases:
        raise NotKnownError(text("There are no biases."))
    if min(biases) < NOT_MADE or max(others, default=0.0) >= UPDATE_WRONG:
        return None
    return Seen(
        Severity.SLOW,
        min(biases),
        UPDATE_WRONG,
        text("Of the step of the biases, {share:.0%} are missing.", share=min(biases)),
        text("Without biases every unit must switch where its sum is 0, and many cannot."),
        (mistake("bias-never-updated"),),
        Shows.WEIGHTS,
    )


@rule(
    "update-wrong",
    checks=text("Steps are those of the optimizer."),
    phase=Phase.ARITHMETIC,
    source="ours: 5 %; rounding of small steps in single precision stays under that",
    explained_by=("nothing-updated", "biases-not-updated"),
)
def update_wrong(known: Known) -> Seen | None:
    """Judge whether the step is the one that the optimizer's formula gives."""
    errors = known.arithmetic.update_errors
    name = max(errors, key=lambda one: errors[one], default=None)
    if name is None or errors[name] <= UPDATE_WRONG:
        return None
    only_biases = all(one.endswith(".b") for one, error in errors.items() if error > UPDATE_WRONG)
    return Seen(
        Severity.SLOW if only_biases else Severity.BROKEN,
        errors[name],
        UPDATE_WRONG,
        text(
            "Of {layer}, the step differs from the optimizer's formula by {error:.0%}.",
            layer=layer_name(known.experiment, layer_of(name)),
            error=errors[name],
        ),
        text("Something changes the weights that the settings do not name."),
        (Remedy(text("Run the gradient check, which looks at the update too")),),
        Shows.CHECK,
        layer_of(name),
    )


RULES: Final[tuple[Rule, ...]] = (nothing_updated, biases_not_updated, update_wrong)
