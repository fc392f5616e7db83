"""Augmentation: what each limit does, in which range, and that the generator decides it all."""

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.augmentation import (
    Augmentation,
    Distortions,
    NoAugmentation,
    sampled_from,
)
from nnstudio.data.levels import Levels, levels_of
from nnstudio.data.warp import Warp
from nnstudio.spec import SpecError, from_json, spec, to_json

SHAPE = 28, 28
STILL = Distortions(shift=0.0, rotation=0.0, scale=0.0, shear=0.0, elastic=0.0)
ALL = Distortions(noise=0.1, erasing=0.5)


def only(**limits: float) -> Distortions:
    """One kind of distortion, and no other."""
    made: Distortions = replace(STILL, **limits)  # type: ignore[arg-type]  # none is named kind
    return made


def digits(count: int, dtype: Any = np.float32) -> NDArray[Any]:
    return np.random.default_rng(2).uniform(0, 255, (count, 784)).astype(dtype)


def distorted(
    settings: Distortions, X: NDArray[Any], *, seed: int = 0, shape: Any = SHAPE
) -> NDArray[Any]:
    augmenter = settings.bind(shape, X.shape[1])
    assert augmenter is not None
    out = X.copy()
    augmenter.apply(out, np.random.default_rng(seed))
    return out


def test_nothing_is_bound_where_nothing_would_change() -> None:
    assert NoAugmentation().bind(SHAPE, 784) is None
    assert STILL.bind(SHAPE, 784) is None
    assert Distortions().bind(None, 2) is None


@pytest.mark.parametrize("name", ["shift", "rotation", "scale", "shear", "elastic"])
def test_each_limit_alone_moves_pixels(name: str) -> None:
    X = digits(8)
    settings = only(**{name: 0.5 if name == "scale" else 5.0})
    assert not np.array_equal(distorted(settings, X), X)


def test_a_tiny_limit_changes_hardly_anything() -> None:
    X = digits(4, np.float64)
    tiny = Distortions(shift=1e-9, rotation=1e-9, scale=1e-9, shear=1e-9, elastic=1e-9)
    np.testing.assert_allclose(distorted(tiny, X), X, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_generator_gives_the_same_bits_and_another_one_others(dtype: Any) -> None:
    X = digits(40, dtype)
    first = distorted(ALL, X, seed=1)
    np.testing.assert_array_equal(first, distorted(ALL, X, seed=1))
    assert first.dtype == dtype
    assert not np.array_equal(first, distorted(ALL, X, seed=2))


def test_an_augmenter_remembers_nothing() -> None:
    X = digits(40)
    augmenter = ALL.bind(SHAPE, 784)
    assert augmenter is not None
    for size in (3, 40, 17):
        augmenter.apply(X[:size].copy(), np.random.default_rng(size))
    used = X.copy()
    augmenter.apply(used, np.random.default_rng(1))
    np.testing.assert_array_equal(used, distorted(ALL, X, seed=1))


def test_what_happens_to_a_picture_depends_on_its_place_and_not_on_its_neighbours() -> None:
    X = digits(40)
    others = X[::-1].copy()
    others[7] = X[7]
    np.testing.assert_array_equal(distorted(ALL, X)[7], distorted(ALL, others)[7])


def test_every_picture_is_distorted_in_its_own_way() -> None:
    X = np.tile(digits(1), (30, 1))
    for settings in (
        replace(ALL, erasing=1.0),
        *(
            only(**one)
            for one in (
                {"shift": 3.0},
                {"rotation": 20.0},
                {"scale": 0.3},
                {"shear": 20.0},
                {"elastic": 1.0},
                {"noise": 0.1},
                {"erasing": 1.0},
            )
        ),
    ):
        assert len(np.unique(distorted(settings, X), axis=0)) > 25


@pytest.mark.parametrize("shape", [(28, 28), (13, 13)])
def test_a_quarter_turn_is_that_of_numpy(shape: tuple[int, int]) -> None:
    quarter = only(rotation=90.0)
    X = digits(3, np.float64)[:, : shape[0] * shape[1]].copy()
    expected = np.rot90(X.reshape(3, *shape), axes=(1, 2)).reshape(3, -1)
    left = np.array([[0, 0, 1, 0, 0, 0.0]] * 3)
    Warp(shape, smoothness=None, dtype=np.float64).apply(X, sampled_from(quarter, left))
    np.testing.assert_allclose(X, expected, atol=1e-9)


def moved(settings: Distortions, draw: tuple[float, ...]) -> NDArray[np.float64]:
    """Where the points (row, column) of a square come to lie, by inverting what is sampled."""
    (affine,) = sampled_from(settings, np.array([draw]))
    square = np.array([[-1.0, 0.0], [0.0, 1.0]])
    shifted: NDArray[np.float64] = np.linalg.solve(affine[:, :2], square - affine[:, 2:])
    return shifted


def test_content_goes_where_the_limits_say() -> None:
    # columns: a point one pixel above the centre, and one a pixel to the right of it
    np.testing.assert_allclose(
        moved(only(shift=3.0), (1, -0.5, 0, 0, 0, 0)), [[2.0, 3.0], [-1.5, -0.5]]
    )
    np.testing.assert_allclose(
        moved(only(scale=0.25), (0, 0, 0, 1, -1, 0)), [[-1.25, 0], [0, 0.75]]
    )
    half = sqrt(0.5)
    turned = np.array([[-half, -half], [-half, half]])
    np.testing.assert_allclose(moved(only(rotation=45.0), (0, 0, 1, 0, 0, 0)), turned)
    np.testing.assert_allclose(
        moved(only(shear=45.0), (0, 0, 0, 0, 0, 1)), [[-1, 0], [1, 1]], atol=1e-12
    )


def test_shifts_are_uniform_up_to_the_limit() -> None:
    X = np.zeros((4000, 31 * 31), np.float64)
    X[:, 15 * 31 + 15] = 1
    spots = distorted(only(shift=4.0), X, shape=(31, 31)).reshape(-1, 31, 31)
    places = np.arange(31) - 15
    for axis in (1, 2):
        found = spots.sum(axis=axis) @ places
        assert np.abs(found).max() <= 4 + 1e-9
        assert np.abs(found).max() > 3.98
        assert abs(found.mean()) < 0.15
        # of a uniform number: limit / sqrt(3)
        assert found.std() == pytest.approx(4 / sqrt(3), rel=0.03)


def test_the_elastic_displacement_has_the_given_strength_and_moves_rows_and_columns() -> None:
    settings = only(elastic=0.8, smoothness=4.0)
    ramp = np.zeros((3000, 41, 41))
    ramp[:1500] = np.arange(41)[:, None]
    ramp[1500:] = np.arange(41)
    found = distorted(settings, ramp.reshape(3000, -1), shape=(41, 41)).reshape(ramp.shape)
    # on a ramp the sampled value minus the own one is the displacement
    displaced = (found - ramp)[:, 8:-8, 8:-8]
    for half in (displaced[:1500], displaced[1500:]):
        assert abs(half.mean()) < 0.02
        assert half.std() == pytest.approx(0.8, rel=0.03)


def test_a_share_of_the_pictures_loses_a_rectangle_of_up_to_the_given_area() -> None:
    X = np.full((3000, 784), 9, np.float32)
    found = distorted(only(erasing=0.4, erased=0.25), X).reshape(-1, 28, 28)
    lost = (found == 0).sum(axis=(1, 2))
    assert np.isin(found, (0, 9)).all()
    assert np.count_nonzero(lost) / 3000 == pytest.approx(0.4, abs=0.03)
    # sides are rounded to whole pixels
    assert 0.2 < lost.max() / 784 < 0.29
    assert lost[lost > 0].mean() / 784 == pytest.approx(0.125, abs=0.01)
    for one in found[lost > 0][:50] == 0:
        assert one.sum() == one.any(axis=0).sum() * one.any(axis=1).sum()


def test_every_pixel_can_be_erased_and_all_of_them_at_once() -> None:
    settings = only(erasing=1.0, erased=1.0)
    found = distorted(settings, np.ones((4000, 12)), shape=(3, 4))
    assert (found == 0).any(axis=0).all()
    assert (found == 0).all(axis=1).any()


def test_noise_of_pictures_is_a_share_of_the_range_of_bytes() -> None:
    X = digits(200, np.float64)
    added = distorted(only(noise=0.1), X) - X
    assert added.std() == pytest.approx(25.5, rel=0.01)
    assert abs(added.mean()) < 0.3


def test_noise_of_other_data_is_a_share_of_the_spread_of_each_input() -> None:
    X = np.random.default_rng(0).normal(5, [1, 0.01], (4000, 2))
    augmenter = Distortions(noise=0.5).bind(
        None, 2, levels=levels_of(X, np.arange(4000), image_shape=None)
    )
    assert augmenter is not None
    noisy = X.copy()
    augmenter.apply(noisy, np.random.default_rng(1))
    np.testing.assert_allclose((noisy - X).std(axis=0), 0.5 * X.std(axis=0), rtol=0.05)


def test_pictures_whose_background_is_not_0_are_filled_with_it() -> None:
    X = digits(30, np.float64) / 255 * 2 - 1
    levels = Levels(-1.0, 2.0)
    shown = {}
    for name, settings in (("moved", only(shift=6.0)), ("erased", only(erasing=1.0))):
        augmenter = settings.bind(SHAPE, 784, levels=levels)
        assert augmenter is not None
        shown[name] = X.copy()
        augmenter.apply(shown[name], np.random.default_rng(0))
        # as bytes would have been distorted
        expected = distorted(settings, (X + 1) / 2 * 255) / 255 * 2 - 1
        np.testing.assert_allclose(shown[name], expected, atol=1e-9)


def test_one_limit_does_not_move_the_draws_of_another() -> None:
    X = digits(20)
    turned = distorted(only(rotation=30.0), X)
    erased = distorted(only(rotation=30.0, erasing=0.5), X)
    same = (turned == erased).all(axis=1)
    assert same.any()
    assert not same.all()
    assert ((turned == erased) | (erased == 0)).all()


def test_pictures_of_any_shape_are_distorted() -> None:
    for shape in ((1, 1), (3, 50), (64, 20)):
        X = np.random.default_rng(0).uniform(0, 255, (5, shape[0] * shape[1]))
        out = distorted(ALL, X, shape=shape)
        assert np.isfinite(out).all()


def test_what_needs_pictures_is_refused_where_there_are_none() -> None:
    assert NoAugmentation().problem(None) is None
    assert Distortions().problem(SHAPE) is None
    assert only(noise=0.1).problem(None) is None
    for settings in (Distortions(), only(erasing=0.1)):
        assert "no pictures" in str(settings.problem(None))


def test_limits_that_make_no_sense_are_refused() -> None:
    for wrong in ({"shift": -1.0}, {"scale": 1.0}, {"erasing": 1.5}, {"erased": 0.0}):
        with pytest.raises(SpecError):
            only(**wrong)


@spec(title="Holder")
class Holder:
    """What has an augmentation."""

    augmentation: Augmentation = NoAugmentation()


def test_both_members_survive_json_and_are_known_by_their_kind() -> None:
    for member in (NoAugmentation(), Distortions(), ALL):
        holder = Holder(augmentation=member)
        assert from_json(Holder, to_json(holder)) == holder
    assert from_json(Holder, {"augmentation": {"kind": "distortions"}}) == Holder(
        augmentation=Distortions()
    )
