"""Handwriting: the same bytes from the same seed, parts by different hands, ink like MNIST's."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.drawings import Drawing
from nnstudio.data.progress import Cancelled, silent
from nnstudio.data.writing.hand import Hand
from nnstudio.data.writing.paper import NoPaper, Scanned
from nnstudio.data.writing.pen import Pen
from nnstudio.data.writing.tablet import Tablet
from nnstudio.errors import NnstudioError
from nnstudio.spec import Setting, describe, from_json
from nnstudio.texts import Text
from tests.data.catalogue.small_sets import places

SMALL = Handwriting(training=200, validation=50, test=30)


def setting(cls: type, name: str) -> Setting:
    return next(one for one in describe(cls) if one.name == name)


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


@pytest.mark.parametrize(
    ("paper", "made"), [(NoPaper(), "8d29390530b87ef9"), (Scanned(), "2477725ebff9119d")]
)
def test_revision_2_gives_the_bytes_that_it_always_gave(
    at: DataPlaces, paper: NoPaper | Scanned, made: str
) -> None:
    dataset = replace(SMALL, paper=paper).load(at, silent)
    written = hashlib.sha256(dataset.targets.tobytes() + dataset.inputs.tobytes()).hexdigest()
    # change these only together with REVISION: stored experiments name the bytes
    assert written[:16] == made


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 1},
        {"training": 21},
        {"test": 11},
        {"hand": Hand(slant=0.3)},
        {"pen": Pen(hooks=0.5)},
        {"tablet": Tablet(coarse=0.0)},
        {"paper": Scanned()},
        {"paper": Scanned(noise=0.1)},
    ],
)
def test_other_settings_give_other_data(at: DataPlaces, other: dict[str, Any]) -> None:
    few = Handwriting(training=20, validation=10, test=10)
    assert replace(few, **other).load(at, silent).sha256 != few.load(at, silent).sha256


def test_a_damaged_cache_is_written_anew(at: DataPlaces) -> None:
    first = SMALL.load(at, silent)
    file = kept_file(at)
    sound = file.read_bytes()
    file.write_bytes(sound[:1000])
    assert SMALL.load(at, silent).sha256 == first.sha256
    assert file.read_bytes() == sound


@pytest.mark.parametrize("revision", [1, 3])
def test_another_revision_is_refused_with_what_to_do(at: DataPlaces, revision: int) -> None:
    with pytest.raises(NnstudioError, match=f"Revision {revision} of the data source") as caught:
        Handwriting(revision=revision).load(at, silent)
    assert "revision to 2" in str(caught.value.hint)


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


DEVIATIONS = ("mixed", "care", "bend", "apart", "warp", "aspect", "slant", "ends")
EXTREMES: list[dict[str, Any]] = [
    {"hand": from_json(Hand, dict.fromkeys(DEVIATIONS, 0))},
    *({"hand": from_json(Hand, {name: setting(Hand, name).maximum})} for name in DEVIATIONS),
]
EXTREMES += [
    {"hand": Hand(digits=1000, turn=90, joined=1, short=1, boxed=1)},
    {"pen": Pen(thickness=1.2, spread=1, pressure=0.5, speed=0.5, nib=0.5)},
    {"pen": Pen(thickness=6, spread=1, tremor=0.05, hooks=1, gaps=1)},
    {"tablet": Tablet(coarse=1, lost=0, fewest=4, most=4)},
    {"tablet": Tablet(coarse=1, lost=1, fewest=100, most=100)},
    {"tablet": Tablet(coarse=1, lost=0.5, fewest=100, most=4)},
    {"paper": Scanned(bleed=1, blur=1, noise=1, threshold=1)},
    {"paper": Scanned(bleed=0, blur=0, noise=0, threshold=0)},
]


@pytest.mark.parametrize("extreme", EXTREMES, ids=str)
def test_the_most_extreme_settings_still_give_pictures(extreme: dict[str, Any]) -> None:
    pictures, labels = replace(SMALL, **extreme).preview(40, seed=3)
    assert sorted(labels) == sorted(list(range(10)) * 4)
    ink = pictures.mean(axis=(1, 2)) / 255
    assert ink.min() > 0.003
    assert ink.max() < 0.6


def test_a_preview_is_another_look_at_the_same_settings() -> None:
    first, labels = SMALL.preview(100, seed=0)
    again, _ = SMALL.preview(100, seed=0)
    other, _ = SMALL.preview(100, seed=1)
    assert first.shape == (100, 28, 28)
    assert np.bincount(labels).tolist() == [10] * 10
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_drawings_are_those_of_the_training_part_and_give_its_pictures(at: DataPlaces) -> None:
    dataset = SMALL.load(at, silent)
    drawings = list(SMALL.drawings(200))
    assert [int(one.label) for one in drawings] == dataset.targets[:200].tolist()
    pictures = np.array([one.pixels() for one in drawings], dtype=np.int64)
    differences = np.abs(pictures - dataset.inputs[:200].reshape(-1, 28, 28)).mean(axis=(1, 2))
    fine = np.array([pixels_of_the_pen(one) < 5 for one in drawings])
    assert fine.mean() > 0.85
    assert differences[fine].max() < 0.2


def pixels_of_the_pen(drawing: Drawing) -> float:
    assert drawing.width is not None
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    return float(20 * drawing.width / (np.ptp(points, axis=0).max() + drawing.width))


def test_scanned_ink_is_a_little_wider_and_softer_and_paper_stays_clean(at: DataPlaces) -> None:
    clean = SMALL.load(at, silent).inputs
    scanned = replace(SMALL, paper=Scanned()).load(at, silent).inputs
    assert (scanned > 0).mean() > (clean > 0).mean()
    assert ((scanned > 0) & (clean == 0)).mean() < 0.1
    corners = scanned.reshape(-1, 28, 28)[:, :3, :3]
    assert not corners.any()
