from dataclasses import replace

import numpy as np
import pytest

from nnstudio.nn.activations import Relu, Tanh
from nnstudio.nn.gradient_check import BlockCheck, check
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec, build
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.penalties import ElasticNet
from tests.nn.networks import batch, network


def checked(made: Network, *, entries: int | None = None) -> dict[str, BlockCheck]:
    X, Y = batch(made)
    found = check(made, X, Y, entries=entries, generator=np.random.default_rng(0))
    return {block.name: block for block in found}


def test_a_true_gradient_has_no_error_in_either_precision() -> None:
    for dtype in ("float32", "float64"):
        found = checked(network(5, 4, dtype=dtype))
        assert list(found) == [f"layers.{n}.{letter}" for n in range(3) for letter in "Wb"]
        assert max(block.relative_error for block in found.values()) < 1e-8


def test_a_wrong_gradient_is_found_in_its_array_alone() -> None:
    def of_one_sample(X: Matrix, dA: Matrix, dZ: Matrix, out: Matrix) -> None:
        out[:] = dZ[0]

    plain = network(5)
    first = replace(plain.parts.layers[0], bias_gradient=of_one_sample)
    made = network(5, parts=replace(plain.parts, layers=(first, plain.parts.layers[1])))
    wrong = [name for name, block in checked(made).items() if block.relative_error > 1e-6]
    assert wrong == ["layers.0.b"]
    assert checked(made)["layers.0.b"].relative_error > 0.1


def test_the_worst_entry_is_told_by_its_place_in_the_array() -> None:
    def one_wrong(X: Matrix, dZ: Matrix, out: Matrix) -> None:
        np.dot(X.T, dZ, out=out)
        out[2, 3] += 1.0

    plain = network(5)
    first = replace(plain.parts.layers[0], weight_gradient=one_wrong)
    made = network(5, parts=replace(plain.parts, layers=(first, plain.parts.layers[1])))
    block = checked(made)["layers.0.W"]
    assert block.worst_index == (2, 3)
    at = block.indices.tolist().index(2 * 5 + 3)
    assert block.applied[at] - block.numerical[at] == pytest.approx(1.0)


def test_entries_are_drawn_without_repetition_and_small_arrays_are_checked_whole() -> None:
    found = checked(network(5), entries=4)
    assert found["layers.0.W"].indices.size == len(set(found["layers.0.W"].indices)) == 4
    assert found["layers.1.b"].indices.tolist() == [0, 1, 2]


def test_the_network_itself_is_only_read() -> None:
    made = network(5)
    before = made.vector.copy(), made.gradient.copy()
    checked(made)
    assert (made.vector == before[0]).all()
    assert (made.gradient == before[1]).all()


def test_an_entry_that_moves_a_unit_across_its_kink_is_left_out() -> None:
    made = network(1, activation=Relu(), inputs=1, outputs=2)
    views = made.layout.views(made.vector)
    views["layers.0.W"][:], views["layers.0.b"][:] = 1.0, -0.5
    X, Y = np.array([[0.5], [0.9]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    found = {one.name: one for one in check(made, X, Y, generator=np.random.default_rng(0))}
    assert {name: one.left_out for name, one in found.items()} == {
        "layers.0.W": 1,
        "layers.0.b": 1,
        "layers.1.W": 0,
        "layers.1.b": 0,
    }
    assert max(one.relative_error for one in found.values()) < 1e-8


def test_a_gentle_bend_beside_a_kink_is_left_out_as_well() -> None:
    # all hidden units are dead, so both outputs stand at the kink of ReLU; the square of the one
    # whose target is 0 has a derivative there, but no second one
    made = network(1, activation=Relu(), output=Relu(), loss=MeanSquaredError(), outputs=2)
    views = made.layout.views(made.vector)
    views["layers.0.b"][:], views["layers.1.b"][:] = -100.0, 0.0
    X, Y = np.ones((1, 4)), np.array([[0.0, 1.0]])
    found = {one.name: one for one in check(made, X, Y, generator=np.random.default_rng(0))}
    assert found["layers.1.b"].left_out == 2
    assert max(one.relative_error for one in found.values()) == 0


def test_a_dead_network_has_zero_gradients_and_no_error() -> None:
    made = network(3, activation=Relu())
    made.layout.views(made.vector)["layers.0.b"][:] = -100.0
    block = checked(made)["layers.0.W"]
    assert not block.applied.any()
    assert block.relative_error == 0


def test_penalties_and_normalization_are_part_of_the_loss_that_is_checked() -> None:
    layer = HiddenLayer(
        units=4, activation=Tanh(), normalization=BatchNorm(), penalty=ElasticNet(l1=0.01, l2=0.02)
    )
    made = build(
        NetworkSpec(layers=(layer,)), inputs=3, outputs=2, loss=CrossEntropy(), dtype="float64"
    )
    made.initialize(lambda _: np.random.default_rng(5))
    found = checked(made)
    assert {"layers.0.gamma", "layers.0.beta"} <= set(found)
    assert max(block.relative_error for block in found.values()) < 1e-7


def test_a_number_that_would_swallow_a_short_step_is_moved_by_a_long_one() -> None:
    made = network(3, activation=Tanh())
    made.layout.views(made.vector)["layers.1.W"][0, 0] = 1e13
    assert all(np.isfinite(block.relative_error) for block in checked(made).values())


def test_differences_of_a_loss_that_rounds_to_0_blame_no_gradient() -> None:
    made = network(3, activation=Tanh())
    made.layout.views(made.vector)["layers.1.b"][:] = [300.0, 0.0, 0.0]
    X, _ = batch(made)
    Y = np.tile([1.0, 0.0, 0.0], (len(X), 1))
    found = check(made, X, Y, generator=np.random.default_rng(0))
    assert 0.0 < max(float(np.abs(block.applied).max()) for block in found) < 1e-100
    assert all(block.relative_error == 0.0 for block in found)
