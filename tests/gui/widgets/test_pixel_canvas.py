"""Drawing, erasing, undoing and pasting, with mouse, pen and keys."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import DARK, LIGHT, themes
from nnstudio.gui.widgets.drawing import InkPicture, PenStroke
from nnstudio.gui.widgets.pixel_canvas import BRUSH, PixelCanvas

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
DOT = np.full((28, 28), 255, np.uint8)
LINE = ((40, 96), (70, 96), (100, 96), (140, 96))


@pytest.fixture
def canvas(qtbot: QtBot) -> PixelCanvas:
    themes.choose("light")
    made = PixelCanvas()
    qtbot.addWidget(made)
    made.resize(192, 192)
    made.show()
    return made


def send(
    canvas: PixelCanvas, kind: QEvent.Type, at: tuple[float, float], button: Qt.MouseButton
) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    cause = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    place = QPointF(*at)
    event = QMouseEvent(kind, place, QPointF(canvas.mapToGlobal(place)), cause, held, NONE)
    QApplication.sendEvent(canvas, event)


def draw(
    canvas: PixelCanvas,
    points: tuple[tuple[float, float], ...] = LINE,
    button: Qt.MouseButton = LEFT,
) -> None:
    send(canvas, QEvent.Type.MouseButtonPress, points[0], button)
    for point in points[1:]:
        send(canvas, QEvent.Type.MouseMove, point, button)
    send(canvas, QEvent.Type.MouseButtonRelease, points[-1], button)


def only_stroke(canvas: PixelCanvas) -> PenStroke:
    (item,) = canvas.items
    assert isinstance(item, PenStroke)
    return item


def test_a_new_canvas_is_empty(canvas: PixelCanvas) -> None:
    assert canvas.empty
    assert canvas.items == ()
    assert not canvas.can_undo


def test_a_stroke_is_kept_in_canvas_units(canvas: PixelCanvas) -> None:
    canvas.resize(384, 384)
    draw(canvas, ((96, 192), (288, 192)))
    stroke = only_stroke(canvas)
    assert stroke.points.tolist() == [[48, 96], [144, 96]]
    assert stroke.widths.tolist() == [BRUSH, BRUSH]


def test_every_move_of_the_pen_is_told(qtbot: QtBot, canvas: PixelCanvas) -> None:
    send(canvas, QEvent.Type.MouseButtonPress, (40, 40), LEFT)
    with qtbot.waitSignal(canvas.strokes_changed):
        send(canvas, QEvent.Type.MouseMove, (60, 60), LEFT)
    assert len(canvas.items) == 1
    with qtbot.assertNotEmitted(canvas.strokes_changed):
        send(canvas, QEvent.Type.MouseMove, (60.1, 60.1), LEFT)


def test_what_is_painted_bit_by_bit_is_what_is_painted_at_once(canvas: PixelCanvas) -> None:
    points = tuple((96 + 60 * np.cos(t), 96 + 50 * np.sin(2 * t)) for t in np.linspace(0, 5, 60))
    draw(canvas, points)
    bit_by_bit = canvas.grab().toImage()
    canvas._repaint_ink()
    assert differing(bit_by_bit, canvas.grab().toImage()) == 0


def differing(one: QImage, other: QImage) -> int:
    pixels = [
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
        for image in (one, other)
    ]
    return int((np.abs(pixels[0].astype(int) - pixels[1]) > 40).sum())


def test_ink_is_seen_where_the_pen_was(canvas: PixelCanvas) -> None:
    draw(canvas)
    image = canvas.grab().toImage()
    assert image.pixelColor(90, 96) == LIGHT.ink
    assert image.pixelColor(90, 50) == LIGHT.paper


def test_the_end_of_a_stroke_under_way_is_seen_at_once(canvas: PixelCanvas) -> None:
    send(canvas, QEvent.Type.MouseButtonPress, (40, 96), LEFT)
    send(canvas, QEvent.Type.MouseMove, (140, 96), LEFT)
    assert canvas.grab().toImage().pixelColor(138, 96) == LIGHT.ink


def test_the_drawing_takes_the_colours_of_another_theme(canvas: PixelCanvas) -> None:
    draw(canvas)
    themes.choose("dark")
    image = canvas.grab().toImage()
    themes.choose("light")
    assert image.pixelColor(90, 96) == DARK.ink
    assert image.pixelColor(90, 50) == DARK.paper


def test_the_right_button_erases(canvas: PixelCanvas) -> None:
    draw(canvas)
    draw(canvas, ((96, 70), (96, 120)), button=RIGHT)
    image = canvas.grab().toImage()
    assert image.pixelColor(96, 96) == LIGHT.paper
    assert image.pixelColor(50, 96) == LIGHT.ink


def test_the_eraser_makes_the_left_button_erase(canvas: PixelCanvas) -> None:
    draw(canvas)
    canvas.set_erasing(True)
    draw(canvas, ((96, 70), (96, 120)))
    assert canvas.ink(192)[96, 96] == 0


def test_only_erasing_leaves_the_canvas_empty(canvas: PixelCanvas) -> None:
    draw(canvas, button=RIGHT)
    assert canvas.empty


def test_undo_takes_strokes_back_one_by_one(canvas: PixelCanvas) -> None:
    draw(canvas)
    draw(canvas, ((96, 40), (96, 150)))
    canvas.undo()
    assert only_stroke(canvas).points[0].tolist() == [40, 96]
    canvas.undo()
    assert canvas.items == ()
    canvas.undo()
    assert canvas.items == ()


def test_a_cleared_drawing_comes_back_by_undo(canvas: PixelCanvas) -> None:
    draw(canvas)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.items == ()
    QTest.keySequence(canvas, "Ctrl+Z")
    assert len(canvas.items) == 1
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.empty


def test_clearing_an_empty_canvas_is_nothing_to_undo(canvas: PixelCanvas) -> None:
    canvas.clear()
    assert not canvas.can_undo


def test_clearing_ends_the_stroke_under_way(canvas: PixelCanvas) -> None:
    send(canvas, QEvent.Type.MouseButtonPress, (40, 96), LEFT)
    canvas.clear()
    send(canvas, QEvent.Type.MouseMove, (140, 96), LEFT)
    send(canvas, QEvent.Type.MouseButtonRelease, (140, 96), LEFT)
    assert canvas.empty


def test_undo_and_escape_of_the_window_are_the_canvas_s_while_it_has_the_keyboard(
    canvas: PixelCanvas,
) -> None:
    for key, modifier, taken in (
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, True),
        (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, True),
        (Qt.Key.Key_Escape, NONE, True),
        (Qt.Key.Key_Space, NONE, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted() == taken


def test_the_brush_is_as_wide_as_set_from_the_next_stroke_on(canvas: PixelCanvas) -> None:
    draw(canvas)
    canvas.set_brush(28)
    draw(canvas, ((96, 40), (96, 150)))
    widths = [item.widths[0] for item in canvas.items if isinstance(item, PenStroke)]
    assert widths == [BRUSH, 28]


def pen_event(
    kind: QEvent.Type, at: tuple[float, float], pressure: float, *, eraser: bool = False
) -> QTabletEvent:
    types = QPointingDevice.PointerType
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        types.Eraser if eraser else types.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
        "",
        QPointingDeviceUniqueId(),
    )
    place = QPointF(*at)
    event = QTabletEvent(kind, device, place, place, pressure, 0, 0, 0, 0, 0, NONE, LEFT, LEFT)
    event.device_kept = device  # type: ignore[attr-defined]  # the event does not own its device
    return event


def test_a_pen_draws_wider_the_harder_it_presses(canvas: PixelCanvas) -> None:
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletPress, (40, 96), 0.1))
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletMove, (90, 96), 0.5))
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletMove, (140, 96), 1.0))
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletRelease, (140, 96), 0.0))
    widths = only_stroke(canvas).widths
    assert np.all(np.diff(widths) > 0)
    assert widths[-1] == BRUSH


def test_the_other_end_of_the_pen_erases(canvas: PixelCanvas) -> None:
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletPress, (40, 96), 1, eraser=True))
    QApplication.sendEvent(canvas, pen_event(QEvent.Type.TabletRelease, (40, 96), 0, eraser=True))
    assert only_stroke(canvas).erasing


def test_a_finger_draws_like_the_mouse(canvas: PixelCanvas) -> None:
    screen = QTest.createTouchDevice()
    window = canvas.windowHandle()
    QTest.touchEvent(window, screen).press(0, QPoint(40, 96)).commit()
    QTest.touchEvent(window, screen).move(0, QPoint(90, 96)).commit()
    QTest.touchEvent(window, screen).move(0, QPoint(140, 96)).commit()
    QTest.touchEvent(window, screen).release(0, QPoint(140, 96)).commit()
    assert only_stroke(canvas).points[-1].tolist() == [140, 96]


def test_a_picture_replaces_the_drawing_and_can_be_undone(canvas: PixelCanvas) -> None:
    draw(canvas)
    canvas.set_picture(np.full((28, 28), 255, np.uint8), exact=True)
    (item,) = canvas.items
    assert isinstance(item, InkPicture)
    assert item.exact
    canvas.undo()
    assert len(only_stroke(canvas).points) == len(LINE)


def digit_image(side: int = 60) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for y in range(side // 4, 3 * side // 4):
        for x in range(side // 2 - 3, side // 2 + 3):
            image.setPixelColor(x, y, Qt.GlobalColor.black)
    return image


def test_a_pasted_picture_becomes_ink(canvas: PixelCanvas) -> None:
    QGuiApplication.clipboard().setImage(digit_image())
    assert canvas.can_paste
    QTest.keySequence(canvas, "Ctrl+V")
    QGuiApplication.clipboard().clear()
    ink = canvas.ink(60)
    assert ink[30, 30] == 255
    assert ink[5, 5] == 0


def drop(canvas: PixelCanvas, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, LEFT, NONE)
    canvas.dropEvent(event)


def test_a_dropped_file_becomes_ink(canvas: PixelCanvas, tmp_path: Path) -> None:
    digit_image().save(str(tmp_path / "digit.png"))
    drop(canvas, tmp_path / "digit.png")
    assert canvas.ink(60)[30, 30] == 255


def test_a_file_that_is_no_picture_is_refused_and_the_drawing_stays(
    qtbot: QtBot, canvas: PixelCanvas, tmp_path: Path
) -> None:
    draw(canvas)
    bad = tmp_path / "digit.png"
    bad.write_bytes(b"not a picture")
    with qtbot.waitSignal(canvas.picture_refused) as told:
        drop(canvas, bad)
    assert "digit.png is not a picture" in str(told.args[0])
    assert len(only_stroke(canvas).points) == len(LINE)


def test_the_hint_is_seen_only_on_empty_paper(canvas: PixelCanvas) -> None:
    blank = canvas.grab().toImage()
    canvas.set_hint("Draw a digit here", "Press Train.")
    assert canvas.grab().toImage() != blank
    assert canvas.accessibleDescription() == "Draw a digit here Press Train."
    draw(canvas)
    canvas.set_hint("")
    without = canvas.grab().toImage()
    canvas.set_hint("Draw a digit here")
    assert canvas.grab().toImage() == without


def test_a_caption_goes_with_the_next_stroke(canvas: PixelCanvas) -> None:
    canvas.set_picture(DOT)
    plain = canvas.grab().toImage()
    canvas.set_picture(DOT, caption="sample 3")
    assert canvas.grab().toImage() != plain
    QTest.mousePress(canvas, LEFT, NONE, QPoint(50, 50))
    assert canvas.caption == ""


def test_a_caption_goes_when_the_paper_is_cleared_and_comes_back_with_its_picture(
    canvas: PixelCanvas,
) -> None:
    blank = canvas.grab().toImage()
    canvas.set_picture(DOT, caption="sample 3")
    canvas.clear()
    assert canvas.caption == ""
    assert canvas.grab().toImage() == blank
    canvas.undo()
    assert canvas.caption == "sample 3"


def test_the_eraser_leaves_no_rim_of_a_stroke_that_is_traced_by_hand(canvas: PixelCanvas) -> None:
    draw(canvas)
    canvas.set_erasing(True)
    draw(canvas, tuple((x + 2, y + (1 if x > 80 else -1)) for x, y in LINE))
    assert canvas.ink(192).max() < 8


def test_the_smallest_canvas_is_no_error(canvas: PixelCanvas) -> None:
    draw(canvas)
    canvas.resize(1, 1)
    canvas.grab()
    draw(canvas, ((0, 0), (1, 1)))
