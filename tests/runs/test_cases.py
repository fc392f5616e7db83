"""Experiments that ship are there by name, files of people are read or refused by name."""

import math
from pathlib import Path

import pytest

from nnstudio.data.catalogue import DataPlaces, Mnist
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from nnstudio.runs.cases import case_names, load_case, load_experiment
from nnstudio.runs.headless import judged, save_outcome, train_to_end
from nnstudio.runs.judge import judge_source
from nnstudio.runs.model_file import load_model
from nnstudio.training.experiment import Experiment, dumps
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState


def test_the_cases_are_named() -> None:
    assert {"handwriting", "mnist-quick"} <= set(case_names())


def test_a_case_is_an_experiment() -> None:
    assert load_case("mnist-quick").data.sources[0].source.kind == "mnist"


def test_an_unknown_name_is_no_case() -> None:
    with pytest.raises(KeyError):
        load_case("../cases/handwriting")


def test_an_experiment_comes_back_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(dumps(Experiment(seed=3)), encoding="utf-8")
    assert load_experiment(tmp_path / "e.json") == Experiment(seed=3)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format_version": 1, "a": 1}'])
def test_a_file_that_holds_none_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(NnstudioError, match=r"bad\.json"):
        load_experiment(tmp_path / "bad.json")


def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=tmp_path.name):
        load_experiment(tmp_path)


def trained(name: str, places: DataPlaces) -> TrainingState:
    experiment = load_case(name)
    state = TrainingState.start(experiment, load(experiment, places, silent))
    train_to_end(state, wanted=lambda: True, tell=lambda _, __: None)
    return state


@pytest.fixture
def places(shared_data: Path) -> DataPlaces:
    return DataPlaces.standard(shared_data, may_download=False)


@pytest.mark.parametrize(
    ("name", "least"), [("spirals", 0.98), ("moons", 0.98), ("checkerboard", 0.96)]
)
def test_points_in_the_plane_are_told_apart_within_seconds(name: str, least: float) -> None:
    outcome = judged(trained(name, DataPlaces.standard(may_download=False)))
    assert outcome.test_accuracy is not None
    assert outcome.test_accuracy >= least


def test_a_polynomial_is_fitted_as_well_as_its_noise_allows() -> None:
    outcome = judged(trained("polynomial", DataPlaces.standard(may_download=False)))
    assert outcome.test_r_squared is not None
    assert outcome.test_rmse is not None
    assert outcome.test_r_squared >= 0.9
    assert 0.3 <= outcome.test_rmse <= 0.36  # the noise has 0.3


def test_over_fitting_is_good_at_its_samples_and_ever_worse_at_others() -> None:
    state = trained("over-fitting", DataPlaces.standard(may_download=False))
    outcome, losses = judged(state), state.history.view().validation.loss
    assert outcome.train_loss is not None
    assert outcome.train_loss < 0.1
    assert losses[-1] > 1.5 * losses.min()


def test_random_targets_are_learned_by_heart_and_guessed_elsewhere() -> None:
    outcome = judged(trained("random-targets", DataPlaces.standard(may_download=False)))
    assert outcome.train_loss is not None
    assert outcome.test_accuracy == pytest.approx(0.5, abs=0.05)
    assert outcome.train_loss < 0.5 < math.log(2)


@pytest.mark.slow
def test_the_default_experiment_reads_98_percent_of_mnist(places: DataPlaces) -> None:
    outcome = judged(trained("mnist-quick", places))
    assert outcome.test_accuracy is not None
    assert outcome.test_accuracy >= 0.98


@pytest.mark.slow
def test_what_learned_generated_digits_alone_reads_95_percent_of_mnist(
    places: DataPlaces, tmp_path: Path
) -> None:
    state = trained("handwriting", places)
    model = load_model(save_outcome(tmp_path, state, judged(state)))
    assert judge_source(model, Mnist(), places, silent).score >= 0.95
