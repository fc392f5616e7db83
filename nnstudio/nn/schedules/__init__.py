"""Schedules: the learning rate as a factor of its base, of the step and of the progress so far.

Every one is a pure function, so that a preview, a run and a run that was gone on with agree. The
files: `progress` (what a schedule may look at), `settings` (what several have), `decay`, `waves`,
`plateau`, `range_test`, and `warm_up` in front of any of them.
"""

from typing import Annotated

from nnstudio.nn.schedules.decay import Constant, Exponential, InverseTime, Polynomial, Step
from nnstudio.nn.schedules.plateau import ReduceOnPlateau
from nnstudio.nn.schedules.progress import Progress
from nnstudio.nn.schedules.range_test import RangeTest
from nnstudio.nn.schedules.warm_up import LinearWarmUp, NoWarmUp, WarmUp
from nnstudio.nn.schedules.waves import Cosine, CosineRestarts, OneCycle
from nnstudio.spec import Field

__all__ = [
    "Constant",
    "Cosine",
    "CosineRestarts",
    "Exponential",
    "InverseTime",
    "LinearWarmUp",
    "NoWarmUp",
    "OneCycle",
    "Polynomial",
    "Progress",
    "RangeTest",
    "ReduceOnPlateau",
    "Schedule",
    "Step",
    "WarmUp",
    "rate_factor",
]

Schedule = Annotated[
    Constant
    | Cosine
    | OneCycle
    | CosineRestarts
    | Step
    | Exponential
    | InverseTime
    | Polynomial
    | ReduceOnPlateau
    | RangeTest,
    Field(
        discriminator="kind",
        title="Schedule",
        description="How the learning rate changes with time. Which one? Cosine when you know how "
        "long you will train: it needs no other number. Reduce on plateau when you do not. "
        "Constant while you look for a learning rate. Large steps find the valley, small ones its "
        "floor: nearly every run ends better at a falling rate.",
    ),
]


def rate_factor(schedule: Schedule, warm_up: WarmUp, step: int, progress: Progress) -> float:
    """Give the factor of the base rate at `step`, counted from 0: schedule times warm-up."""
    return schedule.factor(step, progress) * warm_up.factor(step)
