"""Connected pieces are those that a plain flood fill finds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.data.blobs import Box, blobs


def flooded(mask: np.ndarray) -> np.ndarray:
    labels = np.zeros(mask.shape, int)
    number = 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        number += 1
        waiting = [start]
        while waiting:
            row, column = waiting.pop()
            inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
            if not inside or not mask[row, column] or labels[row, column]:
                continue
            labels[row, column] = number
            waiting += [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return labels


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.booleans()))
def test_pieces_are_those_of_a_flood_fill(mask: np.ndarray) -> None:
    found = blobs(mask)
    np.testing.assert_array_equal(found.labels, flooded(mask))
    for number, box in enumerate(found.boxes, start=1):
        mine = found.labels == number
        rows, columns = np.nonzero(mine)
        assert box == Box(rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
        assert found.areas[number - 1] == mine.sum()


def test_only_what_is_chosen_is_left() -> None:
    mask = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 1]], bool)
    left = blobs(mask).only(np.array([False, True, True]))
    np.testing.assert_array_equal(left, [[0, 0, 1], [0, 0, 0], [0, 0, 1]])


def test_a_box_is_a_part_of_a_picture() -> None:
    box = Box(1, 0, 3, 2).joined(Box(2, 1, 3, 3))
    assert (box.height, box.width) == (2, 3)
    np.testing.assert_array_equal(box.of(np.arange(12).reshape(4, 3)), [[3, 4, 5], [6, 7, 8]])
