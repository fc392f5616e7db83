"""Facts of the course of runs whose losses are made up."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from nnstudio.doctor.evidence.course import course_facts
from nnstudio.doctor.evidence.facts import CourseFacts
from nnstudio.nn.losses import CrossEntropy
from nnstudio.training.experiment import Batches
from nnstudio.training.history import History
from tests.strategies import tiny_experiment


def history_of(
    losses: Iterable[float], *, epoch: int = 0, held_out: Iterable[float] = ()
) -> History:
    history, held = History(), list(held_out)
    for step, loss in enumerate(losses, start=1):
        history.append(float(loss), 0.5, 0.1, 0.01 * step)
        if epoch and step % epoch == 0:
            if held:
                history.append_validation(
                    step=step, epoch=step // epoch, loss=held.pop(0), score=0.25, whole=True
                )
            history.end_epoch(step)
    return history


def facts_of(history: History, *, ended: Any = None, **settings: Any) -> CourseFacts:
    found = course_facts(tiny_experiment(**settings), history.view(), ended=ended, training=1000)
    assert found is not None
    return found


def test_before_the_first_step_there_is_no_course() -> None:
    found = course_facts(tiny_experiment(), History().view(), training=10)
    assert found is None


def test_one_hard_batch_decides_nothing() -> None:
    losses = np.full(200, 1.0)
    losses[[50, 199]] = 1000.0
    found = facts_of(history_of(losses))
    assert (found.best_loss, found.loss, found.floor) == (1.0, 1.0, 1.0)
    assert found.first_loss == 1.0
    assert found.fall == 0.0


def test_the_fall_is_relative_and_per_100_steps() -> None:
    # the newest third of 300 steps falls by 0.01 a step, from 2 to 1
    losses = np.concatenate([np.full(200, 2.0), 2.0 - 0.01 * np.arange(100)])
    found = facts_of(history_of(losses))
    before, after = np.median(losses[200:250]), np.median(losses[250:])
    assert found.fall == pytest.approx((before - after) / before / 50 * 100)
    assert found.fall == pytest.approx(1.0 / 1.755, rel=1e-2)


def test_a_straight_fall_does_not_swing_and_a_saw_does() -> None:
    straight = facts_of(history_of(2.0 - 0.001 * np.arange(300)))
    assert straight.swing == pytest.approx(0.0, abs=1e-12)
    saw = facts_of(history_of(1.0 + 0.1 * (-1.0) ** np.arange(300)))
    assert saw.swing == pytest.approx(0.1, rel=1e-3)


def test_too_few_steps_say_nothing_of_fall_and_swing() -> None:
    found = facts_of(history_of([3.0, 2.0, 1.0]))
    assert (found.fall, found.swing) == (None, None)
    assert (found.steps, found.epochs, found.loss, found.best_loss) == (3, 0, 2.0, 2.0)


def test_a_loss_that_overflowed_is_left_out() -> None:
    found = facts_of(history_of([1.0] * 30 + [np.inf]), ended="diverged")
    assert (found.loss, found.ended, found.steps) == (1.0, "diverged", 31)


def test_the_floor_is_near_the_lowest_of_the_newest_half() -> None:
    losses = np.concatenate([np.zeros(100), np.linspace(1.0, 2.0, 101)])
    assert facts_of(history_of(losses)).floor == pytest.approx(1.05, abs=0.01)


def test_epochs_that_rise_on_held_out_samples_alone_are_counted_from_the_newest() -> None:
    trained = np.repeat([5.0, 4.0, 3.0, 2.0, 1.0], 10)
    found = facts_of(history_of(trained, epoch=10, held_out=[5.0, 6.0, 5.0, 6.0, 7.0]))
    assert found.rising_epochs == 2
    assert found.epochs == 5
    assert found.validation[-1] == (50, 7.0, 0.25)
    assert found.gap == pytest.approx((7.0 - 1.0) / 1.0)


def test_where_training_rises_as_well_nothing_is_learned_by_heart() -> None:
    found = facts_of(history_of(np.repeat([1.0, 2.0], 10), epoch=10, held_out=[1.0, 2.0]))
    assert found.rising_epochs == 0


def test_a_loss_summed_over_the_batch_is_compared_per_sample() -> None:
    found = facts_of(
        history_of([80.0] * 10, epoch=10, held_out=[20.0]),
        loss=CrossEntropy(over_batch="sum"),
        batches=Batches(size=8),
    )
    assert found.gap == pytest.approx(1.0)


def test_without_validation_there_is_no_gap() -> None:
    found = facts_of(history_of([1.0] * 20, epoch=10))
    assert (found.gap, found.rising_epochs, found.validation) == (None, 0, ())


def test_steps_of_pretraining_are_no_part_of_the_course() -> None:
    history = history_of([100.0] * 30 + [2.0] * 30)
    found = course_facts(tiny_experiment(), history.view(), first_step=30, training=100)
    assert found is not None
    assert (found.first_loss, found.floor) == (2.0, 2.0)
