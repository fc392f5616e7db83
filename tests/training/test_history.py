from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.training.history import (
    History,
    HistoryView,
    history_from,
    history_vectors,
    renamed,
)
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


def scored() -> HistoryView:
    history = History()
    history.append(1.0, 0.25, 0.1, 0.5)
    history.append_validation(step=1, epoch=1, loss=0.5, score=0.75, rmse=0.125, whole=True)
    return history.view()


def test_score_and_rmse_survive_being_taken_apart() -> None:
    again = history_from(history_vectors(scored()), steps=1, changes=())
    assert again.score.tolist() == [0.25]
    assert (again.validation.score.tolist(), again.validation.rmse.tolist()) == ([0.75], [0.125])


def old_columns() -> dict[str, NDArray[Any]]:
    """Columns as they were called before scores had other meanings than accuracy."""
    columns = history_vectors(scored())
    del columns["history.validation.rmse"]
    return {name.replace("score", "accuracy"): column for name, column in columns.items()}


def test_a_score_that_was_called_accuracy_is_a_score_without_rmse() -> None:
    again = history_from(old_columns(), steps=1, changes=())
    assert again.score.tolist() == [0.25]
    assert again.validation.score.tolist() == [0.75]
    assert np.isnan(again.validation.rmse).tolist() == [True]


@pytest.mark.parametrize("name", ["history.accuracy", "history.validation.accuracy"])
def test_half_of_the_old_columns_are_not_enough(name: str) -> None:
    columns = old_columns()
    del columns[name]
    with pytest.raises(KeyError):
        history_from(columns, steps=1, changes=())


def test_what_is_no_column_of_a_history_keeps_its_name() -> None:
    columns = {**old_columns(), "layers.0.accuracy": np.ones(1)}
    assert "layers.0.accuracy" in renamed(columns)
