import numpy as np
import pytest

from nnstudio.nn.constraints import MaxNorm, NoConstraint
from nnstudio.nn.optimizers import Sgd, apply
from tests.nn.networks import DTYPES, batch, network


def norms(W: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.sqrt((W * W).sum(axis=0))
    return found


@pytest.mark.parametrize("dtype", DTYPES)
def test_units_with_long_weights_are_shortened_to_the_limit_in_their_direction(dtype: str) -> None:
    W = np.random.default_rng(0).normal(0, 2, (30, 8)).astype(dtype)
    before = W.copy()
    (bounded,) = MaxNorm(limit=3.0).of(W)
    bounded.project()
    np.testing.assert_allclose(norms(W), 3.0, rtol=1e-6)
    np.testing.assert_allclose(W / norms(W), before / norms(before), rtol=1e-5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_short_ones_and_zeros_keep_every_bit(dtype: str) -> None:
    W = np.random.default_rng(0).normal(0, 0.1, (30, 8)).astype(dtype)
    W[:, 3] = 0.0
    W[:, 5] *= 1000.0
    before = W.copy()
    (bounded,) = MaxNorm(limit=1.7).of(W)
    bounded.project()
    untouched = [0, 1, 2, 3, 4, 6, 7]
    assert (W[:, untouched] == before[:, untouched]).all()
    assert norms(W)[5] == pytest.approx(1.7)


def test_squares_that_overflow_do_not_make_weights_vanish() -> None:
    W = np.ones((3, 2), np.float32)
    W[:, 1] = 3e25, 0.0, -4e25
    (bounded,) = MaxNorm(limit=2.0).of(W)
    with np.errstate(over="ignore"):
        bounded.project()
    np.testing.assert_allclose(W[:, 1], [1.2, 0.0, -1.6], rtol=1e-6)
    assert W[:, 0].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_left_to_be_noticed(wild: float) -> None:
    W = np.full((3, 2), 5.0)
    W[1, 0] = wild
    (bounded,) = MaxNorm(limit=1.0).of(W)
    bounded.project()
    np.testing.assert_array_equal(W[:, 0], [5.0, wild, 5.0])
    assert norms(W)[1] == pytest.approx(1.0)


def test_projecting_twice_is_projecting_once_but_for_rounding() -> None:
    W = np.random.default_rng(0).normal(0, 2, (30, 8))
    (bounded,) = MaxNorm().of(W)
    bounded.project()
    once = W.copy()
    bounded.project()
    np.testing.assert_allclose(W, once, rtol=1e-15)


def test_a_network_projects_the_weights_of_its_layers_and_nothing_else() -> None:
    made = network(5, row={"constraint": MaxNorm(limit=0.1)}, last={"constraint": MaxNorm(limit=9)})
    views = made.layout.views(made.vector)
    before = {name: view.copy() for name, view in views.items()}
    made.project()
    assert made.constrained
    np.testing.assert_allclose(norms(views["layers.0.W"]), 0.1)
    assert [name for name in views if not (views[name] == before[name]).all()] == ["layers.0.W"]


def test_weights_stay_within_the_limit_while_it_trains() -> None:
    made = network(5, row={"constraint": MaxNorm(limit=0.5)})
    X, Y = batch(made)
    state = Sgd().init(made.layout.parameters, made.dtype)
    for _ in range(5):
        made.loss_and_gradient(X, Y)
        apply(Sgd(), made.parameters, made.gradient, state, 1.0)
        made.project()
        assert norms(made.layout.views(made.vector)["layers.0.W"]).max() <= 0.5 + 1e-12


def test_without_a_constraint_nothing_is_projected() -> None:
    made = network(5)
    before = made.vector.copy()
    made.project()
    assert not made.constrained
    assert (made.vector == before).all()
    assert NoConstraint().of(before) == ()
