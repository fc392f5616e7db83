"""Training that goes on from a model: offered when one is open, or from a file that is chosen."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.preprocessing import Raw
from nnstudio.gui.main_window.files import Files
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.model_file import load_model
from nnstudio.runs.warm_start import tensors_sha256
from nnstudio.training.pretraining import LayerByLayer, NoPretraining
from tests.gui.bench_kit import Kit, spirals


@pytest.fixture
def saved(kit: Kit, tmp_path: Path) -> Path:
    """A model in a file, of a run that has ended."""
    kit.load()
    kit.train(3)
    kit.bench.control.stop()
    kit.crank()
    path = tmp_path / "digits.safetensors"
    kit.bench.models.save(path)
    kit.settle()
    return path


@pytest.fixture
def opened(kit: Kit, saved: Path) -> Kit:
    kit.bench.models.open(saved)
    kit.settle()
    return kit


def test_train_asks_whether_to_go_on_from_the_model_that_is_open(opened: Kit) -> None:
    assert opened.bench.state.asks
    opened.bench.control.train_or_pause()
    assert not opened.bench.state.live
    assert "digits.safetensors" in str(opened.notices[-1].text)
    assert [str(one.text) for one in opened.notices[-1].offers] == [
        "Go on from its weights",
        "Begin anew",
    ]


def test_train_asks_also_when_it_was_pressed_before_the_data_were_there(
    kit: Kit, saved: Path
) -> None:
    kit.bench.change(replace(kit.bench.experiment, data=spirals()))
    kit.settle()
    kit.bench.models.open(saved)
    while not kit.bench.views[0].file:
        kit.bench.poll()
    kit.bench.control.train_or_pause()
    kit.settle()
    assert not kit.bench.state.live
    assert "begin anew" in str(kit.notices[-1].text)


def test_going_on_begins_with_the_weights_and_the_recipe_names_them(
    opened: Kit, saved: Path
) -> None:
    model = load_model(saved)
    opened.bench.control.train_or_pause()
    opened.notices[-1].offers[0].run()
    opened.crank()
    run = opened.bench.views[0]
    assert run.began_with == "digits.safetensors"
    assert run.blueprint is not None
    assert run.blueprint.initial is not None
    assert np.array_equal(run.blueprint.initial, model.vector)
    assert run.recipe is not None
    assert run.recipe.initial_sha256 == tensors_sha256(model)


def test_what_was_learned_is_not_pretrained_away(opened: Kit) -> None:
    experiment = replace(opened.bench.experiment, pretraining=LayerByLayer(epochs=3))
    opened.bench.change(experiment)
    opened.settle()
    opened.bench.control.train_or_pause()
    opened.notices[-1].offers[0].run()
    opened.crank()
    run = opened.bench.views[0]
    assert run.recipe is not None
    assert run.recipe.latest.pretraining == NoPretraining()
    assert run.recipe.initial_sha256 is not None
    assert opened.bench.experiment == run.recipe.latest
    assert "Pretraining is left out" in str(opened.notices[-1].text)
    opened.bench.undo()
    assert opened.bench.experiment == experiment


def test_beginning_anew_draws_the_weights(opened: Kit) -> None:
    opened.bench.control.train_or_pause()
    opened.notices[-1].offers[1].run()
    opened.crank()
    run = opened.bench.views[0]
    assert run.began_with == ""
    assert run.recipe is not None
    assert run.recipe.initial_sha256 is None


def test_restart_asks_again_where_the_run_began_with_a_model(opened: Kit) -> None:
    opened.bench.control.train_or_pause()
    opened.notices[-1].offers[0].run()
    opened.crank()
    asked = len(opened.notices)
    opened.bench.control.restart()
    assert len(opened.notices) == asked + 1
    opened.notices[-1].offers[0].run()
    opened.crank()
    first, second = opened.bench.views[:2]
    assert (first.began_with, second.began_with) == ("digits.safetensors",) * 2
    opened.bench.control.restart()
    opened.notices[-1].offers[1].run()
    opened.crank()
    assert opened.bench.views[0].began_with == ""


def test_train_does_not_ask_where_the_weights_do_not_fit(opened: Kit) -> None:
    other = NetworkSpec(layers=(HiddenLayer(units=9),))
    opened.bench.change(replace(opened.bench.experiment, network=other))
    assert not opened.bench.state.asks
    opened.bench.control.train_or_pause()
    assert opened.bench.state.live


def test_a_model_of_a_file_can_be_gone_on_from_while_another_run_is_shown(
    kit: Kit, saved: Path, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    Files(window, kit.bench, open_path=lambda _window, _folder: saved).train_from()
    kit.settle()
    kit.crank()
    assert kit.bench.views[0].began_with == "digits.safetensors"


def test_a_model_that_does_not_fit_is_one_sentence_and_nothing_begins(
    kit: Kit, saved: Path
) -> None:
    other = NetworkSpec(layers=(HiddenLayer(units=9),))
    kit.bench.change(replace(kit.bench.experiment, network=other))
    kit.bench.models.read(saved, kit.bench.control.train_from)
    kit.settle()
    assert not kit.bench.state.live
    assert "W of layer 1" in str(kit.notices[-1].text)


def test_the_network_of_a_model_that_does_not_fit_can_be_taken_over(kit: Kit, saved: Path) -> None:
    other = NetworkSpec(layers=(HiddenLayer(units=9),))
    kit.bench.change(replace(kit.bench.experiment, network=other))
    kit.bench.models.read(saved, kit.bench.control.train_from)
    kit.settle()
    (offer,) = kit.notices[-1].offers
    offer.run()
    kit.settle()
    assert kit.bench.state.live
    assert kit.bench.experiment.network == load_model(saved).recipe.experiment.network
    kit.bench.undo()
    assert kit.bench.experiment.network == other


def test_a_network_that_the_data_do_not_go_with_is_not_offered(kit: Kit, saved: Path) -> None:
    kit.bench.change(replace(kit.bench.experiment, data=spirals()))
    kit.settle()
    kit.bench.models.read(saved, kit.bench.control.train_from)
    kit.settle()
    assert kit.notices[-1].offers == ()
    assert not kit.bench.state.live


def test_what_differs_from_what_the_model_was_trained_with_is_told(kit: Kit, saved: Path) -> None:
    kit.bench.change(replace(kit.bench.experiment, scaling=Raw()))
    kit.settle()
    kit.bench.models.read(saved, kit.bench.control.train_from)
    kit.settle()
    assert kit.bench.state.live
    assert "scaled differently" in str(kit.notices[-1].text)
