"""A run of two stages: layers learn to restore their inputs, then the whole network is trained."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.preprocessing import Standardized
from nnstudio.errors import NnstudioError
from nnstudio.nn.activations import Identity, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant, LinearWarmUp
from nnstudio.spec import describe
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Stopping
from nnstudio.training.loop import advance, train
from nnstudio.training.moments import Moments
from nnstudio.training.pretraining import (
    WHOLE,
    LayerByLayer,
    NoPretraining,
    first_stage,
    layer_of,
    stage_after,
)
from nnstudio.training.problems import problems
from nnstudio.training.recipe import Recipe
from nnstudio.training.replay import replay
from nnstudio.training.session import Session
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case

STEPS = 4
"""Of an epoch of the tiny data."""


def pretrained_case(**settings: Any) -> Case:
    """Two layers, one epoch each, then two epochs of the whole network."""
    return tiny_case(
        **{
            "network": NetworkSpec(
                layers=(
                    HiddenLayer(units=5, activation=Tanh()),
                    HiddenLayer(units=3, activation=Tanh()),
                )
            ),
            "pretraining": LayerByLayer(epochs=1, rate=0.5),
            "optimizer": Sgd(learning_rate=0.1),
            "schedule": Constant(),
            "stopping": Stopping(epochs=2),
            **settings,
        }
    )


def started(case: Case, steps: int = 0) -> TrainingState:
    state = TrainingState.start(case.experiment, case.data)
    for _ in range(steps):
        advance(state)
    return state


def finished(case: Case) -> TrainingState:
    state = started(case)
    for _ in train(state):
        pass
    return state


def views(state: TrainingState) -> dict[str, Any]:
    return {name: view.copy() for name, view in state.network.layout.views(state.evaluated).items()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name, view in before.items() if not np.array_equal(view, after[name])}


def test_each_layer_has_its_stage_before_the_whole_network_has_one() -> None:
    state = finished(pretrained_case())
    stages = ((0, "layers.0"), (STEPS, "layers.1"), (2 * STEPS, WHOLE))
    assert state.history.view().stages == stages
    assert state.step == 4 * STEPS
    assert state.epoch == 4
    assert state.ended is not None
    assert state.ended.reason == "epochs"
    assert state.ended.text.values["epochs"] == 2


def test_a_stage_moves_its_layer_and_no_other() -> None:
    state = started(pretrained_case())
    initial = views(state)
    for _ in range(STEPS):
        advance(state)
    first = views(state)
    assert changed(initial, first) == {"layers.0.W", "layers.0.b"}
    for _ in range(STEPS):
        advance(state)
    second = views(state)
    assert changed(first, second) == {"layers.1.W", "layers.1.b"}
    advance(state)
    assert "layers.2.W" in changed(second, views(state))


def test_a_layer_learns_to_restore_its_inputs() -> None:
    case = pretrained_case(
        scaling=Standardized(),
        pretraining=LayerByLayer(epochs=120, rate=1.0, noise=0.1),
        network=NetworkSpec(layers=(HiddenLayer(units=6, activation=Tanh()),)),
    )
    state = started(case, 120 * STEPS)
    loss = state.history.view().loss
    # standardized inputs have variance 1, which is what restoring nothing costs
    assert loss[0] > 0.8
    assert loss[-STEPS:].mean() < 0.35


def test_the_step_of_an_autoencoder_is_that_of_its_formula() -> None:
    case = pretrained_case(
        precision="float64", pretraining=LayerByLayer(epochs=1, rate=0.5, noise=0.0)
    )
    state = started(case)
    plan = state.current_plan()
    X = state.feed.batch(plan.batches[0])[0].copy()
    stage = state.stage.network
    arrays = {name: view.copy() for name, view in stage.layout.views(stage.vector).items()}
    W, b, V, c = (arrays[f"layers.{name}"] for name in ("0.W", "0.b", "1.W", "1.b"))
    np.testing.assert_array_equal(W, views(state)["layers.0.W"])
    A = np.tanh(X @ W + b)
    dX = 2 * (A @ V + c - X) / X.size
    dZ = (dX @ V.T) * (1 - A**2)
    step = advance(state)
    assert step is not None
    assert step.loss == pytest.approx(np.mean((A @ V + c - X) ** 2), rel=1e-12)
    assert step.rate == 0.05
    assert np.isnan(step.score)
    np.testing.assert_allclose(views(state)["layers.0.W"], W - 0.05 * X.T @ dZ, rtol=1e-12)
    np.testing.assert_allclose(views(state)["layers.0.b"], b - 0.05 * dZ.sum(0), rtol=1e-12)


def test_the_second_layer_restores_what_the_first_one_makes_of_the_inputs() -> None:
    case = pretrained_case(
        precision="float64", pretraining=LayerByLayer(epochs=1, rate=0.5, noise=0.0)
    )
    state = started(case, STEPS)
    rows = state.current_plan().batches[0]
    arrays = views(state)
    X = state.feed.batch(rows)[0] @ arrays["layers.0.W"] + arrays["layers.0.b"]
    X = np.tanh(X)
    stage = state.stage.network
    trainee = {name: view.copy() for name, view in stage.layout.views(stage.vector).items()}
    W, b, V, c = (trainee[f"layers.{name}"] for name in ("0.W", "0.b", "1.W", "1.b"))
    step = advance(state)
    assert step is not None
    restored = np.tanh(X @ W + b) @ V + c
    assert step.loss == pytest.approx(np.mean((restored - X) ** 2), rel=1e-12)


def test_noise_sets_its_share_of_the_inputs_to_zero_and_restores_the_others() -> None:
    case = pretrained_case(
        scaling=Standardized(), pretraining=LayerByLayer(epochs=1, rate=1.0, noise=0.4)
    )
    seen: list[tuple[Any, Any]] = []

    def spy(network: Any, X: Any, Y: Any) -> float:
        seen.append((X.copy(), Y.copy()))
        return float(network.loss_and_gradient(X, Y))

    state = TrainingState.start(case.experiment, case.data)
    state.stage._gradient = spy
    for _ in range(STEPS):
        advance(state)
    zeros = np.concatenate([(X == 0).ravel() for X, _ in seen])
    assert 0.25 < zeros.mean() < 0.55
    for X, Y in seen:
        np.testing.assert_array_equal(X[X != 0], Y[X != 0])
        assert (Y != 0).all()


def test_the_run_after_it_begins_as_a_run_does() -> None:
    case = pretrained_case(
        schedule=Constant(),
        warm_up=LinearWarmUp(steps=4, start=0.2),
        stopping=Stopping(epochs=None, steps=6),
    )
    state = finished(case)
    rates = state.history.view().rate
    np.testing.assert_allclose(rates[2 * STEPS :], [0.02, 0.04, 0.06, 0.08, 0.1, 0.1])
    assert state.step == 2 * STEPS + 6


def test_layers_learn_at_a_rate_in_proportion_to_that_of_the_optimizer_also_when_it_changes() -> (
    None
):
    case = pretrained_case(pretraining=LayerByLayer(epochs=1, rate=3.0))
    state = started(case, 1)
    state.change("optimizer.learning_rate", 0.2)
    advance(state)
    np.testing.assert_allclose(state.history.view().rate, [0.3, 0.6])


def test_no_setting_of_pretraining_is_called_as_one_of_the_run() -> None:
    own = {one.title for one in describe(LayerByLayer)}
    others = {one.title for cls in (Stopping, Sgd) for one in describe(cls)}
    assert not own & others


def test_the_length_of_the_run_is_known_from_its_first_step() -> None:
    state = started(pretrained_case())
    while state.ended is None:
        assert state.total_steps == 4 * STEPS
        advance(state)


def test_an_untrained_network_is_not_validated() -> None:
    state = finished(pretrained_case())
    validation = state.history.view().validation
    assert validation.step.tolist() == [3 * STEPS, 4 * STEPS]
    assert state.best is not None


def test_patience_and_best_begin_with_the_whole_network() -> None:
    state = finished(pretrained_case(stopping=Stopping(epochs=50, patience=1, keep_best=True)))
    assert state.best is not None
    assert state.best.step > 2 * STEPS


def test_statistics_of_a_normalization_move_into_the_run_and_dropout_waits() -> None:
    layers = (
        HiddenLayer(units=5, normalization=BatchNorm(), dropout=Dropout(rate=0.5)),
        HiddenLayer(units=3, activation=Identity()),
    )
    state = started(pretrained_case(network=NetworkSpec(layers=layers)))
    before = views(state)
    for _ in range(STEPS):
        assert not state.stage.network.is_random
        advance(state)
    assert "layers.0.running_mean" in changed(before, views(state))


def test_a_checkpoint_within_a_stage_holds_the_decoder() -> None:
    case = pretrained_case()
    expected = finished(case)
    for steps in range(1, 3 * STEPS):
        taken = started(case, steps).checkpoint()
        assert ("stage" in taken.vectors) == (steps < 2 * STEPS)
        state = TrainingState.restore(taken, case.data)
        for _ in train(state):
            pass
        assert state.network.vector.tobytes() == expected.network.vector.tobytes()
        assert state.history.view().stages == expected.history.view().stages


def test_a_stage_that_the_experiment_does_not_have_is_damage() -> None:
    case = pretrained_case()
    taken = started(case, 2).checkpoint()
    for name in ("layers.2", "layers.x", "everything"):
        damaged = Checkpoint(taken.vectors, {**taken.record, "stage": name})
        with pytest.raises(NnstudioError, match="cannot be gone on with"):
            TrainingState.restore(damaged, case.data)


def test_a_run_from_a_trained_model_is_not_pretrained_over_it_and_is_replayed_so() -> None:
    case = pretrained_case()
    trained = finished(case).evaluated.copy()
    state = TrainingState.start(case.experiment, case.data, initial=trained, initial_sha256="ab")
    assert state.stage.name == WHOLE
    assert state.total_steps == 2 * STEPS
    for _ in train(state):
        pass
    assert state.history.view().stages == ()
    recipe = Recipe.from_json(state.recipe.to_json())
    again = replay(recipe, case.data, initial=trained, initial_sha256="ab")
    assert again.step == state.step == 2 * STEPS
    np.testing.assert_array_equal(again.evaluated, state.evaluated)


def test_a_fork_without_pretraining_goes_on_with_the_whole_network() -> None:
    case = pretrained_case()
    parent = started(case, 2)
    learnt = views(parent)
    fork = parent.fork(replace(case.experiment, pretraining=NoPretraining()))
    assert fork.stage.name == WHOLE
    assert changed(learnt, views(fork)) == set()
    for _ in train(fork):
        pass
    assert fork.history.view().stages == ((0, "layers.0"), (2, WHOLE))
    # the rest of the epoch is left out, and two more follow
    assert fork.step == 2 + 2 * STEPS
    assert fork.total_steps == fork.step


def test_a_fork_of_a_run_without_pretraining_is_not_pretrained() -> None:
    case = pretrained_case(pretraining=NoPretraining())
    fork = started(case, 3).fork(replace(case.experiment, pretraining=LayerByLayer()))
    assert fork.stage.name == WHOLE
    assert fork.history.view().stages == ()


def test_a_clock_ends_a_run_in_any_stage() -> None:
    case = pretrained_case(stopping=Stopping(epochs=2, seconds=0.5))
    state = TrainingState.start(case.experiment, case.data)
    times = iter(np.arange(0.0, 1e6, 0.3))
    for _ in train(state, clock=lambda: float(next(times))):
        pass
    assert state.ended is not None
    assert state.ended.reason == "seconds"
    assert state.stage.name == "layers.0"


def test_a_session_says_in_which_stage_it_is() -> None:
    case = pretrained_case()
    session = Session(experiment=case.experiment, data=case.data)
    names = []
    for _ in range(9):
        session.step()
        session.turn()
        snapshot = session.mailbox.take()
        assert snapshot is not None
        names.append(snapshot.stage)
        assert snapshot.weights is not None
        assert (snapshot.weights.gradient is None) == (snapshot.step <= 2 * STEPS)
    assert names == ["layers.0"] * 3 + ["layers.1"] * 4 + [WHOLE] * 2


def test_a_run_of_one_stage_has_no_name_for_it() -> None:
    case = tiny_case()
    session = Session(experiment=case.experiment, data=case.data)
    session.step()
    session.turn()
    snapshot = session.mailbox.take()
    assert snapshot is not None
    assert snapshot.stage is None
    assert snapshot.history is not None
    assert snapshot.history.stages == ()


def test_moments_are_those_of_the_whole_network() -> None:
    case = pretrained_case()
    state, moments = started(case), Moments()
    for _ in train(state, moments=moments):
        pass
    # the first steps of the whole network, which begin after two stages, and the last of all
    before = 2 * STEPS
    assert {moment.step for moment in moments.kept} == {
        *(before + step for step in (0, 1, 2, 5)),
        4 * STEPS - 1,
    }
    assert all(moment.vector.shape == state.network.vector.shape for moment in moments.kept)


def test_without_hidden_layers_there_is_nothing_to_pretrain() -> None:
    case = pretrained_case(network=NetworkSpec(layers=()))
    assert [one.path for one in problems(case.experiment, case.data.facts)] == [("pretraining",)]
    assert finished(case).history.view().stages == ()


def test_stages_follow_one_another() -> None:
    assert first_stage(NoPretraining(), 2) == WHOLE
    assert first_stage(LayerByLayer(), 2) == "layers.0"
    assert stage_after("layers.0", 2) == "layers.1"
    assert stage_after("layers.1", 2) == WHOLE
    assert [layer_of(name) for name in ("layers.0", "layers.12", WHOLE)] == [0, 12, None]
