"""The table of commands: complete, without clashes, enabled when possible, else with a reason."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QKeySequence

from nnstudio.gui.actions import Actions
from nnstudio.gui.commands import COMMANDS, MENUS
from nnstudio.places import resource_root
from nnstudio.texts import text
from nnstudio.training.experiment import Stopping
from tests.gui.bench_kit import Kit


@pytest.fixture
def kit(qapp: object) -> Iterator[Kit]:
    made = Kit()
    made.load()
    yield made
    made.bench.close(forget=True)


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def actions(kit: Kit, done: list[str]) -> Iterator[Actions]:
    def does(key: str) -> None:
        done.append(key)

    by_window = {
        command.key: (lambda key=command.key: does(key)) for command in COMMANDS if not command.run
    }
    made = Actions(kit.bench, by_window=by_window, parent=kit.bench)
    yield made
    made.deleteLater()


def test_every_command_has_its_own_key_and_shortcut() -> None:
    keys = [command.key for command in COMMANDS]
    shortcuts = [command.shortcut for command in COMMANDS if command.shortcut]
    assert len(set(keys)) == len(keys)
    assert len(set(shortcuts)) == len(shortcuts)


def test_every_command_is_in_a_menu_that_exists() -> None:
    assert {command.menu for command in COMMANDS} <= set(MENUS)


def test_every_icon_of_a_command_exists() -> None:
    icons = {entry.name for entry in (resource_root() / "icons").iterdir()}
    assert {f"{command.icon}.svg" for command in COMMANDS if command.icon} <= icons


@pytest.mark.parametrize(
    ("shortcut", "key"),
    [
        ("Space", "train"),
        ("S", "step"),
        ("Shift+S", "epoch"),
        ("Ctrl+R", "restart"),
        ("Ctrl+Z", "undo"),
        ("Ctrl+Shift+Z", "redo"),
        ("Ctrl+O", "open"),
        ("Ctrl+S", "save"),
        ("Ctrl+Shift+S", "save_as"),
        ("Ctrl+E", "export"),
        ("Esc", "clear_drawing"),
        ("A", "show_all"),
        ("L", "log_axis"),
        ("F11", "full_screen"),
        ("F1", "help"),
        ("Ctrl+K", "palette"),
    ],
)
def test_the_promised_shortcuts_are_there(actions: Actions, shortcut: str, key: str) -> None:
    assert actions[key].shortcut() == QKeySequence(shortcut)


def test_a_command_of_the_workbench_acts_on_it(kit: Kit, actions: Actions) -> None:
    actions["step"].trigger()
    kit.crank()
    assert kit.bench.views[0].snapshot.step == 1


def test_a_command_of_the_window_is_handed_to_it(actions: Actions, done: list[str]) -> None:
    actions["open"].trigger()
    assert done == ["open"]


def test_what_cannot_be_done_is_disabled_and_says_why(actions: Actions) -> None:
    assert not actions["save"].isEnabled()
    assert "no model yet" in actions["save"].toolTip()
    assert actions.refusal("save") == "There is no model yet; it is made by training."


def test_commands_follow_what_goes_on(kit: Kit, actions: Actions) -> None:
    assert not actions["stop"].isEnabled()
    kit.bench.control.train_or_pause()
    kit.crank()
    assert actions["stop"].isEnabled()
    assert not actions["step"].isEnabled()
    assert actions["train"].text() == "Pause"
    kit.bench.control.train_or_pause()
    kit.crank()
    assert actions["train"].text() == "Train"
    assert actions["step"].isEnabled()
    assert actions["save"].isEnabled()


def test_train_says_what_is_wrong_with_the_entry(kit: Kit, actions: Actions) -> None:
    kit.bench.entry_problem(text("must be at least {ge}", ge=1))
    assert not actions["train"].isEnabled()
    assert "must be at least 1" in actions["train"].toolTip()


def test_a_tooltip_names_the_shortcut(actions: Actions) -> None:
    assert "Ctrl+R" in actions["restart"].toolTip()


def test_undo_is_enabled_by_a_change(kit: Kit, actions: Actions) -> None:
    assert not actions["undo"].isEnabled()
    kit.bench.change(replace(kit.bench.experiment, seed=3))
    assert actions["undo"].isEnabled()
    actions["undo"].trigger()
    assert kit.bench.experiment.seed == 0
    assert actions["redo"].isEnabled()


def test_what_is_being_typed_becomes_a_value_before_a_command(kit: Kit) -> None:
    def commit() -> None:
        kit.bench.entry_problem(text("must be at least {ge}", ge=1))

    actions = Actions(
        kit.bench,
        by_window={command.key: lambda: None for command in COMMANDS if not command.run},
        before=commit,
        parent=kit.bench,
    )
    actions["train"].trigger()
    assert kit.trainer.sessions == []


def test_single_steps_are_refused_when_the_run_is_over(kit: Kit, actions: Actions) -> None:
    kit.train(2)
    kit.bench.control.stop()
    kit.crank()
    for key in ("step", "epoch"):
        assert not actions[key].isEnabled()
        assert actions.refusal(key) == "The run is over: Train starts a new one."
    assert "Starts a new run" in actions["train"].toolTip()
    experiment = kit.bench.experiment
    kit.bench.change(replace(experiment, stopping=Stopping(steps=50)))
    assert "Goes on with the run" in actions["train"].toolTip()
