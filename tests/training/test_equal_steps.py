"""Runs that are compared stay together, and none of them can stop all of them."""

from nnstudio.training.equal_steps import EqualSteps
from nnstudio.training.experiment import Stopping
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState
from tests.strategies import tiny_case


class Clock:
    """Makes every look cost a share of a turn, another one for each session."""

    def __init__(self, tick: float) -> None:
        self.now = 0.0
        self.tick = tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def pair(*, epochs: int = 50) -> tuple[Session, Session]:
    """Give a fast and a slow session of the same length that stay together."""
    together = EqualSteps()
    case = tiny_case(stopping=Stopping(epochs=epochs))
    fast, slow = (
        Session(experiment=case.experiment, data=case.data, clock=Clock(tick))
        for tick in (0.0004, 0.004)
    )
    for session in (fast, slow):
        session.stay_with(together)
    return fast, slow


def test_the_fast_one_waits_for_the_slow_one() -> None:
    fast, slow = pair()
    fast.start()
    slow.start()
    apart = []
    for _ in range(40):
        fast.turn()
        apart.append(fast.steps_made - slow.steps_made)
        slow.turn()
    one_turn = max(apart[:1])
    assert one_turn > 1
    assert slow.steps_made > 2 * one_turn
    assert max(apart) <= one_turn + 1


def test_nobody_waits_for_one_that_is_paused_or_over() -> None:
    fast, slow = pair()
    fast.start()
    slow.step()
    for _ in range(20):
        fast.turn()
        slow.turn()
    assert not slow.running
    assert fast.steps_made > slow.steps_made + 20
    slow.stop()
    slow.turn()
    assert slow.ended
    assert fast.turn()


def test_both_come_to_their_ends() -> None:
    fast, slow = pair(epochs=5)
    fast.start()
    slow.start()
    while any([fast.turn(), slow.turn()]):
        pass
    assert (fast.steps_made, slow.steps_made) == (20, 20)


def test_one_that_waits_still_does_what_it_is_told() -> None:
    fast, slow = pair()
    fast.start()
    slow.start()
    fast.turn()
    assert fast.turn()
    fast.pause()
    assert not fast.turn()
    last = fast.mailbox.take()
    assert last is not None
    assert last.state is RunState.PAUSED


def test_one_that_has_left_goes_on_alone() -> None:
    fast, slow = pair()
    fast.start()
    slow.start()
    fast.turn()
    slow.turn()
    slow.stay_with(None)
    slow.turn()
    before = fast.steps_made
    fast.turn()
    fast.turn()
    assert fast.steps_made > before
