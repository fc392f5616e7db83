"""Rules about what holds steps back: clipping and penalties."""

from math import sqrt
from typing import Final

from nnstudio.doctor.diagnosis import Phase, Remedy, Rule, Severity, Shows
from nnstudio.doctor.rules.offers import layer_name, row_path
from nnstudio.doctor.rules.ruling import TINY, Known, NotKnownError, Seen, from_step, rule
from nnstudio.doctor.rules.units import is_done
from nnstudio.nn.clipping import ByNorm
from nnstudio.texts import text

CLIPPED_TIMES: Final = 10.0
PENALTY: Final = 2.0
SHRUNK: Final = 0.1
PENALTY_STEPS: Final = 50


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
    shares = {
        number: known.layers[number].weights_norm / max(known.start[number].weights_norm, TINY)
        for number in ratios
    }
    number = min(shares, key=lambda one: shares[one])
    reason = text("The weights are drawn to 0 harder than to the answer.")
    if shares[number] < SHRUNK:
        return Seen(
            Severity.SLOW,
            shares[number],
            SHRUNK,
            text(
                "In {layer}, the penalty has pulled the weights down to {share:.1%} of their size.",
                layer=layer_name(known.experiment, number),
                share=shares[number],
            ),
            reason,
            (_lower_penalty(known, number),),
            Shows.WEIGHTS,
            number,
        )
    number = max(ratios, key=lambda one: ratios[one])
    ratio = ratios[number]
    if ratio <= PENALTY or is_done(known):
        return None
    return Seen(
        Severity.SLOW,
        ratio,
        PENALTY,
        text(
            "In {layer}, the penalty pulls {ratio:.3g} times as hard as the data do.",
            layer=layer_name(known.experiment, number),
            ratio=ratio,
        ),
        reason,
        (_lower_penalty(known, number),),
        Shows.WEIGHTS,
        number,
    )


def _lower_penalty(known: Known, number: int) -> Remedy:
    changes = []
    for row_number, row in enumerate(known.experiment.network.rows):
        path = (*row_path(known.experiment, row_number), "penalty")
        strongest = known.experiment.network.rows[number].penalty
        if row.penalty == strongest:
            changes += [
                ((*path, name), getattr(row.penalty, name) / 100)
                for name in ("l1", "l2")
                if getattr(row.penalty, name, 0.0)
            ]
    return Remedy(text("Divide the penalty by 100"), tuple(changes))


RULES: Final[tuple[Rule, ...]] = (clipped_steps, penalty_wins)
