"""Every case run whole: its symptom at the end, and what its healed one learns."""

from math import log

import numpy as np
import pytest

from nnstudio.doctor.gradient_check import check_gradient
from nnstudio.doctor.headless import examined
from nnstudio.runs.headless import judged
from nnstudio.training.loop import train
from tests.cases.patients import accuracy, losses, parameters, started, trained

pytestmark = pytest.mark.slow


def test_always_zero_gradient_learns_nothing_in_its_hundred_steps() -> None:
    state = trained("always-zero-gradient")
    assert losses(state).min() > 32 * log(32)
    assert losses(state)[-20:].mean() == pytest.approx(185, abs=2)
    assert accuracy(state) < 0.15


def test_a_right_gradient_alone_makes_its_loss_rise() -> None:
    for name in ("1-analytic", "2-softmax-per-sample"):
        state = trained(f"always-zero-gradient-{name}")
        assert losses(state)[-20:].mean() > 1.5 * losses(state)[0]
        assert accuracy(state) < 0.15


def test_raw_pixels_are_ahead_after_a_hundred_steps_and_behind_after_a_thousand() -> None:
    raw, scaled = "always-zero-gradient-3-mean", "always-zero-gradient-4-scaled"
    assert accuracy(trained(raw)) > 0.5
    assert accuracy(trained(scaled)) < 0.25
    assert accuracy(trained(scaled, steps=1_000)) > accuracy(trained(raw, steps=1_000)) + 0.03


def test_always_zero_gradient_healed_reads_nine_of_ten() -> None:
    assert accuracy(trained("always-zero-gradient-healed")) >= 0.9


def test_weights_do_not_change_learns_slowly_while_the_first_layer_moves() -> None:
    state = started("weights-do-not-change")
    before, moved, right = parameters(state)["layers.0.W"], [], []
    for step in train(state):
        if step.ends_epoch and step.epoch in {1, 5, 20}:
            change = parameters(state)["layers.0.W"] - before
            moved.append(float(np.linalg.norm(change) / np.linalg.norm(before)))
            right.append(step.validation.score if step.validation else 0.0)
    assert right == pytest.approx([0.45, 0.71, 0.88], abs=0.06)
    assert moved[0] == pytest.approx(0.05, abs=0.01)
    assert moved[-1] == pytest.approx(0.36, abs=0.03)


def test_weights_do_not_change_healed_reads_more_than_nine_of_ten() -> None:
    assert accuracy(trained("weights-do-not-change-healed")) >= 0.95


def test_gradient_check_moves_in_the_third_digit_and_its_biases_by_four() -> None:
    state = trained("gradient-check")
    floor = 5 * (log(10) - log(0.9))
    assert judged(state).train_loss == pytest.approx(floor, abs=0.03)
    assert parameters(state)["layers.1.b"].mean() == pytest.approx(4.0, abs=0.05)


def test_gradient_check_healed_passes_at_a_millionth_and_stays_at_a_coin_for_every_answer() -> None:
    state = started("gradient-check-healed")
    found = examined(state, steps=1_000)
    report = check_gradient(state.data, found.moments[0], generator=np.random.default_rng(0))
    assert report.passed
    assert max(block.relative_error for block in report.blocks) < 1e-6
    assert losses(state)[-100:].mean() == pytest.approx(10 * log(2), abs=0.01)


def test_noise_can_be_memorized_and_not_learned() -> None:
    state = trained("gradient-check-memorizing")
    validation = state.history.view().validation.loss
    assert (judged(state).train_loss or 99) < 10 * log(2) - 0.2
    assert validation[-1] > 10 * log(2) + 0.1


def test_the_answer_still_sits_at_chance_after_fifty_thousand_steps() -> None:
    state = trained("loss-rises-as-answered", steps=50_000)
    assert losses(state)[-500:].mean() == pytest.approx(log(2), abs=1e-3)
    assert accuracy(state) < 0.6


@pytest.mark.parametrize(
    ("name", "stuck"),
    [("loss-rises", 11.5), ("loss-rises-spirals", 11.5), ("loss-rises-mnist-01", 10.8)],
)
def test_the_loss_ends_where_the_clip_holds_it(name: str, stuck: float) -> None:
    assert judged(trained(name)).train_loss == pytest.approx(stuck, abs=0.5)


@pytest.mark.parametrize(("name", "least"), [("", 1.0), ("spirals-", 0.95), ("mnist-01-", 0.99)])
def test_loss_rises_healed_learns_all_three_tasks(name: str, least: float) -> None:
    outcome = judged(trained(f"loss-rises-{name}healed"))
    assert min(outcome.validation_accuracy or 0, outcome.test_accuracy or 0) >= least


def test_which_activation_hardly_learns_and_healed_reads_97_of_a_hundred() -> None:
    assert accuracy(trained("which-activation", steps=1_500)) < 0.4
    assert accuracy(trained("which-activation-healed", steps=1_500)) >= 0.97


def test_normalized_inputs_let_the_curve_fit_and_then_over_fit() -> None:
    raw, normalized = (
        trained(f"which-activation-polynomial-{kind}") for kind in ("raw", "normalized")
    )
    assert accuracy(normalized) > 0.7
    assert accuracy(raw) < 0.3
    # the noise has a variance of 0.36
    assert losses(normalized)[-100:].mean() < 0.18
    assert losses(raw)[-100:].mean() > 0.36
    held_out = normalized.history.view().validation.loss
    assert held_out[-1] > 1.5 * held_out.min()


def test_every_remedy_beats_the_vanishing_gradient() -> None:
    sick = accuracy(trained("which-activation-vanishing"))
    assert sick < 0.4
    for remedy in ("pretrained", "large-start", "shallow", "batch-norm", "relu"):
        assert accuracy(trained(f"which-activation-vanishing-{remedy}")) > 0.75, remedy


def test_clipping_keeps_an_exploding_run_alive_and_the_right_start_makes_it_learn() -> None:
    sick = trained("which-activation-exploding")
    assert sick.ended is not None
    assert sick.ended.reason == "diverged"
    scores = [
        accuracy(trained(f"which-activation-exploding-{remedy}"))
        for remedy in ("clipped-norm", "clipped-value", "he")
    ]
    assert scores[2] > 0.9 > max(scores[:2]) > min(scores[:2]) > 0.4


def test_any_falling_schedule_ends_better_than_a_constant_rate() -> None:
    steady = accuracy(trained("which-activation-schedule-constant"))
    for falls in ("cosine", "exponential-stepwise", "inverse-time", "polynomial"):
        assert accuracy(trained(f"which-activation-schedule-{falls}")) > steady + 0.01, falls
