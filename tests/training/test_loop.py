import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.nn.activations import Tanh
from nnstudio.nn.clipping import ByLayerNorm, ByNorm, Clipping
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import (
    Constant,
    Cosine,
    Exponential,
    LinearWarmUp,
    Polynomial,
    ReduceOnPlateau,
)
from nnstudio.training.experiment import Batches, DataSettings, Stopping, WeightedSource
from nnstudio.training.loop import Step, train
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case, tiny_dataset


def test_steps_and_epochs_count_from_1() -> None:
    case = tiny_case()
    steps = list(train(TrainingState.start(case.experiment, case.data)))
    assert [step.step for step in steps] == list(range(1, 13))
    assert [step.epoch for step in steps] == [1] * 4 + [2] * 4 + [3] * 4
    assert [step.step for step in steps if step.ends_epoch] == [4, 8, 12]


def test_the_history_has_what_the_steps_say() -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    steps = list(train(state))
    view = state.history.view()
    for name in ("loss", "score", "rate"):
        np.testing.assert_array_equal(getattr(view, name), [getattr(one, name) for one in steps])
    assert view.epoch_ends.tolist() == [4, 8, 12]
    assert (np.diff(view.seconds) >= 0).all()


def test_the_loss_of_a_step_is_that_of_its_batch_before_the_step() -> None:
    case = tiny_case(precision="float64")
    state = TrainingState.start(case.experiment, case.data)
    rows = state.current_plan().batches[0]
    X, Y = state.feed.batch(rows)
    assert case.data.labels is not None
    expected = state.network.loss(X, Y)
    right = (state.network.output.argmax(axis=1) == case.data.labels[rows]).mean()
    first = next(train(state))
    assert first.loss == pytest.approx(expected)
    assert first.score == right


def test_one_step_of_gradient_descent_is_what_the_book_says() -> None:
    case = tiny_case(precision="float64", optimizer=Sgd(learning_rate=0.5), schedule=Constant())
    state = TrainingState.start(case.experiment, case.data)
    before = state.network.vector.copy()
    next(train(state))
    np.testing.assert_allclose(state.network.vector, before - 0.5 * state.network.gradient)


def test_the_rate_falls_along_the_schedule_to_its_end() -> None:
    case = tiny_case(optimizer=Sgd(learning_rate=0.8), schedule=Cosine())
    rates = [step.rate for step in train(TrainingState.start(case.experiment, case.data))]
    expected = 0.8 * (1 + np.cos(np.pi * np.arange(12) / 12)) / 2
    np.testing.assert_allclose(rates, expected)


def test_every_epoch_ends_with_a_validation_of_the_whole_part() -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    for step in train(state):
        assert (step.validation is not None) == step.ends_epoch
        if step.validation is not None:
            assert step.validation.whole
    view = state.history.view().validation
    assert view.step.tolist() == [4, 8, 12]
    assert view.epoch.tolist() == [1, 2, 3]


def test_without_samples_to_validate_with_there_is_no_validation() -> None:
    source = WeightedSource(source=Spirals(validation=0.0))
    case = tiny_case(data=DataSettings(sources=(source,)))
    state = TrainingState.start(case.experiment, case.data)
    assert all(step.validation is None for step in train(state))
    assert state.best is None


def test_a_small_part_is_validated_within_long_epochs() -> None:
    source = WeightedSource(source=Spirals(validation=0.04))
    case = tiny_case(
        tiny_dataset(samples=600),
        data=DataSettings(sources=(source,)),
        batches=Batches(size=4),
        stopping=Stopping(epochs=1),
    )
    state = TrainingState.start(case.experiment, case.data)
    whole = [step.validation.whole for step in train(state) if step.validation is not None]
    assert whole == [False] * 4 + [True]
    assert state.history.view().validation.whole.tolist() == whole


def test_a_changed_batch_size_acts_at_the_next_epoch_and_moves_the_end_of_the_schedule() -> None:
    case = tiny_case(schedule=Cosine())
    state = TrainingState.start(case.experiment, case.data)
    steps = train(state)
    next(steps)
    state.change("batches.size", 4)
    assert state.experiment.batches.size == 8
    rest = list(steps)
    length = -(-case.data.facts.training // 4)
    assert state.step == 4 + 2 * length
    assert [change.step for change in state.recipe.changes] == [4]
    assert rest[-1].rate < 0.01 * rest[0].rate


@pytest.mark.parametrize(
    "stopping", [Stopping(epochs=4), Stopping(epochs=None, steps=30), Stopping(epochs=99, steps=30)]
)
@pytest.mark.parametrize("size", [2, 16])
def test_a_changed_batch_size_does_not_make_a_falling_rate_jump(
    stopping: Stopping, size: int
) -> None:
    case = tiny_case(schedule=Polynomial(), optimizer=Sgd(learning_rate=1.0), stopping=stopping)
    state = TrainingState.start(case.experiment, case.data)
    rates = []
    for step in train(state):
        rates.append(step.rate)
        if step.epoch == 2:
            state.change("batches.size", size)
    falls = -np.diff(rates)
    assert falls.min() > 0
    assert falls.max() <= 1.0 / 8 + 1e-9


def test_a_schedule_in_epochs_counts_on_when_a_changed_batch_size_makes_them_longer() -> None:
    schedule = Exponential(gamma=0.5, stepwise=True)
    case = tiny_case(schedule=schedule, optimizer=Sgd(learning_rate=0.8))
    state = TrainingState.start(case.experiment, case.data)
    steps = train(state)
    made = [next(steps)]
    state.change("batches.size", 4)
    made += steps
    rates = {epoch: {step.rate for step in made if step.epoch == epoch} for epoch in (1, 2, 3)}
    assert rates == {1: {0.8}, 2: {0.4}, 3: {0.2}}


def test_a_schedule_that_waits_for_a_plateau_follows_the_validation_losses() -> None:
    case = tiny_case(
        schedule=ReduceOnPlateau(gamma=0.5, patience=0),
        optimizer=Sgd(learning_rate=1e-9),
        stopping=Stopping(epochs=4),
        precision="float32",
    )
    state = TrainingState.start(case.experiment, case.data)
    steps = list(train(state))
    rates = [step.rate for step in steps if step.ends_epoch]
    assert rates == [1e-9, 1e-9, 5e-10, 2.5e-10]
    assert len(state.progress.validation) == 3


def test_a_schedule_that_looks_at_no_validation_is_handed_none() -> None:
    case = tiny_case(schedule=Cosine())
    state = TrainingState.start(case.experiment, case.data)
    assert len(list(train(state))) == 12
    assert state.progress.validation == ()


def test_the_first_steps_are_smaller_while_a_run_warms_up() -> None:
    case = tiny_case(
        schedule=Constant(),
        warm_up=LinearWarmUp(steps=2, start=0.5),
        optimizer=Sgd(learning_rate=0.4),
    )
    steps = list(train(TrainingState.start(case.experiment, case.data)))
    assert [step.rate for step in steps[:4]] == pytest.approx([0.2, 0.3, 0.4, 0.4])


@pytest.mark.parametrize("clipping", [ByNorm(limit=1e-3), ByLayerNorm(limit=1e-3)])
def test_a_clipped_step_is_no_longer_than_rate_times_limit(clipping: Clipping) -> None:
    case = tiny_case(
        clipping=clipping,
        schedule=Constant(),
        optimizer=Sgd(learning_rate=0.5),
        precision="float64",
    )
    state = TrainingState.start(case.experiment, case.data)
    before = state.network.vector.copy()
    next(train(state))
    moved = state.network.vector - before
    lengths = [
        np.linalg.norm(moved[start:stop]) for start, stop in state.network.layout.layer_ranges
    ]
    if isinstance(clipping, ByNorm):
        lengths = [np.linalg.norm(lengths)]
    assert lengths == pytest.approx([0.5e-3] * len(lengths))


def test_a_change_to_what_is_already_set_is_no_change() -> None:
    case = tiny_case(optimizer=Sgd(learning_rate=0.5))
    state = TrainingState.start(case.experiment, case.data)
    state.change("optimizer.learning_rate", 0.5)
    assert state.recipe.changes == ()


def test_closing_the_generator_leaves_a_state_that_can_go_on() -> None:
    case = tiny_case()
    whole = TrainingState.start(case.experiment, case.data)
    list(train(whole))
    state = TrainingState.start(case.experiment, case.data)
    steps = train(state)
    next(steps)
    steps.close()  # type: ignore[attr-defined]  # it is a generator
    list(train(state))
    assert state.network.vector.tobytes() == whole.network.vector.tobytes()


def test_another_batch_size_does_not_change_the_initial_weights() -> None:
    one, other = (
        TrainingState.start(case.experiment, case.data).network.vector
        for case in (tiny_case(batches=Batches(size=8)), tiny_case(batches=Batches(size=3)))
    )
    np.testing.assert_array_equal(one, other)


def test_a_wider_layer_does_not_change_the_weights_of_another() -> None:
    def output_bias_and_first(units: int) -> np.ndarray:
        layers = (HiddenLayer(units=4, activation=Tanh()), HiddenLayer(units=units))
        case = tiny_case(network=NetworkSpec(layers=layers))
        network = TrainingState.start(case.experiment, case.data).network
        return network.layout.views(network.vector)["layers.0.W"]

    np.testing.assert_array_equal(output_bias_and_first(3), output_bias_and_first(9))


def test_training_lowers_the_loss() -> None:
    case = tiny_case(stopping=Stopping(epochs=60), optimizer=Sgd(learning_rate=0.3))
    steps: list[Step] = list(train(TrainingState.start(case.experiment, case.data)))
    assert np.mean([one.loss for one in steps[-4:]]) < 0.5 * np.mean(
        [one.loss for one in steps[:4]]
    )
