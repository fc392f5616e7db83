"""Dataset and Split: every row is in exactly one part, and nobody can write to the arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.dataset import Dataset, digest, split
from nnstudio.errors import NnstudioError


def made(count: int, *, validation: int = 0, test: int = 0, classes: int = 3) -> Dataset:
    return Dataset.of(
        np.arange(count * 2, dtype=np.float64).reshape(count, 2),
        np.arange(count) % classes,
        class_names=tuple("abcdefghij"[:classes]),
        source="made",
        validation_count=validation,
        test_count=test,
    )


def test_arrays_are_read_only() -> None:
    dataset = made(4)
    for array in (dataset.inputs, dataset.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_equal_arrays_have_equal_digests_and_one_changed_value_another() -> None:
    inputs, targets = np.zeros((3, 2), np.uint8), np.zeros(3, np.int64)
    changed = inputs.copy()
    changed[2, 1] = 1
    assert digest(inputs, targets) == digest(inputs.copy(), targets.copy())
    assert digest(inputs, targets) != digest(changed, targets)
    assert digest(inputs, targets) != digest(inputs.reshape(2, 3), targets)
    assert digest(inputs, targets) != digest(inputs.astype(np.int8), targets)


@pytest.mark.parametrize(
    ("inputs", "targets", "names", "shape"),
    [
        ((3, 2), [0, 1], "ab", None),
        ((2, 2), [0, 2], "ab", None),
        ((2, 2), [0, -1], "ab", None),
        ((2, 2), [0, 1], "ab", (2, 2)),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_a_mistake_of_the_caller(
    inputs: tuple[int, int], targets: list[int], names: str, shape: tuple[int, int] | None
) -> None:
    with pytest.raises(ValueError, match=r"."):
        Dataset.of(
            np.zeros(inputs),
            np.array(targets),
            class_names=tuple(names),
            source="made",
            image_shape=shape,
        )


def test_parts_larger_than_the_data_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="parts of 2 and 3 in 4 rows"):
        made(4, validation=2, test=3)


def test_only_keeps_the_named_classes_and_numbers_them_in_the_given_order() -> None:
    dataset = made(9, validation=3, test=3).only([2, 0])
    assert dataset.class_names == ("c", "a")
    assert dataset.targets.tolist() == [1, 0, 1, 0, 1, 0]
    assert dataset.inputs[:, 0].tolist() == [0.0, 4.0, 6.0, 10.0, 12.0, 16.0]
    assert (dataset.validation_count, dataset.test_count) == (2, 2)


@pytest.mark.parametrize("classes", [[], [0, 0], [0, 3], [-1]])
def test_only_refuses_classes_that_are_not_there_or_come_twice(classes: list[int]) -> None:
    with pytest.raises(NnstudioError, match="class"):
        made(6).only(classes)


@given(
    count=st.integers(4, 60),
    fixed=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    shares=st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)),
    limit=st.none() | st.integers(1, 80),
    seed=st.integers(0, 99),
)
def test_parts_are_disjoint_sorted_and_complete(
    count: int,
    fixed: tuple[int, int],
    shares: tuple[float, float],
    limit: int | None,
    seed: int,
) -> None:
    dataset = made(count + sum(fixed), validation=fixed[0], test=fixed[1])
    parts = split(
        dataset,
        validation=shares[0],
        test=shares[1],
        limit=limit,
        generator=np.random.default_rng(seed),
    )
    every = np.concatenate([parts.training, parts.validation, parts.test])
    assert len(set(every.tolist())) == len(every)
    assert every.min() >= 0
    assert every.max() < len(dataset.inputs)
    assert all((np.diff(part) > 0).all() for part in (parts.training, parts.validation, parts.test))
    if limit is None:
        assert len(every) == len(dataset.inputs)
    else:
        assert len(parts.training) <= limit
    if fixed[1]:
        assert parts.test.tolist() == list(range(count + fixed[0], len(dataset.inputs)))
    if fixed[0]:
        assert parts.validation.tolist() == list(range(count, count + fixed[0]))


def test_a_smaller_limit_takes_a_part_of_the_larger_one_and_leaves_the_other_parts_alone() -> None:
    few, many = (
        split(made(50), validation=0.2, test=0.2, limit=limit, generator=np.random.default_rng(7))
        for limit in (5, 20)
    )
    assert set(few.training) < set(many.training)
    assert few.validation.tolist() == many.validation.tolist()
    assert few.test.tolist() == many.test.tolist()


def test_nothing_left_to_learn_from_is_said() -> None:
    with pytest.raises(NnstudioError, match="No sample is left"):
        split(made(3, test=3), validation=0, test=0, generator=np.random.default_rng(0))
