"""Toys: points lie where their description says, and the classes are what can be seen."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Checkerboard, Circles, Moons, Spirals, Xor
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places

ALL = (Spirals, Circles, Moons, Xor, Checkerboard)


def drawn(source: Any, folder: Path) -> Dataset:
    made: Dataset = source.load(places(own=folder), silent)
    return made


def test_without_noise_every_point_lies_on_its_arm(tmp_path: Path) -> None:
    dataset = drawn(Spirals(noise=0, turns=1.25), tmp_path)
    radius = np.hypot(*dataset.inputs.T)
    angle = np.arctan2(dataset.inputs[:, 1], dataset.inputs[:, 0])
    expected = 2 * np.pi * 1.25 * radius + np.pi * dataset.targets
    np.testing.assert_allclose(np.cos(angle - expected), 1, atol=1e-9)


def test_without_noise_every_point_lies_on_its_circle(tmp_path: Path) -> None:
    dataset = drawn(Circles(noise=0, inner=0.25), tmp_path)
    radius = np.hypot(*dataset.inputs.T)
    np.testing.assert_allclose(radius, np.where(dataset.targets == 0, 1, 0.25), rtol=1e-6)
    # all the way round: a quarter of the points in each quadrant
    quadrants = np.bincount((dataset.inputs > 0) @ [1, 2], minlength=4)
    assert quadrants.min() > 200


def test_without_noise_every_point_lies_on_its_moon(tmp_path: Path) -> None:
    dataset = drawn(Moons(samples=2000, noise=0), tmp_path)
    upper, lower = (dataset.inputs[dataset.targets == moon] for moon in (0, 1))
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-6)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-6)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_the_moons_have_the_shape_of_those_of_scikit_learn(tmp_path: Path) -> None:
    # make_moons(2000, noise=None): means and deviations of each moon, and the corners of the whole
    dataset = drawn(Moons(samples=20_000, noise=0), tmp_path)
    upper, lower = (dataset.inputs[dataset.targets == moon] for moon in (0, 1))
    for points, mean in ((upper, (0, 0.636)), (lower, (1, -0.136))):
        np.testing.assert_allclose(points.mean(axis=0), mean, atol=0.02)
        np.testing.assert_allclose(points.std(axis=0), (0.7075, 0.3084), atol=0.01)
    np.testing.assert_allclose(dataset.inputs.min(axis=0), (-1, -0.5), atol=1e-3)
    np.testing.assert_allclose(dataset.inputs.max(axis=0), (2, 1), atol=1e-3)


def test_without_noise_xor_is_its_truth_table(tmp_path: Path) -> None:
    dataset = drawn(Xor(samples=8, noise=0), tmp_path)
    rows = np.column_stack([dataset.inputs, dataset.targets]).tolist()
    assert rows == 2 * [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]


@pytest.mark.parametrize("squares", [2, 5])
def test_neighbouring_squares_have_different_colours(tmp_path: Path, squares: int) -> None:
    dataset = drawn(Checkerboard(squares=squares), tmp_path)
    assert np.abs(dataset.inputs).max() <= 1
    cells = np.floor((dataset.inputs + 1) / 2 * squares).astype(int).clip(0, squares - 1)
    assert (dataset.targets == cells.sum(axis=1) % 2).all()
    assert len(np.unique(cells, axis=0)) == squares**2


@pytest.mark.parametrize("kind", [Spirals, Circles, Moons, Xor])
def test_both_classes_have_as_many_points(tmp_path: Path, kind: type) -> None:
    assert np.bincount(drawn(kind(samples=100), tmp_path).targets).tolist() == [50, 50]


@pytest.mark.parametrize("kind", ALL)
def test_noise_moves_points_by_its_standard_deviation(tmp_path: Path, kind: type) -> None:
    clean, noisy = (drawn(kind(samples=10_000, noise=share), tmp_path) for share in (0.0, 0.2))
    moved = (noisy.inputs - clean.inputs).std(axis=0)
    np.testing.assert_allclose(moved, 0.2, rtol=0.03)
    assert (noisy.targets == clean.targets).all()


@pytest.mark.parametrize(
    ("kind", "sha256"),
    [
        (Spirals, "4f941bdcc6843256df6cc0e1a0b8e526eb3d93b109c016691aef704de8ea26cf"),
        (Circles, "89578fad823e6cc3f6a7792d03d3e765f508d2cafbd7aac7abb6b089ea34e813"),
        (Moons, "831b79d62f2c8bc957f8ab48ece539b7a237cb72cb917cabef97b939ae701524"),
        (Xor, "7372d336fd28699bf6541fde8680974c85f18e97f5df51f175888ef6d885ddd2"),
        (Checkerboard, "0899ea544b13fdefb2ad26e39f42e132190e907567d01a225382d1af55ee793b"),
    ],
)
def test_revision_1_gives_the_bytes_that_it_always_gave(
    tmp_path: Path, kind: type, sha256: str
) -> None:
    assert drawn(kind(), tmp_path).sha256 == sha256


@pytest.mark.parametrize("kind", ALL)
def test_the_seed_decides(tmp_path: Path, kind: type) -> None:
    one, same, other = (drawn(kind(seed=seed, noise=0.1), tmp_path) for seed in (1, 1, 2))
    assert one.sha256 == same.sha256
    assert one.sha256 != other.sha256


@pytest.mark.parametrize("kind", ALL)
def test_points_are_no_pictures_and_have_two_named_classes(tmp_path: Path, kind: type) -> None:
    dataset = drawn(kind(), tmp_path)
    assert (dataset.image_shape, dataset.task, dataset.outputs) == (None, "classes", 2)
    assert len(set(dataset.class_names)) == 2


@pytest.mark.parametrize("kind", ALL)
def test_an_unknown_revision_is_refused(tmp_path: Path, kind: type) -> None:
    with pytest.raises(NnstudioError, match="Revision 3"):
        drawn(kind(revision=3), tmp_path)
