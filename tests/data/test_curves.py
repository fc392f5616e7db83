"""Curves: sparse lines become smooth ones through their points, dense lines stay bit for bit."""

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.curves import curved

Floats = NDArray[np.float64]


def through(points: Floats, lifts: tuple[int, ...] = ()) -> Floats:
    """Give the curve of one drawing whose pen is lifted after the points `lifts`."""
    last = np.zeros(len(points), dtype=np.bool_)
    last[[*lifts, len(points) - 1]] = True
    line, _, _, _ = curved(points, np.ones(len(points)), last, np.zeros(1, dtype=np.int64))
    return line


def ring(count: int) -> Floats:
    turn = np.linspace(0, 2 * np.pi, count)
    return 50 * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def test_a_dense_line_is_given_back_as_it_is() -> None:
    dense = ring(200)
    assert through(dense) is dense


def test_a_ring_of_eight_points_is_drawn_round() -> None:
    away = np.hypot(*through(ring(9)).T)
    assert away == pytest.approx(50, abs=1.6)
    chord = np.hypot(*((ring(9)[0] + ring(9)[1]) / 2))
    assert chord < 47


def test_the_curve_goes_through_every_point() -> None:
    points = np.array([(0.0, 0.0), (40.0, 5.0), (70.0, 30.0), (60.0, 70.0), (20.0, 90.0)])
    line = through(points)
    assert np.hypot(*(line[:, None] - points).T).min(axis=1).max() < 1e-9


def test_a_right_angle_stays_a_corner_and_straight_lines_stay_straight() -> None:
    corner = np.array([(0.0, 0.0), (0.0, 100.0), (60.0, 100.0)])
    line = through(corner)
    assert line[:, 0].min() >= -1e-9
    assert line[:, 1].max() <= 100 + 1e-9


def test_the_pen_stays_lifted_between_strokes() -> None:
    points = np.array([(0.0, 0.0), (0.0, 50.0), (0.0, 100.0), (50.0, 0.0), (60.0, 100.0)])
    last = np.array([False, False, True, False, True])
    line, radii, ends, starts = curved(points, np.ones(5), last, np.zeros(1, dtype=np.int64))
    assert ends.sum() == 2
    np.testing.assert_allclose(line[ends], points[last])
    assert starts.tolist() == [0]
    assert len(radii) == len(line)
    # the last two points are a stroke of their own, and two points are a straight line
    assert (line[np.flatnonzero(ends)[0] + 1 :] == points[3:]).all()


def test_many_drawings_give_the_curves_of_each_alone() -> None:
    drawings = [ring(7), np.array([(5.0, 5.0)]), ring(100), ring(5) * 3]
    counts = np.array([len(one) for one in drawings])
    starts = np.cumsum(counts) - counts
    last = np.zeros(counts.sum(), dtype=np.bool_)
    last[starts + counts - 1] = True
    radii = np.linspace(1, 2, counts.sum())
    line, _, ends, begins = curved(np.concatenate(drawings), radii, last, starts)
    for drawing, found in zip(drawings, np.split(line, begins[1:]), strict=True):
        np.testing.assert_allclose(found, through(drawing), atol=1e-9)
    assert ends.sum() == 4


def test_repeated_points_and_dots_give_numbers() -> None:
    points = np.array([(0.0, 0.0), (0.0, 0.0), (90.0, 10.0), (90.0, 10.0), (20.0, 100.0)])
    assert np.isfinite(through(points)).all()
    assert np.isfinite(through(np.zeros((3, 2)))).all()
