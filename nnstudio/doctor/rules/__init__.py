"""All rules in the order of causes; a new one stands in the list that closes its file."""

from typing import Final

from nnstudio.doctor.diagnosis import Rule
from nnstudio.doctor.rules import (
    arithmetic,
    brakes,
    data,
    gradients,
    initialization,
    planning,
    results,
    scaling,
    steps,
    units,
    updates,
)

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (
            *data.RULES,
            *scaling.RULES,
            *initialization.RULES,
            *planning.RULES,
            *arithmetic.RULES,
            *gradients.RULES,
            *updates.RULES,
            *arithmetic.LATE_RULES,
            *units.RULES,
            *brakes.RULES,
            *steps.RULES,
            *results.RULES,
        ),
        key=lambda rule: rule.phase,
    )
)
