import pytest

from nnstudio.errors import NnstudioError
from nnstudio.paths import path_of, value_at
from nnstudio.training.experiment import Experiment
from nnstudio.training.live import acts_at_epoch, with_live


@pytest.mark.parametrize("path", ["optimizer.learning_rate", "optimizer.beta1", "optimizer.beta2"])
def test_hyper_parameters_of_the_optimizer_are_live(path: str) -> None:
    changed = with_live(Experiment(), path, 0.25)
    assert value_at(changed, path_of(path)) == 0.25
    assert not acts_at_epoch(changed, path)


def test_the_batch_size_waits_for_the_next_epoch() -> None:
    assert acts_at_epoch(Experiment(), "batches.size")


@pytest.mark.parametrize("path", ["seed", "batches.drop_last", "network.layers.0.units", "loss"])
def test_what_is_not_live_is_refused(path: str) -> None:
    with pytest.raises(NnstudioError, match="next start"):
        with_live(Experiment(), path, 1)


@pytest.mark.parametrize("path", ["", "sed", "optimizer.", "network.layers.9.units", "optimizer.0"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(NnstudioError):
        with_live(Experiment(), path, 1)


def test_a_value_that_is_not_legal_is_refused_with_its_path() -> None:
    with pytest.raises(NnstudioError, match=r"optimizer\.learning_rate"):
        with_live(Experiment(), "optimizer.learning_rate", 0.0)
