"""Mixtures keep the shares of their weights, and an epoch follows from its number alone."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import join
from nnstudio.errors import NnstudioError
from nnstudio.faults.samples import (
    InputsShuffledWithoutTargets,
    SamplesSortedByClass,
    ValidationInTraining,
)
from nnstudio.training.experiment import Batches, DataSettings, Experiment, WeightedSource
from nnstudio.training.loop import train
from nnstudio.training.mixture import OFTEN, Mixture, apportioned, limits_of, shares_of, weight_for
from nnstudio.training.plan import EpochPlan, plan_epoch
from nnstudio.training.prepared import PreparedData, adapted, prepare
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.state import TrainingState
from nnstudio.training.streams import stream
from tests.strategies import tiny_dataset, tiny_experiment, tiny_mixture

WEIGHTS = st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=8).map(tuple)
SIZES = st.lists(st.integers(1, 40), min_size=2, max_size=8)


def mixed(*weights: float, held_out: float = 0.2, **settings: Any) -> Experiment:
    sources = tuple(
        WeightedSource(source=Spirals(validation=held_out, test=0.0, seed=place), weight=weight)
        for place, weight in enumerate(weights)
    )
    names = settings.keys() & {"limit", "classes", "shuffled"}
    data = {name: settings.pop(name) for name in names}
    return tiny_experiment(data=DataSettings(sources=sources, **data), **settings)


def data_of(experiment: Experiment) -> PreparedData:
    count = len(experiment.data.sources)
    return prepare(experiment, tiny_mixture(tiny_dataset, count))


def epoch_of(experiment: Experiment, data: PreparedData, epoch: int = 0) -> EpochPlan:
    limits = experiment.stopping
    return plan_epoch(experiment, data, epoch=epoch, first_step=0, small=False, limits=limits)


def rows_of(experiment: Experiment, data: PreparedData, epoch: int = 0) -> Any:
    return np.concatenate(epoch_of(experiment, data, epoch).batches)


def in_epoch(sizes: list[int], weights: tuple[float, ...], seed: int, epoch: int = 0) -> Any:
    mixture = Mixture(np.repeat(np.arange(len(sizes), dtype=np.int8), sizes), weights)
    return mixture.epoch(np.arange(sum(sizes)), generator=stream(seed, "mixture", epoch))


# shares


@given(st.integers(0, 10**7), WEIGHTS)
def test_each_source_has_its_share_of_an_epoch_to_within_one_sample(
    count: int, weights: tuple[float, ...]
) -> None:
    counts = apportioned(count, weights)
    whole = sum(map(Fraction, weights))
    assert sum(counts) == count
    # where some would have none, the largest lends them one each
    most = 1 if count * min(map(Fraction, weights)) >= whole else len(weights)
    for found, weight in zip(counts, weights, strict=True):
        assert abs(found - count * Fraction(weight) / whole) <= most + Fraction(1, 10**6)
    assert count < len(weights) or min(counts) >= 1


def test_a_source_of_the_smallest_share_is_in_every_epoch() -> None:
    assert apportioned(199, (1000.0, 0.001)) == (198, 1)
    assert apportioned(2, (1.0, 1e-9, 1e-9)) == (1, 1, 0)
    assert apportioned(1, (1.0, 9.0)) == (0, 1)


@given(st.integers(1, 10**6), st.integers(2, 8), st.floats(1e-3, 1e3))
def test_equal_weights_divide_evenly(each: int, sources: int, weight: float) -> None:
    assert apportioned(each * sources, (weight,) * sources) == (each,) * sources


@given(SIZES, st.data(), st.integers(0, 9))
def test_an_epoch_has_all_samples_of_a_source_equally_often_but_for_a_rest(
    sizes: list[int], drawn: st.DataObject, seed: int
) -> None:
    weights = drawn.draw(st.tuples(*[st.floats(0.01, 10) for _ in sizes]))
    rows = in_epoch(sizes, weights, seed)
    assert len(rows) == sum(sizes)
    times = np.split(np.bincount(rows, minlength=sum(sizes)), np.cumsum(sizes)[:-1])
    assert tuple(int(one.sum()) for one in times) == apportioned(sum(sizes), weights)
    assert all(one.max() - one.min() <= 1 for one in times)


@given(st.integers(1, 50), st.integers(2, 8), st.integers(0, 9))
def test_equal_sizes_and_weights_give_every_sample_once(size: int, sources: int, seed: int) -> None:
    rows = in_epoch([size] * sources, (0.7,) * sources, seed)
    np.testing.assert_array_equal(rows, np.arange(size * sources))


@given(SIZES, st.integers(0, 5), st.integers(0, 5))
def test_an_epoch_follows_from_seed_and_number_alone(
    sizes: list[int], seed: int, epoch: int
) -> None:
    weights = tuple(range(1, len(sizes) + 1))
    one = in_epoch(sizes, weights, seed, epoch)
    in_epoch(sizes, weights, seed, epoch + 1)
    np.testing.assert_array_equal(one, in_epoch(sizes, weights, seed, epoch))


def test_the_rest_is_another_in_each_epoch() -> None:
    epochs = [in_epoch([400, 40], (1.0, 1.0), 0, epoch) for epoch in range(8)]
    seen = np.unique(np.concatenate(epochs))
    # 220 of the 400 each time: after eight epochs hardly one is left out
    assert len(seen[seen < 400]) > 390


@given(WEIGHTS, st.integers(0, 1000), st.integers(0, 1000))
def test_a_limit_is_for_all_sources_together(
    weights: tuple[float, ...], limit: int, more: int
) -> None:
    limit += len(weights)
    parts = [one for one in limits_of(limit, weights) if one is not None]
    larger = [one for one in limits_of(limit + more, weights) if one is not None]
    assert limit - len(weights) <= sum(parts) <= limit
    assert all(1 <= part <= other for part, other in zip(parts, larger, strict=True))


def test_no_limit_is_none_for_any_source() -> None:
    assert limits_of(None, (1.0, 2.0)) == (None, None)
    assert limits_of(7, (2.0,)) == (7,)


# prepared and planned


def test_every_source_is_split_by_itself() -> None:
    data = data_of(mixed(1, 1, held_out=0.25))
    assert data.facts.sources == (("spirals", 30, 0.5), ("spirals", 25, 0.5))
    for rows, sizes in (
        (data.split.training, (30, 25)),
        (data.split.validation, (10, 8)),
    ):
        assert tuple(np.bincount(data.origin[rows])) == sizes
    assert len(np.intersect1d(data.split.training, data.split.validation)) == 0


def test_a_source_that_is_named_twice_holds_the_same_samples_out() -> None:
    one = tiny_dataset()
    data = prepare(mixed(1, 1), join([one, one], called=["a", "b"]))
    held_out = data.split.validation
    half = len(held_out) // 2
    np.testing.assert_array_equal(held_out[:half] + len(one.inputs), held_out[half:])


def test_one_source_has_no_mixture_and_all_rows_are_from_it() -> None:
    data = data_of(mixed(3.0))
    assert data.mixture is None
    assert data.facts.sources == (("spirals", 32, 1.0),)
    assert not data.origin.any()


@pytest.mark.parametrize("replacement", [False, True])
def test_batches_of_an_epoch_have_the_shares_of_the_weights(*, replacement: bool) -> None:
    experiment = mixed(3, 1, batches=Batches(size=8, replacement=replacement))
    data = data_of(experiment)
    found = np.bincount(data.origin[rows_of(experiment, data)])
    training = len(data.split.training)
    assert found.sum() == training
    expected = apportioned(training, (3, 1))
    slack = 4 * math.sqrt(training * 3 / 16) if replacement else 0
    assert abs(found[0] - expected[0]) <= slack


def test_batches_stay_inside_the_training_part() -> None:
    experiment = mixed(5, 1)
    data = data_of(experiment)
    for epoch in range(3):
        assert np.isin(rows_of(experiment, data, epoch), data.split.training).all()


def test_other_epochs_leave_other_samples_out() -> None:
    experiment = mixed(1, 5)
    data = data_of(experiment)
    seen = {frozenset(rows_of(experiment, data, epoch).tolist()) for epoch in range(4)}
    assert len(seen) == 4
    again = rows_of(experiment, data_of(experiment), 2)
    np.testing.assert_array_equal(again, rows_of(experiment, data, 2))


def test_without_shuffling_the_sources_follow_one_another() -> None:
    experiment = mixed(2, 1, shuffled=False)
    data = data_of(experiment)
    assert (np.diff(data.origin[rows_of(experiment, data)].astype(int)) >= 0).all()


def test_a_limit_leaves_each_source_its_share() -> None:
    data = data_of(mixed(3, 1, limit=22))
    assert [one.training for one in data.facts.sources] == [16, 6]
    assert len(data.split.training) == 22


def test_who_validates_on_the_test_part_watches_that_of_all_sources() -> None:
    experiment = mixed(1, 1)
    watched = replace(experiment, data=replace(experiment.data, validate_on_test=True))
    members = [replace(tiny_dataset(seed=seed), test_count=5 + seed) for seed in (0, 1)]
    data = prepare(watched, join(members, called=["a", "b"]))
    assert data.split.validation is data.split.test
    assert tuple(np.bincount(data.origin[data.split.test])) == (5, 6)
    assert len(data.split.training) == 80 - 11


def of_classes(*names: str) -> Dataset:
    return replace(tiny_dataset(classes=len(names)), class_names=names)


def test_classes_are_chosen_by_the_numbers_of_the_union() -> None:
    dataset = join([of_classes("2", "0"), of_classes("1", "2")], called=["a", "b"])
    data = prepare(mixed(1, 1, classes=(2, 1)), dataset)
    assert data.class_names == ("2", "1")
    assert data.facts.known_classes == ("0", "1", "2")
    assert set(data.dataset.targets[data.origin == 0]) == {0}
    assert set(data.dataset.targets[data.origin == 1]) == {0, 1}


def test_a_source_without_the_chosen_classes_is_named() -> None:
    dataset = join([of_classes("0", "1"), of_classes("1", "2")], called=["a", "b"])
    with pytest.raises(NnstudioError, match="Two spirals has no samples of the classes"):
        prepare(mixed(1, 1, classes=(0,)), dataset)


def test_other_weights_and_shares_adapt_what_is_loaded_and_other_sources_do_not() -> None:
    before = mixed(1, 1)
    data = data_of(before)
    weights = adapted(data, before, mixed(1, 3))
    assert weights.facts.sources[1].share == 0.75
    assert adapted(data, before, mixed(1, 1, held_out=0.5)).facts.validation == 36
    for other in (mixed(1), mixed(1, 1, 1)):
        with pytest.raises(NnstudioError, match="other data"):
            adapted(data, before, other)


# classic mistakes, and what else replaces or extends the loop


def pairs_of(experiment: Experiment, data: PreparedData, epoch: int) -> dict[int, int]:
    state = TrainingState.start(experiment, data)
    state.epoch = epoch
    plan = state.current_plan()
    rows, labelled = np.concatenate(plan.batches), np.concatenate(plan.labelled)
    return dict(zip(rows.tolist(), labelled.tolist(), strict=True))


def test_shuffled_inputs_have_the_same_wrong_targets_in_every_epoch() -> None:
    experiment = mixed(9, 1, faults=(InputsShuffledWithoutTargets(),))
    data = data_of(experiment)
    pairs = [pairs_of(experiment, data, epoch) for epoch in range(4)]
    every = {row: other for one in pairs for row, other in one.items()}
    assert all(every[row] == other for one in pairs for row, other in one.items())
    assert sum(row != other for row, other in every.items()) > len(every) / 2


def test_samples_of_all_sources_are_sorted_by_class() -> None:
    experiment = mixed(2, 1, faults=(SamplesSortedByClass(),))
    data = data_of(experiment)
    rows = np.concatenate(TrainingState.start(experiment, data).current_plan().batches)
    assert (np.diff(data.dataset.targets[rows]) >= 0).all()
    assert tuple(np.bincount(data.origin[rows])) == apportioned(len(rows), (2, 1))


def test_validation_of_all_sources_leaks_into_training() -> None:
    data = data_of(mixed(1, 1, faults=(ValidationInTraining(),)))
    assert np.isin(data.split.validation, data.split.training).all()
    assert set(data.origin[data.split.validation]) == {0, 1}


def test_layers_are_pretrained_on_the_mixture() -> None:
    experiment = mixed(1, 3, pretraining=LayerByLayer(epochs=1))
    data = data_of(experiment)
    state = TrainingState.start(experiment, data)
    assert sum(1 for _ in train(state)) == 4 * state.steps_per_epoch
    assert state.samples == 4 * len(data.split.training)


def test_shares_add_up_to_one() -> None:
    assert math.fsum(shares_of((0.1,) * 7)) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("weights", [(1.0,), (2.0, 1.0)])
def test_a_small_source_joins_with_a_weight_by_its_size(weights: tuple[float, ...]) -> None:
    weight = weight_for(60, training=100_000, weights=weights)
    *_others, comes = apportioned(100_060, (*weights, weight))
    assert comes / 60 == pytest.approx(OFTEN, rel=0.05)
    mean = sum(weights) / len(weights)
    assert weight_for(50_000, training=100_000, weights=weights) == mean
    assert weight_for(0, training=100, weights=weights) == mean
