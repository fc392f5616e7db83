"""Examination: the memory of one run; every rule over the evidence, causes before their effects.

What a rule sees once may be chance: it counts after as many looks in a row as the rule asks for. A
cause that has passed stays open as long as an effect is there that it explains.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from nnstudio.doctor.diagnosis import (
    Diagnosis,
    Finding,
    Phase,
    Rule,
    Severity,
    Unknown,
    Verdict,
)
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.rules import RULES
from nnstudio.texts import text

_LOG: Final = logging.getLogger(__name__)

LATER_PHASES: Final = (Phase.RATE, Phase.RESULT)
"""Nothing of these has acted before the first step, so it explains nothing that is there then."""


@dataclass
class _Watched:
    """What is remembered of one rule: looks in a row, since when, and the newest finding."""

    in_a_row: int = 0
    first_step: int = 0
    first_value: float = 0.0
    finding: Finding | None = None
    told: bool = False


class Examination:
    """Looks at one run again and again; used by one thread.

    Parameters
    ----------
    rules : tuple of Rule
        In the order of causes.
    """

    def __init__(self, rules: tuple[Rule, ...] = RULES) -> None:
        self._rules = rules
        self._order = {rule.name: place for place, rule in enumerate(rules)}
        self._explained_by = {rule.name: rule.explained_by for rule in rules}
        self._watched = {rule.name: _Watched() for rule in rules}
        self._ignored: frozenset[str] = frozenset()
        self._newest = Diagnosis()
        self._step = -1

    @property
    def newest(self) -> Diagnosis:
        """What the last look gave, without what is ignored by now."""
        return self._newest

    def ignore(self, rule: str) -> Diagnosis:
        """Leave the findings of `rule` out from now on; give the newest diagnosis without them.

        Raises
        ------
        KeyError
            When there is no such rule.
        """
        if rule not in self._watched:
            raise KeyError(rule)
        self._ignored |= {rule}
        self._newest = replace(self._newest, ignored=self._ignored, findings=self._findings())
        return self._newest

    def look(self, evidence: Evidence) -> Diagnosis:
        """Judge all rules by `evidence` and give what is known now.

        Parameters
        ----------
        evidence : Evidence
            Of a later step than before, or of the same.
        """
        verdicts = [(rule, rule.judge(evidence)) for rule in self._rules]
        # the same step seen again, when a run has ended, is no second witness
        again = evidence.step == self._step
        self._step = evidence.step
        for rule, verdict in verdicts:
            self._note(rule, verdict if isinstance(verdict, Finding) else None, again=again)
        self._newest = Diagnosis(
            step=evidence.step,
            findings=self._findings(),
            checked=tuple(
                rule.name for rule, verdict in verdicts if not isinstance(verdict, Unknown)
            ),
            unknown=tuple(
                (rule.name, verdict.why)
                for rule, verdict in verdicts
                if isinstance(verdict, Unknown)
            ),
            ignored=self._ignored,
        )
        return self._newest

    def _note(self, rule: Rule, finding: Finding | None, *, again: bool) -> None:
        watched = self._watched[rule.name]
        if finding is None:
            watched.in_a_row = 0
            return
        watched.in_a_row += not (again and watched.in_a_row)
        if watched.in_a_row == 1 and not watched.told:
            watched.first_step, watched.first_value = finding.step, finding.value
        watched.finding = replace(
            finding,
            step=watched.first_step,
            seen=finding.step,
            first_value=watched.first_value,
        )
        if watched.in_a_row >= rule.in_a_row:
            watched.told = True

    def _findings(self) -> tuple[Finding, ...]:
        """Give what is open: causes in their order, each followed by what it explains."""
        told = {
            rule.name: watched.finding
            for rule, watched in zip(self._rules, self._watched.values(), strict=True)
            if watched.told and watched.finding is not None and rule.name not in self._ignored
        }
        now = {
            rule.name
            for rule in self._rules
            if rule.name in told and self._watched[rule.name].in_a_row >= rule.in_a_row
        }
        parents = {name: self._parent(name, told) for name in told}
        roots = {name: _root(name, parents) for name in told}
        # a cause that is not seen any more stays while something shows what it has done
        open_ones = now | {roots[name] for name in now}
        families = [
            self._family(root, open_ones, roots, told) for root in open_ones if roots[root] == root
        ]
        # what is broken first, then what is slow, then notes; among equals in the order of causes
        families.sort(key=lambda one: (-one[0].severity, self._place(one[0].rule)))
        return tuple(finding for family in families for finding in family)

    def _family(
        self, root: str, open_ones: set[str], roots: dict[str, str], told: dict[str, Finding]
    ) -> list[Finding]:
        effects = sorted(
            (one for one in open_ones if roots[one] == root and one != root), key=self._place
        )
        severity = told[root].severity
        if severity > Severity.NOTE:
            # a cause is as bad as what it does
            severity = max([severity, *(told[one].severity for one in effects)])
        return [
            replace(told[root], severity=severity, explained_by=""),
            *(replace(told[one], explained_by=root) for one in effects),
        ]

    def _place(self, name: str) -> int:
        return self._order[name]

    def _parent(self, name: str, told: dict[str, Finding]) -> str | None:
        for one in self._explained_by[name]:
            if one in told and self._may_explain(told[one], told[name]):
                return one
        return None

    def _may_explain(self, cause: Finding, effect: Finding) -> bool:
        later = self._rules[self._order[cause.rule]].phase in LATER_PHASES
        return not (later and effect.step == 0)


def guarded(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Give `rules` that go without a verdict where they fail, so that the others are heard.

    Each failure is in the log once. For who looks at a person's run: in tests a rule shall fail.
    """
    return tuple(replace(rule, judge=_guarded(rule)) for rule in rules)


def _guarded(rule: Rule) -> Callable[[Evidence], Verdict]:
    failed = False

    def judge(evidence: Evidence) -> Verdict:
        nonlocal failed
        try:
            return rule.judge(evidence)
        except Exception:
            if not failed:
                failed = True
                _LOG.exception("the rule %s failed at step %s", rule.name, evidence.step)
            return Unknown(text("The doctor made a mistake here; it is in the log."))

    return judge


def _root(name: str, parents: dict[str, str | None]) -> str:
    """Give the cause at the end of the chain; rules are listed so that no chain is a ring."""
    while (above := parents[name]) is not None:
        name = above
    return name
