"""How a rule is written: a function from what is known to what it saw, with the decorator `rule`.

What is not known cannot be asked for: the first question about it ends the rule as "not checked".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.diagnosis import (
    Finding,
    Phase,
    Remedy,
    Rule,
    Severity,
    Shows,
    Unknown,
    Verdict,
)
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.evidence.facts import (
    Arithmetic,
    CourseFacts,
    InputFacts,
    LayerFacts,
    OutputFacts,
)
from nnstudio.doctor.first_loss import terms_of
from nnstudio.texts import Text, text

_T = TypeVar("_T")

TINY: Final = 1e-12
"""Stands for 0 where something is divided by a size."""


class NotKnownError(Exception):
    """A rule asked for what is not known; `why` says so for people."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.template)
        self.why = why


def given(value: _T | None, why: Text) -> _T:
    """Give `value`, or end the rule as not checked because of `why` where it is None.

    Raises
    ------
    NotKnownError
        When it is None.
    """
    if value is None:
        raise NotKnownError(why)
    return value


def from_step(known: "Known", least: int) -> None:
    """End the rule as not checked before `least` steps are made.

    Raises
    ------
    NotKnownError
        Before that step.
    """
    if known.step < least:
        raise NotKnownError(text("This can be judged from step {step} on.", step=least))


class Known:
    """Evidence, of which only what is known can be asked for.

    Parameters
    ----------
    evidence : Evidence
        What there is.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        stages = () if evidence.history is None else evidence.history.stages
        # what is pretrained is trained as a network of its own: limits count from the whole one
        self._begun = stages[-1][0] if stages else 0
        self.step = evidence.step - self._begun
        self.experiment = evidence.experiment
        self.task = evidence.task
        self.non_finite = evidence.non_finite

    @property
    def inputs(self) -> InputFacts:
        """Facts of the data."""
        return given(self._evidence.inputs, text("The data have not been looked at yet."))

    @property
    def start(self) -> tuple[LayerFacts, ...]:
        """The layers before the first step."""
        return given(
            self._evidence.start or None, text("The weights before the first step are not known.")
        )

    @property
    def layers(self) -> tuple[LayerFacts, ...]:
        """The layers now."""
        return given(self._evidence.layers or None, text("The layers have not been looked at yet."))

    @property
    def hidden(self) -> tuple[LayerFacts, ...]:
        """The hidden layers now."""
        return self.layers[:-1]

    @property
    def arithmetic(self) -> Arithmetic:
        """The step that was worked out again."""
        return given(self._evidence.arithmetic, text("No step has been worked out again yet."))

    @property
    def first_arithmetic(self) -> Arithmetic:
        """The first step, worked out again."""
        return given(
            self._evidence.first_arithmetic, text("The first step was not worked out again.")
        )

    @property
    def terms(self) -> int:
        """How many losses of samples the loss of a batch adds up; 1 for a mean."""
        return terms_of(self.experiment, self.inputs.training)

    @property
    def outputs(self) -> OutputFacts:
        """What the network answers."""
        return given(self._evidence.outputs, text("The answers have not been looked at yet."))

    @property
    def course(self) -> CourseFacts:
        """What the history says."""
        return given(self._evidence.course, text("No step has been made yet."))

    @property
    def losses(self) -> NDArray[np.float64]:
        """The told losses of all steps of the whole network; at least one of them is finite."""
        nothing = text("No step has been made yet.")
        given(self._evidence.course, nothing)
        return given(self._evidence.history, nothing).loss[self._begun :]


@dataclass(frozen=True)
class Seen:
    """A finding without what the rule itself knows: its name and the step. Fields as there."""

    severity: Severity
    value: float
    limit: float
    claim: Text
    reason: Text
    remedies: tuple[Remedy, ...] = ()
    shows: Shows = Shows.LOSS
    layer: int | None = None


Judge = Callable[[Known], Seen | None]


def rule(
    name: str,
    *,
    checks: Text,
    phase: Phase,
    source: str,
    explained_by: tuple[str, ...] = (),
    in_a_row: int = 2,
) -> Callable[[Judge], Rule]:
    """Make a Rule of the function that it decorates; parameters as in `Rule`."""

    def of(judge: Judge) -> Rule:
        def judged(evidence: Evidence) -> Verdict:
            try:
                seen = judge(Known(evidence))
            except NotKnownError as missing:
                return Unknown(missing.why)
            return None if seen is None else _finding(name, evidence, seen)

        return Rule(
            name=name,
            checks=checks,
            phase=phase,
            source=source,
            judge=judged,
            explained_by=explained_by,
            in_a_row=in_a_row,
        )

    return of


def _finding(name: str, evidence: Evidence, seen: Seen) -> Finding:
    fields: dict[str, Any] = {key: getattr(seen, key) for key in Seen.__dataclass_fields__}
    fields |= {"value": float(seen.value), "limit": float(seen.limit)}
    return Finding(rule=name, step=evidence.step, **fields)
