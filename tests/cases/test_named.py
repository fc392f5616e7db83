"""The gradient check names the mistakes of the cases, alone or together, at 1e-7 or better."""

from typing import Final

import numpy as np
import pytest

from nnstudio.doctor.gradient_check import GradientReport, check_steps
from nnstudio.doctor.headless import examined
from nnstudio.runs.cases import load_case
from tests.cases.patients import started

# what no gradient shows: as long as outputs are within 15 of 0, it hardly matters
UNSEEN: Final = {"targets-not-clipped"}
SMALL: Final = ("loss-rises", "loss-rises-1-derivative", "loss-rises-as-answered")
LARGE: Final = ("always-zero-gradient", "gradient-check", "always-zero-gradient-1-analytic")


def checked(name: str) -> GradientReport:
    state = started(name)
    found = examined(state, steps=3)
    return check_steps(state.data, found.moments, generator=np.random.default_rng(0))


def named_as_they_are(name: str) -> bool:
    """Whether the best explanation is the mistakes that stand in the case."""
    report = checked(name)
    best = report.named.explanations[0]
    built_in = {one.kind for one in load_case(name).faults} - UNSEEN
    return not report.passed and best.agreement < 1e-7 and set(best.mistakes) == built_in


@pytest.mark.parametrize("name", SMALL)
def test_the_mistakes_of_a_small_case_are_named(name: str) -> None:
    assert named_as_they_are(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_the_mistakes_of_a_large_case_are_named(name: str) -> None:
    assert named_as_they_are(name)


@pytest.mark.parametrize("name", ["loss-rises-healed", "loss-rises-4-batch"])
def test_without_mistakes_the_check_passes(name: str) -> None:
    assert checked(name).passed
