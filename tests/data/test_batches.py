"""Batches: every sample once an epoch, in an order that only the generator decides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.batches import epoch_order, steps_per_epoch


def batches(count: int, size: int, *, seed: int = 0, **how: bool) -> list[list[int]]:
    flags = {"shuffled": True, "replacement": False, "drop_last": False} | how
    generator = np.random.default_rng(seed)
    return [
        batch.tolist()
        for batch in epoch_order(
            count,
            size=size,
            shuffled=flags["shuffled"],
            replacement=flags["replacement"],
            drop_last=flags["drop_last"],
            generator=generator,
        )
    ]


def joined(made: list[list[int]]) -> list[int]:
    return [position for batch in made for position in batch]


@given(st.integers(1, 60), st.integers(1, 70), st.booleans())
def test_every_sample_comes_once_in_an_epoch(count: int, size: int, shuffled: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    made = batches(count, size, shuffled=shuffled)
    assert sorted(joined(made)) == list(range(count))
    assert len(made) == steps_per_epoch(count, size, drop_last=False)
    assert all(len(batch) == size for batch in made[:-1])


@given(st.integers(1, 60), st.integers(1, 70))
def test_only_whole_batches_are_left_when_the_rest_is_dropped(count: int, size: int) -> None:
    made = batches(count, size, drop_last=True)
    assert len(made) == steps_per_epoch(count, size, drop_last=True) == max(1, count // size)
    assert {len(batch) for batch in made} == {min(count, size)}


def test_samples_come_as_they_lie_when_not_shuffled() -> None:
    assert batches(5, 2, shuffled=False) == [[0, 1], [2, 3], [4]]


def test_the_same_generator_gives_the_same_order_and_another_one_another() -> None:
    assert batches(50, 10, seed=3) == batches(50, 10, seed=3) != batches(50, 10, seed=4)


def test_drawing_with_replacement_repeats_samples_and_keeps_the_sizes() -> None:
    made = batches(50, 20, replacement=True)
    assert [len(batch) for batch in made] == [20, 20, 10]
    drawn = joined(made)
    assert len(set(drawn)) < 50
    assert set(drawn) <= set(range(50))


def test_the_batch_size_does_not_change_the_order() -> None:
    assert joined(batches(30, 4, seed=1)) == joined(batches(30, 7, seed=1))


def test_batches_are_read_only() -> None:
    batch = next(
        epoch_order(
            4,
            size=2,
            shuffled=True,
            replacement=False,
            drop_last=False,
            generator=np.random.default_rng(0),
        )
    )
    with pytest.raises(ValueError, match="read-only"):
        batch[0] = 0
