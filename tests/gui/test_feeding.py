"""Views get the newest runs when they are due; while a pen moves, those that move, one by one."""

from typing import TYPE_CHECKING, cast

from nnstudio.gui.main_window.feeding import Feeder
from nnstudio.runs.run import RunView
from nnstudio.training.snapshot import RunState, Snapshot

if TYPE_CHECKING:
    from nnstudio.gui.main_window.dock import Dock


class AView:
    def __init__(self, name: str, rate_hz: float) -> None:
        self.name, self.rate_hz, self.wants_weights = name, rate_hz, False
        self.given: list[tuple[RunView, ...]] = []

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        self.given.append(views)


class ADock:
    def __init__(self, name: str, rate_hz: float) -> None:
        self.view, self.seen = AView(name, rate_hz), True


class Crank:
    now = 10.0

    def __call__(self) -> float:
        return self.now


def runs() -> tuple[RunView, ...]:
    snapshot = Snapshot(state=RunState.RUNNING, step=1)
    return (RunView("a", "run 1", 1, current=True, snapshot=snapshot, blueprint=None),)


def fed(*docks: ADock, clock: Crank) -> Feeder:
    feeder = Feeder(cast("tuple[Dock, ...]", docks), clock=clock)
    feeder.take(runs())
    return feeder


def test_two_at_a_time_get_the_runs() -> None:
    docks = [ADock(name, 20.0) for name in "abc"]
    feeder = fed(*docks, clock=Crank())
    assert feeder.feed_next()
    assert [len(dock.view.given) for dock in docks] == [1, 1, 0]
    assert not feeder.feed_next()
    assert [len(dock.view.given) for dock in docks] == [1, 1, 1]


def test_while_a_pen_moves_one_view_at_a_time_gets_them() -> None:
    docks = [ADock("loss", 25.0), ADock("doctor", 4.0), ADock("weights", 10.0)]
    feeder = fed(*docks, clock=Crank())
    feeder.feed_moving()
    assert [len(dock.view.given) for dock in docks] == [1, 0, 0]
    for _ in range(3):
        feeder.feed_moving()
    assert [len(dock.view.given) for dock in docks] == [1, 0, 1]
    feeder.feed_next()
    assert [len(dock.view.given) for dock in docks] == [1, 1, 1]


def test_who_was_given_them_just_now_waits() -> None:
    dock, clock = ADock("loss", 10.0), Crank()
    feeder = fed(dock, clock=clock)
    feeder.feed_next()
    feeder.take(runs())
    feeder.feed_next()
    assert len(dock.view.given) == 1
    clock.now += 0.1
    feeder.feed_next()
    assert len(dock.view.given) == 2
