import pytest

from nnstudio.errors import NnstudioError
from nnstudio.nn.constraints import MaxNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.penalties import L2
from nnstudio.paths import path_of, value_at
from nnstudio.training.experiment import Experiment
from nnstudio.training.live import acts_at_epoch, with_live
from nnstudio.training.loop import advance
from nnstudio.training.pretraining import LayerByLayer, NoPretraining, Pretraining
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case


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


@pytest.mark.parametrize("pretraining", [NoPretraining(), LayerByLayer(epochs=1)])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.layers.0.dropout.rate", 0.75),
        ("network.layers.0.penalty.l2", 0.5),
        ("network.layers.0.constraint.limit", 0.25),
    ],
)
def test_what_is_left_out_and_what_weights_cost_change_at_once_and_are_replayed(
    path: str, value: float, pretraining: Pretraining
) -> None:
    row = HiddenLayer(units=5, dropout=Dropout(), penalty=L2(), constraint=MaxNorm())
    case = tiny_case(network=NetworkSpec(layers=(row,)), pretraining=pretraining)
    plain, changed = (TrainingState.start(case.experiment, case.data) for _ in range(2))
    for state in (plain, changed):
        for _ in range(2):
            advance(state)
    changed.change(path, value)
    restored = TrainingState.restore(changed.checkpoint(), case.data)
    for state in (plain, changed, restored):
        while state.ended is None:
            advance(state)
    again = replay(changed.recipe, case.data)
    assert changed.network.vector.tobytes() != plain.network.vector.tobytes()
    for state in (restored, again):
        assert state.network.vector.tobytes() == changed.network.vector.tobytes()
        assert state.network.spec == changed.network.spec != case.experiment.network
