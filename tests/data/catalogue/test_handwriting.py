"""Handwriting: the same bytes from the same seed, parts by different hands, ink like MNIST's."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.penmanship import write
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.skeletons import WAYS, skeletons
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Cancelled, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text
from tests.data.catalogue.small_sets import places

SMALL = Handwriting(training=200, validation=50, test=30)


@pytest.fixture
def at(tmp_path: Path) -> DataPlaces:
    return places(own=tmp_path)


def kept_file(at: DataPlaces) -> Path:
    (file,) = at.cache.iterdir()
    return file


def test_parts_have_the_sizes_asked_for_and_nothing_is_left_to_draw(at: DataPlaces) -> None:
    dataset = SMALL.load(at, silent)
    assert dataset.inputs.shape == (280, 784)
    assert dataset.inputs.dtype == np.uint8
    assert (dataset.validation_count, dataset.test_count) == (50, 30)
    assert SMALL.share_held_out == (0.0, 0.0)
    assert dataset.class_names == tuple("0123456789")


def test_every_digit_is_as_common_as_every_other(at: DataPlaces) -> None:
    targets = SMALL.load(at, silent).targets
    for part in (targets[:200], targets[200:250], targets[250:]):
        counts = np.bincount(part, minlength=10)
        assert counts.max() - counts.min() <= 1


def test_the_same_settings_give_the_same_bytes_with_and_without_the_cache(
    at: DataPlaces, tmp_path: Path
) -> None:
    first = SMALL.load(at, silent)
    kept = SMALL.load(at, silent)
    anew = SMALL.load(places(own=tmp_path / "other"), silent)
    assert first.sha256 == kept.sha256 == anew.sha256


def test_revision_1_gives_the_bytes_that_it_always_gave() -> None:
    ((pictures, digits),) = write(100, generator=np.random.default_rng([0, 1, 0]))
    made = hashlib.sha256(digits.tobytes() + pictures.tobytes()).hexdigest()
    # change these only together with REVISION: stored experiments name the bytes
    assert made[:16] == "3b54e1c8827322e7"


@pytest.mark.parametrize("other", [{"seed": 1}, {"training": 201}, {"test": 31}])
def test_other_settings_give_other_data(at: DataPlaces, other: dict[str, Any]) -> None:
    changed = replace(SMALL, **other)
    assert changed.load(at, silent).sha256 != SMALL.load(at, silent).sha256


def test_a_damaged_cache_is_written_anew(at: DataPlaces) -> None:
    first = SMALL.load(at, silent)
    file = kept_file(at)
    sound = file.read_bytes()
    file.write_bytes(sound[:1000])
    assert SMALL.load(at, silent).sha256 == first.sha256
    assert file.read_bytes() == sound


def test_an_unknown_revision_is_refused(at: DataPlaces) -> None:
    with pytest.raises(NnstudioError, match="Revision 2 of the data source “Handwriting”"):
        Handwriting(revision=2).load(at, silent)


def test_cancelling_leaves_nothing_in_the_cache(at: DataPlaces) -> None:
    def progress(share: float | None, doing: Text) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        SMALL.load(at, progress)
    assert not at.cache.exists()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    own = tmp_path_factory.mktemp("own")
    return Handwriting(training=3000, validation=300, test=300).load(places(own=own), silent)


def test_ink_is_like_mnist(many: Dataset) -> None:
    assert many.inputs.mean() / 255 == pytest.approx(0.13, abs=0.015)
    assert (many.inputs > 0).mean() == pytest.approx(0.19, abs=0.02)


def test_every_picture_fits_the_box_and_has_its_mass_in_the_middle(many: Dataset) -> None:
    pictures = many.inputs.reshape(-1, 28, 28).astype(np.int64)
    mass = pictures.sum(axis=(1, 2))
    place = np.arange(28)
    for axis in (1, 2):
        centre = (pictures.sum(axis=3 - axis) @ place) / mass
        assert np.quantile(np.abs(centre - 14), 0.99) <= 0.51
        inked = np.asarray((pictures > 0).any(axis=3 - axis))
        extent = 28 - inked.argmax(axis=1) - inked[:, ::-1].argmax(axis=1)
        assert extent.max() <= 20


def test_no_two_pictures_are_the_same(many: Dataset) -> None:
    assert len({row.tobytes() for row in many.inputs}) == len(many.inputs)


def test_parts_are_written_by_different_hands(many: Dataset) -> None:
    # a sample is nearer to the other sample of its hand than to any of another part
    rows = many.inputs.astype(np.float32) / 255
    training, test = rows[:3000], rows[-300:]

    def nearest(one: NDArray[Any], other: NDArray[Any]) -> float:
        squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2 * one @ other.T
        squares[squares < 1e-3] = np.inf
        return float(np.median(np.sqrt(squares.min(axis=1))))

    assert nearest(test, training) > 1.03 * nearest(training[:300], training)


def test_there_are_many_ways_for_every_digit() -> None:
    assert len(WAYS) == 10
    assert min(len(ways) for ways in WAYS) >= 10


@pytest.mark.parametrize("digit", range(10))
def test_the_drawn_line_goes_through_the_points_of_its_path(digit: int) -> None:
    for way in skeletons(digit):
        line = way.curve @ way.control
        gaps = np.hypot(*(line[:, None] - way.control).T)
        assert gaps.min(axis=1).max() < 1e-9
        assert way.last.sum() == way.strokes[-1] + 1
        assert way.curve.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("digit", range(10))
def test_the_ways_of_a_digit_differ_from_each_other(digit: int) -> None:
    paths = [way.path for way in WAYS[digit]]
    assert len(set(paths)) == len(paths)
