from typing import Any, get_args

import numpy as np
import pytest

from nnstudio.nn.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Initializer,
    LeCunNormal,
    Normal,
    Orthogonal,
    Uniform,
    Zeros,
)
from tests.nn.networks import DTYPES

D, H = 300, 200
SPREADS = {
    Zeros: 0.0,
    Normal: 0.01,
    Uniform: 0.5 / 3**0.5,
    GlorotNormal: (2 / (D + H)) ** 0.5,
    GlorotUniform: (2 / (D + H)) ** 0.5,
    HeNormal: (2 / D) ** 0.5,
    HeUniform: (2 / D) ** 0.5,
    Constant: 0.0,
    LeCunNormal: (1 / D) ** 0.5,
    Orthogonal: (1 / D) ** 0.5,
}
MEANS = {Constant: 0.1}
FACTORS = {Orthogonal: "gain"}
DRAWN_AS_ONE = {Zeros, Constant}
BOUNDS = {Uniform: 0.5, GlorotUniform: (6 / (D + H)) ** 0.5, HeUniform: (6 / D) ** 0.5}
MEMBERS: tuple[Any, ...] = get_args(get_args(Initializer)[0])
EACH = pytest.mark.parametrize("cls", MEMBERS, ids=lambda one: one.__name__)


def drawn(initializer: Any, dtype: str = "float64") -> Any:
    return initializer.draw(np.random.default_rng(0), (D, H), fan_in=D, fan_out=H, dtype=dtype)


@EACH
def test_mean_and_spread_are_those_of_the_source(cls: Any) -> None:
    W = drawn(cls())
    assert abs(W.mean() - MEANS.get(cls, 0.0)) <= 1e-15 + 4 * SPREADS[cls] / W.size**0.5
    assert W.std() == pytest.approx(SPREADS[cls], rel=0.01, abs=1e-15)


@pytest.mark.parametrize("cls", BOUNDS)
def test_uniform_values_fill_the_range_between_their_bounds(cls: Any) -> None:
    W = drawn(cls())
    assert np.abs(W).max() <= BOUNDS[cls]
    assert np.abs(W).max() == pytest.approx(BOUNDS[cls], rel=0.001)


@pytest.mark.parametrize("cls", [one for one in MEMBERS if one not in DRAWN_AS_ONE])
def test_the_factor_multiplies_what_is_drawn(cls: Any) -> None:
    np.testing.assert_allclose(
        drawn(cls(**{FACTORS.get(cls, "scale"): 6.0})), 6.0 * drawn(cls()), atol=1e-14
    )


@EACH
def test_both_precisions_start_from_the_same_values(cls: Any) -> None:
    single, double = (drawn(cls(), dtype) for dtype in DTYPES)
    assert (single.dtype, double.dtype) == DTYPES
    assert (single == double.astype("float32")).all()


@EACH
def test_a_bias_has_the_spread_of_the_fans_of_its_layer(cls: Any) -> None:
    b = cls().draw(np.random.default_rng(0), (H,), fan_in=D, fan_out=H, dtype="float64")
    assert b.shape == (H,)
    # an orthogonal bias is one direction of the length of its gain
    expected = H**-0.5 if cls is Orthogonal else SPREADS[cls]
    assert b.std() == pytest.approx(expected, rel=0.2, abs=1e-15)


def test_a_constant_is_its_value_everywhere() -> None:
    assert set(drawn(Constant(value=-2.5)).flat) == {-2.5}


def orthogonal(shape: tuple[int, ...], *, gain: float = 1.0, seed: int = 0) -> Any:
    generator = np.random.default_rng(seed)
    return Orthogonal(gain=gain).draw(
        generator, shape, fan_in=shape[0], fan_out=shape[-1], dtype="float64"
    )


@pytest.mark.parametrize("shape", [(7, 7), (9, 4), (4, 9), (1, 5), (5, 1)])
@pytest.mark.parametrize("gain", [1.0, 1.5])
def test_orthogonal_weights_are_at_right_angles_and_of_the_length_of_the_gain(
    shape: tuple[int, int], gain: float
) -> None:
    W = orthogonal(shape, gain=gain)
    products = W.T @ W if shape[0] >= shape[1] else W @ W.T
    np.testing.assert_allclose(products, gain**2 * np.eye(min(shape)), atol=1e-14)


def test_orthogonal_weights_favour_no_sign() -> None:
    # without the sign of R's diagonal, LAPACK's first entry would always be negative
    first = [orthogonal((3, 3), seed=seed)[0, 0] > 0 for seed in range(400)]
    assert 0.4 < np.mean(first) < 0.6


def test_a_deep_stack_of_orthogonal_layers_keeps_every_length() -> None:
    x = np.random.default_rng(0).normal(size=20)
    y = x
    for seed in range(100):
        y = y @ orthogonal((20, 20), seed=seed)
    assert np.linalg.norm(y) == pytest.approx(np.linalg.norm(x), rel=1e-12)
