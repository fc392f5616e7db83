"""All sources of an experiment are loaded by one way, and called by their names."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import (
    DataPlaces,
    Handwriting,
    Mnist,
    Moons,
    Noise,
    Source,
    Spirals,
)
from nnstudio.data.joined import UnmixableError
from nnstudio.data.progress import silent
from nnstudio.doctor.evidence.inputs import input_facts
from nnstudio.paths import remedied
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource, dumps, loads
from nnstudio.training.loop import train
from nnstudio.training.prepared import load
from nnstudio.training.problems import problems
from nnstudio.training.sources import data_name_of, load_sources
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_experiment

PLACES = DataPlaces(folders=(), cache=Path("nowhere"), downloads=Path("nowhere"))


def of(*sources: Source) -> Experiment:
    weighted = tuple(WeightedSource(source=one) for one in sources)
    return tiny_experiment(data=DataSettings(sources=weighted))


def test_a_single_source_is_what_it_loads() -> None:
    moons = Moons(samples=30)
    dataset = load_sources(of(moons), PLACES, silent)
    assert dataset.sha256 == moons.load(PLACES, silent).sha256
    assert dataset.source == "moons"
    assert not dataset.members


def test_several_sources_are_joined_in_their_order() -> None:
    moons, spirals = Moons(samples=30), Spirals(samples=30)
    dataset = load_sources(of(moons, spirals), PLACES, silent)
    assert dataset.source == "mixture"
    assert [one.source for one in dataset.members] == ["moons", "spirals"]
    np.testing.assert_array_equal(dataset.inputs[:30], moons.load(PLACES, silent).inputs)


def test_the_progress_of_several_is_that_of_all(tmp_path: Path) -> None:
    told: list[float] = []
    places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path)
    sources = [Handwriting(training=10, validation=10, test=10, seed=seed) for seed in (1, 2)]
    load_sources(of(*sources), places, lambda share, _: told.append(share or 0))
    assert told == sorted(told)
    assert (told[len(told) // 2 - 1], told[-1]) == (0.5, 1.0)


def test_a_source_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    unkept = tmp_path / "file"
    unkept.touch()
    places = DataPlaces(folders=(), cache=unkept, downloads=tmp_path)
    digits = Handwriting(training=10, validation=10, test=10)
    once: list[str] = []
    twice: list[str] = []
    load_sources(of(digits), places, lambda _, doing: once.append(str(doing)))
    load_sources(of(digits, digits), places, lambda _, doing: twice.append(str(doing)))
    assert len(once) == len(twice) > 0


def test_sources_that_do_not_go_together_are_named_with_their_titles() -> None:
    with pytest.raises(UnmixableError, match="Two moons and Random noise cannot be mixed") as found:
        load_sources(of(Moons(samples=30), Moons(samples=30), Noise(samples=30)), PLACES, silent)
    assert found.value.place == 2


def test_data_are_called_after_all_their_sources() -> None:
    assert data_name_of(of(Mnist(), Handwriting())) == "MNIST + Handwriting"
    assert data_name_of(of(Mnist(), Mnist())) == data_name_of(of(Mnist())) == "MNIST"


def test_a_mixture_is_the_same_after_a_round_trip_through_json_and_trains_alike() -> None:
    spirals = (Spirals(samples=30, seed=1), Spirals(samples=40, seed=2))
    weighted = tuple(
        WeightedSource(source=one, weight=weight)
        for one, weight in zip(spirals, (1.0, 0.3), strict=True)
    )
    experiment = tiny_experiment(data=DataSettings(sources=weighted))
    again = loads(dumps(experiment))
    assert again == experiment
    runs = [TrainingState.start(one, load(one, PLACES, silent)) for one in (experiment, again)]
    for run in runs:
        for _ in train(run):
            pass
    assert runs[0].recipe == runs[1].recipe
    np.testing.assert_array_equal(runs[0].network.vector, runs[1].network.vector)


def test_the_same_samples_held_out_in_other_rows_are_a_problem_that_can_be_mended() -> None:
    same = Moons(samples=40)
    experiment = of(same, Spirals(samples=40), Moons(samples=40, validation=0.3))
    data = load(experiment, PLACES, silent)
    assert data.facts.twins == ((0, 2),)
    assert input_facts(experiment, data).between > 0.05
    (found,) = problems(experiment, data.facts)
    assert found.path == ("data", "sources", 2, "source")
    assert "same samples" in str(found.message)
    mended = remedied(experiment, found.remedy)
    again = load(mended, PLACES, silent)
    assert again.facts.twins == ()
    assert problems(mended, again.facts) == ()
    assert input_facts(mended, again).between == 0.0


def test_a_source_named_twice_and_sources_of_other_samples_are_no_problem() -> None:
    moons = Moons(samples=40)
    experiment = of(moons, moons, Moons(samples=40, seed=3, validation=0.3))
    assert load(experiment, PLACES, silent).facts.twins == ()
