"""What people type is read as they mean it, or refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.gui.widgets.typed_numbers import Bounds, read_number, stepped

ANY = Bounds()
WHOLE = Bounds(minimum=1, maximum=1000, whole=True)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0.01", 0.01),
        ("0,01", 0.01),
        ("1e-3", 0.001),
        ("1E-3", 0.001),
        ("  2 ", 2.0),
        ("−0.5", -0.5),
        ("1\u202f000", 1000.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("．5", 0.5),
        ("０，０１", 0.01),
    ],
)
def test_numbers_are_read_in_every_usual_spelling(typed: str, number: float) -> None:
    assert read_number(typed, ANY) == (number, None)


@pytest.mark.parametrize("typed", ["abc", "1e", "--1", "1_0", "0x10", "1e-3e"])
def test_what_is_no_number_is_named(typed: str) -> None:
    number, problem = read_number(typed, ANY)
    assert number is None
    assert problem == f"This is not a number: {typed}"


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf", "1e999"])
def test_only_finite_numbers_are_taken(typed: str) -> None:
    assert read_number(typed, ANY) == (None, "The number must be finite.")


def test_nothing_is_a_number_only_where_it_may_be() -> None:
    assert read_number(" ", ANY) == (None, "A number is needed here.")
    assert read_number(" ", Bounds(optional=True)) == (None, None)


def test_a_percentage_is_a_share() -> None:
    bounds = Bounds(minimum=0, maximum=1)
    assert read_number("10 %", bounds, unit="%") == (0.1, None)
    assert read_number("10", bounds, unit="%") == (0.1, None)
    assert read_number("7", bounds, unit="%") == (0.07, None)
    assert read_number("101", bounds, unit="%")[1] == "The number must be at most 100 %."


def test_a_unit_may_be_typed_along() -> None:
    assert read_number("30 s", Bounds(minimum=0), unit="s") == (30.0, None)


def test_whole_numbers_come_as_whole_numbers() -> None:
    number, _ = read_number("128", WHOLE)
    assert number == 128
    assert isinstance(number, int)
    assert read_number("1,000", WHOLE) == (1000, None)
    assert read_number("1e2", WHOLE) == (100, None)
    assert read_number("1.5", WHOLE) == (None, "A whole number is needed here.")


@pytest.mark.parametrize(
    ("bounds", "typed", "reason"),
    [
        (Bounds(minimum=1), "0", "The number must be at least 1."),
        (Bounds(maximum=1), "2", "The number must be at most 1."),
        (Bounds(maximum=1e5), "200000", "The number must be at most 100\u202f000."),
        (Bounds(minimum=0, open_minimum=True), "0", "The number must be above 0."),
        (Bounds(maximum=1, open_maximum=True), "1", "The number must be below 1."),
    ],
)
def test_a_number_outside_its_bounds_is_refused_and_not_mended(
    bounds: Bounds, typed: str, reason: str
) -> None:
    assert read_number(typed, bounds) == (None, reason)


def test_a_logarithmic_scale_steps_through_one_two_five() -> None:
    bounds = Bounds(minimum=0)
    walked = [0.001]
    for _ in range(5):
        walked.append(stepped(walked[-1], 1, bounds, log=True))
    assert walked == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05]
    assert stepped(0.003, 1, bounds, log=True) == 0.005
    assert stepped(0.003, -1, bounds, log=True) == 0.002


def test_a_logarithmic_scale_reaches_zero_and_leaves_it() -> None:
    bounds = Bounds(minimum=0)
    assert stepped(0.0, 1, bounds, log=True) == 1e-6
    assert stepped(1e-6, -1, bounds, log=True) == 0.0


def test_powers_of_two_stay_powers_of_two() -> None:
    assert stepped(128, 1, WHOLE, log=True) == 256
    assert stepped(128, -1, WHOLE, log=True) == 64
    assert stepped(100, 1, WHOLE, log=True) == 200


def test_ten_steps_on_a_logarithmic_scale_are_a_decade() -> None:
    assert stepped(0.01, 10, ANY, log=True) == 0.1


def test_a_linear_scale_keeps_its_decimals_clean() -> None:
    unit = Bounds(minimum=0, maximum=1)
    assert stepped(0.1, 1, unit, log=False) == 0.15
    assert stepped(0.1, 2, Bounds(), log=False) == 0.3
    assert stepped(20, 10, WHOLE, log=False) == 30


def test_steps_stop_at_a_closed_end_and_before_an_open_one() -> None:
    assert stepped(990, 20, WHOLE, log=False) == 1000
    assert stepped(1, -1, Bounds(minimum=0, open_minimum=True), log=False, step=1) == 1


def test_a_step_from_nothing_begins_at_the_least() -> None:
    assert stepped(None, 1, WHOLE, log=False) == 1
    assert stepped(None, 1, Bounds(optional=True), log=False) == 0


@given(start=st.floats(1e-9, 1e9), steps=st.sampled_from([-10, -1, 1, 10]), log=st.booleans())
def test_a_step_never_leaves_the_bounds(start: float, steps: int, log: bool) -> None:  # noqa: FBT001 (given by hypothesis)
    bounds = Bounds(minimum=1e-9, maximum=1e9)
    assert bounds.holds(stepped(start, steps, bounds, log=log))


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read_back(value: float) -> None:
    assert read_number(repr(value), ANY)[0] == value
