"""Curves of runs that are compared: each in its own colour and by its name; the rewound step."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import kind_colours, theme
from nnstudio.gui.views.curves import LossView
from nnstudio.runs.run import RunView
from tests.gui.histories import history_of, run_of


@pytest.fixture
def view(qtbot: QtBot) -> LossView:
    made = LossView()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def runs(*places: int | None) -> tuple[RunView, ...]:
    history = history_of([2.0 - 0.01 * step for step in range(100)])
    return tuple(
        replace(run_of(history, name=f"run {at}", current=at == 0), place=place)
        for at, place in enumerate(places)
    )


def test_runs_that_are_compared_have_colours_of_their_own(view: LossView) -> None:
    view.show_runs(runs(1, 0, None))
    colours = [line.colour for line in view.plot.scene.lines]
    assert colours == list(kind_colours(2))


def test_no_others_are_drawn_beside_them(view: LossView) -> None:
    view.show_runs(runs(0, None, 1))
    assert len(view.plot.scene.lines) == 2
    view.show_runs(runs(None, 0, 1))
    assert len(view.plot.scene.lines) == 3


def test_names_go_before_numbers_where_many_are_compared(view: LossView) -> None:
    view.show_runs(runs(0, 1, 2, 3, 4))
    entries = view.plot.scene.legend
    assert [entry.name for entry in entries] == [f"run {at}" for at in range(5)]
    assert not any(entry.value for entry in entries)


def test_the_legend_names_them_in_their_order(view: LossView) -> None:
    view.show_runs(runs(1, 0, None))
    entries = view.plot.scene.legend
    assert [(entry.name, entry.colour) for entry in entries] == [
        ("run 1", kind_colours(2)[0]),
        ("run 0", kind_colours(2)[1]),
    ]
    assert all(entry.value for entry in entries)


def test_a_run_alone_keeps_the_colour_of_its_quantity(view: LossView) -> None:
    view.show_runs(runs(None))
    assert view.plot.scene.lines[-1].colour == theme().loss


def test_a_line_stands_where_the_run_was_rewound_to(view: LossView) -> None:
    (run,) = runs(None)
    view.show_runs((run,))
    assert not view.plot.scene.flags
    view.show_runs((replace(run, rewound=40),))
    (shown,) = view.plot.scene.flags
    assert (shown.x, shown.text) == (40.0, "step 40")
    view.show_runs((run,))
    assert view.plot.scene.flags == ()
