"""Every preset that ships is healthy: after its first steps the doctor has notes on it at most."""

from typing import Final

import pytest

from nnstudio.doctor.diagnosis import Severity
from nnstudio.doctor.headless import diagnose
from nnstudio.runs.cases import preset_names
from tests.cases.patients import started

SMALL: Final = ("checkerboard", "moons", "polynomial", "random-targets", "spirals")
STEPS: Final = 300


def alarms(name: str) -> list[str]:
    found = diagnose(started(name), steps=STEPS).findings
    return [one.rule for one in found if one.severity > Severity.NOTE]


@pytest.mark.parametrize("name", SMALL)
def test_a_small_preset_has_notes_at_most(name: str) -> None:
    assert alarms(name) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in preset_names() if one not in SMALL])
def test_a_preset_has_notes_at_most(name: str) -> None:
    assert alarms(name) == []
