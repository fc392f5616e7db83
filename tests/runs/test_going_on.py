"""Going on from a file, in this process or in another one, equals never having stopped."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nnstudio import training
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.progress import silent
from nnstudio.runs.checkpoint_file import load_checkpoint, save_checkpoint
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import advance, train
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.replay import replay
from nnstudio.training.sources import load_sources
from nnstudio.training.state import TrainingState
from tests.strategies import cases, experiments, live_changes, mended

PLACES = DataPlaces.standard(may_download=False)
GO_ON = """
import sys
from pathlib import Path
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.runs.checkpoint_file import load_checkpoint, save_checkpoint
from nnstudio.training.loop import train
from nnstudio.training.prepared import load
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState

taken = load_checkpoint(Path(sys.argv[1]))
data = load(taken.experiment, DataPlaces.standard(may_download=False), silent)
state = TrainingState.restore(taken, data)
for _ in train(state):
    pass
save_checkpoint(Path(sys.argv[2]), state.checkpoint())
save_checkpoint(Path(sys.argv[3]), replay(state.recipe, data).checkpoint())
"""


def drawn_from_a_source(experiment: Experiment) -> tuple[Experiment, PreparedData]:
    """An experiment whose few samples every process can make by itself."""
    held_out = experiment.data.sources[0].source.share_held_out[0]
    sources = tuple(
        replace(one, source=Spirals(samples=60, validation=held_out, seed=place))
        for place, one in enumerate(experiment.data.sources)
    )
    experiment = replace(experiment, data=replace(experiment.data, sources=sources))
    experiment = mended(experiment, load_sources(experiment, PLACES, silent))
    return experiment, load(experiment, PLACES, silent)


def driven(
    experiment: Experiment,
    data: PreparedData,
    changes: tuple[tuple[int, str, object], ...],
    until: int | None = None,
) -> TrainingState:
    state = TrainingState.start(experiment, data)
    left = list(changes)
    while state.ended is None and state.step != until:
        while left and left[0][0] == state.step:
            _, path, value = left.pop(0)
            state.change(path, value)
        advance(state)
    return state


def assert_same(one: Checkpoint, other: Checkpoint) -> None:
    """All but how long it took."""
    assert one.vectors.keys() == other.vectors.keys()
    for name, values in one.vectors.items():
        if name != "history.seconds":
            assert values.tobytes() == other.vectors[name].tobytes(), name
    records = [{**taken.record, "seconds": 0} for taken in (one, other)]
    assert json.dumps(records[0], sort_keys=True) == json.dumps(records[1], sort_keys=True)


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_a_run_that_went_through_a_file_at_any_step_goes_on_with_the_same_bits(
    data: st.DataObject,
) -> None:
    case = data.draw(cases())
    changes = data.draw(live_changes(case.experiment))
    at = data.draw(st.integers(0, 30))
    expected = driven(case.experiment, case.data, changes)
    before = tuple(change for change in changes if change[0] < at)
    taken = driven(case.experiment, case.data, before, until=at).checkpoint()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.safetensors"
        save_checkpoint(path, taken)
        state = TrainingState.restore(load_checkpoint(path), case.data)
    left = [change for change in changes if change[0] >= state.step]
    while state.ended is None:
        while left and left[0][0] == state.step:
            _, name, value = left.pop(0)
            state.change(name, value)
        advance(state)
    assert_same(state.checkpoint(), expected.checkpoint())


@pytest.mark.slow
@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(st.data())
def test_a_run_that_goes_on_in_another_process_has_the_same_bits(data: st.DataObject) -> None:
    experiment, samples = drawn_from_a_source(data.draw(experiments()))
    at = data.draw(st.integers(0, 30))
    changes = tuple(one for one in data.draw(live_changes(experiment)) if one[0] < at)
    expected = driven(experiment, samples, changes).checkpoint()
    with TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("taken", "gone_on", "replayed")]
        save_checkpoint(Path(files[0]), driven(experiment, samples, changes, at).checkpoint())
        child = subprocess.run(
            [sys.executable, "-c", GO_ON, *files],
            capture_output=True,
            check=False,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(training.__file__).parents[2])},
        )
        assert child.returncode == 0, child.stderr
        for file in files[1:]:
            assert_same(load_checkpoint(Path(file)), expected)


def test_the_other_process_does_what_this_one_does() -> None:
    experiment, samples = drawn_from_a_source(Experiment())
    experiment = replace(experiment, stopping=replace(experiment.stopping, epochs=2))
    expected = driven(experiment, samples, ())
    state = TrainingState.restore(driven(experiment, samples, (), 1).checkpoint(), samples)
    for _ in train(state):
        pass
    assert_same(state.checkpoint(), expected.checkpoint())
    assert_same(replay(state.recipe, samples).checkpoint(), expected.checkpoint())
