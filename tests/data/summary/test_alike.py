"""Samples that are nearly the same are found among many; distances are the true ones."""

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.summary.alike import NEAR, alike

GENERATOR = np.random.default_rng(8)


def pictures(count: int) -> NDArray[np.uint8]:
    """Blots at random places: as pictures of digits, they spread in few directions."""
    y, x = np.mgrid[:12, :12]
    places = GENERATOR.uniform(0, 12, (count, 3, 2))
    blots = np.exp(-((y - places[..., :1, None]) ** 2 + (x - places[..., 1:, None]) ** 2) / 4)
    blackness = np.clip(255 * blots.sum(axis=1), 0, 255).reshape(count, -1)
    made: NDArray[np.uint8] = blackness.astype(np.uint8)
    return made


def test_nearly_equal_pictures_are_found_and_their_distance_is_true() -> None:
    inputs = pictures(1500)
    noise = GENERATOR.normal(0, 3, (100, 144))
    inputs[1400:] = np.clip(inputs[:100] + noise, 0, 255).astype(np.uint8)
    rows = np.arange(1500)
    found = alike(inputs, rows)
    hit = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(hit & {(at, 1400 + at) for at in range(100)}) >= 90
    sample = inputs.astype(float)
    usual = np.sqrt(2 * ((sample - sample.mean(axis=0)) ** 2).sum() / 1500)
    true = np.linalg.norm(sample[found.first] - sample[found.second], axis=1) / usual
    assert np.allclose(found.share, true)
    assert (found.share <= NEAR).all()
    assert (np.diff(found.share) >= 0).all()


def test_strangers_are_no_pair() -> None:
    assert len(alike(GENERATOR.normal(size=(400, 60)), np.arange(400)).first) == 0


def test_where_all_are_equal_or_strange_nothing_is_told() -> None:
    assert len(alike(np.ones((20, 9)), np.arange(20)).first) == 0
    assert len(alike(np.full((20, 9), np.nan), np.arange(20)).first) == 0
    assert len(alike(np.ones((1, 9)), np.arange(1)).first) == 0


def test_a_crowd_that_is_alike_does_not_make_a_pair_of_each_two() -> None:
    inputs = np.concatenate([GENERATOR.normal(size=(600, 30)) * 1e-3, 50 + np.eye(30) * 400])
    found = alike(inputs, np.arange(630))
    assert 300 < len(found.first) < 600 * 30


def test_samples_that_are_no_numbers_are_left_out_wherever_they_are() -> None:
    inputs = GENERATOR.normal(size=(3200, 20))
    inputs[3100] = inputs[50] + 1e-3
    for odd in (0, 3001):
        inputs[odd, 3] = np.nan if odd else np.inf
    found = alike(inputs, np.arange(3200))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(50, 3100)]
