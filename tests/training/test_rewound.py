"""A run goes on from an earlier step of another one: the same bits, under the same Recipe."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.nn.optimizers import Adam
from nnstudio.paths import replace_at
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.loop import train
from nnstudio.training.recipe import Parent
from nnstudio.training.replay import replay
from nnstudio.training.rewound import RewoundSession
from nnstudio.training.snapshot import RunState, Snapshot
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case

STEP = 9


class Clock:
    """Gives a time that passes by a little at every look."""

    def __init__(self, tick: float = 0.002) -> None:
        self.now, self.tick = 0.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


@pytest.fixture
def case() -> Case:
    return tiny_case(stopping=Stopping(epochs=5), optimizer=Adam(learning_rate=0.01))


@pytest.fixture
def whole(case: Case) -> TrainingState:
    """The run that is rewound, at its end."""
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    return state


def rewound(
    case: Case,
    whole: TrainingState,
    experiment: Experiment | None = None,
    step: int = STEP,
    *,
    pauses: bool = False,
) -> RewoundSession:
    return RewoundSession(
        parent=Parent(whole.recipe, step),
        experiment=experiment or case.experiment,
        data=case.data,
        pauses=pauses,
        clock=Clock(),
    )


def to_the_end(session: RewoundSession) -> Snapshot:
    while session.turn():
        pass
    newest = session.mailbox.take()
    assert newest is not None
    return newest


def test_it_goes_on_with_the_numbers_of_the_run_that_it_rewinds(
    case: Case, whole: TrainingState
) -> None:
    session = rewound(case, whole)
    session.start()
    last = to_the_end(session)
    assert last.state is RunState.FINISHED
    assert last.history is not None
    assert last.weights is not None
    assert np.array_equal(last.history.loss, whole.history.view().loss)
    assert last.weights.vector.tobytes() == whole.network.vector.tobytes()


def test_under_another_experiment_only_the_later_steps_differ(
    case: Case, whole: TrainingState
) -> None:
    changed = replace_at(case.experiment, ("optimizer", "learning_rate"), 0.1)
    session = rewound(case, whole, changed)
    session.start()
    last = to_the_end(session)
    assert last.history is not None
    assert np.array_equal(last.history.loss[: STEP + 1], whole.history.view().loss[: STEP + 1])
    assert last.history.loss[STEP + 1] != whole.history.view().loss[STEP + 1]
    assert set(last.history.rate[STEP:]) != set(last.history.rate[:STEP])


def test_its_recipe_reproduces_it(case: Case, whole: TrainingState) -> None:
    changed = replace_at(case.experiment, ("optimizer", "learning_rate"), 0.1)
    session = rewound(case, whole, changed)
    session.start()
    last = to_the_end(session)
    assert session.recipe.parent is not None
    assert session.recipe.parent.step == STEP
    again = replay(session.recipe, case.data)
    assert last.weights is not None
    assert again.network.vector.tobytes() == last.weights.vector.tobytes()


def test_it_can_be_paused_changed_and_stopped_while_the_other_run_is_made_again(
    case: Case, whole: TrainingState
) -> None:
    session = rewound(case, whole)
    session.start()
    assert session.turn()
    session.pause()
    assert not session.turn()
    newest = session.mailbox.take()
    assert newest is not None
    assert (newest.state, session.steps_made) == (RunState.PAUSED, 0)
    session.change("optimizer.learning_rate", 0.5)
    session.resume()
    last = to_the_end(session)
    assert last.history is not None
    rates = whole.history.view().rate
    assert np.array_equal(last.history.rate[:STEP], rates[:STEP])
    assert last.history.rate[STEP] == pytest.approx(50 * rates[STEP])
    early = rewound(case, whole)
    early.start()
    early.turn()
    early.stop()
    assert not early.turn()
    assert early.ended


def test_a_step_is_one_step_after_the_one_that_was_rewound_to(
    case: Case, whole: TrainingState
) -> None:
    session = rewound(case, whole)
    session.step()
    last = to_the_end(session)
    assert (last.state, last.step) == (RunState.PAUSED, STEP + 1)


def test_it_stands_still_where_it_begins_and_goes_on_with_the_same_numbers(
    case: Case, whole: TrainingState
) -> None:
    session = rewound(case, whole, pauses=True)
    session.start()
    there = to_the_end(session)
    assert (there.state, there.step) == (RunState.PAUSED, STEP)
    session.resume()
    last = to_the_end(session)
    assert last.history is not None
    assert np.array_equal(last.history.loss, whole.history.view().loss)


def test_it_can_go_on_from_the_end_where_the_limits_are_later(
    case: Case, whole: TrainingState
) -> None:
    longer = replace(case.experiment, stopping=Stopping(epochs=6))
    session = rewound(case, whole, longer, step=whole.step)
    session.start()
    assert to_the_end(session).step == whole.step + 4


def test_other_layers_end_it_with_a_sentence(case: Case, whole: TrainingState) -> None:
    wider = replace_at(case.experiment, ("network", "layers", 0, "units"), 9)
    session = rewound(case, whole, wider)
    session.start()
    last = to_the_end(session)
    assert last.state is RunState.FAILED
    assert "other layers" in str(last.ending)
