"""Each seam around the loop is used where it says; with the true ones nothing changes."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.batches import epoch_order
from nnstudio.data.dataset import Dataset, Split, split
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.nn.losses import Loss
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.optimizers import OptimizerState, Rule, Sgd, apply
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.parts import Parts
from nnstudio.nn.schedules import Constant
from nnstudio.seams import (
    TRUE,
    Seams,
    Vector,
    as_they_lie,
    own_targets,
    same_scaling,
    true_parts,
    whole_step,
)
from nnstudio.training.feed import Feed
from nnstudio.training.loop import train
from nnstudio.training.prepared import Rows, prepare
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case, tiny_dataset


def run(case: Case, **replaced: Any) -> TrainingState:
    state = TrainingState.start(case.experiment, case.data, seams=replace(TRUE, **replaced))
    for _ in train(state):
        pass
    return state


def test_the_true_seams_are_the_functions_themselves() -> None:
    assert Seams(
        split=split,
        arrange=as_they_lie,
        order=epoch_order,
        targets=own_targets,
        parts=true_parts,
        gradient=Network.loss_and_gradient,
        keeps_gradient=False,
        apply=whole_step,
        evaluate=Network.data_loss,
        held_out_scaling=same_scaling,
    ) == (TRUE)


def test_a_run_has_the_true_seams_unless_told_otherwise() -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    assert state.seams is TRUE
    # bound once: the loop calls the very functions, without a layer between
    assert state.stage._gradient is Network.loss_and_gradient
    assert state.stage._apply is apply


def test_the_true_targets_and_scaling_cost_no_copy() -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    plan = state.current_plan()
    assert plan.labelled is plan.batches
    assert state.validator._feed._scaling is state.feed._scaling


def test_a_run_is_that_of_the_textbook_bit_for_bit() -> None:
    case = tiny_case(precision="float64", optimizer=Sgd(learning_rate=0.5), schedule=Constant())
    state = TrainingState.start(case.experiment, case.data)
    other = TrainingState.start(case.experiment, case.data)
    network = other.network
    for rows in other.current_plan().batches:
        network.loss_and_gradient(*Feed(case.data).batch(rows))
        network.parameters[:] -= 0.5 * network.gradient
    for step in train(state):
        if step.ends_epoch:
            break
    assert state.network.vector.tobytes() == network.vector.tobytes()


def test_how_the_data_are_split_can_be_replaced() -> None:
    def overlapping(dataset: Dataset, **settings: Any) -> Split:
        parts = split(dataset, **settings)
        return replace(parts, validation=parts.training)

    case = tiny_case()
    data = prepare(case.experiment, tiny_dataset(), seams=replace(TRUE, split=overlapping))
    np.testing.assert_array_equal(data.split.validation, case.data.split.training)
    assert data.facts.validation == len(case.data.split.training)


def test_which_samples_a_batch_has_can_be_replaced() -> None:
    def always_first(count: int, *, size: int, **settings: Any) -> Iterator[Rows]:
        for _ in epoch_order(count, size=size, **settings):
            yield np.arange(size, dtype=np.int64)

    case = tiny_case()
    state = run(case, order=always_first)
    assert state.samples == state.step * case.experiment.batches.size
    first = TrainingState.start(case.experiment, case.data, seams=replace(TRUE, order=always_first))
    for rows in first.current_plan().batches:
        np.testing.assert_array_equal(rows, case.data.split.training[: len(rows)])


def test_which_targets_a_batch_has_can_be_replaced() -> None:
    def unshuffled(batches: list[Rows], training: Rows, _dataset: Dataset) -> list[Rows]:
        return np.split(training, np.cumsum([len(one) for one in batches])[:-1])

    case = tiny_case(precision="float64")
    state = TrainingState.start(case.experiment, case.data, seams=replace(TRUE, targets=unshuffled))
    rows, data = state.current_plan().batches[0], case.data
    labelled = data.split.training[: len(rows)]
    X, _ = Feed(data).batch(rows)
    expected = state.network.loss(X, data.targets[labelled])
    answers = data.targets[labelled].argmax(axis=1)
    right = (state.network.output.argmax(axis=1) == answers).mean()
    step = next(train(state))
    assert step.loss == pytest.approx(expected, rel=1e-12)
    assert step.score == right


def test_validation_keeps_the_true_targets() -> None:
    case = tiny_case(optimizer=Sgd(learning_rate=1e-9))
    wrong = run(case, targets=lambda batches, *_: [one[::-1] for one in batches])
    true = run(case)
    left, right = (one.history.view().validation.score for one in (wrong, true))
    np.testing.assert_array_equal(left, right)


def test_where_the_gradient_comes_from_can_be_replaced() -> None:
    def uphill(network: Network, X: Matrix, Y: Matrix) -> float:
        loss = network.loss_and_gradient(X, Y)
        network.gradient *= -1
        return loss

    case = tiny_case()
    up, down = run(case, gradient=uphill), run(case)
    assert (np.diff(up.history.view().validation.loss) > 0).all()
    assert (np.diff(down.history.view().validation.loss) < 0).all()


def test_how_the_gradient_is_applied_can_be_replaced() -> None:
    def forget(
        optimizer: Rule, theta: Vector, grad: Vector, state: OptimizerState, rate: float
    ) -> None:
        del optimizer, theta, grad, state, rate

    case = tiny_case()
    state = TrainingState.start(
        case.experiment, case.data, seams=replace(TRUE, apply=lambda _: forget)
    )
    before = state.network.vector.copy()
    assert len(list(train(state))) > 1
    np.testing.assert_array_equal(state.network.vector, before)


def test_in_which_order_the_samples_lie_can_be_replaced() -> None:
    case = tiny_case()
    seams = replace(TRUE, arrange=lambda training, _: training[::-1], order=in_a_row)
    first = TrainingState.start(case.experiment, case.data, seams=seams).current_plan()
    np.testing.assert_array_equal(np.concatenate(first.batches), case.data.split.training[::-1])


def in_a_row(count: int, **settings: Any) -> Iterator[Rows]:
    return epoch_order(count, **{**settings, "shuffled": False})


def test_what_the_network_is_made_of_can_be_replaced() -> None:
    def uphill(parts: Parts, _spec: NetworkSpec, loss: Loss) -> Parts:
        def value_and_gradient(A: Matrix, Y: Matrix, dA: Matrix) -> float:
            value = loss.value_and_gradient(A, Y, dA)
            dA *= -1
            return value

        return replace(parts, loss=value_and_gradient)

    case = tiny_case()
    up, down = run(case, parts=uphill), run(case)
    assert (np.diff(up.history.view().validation.loss) > 0).all()
    assert (np.diff(down.history.view().validation.loss) < 0).all()


def test_a_gradient_that_is_kept_goes_on_where_a_run_was_restored() -> None:
    def heavy(network: Network, X: Matrix, Y: Matrix) -> float:
        kept = network.gradient.copy()
        loss = network.loss_and_gradient(X, Y)
        network.gradient += 0.5 * kept
        return loss

    seams = replace(TRUE, gradient=heavy, keeps_gradient=True)
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    for _ in zip(range(5), train(state), strict=False):
        pass
    later = TrainingState.restore(state.checkpoint(), case.data, seams=seams)
    for one in (state, later):
        for _ in train(one):
            pass
    assert later.network.vector.tobytes() == state.network.vector.tobytes()


def test_how_held_out_samples_are_judged_can_be_replaced() -> None:
    case = tiny_case()
    wrong = run(case, evaluate=lambda network, X, Y: 5.0 * network.data_loss(X, Y))
    true = run(case)
    left, right = (one.history.view().validation.loss for one in (wrong, true))
    np.testing.assert_allclose(left, 5.0 * right)
    assert wrong.network.vector.tobytes() == true.network.vector.tobytes()


def test_how_held_out_samples_are_scaled_can_be_replaced() -> None:
    asked: list[Rows] = []

    def by_their_own(fitted: FittedScaling, dataset: Dataset, rows: Rows) -> FittedScaling:
        asked.append(rows)
        return replace(fitted, factor=fitted.factor * 5)

    case = tiny_case()
    wrong, true = run(case, held_out_scaling=by_their_own), run(case)
    assert [one.tolist() for one in asked] == [case.data.split.validation.tolist()]
    assert wrong.network.vector.tobytes() == true.network.vector.tobytes()
    assert (wrong.history.view().validation.loss != true.history.view().validation.loss).all()


def going_on(how: str) -> Callable[[TrainingState, Seams], TrainingState]:
    if how == "forked":
        return lambda state, _: state.fork()
    return lambda state, seams: TrainingState.restore(state.checkpoint(), state.data, seams=seams)


@pytest.mark.parametrize("how", ["forked", "restored"])
def test_a_run_that_goes_on_keeps_its_seams(how: str) -> None:
    seams = replace(TRUE, targets=lambda batches, *_: [one[::-1] for one in batches])
    case = tiny_case()
    whole = run(case, targets=seams.targets)
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    for _ in zip(range(5), train(state), strict=False):
        pass
    later = going_on(how)(state, seams)
    for _ in train(later):
        pass
    assert later.network.vector.tobytes() == whole.network.vector.tobytes()


def test_steps_that_are_made_again_to_find_where_a_run_diverged_use_the_same_seams() -> None:
    calls = 0

    def counted(network: Network, X: Matrix, Y: Matrix) -> float:
        nonlocal calls
        calls += 1
        loss = network.loss_and_gradient(X, Y)
        if calls in {3, 7}:  # the third step, and the third step made again
            network.gradient[0] = np.inf
        return loss

    state = run(tiny_case(), gradient=counted)
    assert state.ended is not None
    assert (state.ended.reason, state.ended.step) == ("diverged", 3)


def test_every_seam_has_a_test_that_replaces_it() -> None:
    names = {one.name for one in fields(Seams)}
    assert names == {
        "split",
        "arrange",
        "order",
        "targets",
        "parts",
        "gradient",
        "keeps_gradient",
        "apply",
        "evaluate",
        "held_out_scaling",
    }
