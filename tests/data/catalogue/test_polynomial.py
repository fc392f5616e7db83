"""Polynomial: targets are the polynomial at the inputs plus the noise that was asked for."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places


def drawn(source: Polynomial, folder: Path) -> Dataset:
    return source.load(places(own=folder), silent)


@given(coefficients=st.lists(st.floats(-10, 10), min_size=1, max_size=6), x=st.floats(-5, 5))
def test_the_value_is_that_of_the_polynomial(coefficients: list[float], x: float) -> None:
    found = Polynomial(coefficients=tuple(coefficients)).value(np.array([x]))
    expected = sum(one * x**power for power, one in enumerate(coefficients))
    assert found[0] == pytest.approx(expected, abs=1e-9)


def test_without_noise_targets_lie_on_the_curve(tmp_path: Path) -> None:
    dataset = drawn(Polynomial(noise=0, coefficients=(1, 0, -3)), tmp_path)
    np.testing.assert_allclose(dataset.targets, 1 - 3 * dataset.inputs**2, atol=1e-12)
    assert (dataset.task, dataset.outputs, dataset.class_names) == ("values", 1, ("y",))


def test_noise_has_the_standard_deviation_that_was_asked_for(tmp_path: Path) -> None:
    source = Polynomial(samples=20_000, noise=2.5)
    dataset = drawn(source, tmp_path)
    off = dataset.targets[:, 0] - source.value(dataset.inputs[:, 0])
    assert off.std() == pytest.approx(2.5, rel=0.02)
    assert off.mean() == pytest.approx(0, abs=0.05)


def test_inputs_are_spread_evenly_over_the_range(tmp_path: Path) -> None:
    x = drawn(Polynomial(samples=10_000, low=3, high=7), tmp_path).inputs
    assert np.histogram(x, bins=4, range=(3, 7))[0].min() > 2300
    assert 3 <= x.min() < x.max() <= 7


def test_an_empty_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="The inputs must end above 2"):
        drawn(Polynomial(low=2), tmp_path)


def test_the_largest_polynomial_is_finite_in_single_precision(tmp_path: Path) -> None:
    source = Polynomial(coefficients=(1e6,) * 13, low=99, high=100, noise=1e6)
    assert np.isfinite(drawn(source, tmp_path).targets.astype(np.float32)).all()


def test_revision_1_gives_the_bytes_that_it_always_gave(tmp_path: Path) -> None:
    assert (
        drawn(Polynomial(), tmp_path).sha256
        == "7ce1f911b24a04da2219b7be1b9e519a82d4fe9832e35d933cf67682a5fa87f8"
    )


def test_the_seed_decides(tmp_path: Path) -> None:
    one, same, other = (drawn(Polynomial(seed=seed), tmp_path).sha256 for seed in (1, 1, 2))
    assert one == same != other


def test_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="Revision 3"):
        drawn(Polynomial(revision=3), tmp_path)
