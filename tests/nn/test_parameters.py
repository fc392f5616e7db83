import numpy as np
import pytest

from nnstudio.nn.parameters import Layout, length

LAYOUT = Layout.of(
    layers=1,
    parameters={"layers.0.W": (2, 3), "layers.0.b": (3,)},
    buffers={"layers.0.mean": (3,)},
)


def test_parameters_come_first_and_buffers_behind_them_without_gaps() -> None:
    assert [(slot.start, slot.stop) for slot in LAYOUT.slots] == [(0, 6), (6, 9), (9, 12)]
    assert (LAYOUT.parameters, LAYOUT.size) == (9, 12)


def test_views_have_the_shape_of_their_slot_and_copy_nothing() -> None:
    vector = np.arange(12.0)
    views = LAYOUT.views(vector)
    assert views["layers.0.W"].tolist() == [[0, 1, 2], [3, 4, 5]]
    views["layers.0.b"][:] = -1
    assert vector[6:9].tolist() == [-1, -1, -1]


def test_a_gradient_has_views_for_parameters_alone() -> None:
    assert list(LAYOUT.views(np.zeros(9))) == ["layers.0.W", "layers.0.b"]


def test_a_vector_of_another_length_is_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(10,\).*\(12,\)"):
        LAYOUT.views(np.zeros(10))


def test_a_slot_is_found_by_its_name() -> None:
    assert LAYOUT.slot("layers.0.b").shape == (3,)
    with pytest.raises(KeyError):
        LAYOUT.slot("layers.1.b")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_length_is_right_for_numbers_of_any_size(dtype: str) -> None:
    numbers = np.finfo(dtype)
    for size in (1.0, 1e-30, float(numbers.tiny), float(numbers.max) / 10):
        assert length(np.array([[3.0, -4.0]], dtype) * size) == pytest.approx(5.0 * size, rel=1e-6)


def test_a_length_of_what_is_not_finite_is_not_finite_and_of_nothing_0() -> None:
    assert length(np.array([1.0, -np.inf])) == np.inf
    assert np.isnan(length(np.array([np.inf, np.nan])))
    assert length(np.zeros(0)) == length(np.zeros(3)) == 0.0
