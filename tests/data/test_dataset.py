"""Dataset and Split: every row is in exactly one part, and nobody can write to the arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.dataset import Dataset, digest, split
from nnstudio.errors import NnstudioError
from nnstudio.tasks import Task


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


# what there is to learn


def answers(task: Task, targets: object, names: tuple[str, ...] = ()) -> Dataset:
    rows = np.array(targets)
    inputs = np.arange(2.0 * len(rows)).reshape(-1, 2)
    return Dataset.of(inputs, rows, class_names=names, source="made", task=task)


def test_labels_and_values_have_an_output_for_each_column() -> None:
    assert made(6).outputs == 3
    assert answers("labels", [[0.0, 1.0], [1.0, 1.0]]).outputs == 2
    assert answers("values", [[0.5], [-7.0]], ("y",)).outputs == 1


@pytest.mark.parametrize(
    ("task", "targets", "names"),
    [
        ("classes", [[0], [1]], ("a", "b")),
        ("labels", [0.0, 1.0], ()),
        ("labels", [[0, 1], [1, 1]], ()),
        ("labels", [[0.0], [0.5]], ()),
        ("labels", [[0.0], [1.0]], ("a", "b")),
        ("values", [1.0, 2.0], ()),
        ("values", [[1.0], [np.nan]], ()),
        ("values", [[1.0], [np.inf]], ()),
        ("values", [[], []], ()),
    ],
)
def test_targets_that_do_not_fit_the_task_are_a_mistake_of_the_caller(
    task: Task, targets: object, names: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        answers(task, targets, names)


def test_the_digest_knows_the_targets_of_every_task() -> None:
    one, other = (answers("values", [[1.0], [last]]) for last in (2.0, 2.5))
    assert one.sha256 != other.sha256
    assert one.sha256 == answers("values", [[1.0], [2.0]]).sha256


def test_where_there_are_no_classes_none_can_be_chosen() -> None:
    with pytest.raises(NnstudioError, match="no classes to choose from"):
        answers("values", [[1.0], [2.0]]).only([0, 1])


@pytest.mark.parametrize("task", ["labels", "values"])
def test_labels_and_values_are_split_as_classes_are(task: Task) -> None:
    rows = [[float(number % 2)] for number in range(40)]
    parts = [
        split(one, validation=0.25, test=0.2, generator=np.random.default_rng(3))
        for one in (answers(task, rows), made(40))
    ]
    assert parts[0].training.tolist() == parts[1].training.tolist()
    assert parts[0].test.tolist() == parts[1].test.tolist()
