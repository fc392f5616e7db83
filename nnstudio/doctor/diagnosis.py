"""Rule and Finding: what is looked for, and what was found; a rule sees numbers alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import nan

from nnstudio.doctor.evidence import Evidence
from nnstudio.problems import Remedy as Changes
from nnstudio.texts import Text


class Severity(IntEnum):
    """How bad it is; the larger, the worse."""

    NOTE = 1
    SLOW = 2
    BROKEN = 3

    @property
    def word(self) -> str:
        """As files and the command line write it."""
        return self.name.lower()


class Phase(IntEnum):
    """Where in the order of causes a rule stands: causes come before their effects."""

    DATA = 1
    START = 2
    ARITHMETIC = 3
    FLOW = 4
    RATE = 5
    RESULT = 6


class Shows(StrEnum):
    """The view that shows the evidence, by the `name` of the view."""

    DATA = "data"
    LOSS = "loss"
    SCORE = "accuracy"
    WEIGHTS = "weights"
    UNITS = "units"
    GRADIENTS = "gradients"
    CONFUSION = "confusion"
    CHECK = "doctor"
    RANGE_TEST = "range_test"


@dataclass(frozen=True)
class Remedy:
    """What heals; with neither changes nor a mistake it is advice, a sentence and no button.

    Attributes
    ----------
    told : Text
        What it does, as the words of a button: "Divide pixels by 255".
    changes : tuple of (path, value)
        A change of the Experiment, for `nnstudio.paths.remedied`; empty where none can heal it.
    mistake : str
        Name of the classic mistake that explains it; empty for none. Who shows it offers to
        switch it off where the Experiment has that switch, and says a sentence where not.
    """

    told: Text
    changes: Changes = ()
    mistake: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with the number that shows it.

    Attributes
    ----------
    rule : str
        Name of the rule.
    severity : Severity
        ``broken``: cannot learn; ``slow``: learns worse than it could; ``note``: good to know. A
        cause, unless it is a note, is as bad as the worst that it explains.
    step : int
        First step at which it was seen, counted in steps made.
    value, limit : float
        What was measured, and what it was compared with.
    claim, reason : Text
        One sentence each: what is wrong, with the number; and why that hurts.
    remedies : tuple of Remedy
        The best first; empty where nothing but a sentence helps.
    shows : Shows
        The view with the evidence.
    layer : int or None
        Number of the layer (from 0; the output layer is the last), where it is about one.
    explained_by : str
        Name of the rule whose finding explains this one, always one that nothing explains; empty
        for a cause.
    seen : int
        Step of the look that measured `value`: the newest that found it.
    first_value : float
        What was measured at `step`.
    """

    rule: str
    severity: Severity
    step: int
    value: float
    limit: float
    claim: Text
    reason: Text
    remedies: tuple[Remedy, ...] = ()
    shows: Shows = Shows.LOSS
    layer: int | None = None
    explained_by: str = ""
    seen: int = -1
    first_value: float = nan


@dataclass(frozen=True)
class Unknown:
    """Why a rule could not judge, in one sentence; never a sign of health."""

    why: Text


Verdict = Finding | Unknown | None
"""A finding, why it was not checked, or None: checked, and all is well."""


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for.

    Attributes
    ----------
    name : str
        Such as ``raw-inputs``; what files and the command line write.
    checks : Text
        What was checked, when all is well: "The inputs are about as large as 1."
    phase : Phase
        Where it stands in the order of causes.
    source : str
        Where its threshold comes from: a publication, or our own measurement and its script.
    judge : callable
        Evidence -> Verdict; a pure function.
    explained_by : tuple of str
        Names of rules whose findings explain one of this rule: it is folded under the first of
        them that is open.
    in_a_row : int
        So many looks in a row must find it before it is told.
    """

    name: str
    checks: Text
    phase: Phase
    source: str
    judge: Callable[[Evidence], Verdict]
    explained_by: tuple[str, ...] = ()
    in_a_row: int = 2


@dataclass(frozen=True)
class Diagnosis:
    """Everything that the doctor says of a run at one step; immutable, the newest says all.

    Attributes
    ----------
    step : int
        Of the newest evidence.
    findings : tuple of Finding
        Causes before effects; folded ones follow the one that explains them.
    checked : tuple of str
        Names of the rules that were judged.
    unknown : tuple of (str, Text)
        Names of the rules that were not, and why.
    ignored : frozenset of str
        Rules that a person does not want to hear of in this run; their findings are left out.
    copy_steps : int or None
        So many steps were made by the private copy that was looked at in place of the run; None
        where the run itself was.
    """

    step: int = 0
    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()
    unknown: tuple[tuple[str, Text], ...] = ()
    ignored: frozenset[str] = field(default_factory=frozenset)
    copy_steps: int | None = None

    @property
    def worst(self) -> Severity | None:
        """The worst severity among the findings; None where nothing was found."""
        return max((one.severity for one in self.findings), default=None)
