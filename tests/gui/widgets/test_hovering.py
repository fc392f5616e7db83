"""A field that the pointer has left does not go on looking pointed at."""

from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.hovering import Hovering
from nnstudio.gui.widgets.select import Select


def enter(widget: QLineEdit | Select) -> None:
    at = QPointF(5, 5)
    QApplication.sendEvent(widget, QEnterEvent(at, at, QPointF(widget.mapToGlobal(at))))
    assert widget.underMouse()


def test_a_field_forgets_the_pointer_that_has_gone_without_a_word(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    pointer = [field.mapToGlobal(QPoint(5, 5))]
    hovering = Hovering(field, where=lambda: pointer[0])
    enter(field)
    hovering.start()
    hovering.look()
    assert field.underMouse()
    assert hovering.isActive()
    pointer[0] = field.mapToGlobal(QPoint(5, 500))
    hovering.look()
    assert not field.underMouse()
    assert not hovering.isActive()


def test_a_field_that_was_told_is_looked_at_no_more(qtbot: QtBot) -> None:
    select = Select([("a", "A")])
    qtbot.addWidget(select)
    select.show()
    enter(select)
    select.hidePopup()
    assert select._hovering.isActive()
    QApplication.sendEvent(select, QEvent(QEvent.Type.Leave))
    select._hovering.look()
    assert not select._hovering.isActive()
