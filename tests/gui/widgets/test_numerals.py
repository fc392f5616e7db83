"""Numbers as people read them."""

import math

import pytest

from nnstudio.gui.widgets.numerals import (
    brief,
    duration,
    grouped,
    loss,
    percent,
    probability,
    r_squared,
    rate,
    short,
    signed,
    speed,
    time_left,
)


def plain(shown: str) -> str:
    return shown.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (2000, "2 000"), (101_770, "101 770"), (-12_345, "−12 345")],
)
def test_thousands_are_parted_by_a_space_that_no_line_ends_at(number: int, shown: str) -> None:
    assert plain(grouped(number)) == shown
    assert " " not in grouped(number)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.0, "1.0000"),
        (0.99321, "0.9932"),
        (-0.5, "−0.5000"),
        (-1234.5, "−1234.5"),
        (math.nan, "NaN"),
    ],
)
def test_r_squared_has_four_decimals_until_they_do_not_matter(value: float, shown: str) -> None:
    assert r_squared(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.9732, "97.32 %"), (1, "100.00 %"), (0, "0.00 %"), (math.nan, "NaN")]
)
def test_a_share_is_a_percentage_with_two_decimals(share: float, shown: str) -> None:
    assert plain(percent(share)) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.9779, "97.8 %"),
        (0.0004, "< 0.1 %"),
        (0.0, "< 0.1 %"),
        (0.001, "0.1 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_a_probability_never_claims_to_be_certain(share: float, shown: str) -> None:
    assert plain(probability(share)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0843, "0.0843"),
        (0.08, "0.0800"),
        (2.302585, "2.303"),
        (123.456, "123.5"),
        (12345.6, "12346"),
        (8.4e-5, "8.4e-5"),
        (0, "0"),
        (-0.5, "−0.5000"),
        (math.inf, "∞"),
        (math.nan, "NaN"),
    ],
)
def test_a_loss_keeps_its_digits_in_place(value: float, shown: str) -> None:
    assert loss(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.001, "1e-3"),
        (0.002, "2e-3"),
        (0.00125, "1.25e-3"),
        (0.05, "0.05"),
        (0.1, "0.1"),
        (0, "0"),
        (1, "1"),
        (1e-10, "1e-10"),
        (2.5e6, "2.5e6"),
    ],
)
def test_a_rate_is_as_short_as_people_type_it(value: float, shown: str) -> None:
    assert rate(value) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (7, "7"),
        (999, "999"),
        (1000, "1k"),
        (2450, "2.5k"),
        (84_230, "84.2k"),
        (113_250, "113k"),
        (999_900, "1M"),
        (2_400_000, "2.4M"),
    ],
)
def test_a_large_number_has_three_digits_at_most(number: float, shown: str) -> None:
    assert short(number) == shown


def test_a_speed_names_its_unit() -> None:
    assert speed(113_250) == "113k samples/s"


def test_a_signed_number_always_has_its_sign() -> None:
    assert [signed(0.794), signed(-0.5, digits=2)] == ["+0.794", "−0.50"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (0.084312, "0.0843"),
        (-12.34, "−12.3"),
        (4.11e-7, "4.11e-7"),
        (-0.00012, "−1.2e-4"),
        (12_345.6, "12\u202f346"),
        (3e6, "3e6"),
        (math.nan, "NaN"),
    ],
)
def test_any_number_is_told_in_about_three_digits(value: float, shown: str) -> None:
    assert brief(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.25, "0.2 s"),
        (0.8, "0.8 s"),
        (0.99, "1 s"),
        (3.2, "3 s"),
        (80, "1 min 20 s"),
        (7500, "2 h 5 min"),
        (90_000, "1 day 1 h"),
        (180_000, "2 days 2 h"),
        (math.inf, "∞"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "1 s"), (0.25, "1 s"), (1.2, "2 s"), (79.5, "1 min 20 s")]
)
def test_the_time_that_is_left_is_told_in_whole_seconds(seconds: float, shown: str) -> None:
    assert time_left(seconds) == shown
