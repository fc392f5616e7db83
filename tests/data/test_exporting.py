"""Samples written into files are read again as they were; strokes only where there are some."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces, Handwriting, Moons, Noise
from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.dataset import Dataset
from nnstudio.data.drawings import read_drawings
from nnstudio.data.exporting import endings_of, export_samples, write_samples
from nnstudio.data.importing.reading import keep, read
from nnstudio.data.progress import Cancelled, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text

NAMES = ("cat", "the dog", "鸟")


@pytest.fixture
def places(tmp_path: Path) -> DataPlaces:
    return DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path / "own")


def letters(count: int = 9) -> Dataset:
    pictures = np.zeros((count, 8, 8), np.uint8)
    pictures[:, 2:6, 2:6] = np.random.default_rng(1).integers(1, 256, (count, 4, 4))
    return Dataset.of(
        pictures.reshape(count, -1),
        np.arange(count) % 3,
        class_names=NAMES,
        source="file",
        image_shape=(8, 8),
    )


@pytest.fixture
def own(places: DataPlaces) -> Imported:
    return keep(letters(), "letters", places)


@pytest.mark.parametrize("name", ["a.npz", "a.zip", "A.ZIP"])
def test_what_was_written_is_read_again(
    tmp_path: Path, places: DataPlaces, own: Imported, name: str
) -> None:
    assert export_samples(own, tmp_path / name, places, silent) == 9
    found = read(tmp_path / name)
    assert found.sha256 == letters().sha256
    assert found.class_names == NAMES


def test_fewer_are_taken_evenly(tmp_path: Path, places: DataPlaces, own: Imported) -> None:
    assert export_samples(own, tmp_path / "a.npz", places, silent, count=3) == 3
    assert read(tmp_path / "a.npz").targets.tolist() == [0, 1, 2]


def test_strokes_are_written_by_a_source_that_has_them(tmp_path: Path, places: DataPlaces) -> None:
    source = Handwriting(training=20, validation=10, test=10)
    path = tmp_path / "a.jsonl.gz"
    assert export_samples(source, path, places, silent, count=12) == 12
    assert len(list(read_drawings(path))) == 12
    assert ".jsonl" in endings_of(source)


def test_a_source_without_strokes_says_so(tmp_path: Path, places: DataPlaces) -> None:
    with pytest.raises(NnstudioError, match="no strokes"):
        export_samples(Noise(samples=60), tmp_path / "a.jsonl", places, silent)
    assert endings_of(Noise()) == (".npz", ".zip")


def test_numbers_are_written_as_arrays_only(tmp_path: Path, places: DataPlaces) -> None:
    moons = Moons()
    count = export_samples(moons, tmp_path / "a.npz", places, silent)
    assert len(read(tmp_path / "a.npz").inputs) == count
    with pytest.raises(NnstudioError, match="no pictures"):
        export_samples(moons, tmp_path / "a.zip", places, silent)


@pytest.mark.parametrize("name", ["a", "a.txt", "a.png"])
def test_an_ending_that_says_nothing_is_refused(
    tmp_path: Path, places: DataPlaces, own: Imported, name: str
) -> None:
    with pytest.raises(NnstudioError, match="ending"):
        export_samples(own, tmp_path / name, places, silent)


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="could not be saved"):
        write_samples(tmp_path / "nowhere" / "a.npz", letters(), silent)


def test_whoever_cancels_keeps_the_old_file(tmp_path: Path) -> None:
    def enough(_share: float | None, _doing: Text) -> None:
        raise Cancelled

    path = tmp_path / "a.zip"
    path.write_text("old")
    with pytest.raises(Cancelled):
        write_samples(path, letters(), enough)
    assert path.read_text() == "old"


def test_targets_that_are_no_classes_are_written_as_they_are(tmp_path: Path) -> None:
    values = Dataset.of(
        np.zeros((3, 2)), np.ones((3, 1)), class_names=(), source="file", task="values"
    )
    assert write_samples(tmp_path / "a.npz", values, silent) == 3
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["targets"].shape == (3, 1)
        assert arrays["inputs"].shape == (3, 2)


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    def written() -> Iterator[bytes]:
        for name in ("a.zip", "b.zip"):
            write_samples(tmp_path / name, replace(letters()), silent)
            yield (tmp_path / name).read_bytes()

    first, second = written()
    assert first == second
