"""A run that a crash ended is offered once, by one process, from its last checkpoint."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.file_lock import FileLock
from nnstudio.runs.store import (
    CHECKPOINT_FILE,
    DESCRIPTION_FILE,
    LOCK_FILE,
    MAX_KEPT,
    PERIOD_S,
    REST_PER_WORK,
    RunStore,
    StoredRun,
)
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.recipe import Recipe
from nnstudio.training.state import TrainingState


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[RunStore]:
    made = RunStore(tmp_path / "runs", clock=clock, threaded=False)
    yield made
    made.close()


@pytest.fixture
def recipe(experiment: Experiment) -> Recipe:
    return Recipe(experiment)


@pytest.fixture
def run(store: RunStore, recipe: Recipe) -> StoredRun:
    return store.begin(recipe, "Run 1")


@pytest.fixture(scope="session")
def checkpoints(experiment: Experiment, data: PreparedData) -> list[Checkpoint]:
    state = TrainingState.start(experiment, data)
    made = [state.checkpoint()]
    made += [state.checkpoint() for _ in islice(train(state), 5)]
    return made


def files(store: RunStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def steps_found(folder: Path) -> list[int]:
    other = RunStore(folder, threaded=False)
    found = [one.step for one in other.unfinished()]
    other.close()
    return found


def test_a_run_without_a_checkpoint_leaves_nothing_on_disk(store: RunStore, run: StoredRun) -> None:
    store.turn()
    assert not store.folder.exists()


def test_the_first_checkpoint_is_written_at_once(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[0])
    store.turn()
    assert files(store) == sorted([CHECKPOINT_FILE, DESCRIPTION_FILE, LOCK_FILE])


def test_the_next_one_waits_its_turn_and_the_newest_wins(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint], clock: Clock
) -> None:
    for checkpoint in checkpoints[:3]:
        run.checkpoints.put(checkpoint)
        store.turn()
        clock.now += PERIOD_S / 4
    (file,) = store.folder.rglob(CHECKPOINT_FILE)
    before = file.read_bytes()
    store.turn()
    assert file.read_bytes() == before
    clock.now += PERIOD_S
    store.turn()
    store.close()
    assert steps_found(store.folder) == [2]


def test_slow_writing_takes_two_percent_of_the_time(
    tmp_path: Path, recipe: Recipe, checkpoints: list[Checkpoint]
) -> None:
    times = iter([0.0, 1.0, 1.0 + REST_PER_WORK - 0.1, 1.0 + REST_PER_WORK, 1e3, 1e3, 1e3, 1e3])
    store = RunStore(tmp_path / "runs", clock=lambda: next(times), threaded=False)
    run = store.begin(recipe, "slow")
    run.checkpoints.put(checkpoints[0])
    store.turn()
    run.checkpoints.put(checkpoints[1])
    store.turn()
    assert run.checkpoints.take() is checkpoints[1]
    run.checkpoints.put(checkpoints[2])
    store.turn()
    assert run.checkpoints.take() is None
    store.close()


def test_a_finished_run_is_forgotten(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[0])
    store.turn()
    run.finish()
    store.turn()
    assert list(store.folder.iterdir()) == []


def test_a_run_may_finish_before_anything_was_written(store: RunStore, run: StoredRun) -> None:
    run.finish()
    run.finish()
    store.turn()
    assert not store.folder.exists()


def test_a_run_that_goes_on_elsewhere_is_not_offered(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.turn()
    assert steps_found(store.folder) == []


def test_what_waits_is_written_when_the_store_closes(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    for checkpoint in checkpoints[1:3]:
        run.checkpoints.put(checkpoint)
        store.turn()
    store.close()
    assert steps_found(store.folder) == [2]


def test_an_unfinished_run_comes_back_whole(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.close()
    next_start = RunStore(store.folder, threaded=False)
    (found,) = next_start.unfinished()
    assert (found.name, found.step) == ("Run 1", 3)
    assert found.load().record == checkpoints[3].record
    next_start.close()


def test_an_unfinished_run_is_offered_by_one_process_at_a_time(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.close()
    first = RunStore(store.folder, threaded=False)
    assert len(first.unfinished()) == 1
    assert steps_found(store.folder) == []
    first.close()
    assert steps_found(store.folder) == [3]


def test_a_discarded_run_is_not_offered_again(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.close()
    next_start = RunStore(store.folder, threaded=False)
    (found,) = next_start.unfinished()
    found.discard()
    assert list(store.folder.iterdir()) == []
    next_start.close()


def test_what_cannot_be_read_is_not_offered_and_not_deleted(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.close()
    (file,) = store.folder.rglob(CHECKPOINT_FILE)
    file.write_bytes(file.read_bytes()[:-1])
    assert steps_found(store.folder) == []
    assert file.exists()


def test_a_run_without_a_readable_name_is_offered_by_its_folder(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.close()
    (file,) = store.folder.rglob(DESCRIPTION_FILE)
    file.write_text("[]")
    next_start = RunStore(store.folder, threaded=False)
    (found,) = next_start.unfinished()
    assert found.name == file.parent.name
    next_start.close()


def test_empty_folders_are_removed_and_foreign_files_left(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").touch()
    assert steps_found(tmp_path) == []
    assert [one.name for one in tmp_path.iterdir()] == ["note.txt"]


def test_a_store_that_was_never_used_finds_nothing(tmp_path: Path) -> None:
    assert steps_found(tmp_path / "none") == []


def test_a_disk_that_refuses_is_told_once_and_tried_again(
    tmp_path: Path, recipe: Recipe, checkpoints: list[Checkpoint], clock: Clock
) -> None:
    (tmp_path / "runs").touch()
    store = RunStore(tmp_path / "runs", clock=clock, threaded=False)
    run = store.begin(recipe, "Run 1")
    told = []
    for checkpoint in checkpoints[:2]:
        run.checkpoints.put(checkpoint)
        store.turn()
        clock.now += PERIOD_S
        told.append(store.problems.take())
    assert "cannot be kept" in str(told[0])
    assert told[1] is None
    (tmp_path / "runs").unlink()
    run.checkpoints.put(checkpoints[2])
    store.turn()
    store.close()
    assert steps_found(tmp_path / "runs") == [2]


def test_a_checkpoint_that_cannot_be_saved_is_told(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[0])
    store.turn()
    (file,) = store.folder.rglob(CHECKPOINT_FILE)
    file.unlink()
    file.mkdir()
    run.checkpoints.put(checkpoints[1])
    store.close()
    assert "could not be saved" in str(store.problems.take())


def test_the_thread_writes_and_ends_with_the_store(
    tmp_path: Path, recipe: Recipe, checkpoints: list[Checkpoint]
) -> None:
    store = RunStore(tmp_path)
    kept, done = store.begin(recipe, "kept"), store.begin(recipe, "done")
    kept.checkpoints.put(checkpoints[1])
    done.checkpoints.put(checkpoints[2])
    done.finish()
    store.close()
    assert steps_found(tmp_path) == [1]


def test_a_lock_is_free_again_after_its_release(tmp_path: Path) -> None:
    first = FileLock.take(tmp_path / "lock")
    assert first is not None
    assert FileLock.take(tmp_path / "lock") is None
    first.release()
    first.release()
    second = FileLock.take(tmp_path / "lock")
    assert second is not None
    second.release()


HOLDS_A_LOCK = """
import sys
from pathlib import Path
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.file_lock import FileLock

lock = FileLock.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_LOCK, str(tmp_path / "lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"held"
    assert FileLock.take(tmp_path / "lock") is None
    child.kill()
    child.communicate()
    lock = FileLock.take(tmp_path / "lock")
    assert lock is not None
    lock.release()


TRAINS_FOR_EVER = """
import sys
from dataclasses import replace
from pathlib import Path

from nnstudio.data.catalogue import DataPlaces, Spirals
from nnstudio.data.progress import silent
from nnstudio.runs.store import RunStore
from nnstudio.training.experiment import DataSettings, Experiment, Stopping, WeightedSource
from nnstudio.training.loop import train
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

experiment = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Spirals(samples=60)),)),
    stopping=Stopping(epochs=1_000_000),
)
state = TrainingState.start(experiment, load(experiment, DataPlaces.standard(), silent))
now = 0.0
store = RunStore(Path(sys.argv[1]), clock=lambda: now, threaded=False)
run = store.begin(state.recipe, "Run 1")
for step in train(state):
    run.checkpoints.put(state.checkpoint())
    store.turn()
    now += 1e9
    print(step.step, flush=True)
"""


@pytest.mark.slow
def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", TRAINS_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    steps = [int(line) for line in islice(child.stdout, 20)]
    assert steps[-1] == 20
    assert steps_found(tmp_path) == []
    child.kill()
    child.communicate()
    store = RunStore(tmp_path, threaded=False)
    (found,) = store.unfinished()
    assert found.step >= 20
    checkpoint = found.load()
    experiment = checkpoint.recipe.experiment
    data = load(experiment, DataPlaces.standard(may_download=False), silent)
    again, plain = (TrainingState.restore(checkpoint, data), TrainingState.start(experiment, data))
    for _ in islice(train(again), 10):
        pass
    for _ in islice(train(plain), again.step):
        pass
    assert again.network.vector.tobytes() == plain.network.vector.tobytes()
    store.close()


def test_what_is_saved_is_not_offered_but_later_steps_are(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint], clock: Clock
) -> None:
    run.checkpoints.put(checkpoints[2])
    store.turn()
    run.saved(2)
    run.checkpoints.put(checkpoints[2])
    clock.now += PERIOD_S
    store.turn()
    assert CHECKPOINT_FILE not in files(store)
    run.checkpoints.put(checkpoints[3])
    clock.now += PERIOD_S
    store.turn()
    assert CHECKPOINT_FILE in files(store)


def test_saving_an_earlier_step_keeps_the_later_checkpoint(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    run.checkpoints.put(checkpoints[3])
    store.turn()
    run.saved(2)
    store.turn()
    assert CHECKPOINT_FILE in files(store)


def test_a_saved_run_leaves_nothing_behind_when_the_store_closes(
    tmp_path: Path, recipe: Recipe, checkpoints: list[Checkpoint]
) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    run = store.begin(recipe, "Run 1")
    run.checkpoints.put(checkpoints[2])
    store.turn()
    run.saved(2)
    store.close()
    assert files(store) == []


def test_a_run_is_safe_when_its_first_checkpoint_is_whole(
    store: RunStore, run: StoredRun, checkpoints: list[Checkpoint]
) -> None:
    store.turn()
    assert not run.safe
    run.checkpoints.put(checkpoints[1])
    store.turn()
    assert run.safe


def test_only_the_newest_runs_are_kept(
    store: RunStore, recipe: Recipe, checkpoints: list[Checkpoint]
) -> None:
    for number in range(MAX_KEPT + 2):
        run = store.begin(recipe, f"Run {number}")
        run.checkpoints.put(checkpoints[1])
        store.turn()
    assert files(store).count(CHECKPOINT_FILE) == MAX_KEPT


def test_a_run_that_had_come_to_its_end_says_so(
    tmp_path: Path, recipe: Recipe, experiment: Experiment, data: PreparedData
) -> None:
    state = TrainingState.start(experiment, data)
    next(train(state))
    state.stop()
    store = RunStore(tmp_path / "runs", threaded=False)
    store.begin(recipe, "Run 1").checkpoints.put(state.checkpoint())
    store.close()
    later = RunStore(tmp_path / "runs", threaded=False)
    (found,) = later.unfinished()
    assert found.ended
    later.close()


def test_a_bug_while_writing_is_told_and_does_not_end_the_writer(
    store: RunStore,
    run: StoredRun,
    checkpoints: list[Checkpoint],
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    run.checkpoints.put(Checkpoint({"vector": object()}, checkpoints[1].record))  # type: ignore[dict-item]  # no array
    assert store.turn()
    told = store.problems.take()
    assert told is not None
    assert "Error" in str(told)
    assert caplog.records
    run.checkpoints.put(checkpoints[1])
    clock.now += PERIOD_S
    store.turn()
    assert CHECKPOINT_FILE in files(store)
