"""Facts of data whose every number is known."""

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw, Standardized, ToUnit
from nnstudio.doctor.evidence.facts import InputFacts
from nnstudio.doctor.evidence.inputs import input_facts
from nnstudio.nn.activations import Identity, Sigmoid
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import DataSettings, WeightedSource
from nnstudio.training.prepared import prepare
from tests.strategies import tiny_answers, tiny_dataset, tiny_experiment

ALL = DataSettings(sources=(WeightedSource(source=Spirals(validation=0.0, test=0.0)),))
ROWS = np.array(
    [[0, 255, 7], [0, 255, 7], [3, 10, 7], [3, 10, 7], [9, 1, 7], [8, 2, 7], [4, 4, 7], [5, 5, 7]]
)


def facts_of(dataset: Dataset, *, seams: Seams = TRUE, **settings: Any) -> InputFacts:
    experiment = tiny_experiment(**settings)
    return input_facts(experiment, prepare(experiment, dataset), seams=seams)


def of_rows(
    rows: np.ndarray, targets: list[int], *, held_out: int = 0, **settings: Any
) -> InputFacts:
    classes = tuple("abc"[: max(targets) + 1])
    dataset = Dataset.of(
        rows, np.array(targets), class_names=classes, source="spirals", validation_count=held_out
    )
    return facts_of(dataset, **{"scaling": Raw(), "data": ALL, **settings})


def test_scale_is_over_all_inputs_as_the_network_gets_them() -> None:
    facts = of_rows(ROWS.astype(np.uint8), [0, 1] * 4, held_out=2)
    training = ROWS[:6].astype(float)
    assert (facts.training, facts.validation, facts.inputs, facts.outputs) == (6, 2, 3, 2)
    assert (facts.lowest, facts.highest) == (0.0, 255.0)
    assert facts.mean == pytest.approx(training.mean())
    assert facts.spread == pytest.approx(training.std())
    assert facts.held_out_mean == facts.own_held_out_mean == pytest.approx(ROWS[6:].mean())
    assert facts.held_out_spread == pytest.approx(ROWS[6:].std())
    assert facts.constant == 1
    assert facts.non_finite == 0


@pytest.mark.parametrize("scaling", [Raw(), ToUnit(), Standardized()])
def test_inputs_that_are_no_numbers_are_counted_as_they_are_given(scaling: Any) -> None:
    rows = np.random.default_rng(0).normal(size=(40, 5))
    rows[3, 2], rows[7, 2], rows[39, 0] = np.nan, np.inf, np.nan
    facts = of_rows(rows, [0, 1] * 20, held_out=5, scaling=scaling)
    assert facts.non_finite == 2


def test_of_inputs_that_are_all_no_numbers_the_scale_is_not_known() -> None:
    facts = of_rows(np.full((8, 3), np.nan), [0, 1] * 4)
    assert facts.non_finite == 24
    assert (facts.lowest, facts.highest, facts.mean, facts.spread) == (None,) * 4


def test_a_small_spread_on_a_large_mean_keeps_its_digits() -> None:
    rows = 1e6 + np.random.default_rng(0).normal(size=(5000, 2)) * 1e-3
    facts = of_rows(rows, [0, 1] * 2500, held_out=1000)
    assert facts.spread == pytest.approx(rows[:4000].std(), rel=1e-6)


def test_how_the_run_scales_what_it_evaluates_is_told_beside_how_it_should() -> None:
    seams = replace(
        TRUE, held_out_scaling=lambda fitted, *_: replace(fitted, factor=fitted.factor * 3)
    )
    facts = of_rows(ROWS.astype(np.uint8), [0, 1] * 4, held_out=2, seams=seams)
    assert facts.held_out_mean == pytest.approx(3 * ROWS[6:].mean())
    assert facts.own_held_out_mean == pytest.approx(ROWS[6:].mean())


def test_without_held_out_samples_their_facts_are_none() -> None:
    facts = of_rows(ROWS.astype(np.uint8), [0, 1] * 4)
    assert (facts.validation, facts.held_out_mean, facts.own_held_out_spread) == (0, None, None)
    assert facts.shared == 0.0


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64, np.int64])
def test_copies_and_contradictions_are_counted(kind: type) -> None:
    # of six training rows, two pairs are alike, and one of these pairs has two answers
    facts = of_rows(ROWS.astype(kind), [0, 0, 0, 1, 1, 1, 0, 1], held_out=2)
    assert facts.duplicates == pytest.approx(4 / 6)
    assert facts.contradictions == pytest.approx(2 / 6)
    assert facts.shared == 0.0


def test_validation_samples_that_stand_in_the_training_part_are_counted() -> None:
    facts = of_rows(ROWS[[0, 2, 4, 5, 4, 6]].astype(np.uint8), [0, 1] * 3, held_out=2)
    assert facts.shared == 0.5


def test_inputs_that_are_not_finite_are_counted_and_left_out_of_the_scale() -> None:
    rows = np.array([[1.0, np.nan], [3.0, np.inf], [2.0, 2.0], [0.0, 0.0]])
    facts = of_rows(rows, [0, 1, 0, 1], held_out=1)
    assert facts.non_finite == 2
    assert (facts.lowest, facts.highest, facts.mean) == (1.0, 3.0, 2.0)


def test_targets_and_classes_of_the_training_part() -> None:
    facts = of_rows(ROWS.astype(np.uint8), [0, 0, 0, 0, 1, 2, 2, 2], held_out=2)
    assert facts.class_counts == (4, 1, 1)
    assert (facts.target_lowest, facts.target_highest, facts.target_sum_error) == (0.0, 1.0, 0.0)
    shares = np.array([4, 1, 1]) / 6
    assert facts.guess_loss == pytest.approx(-(shares * np.log(shares)).sum())


def test_values_and_labels_have_no_classes() -> None:
    values = facts_of(
        tiny_answers("values"),
        loss=MeanSquaredError(),
        network=NetworkSpec(output=OutputLayer(activation=Identity())),
    )
    labels = facts_of(
        tiny_answers("labels"),
        loss=BinaryCrossEntropy(),
        network=NetworkSpec(output=OutputLayer(activation=Sigmoid())),
    )
    assert values.class_counts == labels.class_counts == ()
    assert labels.target_sum_error >= 1.0
    assert labels.guess_loss is not None
    assert labels.guess_loss < log(2)


def test_tiny_clouds_have_nothing_wrong() -> None:
    facts = facts_of(tiny_dataset())
    assert facts.lowest == 0.0
    assert facts.highest == pytest.approx(213 / 255)
    assert (facts.duplicates, facts.contradictions, facts.constant) == (0.0, 0.0, 0)
