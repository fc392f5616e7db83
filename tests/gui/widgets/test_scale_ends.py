"""A scale of colours ends at a round number, holds its values and rarely moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.gui.widgets.scale_ends import spread, steady_limit


@given(st.floats(1e-12, 1e12), st.floats(0.01, 1))
def test_a_scale_holds_what_it_has_to_show_and_stays_while_it_fits(
    wanted: float, share: float
) -> None:
    limit = steady_limit(wanted, None)
    assert wanted * 0.999 <= limit <= 2.6 * wanted
    again = steady_limit(limit * share, limit)
    assert (again == limit) == (share >= 0.6) or again >= limit * share * 0.999


def test_the_scale_leaves_out_the_few_largest() -> None:
    values = np.linspace(0, 1, 1000)
    values[-1] = 1e6
    assert spread(values) == pytest.approx(0.993, abs=0.01)
    assert spread(np.array([np.nan, np.inf])) == 0
