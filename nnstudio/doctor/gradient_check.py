"""The gradient check of a running network: the applied gradient against the stated loss.

Central differences in float64, on entries of every layer; where they fail, the mistake is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.doctor.evidence.arithmetic import Stated, update_errors
from nnstudio.doctor.naming import Naming, name_gradient, name_update
from nnstudio.doctor.reproduction import Reproduction
from nnstudio.nn.gradient_check import BlockCheck, compared
from nnstudio.nn.parameters import length
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData

Array = NDArray[Any]

EACH: Final = 6
"""Entries of an array for each reason: the largest of either gradient, the most unlike, drawn."""
WORK: Final = 2.5e8
"""Products that one reason may cost in one array, so that wide networks take seconds as well."""
WORST: Final = 5


@dataclass(frozen=True)
class Entry:
    """One checked number of an array: where it stands, as applied, and by central differences."""

    index: tuple[int, ...]
    applied: float
    expected: float


@dataclass(frozen=True, eq=False)
class BlockReport:
    """What was found for one array of parameters.

    Attributes
    ----------
    name : str
        Of its slot, such as ``layers.0.W``.
    relative_error : float
        Norm of the difference by the larger of the two norms, less what rounding explains: the
        larger of that over the checked entries, against differences, and of that over all entries,
        against our own backpropagation.
    checked, left_out : int
        How many entries were compared with differences, and of how many of them these tell nothing
        (on a kink, or where an output is held at its last number): there our own backpropagation
        stands alone.
    worst : tuple of Entry
        Checked entries with the largest differences, the worst first.
    picture : ndarray, of the shape of the array
        Applied minus stated gradient everywhere.
    limit : float
        From which error on it fails.
    """

    name: str
    relative_error: float
    checked: int
    left_out: int
    worst: tuple[Entry, ...]
    picture: Array
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the gradient of the array is that of the stated loss."""
        return self.relative_error <= self.limit


@dataclass(frozen=True, eq=False)
class GradientReport:
    """What a gradient check found at one step.

    Attributes
    ----------
    step : int
        How many steps had been made before.
    blocks : tuple of BlockReport
        In the order of the layers.
    limit : float
        From which relative error on a gradient or a step is wrong.
    updates : mapping of str to float
        Per array: relative error of the step that was made against the optimizer's formula.
    named : Naming
        What explains a gradient that is wrong, and a step that is; nothing when all is well.
    """

    step: int
    blocks: tuple[BlockReport, ...]
    limit: float
    updates: Mapping[str, float] = field(default_factory=dict)
    named: Naming = field(default_factory=Naming)

    @property
    def gradient_passed(self) -> bool:
        """Whether the applied gradient is that of the stated loss."""
        return all(block.passed for block in self.blocks)

    @property
    def update_passed(self) -> bool:
        """Whether the step is the optimizer's, made with that gradient."""
        return all(error <= self.limit for error in self.updates.values())

    @property
    def passed(self) -> bool:
        """Whether all is well."""
        return self.gradient_passed and self.update_passed


@np.errstate(all="ignore")
def check_gradient(data: PreparedData, moment: Moment, *, generator: Generator) -> GradientReport:
    """Compare what a run applied in one step with the loss that its experiment states.

    Parameters
    ----------
    data : PreparedData
        Of the run.
    moment : Moment
        The step; the classic mistakes of its experiment are not looked at.
    generator : Generator
        Draws some of the entries that are checked.

    Returns
    -------
    GradientReport
        With the mistakes that explain what is wrong.
    """
    made = Reproduction(data, moment)
    stated = Stated(moment.experiment, data)
    stated.state(moment)
    found = compared(
        stated.network,
        *stated.batch(moment),
        applied=made.applied,
        chosen=_chosen(made, generator),
        own=made.stated.vector,
    )
    everywhere = made.errors(made.stated)
    blocks = tuple(_reported(one, made, everywhere[one.name]) for one in found)
    updates = update_errors(made.layout, moment)
    report = GradientReport(moment.step, blocks, made.limit, updates)
    return _named(report, made, data)


def check_steps(
    data: PreparedData,
    moments: Sequence[Moment],
    *,
    generator: Generator,
) -> GradientReport:
    """Check several steps in their order, and give the first report that fails, or else the last.

    Some mistakes show in the first step alone, since the network is dead after it, and others, such
    as a gradient that is never reset, from the second on.

    Parameters
    ----------
    data, generator
        As in `check_gradient`.
    moments : sequence of Moment
        At least one.
    """
    for moment in moments[:-1]:
        report = check_gradient(data, moment, generator=generator)
        if not report.passed:
            return report
    return check_gradient(data, moments[-1], generator=generator)


def _named(report: GradientReport, made: Reproduction, data: PreparedData) -> GradientReport:
    if report.passed:
        return report
    gradient, update = Naming(), Naming()
    if not report.gradient_passed:
        wrong = tuple(block.name for block in report.blocks if not block.passed)
        gradient = name_gradient(made, data, blocks=wrong)
    if not report.update_passed:
        update = name_update(made.moment, layout=made.layout, limit=report.limit)
    named = Naming(
        (*gradient.explanations, *update.explanations), (*gradient.undecided, *update.undecided)
    )
    return GradientReport(report.step, report.blocks, report.limit, report.updates, named)


def _chosen(made: Reproduction, generator: Generator) -> dict[str, NDArray[np.integer]]:
    """Give the entries to check: the largest, those that differ most, and some drawn."""
    applied, stated = made.layout.views(made.applied), made.layout.views(made.stated.vector)
    chosen = {}
    for name, theirs in applied.items():
        mine, own = np.abs(theirs).ravel(), np.abs(stated[name]).ravel()
        count = min(_affordable(made, name), own.size)
        sorted_by = (mine, own, np.abs(theirs - stated[name]).ravel())
        drawn = generator.choice(own.size, count, replace=False)
        chosen[name] = np.unique(
            np.concatenate([*(np.argsort(one)[-count:] for one in sorted_by), drawn])
        )
    return chosen


def _affordable(made: Reproduction, name: str) -> int:
    """Give how many entries of an array may be moved: each runs all layers above it four times."""
    number = int(name.split(".")[1])
    above = [
        slot.shape
        for slot in made.layout.slots
        if slot.name.endswith(".W") and int(slot.name.split(".")[1]) > number
    ]
    products = len(made.moment.inputs) * sum(D * H for D, H in above)
    return int(np.clip(WORK / (4 * max(products, 1)), 1, EACH))


def _reported(found: BlockCheck, made: Reproduction, everywhere: float) -> BlockReport:
    slot = made.layout.slot(found.name)
    applied, stated = (
        made.layout.views(one)[found.name] for one in (made.applied, made.stated.vector)
    )
    rounding = 0.0
    if made.noise is not None:
        at_entries = made.layout.views(made.noise)[found.name].ravel()[found.indices]
        rounding = 4.0 * length(at_entries)
    order = np.argsort(-np.abs(found.applied - found.numerical))[:WORST]
    return BlockReport(
        name=found.name,
        relative_error=max(_forgiven(found, rounding), everywhere),
        checked=len(found.indices),
        left_out=found.left_out,
        worst=tuple(
            Entry(
                tuple(int(one) for one in np.unravel_index(found.indices[at], slot.shape)),
                float(found.applied[at]),
                float(found.numerical[at]),
            )
            for at in order
        ),
        picture=applied - stated,
        limit=made.limit,
    )


def _forgiven(found: BlockCheck, rounding: float) -> float:
    size = max(length(found.applied), length(found.numerical))
    return max(0.0, found.relative_error - rounding / size) if size > 0 else 0.0
