"""The sample that is looked into: one of the probe, or the drawing while there is one."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.views.sample_choice import SampleChoice
from nnstudio.runs.inside import probe_rows
from tests.gui.inside_runs import Trained, pictures


@pytest.fixture
def choice(qtbot: QtBot) -> SampleChoice:
    made = SampleChoice(draw=np.random.default_rng(0))
    qtbot.addWidget(made)
    made.show()
    return made


def row_of(choice: SampleChoice) -> int | None:
    assert choice.sample is not None
    return choice.sample.row


def test_without_data_there_is_no_sample(choice: SampleChoice) -> None:
    assert choice.sample is None
    choice.go(1)
    choice.throw()
    assert choice.sample is None


def test_steps_go_through_the_probe_and_round_its_end(choice: SampleChoice) -> None:
    data = Trained(pictures()).data
    rows = probe_rows(data)
    choice.set_data(data, drawable=False)
    assert row_of(choice) == rows[0]
    choice.go(-1)
    assert row_of(choice) == rows[-1]
    choice.go(1)
    assert row_of(choice) == rows[0]
    choice.pick_row(int(rows[3]))
    assert row_of(choice) == rows[3]


def test_each_choice_is_told_once_and_the_same_data_are_no_news(
    choice: SampleChoice, qtbot: QtBot
) -> None:
    data = Trained(pictures()).data
    told: list[int | None] = []
    choice.changed.connect(lambda: told.append(row_of(choice)))
    choice.set_data(data, drawable=False)
    choice.set_data(data, drawable=False)
    choice.throw()
    assert len(told) == 2


def test_a_drawing_is_taken_until_a_sample_is_wanted(choice: SampleChoice) -> None:
    choice.set_data(Trained(pictures()).data, drawable=True)
    choice.set_drawing(np.zeros((4, 3), np.uint8))
    assert row_of(choice) is None
    choice._kind.chosen.emit("sample")
    assert row_of(choice) is not None
    choice._kind.chosen.emit("drawing")
    assert row_of(choice) is None
    choice.set_drawing(None)
    assert row_of(choice) is not None


def test_a_sample_has_its_target_and_its_name(choice: SampleChoice) -> None:
    data = Trained(pictures()).data
    choice.set_data(data, drawable=False)
    sample = choice.sample
    assert sample is not None
    assert sample.row is not None
    assert sample.target is not None
    np.testing.assert_array_equal(sample.target[0], data.targets[sample.row])
    assert sample.words in {"top", "bottom"}
