import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from nnstudio.nn.optimizers import CHUNK_FLOATS, Adam, AdamW, Optimizer, Sgd, apply
from tests.nn.differences import Array
from tests.nn.networks import DTYPES

ORACLE = Path(__file__).parents[1] / "oracles" / "torch_values.json"
FROZEN = json.loads(ORACLE.read_text(encoding="utf-8"))["trajectories"]
TABLE: dict[str, Any] = {
    "sgd": Sgd(learning_rate=0.1),
    "sgd with momentum": Sgd(learning_rate=0.05, momentum=0.9),
    "adam": Adam(learning_rate=0.01),
    "adam with other betas": Adam(learning_rate=0.1, beta1=0.5, beta2=0.8, epsilon=1e-3),
    "adamw": AdamW(learning_rate=0.01),
}
# rate and steps with which each one gets down the curved valley
ROSENBROCK = {
    "sgd": (0.001, 30_000),
    "sgd with momentum": (0.0003, 10_000),
    "adam": (0.01, 10_000),
    "adam with other betas": (0.002, 20_000),
    "adamw": (0.01, 10_000),
}
EACH = pytest.mark.parametrize("name", TABLE)


def walked(optimizer: Any, theta: Array, gradient: Any, *, rate: float, steps: int) -> Array:
    grad = np.empty_like(theta)
    state = optimizer.init(theta.size, theta.dtype)
    for _ in range(steps):
        grad[:] = gradient(theta)
        apply(optimizer, theta, grad, state, rate)
    return theta


def rosenbrock_gradient(theta: Array) -> Array:
    x, y = theta
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def test_every_optimizer_is_in_the_table() -> None:
    assert {type(one) for one in TABLE.values()} == set(get_args(get_args(Optimizer)[0]))


@EACH
def test_a_parabola_is_walked_down_to_its_lowest_point(name: str) -> None:
    goal = np.array([1.0, -2.0, 3.0])
    theta = walked(TABLE[name], np.zeros(3), lambda at: at - goal, rate=0.01, steps=3000)
    np.testing.assert_allclose(theta, goal, atol=0.01)


@EACH
def test_the_valley_of_rosenbrock_is_followed_to_its_end(name: str) -> None:
    rate, steps = ROSENBROCK[name]
    theta = walked(TABLE[name], np.array([-1.0, 1.0]), rosenbrock_gradient, rate=rate, steps=steps)
    np.testing.assert_allclose(theta, [1.0, 1.0], atol=0.02)


@pytest.mark.parametrize("name", FROZEN["after"])
def test_twenty_steps_are_those_of_pytorch(name: str) -> None:
    optimizer, theta = TABLE[name], np.array(FROZEN["start"])
    state = optimizer.init(theta.size, theta.dtype)
    for gradient, after in zip(FROZEN["gradients"], FROZEN["after"][name], strict=True):
        apply(optimizer, theta, np.array(gradient), state, optimizer.learning_rate)
        np.testing.assert_allclose(theta, after, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (Sgd(), [1 - 0.1 * 2, 1 + 0.1 * 3]),
        (Sgd(momentum=0.9), [1 - 0.1 * 2, 1 + 0.1 * 3]),
        (Adam(), [1 - 0.1 * 2 / (2 + 1e-8), 1 + 0.1 * 3 / (3 + 1e-8)]),
        (AdamW(weight_decay=0.5), [0.95 - 0.1 * 2 / (2 + 1e-8), 0.95 + 0.1 * 3 / (3 + 1e-8)]),
        (Adam(beta1=0.0, beta2=0.0, epsilon=1.0), [1 - 0.1 * 2 / 3, 1 + 0.1 * 3 / 4]),
    ],
)
def test_the_first_step_is_the_one_made_by_hand(optimizer: Any, expected: list[float]) -> None:
    theta = np.ones(2)
    state = optimizer.init(2, theta.dtype)
    apply(optimizer, theta, np.array([2.0, -3.0]), state, 0.1)
    assert theta.tolist() == pytest.approx(expected, rel=1e-14)
    assert state.step == 1


def test_the_second_step_with_momentum_keeps_its_share_of_the_first() -> None:
    theta = walked(Sgd(momentum=0.5), np.zeros(1), lambda _: 1.0, rate=0.1, steps=2)
    assert theta[0] == pytest.approx(-0.1 - 0.1 * 1.5)


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_vector_of_several_chunks_moves_as_its_numbers_would_alone(name: str, dtype: str) -> None:
    size = 2 * CHUNK_FLOATS + 3
    generator = np.random.default_rng(0)
    start, grad = generator.normal(size=(2, size)).astype(dtype)
    theta = walked(TABLE[name], start.copy(), lambda _: grad, rate=0.01, steps=3)
    picked = [0, CHUNK_FLOATS - 1, CHUNK_FLOATS, size - 1]
    alone = walked(TABLE[name], start[picked], lambda _: grad[picked], rate=0.01, steps=3)
    assert theta.dtype == dtype
    np.testing.assert_allclose(theta[picked], alone, rtol=4 * float(np.finfo(dtype).eps))


@EACH
def test_going_on_with_a_copy_of_the_state_is_as_if_nothing_had_happened(name: str) -> None:
    optimizer, gradients = TABLE[name], np.random.default_rng(0).normal(size=(6, 4))
    whole, broken = np.ones(4), np.ones(4)
    state = other = optimizer.init(4, whole.dtype)
    for gradient in gradients:
        apply(optimizer, whole, gradient, state, 0.1)
    state = optimizer.init(4, whole.dtype)
    for gradient in gradients[:3]:
        apply(optimizer, broken, gradient, state, 0.1)
    copy = state.copy()
    apply(optimizer, np.ones(4), gradients[0], state, 0.1)
    for gradient in gradients[3:]:
        apply(optimizer, broken, gradient, copy, 0.1)
    assert broken.tolist() == whole.tolist()
    assert copy.step == other.step


def test_momentum_switched_off_for_a_while_starts_again_from_rest() -> None:
    theta, ones = np.zeros(2), np.ones(2)
    state = Sgd(momentum=0.9).init(2, theta.dtype)
    for momentum in (0.9, 0.9, 0.0, 0.0):
        apply(Sgd(momentum=momentum), theta, ones, state, 0.1)
    before = theta.copy()
    apply(Sgd(momentum=0.9), theta, ones, state, 0.1)
    np.testing.assert_allclose(theta, before - 0.1)


def test_a_beta_of_adam_changed_while_it_runs_leaves_even_steps_even() -> None:
    theta, ones = np.zeros(1), np.ones(1)
    state = Adam().init(1, theta.dtype)
    steps = []
    for beta2 in (0.999,) * 50 + (0.9,) * 50:
        before = theta[0]
        apply(Adam(beta2=beta2), theta, ones, state, 0.01)
        steps.append(before - theta[0])
    assert steps == pytest.approx([0.01] * 100, rel=1e-6)


@EACH
def test_a_part_of_the_state_is_a_view_of_it(name: str) -> None:
    state = TABLE[name].init(10, np.dtype("float64"))
    part = state.part(2, 5)
    for vector, mine in part.vectors.items():
        mine[:] = 7.0
        shared = state.vectors[vector]
        assert (shared[2:5] if shared.size == 10 else shared).tolist() == mine.tolist()


@pytest.mark.parametrize("sizes", [(3, 4), (4, 3)])
def test_vectors_of_another_length_are_refused_with_both_shapes(sizes: tuple[int, int]) -> None:
    state = Sgd().init(4, np.dtype("float64"))
    with pytest.raises(ValueError, match=r"\(3,\).*\(4,\)"):
        apply(Sgd(), np.zeros(sizes[0]), np.zeros(sizes[1]), state, 0.1)
