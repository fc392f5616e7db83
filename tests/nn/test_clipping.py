import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.nn.clipping import ByLayerNorm, ByNorm, ByValue, Clipping, NoClipping
from nnstudio.nn.parameters import Layout
from tests.nn.memory import most_allocated
from tests.nn.networks import DTYPES

ORACLE = Path(__file__).parents[1] / "oracles" / "torch_optimizers.json"
LAYOUT = Layout.of(
    layers=2,
    parameters={
        "layers.0.W": (2, 2),
        "layers.0.b": (2,),
        "layers.0.gamma": (2,),
        "layers.1.W": (2, 1),
    },
    buffers={"layers.0.running_mean": (2,)},
)
NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=10, max_size=10).map(np.array)


def clipped(clipping: Clipping, grad: Any, layout: Layout = LAYOUT) -> Any:
    grad = np.array(grad)
    with np.errstate(over="ignore"):
        clipping.clip(grad, layout)
    return grad


def frozen(name: str) -> Any:
    return json.loads(ORACLE.read_text(encoding="utf-8"))["clipping"][name]


def test_without_clipping_a_gradient_stays_as_it_is() -> None:
    assert clipped(NoClipping(), [1e30, -1e-30]).tolist() == [1e30, -1e-30]


def test_by_value_cuts_off_what_is_above_the_limit() -> None:
    assert clipped(ByValue(limit=0.5), [0.2, -0.2, 3.0, -3.0]).tolist() == [0.2, -0.2, 0.5, -0.5]


def test_by_norm_shortens_a_long_gradient_and_keeps_its_direction() -> None:
    assert clipped(ByNorm(limit=1.0), [3.0, 4.0]).tolist() == pytest.approx([0.6, 0.8])


def test_by_norm_leaves_a_gradient_within_the_limit_bit_for_bit() -> None:
    assert clipped(ByNorm(limit=5.0), [3.0, 4.0]).tolist() == [3.0, 4.0]


def test_by_layer_norm_takes_weights_biases_and_scales_of_a_layer_together() -> None:
    found = clipped(ByLayerNorm(limit=1.0), [1.0] * 8 + [0.3, 0.4])
    assert found.tolist() == pytest.approx([8**-0.5] * 8 + [0.3, 0.4])


def test_the_ranges_of_layers_hold_every_parameter_and_no_buffer() -> None:
    assert LAYOUT.layer_ranges == ((0, 8), (8, 10))


@given(NUMBERS, st.floats(1e-3, 1e3))
def test_no_gradient_is_longer_than_the_limit_and_no_short_one_changes(
    grad: Any, limit: float
) -> None:
    found = clipped(ByNorm(limit=limit), grad)
    norm = np.linalg.norm(grad)
    assert np.linalg.norm(found) <= limit * (1 + 1e-12)
    np.testing.assert_allclose(found * norm, grad * min(norm, limit), rtol=1e-12, atol=1e-300)


@given(NUMBERS, st.floats(1e-3, 1e3))
def test_by_layer_norm_is_by_norm_for_each_layer_alone(grad: Any, limit: float) -> None:
    found = clipped(ByLayerNorm(limit=limit), grad)
    alone = [clipped(ByNorm(limit=limit), grad[start:stop]) for start, stop in LAYOUT.layer_ranges]
    assert found.tolist() == np.concatenate(alone).tolist()


@pytest.mark.parametrize("clipping", [ByNorm(limit=2.0), ByLayerNorm(limit=2.0)])
def test_squares_that_overflow_do_not_make_a_gradient_vanish(clipping: Clipping) -> None:
    grad = np.zeros(10, np.float32)
    grad[:2] = 3e25, -4e25
    assert clipped(clipping, grad)[:2].tolist() == pytest.approx([1.2, -1.6])


@pytest.mark.parametrize("wild", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("clipping", [ByNorm(), ByLayerNorm()])
def test_a_number_that_is_not_finite_is_left_to_be_noticed(clipping: Any, wild: float) -> None:
    grad = np.full(10, 7.0)
    grad[0] = wild
    np.testing.assert_array_equal(clipped(clipping, grad)[:8], grad[:8])


def test_by_value_makes_infinite_numbers_the_limit_and_leaves_what_is_no_number() -> None:
    found = clipped(ByValue(limit=0.5), [np.inf, -np.inf, np.nan, 0.1])
    np.testing.assert_array_equal(found, [0.5, -0.5, np.nan, 0.1])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("clipping", [ByValue(), ByNorm(), ByLayerNorm()])
def test_clipping_keeps_the_precision_and_the_array(clipping: Clipping, dtype: str) -> None:
    grad = np.ones(10, dtype)
    clipping.clip(grad, LAYOUT)
    assert grad.dtype == dtype
    assert 0 < np.abs(grad).max() < 1


@pytest.mark.parametrize(
    ("name", "clipping"),
    [("by value", ByValue(limit=0.3)), ("by norm", ByNorm(limit=0.7))],
)
def test_pytorch_clips_alike(name: str, clipping: Clipping) -> None:
    found = clipped(clipping, frozen(name)["before"])
    # PyTorch divides by the norm and 1e-6
    np.testing.assert_allclose(found, frozen(name)["after"], rtol=1e-6)


def test_a_clipping_makes_no_copy_of_the_gradient() -> None:
    size = 200_000
    layout = Layout.of(layers=1, parameters={"layers.0.W": (size,)})
    grad = np.full(size, 2.0)
    for clipping in (ByValue(), ByNorm(), ByLayerNorm()):
        assert most_allocated(clipping.clip, grad, layout) < 8 * size / 10
