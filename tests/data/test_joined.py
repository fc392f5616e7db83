"""Sets are joined by the names of their classes, and what does not go together says why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.class_names import by_value
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import UnmixableError, join
from tests.strategies import tiny_answers, tiny_dataset, tiny_pictures

CALLED = ("Ink", "Chalk", "Sand")


def named(*names: str, samples: int = 6) -> Dataset:
    made = tiny_dataset(samples=samples, classes=len(names))
    return replace(made, class_names=names)


def joined(*datasets: Dataset) -> Dataset:
    return join(datasets, called=CALLED[: len(datasets)])


def test_a_single_set_is_given_as_it_is() -> None:
    one = tiny_dataset()
    assert joined(one) is one


def test_rows_lie_set_by_set_and_nobody_writes_to_them() -> None:
    one, two = tiny_dataset(samples=5), tiny_dataset(samples=3, seed=1)
    both = joined(one, two)
    np.testing.assert_array_equal(both.inputs, np.concatenate([one.inputs, two.inputs]))
    np.testing.assert_array_equal(both.targets, np.concatenate([one.targets, two.targets]))
    assert not both.inputs.flags.writeable
    assert not both.targets.flags.writeable


def test_each_set_stays_as_a_view_with_the_parts_that_it_sets_apart() -> None:
    one, two = tiny_dataset(samples=5), replace(tiny_dataset(samples=4, seed=1), test_count=2)
    both = joined(one, two)
    assert [len(member.inputs) for member in both.members] == [5, 4]
    assert [member.test_count for member in both.members] == [0, 2]
    assert all(np.shares_memory(member.inputs, both.inputs) for member in both.members)
    assert [member.sha256 for member in both.members] == [one.sha256, two.sha256]


@pytest.mark.parametrize(
    ("first", "second", "union"),
    [
        (("3", "1"), ("1", "10", "2"), ("1", "2", "3", "10")),
        (("3", "1"), ("3", "1"), ("3", "1")),
        (("cat", "dog"), ("ape", "dog"), ("cat", "dog", "ape")),
        (("1", "0"), ("a", "0"), ("1", "0", "a")),
        (("07", "01"), ("1", "7.0", "2"), ("01", "2", "07")),
        (("01", "a"), ("1", "²"), ("01", "a", "²")),
    ],
    ids=[
        "numbers are sorted",
        "the same stay",
        "words as they appear",
        "numbers and words",
        "by value",
        "by value among words",
    ],
)
def test_classes_go_by_their_names(
    first: tuple[str, ...], second: tuple[str, ...], union: tuple[str, ...]
) -> None:
    one, two = named(*first), named(*second)
    both = joined(one, two)
    assert both.class_names == union
    told = [by_value(union[number]) for number in both.targets]
    known = [first[at] for at in one.targets] + [second[at] for at in two.targets]
    assert told == [by_value(name) for name in known]
    assert all(member.class_names == union for member in both.members)


def test_the_checksum_tells_the_sets_their_order_and_nothing_else() -> None:
    one, two = tiny_dataset(), tiny_dataset(seed=1)
    assert joined(one, two).sha256 == joined(tiny_dataset(), two).sha256
    sums = {joined(*them).sha256 for them in ((one, two), (two, one), (one, one), (one, two, two))}
    assert len(sums) == 4
    assert one.sha256 not in sums


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (tiny_answers("values"), "one has classes to learn, the other values"),
        (tiny_dataset(inputs=7), "a row of 6 numbers, of the other a row of 7 numbers"),
        (tiny_pictures(), "a row of 6 numbers, of the other a picture of 5 × 4 pixels"),
        (tiny_dataset(pixels=False), "pixels from 0 to 255, the other numbers of any size"),
    ],
    ids=["task", "inputs", "pictures", "bytes"],
)
def test_what_does_not_go_together_is_said_with_both_names(other: Dataset, said: str) -> None:
    with pytest.raises(UnmixableError, match=f"Ink and Sand cannot be mixed: .*{said}") as found:
        joined(tiny_dataset(), tiny_dataset(), other)
    assert found.value.place == 2


def answers(names: tuple[str, ...], outputs: int = 2) -> Dataset:
    values: Any = np.zeros((4, outputs))
    return Dataset.of(np.ones((4, 3)), values, class_names=names, source="file", task="values")


def test_answers_need_the_same_names_where_both_have_some() -> None:
    assert joined(answers(()), answers(("x", "y"))).class_names == ("x", "y")
    for other in (answers(("y", "x")), answers((), outputs=3)):
        with pytest.raises(UnmixableError, match="their answers have other names"):
            joined(answers(("x", "y")), other)
