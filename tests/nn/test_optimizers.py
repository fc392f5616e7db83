import json
import re
from ast import literal_eval
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.nn.optimizers import (
    CHUNK_FLOATS,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    AmsGrad,
    Nadam,
    Optimizer,
    RmsProp,
    Sgd,
    apply,
)
from nnstudio.spec import describe
from tests.nn.differences import Array
from tests.nn.memory import most_allocated
from tests.nn.networks import DTYPES

ORACLE = Path(__file__).parents[1] / "oracles" / "torch_optimizers.json"
ALL_FROZEN = json.loads(ORACLE.read_text(encoding="utf-8"))
FROZEN, DEFAULTS = ALL_FROZEN["trajectories"], ALL_FROZEN["defaults"]


@dataclass(frozen=True)
class Row:
    """An optimizer; rate and steps with which it gets down the parabola and the curved valley."""

    optimizer: Any
    parabola: tuple[float, int]
    valley: tuple[float, int]


# a new optimizer only needs a row here, and its trajectory of PyTorch where that has it
TABLE = {
    "sgd": Row(Sgd(), (0.01, 3000), (0.001, 30_000)),
    "sgd with weight decay": Row(Sgd(weight_decay=1e-4), (0.01, 3000), (0.001, 30_000)),
    "sgd with momentum": Row(Sgd(momentum=0.9), (0.01, 3000), (0.0003, 10_000)),
    "sgd with dampening": Row(Sgd(momentum=0.9, dampening=0.5), (0.01, 3000), (0.0005, 20_000)),
    "nesterov": Row(Sgd(momentum=0.9, nesterov=True), (0.01, 3000), (0.0003, 10_000)),
    "adagrad": Row(Adagrad(), (0.5, 3000), (0.5, 10_000)),
    "adagrad from 0.1": Row(Adagrad(initial=0.1), (0.5, 3000), (0.5, 10_000)),
    "adadelta": Row(Adadelta(), (1.0, 5000), (0.03, 30_000)),
    "rmsprop": Row(RmsProp(), (0.002, 5000), (0.001, 10_000)),
    "rmsprop with momentum": Row(RmsProp(momentum=0.9), (0.0005, 5000), (0.0003, 20_000)),
    "rmsprop centred": Row(RmsProp(centred=True), (0.0005, 10_000), (0.0002, 30_000)),
    "adam": Row(Adam(), (0.01, 3000), (0.01, 10_000)),
    "adam with other betas": Row(
        Adam(beta1=0.5, beta2=0.8, epsilon=1e-3), (0.01, 3000), (0.002, 20_000)
    ),
    "adamw": Row(AdamW(weight_decay=1e-4), (0.01, 3000), (0.01, 10_000)),
    "nadam": Row(Nadam(), (0.01, 3000), (0.01, 10_000)),
    "amsgrad": Row(AmsGrad(), (0.01, 3000), (0.01, 30_000)),
}
OF_PYTORCH: dict[str, Any] = {
    "sgd": Sgd(learning_rate=0.1),
    "sgd with weight decay": Sgd(learning_rate=0.1, weight_decay=0.03),
    "sgd with momentum": Sgd(learning_rate=0.05, momentum=0.9),
    "sgd with dampening": Sgd(learning_rate=0.05, momentum=0.8, dampening=0.3),
    "sgd with momentum and decay": Sgd(
        learning_rate=0.05, momentum=0.9, dampening=0.2, weight_decay=0.1
    ),
    "nesterov": Sgd(learning_rate=0.05, momentum=0.9, nesterov=True),
    "nesterov with decay": Sgd(learning_rate=0.05, momentum=0.7, nesterov=True, weight_decay=0.02),
    "adagrad": Adagrad(learning_rate=0.1),
    "adagrad from 0.1": Adagrad(learning_rate=0.01, initial=0.1, epsilon=1e-7),
    "adadelta": Adadelta(),
    "adadelta of keras": Adadelta(learning_rate=0.5, rho=0.95, epsilon=1e-7),
    "rmsprop": RmsProp(learning_rate=0.01),
    "rmsprop with momentum": RmsProp(learning_rate=0.01, rho=0.9, momentum=0.8),
    "rmsprop centred": RmsProp(learning_rate=0.01, centred=True, epsilon=1e-6),
    "rmsprop centred with momentum": RmsProp(
        learning_rate=0.003, rho=0.95, momentum=0.9, centred=True
    ),
    "adam": Adam(learning_rate=0.01),
    "adam with other betas": Adam(learning_rate=0.1, beta1=0.5, beta2=0.8, epsilon=1e-3),
    "adamw": AdamW(learning_rate=0.01),
    "adamw with much decay": AdamW(
        learning_rate=0.05, weight_decay=0.5, beta1=0.8, beta2=0.95, epsilon=1e-6
    ),
    "nadam": Nadam(),
    "nadam of keras": Nadam(
        learning_rate=0.01, beta1=0.8, beta2=0.99, epsilon=1e-7, momentum_decay=1.0
    ),
    "amsgrad": AmsGrad(learning_rate=0.01),
    "amsgrad with other betas": AmsGrad(learning_rate=0.1, beta1=0.5, beta2=0.6, epsilon=1e-3),
}
FALLING = "adagrad with a falling rate"
MEMBERS = get_args(get_args(Optimizer)[0])
EACH = pytest.mark.parametrize("name", TABLE)


def walked(optimizer: Any, theta: Array, gradient: Any, *, rate: float, steps: int) -> Array:
    grad = np.empty_like(theta)
    state = optimizer.init(theta.size, theta.dtype)
    for _ in range(steps):
        grad[:] = gradient(theta)
        apply(optimizer, theta, grad, state, rate)
    return theta


def rosenbrock_gradient(theta: Array) -> Array:
    x, y = theta.tolist()
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


def test_every_optimizer_is_in_the_table_and_was_compared_with_pytorch() -> None:
    assert {type(row.optimizer) for row in TABLE.values()} == set(MEMBERS)
    assert {type(one) for one in OF_PYTORCH.values()} == set(MEMBERS)


@EACH
def test_a_parabola_is_walked_down_to_its_lowest_point(name: str) -> None:
    goal, (rate, steps) = np.array([1.0, -2.0, 3.0]), TABLE[name].parabola
    found = walked(TABLE[name].optimizer, np.zeros(3), lambda at: at - goal, rate=rate, steps=steps)
    np.testing.assert_allclose(found, goal, atol=0.01)


@EACH
def test_the_valley_of_rosenbrock_is_followed_to_its_end(name: str) -> None:
    rate, steps = TABLE[name].valley
    start = np.array([-1.0, 1.0])
    found = walked(TABLE[name].optimizer, start, rosenbrock_gradient, rate=rate, steps=steps)
    np.testing.assert_allclose(found, [1.0, 1.0], atol=0.02)


@pytest.mark.parametrize("name", [*OF_PYTORCH, FALLING])
def test_twenty_steps_are_those_of_pytorch(name: str) -> None:
    # what PyTorch calls lr_decay is the schedule InverseTime here
    fall = 0.05 if name == FALLING else 0.0
    optimizer = OF_PYTORCH.get(name, Adagrad(learning_rate=0.1))
    theta, curvature = np.array(FROZEN["start"]), np.array(FROZEN["curvature"])
    state = optimizer.init(theta.size, theta.dtype)
    for step, (gradient, after) in enumerate(
        zip(FROZEN["gradients"], FROZEN["after"][name], strict=True)
    ):
        grad = np.array(gradient) + curvature * theta
        apply(optimizer, theta, grad, state, optimizer.learning_rate / (1.0 + fall * step))
        np.testing.assert_allclose(theta, after, rtol=1e-10, atol=1e-13)


def test_every_frozen_trajectory_is_compared() -> None:
    assert set(FROZEN["after"]) == {*OF_PYTORCH, FALLING}


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (Sgd(), [1 - 0.1 * 2, 1 + 0.1 * 3]),
        (Sgd(momentum=0.9), [1 - 0.1 * 2, 1 + 0.1 * 3]),
        (Sgd(momentum=0.9, dampening=0.5), [1 - 0.1 * 2, 1 + 0.1 * 3]),
        (Sgd(weight_decay=0.5), [1 - 0.1 * 2.5, 1 + 0.1 * 2.5]),
        (Sgd(momentum=0.5, nesterov=True), [1 - 0.1 * 3, 1 + 0.1 * 4.5]),
        (Adagrad(epsilon=0.5), [1 - 0.1 * 2 / 2.5, 1 + 0.1 * 3 / 3.5]),
        (Adagrad(initial=5.0, epsilon=1e-15), [1 - 0.1 * 2 / 3, 1 + 0.1 * 3 / 14**0.5]),
        (
            Adadelta(rho=0.5, epsilon=0.1),
            [1 - 0.2 * (0.1 / 2.1) ** 0.5, 1 + 0.3 * (0.1 / 4.6) ** 0.5],
        ),
        (
            RmsProp(rho=0.75, epsilon=0.5),
            [1 - 0.1 * 2 / (1 + 0.5), 1 + 0.1 * 3 / (1.5 + 0.5)],
        ),
        (
            RmsProp(rho=0.5, epsilon=0.5, centred=True),
            [1 - 0.1 * 2 / (1 + 0.5), 1 + 0.1 * 3 / (1.5 + 0.5)],
        ),
        (Adam(), [1 - 0.1 * 2 / (2 + 1e-8), 1 + 0.1 * 3 / (3 + 1e-8)]),
        (Adam(beta1=0.0, beta2=0.0, epsilon=1.0), [1 - 0.1 * 2 / 3, 1 + 0.1 * 3 / 4]),
        (AdamW(weight_decay=0.5), [0.95 - 0.1 * 2 / (2 + 1e-8), 0.95 + 0.1 * 3 / (3 + 1e-8)]),
        (AmsGrad(epsilon=1.0), [1 - 0.1 * 2 / 3, 1 + 0.1 * 3 / 4]),
        # mu is always beta1 / 2 = 1/4: 1 of the gradient and 1/4 / (15/16) of half of it
        (
            Nadam(beta1=0.5, epsilon=1.0, momentum_decay=0.0),
            [1 - 0.1 * 2 * (1 + 2 / 15) / 3, 1 + 0.1 * 3 * (1 + 2 / 15) / 4],
        ),
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


def test_dampening_acts_from_the_second_step_on() -> None:
    optimizer = Sgd(momentum=0.5, dampening=0.25)
    theta = walked(optimizer, np.zeros(1), lambda _: 1.0, rate=0.1, steps=2)
    assert theta[0] == pytest.approx(-0.1 - 0.1 * (0.5 + 0.75))


def test_amsgrad_does_not_forget_the_largest_gradient() -> None:
    def last_step(optimizer: Any) -> float:
        state, theta = optimizer.init(1, np.dtype("float64")), np.zeros(1)
        for gradient in (100.0, *[1.0] * 200):
            before = theta[0]
            apply(optimizer, theta, np.array([gradient]), state, 0.1)
        return float(before - theta[0])

    settings: dict[str, Any] = {"beta1": 0.5, "beta2": 0.5}
    assert last_step(Adam(**settings)) == pytest.approx(0.1)
    assert last_step(AmsGrad(**settings)) == pytest.approx(0.1 / 5000**0.5)


@given(st.integers(2, 30), st.floats(0.0, 0.99), st.floats(1e-3, 10.0))
def test_a_constant_gradient_never_makes_a_spread_that_is_no_number(
    steps: int, rho: float, gradient: float
) -> None:
    optimizer = RmsProp(rho=rho, centred=True, epsilon=0.1)
    found = walked(optimizer, np.zeros(1), lambda _: gradient, rate=0.01, steps=steps)
    assert np.isfinite(found).all()


# one vector, many chunks


def of_size(name: str, size: int, dtype: str) -> tuple[Array, Array]:
    generator = np.random.default_rng(0)
    start, grad = generator.normal(size=(2, 2 * CHUNK_FLOATS + 3)).astype(dtype)
    theta = start[:size].copy()
    optimizer, state = TABLE[name].optimizer, TABLE[name].optimizer.init(size, theta.dtype)
    for share in (1.0, -0.5, 2.0):
        apply(optimizer, theta, (grad[:size] * share).astype(dtype), state, 0.01)
    return start, theta


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_vector_of_several_chunks_moves_bit_for_bit_as_each_chunk_alone(
    name: str, dtype: str
) -> None:
    size = 2 * CHUNK_FLOATS + 3
    _, whole = of_size(name, size, dtype)
    _, alone = of_size(name, CHUNK_FLOATS, dtype)
    assert whole.dtype == alone.dtype == dtype
    np.testing.assert_array_equal(whole[:CHUNK_FLOATS], alone)


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_last_chunk_moves_as_its_numbers_would_alone(name: str, dtype: str) -> None:
    size, optimizer = 2 * CHUNK_FLOATS + 3, TABLE[name].optimizer
    start, grad = np.random.default_rng(1).normal(size=(2, size)).astype(dtype)
    whole = walked(optimizer, start.copy(), lambda _: grad, rate=0.01, steps=3)
    rest = slice(2 * CHUNK_FLOATS, size)
    alone = walked(optimizer, start[rest].copy(), lambda _: grad[rest], rate=0.01, steps=3)
    # a few numbers may be added up in another order than many
    np.testing.assert_allclose(whole[rest], alone, rtol=4 * float(np.finfo(dtype).eps))


@EACH
def test_no_step_changes_the_gradient(name: str) -> None:
    optimizer, theta, grad = TABLE[name].optimizer, np.ones(5), np.arange(5.0)
    state = optimizer.init(5, theta.dtype)
    for _ in range(2):
        apply(optimizer, theta, grad, state, 0.1)
    assert grad.tolist() == [0, 1, 2, 3, 4]


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_everything_that_is_kept_has_the_precision_of_the_parameters(name: str, dtype: str) -> None:
    optimizer, theta = TABLE[name].optimizer, np.ones(5, dtype)
    state = optimizer.init(5, theta.dtype)
    apply(optimizer, theta, np.ones(5, dtype), state, 0.1)
    kept = [theta, state.scratch, state.spare, *state.vectors.values()]
    assert {vector.dtype for vector in kept} == {np.dtype(dtype)}


@EACH
def test_a_step_after_the_first_allocates_nothing_to_speak_of(name: str) -> None:
    size, optimizer = 3 * CHUNK_FLOATS, TABLE[name].optimizer
    theta, grad = np.ones(size, np.float32), np.ones(size, np.float32)
    state = optimizer.init(size, theta.dtype)
    apply(optimizer, theta, grad, state, 0.1)
    assert most_allocated(apply, optimizer, theta, grad, state, 0.1) < 4 * CHUNK_FLOATS / 10


# going on, and changes while a run goes on


@EACH
def test_going_on_with_a_copy_of_the_state_is_as_if_nothing_had_happened(name: str) -> None:
    optimizer, gradients = TABLE[name].optimizer, np.random.default_rng(0).normal(size=(6, 4))
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


@st.composite
def changes(draw: st.DrawFn) -> list[Any]:
    """One optimizer per step: of one kind, with live settings that change."""
    cls = draw(st.sampled_from(MEMBERS))
    live = {
        setting.name: st.booleans() if setting.kind == "flag" else st.sampled_from([0.0, 0.3, 0.9])
        for setting in describe(cls)
        if setting.display.live and setting.name not in {"learning_rate", "epsilon"}
    }
    settings = draw(st.lists(st.fixed_dictionaries(live), min_size=6, max_size=6))
    return [cls(**one) for one in settings]


@given(changes(), st.integers(0, 5), st.sampled_from(DTYPES))
def test_stored_vectors_are_all_that_a_run_with_live_changes_needs(
    optimizers: list[Any], stop: int, dtype: str
) -> None:
    gradients = np.random.default_rng(0).normal(size=(6, 4)).astype(dtype)

    def run(*, stored_after: int | None) -> Array:
        theta, state = np.ones(4, dtype), optimizers[0].init(4, np.dtype(dtype))
        for place, (optimizer, gradient) in enumerate(zip(optimizers, gradients, strict=True)):
            if place == stored_after:
                fresh = optimizer.init(4, np.dtype(dtype))
                optimizer.settle(state)
                assert fresh.vectors.keys() == state.vectors.keys()
                for name, vector in fresh.vectors.items():
                    vector[:] = state.vectors[name]
                fresh.step, state = state.step, fresh
            apply(optimizer, theta, gradient, state, 0.1)
        return theta

    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(run(stored_after=stop), run(stored_after=None))


@pytest.mark.parametrize("kind", [Sgd, RmsProp])
def test_momentum_switched_off_for_a_while_starts_again_from_rest(kind: Any) -> None:
    theta, ones, state = np.zeros(2), np.ones(2), kind().init(2, np.dtype("float64"))
    for momentum in (0.9, 0.9, 0.0, 0.0):
        apply(kind(momentum=momentum), theta, ones, state, 0.1)
    without, same = state.copy(), theta.copy()
    apply(kind(), same, ones, without, 0.1)
    apply(kind(momentum=0.9), theta, ones, state, 0.1)
    np.testing.assert_array_equal(theta, same)


@pytest.mark.parametrize(
    ("optimizer", "names"),
    [
        (Sgd(), set()),
        (Sgd(momentum=0.9), {"velocity"}),
        (RmsProp(), {"squares"}),
        (RmsProp(momentum=0.9), {"squares", "velocity"}),
        (RmsProp(centred=True), {"squares", "means"}),
    ],
)
def test_only_what_the_settings_use_is_kept(optimizer: Any, names: set[str]) -> None:
    state = optimizer.init(4, np.dtype("float64"))
    assert state.vectors.keys() == names
    other = type(optimizer)(momentum=0.5).init(4, np.dtype("float64"))
    apply(optimizer, np.ones(4), np.ones(4), other, 0.1)
    assert other.vectors.keys() == names


def test_a_mean_that_was_switched_off_starts_again_from_rest() -> None:
    theta, state = np.zeros(1), RmsProp().init(1, np.dtype("float64"))
    for centred, gradient in ((True, 5.0), (False, 1.0)):
        apply(RmsProp(centred=centred), theta, np.array([gradient]), state, 0.1)
    RmsProp(centred=True).settle(state)
    assert state.vectors["means"].tolist() == [0.0]


@pytest.mark.parametrize("kind", [Adam, AdamW, AmsGrad])
@pytest.mark.parametrize("changed", [{"beta1": 0.5}, {"beta2": 0.9}])
def test_a_beta_changed_while_it_runs_leaves_even_steps_even(kind: Any, changed: Any) -> None:
    theta, ones = np.zeros(1), np.ones(1)
    state = kind().init(1, theta.dtype)
    fixed = {} if kind is not AdamW else {"weight_decay": 0.0}
    steps = []
    for settings in [{}] * 50 + [changed] * 50:
        before = theta[0]
        apply(kind(**fixed, **settings), theta, ones, state, 0.01)
        steps.append(before - theta[0])
    assert steps == pytest.approx([0.01] * 100, rel=1e-6)


def test_without_weight_decay_adamw_is_adam() -> None:
    gradients = np.random.default_rng(0).normal(size=(9, 4))
    ends = []
    for optimizer in (Adam(), AdamW(weight_decay=0.0)):
        rows = iter(gradients)
        ends.append(
            walked(optimizer, np.ones(4), lambda _, rows=rows: next(rows), rate=0.1, steps=9)
        )
    assert ends[0].tolist() == ends[1].tolist()


@EACH
def test_a_part_of_the_state_is_a_view_of_it(name: str) -> None:
    state = TABLE[name].optimizer.init(10, np.dtype("float64"))
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


# what other libraries do, by their formulas


def keras_sgd(nesterov: bool) -> Any:  # noqa: FBT001 - a row of a table
    def run(gradients: Array, rate: float) -> Array:
        theta, velocity = np.ones(4), np.zeros(4)
        for g in gradients:
            velocity = 0.9 * velocity - rate * g
            theta = theta + (0.9 * velocity - rate * g if nesterov else velocity)
        return theta

    return run


def keras_rmsprop(gradients: Array, rate: float) -> Array:
    theta, mean, step = np.ones(4), np.zeros(4), np.zeros(4)
    for g in gradients:
        mean = 0.9 * mean + 0.1 * g * g
        step = 0.5 * step + rate * g / np.sqrt(mean + 1e-20)
        theta = theta - step
    return theta


def keras_nadam(gradients: Array, rate: float) -> Array:
    theta, m, v, product = np.ones(4), np.zeros(4), np.zeros(4), 1.0
    for t, g in enumerate(gradients, 1):
        here, ahead = (0.9 * (1 - 0.5 * 0.96 ** (t + more)) for more in (0, 1))
        product *= here
        m, v = m + (g - m) * 0.1, v + (g * g - v) * 0.001
        looked = ahead * m / (1 - product * ahead) + (1 - here) * g / (1 - product)
        theta = theta - rate * looked / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    return theta


def keras_adam(gradients: Array, rate: float) -> Array:
    theta, m, v = np.ones(4), np.zeros(4), np.zeros(4)
    for t, g in enumerate(gradients, 1):
        m, v = m + (g - m) * 0.1, v + (g * g - v) * 0.001
        alpha = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        theta = theta - m * alpha / (np.sqrt(v) + 1e-12)
    return theta


def mindspore_adagrad(gradients: Array, rate: float) -> Array:
    theta, total = np.ones(4), np.full(4, 0.1)
    for g in gradients:
        total = total + g * g
        theta = theta - rate * g / np.sqrt(total)
    return theta


@pytest.mark.parametrize(
    ("formula", "optimizer"),
    [
        (keras_sgd(False), Sgd(momentum=0.9)),  # noqa: FBT003 - a row of a table
        (keras_sgd(True), Sgd(momentum=0.9, nesterov=True)),  # noqa: FBT003 - a row of a table
        (keras_rmsprop, RmsProp(rho=0.9, momentum=0.5, epsilon=1e-12)),
        (keras_nadam, Nadam(momentum_decay=1.0, epsilon=1e-7)),
        (keras_adam, Adam(epsilon=1e-12)),
        (mindspore_adagrad, Adagrad(initial=0.1, epsilon=1e-15)),
    ],
)
def test_other_libraries_make_the_same_steps_at_a_constant_rate(
    formula: Any, optimizer: Any
) -> None:
    gradients = np.random.default_rng(0).normal(size=(20, 4))
    rows = iter(gradients)
    found = walked(optimizer, np.ones(4), lambda _: next(rows), rate=0.01, steps=20)
    np.testing.assert_allclose(found, formula(gradients, 0.01), rtol=1e-9)


# what the tables in the docstrings say


def table_of(cls: type) -> list[list[str]]:
    """The rows of the table in a docstring: the name here, then PyTorch, Keras and MindSpore."""
    lines = [line[4:] for line in (cls.__doc__ or "").splitlines()]
    rules = [number for number, line in enumerate(lines) if line.startswith("====")]
    starts = [0, *(match.end() for match in re.finditer(r" +(?==)", lines[rules[0]]))]
    spans = list(zip(starts, [*starts[1:], 200], strict=True))
    rows = [*lines[rules[0] + 1 : rules[1]], *lines[rules[1] + 1 : rules[2]]]
    return [[line[start:stop].strip() for start, stop in spans] for line in rows]


@pytest.mark.parametrize("cls", MEMBERS)
def test_every_setting_is_in_the_table_of_its_names_elsewhere(cls: type) -> None:
    head, *rows = table_of(cls)
    assert [cell.split()[0] for cell in head] == ["here", "PyTorch", "Keras", "MindSpore"]
    listed = {name for row in rows for name in row[0].split(", ")} - {"kind"}
    assert listed == {setting.name for setting in describe(cls)}
    assert all(cell for row in rows for cell in row)


@pytest.mark.parametrize("cls", MEMBERS)
def test_the_defaults_of_pytorch_are_those_that_the_table_gives(cls: type) -> None:
    head, *rows = table_of(cls)
    defaults = DEFAULTS[head[1].split()[1]]
    for row in rows:
        named = re.fullmatch(r"(\w+) = (.+)", row[1])
        if named is not None and row[0] != "kind":
            name, said = named[1], literal_eval(named[2])
            there = defaults[name]
            assert (list(said) if isinstance(said, tuple) else said) == there, name


@pytest.mark.parametrize("cls", MEMBERS)
def test_every_setting_says_to_a_person_what_others_call_it(cls: type) -> None:
    for setting in describe(cls):
        for library in ("PyTorch", "Keras", "MindSpore"):
            assert library in setting.help, setting.name


def test_optimizers_compare_by_their_settings() -> None:
    assert replace(Nadam(), momentum_decay=1.0) == Nadam(momentum_decay=1.0)
