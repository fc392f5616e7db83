"""Every rule finds its patient, is silent on the healthy one, and its remedy heals."""

import numpy as np
import pytest

from nnstudio.doctor.diagnosis import Severity
from nnstudio.training.history import HistoryView
from tests.doctor.patients import (
    BY_RULE,
    HEALTHY,
    PATIENTS,
    Patient,
    Visit,
    clouds,
    visit,
    visit_after,
    visit_of,
)

# of every phase one, by settings and by a planted mistake
FEW = (
    "raw-inputs",
    "labels-off",
    "symmetric-units",
    "gradient-scaled",
    "dead-units",
    "rate-too-low",
    "too-small",
)


def end_of(history: HistoryView) -> float:
    """The median of the last twenty losses."""
    return float(np.median(history.loss[-20:]))


def healed_visit(patient: Patient, sick: Visit) -> Visit:
    """The patient after the first remedy of the cause: the finding itself, or what explains it."""
    finding = sick.found[patient.rule]
    cause = sick.found[finding.explained_by or finding.rule]
    return visit_after(patient, cause.remedies[0] if cause.remedies else None)


def check_patient(rule: str) -> None:
    patient = BY_RULE[rule]
    sick = visit_of(patient)
    assert rule in sick.found, sorted(sick.found)
    healed = healed_visit(patient, sick)
    assert rule not in healed.found, str(healed.found[rule].claim)


@pytest.mark.parametrize("rule", FEW)
def test_a_rule_finds_its_patient_and_its_remedy_heals(rule: str) -> None:
    check_patient(rule)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [one.rule for one in PATIENTS if one.rule not in FEW])
def test_every_rule_finds_its_patient_and_its_remedy_heals(rule: str) -> None:
    check_patient(rule)


def test_nothing_is_found_of_the_healthy_one() -> None:
    assert visit(HEALTHY, clouds()).diagnosis.findings == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "patient", [one for one in PATIENTS if one.alone], ids=lambda one: one.rule
)
def test_nothing_worse_is_found_than_what_the_patient_has(patient: Patient) -> None:
    sick = visit_of(patient)
    mine = sick.found[patient.rule]
    assert mine.explained_by == ""
    worse = [
        one.rule
        for one in sick.diagnosis.findings
        if one.severity > mine.severity and one.explained_by != patient.rule
    ]
    assert worse == []


BROKEN_BY_SETTINGS = (
    "raw-inputs",
    "faint-inputs",
    "symmetric-units",
    "weights-too-small",
    "summed-loss",
    "dead-units",
    "vanishing-gradient",
    "rate-too-low",
    "weights-do-not-move",
    "clipped-steps",
)


@pytest.mark.slow
@pytest.mark.parametrize("rule", BROKEN_BY_SETTINGS)
def test_what_was_broken_learns_after_the_remedy(rule: str) -> None:
    patient = BY_RULE[rule]
    sick = visit_of(patient)
    assert sick.found[rule].severity == Severity.BROKEN
    healed = healed_visit(patient, sick)
    well = visit(HEALTHY, clouds())
    # at least half of the way from the sick run to a healthy one
    half = (end_of(sick.history) + end_of(well.history)) / 2
    assert end_of(healed.history) < half


def test_findings_are_the_same_when_a_run_is_made_again() -> None:
    patient = BY_RULE["dead-units"]
    first, again = visit_of(patient), visit_of(patient)
    assert [(one.rule, one.step, one.value) for one in first.diagnosis.findings] == [
        (one.rule, one.step, one.value) for one in again.diagnosis.findings
    ]
