"""Find the fault: a mistake is hidden, nobody names it before a guess, and then it is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.faults import fault_named, seams_of
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.views.guide import GuideView
from nnstudio.gui.workbench import hunt as hunting
from nnstudio.gui.workbench import openings
from nnstudio.gui.workbench.hunt import OFFERED, HuntState
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.store import RunStore
from nnstudio.training.loop import train
from nnstudio.training.state import TrainingState
from tests.gui.bench_kit import Kit, small_experiment, spirals


@pytest.fixture
def hunted(qapp: object) -> Iterator[Kit]:
    """A hunt for softmax-twice that has begun."""
    kit = Kit()
    kit.bench.hunt._sample = first_of("softmax-twice")
    kit.load()
    kit.bench.hunt.begin()
    kit.crank()
    yield kit
    kit.bench.close(forget=True)


def first_of(kind: str) -> Callable[[Sequence[str], int], list[str]]:
    def sample(kinds: Sequence[str], count: int) -> list[str]:
        return [kind, *(one for one in kinds if one != kind)][:count]

    return sample


def test_the_mistake_acts_and_nothing_that_is_set_shows_it(hunted: Kit) -> None:
    bench = hunted.bench
    assert bench.experiment == small_experiment()
    assert bench.views[0].recipe is not None
    assert bench.views[0].recipe.latest.faults == ()
    data = bench.data
    assert data is not None
    sick = TrainingState.start(
        bench.experiment, data, seams=seams_of((fault_named("softmax-twice"),))
    )
    steps = train(sick)
    hunted.crank()
    history = bench.views[0].snapshot.history
    assert history is not None
    losses = [next(steps).loss for _ in range(history.steps)]
    assert history.steps
    assert np.allclose(history.loss, losses)


def test_some_mistakes_can_be_guessed_and_the_hidden_one_is_among_them(hunted: Kit) -> None:
    state = hunted.bench.hunt.state
    assert "softmax-twice" in state.offered
    assert len(state.offered) == OFFERED
    assert state.answer == ""


def test_nobody_names_it_before_the_guess(hunted: Kit) -> None:
    bench = hunted.bench
    assert bench.hunt.hidden
    assert all(view.diagnosis is None for view in bench.views)


@pytest.mark.parametrize("guess", ["softmax-twice", "gradient-sign", ""])
def test_after_a_guess_it_is_told_and_hidden_no_more(hunted: Kit, guess: str) -> None:
    bench = hunted.bench
    told: list[HuntState] = []
    bench.hunt_changed.connect(told.append)
    if guess:
        bench.hunt.guess("update-not-applied")
    bench.hunt.guess(guess)
    assert (told[-1].guess, told[-1].answer) == (guess, "softmax-twice")
    assert not bench.hunt.hidden
    bench.control.restart()
    hunted.crank()
    healthy = bench.views[0].snapshot.history
    sick = bench.views[1].snapshot.history
    assert healthy is not None
    assert sick is not None
    assert healthy.loss[0] != sick.loss[0]


def test_a_first_guess_that_is_wrong_gives_nothing_away(hunted: Kit) -> None:
    hunt = hunted.bench.hunt
    hunt.guess("gradient-sign")
    assert hunt.hidden
    assert hunt.state.tried == ("gradient-sign",)
    assert (hunt.state.guess, hunt.state.answer) == ("", "")


def test_runs_that_begin_meanwhile_have_it_too(hunted: Kit) -> None:
    hunted.bench.control.restart()
    hunted.crank()
    losses = [view.snapshot.history.loss[0] for view in hunted.bench.views if view.snapshot.history]
    assert losses[0] == losses[1]


def test_what_was_found_can_be_set_as_a_switch_that_can_be_undone(hunted: Kit) -> None:
    bench = hunted.bench
    before = bench.experiment
    bench.hunt.show_switch()
    assert bench.experiment == before
    bench.hunt.guess("softmax-twice")
    bench.hunt.show_switch()
    assert bench.experiment.faults == (fault_named("softmax-twice"),)
    bench.undo()
    assert bench.experiment == before


def test_a_model_with_a_hidden_mistake_is_not_kept_saved_or_made_again(
    qapp: object, tmp_path: Path
) -> None:
    kit = Kit(store=RunStore(tmp_path, threaded=False))
    kit.load()
    kit.bench.hunt.begin()
    kit.bench.control.train_or_pause()
    kit.train(3)
    assert kit.bench._runs.live[0].stored is None
    assert not kit.bench.state.has_model
    assert kit.bench.run_list.unsaved == ()
    kit.bench.rewind.go_to(1)
    refusal = kit.bench.rewind.state.refusal
    kit.bench.close(forget=True)
    assert "hidden" in str(refusal)


def test_it_is_taken_out_where_it_cannot_act_any_more(hunted: Kit) -> None:
    bench = hunted.bench
    output = OutputLayer(activation=Identity())
    network = NetworkSpec(layers=bench.experiment.network.layers, output=output)
    bench.change(replace(bench.experiment, network=network, loss=MeanSquaredError()))
    assert not bench.hunt.hidden
    assert "cannot act" in str(hunted.notices[-1].text)


def test_only_mistakes_that_can_act_and_show_are_hidden(kit: Kit) -> None:
    kit.load()
    fitting = kit.bench.hunt._fitting()
    assert not set(fitting) & (hunting.LEFT_OUT | {"validation-in-training"})
    assert "dropout-active-in-prediction" not in fitting
    assert "gradient-sign" in fitting


def test_with_mistakes_switched_on_a_healthy_network_is_opened(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = small_experiment(data=spirals())
    monkeypatch.setattr(openings, "_LOADED", {hunting.HEALTHY: healthy})
    kit.load()
    sick = replace(kit.bench.experiment, faults=(fault_named("gradient-sign"),))
    kit.bench.change(sick)
    kit.bench.hunt.begin()
    kit.settle()
    assert kit.bench.hunt.hidden
    assert kit.bench.experiment == healthy
    assert "has mistakes of its own" in str(kit.notices[-1].text)
    kit.bench.undo()
    assert kit.bench.experiment == sick
    assert not kit.bench.hunt.hidden


# the page


def test_a_guess_is_picked_sent_and_answered(qtbot: QtBot) -> None:
    view = GuideView()
    qtbot.addWidget(view)
    view.show()
    offered = ("softmax-twice", "gradient-sign", "update-not-applied")
    view.show_hunt(offered, guess="", answer="")
    page = view.hunt
    assert page.isVisible()
    assert not page.guess_button.isEnabled()
    assert page.told == ""
    page.question.answers[1].button.click()
    assert "uphill" in page.reason.text() or "rises" in page.reason.text()
    with qtbot.waitSignal(view.guess_wished) as guessed:
        page.guess_button.click()
    assert guessed.args == ["gradient-sign"]
    view.show_hunt(offered, guess="gradient-sign", answer="softmax-twice")
    assert page.told == "It is another one."
    assert "softmax(softmax(Z))" in page._wrong.text()
    assert not page.question.answers[0].sign.isHidden()
    with qtbot.waitSignal(view.hunt_ended):
        page.close_button.click()
    view.show_hunt((), guess="", answer="")
    assert view.empty.isVisible()


def test_a_wrong_answer_is_struck_out_and_there_is_a_second_try(qtbot: QtBot) -> None:
    view = GuideView()
    qtbot.addWidget(view)
    view.show()
    offered = ("softmax-twice", "gradient-sign", "update-not-applied")
    view.show_hunt(offered, guess="", answer="", tried=("gradient-sign",))
    struck, other = view.hunt.question.answers[1], view.hunt.question.answers[2]
    assert not struck.button.isEnabled()
    assert not struck.sign.isHidden()
    assert other.button.isEnabled()
    assert other.sign.isHidden()
    assert "second try" in view.hunt.told
    assert not view.hunt.give_up_button.isHidden()


def test_no_key_gives_the_riddle_away_when_the_hunt_begins_again(qtbot: QtBot) -> None:
    view = GuideView()
    qtbot.addWidget(view)
    offered = ("softmax-twice", "gradient-sign")
    view.show_hunt(offered, guess="gradient-sign", answer="softmax-twice")
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    view.hunt.again_button.setFocus()
    view.show_hunt(offered, guess="", answer="")
    qtbot.waitUntil(view.hunt.question.answers[0].button.hasFocus)


def test_who_finds_it_is_told_so_and_who_gives_up_is_told_what_it_was(qtbot: QtBot) -> None:
    view = GuideView()
    qtbot.addWidget(view)
    offered = ("softmax-twice", "gradient-sign")
    view.show_hunt(offered, guess="gradient-sign", answer="gradient-sign")
    assert view.hunt.told == "Found!"
    view.show_hunt(offered, guess="", answer="gradient-sign")
    assert view.hunt.told == "This is what was hidden."


def test_the_command_brings_the_hunt_to_the_front_and_silences_the_doctor(
    kit: Kit, qtbot: QtBot
) -> None:
    kit.load()
    window = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(window, before_close_func=lambda one: setattr(one, "_asks", False))
    window.commands["find_fault"].trigger()
    guide, doctor = window.docks["guide"].view, window.docks["doctor"].view
    assert isinstance(guide, GuideView)
    assert isinstance(doctor, DoctorView)
    assert guide._stack.currentWidget() is guide.hunt
    assert doctor.diagnosis is None
    assert doctor.empty._title.text() == "A mistake is hidden"
    kit.bench.hunt.close()
    assert guide._stack.currentWidget() is guide.empty
