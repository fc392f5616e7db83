"""What pointer and keyboard are told in the drawing of a network: units, weights, layers."""

from nnstudio.gui.views.network.plan import BLOCK_PX, Drawing, Place, Wire, unit_at, wire_at
from nnstudio.gui.widgets.numerals import brief
from nnstudio.texts import tr


def words_at(drawing: Drawing, places: tuple[Place, ...], x: float, y: float) -> str:
    """Say what is at a point; nothing where nothing is."""
    if not drawing.small:
        return _words_of_block(drawing, places, x)
    unit = unit_at(places, x, y)
    if unit is not None:
        return words_of_unit(drawing, *unit)
    wire = wire_at(places, drawing, x, y)
    return "" if wire is None else _words_of_wire(drawing, wire)


def words_of_unit(drawing: Drawing, column: int, unit: int) -> str:
    """Say what a unit is called and what it gives."""
    shown = drawing.columns[column]
    name = shown.names[unit] if shown.names else tr("unit {number}", number=unit)
    if shown.values is None:
        return name
    return tr("{name}: {value}", name=name, value=brief(float(shown.values[unit])))


def _words_of_wire(drawing: Drawing, wire: Wire) -> str:
    matrix = drawing.matrices[wire.matrix]
    if matrix is None:
        return ""
    start = words_of_unit(drawing, wire.matrix, wire.start)
    stop = words_of_unit(drawing, wire.matrix + 1, wire.stop)
    value = brief(float(matrix[wire.start, wire.stop]))
    return tr("{value}, from {start} to {stop}", value=value, start=start, stop=stop)


def _words_of_block(drawing: Drawing, places: tuple[Place, ...], x: float) -> str:
    for column, place in zip(drawing.columns, places, strict=True):
        if abs(x - place.x) <= BLOCK_PX:
            return "\n".join(one for one in (column.title, column.under, column.below) if one)
    return ""
