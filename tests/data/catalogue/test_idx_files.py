"""IDX files: read exactly, or refused with their name, what was found and what was expected."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnstudio.data.catalogue.idx_files import read_idx, read_pair
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import idx_bytes

PICTURES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
LABELS = np.array([3, 9], np.uint8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some-images-idx3-ubyte"


@pytest.mark.parametrize("packed", [False, True])
def test_values_come_back_in_their_shape(file: Path, packed: bool) -> None:  # noqa: FBT001 - a parameter
    content = idx_bytes(PICTURES)
    file.write_bytes(gzip.compress(content) if packed else content)
    np.testing.assert_array_equal(read_idx(file, dimensions=3), PICTURES)


def test_gzip_is_told_by_its_content_not_by_the_name(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.gz", tmp_path / "b"
    plain.write_bytes(idx_bytes(PICTURES))
    packed.write_bytes(gzip.compress(idx_bytes(PICTURES)))
    np.testing.assert_array_equal(read_idx(plain, dimensions=3), read_idx(packed, dimensions=3))


def test_a_gzip_of_several_members_is_one_stream(file: Path) -> None:
    content = idx_bytes(PICTURES)
    file.write_bytes(gzip.compress(content[:7]) + gzip.compress(content[7:]))
    np.testing.assert_array_equal(read_idx(file, dimensions=3), PICTURES)


def refused(file: Path, content: bytes, *, dimensions: int = 3) -> str:
    file.write_bytes(content)
    with pytest.raises(NnstudioError) as caught:
        read_idx(file, dimensions=dimensions)
    assert str(file) in str(caught.value)
    assert str(caught.value.hint)
    return str(caught.value.what)


def test_an_empty_file_is_refused(file: Path) -> None:
    assert "is empty" in refused(file, b"")


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(NnstudioError, match="cannot be read"):
        read_idx(file, dimensions=3)


def test_labels_where_pictures_are_expected_are_refused_with_both_beginnings(file: Path) -> None:
    said = refused(file, idx_bytes(LABELS))
    assert "00 00 08 01" in said
    assert "00 00 08 03" in said


def test_a_text_is_not_an_idx_file(file: Path) -> None:
    assert "not an IDX file of pictures" in refused(file, b"<html>not found</html>")


def test_a_shorter_file_than_its_header_says_is_refused_with_both_sizes(file: Path) -> None:
    said = refused(file, idx_bytes(PICTURES)[:-5])
    assert "cut off" in said
    assert "24 bytes" in said


def test_a_longer_file_than_its_header_says_is_refused(file: Path) -> None:
    assert "longer than its header says" in refused(file, idx_bytes(PICTURES) + b"\0")


def test_a_longer_gzip_than_its_header_says_is_refused(file: Path) -> None:
    said = refused(file, gzip.compress(idx_bytes(PICTURES) + b"\0" * 9))
    assert "longer than its header says" in said


def test_a_header_that_claims_a_gigantic_size_is_refused_before_anything_is_made(
    file: Path,
) -> None:
    header = bytes([0, 0, 8, 3]) + b"\xff\xff\xff\xff" * 3
    assert "cut off" in refused(file, header + bytes(100))
    assert "cut off" in refused(file, gzip.compress(header + bytes(100)))


def test_a_file_without_samples_is_refused(file: Path) -> None:
    assert "no samples" in refused(file, idx_bytes(np.zeros((0, 3, 4), np.uint8)))


def test_a_gzip_that_ends_early_is_refused(file: Path) -> None:
    assert "end before their end mark" in refused(file, gzip.compress(idx_bytes(PICTURES))[:-10])


def test_a_gzip_with_a_wrong_checksum_is_refused(file: Path) -> None:
    content = bytearray(gzip.compress(idx_bytes(PICTURES)))
    content[-6] ^= 1
    assert "damaged" in refused(file, bytes(content))


@given(st.data())
def test_a_cut_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = idx_bytes(PICTURES)
    if data.draw(st.booleans()):
        content = gzip.compress(content, mtime=0)
    cut = data.draw(st.integers(0, len(content) - 1))
    refused(tmp_path_factory.mktemp("cut") / "file", content[:cut])


@given(st.data())
def test_a_flipped_bit_anywhere_is_refused_or_changes_one_value_at_most(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    packed = data.draw(st.booleans())
    content = bytearray(
        gzip.compress(idx_bytes(PICTURES), mtime=0) if packed else idx_bytes(PICTURES)
    )
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file = tmp_path_factory.mktemp("flip") / "file"
    file.write_bytes(content)
    try:
        read = read_idx(file, dimensions=3)
    except NnstudioError as error:
        assert str(file) in str(error)  # noqa: PT017 - being refused is one of two right ends
    else:
        assert (read != PICTURES).sum() <= (0 if packed else 1)


def pair(folder: Path, pictures: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[Path, Path]:
    one, other = folder / "images", folder / "labels"
    one.write_bytes(idx_bytes(pictures))
    other.write_bytes(idx_bytes(labels))
    return one, other


def test_a_pair_becomes_rows_and_class_numbers(tmp_path: Path) -> None:
    inputs, targets, shape = read_pair(*pair(tmp_path, PICTURES, LABELS), classes=10)
    assert inputs.shape == (2, 12)
    assert targets.tolist() == [3, 9]
    assert shape == (3, 4)


def test_counts_that_differ_are_refused_with_both(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=r"has 2 pictures, but .* has 3 labels"):
        read_pair(*pair(tmp_path, PICTURES, np.zeros(3, np.uint8)), classes=10)


def test_a_label_out_of_range_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="the label 9 at place 1; 0 to 8 were expected"):
        read_pair(*pair(tmp_path, PICTURES, LABELS), classes=9)


def test_pictures_without_pixels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="without pixels"):
        read_pair(*pair(tmp_path, np.zeros((2, 0, 4), np.uint8), LABELS), classes=10)
