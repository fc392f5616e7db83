"""IDX pairs and .npz files that a person names: whatever holds samples becomes a Dataset."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.catalogue.known_set import IDX_NAMES
from nnstudio.data.dataset import Dataset
from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import look, read
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import idx_bytes, packed, parts, write_idx, write_npz


def named(dataset: Dataset) -> list[int]:
    return [int(dataset.class_names[place]) for place in dataset.targets]


def test_a_file_of_pictures_is_read_with_the_labels_beside_it(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1))
    dataset = read(tmp_path / f"{IDX_NAMES[0]}.gz")
    assert dataset.inputs.shape == (12, 12)
    assert dataset.image_shape == (4, 3)
    assert named(dataset) == parts(1)[1].tolist()


def test_labels_may_be_packed_or_not_whatever_the_pictures_are(tmp_path: Path) -> None:
    arrays = parts(1)
    (tmp_path / "my-images-idx3-ubyte").write_bytes(idx_bytes(arrays[0]))
    (tmp_path / "my-labels-idx1-ubyte.gz").write_bytes(packed(arrays[1]))
    assert len(read(tmp_path / "my-images-idx3-ubyte").inputs) == 12


def test_a_folder_of_four_files_gives_all_that_is_in_it(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1))
    dataset = read(tmp_path)
    assert (len(dataset.inputs), dataset.test_count) == (17, 5)
    np.testing.assert_array_equal(dataset.inputs[12:], parts(1)[2].reshape(5, 12))


def test_an_npz_of_four_arrays_gives_both_parts(tmp_path: Path) -> None:
    write_npz(tmp_path / "any.npz", parts(1))
    for path in (tmp_path, tmp_path / "any.npz"):
        dataset = read(path)
        assert (len(dataset.inputs), dataset.test_count) == (17, 5)
        assert named(dataset) == [*parts(1)[1], *parts(1)[3]]


@pytest.mark.parametrize("names", [("images", "labels"), ("inputs", "targets"), ("X", "y")])
def test_an_npz_of_one_pair_is_read(tmp_path: Path, names: tuple[str, str]) -> None:
    values = np.linspace(-1, 1, 12).reshape(4, 3)
    named: dict[str, Any] = {names[0]: values, names[1]: np.array([0, 1, 2, 11])}
    np.savez(tmp_path / "a.npz", **named)
    dataset = read(tmp_path / "a.npz")
    np.testing.assert_array_equal(dataset.inputs, values)
    assert dataset.image_shape is None
    assert dataset.class_names == ("0", "1", "2", "11")


def refused(path: Path) -> str:
    with pytest.raises(NnstudioError) as caught:
        read(path)
    return str(caught.value)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "nothing")


def test_a_folder_without_samples_is_refused(tmp_path: Path) -> None:
    assert "no pictures, no IDX files and 0 .npz files" in refused(tmp_path)


def test_pictures_without_labels_are_refused_with_the_name_of_what_is_missing(
    tmp_path: Path,
) -> None:
    (tmp_path / "a-images-idx3-ubyte").write_bytes(idx_bytes(parts(1)[0]))
    assert "a-labels-idx1-ubyte" in refused(tmp_path / "a-images-idx3-ubyte")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    assert "letter.txt" in refused(tmp_path / "letter.txt")


def test_of_several_pairs_those_of_a_published_set_count(tmp_path: Path) -> None:
    images, labels = np.zeros((4, 2, 2), np.uint8), np.arange(4)
    np.savez(tmp_path / "a.npz", images=images, labels=labels, x_test=images[:3], y_test=labels[:3])
    dataset = read(tmp_path / "a.npz")
    assert len(dataset.inputs) == 3
    assert dataset.test_count == 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is hidden from root"
)
def test_a_folder_that_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o000)
    assert "cannot be read" in refused(hidden)


def test_an_npz_without_a_known_pair_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", weights=np.zeros(3))
    assert "holds the arrays weights" in refused(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("pictures", "labels", "said"),
    [
        (np.zeros((2, 3)), np.zeros(3, np.int64), "has 2 pictures"),
        (np.zeros((2, 3)), np.zeros((2, 10, 2), np.int64), "the shape"),
        (np.zeros((2, 2, 4, 5), np.uint8), np.zeros(2, np.int64), "the shape"),
        (np.zeros((2, 3)), np.full(2, 0.5), "at place 0 what is no class"),
        (np.full((2, 3), np.nan), np.zeros(2, np.int64), "not finite"),
        (np.zeros((2, 3)), np.array([0, -1]), "at place 1 what is no class"),
        (np.zeros((0, 3)), np.zeros(0, np.int64), "without pixels"),
    ],
)
def test_arrays_that_are_no_samples_are_refused(
    tmp_path: Path,
    pictures: NDArray[Any],
    labels: NDArray[Any],
    said: str,
) -> None:
    np.savez(tmp_path / "a.npz", x=pictures, y=labels)
    assert said in refused(tmp_path / "a.npz")


def test_pictures_of_different_sizes_are_refused(tmp_path: Path) -> None:
    arrays = parts(1)
    write_idx(tmp_path, (*arrays[:2], arrays[2].reshape(5, 2, 6), arrays[3]))
    assert "different sizes" in refused(tmp_path)


def test_labels_may_be_asked_for_and_find_their_pictures(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1))
    assert len(read(tmp_path / f"{IDX_NAMES[1]}.gz").inputs) == 12


def test_a_look_reads_little_and_shows_the_first(tmp_path: Path) -> None:
    write_npz(tmp_path / "any.npz", parts(1, training=200))
    seen = look(tmp_path / "any.npz")
    assert seen.count == 205
    assert seen.pictures.shape == (64, 4, 3)
    assert seen.labels == tuple(str(one) for one in parts(1, training=200)[1][:64])


def test_the_file_of_labels_may_be_named(tmp_path: Path) -> None:
    arrays = parts(1)
    (tmp_path / "pictures.idx").write_bytes(idx_bytes(arrays[0]))
    (tmp_path / "tags.idx").write_bytes(idx_bytes(arrays[1]))
    assert "has no labels" in refused(tmp_path / "pictures.idx")
    dataset = read(tmp_path / "pictures.idx", Asked(labels="tags.idx"))
    assert named(dataset) == arrays[1].tolist()


def test_arrays_may_be_chosen_and_class_names_stand_beside_them(tmp_path: Path) -> None:
    first, second = np.zeros((3, 4, 4), np.uint8), np.zeros((3, 5, 5), np.uint8)
    words = np.array(["cat", "dog", "cat"])
    named: dict[str, Any] = {"one": first, "two": second, "words": words, "places": [1, 0, 1]}
    np.savez(tmp_path / "a.npz", **named, class_names=np.array(["zero", "one"]))
    path = tmp_path / "a.npz"
    assert "holds the arrays" in refused(path)
    dataset = read(path, Asked(samples="two", labels="words"))
    assert (dataset.image_shape, dataset.class_names) == ((5, 5), ("cat", "dog"))
    assert read(path, Asked(samples="one", labels="places")).class_names == ("one", "zero")


@pytest.mark.parametrize("labels", [np.eye(3), np.array([[0], [1], [2]]), np.arange(3.0)])
def test_labels_may_be_written_in_several_ways(tmp_path: Path, labels: NDArray[Any]) -> None:
    np.savez(tmp_path / "a.npz", X=np.zeros((3, 2)), y=labels)
    assert named(read(tmp_path / "a.npz")) == [0, 1, 2]


@pytest.mark.parametrize("shape", [(2, 4, 4, 3), (2, 3, 4, 4), (2, 4, 4, 1)])
def test_coloured_arrays_become_grey(tmp_path: Path, shape: tuple[int, ...]) -> None:
    values = np.zeros(shape, np.uint8)
    values[:, 1:3, 1:3] = 255
    np.savez(tmp_path / "a.npz", X=values, y=np.arange(2))
    assert read(tmp_path / "a.npz").image_shape == (4, 4)


def test_shares_of_white_become_bytes(tmp_path: Path) -> None:
    values = np.zeros((2, 5, 5))
    values[:, 2, 2] = (1.0, 0.5)
    np.savez(tmp_path / "a.npz", images=values, labels=np.arange(2))
    assert read(tmp_path / "a.npz").inputs[:, 12].tolist() == [255, 128]


def test_of_a_file_and_its_packed_copy_one_is_read(tmp_path: Path) -> None:
    write_idx(tmp_path, parts(1))
    write_idx(tmp_path, parts(1), gz=False)
    assert len(read(tmp_path).inputs) == 17


def test_a_folder_of_several_sets_is_refused_with_their_names(tmp_path: Path) -> None:
    for name in ("digits", "letters"):
        (tmp_path / f"emnist-{name}-images-idx3-ubyte").write_bytes(idx_bytes(parts(1)[0]))
        (tmp_path / f"emnist-{name}-labels-idx1-ubyte").write_bytes(idx_bytes(parts(1)[1]))
    assert "several sets: emnist-digits-images" in refused(tmp_path)


def test_only_a_word_makes_a_test_part(tmp_path: Path) -> None:
    for name in ("latest", "emnist-test"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}-images-idx3-ubyte").write_bytes(idx_bytes(parts(1)[0]))
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(idx_bytes(parts(1)[1]))
        (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(parts(1)[2]))
        (folder / "train-labels-idx1-ubyte").write_bytes(idx_bytes(parts(1)[3]))
    assert "several sets" in refused(tmp_path / "latest")
    assert read(tmp_path / "emnist-test").test_count == 12


@pytest.mark.parametrize("labels", ["../x", "a/b", "/etc/passwd", ".."])
def test_labels_in_another_folder_are_refused(tmp_path: Path, labels: str) -> None:
    write_idx(tmp_path, parts(1))
    with pytest.raises(NnstudioError):
        read(tmp_path / f"{IDX_NAMES[0]}.gz", Asked(labels=labels))


@pytest.mark.parametrize("labels", [np.full((2, 3), np.nan), np.array([1e30, 1.0])])
def test_labels_that_are_no_numbers_of_classes_are_refused(
    tmp_path: Path, labels: NDArray[Any]
) -> None:
    np.savez(tmp_path / "a.npz", X=np.zeros((2, 2)), y=labels)
    assert "at place 0 what is no class" in refused(tmp_path / "a.npz")
