"""A run is examined while it is trained: at fixed steps, within its limits, and again the same."""

from typing import Any

import numpy as np
import pytest

from nnstudio.doctor.headless import checked_gradient, diagnose, examined
from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.loop import train
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case, tiny_dataset
from tests.training.test_moments import diverging


def case_of(**settings: Any) -> Case:
    return tiny_case(
        tiny_dataset(samples=80),
        **{
            "optimizer": Sgd(learning_rate=0.3),
            "schedule": Constant(),
            "batches": Batches(size=8),
            "stopping": Stopping(epochs=100),
            **settings,
        },
    )


def begun(case: Case, **more: Any) -> TrainingState:
    return TrainingState.start(case.experiment, case.data, **more)


def test_no_more_steps_are_made_than_asked_for_and_the_run_can_go_on() -> None:
    state = begun(case_of())
    found = examined(state, steps=25)
    assert (found.steps, state.step, state.ended) == (25, 25, None)
    assert found.diagnosis.step == 24
    assert [one.step for one in found.moments] == [0, 1, 2]


def test_the_same_run_has_the_same_diagnosis() -> None:
    case = case_of()
    seams = seams_of((fault_named("summed-gradient"),))
    one, other = (diagnose(begun(case, seams=seams), steps=30) for _ in range(2))
    assert one == other
    assert one.findings


def test_examining_changes_no_bit_of_the_run() -> None:
    case = case_of()
    looked_at, alone = begun(case), begun(case)
    diagnose(looked_at, steps=30)
    for step in train(alone):
        if step.step == 30:
            break
    assert looked_at.network.vector.tobytes() == alone.network.vector.tobytes()


def test_a_clock_can_end_it() -> None:
    times = iter(range(1000))
    state = begun(case_of())
    assert examined(state, steps=None, seconds=10, clock=lambda: float(next(times))).steps == 10


def test_whoever_waits_can_end_it() -> None:
    state = begun(case_of())
    told: list[int] = []
    examined(
        state,
        tell=lambda _, step: told.append(step.step),
        wanted=lambda: len(told) < 7,
    )
    assert told == list(range(1, 8))


def test_a_run_that_ends_by_itself_is_looked_at_with_its_end() -> None:
    case = case_of(stopping=Stopping(epochs=20))
    state = begun(case)
    found = examined(state)
    assert state.ended is not None
    assert found.diagnosis.step == state.step - 1
    # this rule waits for the end
    assert "stopped-too-early" in found.diagnosis.checked


def test_a_run_that_diverges_is_looked_at_where_it_failed() -> None:
    case = diverging()
    state = begun(case)
    found = examined(state)
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    assert found.diagnosis.step == state.step
    assert "non-finite" in {one.rule for one in found.diagnosis.findings}


def test_the_gradient_is_checked_at_the_first_step_and_where_what_is_left_over_shows() -> None:
    case = case_of(precision="float64")
    healthy = begun(case)
    report = checked_gradient(healthy, examined(healthy, steps=5))
    assert report is not None
    assert (report.step, report.passed) == (2, True)
    state = begun(case, seams=seams_of((fault_named("gradient-accumulates"),)))
    failed = checked_gradient(state, examined(state, steps=5))
    assert failed is not None
    assert [one.mistakes for one in failed.named.explanations] == [("gradient-accumulates",)]


@pytest.mark.parametrize("mistake", ["gradient-sign", "update-not-applied"])
def test_what_is_planted_behind_the_experiment_is_found(mistake: str) -> None:
    state = begun(case_of(), seams=seams_of((fault_named(mistake),)))
    found = diagnose(state, steps=30)
    assert np.any([mistake in [r.mistake for r in one.remedies] for one in found.findings])
