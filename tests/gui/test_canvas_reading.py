"""The canvas reads several digits, before the first run too, and says why."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.data.progress import silent
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.canvas.nearest import Nearest
from nnstudio.gui.views.canvas.parts import parts_of
from nnstudio.gui.views.canvas.seeing import RASTER, is_slight
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.drawing import InkPicture, PenStroke, Raster
from nnstudio.gui.widgets.picture_input import picture_of
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.runs.model import Model
from nnstudio.runs.neighbours import Neighbour
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Vector, Weights

DIGITS = tuple("0123456789")
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
SPEC = NetworkSpec(layers=())


def at_once(work: Callable[[], None]) -> None:
    work()


def sure_of(digit: int) -> Vector:
    layout = layout_of(SPEC, inputs=784, outputs=10)
    vector = np.zeros(layout.size, dtype=np.float32)
    layout.views(vector)["layers.0.b"][digit] = 5
    return vector


def plan(**values: object) -> Blueprint:
    made = Blueprint(
        network=SPEC,
        layout=layout_of(SPEC, inputs=784, outputs=10),
        class_names=DIGITS,
        image_shape=(28, 28),
        scaling=FittedScaling(factor=np.array(1 / 255), shift=np.array(0.0)),
    )
    return replace(made, **values)  # type: ignore[arg-type] # any field may be another


def earlier_model() -> Model:
    made = plan()
    return Model(
        recipe=Recipe(Experiment(network=SPEC)),
        layout=made.layout,
        vector=sure_of(4),
        class_names=DIGITS,
        image_shape=(28, 28),
        scaling=made.scaling,
    )


def run(blueprint: Blueprint, vector: Vector | None, *, number: int = 1, step: int = 9) -> RunView:
    weights = None if vector is None else Weights(step=step, vector=vector)
    state = RunState.RUNNING if step else RunState.WAITING
    snapshot = Snapshot(state=state, step=step, weights=weights)
    return RunView("a", "run 1", number, current=True, snapshot=snapshot, blueprint=blueprint)


class FirstRows:
    """Stands for the search: the first samples are always the nearest."""

    def __init__(self, data: PreparedData) -> None:
        del data

    def nearest(self, sample: object, *, count: int = 5) -> tuple[Neighbour, ...]:
        del sample
        return tuple(Neighbour(row, float(row)) for row in range(count))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CanvasView]:
    made = CanvasView(
        ready=earlier_model,
        beside=Beside(start=at_once),
        nearest=Nearest(Beside(start=at_once), search=FirstRows),
    )
    qtbot.addWidget(made)
    made.resize(328, 420)
    made.show()
    yield made
    made.close()


def draw(view: CanvasView, x: int = 60) -> None:
    canvas = view.board.canvas
    QTest.mousePress(canvas, LEFT, NONE, QPoint(x, 60))
    for y in range(65, 140, 8):
        QTest.mouseMove(canvas, QPoint(x + 2, y))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(x, 140))
    view._look()


def upright(x: float) -> PenStroke:
    return PenStroke(np.array([[x, 50.0], [x + 2, 95.0], [x, 140.0]]), np.full(3, 12.0))


# before the first run


def test_without_a_run_one_that_was_trained_earlier_answers_and_is_called_so(
    view: CanvasView,
) -> None:
    draw(view)
    assert (view.board.answer.name, view.board.answer.note) == ("4", "trained earlier")


def test_it_is_gone_as_soon_as_a_run_answers(view: CanvasView) -> None:
    draw(view)
    view.show_runs((run(plan(), None, step=0),))
    assert view.board.answer.note == "trained earlier"
    view.show_runs((run(plan(), sure_of(8)),))
    assert (view.board.answer.name, view.board.answer.note) == ("8", "")


def test_it_stands_in_for_the_untrained_network_that_is_shown_at_first(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(2), number=0, step=0),))
    draw(view)
    assert view.board.answer.name == "4"
    view.board.canvas.clear()
    assert "trained earlier" in view.board.canvas.accessibleDescription()


def test_it_reads_no_other_classes_than_digits(view: CanvasView) -> None:
    shirts = plan(class_names=tuple("abcdefghij"))
    view.show_runs((run(shirts, sure_of(2), number=0, step=0),))
    draw(view)
    assert (view.board.answer.name, view.board.answer.note) == ("c", "")


def test_empty_paper_says_who_will_read(qtbot: QtBot) -> None:
    view = CanvasView(ready=earlier_model, beside=Beside(start=at_once))
    qtbot.addWidget(view)
    view.show_runs((run(plan(), None, number=0, step=0),))
    assert "trained earlier" in view.board.canvas.accessibleDescription()
    view.show_runs((run(plan(), sure_of(8)),))
    assert "trained earlier" not in view.board.canvas.accessibleDescription()


def test_it_is_loaded_with_the_first_stroke_and_not_before(qtbot: QtBot) -> None:
    loaded: list[int] = []
    view = CanvasView(ready=lambda: loaded.append(1), beside=Beside(start=at_once))
    qtbot.addWidget(view)
    view.show()
    assert loaded == []
    draw(view)
    draw(view)
    assert loaded == [1]
    view.close()


# several digits


def test_several_digits_are_read_from_left_to_right(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    draw(view, x=120)
    draw(view, x=40)
    assert view.board.answer.name == "8"
    view.set_several(on=True)
    assert view.board.answer.name == "88"
    assert [one.chosen for one in view.board.canvas.marks] == [True, False]


def test_arrows_go_from_digit_to_digit(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    view.set_several(on=True)
    draw(view, x=40)
    draw(view, x=120)
    seen: list[object] = []
    view.drawing_changed.connect(seen.append)
    QTest.keyClick(view.board.canvas, Qt.Key.Key_Left)
    assert [one.chosen for one in view.board.canvas.marks] == [True, False]
    QTest.keyClick(view.board.canvas, Qt.Key.Key_Left)
    assert [one.chosen for one in view.board.canvas.marks] == [True, False]
    assert len(seen) == 1


def test_of_several_digits_the_one_that_is_shown_can_be_kept(view: CanvasView) -> None:
    view.set_several(on=True)
    draw(view, x=40)
    draw(view, x=120)
    kept = view.drawing()
    assert kept is not None
    assert [float(one.points[:, 0].min()) > 96 for one in kept.strokes] == [True]
    np.testing.assert_array_equal(kept.pixels(), view.seen)


def test_one_digit_has_no_frame(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    view.set_several(on=True)
    draw(view)
    assert view.board.canvas.marks == ()


def test_the_part_drawn_last_is_the_one_that_is_shown() -> None:
    parts, newest = parts_of((upright(140), upright(90), upright(40)), several=True)
    assert (len(parts), newest) == (3, 0)
    places = [part.place for part in parts if part.place is not None]
    assert [place[0] for place in places] == sorted(place[0] for place in places)


def test_parts_are_found_beside_what_was_erased(qtbot: QtBot) -> None:
    rubber = PenStroke(np.array([[40.0, 95.0]]), np.array([4.0]), erasing=True)
    parts, _ = parts_of((upright(40), upright(140), rubber), several=True)
    assert len(parts) == 2
    assert parts[0].place is not None
    assert parts[0].place[0] == pytest.approx((40 - 6) / 192, abs=0.02)


def test_nothing_but_rubber_has_no_parts(qtbot: QtBot) -> None:
    line = upright(40)
    rubber = PenStroke(line.points, np.full(3, 40.0), erasing=True)
    assert parts_of((line, rubber), several=True)[0] == ()
    assert parts_of((), several=True) == ((), 0)


def test_a_dot_and_a_line_are_read(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    QTest.mouseClick(view.board.canvas, LEFT, NONE, QPoint(5, 5))
    view._look()
    assert view.board.answer.name == "8"
    view.clear()
    view._look()
    assert view.seen is None
    draw(view)
    assert view.board.answer.name == "8"


def test_a_dot_is_said_to_be_hardly_a_digit_once_the_pen_rests(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    QTest.mouseClick(view.board.canvas, LEFT, NONE, QPoint(90, 90))
    view._look()
    assert view.board.answer.note == ""
    view._explain()
    assert view.board.answer.note == "hardly a digit"
    draw(view)
    assert view.board.answer.note == ""
    view._explain()
    assert view.board.answer.note == ""


def test_what_an_eraser_left_is_hardly_a_digit() -> None:
    line = upright(40)
    rubber = PenStroke(line.points[1:], np.full(2, 40.0), erasing=True)
    higher = PenStroke(np.array([[41.0, 75.0]]), np.array([40.0]), erasing=True)
    assert not is_slight((line, rubber), Raster(RASTER))
    assert is_slight((line, rubber, higher), Raster(RASTER))


def test_a_stray_dot_is_no_digit_beside_others() -> None:
    dot = PenStroke(np.array([[185.0, 10.0]]), np.array([12.0]))
    parts, newest = parts_of((upright(40), upright(100), dot), several=True)
    assert (len(parts), newest) == (2, 1)


# photos


def photo() -> InkPicture:
    grey = np.full((400, 420), 220, np.uint8)
    grey[120:280, 90:102] = 40
    grey[120:280, 290:302] = 40
    return picture_of(grey)


def test_a_photo_gives_its_digits_and_where_they_lie() -> None:
    parts, _ = parts_of((photo(),), several=True)
    assert len(parts) == 2
    assert parts[1].place is not None
    left, top, _, tall = parts[1].place
    assert (left, top, tall) == pytest.approx((290 / 420, 130 / 420, 160 / 420), abs=0.02)


def paste(view: CanvasView) -> None:
    view.board.canvas.set_items((photo(),))
    view.board.canvas.picture_taken.emit()
    view._look()


def test_a_photo_of_several_digits_is_read_as_such_until_it_is_gone(view: CanvasView) -> None:
    told: list[tuple[str, object]] = []
    view.chosen.connect(lambda name, value: told.append((name, value)))
    view.show_runs((run(plan(), sure_of(8)),))
    paste(view)
    assert view.board.answer.name == "88"
    assert view.board.several.isChecked()
    view.clear()
    view._look()
    assert not view.board.several.isChecked()
    assert told == []


def test_each_digit_of_a_photo_can_be_chosen_and_kept(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    paste(view)
    strip = view.stages
    assert strip is not None
    seen: list[object] = []
    view.drawing_changed.connect(seen.append)
    kept = []
    for at in (0, 1):
        QTest.mouseClick(strip, LEFT, NONE, strip._digit_box(at).center())
        assert [one.chosen for one in view.board.canvas.marks] == [at == 0, at == 1]
        drawing = view.drawing()
        assert drawing is not None
        kept.append(drawing.picture)
    first, second = kept
    assert first is not None
    np.testing.assert_array_equal(view.seen, second)
    assert seen[-2] is first
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert view.board.canvas.marks[0].chosen
    strip.close()


def test_a_photo_without_ink_is_empty_and_no_error(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    view.board.canvas.set_items((picture_of(np.full((300, 200), 150, np.uint8)),))
    view._look()
    assert view.seen is None
    assert view.board.answer.name is None


def test_how_a_photo_was_read_can_be_looked_at_again(view: CanvasView) -> None:
    menu = QMenu()
    view.fill_menu(menu)
    entry = next(one for one in menu.actions() if one.text() == "How the photo was read")
    assert not entry.isEnabled()
    view.board.canvas.set_items((photo(),))
    menu = QMenu()
    view.fill_menu(menu)
    entry = next(one for one in menu.actions() if one.text() == "How the photo was read")
    entry.trigger()
    assert view.stages is not None
    assert view.stages.isVisible()
    assert view.stages.digits == 2
    view.stages.close()


# paper


def test_paper_and_several_digits_are_options_of_the_menu(view: CanvasView) -> None:
    told: list[tuple[str, object]] = []
    view.chosen.connect(lambda name, value: told.append((name, value)))
    menu = QMenu()
    view.fill_menu(menu)
    by_text = {one.text(): one for one in menu.actions()}
    by_text["Dark paper, light ink"].trigger()
    by_text["Read several digits"].trigger()
    assert view.board.canvas.paper == "dark"
    assert view.board.several.isChecked()
    assert told == [("paper", "dark"), ("several", True)]


# reasons


def test_the_pixels_that_spoke_are_shown_once_the_pen_rests(view: CanvasView) -> None:
    vector = sure_of(8)
    plan().layout.views(vector)["layers.0.W"][:, 8] = 1.0
    view.show_runs((run(plan(), vector),))
    draw(view)
    view._explain()
    values = view.board.reasons.spoken.values
    assert values is not None
    assert view.seen is not None
    assert (values[view.seen > 0] > 0).all()
    view.clear()
    view._look()
    assert view.board.reasons.spoken.values is None


def noise() -> PreparedData:
    source = Noise(samples=40)
    experiment = Experiment(data=DataSettings(sources=(WeightedSource(source=source),)))
    return prepare(experiment, source.load(DataPlaces.standard(), silent))


def test_samples_that_are_near_are_shown_and_can_be_looked_at(view: CanvasView) -> None:
    view.show_runs((run(plan(), sure_of(8)),))
    view.show_data(noise())
    draw(view)
    view._ask_nearest()
    tiles = view.board.reasons.nearest.tiles
    assert len(tiles) == 6
    assert all(tile.odd == (tile.name != "8") for tile in tiles)
    QTest.mouseClick(view.board.reasons.nearest, LEFT, NONE, QPoint(10, 10))
    view._look()
    np.testing.assert_array_equal(view.board.seen.pixels, tiles[0].pixels)
    view.undo()
    view.clear()
    view._look()
    assert view.board.reasons.nearest.tiles == ()


@pytest.mark.usefixtures("qtbot")
def test_samples_near_another_drawing_are_not_shown() -> None:
    waiting: list[Callable[[], None]] = []
    made: list[PreparedData] = []

    def search(data: PreparedData) -> FirstRows:
        made.append(data)
        return FirstRows(data)

    beside = Beside(start=waiting.append)
    nearest = Nearest(beside, search=search)
    told: list[object] = []
    nearest.found.connect(told.append)
    nearest.show_data(noise())
    drawn = np.zeros((28, 28), np.uint8)
    nearest.ask(drawn, answer="8")
    nearest.drop()
    nearest.ask(drawn, answer="7")
    waiting.pop()()
    beside.look()
    assert told == []
    waiting.pop()()
    beside.look()
    assert len(told) == 1
    assert len(made) == 1


def test_other_data_are_looked_through_without_another_stroke(
    view: CanvasView, qtbot: QtBot
) -> None:
    draw(view)
    view.show_data(noise())
    qtbot.waitUntil(lambda: len(view.board.reasons.nearest.tiles) == 6)


def test_while_samples_are_looked_for_that_is_said(qtbot: QtBot) -> None:
    waiting: list[Callable[[], None]] = []
    beside = Beside(start=waiting.append)
    view = CanvasView(ready=lambda: None, nearest=Nearest(beside, search=FirstRows))
    qtbot.addWidget(view)
    view.resize(328, 420)
    view.show()
    draw(view)
    tiles = view.board.reasons.nearest
    view._ask_nearest()
    assert tiles.accessibleDescription() == ""
    view.show_data(noise())
    view._ask_nearest()
    assert tiles.accessibleDescription() == "Looking …"
    tiles.grab()
    waiting.pop()()
    beside.look()
    assert len(tiles.tiles) == 6
    assert "Looking" not in tiles.accessibleDescription()
    view.close()


def test_other_data_take_the_samples_away(view: CanvasView) -> None:
    view.show_data(noise())
    draw(view)
    view._ask_nearest()
    view.show_data(None)
    assert view.board.reasons.nearest.tiles == ()
    view._ask_nearest()
    assert view.board.reasons.nearest.tiles == ()


def test_strokes_that_lie_over_one_another_are_one_digit() -> None:
    parts, _ = parts_of((upright(40), upright(44)), several=True)
    assert len(parts) == 1
    assert parts[0].place is None


def test_a_view_that_is_hidden_while_it_loads_loads_again_later(qtbot: QtBot) -> None:
    pending: list[Callable[[], None]] = []
    view = CanvasView(ready=earlier_model, beside=Beside(start=pending.append))
    qtbot.addWidget(view)
    view.show()
    draw(view)
    view.hide()
    view.show()
    draw(view)
    assert len(pending) == 2
    pending[-1]()
    view._beside.look()
    assert view.board.answer.note == "trained earlier"
    view.close()
