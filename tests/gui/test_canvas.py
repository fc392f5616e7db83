"""The answer follows the pen, by the newest weights; without a drawing there is none."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.data.strokes import prepare_picture
from nnstudio.faults import fault_named
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.canvas.seeing import seen_pixels
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.drawing import InkPicture, PenStroke, ink_of_picture
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.tasks import Task
from nnstudio.training.experiment import Experiment
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Vector, Weights

DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    spec = NetworkSpec(layers=())
    return Blueprint(
        network=spec,
        layout=layout_of(spec, inputs=784, outputs=10),
        class_names=DIGITS,
        image_shape=(28, 28),
        scaling=FittedScaling(factor=np.array(1 / 255), shift=np.array(0.0)),
    )


def sure_of(blueprint: Blueprint, digit: int) -> Vector:
    """Weights that answer `digit` whatever is drawn."""
    vector = np.zeros(blueprint.layout.size, dtype=np.float32)
    blueprint.layout.views(vector)["layers.0.b"][digit] = 5
    return vector


def run(
    blueprint: Blueprint,
    vector: Vector | None,
    *,
    state: RunState = RunState.RUNNING,
    step: int = 100,
    seconds: float = 1.0,
    current: bool = True,
) -> RunView:
    weights = None if vector is None else Weights(step=step, vector=vector)
    snapshot = Snapshot(state=state, step=step, seconds=seconds, weights=weights)
    return RunView("a", "run 1", 0, current, snapshot, blueprint)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CanvasView]:
    made = CanvasView(ready=lambda: None)
    qtbot.addWidget(made)
    made.resize(328, 420)
    made.show()
    yield made
    made.close()


def draw(view: CanvasView) -> None:
    canvas = view.board.canvas
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, left, none, QPoint(60, 40))
    for y in range(45, 160, 8):
        QTest.mouseMove(canvas, QPoint(60 + y // 3, y))
    QTest.mouseRelease(canvas, left, none, QPoint(110, 160))


def test_it_is_a_view_that_wants_weights() -> None:
    assert issubclass(CanvasView, View)
    assert (CanvasView.name, CanvasView.title, CanvasView.wants_weights) == ("draw", "Draw", True)


def test_an_empty_canvas_gives_no_answer(view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    assert view.board.answer.name is None
    assert view.board.bars.best is None
    assert view.board.seen.pixels is None


def test_a_drawing_is_answered_while_the_pen_moves(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    QTest.mousePress(
        view.board.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(9, 9)
    )
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    assert view.board.seen.pixels is not None


def test_many_moves_are_one_prediction(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    predicted: list[None] = []
    view._soon.timeout.connect(lambda: predicted.append(None))
    told: list[None] = []
    view.board.canvas.strokes_changed.connect(lambda: told.append(None))
    draw(view)
    qtbot.waitUntil(lambda: bool(predicted) and not view._soon.isActive())
    assert len(told) > 10
    assert len(predicted) <= len(told) // 3


def test_newer_weights_answer_anew(qtbot: QtBot, view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    view.show_runs((run(blueprint, sure_of(blueprint, 8), step=200),))
    assert view.board.answer.name == "8"


def test_before_training_the_initial_weights_answer(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    start = replace(blueprint, initial=sure_of(blueprint, 5))
    view.show_runs((run(start, None, state=RunState.WAITING, step=0),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "5")


def test_the_current_run_answers_among_several(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    other = run(blueprint, sure_of(blueprint, 1), current=False)
    view.show_runs((other, run(blueprint, sure_of(blueprint, 2))))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "2")


def test_without_a_run_the_drawing_is_seen_but_not_answered(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    view.show_runs(())
    assert view.board.answer.name is None
    assert view.board.seen.pixels is not None


def test_clearing_takes_the_answer_away(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    view.clear()
    qtbot.waitUntil(lambda: view.board.answer.name is None)
    view.undo()
    qtbot.waitUntil(lambda: view.board.answer.name == "3")


def test_a_network_without_pictures_says_so(view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(replace(blueprint, image_shape=None), None),))
    message = view.findChildren(EmptyState)[0]
    assert message.isVisible()
    assert message.accessibleName() == "This network does not read pictures"
    view.show_runs((run(blueprint, None),))
    assert view.board.isVisible()


def test_without_a_run_one_can_draw_again(view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(replace(blueprint, image_shape=None), None),))
    view.show_runs(())
    assert view.board.isVisible()


def test_a_new_network_without_weights_takes_the_old_answer_away(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    view.show_runs((run(replace(blueprint), None, state=RunState.WAITING, step=0),))
    assert view.board.answer.name is None


def test_pictures_of_another_size_are_named(view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(replace(blueprint, image_shape=(8, 8)), None),))
    assert "8 × 8" in view.findChildren(EmptyState)[0].accessibleDescription()


def test_an_answer_that_is_no_number_is_no_answer(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    vector = sure_of(blueprint, 3)
    vector[:] = np.nan
    view.show_runs((run(blueprint, vector, state=RunState.DIVERGED),))
    draw(view)
    qtbot.waitUntil(lambda: view.board.seen.pixels is not None)
    assert view.board.answer.name is None


def test_a_sample_reaches_the_network_pixel_by_pixel(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    sample = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    view.show_sample(sample, "sample 3, label 5")
    qtbot.waitUntil(lambda: view.board.answer.name == "3")
    np.testing.assert_array_equal(view.board.seen.pixels, sample)


def test_a_sample_can_be_drawn_on(qtbot: QtBot, view: CanvasView, blueprint: Blueprint) -> None:
    sample = np.zeros((28, 28), np.uint8)
    sample[10:20, 12:16] = 255
    view.show_sample(sample, "")
    draw(view)
    qtbot.waitUntil(lambda: view.board.seen.pixels is not None and not view._soon.isActive())
    seen = view.board.seen.pixels
    assert seen is not None
    assert not np.array_equal(seen, sample)


def test_training_for_a_while_invites_a_drawing_until_one_was_made(
    qtbot: QtBot, view: CanvasView, blueprint: Blueprint
) -> None:
    canvas = view.board.canvas
    view.show_runs((run(blueprint, sure_of(blueprint, 3), seconds=0.5),))
    assert canvas.accessibleDescription() == "Draw a digit here"
    view.show_runs((run(blueprint, sure_of(blueprint, 3), seconds=4),))
    assert canvas.accessibleDescription().startswith("Now draw a digit")
    draw(view)
    view.clear()
    view.show_runs((run(blueprint, sure_of(blueprint, 3), seconds=5),))
    assert canvas.accessibleDescription() == "Draw a digit here"


def test_an_untrained_network_is_said_to_guess(view: CanvasView, blueprint: Blueprint) -> None:
    waiting = run(blueprint, sure_of(blueprint, 3), state=RunState.WAITING, step=0)
    view.show_runs((replace(waiting, number=1),))
    assert "guess" in view.board.canvas.accessibleDescription()


def test_the_menu_offers_samples_files_and_the_clipboard(qtbot: QtBot, view: CanvasView) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    view.fill_menu(menu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:3] == ["Show a sample from the data", "Open a picture…", "Paste a picture"]
    with qtbot.waitSignal(view.samples_requested):
        menu.actions()[0].trigger()


def test_nothing_drawn_is_nothing_seen() -> None:
    assert seen_pixels(()) is None
    rubber = PenStroke(np.array([[9.0, 9.0]]), np.array([15.0]), erasing=True)
    assert seen_pixels((rubber,)) is None


def test_what_is_seen_lies_in_the_middle_wherever_it_was_drawn(qtbot: QtBot) -> None:
    points = np.array([[20.0, 20.0], [40.0, 60.0], [25.0, 80.0]])
    widths = np.full(3, 15.0)
    one = seen_pixels((PenStroke(points, widths),))
    other = seen_pixels((PenStroke(points + 90, widths),))
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(one, other, atol=40)  # the pen is placed by eighths of a pixel


def test_a_stroke_that_was_erased_altogether_is_not_seen(qtbot: QtBot) -> None:
    points = np.array([[60.0, 60.0], [60.0, 100.0]])
    line = PenStroke(points, np.full(2, 10.0))
    rubber = PenStroke(points, np.full(2, 28.0), erasing=True)
    assert seen_pixels((line, rubber)) is None


def test_drawing_and_raster_are_seen_alike(qtbot: QtBot) -> None:
    curve = np.linspace(0, 5, 60)
    points = np.stack([96 + 40 * np.cos(curve), 96 + 55 * np.sin(curve)], axis=1)
    line = PenStroke(points, np.full(60, 15.0))
    rubber_far_away = PenStroke(np.array([[2.0, 2.0]]), np.array([4.0]), erasing=True)
    strokes, raster = seen_pixels((line,)), seen_pixels((line, rubber_far_away))
    assert strokes is not None
    assert raster is not None
    assert np.corrcoef(strokes.ravel(), raster.ravel())[0, 1] > 0.9


def test_a_picture_is_seen_as_the_command_line_sees_it(qtbot: QtBot) -> None:
    grey = np.full((90, 70), 230, np.uint8)
    grey[20:70, 30:38] = 40
    grey[60:70, 20:50] = 90
    seen, expected = seen_pixels((InkPicture(ink_of_picture(grey)),)), prepare_picture(grey)
    assert seen is not None
    assert expected is not None
    np.testing.assert_allclose(seen.astype(int), expected, atol=2)


def test_a_faint_picture_is_not_exact_unless_said_so(qtbot: QtBot) -> None:
    ink = np.zeros((40, 40), np.uint8)
    ink[10:30, 18:22] = 200
    seen = seen_pixels((InkPicture(ink),))
    assert seen is not None
    assert seen.shape == (28, 28)
    assert seen.max() == 255


@pytest.mark.parametrize("task", ["labels", "values"])
def test_a_network_without_classes_says_so_even_if_it_reads_pictures(
    view: CanvasView, blueprint: Blueprint, task: Task
) -> None:
    view.show_runs((run(replace(blueprint, task=task), None),))
    message = view.findChildren(EmptyState)[0]
    assert message.isVisible()
    assert message.accessibleName() == "This network tells no classes apart"
    view.show_runs((run(blueprint, None),))
    assert not message.isVisible()


@pytest.mark.parametrize(("fault", "said"), [("softmax-twice", True), ("gradient-sign", False)])
def test_empty_paper_says_that_the_answer_is_without_a_mistake_of_the_outputs(
    view: CanvasView, blueprint: Blueprint, fault: str, *, said: bool
) -> None:
    recipe = Recipe(Experiment(faults=(fault_named(fault),)))
    view.show_runs((replace(run(blueprint, sure_of(blueprint, 3)), recipe=recipe),))
    hint = view.board.canvas.accessibleDescription()
    assert ("answers without the built-in mistake" in hint) is said


def test_what_was_drawn_can_be_kept_as_a_drawing(view: CanvasView) -> None:
    assert view.drawing() is None
    draw(view)
    kept = view.drawing()
    assert kept is not None
    assert (kept.label, len(kept.strokes), kept.picture) == ("", 1, None)
    np.testing.assert_array_equal(kept.pixels(), seen_pixels(view.board.canvas.items))


def test_what_was_erased_in_or_pasted_is_kept_as_a_picture(view: CanvasView) -> None:
    ink = np.zeros((40, 40), np.uint8)
    ink[10:30, 18:22] = 200
    view.board.canvas.set_picture(ink)
    kept = view.drawing()
    assert kept is not None
    np.testing.assert_array_equal(kept.picture, seen_pixels(view.board.canvas.items))
    assert kept.strokes == ()


def test_a_sample_out_of_the_data_is_nobodys_drawing(view: CanvasView) -> None:
    view.show_sample(np.full((28, 28), 9, np.uint8), "")
    assert view.drawing() is None


def test_a_pen_that_rests_does_not_move(view: CanvasView) -> None:
    canvas = view.board.canvas
    assert not view.pen_moves
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert view.pen_moves
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert not view.pen_moves


def test_a_move_is_answered_within_its_own_event(view: CanvasView, blueprint: Blueprint) -> None:
    view.show_runs((run(blueprint, sure_of(blueprint, 3)),))
    QTest.mousePress(view.board.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert view.board.answer.name == "3"
