"""The one training thread, with real sessions; nothing here sleeps for a fixed time."""

import threading
import time
from collections.abc import Iterator

import pytest

from nnstudio.training.experiment import Stopping
from nnstudio.training.loop import train
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState, Snapshot
from nnstudio.training.state import TrainingState
from nnstudio.training.trainer import Trainer
from tests.strategies import Case, tiny_case

PATIENCE_SECONDS = 20.0


@pytest.fixture
def trainer() -> Iterator[Trainer]:
    made = Trainer()
    yield made
    made.close()


def session(case: Case) -> Session:
    return Session(experiment=case.experiment, data=case.data)


def wait_for(one: Session, *states: RunState) -> Snapshot:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = one.mailbox.take()
        if found is not None and found.state in states:
            return found
        time.sleep(0.001)
    raise AssertionError(f"{states} did not come")


def test_the_thread_makes_the_same_bits_as_a_plain_for(trainer: Trainer) -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    one = session(case)
    trainer.add(one)
    one.start()
    weights = wait_for(one, RunState.FINISHED).weights
    assert weights is not None
    assert weights.vector.tobytes() == state.network.vector.tobytes()


def test_two_sessions_run_in_turns_to_the_same_bits(trainer: Trainer) -> None:
    case = tiny_case(stopping=Stopping(epochs=30))
    both = [session(case), session(case)]
    for one in both:
        trainer.add(one)
        one.start()
    vectors = [w.vector for one in both if (w := wait_for(one, RunState.FINISHED).weights)]
    assert vectors[0].tobytes() == vectors[1].tobytes()


def test_a_run_that_fails_leaves_the_others_alone(trainer: Trainer) -> None:
    case = tiny_case()
    good = session(case)
    bad = Session(experiment=case.experiment, data=None, forked=session(tiny_case()))
    bad._make = lambda: 1 / 0  # type: ignore[assignment]  # that is the bug
    for one in (bad, good):
        trainer.add(one)
        one.start()
    assert wait_for(bad, RunState.FAILED).traceback is not None
    assert wait_for(good, RunState.FINISHED).step == 12


def test_pause_and_resume_reach_a_running_session(trainer: Trainer) -> None:
    one = session(tiny_case(stopping=Stopping(epochs=100_000)))
    trainer.add(one)
    one.start()
    wait_for(one, RunState.RUNNING)
    one.pause()
    paused = wait_for(one, RunState.PAUSED)
    one.resume()
    wait_for(one, RunState.RUNNING)
    one.stop()
    assert wait_for(one, RunState.STOPPED).step > paused.step


def test_close_pauses_what_runs_and_ends_the_thread() -> None:
    made = Trainer()
    one = session(tiny_case(stopping=Stopping(epochs=100_000)))
    made.add(one)
    one.start()
    wait_for(one, RunState.RUNNING)
    made.close()
    assert wait_for(one, RunState.PAUSED)
    assert not [thread for thread in threading.enumerate() if "trainer" in thread.name]


def test_a_trainer_that_never_had_a_session_closes() -> None:
    Trainer().close()


def test_starting_and_stopping_50_times_leaves_no_thread() -> None:
    before = threading.active_count()
    case = tiny_case(stopping=Stopping(epochs=100_000))
    for _ in range(50):
        made = Trainer()
        one = session(case)
        made.add(one)
        one.start()
        one.stop()
        wait_for(one, RunState.STOPPED)
        made.close()
    assert threading.active_count() == before


def test_a_session_has_one_trainer(trainer: Trainer) -> None:
    one = session(tiny_case())
    trainer.add(one)
    with pytest.raises(RuntimeError, match="one trainer"):
        trainer.add(one)


def test_a_trainer_goes_on_after_its_sessions_have_ended(trainer: Trainer) -> None:
    for _ in range(3):
        one = session(tiny_case())
        trainer.add(one)
        one.start()
        wait_for(one, RunState.FINISHED)


def test_who_closes_need_not_wait_for_the_end_of_a_long_step(trainer: Trainer) -> None:
    begun, over = threading.Event(), threading.Event()

    class Slow(Session):
        def turn(self) -> bool:
            begun.set()
            assert over.wait(PATIENCE_SECONDS)
            return super().turn()

    case = tiny_case()
    one = Slow(experiment=case.experiment, data=case.data)
    trainer.add(one)
    one.start()
    assert begun.wait(PATIENCE_SECONDS)
    assert not trainer.close(patience_s=0.01)
    over.set()
    assert trainer.close()
