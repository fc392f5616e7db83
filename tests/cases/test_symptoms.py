"""Every case shows what its author saw, in the numbers of a rebuilt program; shortened."""

from math import log

import numpy as np
import pytest

from nnstudio.runs.cases import case_names, load_case
from nnstudio.training.loop import train
from nnstudio.training.problems import problems
from tests.cases.patients import (
    after_a_step,
    losses,
    parameters,
    started,
    trained,
)


def test_cases_keep_the_precision_of_their_authors() -> None:
    for name in case_names():
        case = load_case(name)
        if name.startswith("which-activation") or name == "loss-rises-float32":
            assert case.precision == "float32", name
        elif name.startswith(("always", "weights", "gradient", "loss-rises")):
            assert case.precision == "float64", name


def test_cases_whose_authors_held_nothing_out_validate_on_the_test_part_and_say_so() -> None:
    for name in ("always-zero-gradient", "weights-do-not-change", "which-activation"):
        case = load_case(name)
        assert case.data.validate_on_test
        assert case.data.limit is None
    facts = started("weights-do-not-change").data.facts
    assert (facts.training, facts.validation, facts.test) == (60_000, 10_000, 10_000)
    assert problems(load_case("always-zero-gradient"), facts) == ()


# 1: the loss stays high and the gradient is always zero


def test_always_zero_gradient_is_the_program_as_it_was() -> None:
    case = load_case("always-zero-gradient")
    assert [(row.units, row.activation.kind) for row in case.network.layers] == [(100, "sigmoid")]
    assert case.network.output.activation.kind == "softmax"
    assert (case.batches.size, case.batches.replacement, case.stopping.steps) == (32, True, 100)
    assert (case.scaling.kind, case.optimizer.learning_rate) == ("raw", 0.1)
    assert {one.kind for one in case.faults} == {
        "softmax-over-batch",
        "row-wise-numerical-gradient",
    }


def test_its_loss_begins_at_that_of_one_softmax_over_the_whole_batch() -> None:
    state, seen = after_a_step("always-zero-gradient")
    assert losses(state)[0] == pytest.approx(32 * log(320), abs=1)
    assert np.linalg.norm(seen["layers.1.W"]) < 1
    # one number for every row, whatever the column
    assert np.ptp(seen["layers.0.W"], axis=1).max() == 0


def test_the_true_gradient_of_its_second_layer_is_no_zero() -> None:
    state, seen = after_a_step("always-zero-gradient-2-softmax-per-sample")
    assert losses(state)[0] == pytest.approx(32 * log(10), abs=1)
    assert np.linalg.norm(seen["layers.1.W"]) > 20
    assert np.linalg.norm(seen["layers.0.W"]) == pytest.approx(70, rel=0.1)


def test_raw_pixels_saturate_four_of_five_sigmoids() -> None:
    state = started("always-zero-gradient")
    first = parameters(state)
    pixels = state.data.dataset.inputs[state.data.split.training[:500]].astype(np.float64)
    sums = pixels @ first["layers.0.W"]
    assert np.mean(np.abs(sums) > 5) == pytest.approx(0.82, abs=0.03)


# 2: the weights of the first layer never change


def test_weights_of_pixels_that_are_always_dark_do_not_change_and_the_others_do() -> None:
    state = started("weights-do-not-change", steps=100)
    before = parameters(state)["layers.0.W"]
    for _ in train(state):
        pass
    moved = (parameters(state)["layers.0.W"] != before).any(axis=1)
    dark = state.data.facts.constant_inputs
    assert int(dark.sum()) == 67
    assert not moved[dark].any()
    assert moved[~dark].mean() > 0.8


def test_the_sum_of_sizes_hides_how_far_the_first_layer_moved() -> None:
    state = started("weights-do-not-change", steps=300)
    before = parameters(state)["layers.0.W"]
    for _ in train(state):
        pass
    after = parameters(state)["layers.0.W"]
    moved = np.linalg.norm(after - before) / np.linalg.norm(before)
    summed = abs(np.abs(after).sum() / np.abs(before).sum() - 1)
    assert moved > 0.01 > 10 * summed


# 3: is my backpropagation right?


def test_all_output_biases_rise_together_by_what_softmax_cannot_see() -> None:
    state = trained("gradient-check", steps=60, limit=3_000)
    biases = parameters(state)["layers.1.b"]
    # five of ten targets are 1 on average: 0.4 for every output and step, times the rate
    assert biases.mean() == pytest.approx(0.4 * 0.01 * 60, rel=0.02)
    assert biases.std() < 0.02


def test_its_own_gradient_leaves_the_biases_where_they_are() -> None:
    state = trained("gradient-check-1-own-gradient", steps=60, limit=3_000)
    assert abs(parameters(state)["layers.1.b"].mean()) < 1e-12
    # of few samples, which have a few ones more or less than half
    assert losses(state).mean() == pytest.approx(5 * (log(10) - log(0.9)), abs=0.15)


# 4: the loss rises


@pytest.mark.parametrize("name", ["loss-rises", "loss-rises-1-derivative", "loss-rises-spirals"])
def test_the_loss_rises_until_the_clip_speaks(name: str) -> None:
    found = losses(trained(name, steps=400))
    assert found[0] < 1.5
    assert found[-100:].mean() == pytest.approx(-log(1e-10) / 2, abs=0.4)


def test_in_single_precision_it_breaks_off_within_a_few_steps() -> None:
    state = trained("loss-rises-float32")
    assert state.ended is not None
    assert (state.ended.reason, state.step < 10) == ("diverged", True)


def test_the_answer_that_its_author_got_sits_at_ln_2() -> None:
    state = trained("loss-rises-as-answered", steps=1_000)
    assert losses(state)[-200:].mean() == pytest.approx(log(2), abs=1e-3)


def test_healed_xor_is_learned_in_a_few_epochs() -> None:
    state = trained("loss-rises-healed", steps=300)
    assert state.history.view().validation.score.max() == 1


# 5: which activation


def test_sigmoids_hand_a_short_gradient_to_the_first_layer() -> None:
    norms = [
        [float(np.linalg.norm(seen[f"layers.{row}.W"])) for row in range(3)]
        for _, seen in map(after_a_step, ("which-activation", "which-activation-healed"))
    ]
    assert norms[0][2] / norms[0][0] > 10
    assert norms[1][2] / norms[1][0] < 3


def test_a_layer_by_layer_start_is_one_of_the_remedies() -> None:
    names = [name for name in case_names() if name.startswith("which-activation-vanishing-")]
    kinds = {load_case(name).pretraining.kind for name in names}
    assert "layer_by_layer" in kinds
    assert {
        load_case(f"which-activation-exploding-clipped-{by}").clipping.kind
        for by in ("norm", "value")
    } == {"by_norm", "by_value"}


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("which-activation-minimum-1", 0.6, 0.75),
        ("which-activation-minimum-3", 0.3, 0.4),
        ("which-activation-minimum-5", 0.0, 0.05),
    ],
)
def test_the_same_network_ends_in_different_minima(name: str, least: float, most: float) -> None:
    assert least < losses(trained(name))[-50:].mean() < most
