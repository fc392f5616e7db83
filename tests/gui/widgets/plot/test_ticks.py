"""Axes are marked at round values, and their ends are round too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.gui.widgets.plot.ticks import Scale, compact, tick_labels

sizes = st.floats(1e-8, 1e8)


def labels(low: float, high: float, count: int, *, logarithmic: bool = False) -> list[str]:
    return tick_labels(Scale(low, high, logarithmic=logarithmic).ticks(count))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 8438, ["0", "2\u2009000", "4\u2009000", "6\u2009000", "8\u2009000"]),
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-3, 3, ["−2", "0", "2"]),
        (0, 3e9, ["0", "1e9", "2e9", "3e9"]),
    ],
)
def test_a_linear_axis_is_marked_at_round_values(
    low: float, high: float, expected: list[str]
) -> None:
    assert labels(low, high, 5) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.003, 2.5, ["0.003", "0.01", "0.03", "0.1", "0.3", "1"]),
        (0.9, 12, ["1", "2", "5", "10"]),
        (1e-7, 10, ["1e-6", "1e-4", "0.01", "1"]),
        (2.2, 2.4, ["2.20", "2.25", "2.30", "2.35", "2.40"]),
    ],
)
def test_a_logarithmic_axis_is_marked_at_round_values(
    low: float, high: float, expected: list[str]
) -> None:
    assert labels(low, high, 5, logarithmic=True) == expected


@given(low=sizes, factor=st.floats(1.001, 1e6), logarithmic=st.booleans(), count=st.integers(2, 9))
def test_a_snapped_scale_holds_the_whole_stretch(
    low: float, factor: float, count: int, *, logarithmic: bool
) -> None:
    scale = Scale(low, low * factor, logarithmic=logarithmic)
    snapped = scale.snapped(count)
    assert snapped.low <= scale.low * 1.001
    assert snapped.high >= scale.high * 0.999
    assert len(snapped.ticks(count)) <= 3 * count + 2


@given(low=sizes, factor=st.floats(1.01, 1e6), logarithmic=st.booleans(), share=st.floats(0, 1))
def test_a_share_and_its_value_belong_together(
    low: float, factor: float, share: float, *, logarithmic: bool
) -> None:
    scale = Scale(low, low * factor, logarithmic=logarithmic)
    assert float(scale.share(scale.value(share))) == pytest.approx(share, abs=1e-6)


def test_what_is_not_positive_has_no_place_on_a_logarithmic_axis() -> None:
    assert np.isnan(Scale(0.1, 1, logarithmic=True).share([0, -1])).all()


def test_an_axis_cannot_be_zoomed_to_nothing() -> None:
    scale = Scale(0, 1)
    for _ in range(200):
        scale = scale.part(0.4, 0.6)
    assert scale.low < scale.high


@pytest.mark.parametrize("bounds", [(1, 1), (2, 1), (float("nan"), 1), (0, float("inf"))])
def test_an_axis_without_width_is_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="an axis cannot go"):
        Scale(*bounds)


def test_two_numbers_that_are_decades_apart_are_each_written_short() -> None:
    assert tick_labels(np.array([1e-5, 1e-3])) == ["1e-5", "0.001"]


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (2e6, "2e6"), (-1.5e6, "−1.5e6"), (1e-5, "1e-5"), (5e5, "5e5")]
)
def test_a_number_in_few_letters(value: float, words: str) -> None:
    assert compact(value) == words
