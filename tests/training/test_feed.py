"""Feed: what a batch holds, with and without augmentation."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.augmentation import Augmentation, Distortions, NoAugmentation
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw, Standardized
from nnstudio.nn.optimizers import Sgd
from nnstudio.training.feed import Feed
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case, tiny_experiment

ROWS = np.array([5, 0, 5, 11])
NOISE = Distortions(shift=0.0, rotation=0.0, scale=0.0, shear=0.0, elastic=0.0, noise=0.1)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_batch_has_the_precision_of_the_experiment(precision: str) -> None:
    data = tiny_case(precision=precision, scaling=Raw()).data
    X, Y = Feed(data).batch(np.array([5, 0, 5]))
    assert X.dtype == Y.dtype == np.dtype(precision)
    np.testing.assert_array_equal(X, data.dataset.inputs[[5, 0, 5]])
    np.testing.assert_array_equal(Y.argmax(axis=1), data.dataset.targets[[5, 0, 5]])


def test_batches_of_changing_size_share_one_buffer() -> None:
    feed = Feed(tiny_case().data)
    large, _ = feed.batch(np.arange(10))
    small, _ = feed.batch(np.arange(3))
    assert np.shares_memory(large, small)
    again, _ = feed.batch(np.arange(10))
    assert again is large


def pictures(**settings: Any) -> PreparedData:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 12), dtype=np.uint8)
    dataset = Dataset.of(
        pixels, np.arange(30) % 3, class_names=("a", "b", "c"), source="s", image_shape=(3, 4)
    )
    return tiny_case(dataset, **settings).data


def pictured(**settings: Any) -> Case:
    data = pictures(**settings)
    return Case(tiny_experiment(**settings), data)


def drawn(data: PreparedData, augmentation: Augmentation | None, seed: int = 0) -> NDArray[Any]:
    feed = Feed(data, augmentation=augmentation)
    return feed.batch(ROWS, draw=np.random.default_rng(seed))[0]


def test_a_batch_without_a_generator_is_never_distorted() -> None:
    data = pictures()
    plain, _ = Feed(data).batch(ROWS)
    with_augmentation, _ = Feed(data, augmentation=Distortions()).batch(ROWS)
    np.testing.assert_array_equal(with_augmentation, plain)


@pytest.mark.parametrize("augmentation", [None, NoAugmentation(), replace(NOISE, noise=0.0)])
def test_without_augmentation_a_generator_changes_nothing_and_is_not_used(
    augmentation: Augmentation | None,
) -> None:
    data = pictures()
    draw = np.random.default_rng(0)
    X, _ = Feed(data, augmentation=augmentation).batch(ROWS, draw=draw)
    np.testing.assert_array_equal(X, Feed(data).batch(ROWS)[0])
    assert draw.random() == np.random.default_rng(0).random()


def test_inputs_are_distorted_before_they_are_scaled() -> None:
    data = pictures(scaling=Standardized(), precision="float64")
    expected = data.dataset.inputs[ROWS].astype(float)
    augmenter = Distortions().bind((3, 4), 12)
    assert augmenter is not None
    augmenter.apply(expected, np.random.default_rng(4))
    data.scaling.into(expected, expected)
    np.testing.assert_array_equal(drawn(data, Distortions(), seed=4), expected)


def test_the_generator_alone_decides_the_distortion() -> None:
    data = pictures()
    one, same, other = (drawn(data, Distortions(), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_one_sample_twice_in_a_batch_is_distorted_in_two_ways() -> None:
    X = drawn(pictures(), Distortions())
    assert not np.array_equal(X[0], X[2])


def test_targets_stay_those_of_the_rows() -> None:
    data = pictures()
    _, Y = Feed(data, augmentation=Distortions()).batch(ROWS, draw=np.random.default_rng(0))
    np.testing.assert_array_equal(Y, data.targets[ROWS])


def test_noise_on_other_data_follows_the_spread_of_the_training_part() -> None:
    data = tiny_case(precision="float64", scaling=Raw()).data
    floats = replace(data, dataset=replace(data.dataset, inputs=data.dataset.inputs / 100))
    rows = np.tile(data.split.training, 300)
    feed = Feed(floats, augmentation=NOISE)
    X, _ = feed.batch(rows, draw=np.random.default_rng(0))
    added = X - floats.dataset.inputs[rows]
    spread = floats.dataset.inputs[data.split.training].std(axis=0)
    np.testing.assert_allclose(added.std(axis=0), 0.1 * spread, rtol=0.05)


ALL = Distortions(noise=0.1, erasing=0.5)


def test_a_run_with_distortions_goes_on_from_a_checkpoint_with_the_same_bits() -> None:
    case = pictured(augmentation=ALL)
    whole = TrainingState.start(case.experiment, case.data)
    for _ in train(whole):
        pass
    first = TrainingState.start(case.experiment, case.data)
    steps = train(first)
    for _ in range(4):
        next(steps)
    again = TrainingState.restore(first.checkpoint(), case.data)
    for _ in train(again):
        pass
    assert again.network.vector.tobytes() == whole.network.vector.tobytes()


def test_distortions_change_what_is_learned_but_not_the_start_or_the_order() -> None:
    plain, distorted = (pictured(augmentation=one) for one in (NoAugmentation(), ALL))
    states = [TrainingState.start(one.experiment, one.data) for one in (plain, distorted)]
    np.testing.assert_array_equal(states[0].network.vector, states[1].network.vector)
    for one, other in zip(*(state.current_plan().batches for state in states), strict=True):
        np.testing.assert_array_equal(one, other)
    first, second = (next(train(state)) for state in states)
    assert first.loss != second.loss


def test_held_out_pictures_are_never_distorted() -> None:
    case = pictured(augmentation=ALL, optimizer=Sgd(learning_rate=1e-12))
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    losses = state.history.view().validation.loss
    assert len(losses) > 1
    np.testing.assert_allclose(losses, losses[0], rtol=1e-5)
