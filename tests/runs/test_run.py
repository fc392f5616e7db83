"""A Run shows the newest that its source gave."""

from nnstudio.runs.run import WAITING, Run
from nnstudio.training.snapshot import RunState, Snapshot


class Source:
    can_pause = can_change = can_predict = can_fork = False

    def __init__(self, *snapshots: Snapshot) -> None:
        self.snapshots = list(snapshots)

    def poll(self) -> Snapshot | None:
        return self.snapshots.pop(0) if self.snapshots else None


def run_of(*snapshots: Snapshot) -> Run:
    return Run("run-1", "Run 1", 0, None, None, Source(*snapshots))


def test_a_run_waits_before_its_source_gave_anything() -> None:
    assert run_of().snapshot is WAITING


def test_polling_takes_the_newest_snapshot() -> None:
    newest = Snapshot(RunState.RUNNING, 3)
    run = run_of(newest)
    assert run.poll()
    assert run.snapshot is newest


def test_polling_without_news_keeps_the_last_snapshot() -> None:
    newest = Snapshot(RunState.RUNNING, 3)
    run = run_of(newest)
    run.poll()
    assert not run.poll()
    assert run.snapshot is newest


def test_a_view_shows_the_run_as_it_was_when_it_was_made() -> None:
    run = run_of(Snapshot(RunState.RUNNING, 3))
    view = run.view(current=True)
    run.poll()
    assert (view.identity, view.name, view.current) == ("run-1", "Run 1", True)
    assert view.snapshot is WAITING
