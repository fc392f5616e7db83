"""Points on two axes: each cloud in its colour, and a step along x as long as one along y."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.plot.scatter import (
    MOST_POINTS,
    Backdrop,
    Cloud,
    Curve,
    Points,
    ScatterPlot,
    _scene,
    thinned,
)

RED = QColor("#ff0000")


@pytest.fixture
def plot(qtbot: QtBot) -> ScatterPlot:
    made = ScatterPlot()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def cloud(count: int = 50) -> Cloud:
    generator = np.random.default_rng(0)
    return Cloud(generator.normal(size=count), generator.normal(size=count), RED, "red ones")


@pytest.mark.parametrize("count", [0, 1, 50])
def test_any_number_of_points_is_drawn(plot: ScatterPlot, count: int) -> None:
    plot.show_points(Points((cloud(count),)))
    shot = plot.grab().toImage()
    reds = sum(shot.pixelColor(x, y) == RED for x in range(50, 380) for y in range(30, 270))
    assert (reds > 0) == (count > 0)


def test_all_points_lie_between_the_ends_of_the_axes(qapp: object) -> None:
    one = cloud()
    scene = _scene(Points((one,)), QRectF(0, 0, 300, 200))
    assert scene.x.low < one.x.min()
    assert one.x.max() < scene.x.high
    assert scene.y.low < one.y.min()
    assert one.y.max() < scene.y.high


def test_axes_that_are_alike_have_the_same_unit(qapp: object) -> None:
    scene = _scene(Points((cloud(),), alike=True), QRectF(0, 0, 300, 100))
    along = (scene.x.high - scene.x.low) / 300
    assert along == pytest.approx((scene.y.high - scene.y.low) / 100)


def test_it_is_painted_again_only_when_it_changes(plot: ScatterPlot) -> None:
    plot.show_points(Points((cloud(),)))
    plot.grab()
    kept = plot._picture
    plot.grab()
    assert plot._picture is kept
    plot.show_points(Points((cloud(),)))
    plot.grab()
    assert plot._picture is not kept


def test_of_very_many_points_only_some_are_drawn() -> None:
    assert len(range(100)[thinned(100)]) == 100
    assert len(range(60_000)[thinned(60_000)]) <= MOST_POINTS


def test_axes_reach_where_they_are_told_to_whatever_the_points_are(qapp: object) -> None:
    scene = _scene(Points((cloud(),), x=(-9.0, 9.0), y=(-8.0, 8.0)), QRectF(0, 0, 300, 200))
    assert (scene.x.ends, scene.y.ends) == ((-9.0, 9.0), (-8.0, 8.0))


def test_shades_lie_behind_the_points_with_the_first_row_on_top(plot: ScatterPlot) -> None:
    plot.show_points(Points((cloud(0),), x=(0.0, 1.0), y=(0.0, 1.0)))
    shades = np.zeros((2, 2, 3), np.uint8)
    shades[0] = 200
    plot.show_answer(backdrop=Backdrop(shades, (0.0, 1.0), (0.0, 1.0)))
    shot = plot.grab().toImage()
    assert shot.pixelColor(200, 40).red() > 150
    assert shot.pixelColor(200, 255).red() < 50


def test_a_curve_is_drawn_between_the_axes_and_named(plot: ScatterPlot) -> None:
    plot.show_points(Points((cloud(0),), x=(0.0, 1.0), y=(0.0, 1.0)))
    plain = plot.grab().toImage()
    high = Curve(np.array([0.0, 1.0]), np.array([0.5, 0.5]), RED, "network")
    plot.show_answer(curves=(high,))
    shot = plot.grab().toImage()
    assert [one.name for one in plot.curves] == ["network"]
    assert any(
        shot.pixelColor(200, y).red() > 200 > shot.pixelColor(200, y).blue() for y in range(300)
    )
    assert any(shot.pixelColor(x, 12) != plain.pixelColor(x, 12) for x in range(44, 200))
    plot.show_answer()
    assert plot.grab().toImage() == plain


def test_it_tells_that_its_axes_end_elsewhere_when_it_is_resized(
    plot: ScatterPlot, qtbot: QtBot
) -> None:
    plot.show_points(Points((cloud(),), alike=True))
    before = plot.ends
    plot.show()
    with qtbot.waitSignal(plot.reframed):
        plot.resize(700, 300)
    assert plot.ends != before
    plot.hide()


def test_a_place_is_read_in_the_numbers_of_the_axes(plot: ScatterPlot) -> None:
    read = []
    plot.read = lambda x, y: read.append((x, y)) or "here"  # type: ignore[func-returns-value] # append
    plot.show_points(Points((cloud(),), x=(0.0, 1.0), y=(10.0, 20.0)))
    area = plot._area()
    assert plot._read_at(area.center()) == "here"
    assert read == [pytest.approx((0.5, 15.0))]
    assert plot._read_at(QPointF(1, 1)) == ""
