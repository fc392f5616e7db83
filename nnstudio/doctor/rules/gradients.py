"""Rules about the gradient: whether it is that of the loss that is stated.

Which mistake made a wrong gradient is found by the gradient check (`doctor.naming`); here the
numbers alone say that it is wrong, and how.
"""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Final

from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.evidence.facts import Arithmetic
from nnstudio.doctor.rules.offers import layer_name, mistake, rate_times
from nnstudio.doctor.rules.ruling import TINY, Known, NotKnownError, Seen, given, rule
from nnstudio.texts import Text, text

WRONG: Final = 1e-2
SCALED: Final = 1.1
ONLY_SCALED: Final = 0.05
"""What is left of a gradient after the best factor, as a share of it, when it is only scaled."""
LARGEST_FACTOR: Final = 1e9
"""Sums and means of anything are apart by less; further off, nothing is only scaled."""
ALIKE: Final = 0.02
FAR_TOO_LONG: Final = 10.0
ONE_STEP: Final = (0.9, 1.1)
REPEATED: Final = 0.1
REPEATED_ERROR: Final = 0.01
NEARLY_ALL: Final = 0.98
MISSING: Final = 0.01
PARTLY_RIGHT: Final = 0.05
CUT_OFF: Final = 30.0
"""Of a loss per sample; probabilities of e^-30 are where programs cut logarithms off."""
PLAIN: Final = frozenset(("sgd",))
"""Optimizers whose step is as long as the gradient says."""


@dataclass(frozen=True)
class _Slots:
    """How the applied gradient differs from the stated one, slot by slot.

    Attributes
    ----------
    wrong : dict of str to float
        Relative error of the slots whose direction is wrong.
    scaled : dict of str to float
        Factor of the slots that are wrong by a factor alone.
    """

    wrong: dict[str, float]
    scaled: dict[str, float]

    @property
    def factor(self) -> float | None:
        """The one factor of all slots; None where there are several, or something else is wrong."""
        factors = list(self.scaled.values())
        if self.wrong or not factors:
            return None
        middle = sorted(factors)[len(factors) // 2]
        alike = all(abs(one - middle) <= ALIKE * abs(middle) for one in factors)
        return middle if alike else None


def _slots(step: Arithmetic) -> _Slots:
    wrong: dict[str, float] = {}
    scaled: dict[str, float] = {}
    for name, error in step.gradient_errors.items():
        if error <= WRONG:
            continue
        factor = step.gradient_sizes.get(name, inf)
        if _off_direction(error, factor) < ONLY_SCALED:
            scaled[name] = factor
        else:
            wrong[name] = error
    return _Slots(wrong, scaled)


def _worst(known: Known) -> tuple[_Slots, Arithmetic]:
    """Give the wrong parts of this step, or of the first one: a dead network has right zeros."""
    step = known.arithmetic
    if is_right(step) and known.step:
        try:
            step = known.first_arithmetic
        except NotKnownError:
            step = known.arithmetic
    return _slots(step), step


def _off_direction(error: float, factor: float) -> float:
    """Give what `error` leaves beside the best `factor`, as a share of the scaled gradient."""
    if not 1e-9 <= abs(factor) <= LARGEST_FACTOR or error >= 1.0 > factor > 0.0:
        return inf
    if factor < 0.0:
        # the error is measured against the longer of both; opposite ones are apart by their sum
        longer = max(1.0, abs(factor))
        square = (error * longer) ** 2 - (1.0 - factor) ** 2
        return sqrt(max(0.0, square)) / abs(factor)
    inside = error**2 - (factor - 1.0) ** 2
    if factor**2 + inside > 1.0:
        inside = (error**2 * factor**2 - (factor - 1.0) ** 2) / max(TINY, 1.0 - error**2)
    return sqrt(max(0.0, inside)) / factor


def refuse_beyond_logarithms(known: Known) -> None:
    """End the rule as not checked where the loss is so large that its logarithm was cut off.

    Raises
    ------
    NotKnownError
        Then the told loss is not the stated one, and rightly so.
    """
    step = known.arithmetic
    if (
        step.own_loss > CUT_OFF * known.terms
        and abs(step.told_loss - step.own_loss) > 0.01 * step.own_loss
    ):
        raise NotKnownError(text("The loss is so large that its logarithm was cut off."))


def refuse_other_directions(slots: _Slots) -> None:
    """End the rule as not checked where a gradient points elsewhere.

    Raises
    ------
    NotKnownError
        Then neither its sign nor its length mean anything.
    """
    if slots.wrong:
        raise NotKnownError(text("The gradient points elsewhere, so its length tells nothing."))


def only_scaled(step: Arithmetic) -> bool:
    """Whether nothing but the length of the gradient is wrong."""
    return not _slots(step).wrong


def is_right(step: Arithmetic) -> bool:
    """Whether the gradient of a step is the stated one."""
    return all(error <= WRONG for error in step.gradient_errors.values())


@rule(
    "gradient-accumulates",
    checks=text("A gradient holds nothing of the step before."),
    phase=Phase.ARITHMETIC,
    source="ours: the rest of the gradient is that of the step before; the mistake leaves 1e-9 of "
    "it, successive gradients that are merely alike 0.04 (case gradient-check)",
    explained_by=("non-finite-inputs",),
)
def gradient_accumulates(known: Known) -> Seen | None:
    """Judge whether the gradient of the step before is still in this one."""
    step = known.arithmetic
    if is_right(step) or not is_right(known.first_arithmetic):
        return None
    factor = given(step.repeated, text("Only one step was made so far."))
    error = given(step.repeated_error, text("Only one step was made so far."))
    if abs(factor - 1.0) > REPEATED or error > REPEATED_ERROR:
        return None
    return Seen(
        Severity.BROKEN,
        factor,
        0.0,
        text("Each gradient still holds {factor:.0%} of the one before.", factor=factor),
        text("It was never set back to 0: steps grow and point to where the loss once fell."),
        (mistake("gradient-accumulates"),),
        Shows.CHECK,
    )


@rule(
    "gradient-sign",
    checks=text("The gradient points uphill, so that a step goes down."),
    phase=Phase.ARITHMETIC,
    source="measured, field notes 2b: the one-step test gives -1.00",
    in_a_row=1,
)
def gradient_sign(known: Known) -> Seen | None:
    """Judge whether the gradient has the wrong sign."""
    slots, _ = _worst(known)
    refuse_other_directions(slots)
    factor = slots.factor
    if factor is None or factor >= 0.0:
        return None
    return Seen(
        Severity.BROKEN,
        factor,
        0.0,
        text(
            "The gradient is {factor:.3g} times the right one: it has the wrong sign.",
            factor=factor,
        ),
        text("Every step climbs the loss instead of going down."),
        (mistake("gradient-sign"),),
        Shows.CHECK,
    )


@rule(
    "gradient-scaled",
    checks=text("The gradient is as long as the loss says."),
    phase=Phase.ARITHMETIC,
    source="measured, field notes 2b: a gradient that is right by 10 %",
    explained_by=("gradient-accumulates", "gradient-missing", "gradient-wrong"),
    in_a_row=1,
)
def gradient_scaled(known: Known) -> Seen | None:
    """Judge whether the gradient has the right direction and a wrong length."""
    slots, step = _worst(known)
    refuse_other_directions(slots)
    scaled = {
        name: factor
        for name, factor in slots.scaled.items()
        if factor > 0 and max(factor, 1.0 / factor) > SCALED
    }
    if not scaled:
        return None
    name = max(scaled, key=lambda one: max(scaled[one], 1.0 / scaled[one]))
    factor = scaled[name]
    far = factor > FAR_TOO_LONG and known.experiment.optimizer.kind in PLAIN
    which = _scaling_mistake(step, slots, known)
    slower = rate_times(known.experiment, 1.0 / factor)
    return Seen(
        Severity.BROKEN if far else Severity.SLOW,
        factor,
        1.0,
        text("The gradient is {factor:.3g} times as long as it should be.", factor=factor)
        if slots.factor is not None
        else text(
            "Of {layer}, the gradient is {factor:.3g} times as long as it should be.",
            layer=layer_name(known.experiment, layer_of(name)),
            factor=factor,
        ),
        text("The direction is right, but steps are too long or too short by this factor."),
        (mistake(which),) if which else () if slower is None else (slower,),
        Shows.CHECK,
        None if slots.factor is not None else layer_of(name),
    )


def _scaling_mistake(step: Arithmetic, slots: _Slots, known: Known) -> str:
    factor = slots.factor
    if factor is not None and abs(factor - step.batch) <= ALIKE * step.batch:
        return "summed-gradient"
    inputs = {layer.number: layer.fan_in for layer in known.layers}
    by_inputs = all(
        abs(one - step.batch / inputs[layer_of(name)]) <= ALIKE * one
        for name, one in slots.scaled.items()
    )
    return "divided-by-inputs" if by_inputs else ""


def layer_of(name: str) -> int:
    """Give the number of the layer that a slot such as ``layers.0.W`` belongs to."""
    return int(name.split(".")[1])


@rule(
    "gradient-missing",
    checks=text("No layer lacks the gradient that it should have."),
    phase=Phase.ARITHMETIC,
    source="case always-zero-gradient: norm 0.5 where the true gradient has 44",
    in_a_row=1,
)
def gradient_missing(known: Known) -> Seen | None:
    """Judge whether weights get next to nothing of the gradient that the loss has for them."""
    _, step = _worst(known)
    missing = {
        name: abs(step.gradient_sizes.get(name, 1.0))
        for name, error in step.gradient_errors.items()
        if name.endswith(".W") and error >= NEARLY_ALL
    }
    name = min(missing, key=lambda one: missing[one], default=None)
    # where all is wrong, the loss is another one; here some of it is right
    some_right = min(step.gradient_errors.values(), default=1.0) < PARTLY_RIGHT
    if name is None or missing[name] > MISSING or not some_right:
        return None
    return Seen(
        Severity.BROKEN,
        missing[name],
        MISSING,
        text(
            "Of the gradient that the weights of {layer} should have, {share:.1%} are there.",
            layer=layer_name(known.experiment, layer_of(name)),
            share=missing[name],
        ),
        text("The loss does depend on these weights, but the program finds no slope there."),
        (Remedy(text("Run the gradient check, which names the mistake")),),
        Shows.CHECK,
        layer_of(name),
    )


@rule(
    "gradient-wrong",
    checks=text("The gradient is that of the loss that is shown."),
    phase=Phase.ARITHMETIC,
    source="cs231n, TheDeepChecker: relative error above 1e-2; measured, field notes 2b",
    explained_by=(
        "gradient-missing",
        "outputs-do-not-sum",
        "softmax-twice",
        "outputs-differ",
        "gradient-accumulates",
    ),
    in_a_row=1,
)
def gradient_wrong(known: Known) -> Seen | None:
    """Judge whether any part of the gradient points elsewhere than that of the stated loss."""
    slots, _ = _worst(known)
    wrong = slots.wrong
    if not wrong:
        return None
    refuse_beyond_logarithms(known)
    name = max(wrong, key=lambda one: wrong[one])
    only_biases = all(one.endswith(".b") for one in wrong)
    layer = layer_name(known.experiment, layer_of(name))
    return Seen(
        Severity.SLOW if only_biases else Severity.BROKEN,
        wrong[name],
        WRONG,
        _wrong_claim(name, layer, error=wrong[name], others=len(wrong) - 1),
        text("Steps go where this gradient points, and there the loss need not fall."),
        (Remedy(text("Run the gradient check, which names the mistake")),),
        Shows.CHECK,
        layer_of(name),
    )


def _wrong_claim(name: str, layer: Text, *, error: float, others: int) -> Text:
    part = text("biases") if name.endswith(".b") else text("weights")
    if not others:
        return text(
            "The gradient of the {part} of {layer} is not that of the loss: relative error "
            "{error:.2g}.",
            part=part,
            layer=layer,
            error=error,
        )
    return text(
        "{count} gradients are not those of the loss; the worst is that of the {part} of {layer}: "
        "relative error {error:.2g}.",
        count=others + 1,
        part=part,
        layer=layer,
        error=error,
    )


@rule(
    "one-step-failed",
    checks=text("A tiny step lowers the loss by what the gradient promises."),
    phase=Phase.ARITHMETIC,
    source="measured, field notes 2b: right gradients give 0.997 to 0.999",
    explained_by=(
        "outputs-do-not-sum",
        "gradient-accumulates",
        "gradient-sign",
        "gradient-missing",
        "gradient-wrong",
        "gradient-scaled",
    ),
)
def one_step_failed(known: Known) -> Seen | None:
    """Judge whether a tiny step keeps the promise of the gradient."""
    ratio = given(known.arithmetic.one_step, text("The gradient is too small to try it."))
    low, high = ONE_STEP
    # where nothing is wrong with any slot, a kink of ReLU lies within the tiny step
    if low <= ratio <= high or is_right(known.arithmetic):
        return None
    return Seen(
        Severity.BROKEN if ratio < 0 else Severity.SLOW,
        ratio,
        low if ratio < low else high,
        text("A tiny step changes the loss by {ratio:.3g} of what was promised.", ratio=ratio),
        text("A right gradient keeps its promise for steps that are small enough."),
        (Remedy(text("Run the gradient check, which names the mistake")),),
        Shows.CHECK,
    )


RULES: Final[tuple[Rule, ...]] = (
    gradient_accumulates,
    gradient_sign,
    gradient_missing,
    gradient_wrong,
    gradient_scaled,
    one_step_failed,
)
