"""The examiner looks at live runs beside the thread that trains them, and makes nobody wait."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue

import pytest

from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.examiner import Examiner
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.moments import Moments
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState, Snapshot
from tests.strategies import tiny_case

PATIENCE_S = 10.0


class Memory:
    """Stands for an Examination: says at which step it looked, and notes all evidence."""

    def __init__(self, seen: SimpleQueue[Evidence]) -> None:
        self._seen = seen
        self._ignored: frozenset[str] = frozenset()
        self._step = 0

    def look(self, evidence: Evidence) -> Diagnosis:
        self._step = evidence.step
        self._seen.put(evidence)
        return self._said()

    def ignore(self, rule: str) -> Diagnosis:
        self._ignored |= {rule}
        return self._said()

    def _said(self) -> Diagnosis:
        return Diagnosis(step=self._step, ignored=self._ignored)


class Failing(Memory):
    """Stands for an Examination with a fault in it."""

    def look(self, evidence: Evidence) -> Diagnosis:
        super().look(evidence)
        raise ValueError("a rule is broken")


@pytest.fixture
def seen() -> SimpleQueue[Evidence]:
    return SimpleQueue()


@pytest.fixture
def examiner(seen: SimpleQueue[Evidence]) -> Iterator[Examiner]:
    made = Examiner(lambda: Memory(seen))
    yield made
    made.close()


def live(steps: int = 60) -> Session:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=steps))
    return Session(experiment=case.experiment, data=case.data, moments=Moments())


def newest(session: Session) -> Snapshot:
    snapshot = session.mailbox.take()
    assert snapshot is not None
    return snapshot


def trained(session: Session, steps: int) -> Snapshot:
    for _ in range(steps):
        session.step()
        session.turn()
    return newest(session)


def said_at(examiner: Examiner, step: int) -> Diagnosis:
    """Wait for the diagnosis of a step, which may follow its evidence by a moment."""
    waiting = threading.Event()
    for _ in range(int(PATIENCE_S / 0.01)):
        diagnosis = examiner.take()
        if diagnosis is not None and diagnosis.step == step:
            return diagnosis
        waiting.wait(0.01)
    raise AssertionError(f"nothing was said of step {step}")


def test_the_first_moment_is_looked_at_and_a_diagnosis_is_there_to_be_taken(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live()
    examiner.watch(session)
    examiner.see(trained(session, 2))
    evidence = seen.get(timeout=PATIENCE_S)
    assert evidence.step == 0
    assert evidence.inputs is not None
    assert evidence.arithmetic is not None
    assert max(evidence.arithmetic.gradient_errors.values()) < 1e-4
    assert said_at(examiner, 0) == Diagnosis(step=0)
    assert examiner.take() is None


def test_after_the_first_moment_the_newest_wins(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live()
    snapshot = trained(session, 55)
    examiner.watch(session)
    examiner.see(snapshot)
    assert [seen.get(timeout=PATIENCE_S).step for _ in range(2)] == [0, 50]


def test_a_run_that_ended_is_looked_at_once_more_with_its_end(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live(steps=20)
    examiner.watch(session)
    examiner.see(trained(session, 20))
    looks = [seen.get(timeout=PATIENCE_S) for _ in range(7)]
    # however soon it was over: its first steps, its last one, and its end
    assert [one.step for one in looks] == [0, 1, 2, 5, 10, 19, 19]
    course = looks[-1].course
    assert course is not None
    assert (course.ended, course.steps) == ("steps", 20)
    with pytest.raises(Empty):
        seen.get(timeout=0.3)


def test_it_is_done_with_a_run_that_was_looked_at_until_its_end(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live(steps=2)
    examiner.watch(session)
    assert not examiner.done
    examiner.see(trained(session, 2))
    waiting = threading.Event()
    for _ in range(int(PATIENCE_S / 0.01)):
        if examiner.done:
            break
        waiting.wait(0.01)
    assert examiner.done
    assert seen.qsize() == 3


def test_a_run_that_nobody_may_look_into_is_done_with_at_once(examiner: Examiner) -> None:
    case = tiny_case()
    examiner.watch(Session(experiment=case.experiment, data=case.data))
    waiting = threading.Event()
    for _ in range(int(PATIENCE_S / 0.01)):
        if examiner.done:
            break
        waiting.wait(0.01)
    assert examiner.done


def test_a_step_is_judged_by_the_settings_that_made_it_not_by_those_of_later(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live()
    rate = session.experiment.optimizer.learning_rate
    snapshot = trained(session, 2)
    session.change("optimizer.learning_rate", 10 * rate)
    session.turn()
    examiner.watch(session)
    examiner.see(snapshot)
    assert session.experiment.optimizer.learning_rate == 10 * rate
    assert seen.get(timeout=PATIENCE_S).experiment.optimizer.learning_rate == rate


def test_what_was_said_of_another_run_is_not_given(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live()
    examiner.watch(session)
    examiner.see(trained(session, 2))
    seen.get(timeout=PATIENCE_S)
    examiner.watch(None)
    # the next command is done after the look is over
    done = threading.Event()
    examiner._send(done.set)
    assert done.wait(PATIENCE_S)
    assert examiner.take() is None


def test_a_run_that_is_watched_again_is_remembered(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    session = live()
    snapshot = trained(session, 2)
    examiner.watch(session)
    examiner.ignore("raw-inputs")
    examiner.watch(None)
    examiner.watch(session)
    examiner.see(snapshot)
    assert said_at(examiner, 0).ignored == {"raw-inputs"}


def test_what_is_ignored_is_said_at_once(examiner: Examiner, seen: SimpleQueue[Evidence]) -> None:
    session = live()
    examiner.watch(session)
    examiner.see(trained(session, 1))
    assert said_at(examiner, 0).ignored == frozenset()
    examiner.ignore("raw-inputs")
    assert said_at(examiner, 0).ignored == {"raw-inputs"}


def test_closing_leaves_no_thread_and_may_be_done_twice(seen: SimpleQueue[Evidence]) -> None:
    examiner = Examiner(lambda: Memory(seen))
    examiner.watch(live())
    assert "nnstudio-examiner" in {one.name for one in threading.enumerate()}
    examiner.close()
    examiner.close()
    assert "nnstudio-examiner" not in {one.name for one in threading.enumerate()}


def test_without_a_run_there_is_no_thread(seen: SimpleQueue[Evidence]) -> None:
    Examiner(lambda: Memory(seen)).close()
    assert "nnstudio-examiner" not in {one.name for one in threading.enumerate()}


def test_a_fault_in_the_doctor_is_logged_and_does_not_end_the_thread(
    seen: SimpleQueue[Evidence], caplog: pytest.LogCaptureFixture
) -> None:
    memories: list[Memory] = [Failing(seen), Memory(seen)]
    examiner = Examiner(lambda: memories.pop(0))
    for _ in range(2):
        session = live()
        examiner.watch(session)
        examiner.see(trained(session, 1))
        seen.get(timeout=PATIENCE_S)
    said_at(examiner, 0)
    examiner.close()
    assert "a rule is broken" in caplog.text


class FailingOnce(Memory):
    """Stands for an Examination that fails at its first look alone."""

    def look(self, evidence: Evidence) -> Diagnosis:
        found = super().look(evidence)
        if evidence.step == 0:
            raise ValueError("a rule is broken")
        return found


def test_after_a_look_that_failed_the_next_moment_is_looked_at(
    seen: SimpleQueue[Evidence], caplog: pytest.LogCaptureFixture
) -> None:
    examiner = Examiner(lambda: FailingOnce(seen))
    session = live()
    examiner.watch(session)
    examiner.see(trained(session, 6))
    assert said_at(examiner, 5).step == 5
    examiner.close()
    assert caplog.text.count("could not look at step") == 1


def test_a_run_that_pretrains_is_judged_by_its_data_and_then_by_its_steps(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    case = tiny_case(batches=Batches(size=8), pretraining=LayerByLayer(epochs=1))
    session = Session(experiment=case.experiment, data=case.data, moments=Moments())
    examiner.watch(session)
    examiner.see(trained(session, 1))
    evidence = seen.get(timeout=PATIENCE_S)
    assert evidence.inputs is not None
    assert (evidence.layers, evidence.arithmetic, evidence.course) == ((), None, None)
    examiner.see(trained(session, 30))
    evidence = seen.get(timeout=PATIENCE_S)
    assert evidence.step > 0
    assert evidence.first_arithmetic is evidence.arithmetic is not None
    assert evidence.outputs is not None
    assert evidence.outputs.expected_loss is None


def test_a_run_that_diverged_is_looked_at_where_it_failed(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    from tests.training.test_moments import diverging

    case = diverging()
    session = Session(experiment=case.experiment, data=case.data, moments=Moments())
    session.start()
    while session.turn():
        pass
    examiner.watch(session)
    examiner.see(newest(session))
    looks = [seen.get(timeout=PATIENCE_S)]
    while looks[-1].non_finite is None:
        looks.append(seen.get(timeout=PATIENCE_S))
    last = looks[-1]
    assert last.course is not None
    assert last.course.ended == "diverged"
    assert last.non_finite is not None
    assert last.non_finite.step == last.step + 1
    assert last.non_finite.layer == 0


def test_what_is_known_of_the_same_data_is_not_looked_for_again(
    examiner: Examiner, seen: SimpleQueue[Evidence]
) -> None:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=60))
    facts = []
    for _ in range(2):
        session = Session(experiment=case.experiment, data=case.data, moments=Moments())
        examiner.watch(session)
        examiner.see(trained(session, 1))
        facts.append(seen.get(timeout=PATIENCE_S).inputs)
    assert facts[0] is facts[1]
    other = replace(case.experiment, loss=MeanSquaredError())
    session = Session(experiment=other, data=case.data, moments=Moments())
    examiner.watch(session)
    examiner.see(trained(session, 1))
    assert seen.get(timeout=PATIENCE_S).inputs is not facts[0]


def test_whoever_closes_need_not_wait_for_the_end_of_a_look(seen: SimpleQueue[Evidence]) -> None:
    session = live()
    snapshot = trained(session, 1)
    begun, closing = threading.Event(), threading.Event()

    class Slow(Examiner):
        def _go_on(self) -> None:
            begun.set()
            assert closing.wait(PATIENCE_S)
            super()._go_on()

    examiner = Slow(lambda: Memory(seen))
    examiner.watch(session)
    examiner.see(snapshot)
    assert begun.wait(PATIENCE_S)
    examiner._stop.put(True)  # noqa: FBT003 - the value of a box
    closing.set()
    examiner.close()
    assert seen.empty()


def test_after_a_look_it_rests_until_the_run_has_ended(seen: SimpleQueue[Evidence]) -> None:
    # a clock that stands still never says that it has rested enough
    examiner = Examiner(lambda: Memory(seen), clock=lambda: 0.0)
    session = live(steps=30)
    examiner.watch(session)
    examiner.see(replace(trained(session, 1), state=RunState.RUNNING))
    assert seen.get(timeout=PATIENCE_S).step == 0
    examiner.see(replace(trained(session, 10), state=RunState.RUNNING))
    with pytest.raises(Empty):
        seen.get(timeout=0.3)
    examiner.see(trained(session, 30))
    looks = [seen.get(timeout=PATIENCE_S).step for _ in range(6)]
    assert looks == [1, 2, 5, 10, 20, 29]
    last = seen.get(timeout=PATIENCE_S).course
    assert last is not None
    assert last.ended == "steps"
    examiner.close()
