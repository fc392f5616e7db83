"""Every command once: text, icon, shortcut, menu, and when it can be done; one row each.

A command either acts on the workbench, or is done by the window, which then says how.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nnstudio.gui.workbench import Activity, BenchState, Workbench
from nnstudio.paths import replace_at
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment

MENUS: Final = ("file", "case", "edit", "run", "view", "help")


def _always(state: BenchState) -> Text | None:
    del state
    return None


def _is_leaving(state: BenchState) -> Text | None:
    if state.activity is Activity.STOPPING:
        return text("The run stops as soon as its step is made.")
    if state.activity is Activity.PAUSING:
        return text("The run pauses as soon as its step is made.")
    return None


def _can_train(state: BenchState) -> Text | None:
    leaving = _is_leaving(state)
    if leaving is not None:
        return leaving
    return None if state.live or state.busy else state.refusal


def _can_step(state: BenchState) -> Text | None:
    leaving = _is_leaving(state)
    if leaving is not None:
        return leaving
    if state.busy:
        return text("Pause first: single steps are for a run that stands still.")
    if state.over and state.goes_on:
        return text("The run is over: Train goes on with it.")
    if state.over:
        return text("The run is over: Train starts a new one.")
    return None if state.live else state.refusal


def _what_train_does(state: BenchState) -> Text | None:
    if not state.over or state.busy:
        return None
    if state.asks:
        return text("Asks whether to go on from the weights of the model or to begin anew.")
    if state.goes_on:
        return text("Goes on with the run that is over, up to the new limits.")
    return text("Starts a new run; the one that is over stays in the list.")


def _new_seed(bench: Workbench) -> None:
    seed = random.SystemRandom().randrange(10_000)
    bench.change(replace_at(bench.experiment, ("seed",), seed))


def _can_stop(state: BenchState) -> Text | None:
    if state.activity is Activity.STOPPING:
        return _is_leaving(state)
    return None if state.live or state.busy else text("No run is under way.")


def _can_restart(state: BenchState) -> Text | None:
    if not state.begun and not state.live:
        return state.refusal or text("There is nothing to start again; press Train.")
    return state.refusal


def _can_begin(state: BenchState) -> Text | None:
    return state.refusal


def _what_a_range_test_does(state: BenchState) -> Text | None:
    del state
    return text("A short run of its own raises the rate until the loss blows up.")


def _what_starting_from_a_model_does(state: BenchState) -> Text | None:
    del state
    return text("A new run begins with the weights of a file whose layers are the same.")


def _what_an_import_does(state: BenchState) -> Text | None:
    del state
    return text("Shows what is in a file or folder of samples before anything is taken.")


def _what_deleting_a_set_does(state: BenchState) -> Text | None:
    del state
    return text("Samples that were imported go; the file that they came from stays.")


def _what_saving_samples_does(state: BenchState) -> Text | None:
    del state
    return text("Writes the samples of a source into a file, as pictures or as strokes.")


def _what_finding_a_fault_does(state: BenchState) -> Text | None:
    del state
    return text("A run begins with a classic mistake hidden in it: find out which one.")


def _what_my_digits_are(state: BenchState) -> Text | None:
    del state
    return text("The drawings that you named: look through them, export, import, mix in.")


def _what_a_lesson_does(state: BenchState) -> Text | None:
    del state
    return text("The network goes on from its weights and learns the drawings that you named.")


def _can_save(state: BenchState) -> Text | None:
    return None if state.has_model else text("There is no model yet; it is made by training.")


def _can_undo(state: BenchState) -> Text | None:
    return None if state.can_undo else text("Nothing was changed yet.")


def _can_redo(state: BenchState) -> Text | None:
    return None if state.can_redo else text("Nothing was undone.")


@dataclass(frozen=True)
class Command:
    """One thing that a person can do.

    Attributes
    ----------
    title, icon, shortcut, menu : str
        As shown; the title is translated when shown. A menu is one of `MENUS`.
    run : callable or None
        Does it on the workbench; None when the window does it.
    refuse : callable
        Gives why it cannot be done just now, or None.
    tell : callable
        Gives what it would do just now where the title leaves that open, or None.
    parted : bool
        Whether a line in the menu parts it from the one before.
    toggle : bool
        Whether it is on or off; the window checks it before the menu opens.
    """

    key: str
    title: str
    menu: str
    icon: str = ""
    shortcut: str = ""
    run: Callable[[Workbench], None] | None = None
    refuse: Callable[[BenchState], Text | None] = _always
    tell: Callable[[BenchState], Text | None] = _always
    parted: bool = False
    toggle: bool = False


COMMANDS: Final = (
    Command("open", title="Open model…", menu="file", icon="folder", shortcut="Ctrl+O"),
    Command(
        "save", title="Save model", menu="file", icon="save", shortcut="Ctrl+S", refuse=_can_save
    ),
    Command(
        "save_as",
        title="Save model as…",
        menu="file",
        shortcut="Ctrl+Shift+S",
        refuse=_can_save,
    ),
    Command(
        "train_from",
        title="Start training from a model…",
        menu="file",
        refuse=_can_begin,
        tell=_what_starting_from_a_model_does,
    ),
    Command(
        "export",
        title="Export plot…",
        menu="file",
        icon="export",
        shortcut="Ctrl+E",
        parted=True,
    ),
    Command("copy_recipe", title="Copy recipe as JSON", menu="file", icon="copy"),
    Command(
        "import",
        title="Import samples…",
        menu="file",
        icon="download",
        shortcut="Ctrl+I",
        parted=True,
        tell=_what_an_import_does,
    ),
    Command("my_digits", title="My digits…", menu="file", icon="pen", tell=_what_my_digits_are),
    Command(
        "delete_set",
        title="Delete imported set…",
        menu="file",
        icon="trash",
        tell=_what_deleting_a_set_does,
    ),
    Command("save_samples", title="Save samples…", menu="file", tell=_what_saving_samples_does),
    Command("data_folder", title="Choose data folder…", menu="file", icon="folder"),
    Command("quit", title="Quit", menu="file", shortcut="Ctrl+Q", parted=True),
    Command(
        "undo",
        title="Undo",
        menu="edit",
        icon="undo",
        shortcut="Ctrl+Z",
        run=Workbench.undo,
        refuse=_can_undo,
    ),
    Command(
        "redo",
        title="Redo",
        menu="edit",
        icon="redo",
        shortcut="Ctrl+Shift+Z",
        run=Workbench.redo,
        refuse=_can_redo,
    ),
    Command(
        "new_seed",
        title="New random seed",
        menu="edit",
        icon="dice",
        run=_new_seed,
        parted=True,
    ),
    Command(
        "defaults",
        title="Default settings",
        menu="edit",
        run=lambda bench: bench.change(Experiment()),
    ),
    Command(
        "clear_drawing",
        title="Clear drawing",
        menu="edit",
        icon="cross",
        shortcut="Esc",
        parted=True,
    ),
    Command(
        "train",
        title="Train",
        menu="run",
        icon="play",
        shortcut="Space",
        run=lambda bench: bench.control.train_or_pause(),
        refuse=_can_train,
        tell=_what_train_does,
    ),
    Command(
        "step",
        title="Step",
        menu="run",
        icon="step",
        shortcut="S",
        run=lambda bench: bench.control.step(),
        refuse=_can_step,
    ),
    Command(
        "epoch",
        title="One epoch",
        menu="run",
        icon="epoch-step",
        shortcut="Shift+S",
        run=lambda bench: bench.control.epoch(),
        refuse=_can_step,
    ),
    Command(
        "stop",
        title="Stop",
        menu="run",
        icon="stop",
        run=lambda bench: bench.control.stop(),
        refuse=_can_stop,
    ),
    Command(
        "restart",
        title="Restart",
        menu="run",
        icon="restart",
        shortcut="Ctrl+R",
        run=lambda bench: bench.control.restart(),
        refuse=_can_restart,
        parted=True,
    ),
    Command(
        "range_test",
        title="Run a range test",
        menu="run",
        icon="chart",
        shortcut="Ctrl+L",
        refuse=_can_begin,
        tell=_what_a_range_test_does,
        parted=True,
    ),
    Command(
        "learn_my_digits",
        title="Learn my digits",
        menu="run",
        run=lambda bench: bench.teach.learn(),
        tell=_what_a_lesson_does,
    ),
    Command(
        "test",
        title="Test the model",
        menu="run",
        run=lambda bench: bench.tests.test(),
        refuse=_can_save,
        parted=True,
    ),
    Command(
        "find_fault",
        title="Find the fault",
        menu="case",
        icon="search",
        run=lambda bench: bench.hunt.begin(),
        refuse=_can_begin,
        tell=_what_finding_a_fault_does,
    ),
    Command("show_all", title="Show all of the curves", menu="view", shortcut="A", parted=True),
    Command("log_axis", title="Logarithmic axis", menu="view", shortcut="L", toggle=True),
    Command(
        "maximize",
        title="Enlarge panel",
        menu="view",
        icon="expand",
        shortcut="F10",
        parted=True,
        toggle=True,
    ),
    Command(
        "full_screen",
        title="Full screen",
        menu="view",
        icon="window",
        shortcut="F11",
        toggle=True,
    ),
    Command("reset_layout", title="Reset layout", menu="view", icon="grid"),
    Command("palette", title="Commands…", menu="help", icon="search", shortcut="Ctrl+K"),
    Command("help", title="Help", menu="help", icon="help", shortcut="F1", parted=True),
    Command("show_log", title="Show log", menu="help", icon="external"),
    Command("about", title="About nnstudio", menu="help", icon="info"),
)
