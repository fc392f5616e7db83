"""Data of one or two inputs as points: a colour for each class, or values over the one input.

Axes reach around all samples, so that they stay as they are when another part is shown.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.gui.theme import diverging_map, kind_colours, theme
from nnstudio.gui.views.samples import kinds_of
from nnstudio.gui.widgets.numerals import MINUS
from nnstudio.gui.widgets.plot.scatter import Cloud, Curve, Points, ends_around, thinned
from nnstudio.texts import tr, tr_count
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.sources import sources_of

CURVE_POINTS: Final = 200
SHADES: Final = 9


def can_be_points(data: PreparedData) -> bool:
    """Tell whether samples can be drawn as points: two inputs, or one."""
    return data.image_shape is None and data.inputs <= 2


def points_of(data: PreparedData, rows: Rows, experiment: Experiment | None) -> Points:
    """Give `rows` of the data as points; the true curve beside them where it is known."""
    rows = rows[thinned(len(rows))]
    inputs = np.asarray(data.dataset.inputs[rows], np.float64)
    said = tr_count("{count} sample as a point", "{count} samples as points", len(rows))
    x = ends_around(_column(data.dataset.inputs, 0))
    if data.inputs == 2:
        y = ends_around(_column(data.dataset.inputs, 1))
        return Points(
            _coloured(data, rows, inputs[:, 0], inputs[:, 1]),
            x=x,
            y=y,
            x_unit="x₁",
            y_unit="x₂",
            alike=True,
            # the shade of a value near 0 is that of the ground
            rim=theme().text3 if data.task == "values" else None,
            said=said,
        )
    if data.labels is not None:
        clouds = _coloured(data, rows, inputs[:, 0], data.labels[rows].astype(np.float64))
        y = ends_around(np.array([0.0, max(data.outputs - 1, 1)]))
        return Points(clouds, x=x, y=y, x_unit="x", y_unit=tr("class"), said=said)
    targets = data.dataset.targets
    cloud = Cloud(inputs[:, 0], _column(targets[rows], 0), theme().text3, tr("samples"))
    return Points(
        (cloud,),
        _truth(experiment, x),
        x=x,
        y=ends_around(_column(targets, 0)),
        x_unit="x",
        y_unit=tr(data.class_names[0]) if data.class_names else "y",
        said=said,
    )


def value_shades(values: NDArray[Any], data: PreparedData) -> NDArray[np.float64]:
    """Give where values of the first output stand between -1 and 1, as their shades are."""
    if data.task == "labels":
        return np.asarray(np.clip(2 * values - 1, -1, 1), np.float64)
    return np.asarray(np.clip(values / _reach(data), -1, 1), np.float64)


def _reach(data: PreparedData) -> float:
    return float(np.abs(data.dataset.targets[:, 0]).max(initial=0)) or 1.0


def _column(rows: NDArray[Any], at: int) -> NDArray[np.float64]:
    return np.asarray(rows[:, at], np.float64)


def _truth(experiment: Experiment | None, ends: tuple[float, float]) -> tuple[Curve, ...]:
    sources = () if experiment is None else sources_of(experiment)
    # two polynomials have no one curve that their samples lie around
    source = sources[0] if len(sources) == 1 else None
    if not isinstance(source, Polynomial):
        return ()
    along = np.linspace(*ends, CURVE_POINTS)
    value = np.asarray(source.value(along), np.float64)
    return (Curve(along, value, theme().text2, tr("without noise"), dashed=True),)


def _coloured(
    data: PreparedData, rows: Rows, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[Cloud, ...]:
    names = kinds_of(data)
    if data.labels is not None:
        of_kind = [data.labels[rows] == at for at in range(len(names))]
        return tuple(
            Cloud(x[one], y[one], colour, name)
            for one, colour, name in zip(of_kind, kind_colours(len(names)), names, strict=True)
        )
    value = value_shades(data.dataset.targets[rows, 0], data)
    shade = np.rint((value + 1) / 2 * (SHADES - 1)).astype(int)
    colours = [QColor(*map(int, one)) for one in diverging_map(SHADES)]
    called = {0: f"{MINUS}{_reach(data):.3g}", SHADES - 1: f"{_reach(data):.3g}"}
    if data.task == "labels":
        called = {0: tr("not {name}", name=names[0]), SHADES - 1: names[0]}
    return tuple(
        Cloud(x[shade == at], y[shade == at], one, called.get(at, ""))
        for at, one in enumerate(colours)
    )
