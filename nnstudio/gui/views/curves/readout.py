"""What the pointer points at, in numbers: one step of the current run."""

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.views.curves.curve import Curve, Options, shown
from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot.scene import Readout
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.history import HistoryView


def readout_at(curve: Curve, options: Options, x: float, colour: QColor) -> Readout | None:
    """Give the table, and the points on the curves, at the value `x` of the x axis."""
    history, factor = curve.history, curve.factor
    if history is None or not curve.series.steps:
        return None
    abscissa = curve.abscissa(options.x_axis)
    steps = curve.series.steps
    step = int(np.clip(round(float(abscissa.step(x))), 1, steps))
    points = curve.points()
    near = -1
    if len(points.step):
        near = int(np.abs(points.step - step).argmin())
        # A circle draws the hair line to itself from nearby.
        if abs(int(points.step[near]) - step) <= steps / 80:
            step = int(np.clip(points.step[near], 1, steps))
        elif points.step[near] > step:
            near -= 1
    half = curve.half(options.smoothing)
    smooth = curve.series.at(step, half)
    epoch = int(np.searchsorted(history.epoch_ends, step, side="left")) + 1
    raw = float(getattr(history, curve.metric)[step - 1])
    rows = [(tr("epoch"), numerals.grouped(epoch)), (tr("step"), numerals.grouped(step))]
    if options.x_axis == "seconds":
        rows.append((tr("time"), numerals.duration(float(history.seconds[step - 1]))))
    rows.append((tr("train"), shown(curve.quantity, smooth)))
    if half:
        rows.append((tr("this batch"), shown(curve.quantity, raw)))
    at = float(abscissa.place(step))
    dots = [(at, smooth * factor, colour)] if np.isfinite(smooth) else []
    if near >= 0:
        value = float(points.value[near])
        rows.append((validation_words(curve.run), shown(curve.quantity, value)))
        rows += _rmse_rows(history, int(points.step[near]))
        if np.isfinite(value):
            dots.append((float(abscissa.place(points.step[near])), value * factor, colour))
    rate = float(history.rate[step - 1])
    if np.isfinite(rate):
        rows.append((tr("rate"), numerals.rate(float(f"{rate:.3g}"))))
    return Readout(at, tuple(rows), tuple(dots))


def _rmse_rows(history: HistoryView, step: int) -> list[tuple[str, str]]:
    """Give the RMSE of the last validation after `step` steps, where there is one."""
    rows = history.validation
    rmse = float(rows.rmse[np.flatnonzero(rows.step == step)[-1]])
    return [(tr("RMSE"), numerals.loss(rmse))] if np.isfinite(rmse) else []


def validation_words(run: RunView) -> str:
    """Give what the curve of validation is called: it may be of the test part."""
    on_test = run.recipe is not None and run.recipe.experiment.data.validate_on_test
    return tr("validation (test part)") if on_test else tr("validation")
