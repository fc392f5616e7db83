"""A drawing that is retraced is the same digit by the same hand, each time a little different."""

from pathlib import Path

import numpy as np

from nnstudio.data.drawings import Drawing
from nnstudio.data.retracing import retraced
from nnstudio.data.strokes import SIDE, Stroke


def four() -> Drawing:
    bent = Stroke(np.array([(40.0, 0.0), (5.0, 60.0), (70.0, 60.0)]))
    return Drawing("4", (bent, Stroke(np.array([(50.0, 20.0), (45.0, 110.0)]))))


def test_the_same_drawing_is_retraced_alike_in_every_run() -> None:
    np.testing.assert_array_equal(retraced(four(), 3), retraced(four(), 3))


def test_more_pictures_begin_with_those_of_fewer() -> None:
    np.testing.assert_array_equal(retraced(four(), 2), retraced(four(), 5)[:2])


def test_no_two_are_alike_and_none_is_far_from_the_drawing() -> None:
    drawn = four().pixels()
    assert drawn is not None
    pictures = np.array(retraced(four(), 20), dtype=np.float64)
    assert len({picture.tobytes() for picture in pictures}) == 20
    mean = pictures.mean(axis=0).reshape(-1)
    assert np.corrcoef(mean, drawn.reshape(-1))[0, 1] > 0.75


def test_a_photo_comes_as_it_is() -> None:
    picture = np.full((SIDE, SIDE), 7, dtype=np.uint8)
    np.testing.assert_array_equal(retraced(Drawing("1", picture=picture), 2), [picture] * 2)


def test_a_dot_and_a_blank_do_no_harm(tmp_path: Path) -> None:
    dot = Drawing("1", (Stroke(np.array([(3.0, 3.0)])),))
    assert len(retraced(dot, 2)) == 2
    assert retraced(Drawing("1"), 2) == []
