"""A summary is worked out beside the window, once, and given up when the data change."""

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data.dataset import Dataset
from nnstudio.gui.workbench import summary_desk as module
from nnstudio.gui.workbench.background import Background
from nnstudio.gui.workbench.summary_desk import SummaryDesk
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, prepare
from tests.gui.bench_kit import at_once


def data_of(seed: int) -> PreparedData:
    inputs = np.random.default_rng(seed).normal(size=(30, 3))
    labels = np.arange(30) % 2
    made = Dataset.of(inputs, labels, class_names=("a", "b"), source="test")
    return prepare(Experiment(), made)


class Desk:
    """A desk whose work is done at once, or by hand."""

    def __init__(self, *, by_hand: bool = False) -> None:
        self.work: list[Any] = []
        self.background = Background(start=self.work.append if by_hand else at_once)
        self.failures: list[Any] = []
        self.found: list[Any] = []
        self.desk = SummaryDesk(self.background, failed=self.failures.append)
        self.desk.found.connect(self.found.append)


def test_what_was_found_is_told_and_kept(qtbot: QtBot) -> None:
    del qtbot
    kit, data = Desk(), data_of(0)
    kit.desk.want(data)
    kit.background.poll()
    kit.desk.want(data)
    assert [one.data for one in kit.found] == [data, data]
    assert kit.found[0] is kit.found[1]


def test_a_look_at_data_that_are_gone_is_given_up(qtbot: QtBot) -> None:
    del qtbot
    kit, data = Desk(by_hand=True), data_of(1)
    kit.desk.want(data_of(0))
    kit.desk.drop()
    kit.desk.want(data)
    kit.desk.want(data)
    assert len(kit.work) == 2
    for work in kit.work:
        work()
    kit.background.poll()
    assert [one.data for one in kit.found] == [data]


def test_a_look_that_fails_is_told_and_may_be_tried_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    kit, data = Desk(), data_of(0)
    with monkeypatch.context() as patch:
        patch.setattr(module, "summarize", lambda *_: 1 / 0)
        kit.desk.want(data)
        kit.background.poll()
    assert isinstance(kit.failures[0].error, ZeroDivisionError)
    kit.desk.want(data)
    kit.background.poll()
    assert len(kit.found) == 1
