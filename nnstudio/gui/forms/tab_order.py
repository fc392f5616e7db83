"""Tab order: the keyboard goes where the eye goes, also after rows were added later."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def follow_the_eye(*panels: QWidget, last: tuple[QWidget, ...] = ()) -> tuple[QWidget, ...]:
    """Let Tab go through the controls of `panels` as their layouts show them.

    Gives the order; when it is the `last` one given, nothing is done.
    """
    order = tuple(control for panel in panels for control in _controls(panel))
    if order != last:
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
    return order


def _controls(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _within(layout)


def _within(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            yield from _controls(widget)
        elif inner is not None:
            yield from _within(inner)
