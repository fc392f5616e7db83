import json
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from nnstudio.nn.activations import Identity, Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.constraints import MaxNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.gradient_check import check
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import CrossEntropy, Huber, MeanAbsoluteError, MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec, build, layout_of
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Adam, Sgd, apply
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.penalties import L2, ElasticNet
from tests.nn.networks import ACTIVATIONS, DTYPES, Batch, batch, batches, initialize, network

ORACLES = Path(__file__).parents[1] / "oracles"
TORCH = json.loads((ORACLES / "torch_values.json").read_text(encoding="utf-8"))["networks"]
SKLEARN = json.loads((ORACLES / "sklearn_values.json").read_text(encoding="utf-8"))["networks"]
KINDS: dict[str, Any] = {
    one.kind: one for one in (Identity(), Sigmoid(), Tanh(), Relu(), Softmax())
}
# somewhere without a first or a second derivative
BENT = {"relu", "leaky_relu", "elu", "selu", "hard_sigmoid", "softsign"}
BENT_LOSSES = {"mean_absolute_error", "huber"}
OPTIMIZERS: dict[str, Any] = {
    "sgd with momentum": Sgd(learning_rate=0.05, momentum=0.9),
    "adam": Adam(learning_rate=0.01),
}


@given(case=batches())
def test_the_gradient_of_every_network_is_that_of_its_loss(case: Batch) -> None:
    made, X, Y = case
    blocks = check(made, X, Y, generator=np.random.default_rng(0))
    made.draw_from(np.random.default_rng(0))
    scale = 1 + abs(made.loss_and_gradient(X, Y))
    parameters = [one for one in made.layout.slots if one.stop <= made.layout.parameters]
    assert [block.name for block in blocks] == [slot.name for slot in parameters]
    for block in blocks:
        size = max(np.linalg.norm(block.applied), np.linalg.norm(block.numerical))
        assert np.linalg.norm(block.applied - block.numerical) <= 1e-6 * size + 1e-9 * scale
        assert block.left_out == 0 or may_bend(made)


def may_bend(made: Network) -> bool:
    """Whether there are places without a derivative, or as sharp as the variance of a few."""
    bends = any(row.activation.kind in BENT for row in made.spec.rows)
    sharp = any(row.normalization.kind != "none" for row in made.spec.layers)
    clipped = getattr(made.loss_spec, "clip", 0.0) > 0
    return bends or sharp or clipped or made.loss_spec.kind in BENT_LOSSES


@pytest.mark.parametrize("kind", sorted(BENT))
@pytest.mark.parametrize("loss", [MeanSquaredError(), MeanAbsoluteError(), Huber(delta=0.1)])
def test_hardly_an_entry_is_left_out_where_there_are_bends(kind: str, loss: Any) -> None:
    (activation,) = (one for one in ACTIVATIONS if one.kind == kind)
    normalized = {"normalization": BatchNorm()}
    left_out = checked = 0
    for seed in range(3):
        made = network(5, 4, activation=activation, loss=loss, row=normalized, seed=seed)
        X, Y = batch(made)
        for block in check(made, X, Y, generator=np.random.default_rng(0)):
            left_out += block.left_out
            checked += len(block.indices)
    assert left_out <= 0.02 * checked


def set_arrays(vector: Any, arrays: list[Any]) -> None:
    vector[:] = np.concatenate([np.ravel(array) for array in arrays])


@pytest.mark.parametrize(
    "frozen", TORCH, ids=lambda one: f"{one['loss']}-{one['activation']}-{one['optimizer']}"
)
def test_twenty_steps_of_training_are_those_of_pytorch(frozen: dict[str, Any]) -> None:
    losses: dict[str, Any] = {
        "cross_entropy": CrossEntropy,
        "mean_squared_error": MeanSquaredError,
    }
    made = network(
        6,
        5,
        activation=KINDS[frozen["activation"]],
        output=KINDS[frozen["output"]],
        loss=losses[frozen["loss"]](**frozen["settings"]),
    )
    optimizer = OPTIMIZERS[frozen["optimizer"]]
    state = optimizer.init(made.layout.parameters, made.dtype)
    set_arrays(made.parameters, frozen["start"])
    X, Y = np.array(frozen["X"]), np.eye(3)[frozen["labels"]]
    curve = []
    for _ in frozen["losses"]:
        curve.append(made.loss_and_gradient(X, Y))
        apply(optimizer, made.parameters, made.gradient, state, optimizer.learning_rate)
    end = np.concatenate([np.ravel(array) for array in frozen["end"]])
    np.testing.assert_allclose(curve, frozen["losses"], rtol=1e-10)
    np.testing.assert_allclose(made.parameters, end, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("frozen", SKLEARN, ids=lambda one: one["activation"])
def test_ten_steps_of_training_are_those_of_scikit_learn(frozen: dict[str, Any]) -> None:
    made = network(5, activation=KINDS[frozen["activation"]])
    set_arrays(made.parameters, frozen["start"])
    X, Y = np.array(frozen["X"]), np.eye(3)[frozen["labels"]]
    state = Sgd().init(made.layout.parameters, made.dtype)
    curve = []
    for _ in frozen["losses"]:
        curve.append(made.loss_and_gradient(X, Y))
        apply(Sgd(), made.parameters, made.gradient, state, frozen["rate"])
    end = np.concatenate([np.ravel(array) for array in frozen["end"]])
    np.testing.assert_allclose(curve, frozen["losses"], rtol=1e-10)
    np.testing.assert_allclose(made.parameters, end, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(made.predict(X), frozen["probabilities"], rtol=1e-9)


def test_the_names_count_the_layers_and_the_last_is_the_output() -> None:
    spec = NetworkSpec(layers=(HiddenLayer(units=5, bias=False), HiddenLayer(units=6)))
    layout = layout_of(spec, inputs=4, outputs=3)
    assert {slot.name: slot.shape for slot in layout.slots} == {
        "layers.0.W": (4, 5),
        "layers.1.W": (5, 6),
        "layers.1.b": (6,),
        "layers.2.W": (6, 3),
        "layers.2.b": (3,),
    }
    assert (layout.layers, layout.parameters) == (3, layout.size)


def test_a_new_network_is_all_zeros_and_initializing_it_draws_one_stream_per_array() -> None:
    made = build(
        NetworkSpec(layers=(HiddenLayer(units=5),)),
        inputs=4,
        outputs=3,
        loss=CrossEntropy(),
        dtype="float64",
    )
    assert not made.vector.any()
    asked: list[str] = []

    def generator_of(name: str) -> np.random.Generator:
        asked.append(name)
        return np.random.default_rng(0)

    made.initialize(generator_of)
    assert asked == [slot.name for slot in made.layout.slots]
    views = made.layout.views(made.vector)
    assert views["layers.0.W"].std() > 0
    assert not views["layers.0.b"].any()


def test_a_layer_without_a_bias_draws_none() -> None:
    spec = NetworkSpec(layers=(HiddenLayer(units=5, bias=False),), output=OutputLayer(bias=False))
    made = build(spec, inputs=4, outputs=3, loss=CrossEntropy(), dtype="float64")
    initialize(made)
    made.loss_and_gradient(*batch(made))
    assert made.layout.size == made.gradient.size == 4 * 5 + 5 * 3


def test_other_units_in_one_layer_leave_the_weights_of_the_others_as_they_are() -> None:
    one, other = network(5, 6), network(5, 7)
    views, others = (made.layout.views(made.vector) for made in (one, other))
    assert (views["layers.0.W"] == others["layers.0.W"]).all()


def test_both_precisions_start_from_the_same_weights_and_agree() -> None:
    single, double = (network(6, 5, dtype=dtype) for dtype in DTYPES)
    assert (single.vector == double.vector.astype("float32")).all()
    values = [made.loss_and_gradient(*batch(made)) for made in (single, double)]
    assert values[0] == pytest.approx(values[1], rel=1e-5)
    assert single.gradient.dtype == single.output.dtype == np.dtype("float32")
    np.testing.assert_allclose(single.gradient, double.gradient, rtol=1e-3, atol=1e-6)


def test_results_do_not_depend_on_the_batches_that_came_before() -> None:
    used = network(5, activation=Relu())
    for B in (3, 8, 1, 5, 8, 2):
        fresh = network(5, activation=Relu())
        X, Y = batch(fresh, B, seed=B)
        assert used.loss_and_gradient(X, Y) == fresh.loss_and_gradient(X, Y)
        assert (used.gradient == fresh.gradient).all()
        assert (used.output == fresh.output).all()


def test_a_step_with_a_known_batch_size_allocates_nothing_to_speak_of() -> None:
    made = network(64, 64, activation=Relu(), inputs=100, outputs=10, dtype="float32")
    X, Y = batch(made, 1024)
    optimizer = Adam()
    state = optimizer.init(made.layout.parameters, made.dtype)

    def step() -> None:
        made.loss_and_gradient(X, Y)
        apply(optimizer, made.parameters, made.gradient, state, 0.001)

    step()
    tracemalloc.start()
    try:
        step()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    hidden_buffer = 1024 * 64 * 4
    # NumPy converts a comparison to floats in pieces of 32 KiB
    assert peak - before < hidden_buffer / 4


def test_the_gradient_of_the_inputs_is_never_computed_for_the_first_layer() -> None:
    called = []

    def noted(dZ: Matrix, W: Matrix, out: Matrix) -> None:
        called.append(W.shape)
        np.dot(dZ, W.T, out=out)

    plain = network(5, 6)
    layers = tuple(replace(one, input_gradient=noted) for one in plain.parts.layers)
    made = network(5, 6, parts=replace(plain.parts, layers=layers))
    made.loss_and_gradient(*batch(made))
    assert called == [(6, 3), (5, 6)]


def test_the_loss_without_a_gradient_is_the_same_and_leaves_the_gradient_alone() -> None:
    made = network(5)
    X, Y = batch(made)
    value = made.loss_and_gradient(X, Y)
    made.gradient[:] = 7.0
    assert made.loss(X, Y) == value
    assert set(made.gradient) == {7.0}


def test_predictions_are_probabilities_and_the_last_activations() -> None:
    made = network(5, 6)
    X, _ = batch(made, 4)
    P = made.predict(X).copy()
    np.testing.assert_allclose(P.sum(axis=1), 1)
    activations = made.activations(X)
    assert [A.shape for A in activations] == [(4, 5), (4, 6), (4, 3)]
    assert (activations[-1] == P).all()
    assert (made.output == P).all()


def test_no_samples_give_no_predictions_and_have_no_loss() -> None:
    made = network(5)
    assert made.predict(np.empty((0, 4))).shape == (0, 3)
    with pytest.raises(ValueError, match="no samples"):
        made.loss(np.empty((0, 4)), np.empty((0, 3)))
    with pytest.raises(ValueError, match="no samples"):
        made.loss_and_gradient(np.empty((0, 4)), np.empty((0, 3)))


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ((5, 3), (5, 3), r"\(5, 3\).*\(B, 4\)"),
        ((4,), (5, 3), r"\(4,\).*\(B, 4\)"),
        ((5, 4), (5, 1), r"\(5, 1\).*\(5, 3\)"),
        ((5, 4), (1, 3), r"\(1, 3\).*\(5, 3\)"),
        ((5, 4), (3,), r"\(3,\).*\(5, 3\)"),
    ],
)
def test_wrong_shapes_are_refused_with_both_shapes(X: Any, Y: Any, message: str) -> None:
    made = network(5)
    made.loss_and_gradient(*batch(made, 5))
    with pytest.raises(ValueError, match=message):
        made.loss_and_gradient(np.zeros(X), np.zeros(Y))
    with pytest.raises(ValueError, match=message):
        made.loss(np.zeros(X), np.zeros(Y))


def test_numbers_of_another_precision_are_refused() -> None:
    made = network(5)
    with pytest.raises(ValueError, match=r"float32.*float64"):
        made.predict(np.zeros((5, 4), "float32"))
    with pytest.raises(ValueError, match=r"float32.*float64"):
        made.loss(np.zeros((5, 4)), np.zeros((5, 3), "float32"))


def test_parts_of_another_number_of_layers_are_refused() -> None:
    parts = network(5, 6).parts
    with pytest.raises(ValueError, match="3 layers do not fit 2"):
        network(5, parts=parts)


def in_another_thread(work: Any) -> list[BaseException]:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised


def test_a_second_thread_that_uses_the_buffers_is_told_so() -> None:
    made = network(5)
    X, Y = batch(made)
    made.predict(X)
    for use in (lambda: made.predict(X), lambda: made.loss(X, Y), lambda: made.activations(X)):
        (error,) = in_another_thread(use)
        assert "belong to thread" in str(error)


def test_a_network_that_was_released_may_go_on_in_another_thread() -> None:
    made = network(5)
    X, _ = batch(made)
    made.predict(X)
    made.release()
    assert in_another_thread(lambda: made.predict(X)) == []
    with pytest.raises(RuntimeError, match="release"):
        made.predict(X)


def regular(**settings: Any) -> Network:
    row = {
        "dropout": Dropout(rate=settings.get("rate", 0.5)),
        "penalty": L2(l2=settings.get("l2", 0.1)),
        "constraint": MaxNorm(limit=settings.get("limit", 3.0)),
    }
    return network(5, 4, row=row, last={"penalty": ElasticNet(l1=settings.get("l1", 0.2))})


@pytest.mark.parametrize("change", [{"rate": 0.2}, {"l2": 0.7}, {"l1": 0.0}, {"limit": 0.3}])
def test_a_network_that_adopts_other_strengths_goes_on_as_if_built_with_them(
    change: dict[str, float],
) -> None:
    found: list[Any] = []
    for made in (regular(), regular(**change)):
        if not found:
            made.adopt(regular(**change).spec)
        made.draw_from(np.random.default_rng(0))
        value = made.loss_and_gradient(*batch(made, 9))
        made.project()
        found.append((value, made.gradient.tobytes(), made.vector.tobytes(), made.spec))
    assert found[0] == found[1]
    assert regular(**change).spec != regular().spec


def test_a_network_adopts_neither_other_layers_nor_another_kind_of_penalty() -> None:
    made = regular()
    before = made.spec
    for other in (network(5, 3), network(5, 4)):
        with pytest.raises(ValueError, match=r"layers|longer|shorter"):
            made.adopt(other.spec)
    assert made.spec == before
