"""Sheets of small pictures are cut into cells; a single picture is one sample."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import look, read
from nnstudio.errors import NnstudioError
from tests.data.importing.made import picture, png


def sheet(rows: int, columns: int, *, side: int = 28) -> NDArray[np.uint8]:
    return np.vstack(
        [np.hstack([picture(row * columns + one, side=side) for one in range(columns)])
         for row in range(rows)]
    )  # fmt: skip


def put(folder: Path, grey: NDArray[np.uint8], name: str = "seven.png") -> Path:
    (folder / name).write_bytes(png(grey))
    return folder / name


def test_a_grid_of_ten_rows_has_a_class_in_each(tmp_path: Path) -> None:
    path = put(tmp_path, sheet(10, 4))
    seen = look(path)
    assert (seen.asked.rows, seen.asked.columns, seen.asked.sheet) == (10, 4, "rows")
    dataset = read(path)
    assert dataset.class_names == tuple("0123456789")
    assert dataset.targets.tolist() == np.repeat(np.arange(10), 4).tolist()
    np.testing.assert_array_equal(dataset.inputs[5].reshape(28, 28), picture(5, side=28))


def test_a_grid_may_be_told(tmp_path: Path) -> None:
    path = put(tmp_path, sheet(2, 3, side=30))
    asked = Asked(rows=2, columns=3, sheet="columns")
    dataset = read(path, asked)
    assert dataset.image_shape == (30, 30)
    assert dataset.targets.tolist() == [0, 1, 2, 0, 1, 2]


def test_a_whole_sheet_of_one_class_has_the_name_of_its_file(tmp_path: Path) -> None:
    path = put(tmp_path, sheet(2, 3))
    assert read(path).class_names == ("seven",)
    assert read(path, Asked(label="7")).class_names == ("7",)


def test_a_grid_is_guessed_from_its_gaps(tmp_path: Path) -> None:
    page = np.full((130, 170), 240, np.uint8)
    for row in range(3):
        for column in range(4):
            page[10 + 40 * row :, 10 + 40 * column :][:25, :20] = 20
    seen = look(put(tmp_path, page))
    assert (seen.asked.rows, seen.asked.columns) == (3, 4)
    assert seen.pictures[0, 0, 0] < 40


def test_cells_without_ink_are_left_out(tmp_path: Path) -> None:
    grey = sheet(2, 3)
    grey[28:, 56:] = 0
    path = put(tmp_path, grey)
    assert len(read(path).inputs) == 5
    assert "1 empty cells are left out" in str(look(path).remarks[0])


def test_one_picture_is_one_sample(tmp_path: Path) -> None:
    dataset = read(put(tmp_path, picture(side=28)))
    assert dataset.inputs.shape == (1, 784)
    assert dataset.class_names == ("seven",)


def test_more_cells_than_pixels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="too few for 9 rows"):
        read(put(tmp_path, picture()), Asked(rows=9, columns=2))


def test_a_sheet_of_blank_cells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="no samples"):
        read(put(tmp_path, np.zeros((56, 56), np.uint8)), Asked(rows=2, columns=2))


def test_specks_beside_a_digit_make_no_grid(tmp_path: Path) -> None:
    page = np.full((200, 150), 240, np.uint8)
    page[60:150, 60:80] = 20
    page[20, 5] = page[22, 130] = page[180, 30] = page[190, 140] = 20
    seen = look(put(tmp_path, page))
    assert (seen.asked.rows, seen.asked.columns) == (1, 1)


def test_a_guess_is_never_more_than_can_be_asked_for(tmp_path: Path) -> None:
    stripes = np.zeros((41, 4100), np.uint8)
    stripes[10:30, ::2] = 255
    assert look(put(tmp_path, stripes)).asked.columns == 1
