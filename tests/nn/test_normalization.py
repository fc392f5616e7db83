import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.activations import Relu, Tanh
from nnstudio.nn.layers import Activated, HiddenLayer
from nnstudio.nn.losses import CrossEntropy
from nnstudio.nn.network import NetworkSpec, build, layout_of
from nnstudio.nn.normalization import (
    BatchNorm,
    BatchNormalized,
    LayerNorm,
    LayerNormalized,
    NoNormalization,
)
from nnstudio.nn.optimizers import Sgd, apply
from tests.nn.differences import assert_gradient, numerical_gradient
from tests.nn.networks import DTYPES, batch, initialize, network

ORACLES = Path(__file__).parents[1] / "oracles"
TORCH = json.loads((ORACLES / "torch_layers.json").read_text(encoding="utf-8"))
KINDS: tuple[Any, ...] = (BatchNorm(), LayerNorm())


def layer(kind: Any, H: int = 4, *, dtype: str = "float64", **start: Any) -> Any:
    """A step with arrays of its own, which it keeps as `arrays` and `gradients`."""
    values = {**kind.parameters, **kind.buffers, **start}
    arrays = {name: np.broadcast_to(value, (H,)).astype(dtype) for name, value in values.items()}
    gradients = {name: np.zeros(H, dtype) for name in kind.parameters}
    (made,) = kind.steps(arrays, gradients)
    made.arrays, made.gradients = arrays, gradients
    return made


def fit(made: Any, B: int) -> None:
    made.reserve(B)
    made.resize(B)


def scattered(kind: Any, H: int = 4, *, dtype: str = "float64") -> Any:
    generator = np.random.default_rng(1)
    return layer(
        kind, H, dtype=dtype, gamma=generator.normal(size=H), beta=generator.normal(size=H)
    )


def assert_passes(made: Any, frozen: dict[str, Any]) -> None:
    fit(made, len(frozen["Z"]))
    A = made.forward_training(np.array(frozen["Z"]))
    np.testing.assert_allclose(A, frozen["A"], rtol=1e-10, atol=1e-12)
    dZ = made.backward(np.array(frozen["dA"]))
    np.testing.assert_allclose(dZ, frozen["dZ"], rtol=1e-8, atol=1e-10)
    for name in ("gamma", "beta"):
        np.testing.assert_allclose(made.gradients[name], frozen[f"d{name}"], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("frozen", TORCH["batch_norm"], ids=lambda one: str(one["settings"]))
def test_batch_norm_is_that_of_pytorch_batch_after_batch(frozen: dict[str, Any]) -> None:
    momentum, epsilon = frozen["settings"]["momentum"], frozen["settings"]["eps"]
    kind = BatchNorm(momentum=momentum, epsilon=epsilon)
    made = layer(kind, gamma=frozen["gamma"], beta=frozen["beta"])
    for one in frozen["batches"]:
        assert_passes(made, one)
        made.follow()
        for name in ("running_mean", "running_variance"):
            np.testing.assert_allclose(made.arrays[name], one[name], rtol=1e-12)
    evaluation = frozen["evaluation"]
    fit(made, len(evaluation["Z"]))
    found = made.forward(np.array(evaluation["Z"]))
    np.testing.assert_allclose(found, evaluation["A"], rtol=1e-11)


@pytest.mark.parametrize("frozen", TORCH["layer_norm"], ids=lambda one: str(one["settings"]))
def test_layer_norm_is_that_of_pytorch(frozen: dict[str, Any]) -> None:
    kind = LayerNorm(epsilon=frozen["settings"]["eps"])
    made = layer(kind, gamma=frozen["gamma"], beta=frozen["beta"])
    for one in frozen["batches"]:
        assert_passes(made, one)
        assert (made.forward(np.array(one["Z"])) == made.A).all()


def test_ten_steps_with_both_kinds_are_those_of_pytorch() -> None:
    frozen = TORCH["network"]
    spec = NetworkSpec(
        layers=(
            HiddenLayer(units=6, normalization=BatchNorm(), activation=Relu()),
            HiddenLayer(units=5, normalization=LayerNorm(), activation=Tanh()),
        )
    )
    made = build(spec, inputs=4, outputs=3, loss=CrossEntropy(), dtype="float64")
    initialize(made)
    made.parameters[:] = frozen["start"]
    X, Y = np.array(frozen["X"]), np.eye(3)[frozen["labels"]]
    state = Sgd().init(made.layout.parameters, made.dtype)
    curve = []
    for _ in frozen["losses"]:
        curve.append(made.loss_and_gradient(X, Y))
        made.follow()
        apply(Sgd(), made.parameters, made.gradient, state, frozen["rate"])
    np.testing.assert_allclose(curve, frozen["losses"], rtol=1e-10)
    np.testing.assert_allclose(made.parameters, frozen["end"], rtol=1e-9, atol=1e-10)
    running = made.vector[made.layout.parameters :]
    np.testing.assert_allclose(running, frozen["buffers"], rtol=1e-10)
    np.testing.assert_allclose(made.predict(X), frozen["probabilities"], rtol=1e-9)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_unit_has_mean_0_and_variance_1_over_the_batch(dtype: str) -> None:
    made = layer(BatchNorm(epsilon=1e-9), dtype=dtype)
    fit(made, 50)
    Z = np.random.default_rng(0).normal(7.0, 3.0, (50, 4)).astype(dtype)
    A = made.forward_training(Z)
    assert A.dtype == Z.dtype
    np.testing.assert_allclose(A.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(A.std(axis=0), 1, rtol=1e-5)


def test_every_sample_has_mean_0_and_variance_1_over_the_units() -> None:
    made = layer(LayerNorm(epsilon=1e-9), 6)
    fit(made, 3)
    A = made.forward(np.random.default_rng(0).normal(7.0, 3.0, (3, 6)))
    np.testing.assert_allclose(A.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(A.std(axis=1), 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.kind)
@pytest.mark.parametrize("B", [1, 2, 5])
def test_the_gradient_is_that_of_what_comes_out(kind: Any, B: int) -> None:
    made = scattered(kind)
    fit(made, B)
    generator = np.random.default_rng(B)
    Z, dA = generator.normal(size=(2, B, 4))

    def told(at: Any) -> float:
        return float((made.forward_training(at) * dA).sum())

    def told_by(name: str) -> Any:
        def value(at: Any) -> float:
            made.arrays[name][:] = at
            return told(Z)

        return value

    told(Z)
    found = {"Z": made.backward(dA).copy(), **{n: g.copy() for n, g in made.gradients.items()}}
    assert_gradient(found["Z"], numerical_gradient(told, Z))
    for name in kind.parameters:
        start = made.arrays[name].copy()
        assert_gradient(found[name], numerical_gradient(told_by(name), start))
        made.arrays[name][:] = start


def test_a_batch_of_one_sample_gives_beta_and_changes_no_running_statistics() -> None:
    made = scattered(BatchNorm())
    fit(made, 1)
    A = made.forward_training(np.full((1, 4), 9.0))
    assert (A[0] == made.arrays["beta"]).all()
    made.follow()
    assert set(made.arrays["running_mean"]) == {0.0}
    assert set(made.arrays["running_variance"]) == {1.0}


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.kind)
@pytest.mark.parametrize("dtype", DTYPES)
def test_equal_sums_of_any_size_stay_finite(kind: Any, dtype: str) -> None:
    made = layer(kind, dtype=dtype)
    fit(made, 3)
    for size in (0.0, 1.0, 1e4):
        assert not made.forward_training(np.full((3, 4), size, dtype)).any()
        assert np.isfinite(made.backward(np.ones((3, 4), dtype))).all()


def test_the_names_of_gamma_and_beta_follow_the_bias_and_buffers_come_last() -> None:
    spec = NetworkSpec(
        layers=(
            HiddenLayer(units=5, normalization=BatchNorm()),
            HiddenLayer(units=6, normalization=LayerNorm(), bias=False),
        )
    )
    layout = layout_of(spec, inputs=4, outputs=3)
    assert [slot.name for slot in layout.slots] == [
        *(f"layers.0.{name}" for name in ("W", "b", "gamma", "beta")),
        *(f"layers.1.{name}" for name in ("W", "gamma", "beta")),
        *(f"layers.2.{name}" for name in ("W", "b")),
        *(f"layers.0.{name}" for name in ("running_mean", "running_variance")),
    ]
    assert layout.size - layout.parameters == 2 * 5


def test_gamma_and_variance_begin_at_1_and_beta_and_mean_at_0() -> None:
    made = network(5, row={"normalization": BatchNorm()})
    views = made.layout.views(made.vector)
    assert set(views["layers.0.gamma"]) == set(views["layers.0.running_variance"]) == {1.0}
    assert set(views["layers.0.beta"]) == set(views["layers.0.running_mean"]) == {0.0}


def test_only_a_step_of_training_moves_the_running_statistics() -> None:
    made = network(5, row={"normalization": BatchNorm()})
    X, Y = batch(made)
    before = made.vector.copy()
    value = made.loss_and_gradient(X, Y)
    assert (made.vector == before).all()
    made.follow()
    after = made.vector.copy()
    assert (after[: made.layout.parameters] == before[: made.layout.parameters]).all()
    assert (after[made.layout.parameters :] != before[made.layout.parameters :]).all()
    gradient = made.gradient.copy()
    assert made.training_loss(X, Y) == value
    assert made.loss(X, Y) != value
    made.predict(X)
    made.activations(X)
    assert (made.vector == after).all()
    assert (made.gradient == gradient).all()


def test_an_evaluation_in_between_does_not_change_what_running_statistics_follow() -> None:
    found = []
    for between in (0, 3):
        made = network(5, row={"normalization": BatchNorm()})
        X, Y = batch(made, 6)
        made.loss_and_gradient(X, Y)
        if between:
            made.predict(X[:between])
        made.follow()
        found.append(made.vector.tobytes())
    assert found[0] == found[1]


def test_evaluation_comes_to_what_training_gives_when_the_batch_stays_the_same() -> None:
    made = network(5, row={"normalization": BatchNorm(momentum=1.0)})
    X, Y = batch(made, 2000)
    value = made.loss_and_gradient(X, Y)
    made.follow()
    assert made.loss(X, Y) == pytest.approx(value, rel=1e-3)


def test_predictions_for_a_sample_do_not_depend_on_its_neighbours() -> None:
    for kind in KINDS:
        made = network(5, row={"normalization": kind})
        X, Y = batch(made, 6)
        made.loss_and_gradient(X, Y)
        together = made.predict(X).copy()
        np.testing.assert_allclose(made.predict(X[2:3])[0], together[2], rtol=1e-12)


def test_a_bias_under_batch_normalization_has_no_gradient() -> None:
    made = network(5, row={"normalization": BatchNorm()})
    made.loss_and_gradient(*batch(made))
    assert np.abs(made.layout.views(made.gradient)["layers.0.b"]).max() < 1e-15


def test_normalization_stands_between_the_sums_and_the_activation() -> None:
    made = network(50, row={"normalization": BatchNorm()}, activation=Relu())
    X, Y = batch(made, 200)
    made.loss_and_gradient(X, Y)
    normalized, activated = made.rows[0].steps
    assert isinstance(normalized, BatchNormalized)
    assert isinstance(activated, Activated)
    assert 0.4 < (activated.A > 0).mean() < 0.6
    other = network(5, row={"normalization": LayerNorm()})
    assert isinstance(other.rows[0].steps[0], LayerNormalized)


def test_no_normalization_is_no_step_and_no_array() -> None:
    none = NoNormalization()
    assert none.steps({}, {}) == ()
    assert dict(none.parameters) == dict(none.buffers) == {}
    assert len(network(5).rows[0].steps) == 1
