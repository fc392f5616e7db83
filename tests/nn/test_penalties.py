from typing import Any, get_args

import numpy as np
import pytest

from nnstudio.nn.penalties import L1, L2, ElasticNet, NoPenalty, Penalized, PenaltyChoice
from tests.nn.differences import assert_gradient, numerical_gradient
from tests.nn.networks import DTYPES, batch, network

PENALTIES: tuple[Any, ...] = tuple(
    cls() for cls in get_args(get_args(PenaltyChoice)[0]) if cls is not NoPenalty
)
W = np.array([[1.0, -2.0, 0.0], [0.5, 0.0, -3.0]])


def of(penalty: Any, weights: Any) -> tuple[float, Any]:
    dW = np.ones_like(weights)
    (priced,) = penalty.of(weights, dW)
    assert priced.value() == priced.add_gradient()
    return priced.value(), dW - 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("penalty", "value", "gradient"),
    [
        (L1(l1=0.5), 0.5 * 6.5, 0.5 * np.sign(W)),
        (L2(l2=0.25), 0.25 * 14.25, 0.5 * W),
        (ElasticNet(l1=0.5, l2=0.25), 0.5 * 6.5 + 0.25 * 14.25, 0.5 * np.sign(W) + 0.5 * W),
        (ElasticNet(l1=0.0, l2=0.0), 0.0, 0.0 * W),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_a_penalty_is_its_closed_form(
    penalty: Any, value: float, gradient: Any, dtype: str
) -> None:
    found, added = of(penalty, W.astype(dtype))
    assert found == pytest.approx(value)
    np.testing.assert_allclose(added, gradient)


@pytest.mark.parametrize("penalty", PENALTIES, ids=lambda one: one.kind)
def test_the_gradient_is_that_of_the_value_over_any_number_of_chunks(penalty: Any) -> None:
    weights = np.random.default_rng(0).normal(size=(40, 1000))
    value, gradient = of(penalty, weights)
    assert value == pytest.approx(sum(of(penalty, part[None].copy())[0] for part in weights))
    some = weights[:2, :5].copy()
    numerical = numerical_gradient(lambda at: of(penalty, at.copy())[0], some)
    assert_gradient(gradient[:2, :5], numerical, scale=1e-3)


def test_no_penalty_is_nothing_to_add() -> None:
    assert NoPenalty().of(W, W) == ()
    assert network(5).penalty() == 0.0


def test_the_loss_of_a_network_has_the_penalties_of_all_its_layers() -> None:
    made = network(5, row={"penalty": L2(l2=0.1)}, last={"penalty": L1(l1=0.2)})
    plain = network(5)
    X, Y = batch(made)
    views = made.layout.views(made.vector)
    price = 0.1 * (views["layers.0.W"] ** 2).sum() + 0.2 * np.abs(views["layers.1.W"]).sum()
    assert made.penalty() == pytest.approx(price)
    value = made.loss_and_gradient(X, Y)
    assert value == pytest.approx(plain.loss_and_gradient(X, Y) + price)
    assert made.data_loss(X, Y) == plain.loss(X, Y)
    assert value == made.loss(X, Y) == made.training_loss(X, Y)


def test_biases_cost_nothing() -> None:
    made, plain = network(5, row={"penalty": L2(l2=0.1)}), network(5)
    X, Y = batch(made)
    made.loss_and_gradient(X, Y)
    plain.loss_and_gradient(X, Y)
    mine, theirs = (one.layout.views(one.gradient) for one in (made, plain))
    differing = [name for name in mine if not (mine[name] == theirs[name]).all()]
    assert differing == ["layers.0.W"]


def test_the_weights_are_read_where_they_are() -> None:
    weights = np.ones((2, 3))
    priced = Penalized(L2(l2=1.0), weights, np.zeros_like(weights))
    weights[0, 0] = 3.0
    assert priced.value() == 14.0
