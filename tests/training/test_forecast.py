"""The learning rate of a run that has not begun is the one that the run will use."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant, Cosine, LinearWarmUp, ReduceOnPlateau
from nnstudio.training.experiment import Batches, Experiment, Stopping
from nnstudio.training.facts import DataFacts
from nnstudio.training.forecast import RateForecast, rate_forecast


def facts_of(training: int) -> DataFacts:
    return DataFacts(
        training=training,
        validation=0,
        test=0,
        inputs=2,
        outputs=2,
        image_shape=None,
        class_names=("0", "1"),
        known_classes=("0", "1"),
        constant_inputs=np.zeros(2, dtype=np.bool_),
        sha256="",
    )


def forecast(experiment: Experiment, *, training: int = 100) -> RateForecast:
    found = rate_forecast(experiment, facts_of(training))
    assert isinstance(found, RateForecast)
    return found


PLAIN = Experiment(
    optimizer=Sgd(learning_rate=0.5),
    schedule=Constant(),
    batches=Batches(size=10),
    stopping=Stopping(epochs=3),
)


def test_the_length_is_that_of_the_first_limit() -> None:
    assert forecast(PLAIN).total_steps == 30
    assert forecast(replace(PLAIN, stopping=Stopping(epochs=3, steps=7))).total_steps == 7
    assert forecast(replace(PLAIN, stopping=Stopping(epochs=None, steps=9))).total_steps == 9


def test_the_rates_are_base_times_schedule_times_warm_up() -> None:
    warm = LinearWarmUp(steps=4, start=0.0)
    rates = forecast(replace(PLAIN, warm_up=warm)).rates
    assert rates[:6].tolist() == [0.0, 0.125, 0.25, 0.375, 0.5, 0.5]
    assert rates[-1] == 0.5


def test_each_step_of_a_short_run_is_looked_at() -> None:
    found = forecast(PLAIN)
    assert found.steps.tolist() == list(range(30))


def test_a_warm_up_of_few_steps_is_seen_in_a_run_of_many() -> None:
    long = replace(PLAIN, stopping=Stopping(epochs=1000), warm_up=LinearWarmUp(steps=5))
    found = forecast(long, training=10_000)
    assert found.total_steps == 1_000_000
    assert {0, 1, 2, 3, 4, 5} <= set(found.steps.tolist())
    assert len(found.steps) < 2000


def test_a_rate_that_falls_once_an_epoch_falls_at_its_first_step() -> None:
    stairs = replace(PLAIN, schedule=Cosine(stepwise=True), stopping=Stopping(epochs=40))
    found = forecast(stairs, training=10_000)
    # what is less than a hundredth of the range is not to be seen in a drawing
    seen = np.diff(found.rates) < -0.01 * 0.5
    falls, before = found.steps[1:][seen], found.steps[:-1][seen]
    assert len(falls) > 30
    assert set((falls % 1000).tolist()) == {0}
    assert (falls - before == 1).all()


def test_without_an_end_it_says_that_the_length_is_not_known() -> None:
    endless = replace(PLAIN, stopping=Stopping(epochs=None, seconds=2.0))
    assert "limit" in str(rate_forecast(endless, facts_of(100)))


def test_without_data_it_says_that_they_are_needed() -> None:
    assert "loaded" in str(rate_forecast(PLAIN, None))


@pytest.mark.parametrize("schedule", [Constant(), Cosine()])
def test_what_does_not_look_at_the_validation_is_known_to_the_end(
    schedule: Constant | Cosine,
) -> None:
    assert not forecast(replace(PLAIN, schedule=schedule)).until_validated


def test_what_waits_for_the_validation_may_change_the_rate_however_patient_it_is() -> None:
    schedule = ReduceOnPlateau(patience=1_000)
    assert forecast(replace(PLAIN, schedule=schedule)).until_validated
