"""Under a curve stands what it says: where it began, where it stands, and the best validation."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import themes
from nnstudio.gui.views.curves import AccuracyView, LossView
from nnstudio.nn.losses import CrossEntropy
from nnstudio.training.experiment import Experiment
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState
from tests.gui.histories import history_of, run_of

FALLING = [2.3, *[0.5] * 99]


@pytest.fixture
def loss(qtbot: QtBot) -> Iterator[LossView]:
    made = LossView()
    qtbot.addWidget(made)
    made.resize(480, 300)
    made.show()
    yield made
    themes.choose("light")


def test_the_loss_says_where_it_began_and_its_best_validation(loss: LossView) -> None:
    assert not loss.sentence.text()
    history = history_of(FALLING, epoch=50, validation=[0.42, 0.61])
    loss.show_runs((run_of(history, state=RunState.FINISHED),))
    assert loss.sentence.text() == (
        "Training 2.300 → 0.5000 in 100 steps; best validation 0.4200 at step 50."
    )


def test_a_loss_that_is_added_up_is_not_compared_with_the_validation(loss: LossView) -> None:
    summed = Experiment(loss=CrossEntropy(over_batch="sum"))
    history = history_of([185.0] * 100, epoch=50, validation=[7.9, 7.9])
    run = replace(run_of(history, state=RunState.FINISHED), recipe=Recipe(summed))
    loss.show_runs((run,))
    assert "sums over a batch" in loss.sentence.text()
    assert "7.9" not in loss.sentence.text()


def test_a_loss_that_is_lost_is_said_so(loss: LossView) -> None:
    history = history_of([2.3] * 20 + [float("inf")] * 3)
    loss.show_runs((run_of(history, state=RunState.DIVERGED),))
    assert "No finite number after 23 steps" in loss.sentence.text()


def test_while_it_grows_a_sentence_stays_long_enough_to_be_read(loss: LossView) -> None:
    loss.show_runs((run_of(history_of(FALLING)),))
    before = loss.sentence.text()
    loss.show_runs((run_of(history_of([*FALLING, *[0.1] * 100])),))
    assert loss.sentence.text() == before
    other = replace(run_of(history_of([1.0] * 30)), identity="another")
    loss.show_runs((other,))
    assert "in 30 steps" in loss.sentence.text()


def test_accuracies_are_told_in_percent(qtbot: QtBot) -> None:
    made = AccuracyView()
    qtbot.addWidget(made)
    history = history_of(FALLING, accuracies=[0.1] + [0.9] * 99, epoch=100, validation=[0.12])
    made.show_runs((run_of(history, state=RunState.FINISHED),))
    assert "best validation 88.00\xa0%" in made.sentence.text()
