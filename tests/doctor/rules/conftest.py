"""Evidence of one healthy run, gathered once: rules are tried on it with single facts changed."""

import pytest

from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.examine import Examination
from nnstudio.doctor.headless import examined
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState
from tests.doctor.patients import HEALTHY, clouds


class Recording(Examination):
    """Keeps all evidence that it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Evidence] = []

    def look(self, evidence: Evidence) -> Diagnosis:
        self.seen.append(evidence)
        return super().look(evidence)


@pytest.fixture(scope="session")
def looks() -> tuple[Evidence, ...]:
    """All looks at the healthy run, the last one at its end."""
    recording = Recording()
    state = TrainingState.start(HEALTHY, prepare(HEALTHY, clouds()), threads=1)
    examined(state, steps=None, examination=recording)
    return tuple(recording.seen)


@pytest.fixture(scope="session")
def healthy(looks: tuple[Evidence, ...]) -> Evidence:
    """The healthy run after three hundred steps."""
    return next(one for one in looks if one.step == 300)
