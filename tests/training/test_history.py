import numpy as np
import pytest

from nnstudio.training.history import History
from nnstudio.training.recipe import Change


def filled(steps: int) -> History:
    history = History()
    for step in range(1, steps + 1):
        history.append(1 / step, 0.5, 0.1, float(step))
        if step % 10 == 0:
            history.append_validation(step=step, epoch=step // 10, loss=2.0, score=0.9, whole=True)
            history.end_epoch(step)
    return history


def test_an_empty_history_gives_empty_columns() -> None:
    view = History().view()
    assert view.steps == len(view.loss) == len(view.validation) == len(view.epoch_ends) == 0


def test_index_0_of_a_column_is_step_1() -> None:
    view = filled(3).view()
    assert view.steps == 3
    np.testing.assert_allclose(view.loss, [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(view.seconds, [1, 2, 3])


def test_a_view_stays_as_it_is_while_the_history_grows() -> None:
    history = filled(1000)
    view = history.view()
    before = view.loss.copy()
    for _ in range(3000):
        history.append(9.0, 9.0, 9.0, 9.0)
    np.testing.assert_array_equal(view.loss, before)
    assert view.steps == 1000
    assert history.view().steps == 4000
    np.testing.assert_array_equal(history.view().loss[:1000], before)


def test_a_view_copies_nothing_until_the_columns_grow() -> None:
    history = filled(100)
    assert np.shares_memory(history.view().loss, history.view().loss)


def test_nobody_can_write_to_a_view() -> None:
    view = filled(5).view()
    for column in (view.loss, view.rate, view.validation.loss, view.epoch_ends):
        with pytest.raises(ValueError, match="read-only"):
            column[...] = 0


def test_a_prefix_holds_what_belongs_to_its_steps() -> None:
    history = filled(40)
    history.append_change(Change(20, "optimizer.learning_rate", 0.5))
    history.append_change(Change(31, "optimizer.learning_rate", 0.7))
    view = history.prefix(25).view()
    assert view.steps == 25
    assert view.epoch_ends.tolist() == [10, 20]
    assert view.validation.step.tolist() == [10, 20]
    assert [change.step for change in view.changes] == [20]


def test_a_prefix_grows_without_touching_what_it_came_from() -> None:
    history = filled(40)
    before = history.view().loss.copy()
    prefix = history.prefix(25)
    prefix.append(9.0, 9.0, 9.0, 9.0)
    np.testing.assert_array_equal(history.view().loss, before)
    assert prefix.view().loss[25] == 9.0


def test_validation_columns_have_their_own_kinds() -> None:
    validation = filled(10).view().validation
    assert validation.step.dtype == validation.epoch.dtype == np.int64
    assert validation.whole.dtype == np.bool_
    assert validation.loss.dtype == np.float64
