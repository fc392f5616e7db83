"""Classes are told apart by the value of their names, wherever numbers are names."""

import pytest

from nnstudio.data.class_names import by_value, is_number, is_plain_number, union, without_fraction


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("7", "7"),
        ("07", "7"),
        ("7.0", "7"),
        ("000", "0"),
        ("cat", "cat"),
        ("-7", "-7"),
        ("7.5", "7.5"),
        ("²", "²"),
        ("٣", "٣"),
        ("", ""),
        (".0", ".0"),
        ("0012345678901", "0012345678901"),
    ],
)
def test_numbers_are_equal_by_value_and_words_by_their_letters(name: str, value: str) -> None:
    assert by_value(name) == value
    assert by_value(by_value(name)) == value


def test_only_whole_numbers_of_nine_digits_are_numbers() -> None:
    assert all(map(is_number, ("0", "07", "7.0", "123456789")))
    assert not any(map(is_number, ("", "a", "-1", "1.5", "²", "1234567890")))
    assert [one for one in ("7", "07", "7.0", "a", "0") if is_plain_number(one)] == ["7", "0"]


def test_a_needless_fraction_is_left_out_and_zeros_before_stay() -> None:
    assert [without_fraction(one) for one in ("7.0", "07.0", "7.5", "v1.0", ".0")] == [
        "7",
        "07",
        "7.5",
        "v1.0",
        ".0",
    ]


def test_a_union_has_each_class_once_named_as_it_was_first() -> None:
    assert union(("10", "07", "7", "7.0", "1")) == ("1", "07", "10")
    assert union(("dog", "07", "7", "dog", "cat")) == ("dog", "07", "cat")
    assert union(()) == ()
