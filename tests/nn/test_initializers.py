from typing import Any, get_args

import numpy as np
import pytest

from nnstudio.nn.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Initializer,
    Normal,
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
}
BOUNDS = {Uniform: 0.5, GlorotUniform: (6 / (D + H)) ** 0.5, HeUniform: (6 / D) ** 0.5}
MEMBERS: tuple[Any, ...] = get_args(get_args(Initializer)[0])
EACH = pytest.mark.parametrize("cls", MEMBERS, ids=lambda one: one.__name__)


def drawn(initializer: Any, dtype: str = "float64") -> Any:
    return initializer.draw(np.random.default_rng(0), (D, H), fan_in=D, fan_out=H, dtype=dtype)


@EACH
def test_mean_and_spread_are_those_of_the_source(cls: Any) -> None:
    W = drawn(cls())
    assert abs(W.mean()) <= 4 * SPREADS[cls] / W.size**0.5
    assert W.std() == pytest.approx(SPREADS[cls], rel=0.01)


@pytest.mark.parametrize("cls", BOUNDS)
def test_uniform_values_fill_the_range_between_their_bounds(cls: Any) -> None:
    W = drawn(cls())
    assert np.abs(W).max() <= BOUNDS[cls]
    assert np.abs(W).max() == pytest.approx(BOUNDS[cls], rel=0.001)


@pytest.mark.parametrize("cls", [one for one in MEMBERS if one is not Zeros])
def test_the_factor_multiplies_what_is_drawn(cls: Any) -> None:
    np.testing.assert_allclose(drawn(cls(scale=6.0)), 6.0 * drawn(cls()), atol=1e-14)


@EACH
def test_both_precisions_start_from_the_same_values(cls: Any) -> None:
    single, double = (drawn(cls(), dtype) for dtype in DTYPES)
    assert (single.dtype, double.dtype) == DTYPES
    assert (single == double.astype("float32")).all()


@EACH
def test_a_bias_has_the_spread_of_the_fans_of_its_layer(cls: Any) -> None:
    b = cls().draw(np.random.default_rng(0), (H,), fan_in=D, fan_out=H, dtype="float64")
    assert b.shape == (H,)
    assert b.std() == pytest.approx(SPREADS[cls], rel=0.2)
