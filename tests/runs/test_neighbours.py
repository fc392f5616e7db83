"""The nearest training samples are those that a plain comparison with all of them finds."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.dataset import Dataset
from nnstudio.runs.neighbours import Neighbours
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, prepare


def data_of(inputs: np.ndarray) -> PreparedData:
    labels = np.arange(len(inputs)) % 2
    dataset = Dataset.of(inputs, labels, class_names=("a", "b"), source="made")
    return prepare(Experiment(), dataset)


def plainly(data: PreparedData, sample: np.ndarray, count: int) -> list[float]:
    rows = data.dataset.inputs[data.split.training].astype(float)
    return sorted(np.sqrt(((rows - sample) ** 2).sum(axis=1)))[:count]


@given(
    st.integers(1, 700),
    st.integers(1, 60),
    st.integers(1, 9),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_they_are_those_of_a_plain_search(
    size: int,
    width: int,
    count: int,
    seed: int,
    far: bool,  # noqa: FBT001 - drawn
) -> None:
    generator = np.random.default_rng(seed)
    inputs = generator.integers(0, 256, (size, width)).astype(np.uint8)
    data = data_of(inputs)
    sample = generator.normal(0, 3000, width) if far else inputs[0].astype(float) + 3
    found = Neighbours(data).nearest(sample, count=count)
    np.testing.assert_allclose(
        [one.distance for one in found], plainly(data, sample, count), rtol=1e-9, atol=1e-9
    )


def test_a_sample_of_the_training_part_is_its_own_neighbour() -> None:
    inputs = np.random.default_rng(0).integers(0, 256, (300, 49)).astype(np.uint8)
    data = data_of(inputs)
    row = int(data.split.training[7])
    first = Neighbours(data).nearest(inputs[row].reshape(7, 7))[0]
    assert (first.row, first.distance) == (row, 0.0)


def test_samples_that_are_held_out_are_never_named() -> None:
    inputs = np.random.default_rng(0).integers(0, 256, (40, 9)).astype(np.uint8)
    data = data_of(inputs)
    held_out = SimpleNamespace(training=data.split.training[:3])
    part = SimpleNamespace(dataset=data.dataset, split=held_out)
    found = Neighbours(part).nearest(inputs[0], count=20)  # type: ignore[arg-type] # what it reads
    assert {one.row for one in found} == set(data.split.training[:3].tolist())


def test_a_sample_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="5 inputs among rows of 9"):
        Neighbours(data_of(np.zeros((4, 9), np.uint8))).nearest(np.zeros(5))
