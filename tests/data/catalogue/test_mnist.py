"""The two published sets as they are, where they lie beside the checkout."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.mnist import FASHION, KNOWN_SETS, MNIST, FashionMnist, Mnist
from nnstudio.data.dataset import Dataset, split
from nnstudio.data.preprocessing import constant_inputs
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places


@pytest.fixture(scope="module")
def digits(shared_data: Path) -> Dataset:
    return Mnist().load(places(shared_data, own=shared_data), silent)


def test_mnist_has_its_60_000_and_10_000_digits(digits: Dataset) -> None:
    assert digits.inputs.shape == (70_000, 784)
    assert digits.inputs.dtype == np.uint8
    assert digits.test_count == 10_000
    assert digits.targets[:5].tolist() == [5, 0, 4, 1, 9]
    assert digits.targets[60_000:60_005].tolist() == [7, 2, 1, 0, 4]
    assert digits.class_names == tuple("0123456789")


def test_a_tenth_is_held_out_for_validation_and_the_test_is_the_official_one(
    digits: Dataset,
) -> None:
    validation, test = Mnist().share_held_out
    parts = split(digits, validation=validation, test=test, generator=np.random.default_rng(0))
    assert [len(part) for part in (parts.training, parts.validation)] == [54_000, 6_000]
    assert parts.test.tolist() == list(range(60_000, 70_000))


def test_67_pixels_of_the_60_000_never_change(digits: Dataset) -> None:
    assert constant_inputs(digits, np.arange(60_000)).sum() == 67


def test_fashion_is_read_from_a_folder_of_its_short_name(shared_data: Path) -> None:
    dataset = FashionMnist().load(places(shared_data, own=shared_data), silent)
    assert dataset.inputs.shape == (70_000, 784)
    assert dataset.class_names[9] == "ankle boot"


@pytest.mark.parametrize(
    ("source", "folder", "said"),
    [
        (Mnist(), "fashion", "Fashion-MNIST, not MNIST"),
        (FashionMnist(), "mnist", "are MNIST, not Fashion-MNIST"),
    ],
)
def test_one_set_is_not_taken_for_the_other(
    shared_data: Path, tmp_path: Path, source: Mnist | FashionMnist, folder: str, said: str
) -> None:
    with pytest.raises(NnstudioError, match=said):
        source.load(places(shared_data / folder, own=tmp_path), silent)


@pytest.mark.parametrize(("kind", "folder"), [(MNIST, "mnist"), (FASHION, "fashion")])
def test_the_checksums_for_downloads_are_those_of_the_published_files(
    shared_data: Path, kind: object, folder: str
) -> None:
    assert kind in KNOWN_SETS
    for name, sha256 in next(one for one in KNOWN_SETS if one == kind).downloads.items():
        content = (shared_data / folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256


def test_a_keras_file_gives_the_same_data_as_the_four_files(
    digits: Dataset, tmp_path: Path
) -> None:
    pictures = digits.inputs.reshape(-1, 28, 28)
    np.savez(
        tmp_path / "mnist.npz",
        x_train=pictures[:60_000],
        y_train=digits.targets[:60_000].astype(np.uint8),
        x_test=pictures[60_000:],
        y_test=digits.targets[60_000:].astype(np.uint8),
    )
    assert Mnist().load(places(tmp_path, own=tmp_path), silent).sha256 == digits.sha256


@pytest.mark.parametrize("source", [Mnist(revision=2), FashionMnist(revision=2)])
def test_an_unknown_revision_is_refused(source: Mnist | FashionMnist, tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=r"Revision 2 .*MNIST.* revision 1"):
        source.load(places(own=tmp_path), silent)
