"""The range test: a run like any other, and what its curve says of the learning rate."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.nn.activations import Identity, Relu
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.schedules import Cosine, LinearWarmUp, RangeTest
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.history import History, HistoryView
from nnstudio.training.loop import train
from nnstudio.training.problems import problems
from nnstudio.training.range_test import (
    HIGHEST,
    LOWEST,
    RangeFinding,
    curve_of,
    range_experiment,
    suggestion,
    with_rate,
)
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case

STEPS = 300


def history_of(losses: np.ndarray, *, rates: np.ndarray | None = None) -> HistoryView:
    history = History()
    known = np.geomspace(LOWEST, HIGHEST, len(losses)) if rates is None else rates
    for loss, rate in zip(losses, known, strict=True):
        history.append(float(loss), 0.5, float(rate), 0.0)
    return history.view()


def valley(*, falls_at: float, rises_at: float, noise: float = 0.02, seed: int = 0) -> np.ndarray:
    """A loss that falls from 2 to 0.5 around one rate and rises around a higher one."""
    place = np.linspace(np.log10(LOWEST), np.log10(HIGHEST), STEPS)
    fall = 1 / (1 + np.exp(-6 * (place - np.log10(falls_at))))
    rise = np.exp(6 * (place - np.log10(rises_at)))
    wild = noise * np.random.default_rng(seed).standard_normal(STEPS)
    return np.asarray(2 - 1.5 * fall + np.minimum(rise, 20) + wild)


def found_in(losses: np.ndarray) -> RangeFinding:
    found = suggestion(history_of(losses))
    assert found is not None
    return found


def test_only_rate_and_end_are_others_in_the_experiment_of_the_test() -> None:
    experiment = Experiment(
        optimizer=Sgd(learning_rate=0.5, momentum=0.9),
        schedule=Cosine(),
        warm_up=LinearWarmUp(),
        stopping=Stopping(epochs=7, patience=2),
    )
    test = range_experiment(experiment, lowest=1e-4, highest=1.0, steps=50)
    assert test.optimizer == Sgd(learning_rate=1e-4, momentum=0.9)
    assert test.schedule == RangeTest(rise=1e4)
    assert (test.stopping.steps, test.stopping.epochs) == (50, None)
    kept = ("data", "network", "loss", "batches", "seed", "precision", "scaling")
    assert all(getattr(test, name) == getattr(experiment, name) for name in kept)
    assert problems(test, None) == ()


def test_a_highest_rate_that_is_not_allowed_becomes_the_highest_that_is() -> None:
    test = range_experiment(Experiment(), highest=1e6)
    assert isinstance(test.schedule, RangeTest)
    assert test.optimizer.learning_rate * test.schedule.rise == pytest.approx(HIGHEST)


def test_the_suggestion_lies_between_the_steepest_fall_and_the_lowest_point() -> None:
    found = found_in(valley(falls_at=1e-3, rises_at=0.3))
    assert found.steepest == pytest.approx(1e-3, rel=0.4)
    assert found.steepest < found.suggested < found.bottom < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_noise_moves_the_suggestion_little(seed: int) -> None:
    clean = found_in(valley(falls_at=1e-3, rises_at=0.3, noise=0.0)).suggested
    noisy = found_in(valley(falls_at=1e-3, rises_at=0.3, noise=0.15, seed=seed)).suggested
    assert abs(np.log10(noisy / clean)) < 0.4


def test_the_suggestion_moves_with_the_rates() -> None:
    low = found_in(valley(falls_at=1e-4, rises_at=3e-2)).suggested
    high = found_in(valley(falls_at=1e-2, rises_at=3.0)).suggested
    assert high / low == pytest.approx(100, rel=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_a_loss_that_never_falls_suggests_nothing(seed: int) -> None:
    noise = 0.3 * np.random.default_rng(seed).standard_normal(STEPS)
    assert suggestion(history_of(2 + noise)) is None
    assert suggestion(history_of(2 + noise + np.linspace(0, 3, STEPS))) is None


@pytest.mark.parametrize("steps", [30, 60, 100, 300])
def test_one_hard_batch_in_a_flat_loss_suggests_nothing(steps: int) -> None:
    for place in range(15):
        losses = np.ones(steps)
        losses[place] = 50
        assert suggestion(history_of(losses)) is None
        wavy = losses + 0.1 * np.random.default_rng(place).standard_normal(steps)
        assert suggestion(history_of(wavy)) is None


@pytest.mark.parametrize("steps", [30, 100, 300])
def test_however_wild_the_losses_are_an_answer_comes(steps: int) -> None:
    for seed in range(20):
        wild = np.random.default_rng(seed).lognormal(sigma=3, size=steps)
        found = suggestion(history_of(wild))
        assert found is None or LOWEST <= found.suggested <= HIGHEST


@pytest.mark.parametrize("loss", [0.1, 0.6931, 2.302585])
def test_a_loss_that_never_changes_suggests_nothing_whatever_rounding_does(loss: float) -> None:
    for steps in range(30, 301, 9):
        assert suggestion(history_of(np.full(steps, loss))) is None
    rounded = np.random.default_rng(0).integers(-1, 2, STEPS) * 6e-8
    assert suggestion(history_of(loss * (1 + rounded * (np.arange(STEPS) % 7 == 0)))) is None


def test_a_hard_batch_does_not_hide_the_fall_behind_it() -> None:
    clean = valley(falls_at=1e-3, rises_at=0.3, noise=0.0)
    hard = clean.copy()
    hard[60] *= 1.5
    assert found_in(hard) == found_in(clean)


def test_what_comes_after_the_loss_was_worse_than_at_the_start_does_not_count() -> None:
    losses = valley(falls_at=1e-3, rises_at=3.0, noise=0.0)
    place = np.linspace(np.log10(LOWEST), np.log10(HIGHEST), STEPS)
    losses = np.where(place < -0.5, losses + 3 * np.exp(-(((place + 1.3) / 0.2) ** 2)), 0.1)
    assert found_in(losses).bottom < 0.05


def test_a_fall_without_any_noise_is_seen() -> None:
    assert found_in(valley(falls_at=1e-3, rises_at=0.3, noise=0.0)).suggested > 1e-3


def test_a_few_steps_suggest_nothing() -> None:
    assert suggestion(history_of(np.linspace(2, 1, 10))) is None
    assert suggestion(history_of(np.empty(0))) is None


def test_a_test_that_has_just_begun_to_fall_has_a_suggestion_so_far() -> None:
    losses = valley(falls_at=1e-3, rises_at=0.3)[:190]
    rates = np.geomspace(LOWEST, HIGHEST, STEPS)[:190]
    found = suggestion(history_of(losses, rates=rates))
    assert found is not None
    assert found.bottom <= rates[-1]


def test_what_blew_up_is_told_with_the_rate_where_it_did() -> None:
    history = history_of(valley(falls_at=1e-3, rises_at=0.3))
    found = suggestion(history, blown_up=True)
    assert found is not None
    assert found.blown_up == pytest.approx(HIGHEST)


def test_the_suggestion_keeps_away_from_where_the_loss_blew_up() -> None:
    losses = valley(falls_at=1e-2, rises_at=0.3, noise=0.0)
    rates = np.geomspace(LOWEST, HIGHEST, STEPS)
    ends = int(np.searchsorted(rates, 0.2))
    history = history_of(losses[:ends], rates=rates[:ends])
    near, far = suggestion(history), suggestion(history, blown_up=True)
    assert near is not None
    assert far is not None
    assert near.suggested > 0.02
    assert far.suggested == pytest.approx(rates[ends - 1] / 10, rel=0.03)
    assert (far.steepest, far.bottom) == (near.steepest, near.bottom)
    assert (near.bounded, far.bounded) == (False, True)


def test_the_curve_leaves_out_what_is_no_number() -> None:
    losses = valley(falls_at=1e-3, rises_at=0.3)
    losses[7] = np.inf
    curve = curve_of(history_of(losses))
    assert len(curve.rate) == len(curve.loss) == len(curve.smooth) == STEPS - 1
    assert np.isfinite(curve.smooth).all()


def test_a_test_stops_itself_when_the_loss_blows_up() -> None:
    case = tiny_case(optimizer=Sgd())
    test = range_experiment(case.experiment)
    state = TrainingState.start(test, case.data)
    rates = [step.rate for step in train(state)]
    assert state.ended is not None
    assert state.ended.reason in {"blown_up", "diverged", "steps"}
    assert rates[0] == pytest.approx(LOWEST)
    assert np.all(np.diff(rates) > 0)


def test_a_loss_that_blows_up_ends_the_test_before_its_last_step() -> None:
    linear = NetworkSpec(
        layers=(HiddenLayer(units=8, activation=Relu()),), output=OutputLayer(activation=Identity())
    )
    case = tiny_case(optimizer=Adam(), network=linear, loss=MeanSquaredError())
    state = TrainingState.start(range_experiment(case.experiment), case.data)
    for _ in train(state):
        pass
    assert state.ended is not None
    assert (state.ended.reason, state.step < STEPS) == ("blown_up", True)


def test_the_same_seed_gives_the_same_test_and_its_recipe_makes_it_again() -> None:
    case = tiny_case(optimizer=Adam())
    runs = [TrainingState.start(range_experiment(case.experiment), case.data) for _ in range(2)]
    for state in runs:
        for _ in train(state):
            pass
    again = replay(runs[0].recipe, case.data)
    losses = [state.history.view().loss.tobytes() for state in (*runs, again)]
    assert losses[0] == losses[1] == losses[2]
    assert again.ended == runs[0].ended


def test_the_rate_is_set_and_nothing_else() -> None:
    experiment = Experiment()
    changed = with_rate(experiment, 0.02)
    assert changed.optimizer.learning_rate == 0.02
    assert replace(changed, optimizer=experiment.optimizer) == experiment
