"""Of any run there is evidence, and a healthy one shows no difference where there is none."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnstudio.doctor.evidence.facts import Arithmetic
from nnstudio.doctor.evidence.gather import Observer
from nnstudio.doctor.examine import Examination
from nnstudio.training.loop import train
from nnstudio.training.moments import Moments
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState
from tests.draws import draws
from tests.strategies import Case, cases, live_changes

Changes = tuple[tuple[int, str, Any], ...]

OFTEN = settings(max_examples=draws(300), suppress_health_check=list(HealthCheck))
SELDOM = settings(max_examples=draws(12), suppress_health_check=list(HealthCheck))


def looked_at(case: Case, changes: Changes = ()) -> list[Arithmetic]:
    """Give the arithmetic of all looks at a run; the rules judge all of it as well.

    Live changes are made after a step and before it is looked at, as in a window.
    """
    left = list(changes)
    experiment, found, memory = case.experiment, [], Examination()
    state = TrainingState.start(experiment, case.data, threads=1)
    observer, moments = Observer(experiment, case.data, seams=state.seams), Moments()
    for _ in train(state, moments=moments):
        while left and left[0][0] <= state.step:
            state.change(*left.pop(0)[1:])
        moment = moments.take()
        if moment is None or not np.isfinite(moment.before).all():
            continue
        evidence = observer.evidence(moment, state.history.view())
        memory.look(evidence)
        found += [] if evidence.arithmetic is None else [evidence.arithmetic]
    if state.ended is not None and state.ended.reason == "diverged":
        moments.look_at_failure(state)
    failed = moments.take_failure()
    if failed is not None:
        memory.look(
            observer.evidence(
                failed,
                state.history.view(),
                ended="diverged",
                non_finite=observer.failure(failed),
            )
        )
    return found


def healthy(case: Case) -> Case:
    experiment = dataclasses.replace(case.experiment, faults=())
    return Case(experiment, prepare(experiment, case.data.given))


@st.composite
def changing(draw: st.DrawFn) -> tuple[Case, Changes]:
    """A run without mistakes, and live changes of it."""
    case = healthy(draw(cases()))
    return case, draw(live_changes(case.experiment))


def is_right(case: Case, changes: Changes = ()) -> None:
    exact = case.experiment.precision == "float64"
    for found in looked_at(case, changes):
        assert max(found.gradient_errors.values()) < (1e-8 if exact else 1e-3)
        assert max(found.update_errors.values()) == 0.0
        assert found.own_loss == pytest.approx(found.told_loss, rel=1e-4, abs=1e-6)
        assert found.output_error < 1e-3 * max(1.0, found.output_size)


@SELDOM
@given(changing())
def test_any_healthy_run_shows_no_difference(changing: tuple[Case, Changes]) -> None:
    is_right(*changing)


@SELDOM
@given(cases())
def test_of_any_run_there_is_evidence_that_the_rules_can_judge(case: Case) -> None:
    looked_at(case)


@pytest.mark.slow
@OFTEN
@given(changing())
def test_hundreds_of_healthy_runs_show_no_difference(changing: tuple[Case, Changes]) -> None:
    is_right(*changing)


@pytest.mark.slow
@OFTEN
@given(cases())
def test_of_hundreds_of_runs_there_is_evidence(case: Case) -> None:
    looked_at(case)
