"""Data of one or two inputs as points: a colour for each class, or values over the one input."""

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.gui.theme import diverging_map, kind_colours, theme
from nnstudio.gui.views.data.samples import kinds_of
from nnstudio.gui.widgets.plot.scatter import Cloud, Points, thinned
from nnstudio.texts import tr_count
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

CURVE_POINTS = 200
SHADES = 9


def can_be_points(data: PreparedData) -> bool:
    """Tell whether samples can be drawn as points: two inputs, or one."""
    return data.image_shape is None and data.inputs <= 2


def points_of(data: PreparedData, rows: Rows, experiment: Experiment | None) -> Points:
    """Give `rows` of the data as points; the true curve beside them where it is known."""
    rows = rows[thinned(len(rows))]
    inputs = np.asarray(data.dataset.inputs[rows], np.float64)
    said = tr_count("{count} sample as a point", "{count} samples as points", len(rows))
    if data.inputs == 2:
        return Points(_coloured(data, rows, inputs), x_unit="x", alike=True, said=said)
    x = inputs[:, 0]
    if data.labels is not None:
        y = data.labels[rows].astype(np.float64)
    else:
        y = np.asarray(data.dataset.targets[rows, 0], np.float64)
    source = None if experiment is None else experiment.data.sources[0].source
    line = None
    if isinstance(source, Polynomial) and len(x):
        along = np.linspace(x.min(), x.max(), CURVE_POINTS)
        line = along, np.asarray(source.value(along), np.float64)
    return Points((Cloud(x, y, theme().score),), line=line, x_unit="x", said=said)


def _coloured(data: PreparedData, rows: Rows, inputs: np.ndarray) -> tuple[Cloud, ...]:
    x, y = inputs[:, 0], inputs[:, 1]
    names = kinds_of(data)
    if data.labels is not None:
        of_kind = [data.labels[rows] == at for at in range(len(names))]
        return tuple(
            Cloud(x[one], y[one], colour, name)
            for one, colour, name in zip(of_kind, kind_colours(len(names)), names, strict=True)
        )
    value = np.asarray(data.dataset.targets[rows, 0], np.float64)
    reach = float(np.abs(value).max(initial=0)) or 1.0
    shade = np.rint((value / reach + 1) / 2 * (SHADES - 1)).astype(int)
    colours = [QColor(*map(int, one)) for one in diverging_map(SHADES)]
    return tuple(Cloud(x[shade == at], y[shade == at], one) for at, one in enumerate(colours))
