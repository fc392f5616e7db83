"""Smoothed losses: when a loss has blown up, and means that are not shifted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.training.smoothing import WINDOW, blown_up, smoothed


def test_a_loss_far_over_its_lowest_has_blown_up() -> None:
    falling = np.concatenate((np.linspace(2.0, 0.5, 50), np.full(WINDOW, 0.5)))
    assert not blown_up(np.concatenate((falling, np.full(WINDOW, 1.9))), 4)
    assert blown_up(np.concatenate((falling, np.full(WINDOW, 2.3))), 4)


def test_one_hard_batch_is_no_blow_up() -> None:
    losses = np.full(100, 1.0)
    losses[-1] = 25.0
    assert not blown_up(losses, 4)


def test_a_few_steps_say_nothing() -> None:
    assert not blown_up(np.array([1.0] * (WINDOW - 1) + [1e9]), 4)
    assert not blown_up(np.empty(0), 4)


@given(st.lists(st.floats(0.1, 10), min_size=WINDOW + 1, max_size=60))
def test_the_answer_is_that_of_means_block_by_block(losses: list[float]) -> None:
    values = np.array(losses)
    means = [values[at : at + WINDOW].mean() for at in range(0, len(values) - WINDOW + 1, WINDOW)]
    ratio = values[-WINDOW:].mean() / min(means)
    for times in (1.5, 3.0):
        if abs(ratio - times) > 1e-9:
            assert blown_up(values, times) == (ratio > times)


def test_a_perfect_fit_may_waver() -> None:
    fitted = [1.0] * 20 + [0.0] * 20
    assert not blown_up(np.array([*fitted, *[1e-4] * WINDOW]), 4)
    assert blown_up(np.array([*fitted, *[0.1] * WINDOW]), 4)


@pytest.mark.parametrize("width", [0.5, 3.0, 40.0])
def test_a_constant_stays_what_it_is_up_to_the_ends(width: float) -> None:
    assert smoothed(np.full(30, 2.5), width) == pytest.approx(np.full(30, 2.5))


def test_nothing_is_shifted() -> None:
    steps = np.arange(201)
    found = smoothed(np.exp(-(((steps - 100) / 20) ** 2)), 5)
    assert found.argmax() == 100
    assert found == pytest.approx(found[::-1])


def test_noise_becomes_smaller() -> None:
    noise = np.random.default_rng(0).standard_normal(500)
    assert smoothed(noise, 8)[50:-50].std() < 0.3


def test_nothing_smoothed_is_nothing() -> None:
    assert smoothed(np.empty(0), 3).shape == (0,)
