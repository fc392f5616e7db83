"""Every rule on facts: silent on healthy ones, fires where one is changed, says what it lacks."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from math import inf
from typing import Any, Final

import numpy as np
import pytest

from nnstudio.doctor.diagnosis import Finding, Phase, Rule, Severity, Unknown
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.evidence.facts import NonFinite
from nnstudio.doctor.rules import RULES
from nnstudio.nn.activations import Identity, Relu, Sigmoid, Tanh
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.penalties import L2
from nnstudio.nn.schedules import LinearWarmUp
from nnstudio.training.experiment import Batches, Stopping
from tests.doctor.patients import BY_RULE, PATIENTS, changed, network

NAMED: Final = {rule.name: rule for rule in RULES}
Change = Callable[[Evidence], Evidence]


def part(name: str, facts: Mapping[str, Any]) -> Change:
    def change(one: Evidence) -> Evidence:
        whole: Any = one
        made: Evidence = replace(whole, **{name: replace(getattr(whole, name), **facts)})
        return made

    return change


def inputs(**facts: Any) -> Change:
    return part("inputs", facts)


def step(**facts: Any) -> Change:
    return part("arithmetic", facts)


def first_step(**facts: Any) -> Change:
    return part("first_arithmetic", facts)


def outputs(**facts: Any) -> Change:
    return part("outputs", facts)


def course(**facts: Any) -> Change:
    return part("course", facts)


def setting(**settings: Any) -> Change:
    return lambda one: replace(one, experiment=replace(one.experiment, **settings))


def layers(*numbers: int, start: bool = False, **facts: Any) -> Change:
    def change(one: Evidence) -> Evidence:
        name = "start" if start else "layers"
        rows = getattr(one, name)
        made = tuple(
            replace(row, **facts) if row.number in numbers or not numbers else row for row in rows
        )
        whole: Any = one
        changed_one: Evidence = replace(whole, **{name: made})
        return changed_one

    return change


def every(*changes: Change) -> Change:
    def change(one: Evidence) -> Evidence:
        for each in changes:
            one = each(one)
        return one

    return change


def losses(value: float, *, peak: float | None = None) -> Change:
    def change(one: Evidence) -> Evidence:
        assert one.history is not None
        loss = np.full(one.history.steps, value)
        if peak is not None:
            loss[3] = peak
        return replace(one, history=replace(one.history, loss=loss))

    return change


def gradients(error: float, size: float, *, only: str = "") -> Change:
    def change(one: Evidence) -> Evidence:
        assert one.arithmetic is not None
        slots = one.arithmetic.gradient_errors
        chosen = {name for name in slots if name.endswith(only)}
        return step(
            gradient_errors={name: error if name in chosen else 0.0 for name in slots},
            gradient_sizes={name: size if name in chosen else 1.0 for name in slots},
        )(one)

    return change


def updates(error: float, *, only: str = "") -> Change:
    def change(one: Evidence) -> Evidence:
        assert one.arithmetic is not None
        slots = one.arithmetic.update_errors
        return step(update_errors={name: error if name.endswith(only) else 0.0 for name in slots})(
            one
        )

    return change


LATE: Final = course(loss=1.5, first_loss=1.6, best_loss=1.5)
SHIFTED: Final = np.roll(20 * np.eye(5, dtype=np.int64), 1, axis=1)
SAME: Final = np.zeros((5, 5), np.int64) + np.array([20, 0, 0, 0, 0])
SIGMOIDS: Final = setting(network=network(24, 16, activation=Sigmoid()))
ROWS: Final = tuple((100 * at, 1.2, 0.3 + 0.07 * (at % 2)) for at in range(20))
FLAT: Final = tuple((100 * at, 1.2, 0.3) for at in range(20))

SICK: Final[Mapping[str, Change]] = {
    "non-finite-inputs": inputs(non_finite=3),
    "blank-inputs": inputs(constant=40),
    "labels-off": step(label_matches=0.1),
    "one-class-per-batch": step(batch_classes=1),
    "contradictory-samples": inputs(contradictions=0.2),
    "unbalanced-classes": inputs(class_counts=(200, 100, 15, 10, 5)),
    "validation-in-training": inputs(shared=1.0),
    "nothing-to-learn": inputs(neighbour_gain=0.0),
    "duplicate-samples": inputs(duplicates=0.3),
    "constant-inputs": inputs(constant=4),
    "raw-inputs": inputs(highest=255.0, spread=80.0),
    "off-centre-inputs": inputs(mean=4.0),
    "faint-inputs": inputs(spread=0.001),
    "held-out-scaled-differently": inputs(held_out_spread=20.0),
    "targets-out-of-reach": inputs(target_highest=3.0),
    "targets-do-not-add-up": inputs(target_sum_error=2.0),
    "large-targets": every(lambda one: replace(one, task="values"), inputs(target_highest=1_000.0)),
    "symmetric-units": every(layers(0, start=True, twins=1.0), layers(0, twins=1.0)),
    "weights-too-large": layers(1, start=True, weights_spread=5.0),
    "weights-too-small": layers(1, start=True, weights_spread=0.001),
    "no-non-linearity": setting(network=network(24, 16, activation=Identity())),
    "wrong-loss-for-output": setting(loss=MeanSquaredError()),
    "first-loss-wrong": first_step(told_loss=9.0),
    "summed-loss": setting(loss=CrossEntropy(over_batch="sum")),
    "few-steps": setting(stopping=Stopping(epochs=None, steps=5)),
    "batch-too-large": setting(batches=Batches(size=300), stopping=Stopping(epochs=20)),
    "warm-up-too-long": setting(warm_up=LinearWarmUp(steps=1_000)),
    "heavy-dropout": setting(network=network(24, 16, dropout=Dropout(rate=0.9))),
    "narrow-layer": layers(0, units=3),
    "outputs-do-not-sum": step(output_sum_error=0.4),
    "softmax-twice": every(course(floor=0.91, score=0.9), step(told_loss=0.95, own_loss=0.1)),
    "outputs-differ": step(output_error=0.2),
    "loss-told-differs": step(told_loss=2.0, own_loss=1.0),
    "evaluation-differs": outputs(told=(0.5, 0.6)),
    "gradient-accumulates": every(gradients(0.7, 1.2), step(repeated=1.0, repeated_error=1e-9)),
    "gradient-sign": gradients(2.0, -1.0),
    "gradient-missing": gradients(1.0, 0.0, only="2.W"),
    "gradient-wrong": gradients(0.7, 1.2, only="0.W"),
    "gradient-scaled": gradients(15 / 16, 16.0),
    "one-step-failed": every(gradients(0.7, 1.2, only="0.W"), step(one_step=0.3)),
    "nothing-updated": every(updates(1.0), layers(update_ratio=0.0)),
    "biases-not-updated": updates(1.0, only=".b"),
    "update-wrong": updates(0.5),
    "clip-speaks": every(setting(loss=BinaryCrossEntropy(clip=1e-10)), outputs(clipped=0.5)),
    "non-finite": lambda one: replace(one, non_finite=NonFinite(7, 1, "sums")),
    "dead-units": layers(0, dead=0.9),
    "saturated-units": every(SIGMOIDS, LATE, layers(0, activation="sigmoid", slope=0.01)),
    "zero-gradients": every(LATE, layers(0, zero_gradients=1.0)),
    "vanishing-gradient": every(LATE, layers(0, gradient_norm=1e-6)),
    "stacked-sigmoids": every(
        layers(0, 1, activation="sigmoid"), layers(0, start=True, gradient_norm=1e-3)
    ),
    "exploding-gradient": every(LATE, layers(0, gradient_norm=1e6)),
    "rate-too-high": every(course(loss=9.0, first_loss=1.6, best_loss=1.5), losses(9.0)),
    "clipped-steps": every(setting(clipping=ByNorm(limit=1e-6))),
    "penalty-wins": every(
        setting(network=network(24, 16, penalty=L2(l2=0.1))),
        layers(0, weights_norm=1e-4, penalty_ratio=0.9),
    ),
    "weights-do-not-move": every(LATE, layers(0, update_ratio=1e-12)),
    "rate-too-low": every(LATE, layers(update_ratio=1e-5), step(reach=1_000.0)),
    "swinging-score": course(validation=ROWS, score=0.4),
    "shifted-answers": outputs(answers=SHIFTED),
    "output-biases-drift": layers(2, bias_mean=4.0),
    "always-the-same-answer": outputs(answers=SAME, largest_share=1.0),
    "stuck-at-guessing": losses(1.61),
    "too-small": course(validation=FLAT, score=0.32),
    "below-neighbours": every(
        lambda one: replace(one, task="values"),
        inputs(neighbour_gain=0.9),
        course(validation=FLAT, score=0.3),
    ),
    "stopped-too-early": every(LATE, course(ended="epochs", fall=0.5)),
    "over-fitting": course(rising_epochs=4, gap=0.5),
}


def test_there_are_rules_enough() -> None:
    assert len(RULES) >= 30


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len(NAMED) == len(RULES)


def test_every_rule_is_tried_here_and_has_a_patient() -> None:
    assert set(SICK) == set(NAMED)
    assert {one.rule for one in PATIENTS} == set(NAMED)
    assert len(BY_RULE) == len(PATIENTS)


def test_rules_stand_in_the_order_of_causes() -> None:
    phases = [rule.phase for rule in RULES]
    assert phases == sorted(phases)
    assert set(phases) == set(Phase)


def test_what_explains_a_rule_is_a_rule_and_never_in_a_ring() -> None:
    seen: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, (*above, name)
        if name in seen:
            return
        for one in NAMED[name].explained_by:
            assert one in NAMED, one
            walk(one, (*above, name))
        seen.add(name)

    for name in NAMED:
        walk(name, ())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_says_what_it_checks_and_where_its_limit_comes_from(rule: Rule) -> None:
    assert str(rule.checks).endswith(".")
    assert len(rule.source) > 10
    assert rule.in_a_row >= 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_is_silent_on_a_healthy_run(rule: Rule, looks: tuple[Evidence, ...]) -> None:
    assert [look.step for look in looks if isinstance(rule.judge(look), Finding)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_fires_where_its_facts_are_sick(rule: Rule, healthy: Evidence) -> None:
    found = rule.judge(SICK[rule.name](healthy))
    assert isinstance(found, Finding), found
    assert (found.rule, found.step) == (rule.name, healthy.step)
    # sentences with their numbers, in whole
    for sentence in (found.claim, found.reason, *(one.told for one in found.remedies)):
        assert "{" not in str(sentence)
        assert str(sentence)[0].isupper() or str(sentence)[0].isdigit()
    assert str(found.claim).endswith(".")
    assert str(found.reason).endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_a_rule_without_its_facts_says_that_it_was_not_checked(
    rule: Rule, healthy: Evidence
) -> None:
    bare = Evidence(step=300, experiment=healthy.experiment)
    verdict = rule.judge(bare)
    static = {"no-non-linearity", "wrong-loss-for-output", "non-finite", "heavy-dropout"}
    if rule.name in static:
        assert verdict is None
    elif rule.name not in {"summed-loss", "warm-up-too-long"}:
        assert isinstance(verdict, Unknown)
        assert str(verdict.why).endswith(".")


def test_rules_never_see_a_classic_mistake(healthy: Evidence) -> None:
    assert healthy.experiment.faults == ()
    assert not [one.name for one in fields(Evidence) if "fault" in one.name]


# limits


def severity(name: str, evidence: Evidence) -> Severity | None:
    found = NAMED[name].judge(evidence)
    return found.severity if isinstance(found, Finding) else None


def test_a_few_dead_units_are_nobodys_business(healthy: Evidence) -> None:
    told = [severity("dead-units", layers(0, dead=share)(healthy)) for share in (0.4, 0.6, 0.9, 1)]
    assert told == [None, Severity.NOTE, Severity.SLOW, Severity.BROKEN]


def test_dead_layers_blame_no_layer_of_sigmoids_above_them(healthy: Evidence) -> None:
    sick = every(
        setting(network=network(24, 16, activation=Relu())),
        layers(0, dead=1.0, off=1.0),
        layers(1, dead=1.0, activation="sigmoid", lit=0.0),
    )(healthy)
    found = NAMED["dead-units"].judge(sick)
    assert isinstance(found, Finding)
    assert found.layer == 0
    assert {path[2] for one in found.remedies for path, _ in one.changes if len(path) > 2} == {0}


def test_a_flat_layer_of_sigmoids_hides_no_dead_units(healthy: Evidence) -> None:
    sick = every(layers(0, dead=0.97), layers(1, dead=1.0, activation="sigmoid"))
    assert severity("dead-units", sick(healthy)) == Severity.BROKEN


def test_a_run_that_diverges_at_once_had_a_rate_that_is_too_high(healthy: Evidence) -> None:
    sick = every(course(ended="diverged", first_loss=1.6), losses(2.0, peak=1e9))(healthy)
    early = replace(sick, step=6)
    assert severity("rate-too-high", early) == Severity.BROKEN


def test_where_the_gradient_points_elsewhere_its_length_is_not_judged(healthy: Evidence) -> None:
    wrong = gradients(0.7, 1.2)(healthy)
    for name in ("gradient-scaled", "gradient-sign"):
        assert isinstance(NAMED[name].judge(wrong), Unknown)


def test_a_difference_of_evaluations_names_dropout_only_where_there_is_some(
    healthy: Evidence,
) -> None:
    sick = SICK["evaluation-differs"](healthy)
    found = NAMED["evaluation-differs"].judge(sick)
    assert isinstance(found, Finding)
    assert found.remedies == ()
    drops = setting(network=network(24, 16, dropout=Dropout(rate=0.2)))
    found = NAMED["evaluation-differs"].judge(drops(sick))
    assert isinstance(found, Finding)
    assert found.remedies[0].mistake == "dropout-active-in-prediction"


def test_worse_than_a_guess_is_told_from_guessing(healthy: Evidence) -> None:
    judge = NAMED["stuck-at-guessing"].judge
    guessing, worse = judge(losses(1.61)(healthy)), judge(losses(11.5)(healthy))
    assert isinstance(guessing, Finding)
    assert isinstance(worse, Finding)
    assert str(guessing.reason) != str(worse.reason)


def test_saturated_sigmoids_that_have_learned_are_left_alone(healthy: Evidence) -> None:
    flat = every(SIGMOIDS, layers(0, activation="sigmoid", slope=0.01))
    assert severity("saturated-units", flat(healthy)) is None
    assert severity("saturated-units", every(flat, LATE)(healthy)) == Severity.BROKEN


def test_always_the_same_answer_is_normal_at_the_start(healthy: Evidence) -> None:
    sick = SICK["always-the-same-answer"](healthy)
    assert isinstance(NAMED["always-the-same-answer"].judge(replace(sick, step=0)), Unknown)


def test_one_large_class_explains_one_answer(healthy: Evidence) -> None:
    answers = np.zeros((5, 5), np.int64)
    answers[:, 0] = [90, 3, 3, 2, 2]
    sick = outputs(answers=answers, largest_share=1.0)(healthy)
    assert severity("always-the-same-answer", sick) is None


def test_small_updates_of_a_fading_schedule_are_meant(healthy: Evidence) -> None:
    sick = every(SICK["rate-too-low"], course(rate=1e-6))
    assert severity("rate-too-low", sick(healthy)) is None


def test_a_high_validation_accuracy_is_no_leak(healthy: Evidence) -> None:
    sick = course(validation=((100, 0.01, 0.999),), score=0.99)(healthy)
    assert severity("validation-in-training", sick) is None


def test_data_that_repeat_themselves_are_no_leak(healthy: Evidence) -> None:
    assert severity("validation-in-training", inputs(shared=1, duplicates=1)(healthy)) is None


def test_samples_of_another_source_are_a_leak_however_often_they_repeat(healthy: Evidence) -> None:
    sick = inputs(shared=1, duplicates=1, between=0.5)(healthy)
    assert severity("validation-in-training", sick) is Severity.SLOW


def test_a_first_loss_of_a_guess_proves_nothing(healthy: Evidence) -> None:
    zeros = every(
        layers(start=True, twins=1.0, weights_spread=0.0),
        layers(twins=1.0),
        first_step(told_loss=1.6),
    )(healthy)
    assert severity("first-loss-wrong", zeros) is None
    assert severity("symmetric-units", zeros) == Severity.BROKEN


def test_where_there_is_nothing_to_learn_guessing_is_no_fault(healthy: Evidence) -> None:
    sick = every(SICK["stuck-at-guessing"], inputs(neighbour_gain=0.0))
    assert severity("stuck-at-guessing", sick(healthy)) is None


def test_a_gradient_that_is_too_long_is_told_from_one_that_points_elsewhere(
    healthy: Evidence,
) -> None:
    long, wrong = gradients(15 / 16, 16.0)(healthy), gradients(0.7, 1.2)(healthy)
    assert severity("gradient-scaled", long) == Severity.BROKEN
    assert severity("gradient-wrong", long) is None
    assert severity("gradient-wrong", wrong) == Severity.BROKEN
    assert severity("gradient-scaled", wrong) is None


def test_a_long_gradient_of_the_batch_names_the_sum(healthy: Evidence) -> None:
    found = NAMED["gradient-scaled"].judge(gradients(15 / 16, 16.0)(healthy))
    assert isinstance(found, Finding)
    assert found.remedies[0].mistake == "summed-gradient"


def test_biases_alone_make_a_wrong_gradient_slow(healthy: Evidence) -> None:
    assert severity("gradient-wrong", gradients(0.7, 1.2, only=".b")(healthy)) == Severity.SLOW


def test_a_wrong_first_gradient_is_remembered_when_all_is_dead(healthy: Evidence) -> None:
    assert healthy.first_arithmetic is not None
    sick = gradients(0.7, 1.2)(healthy)
    later = replace(healthy, first_arithmetic=sick.arithmetic)
    assert severity("gradient-wrong", later) == Severity.BROKEN


def test_a_loss_beyond_all_logarithms_proves_no_wrong_arithmetic(healthy: Evidence) -> None:
    sick = every(step(told_loss=664.0, own_loss=46_000.0))(healthy)
    assert isinstance(NAMED["loss-told-differs"].judge(sick), Unknown)


def test_outputs_without_an_end_are_compared_with_their_own_size(healthy: Evidence) -> None:
    for size, seen in ((1.0, Severity.SLOW), (1e6, None)):
        sick = step(output_error=0.2, output_size=size)(healthy)
        row = OutputLayer(activation=Identity())
        unbounded = setting(network=replace(sick.experiment.network, output=row))(sick)
        assert severity("outputs-differ", unbounded) == seen


def test_batches_of_few_samples_may_hold_few_classes(healthy: Evidence) -> None:
    assert severity("one-class-per-batch", step(batch_classes=1, batch=4)(healthy)) is None


def test_units_that_start_alike_under_different_weights_part_ways(healthy: Evidence) -> None:
    alike = layers(0, start=True, twins=1.0)(healthy)
    assert severity("symmetric-units", alike) is None


def test_an_output_layer_of_zeros_is_a_fair_start(healthy: Evidence) -> None:
    assert severity("weights-too-small", layers(2, start=True, weights_spread=0.0)(healthy)) is None


def test_over_fitting_is_a_note(healthy: Evidence) -> None:
    assert severity("over-fitting", SICK["over-fitting"](healthy)) == Severity.NOTE


def test_an_infinite_ratio_of_classes_is_found_too(healthy: Evidence) -> None:
    found = NAMED["unbalanced-classes"].judge(inputs(class_counts=(10, 10, 0))(healthy))
    assert isinstance(found, Finding)
    assert found.value == inf


def test_limits_count_from_where_the_whole_network_is_trained(healthy: Evidence) -> None:
    sick = SICK["stuck-at-guessing"](healthy)
    assert sick.history is not None
    pretrained = replace(sick, history=replace(sick.history, stages=((0, "layer"), (200, "whole"))))
    assert severity("stuck-at-guessing", sick) == Severity.BROKEN
    assert isinstance(NAMED["stuck-at-guessing"].judge(pretrained), Unknown)


def test_tanh_networks_are_not_called_stacked_sigmoids(healthy: Evidence) -> None:
    tanh = every(
        setting(network=changed(network=network(24, 16, activation=Tanh())).network),
        layers(0, 1, activation="tanh"),
        layers(0, start=True, gradient_norm=1e-3),
    )
    assert severity("stacked-sigmoids", tanh(healthy)) is None
