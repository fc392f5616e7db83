"""Activations: value, derivative and where they saturate."""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from nnstudio.gui.forms.activation_preview import (
    POINTS,
    REACH,
    derivative,
    forward,
    joins_units,
    jumps_parted,
    plain,
    stretches,
)
from nnstudio.gui.theme import theme
from nnstudio.gui.views.explorer.member_page import MemberPage
from nnstudio.gui.views.explorer.scales import around, number
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.numerals import percent
from nnstudio.gui.widgets.plot.scene import Band, Entry, Line, Readout, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.nn.activations import Activation
from nnstudio.nn.layers import HiddenLayer
from nnstudio.spec import describe
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment

Values = NDArray[np.float64]

JOINED: Final = 4
SHADE_ALPHA: Final = 0.13
FEW_POINTS: Final = 3


class ActivationsPage(MemberPage):
    """Every activation over its sum; of one that joins units, one sum beside three zeros."""

    key: ClassVar[str] = "activations"
    title: ClassVar[str] = mark("Activation")

    def __init__(self) -> None:
        super().__init__(next(one for one in describe(HiddenLayer) if one.name == "activation"))
        self.plot.setAccessibleName(tr("Activation and derivative over the sum"))

    def used_in(self, experiment: Experiment) -> tuple[Any, ...]:
        """Give the activations of all layers, the first hidden one first."""
        return tuple(row.activation for row in experiment.network.rows)

    def draw_value(self, value: Activation) -> None:
        """Draw value, derivative and where it saturates."""
        now = theme()
        z, a, slope, saturated = curves_of(value)
        low, high = float(min(a.min(), slope.min(), 0)), float(max(a.max(), slope.max(), 1))
        y = around(low, high)
        shade = QColor(now.warning)
        shade.setAlphaF(SHADE_ALPHA)
        bands = tuple(
            Band(np.array(ends), np.array([y.low]), np.array([y.high]), shade)
            for ends in stretches(z, saturated)
        )
        legend = [
            Entry(tr("value"), "", now.accent_text),
            Entry(tr("derivative"), "", now.gradient, dashed=True),
        ]
        if bands:
            legend.append(Entry(tr("saturated"), "", shade, width=8.0))
        self.plot.show_scene(
            Scene(
                self.plot.x_held or Scale(-REACH, REACH),
                self.plot.y_held or y,
                x_unit="z",
                bands=bands,
                lines=(
                    Line(np.array([-REACH, REACH]), np.zeros(2), now.border, 1.0),
                    Line(np.zeros(2), np.array([y.low, y.high]), now.border, 1.0),
                    Line(z, jumps_parted(slope, high - low), now.gradient, dashed=True),
                    Line(z, a, now.accent_text),
                ),
                legend=tuple(legend),
            )
        )
        self.say(sentence_of(value))

    def read(self, x: float) -> Readout | None:
        """Give value and derivative at a sum."""
        z, a, slope, saturated = curves_of(self.value)
        at = int(np.abs(z - x).argmin())
        rows: tuple[tuple[str, str], ...] = (
            (tr("sum"), plain(float(z[at]), digits=2)),
            (tr("value"), plain(float(a[at]))),
            (tr("derivative"), plain(float(slope[at]))),
        )
        if saturated[at]:
            rows = (*rows, (tr("saturated"), tr("yes")))
        dots = ((float(z[at]), float(a[at]), theme().accent_text),)
        return Readout(
            float(z[at]), rows, (*dots, (float(z[at]), float(slope[at]), theme().gradient))
        )

    def sketch(self, value: Activation) -> Sketch:
        """Give the small drawing of one."""
        now = theme()
        z, a, slope, saturated = curves_of(value)
        low, high = float(min(a.min(), slope.min(), 0)), float(max(a.max(), slope.max(), 1))
        lines = (
            Line(z, jumps_parted(slope, high - low), now.gradient, width=1.5, dashed=True),
            Line(z, a, now.accent_text, width=1.5),
        )
        return Sketch(
            Scene(Scale(-REACH, REACH), around(low, high), x_unit="z", lines=lines),
            (Key(tr("slope at most"), number(float(slope.max()))),),
            shaded=stretches(z, saturated),
            zero_lines=True,
            said=sentence_of(value),
        )

    def summary(self) -> str:
        """Give the main point of all of them."""
        steepest = {kind: float(curves_of(one)[2].max()) for kind, one in self._values.items()}
        flat = [one for one in steepest.values() if one <= 0.25]
        return tr(
            "Blue: value, dashed: derivative, shaded: saturated. {count} of {all} have a slope of "
            "at most 0.25: through ten layers of these a gradient shrinks a million times.",
            count=len(flat),
            all=len(steepest),
        )

    def table(self) -> str:
        """Give value, derivative and saturation over the sum."""
        z, a, slope, saturated = curves_of(self.value)
        rows = zip(
            z.tolist(), a.tolist(), slope.tolist(), saturated.astype(int).tolist(), strict=True
        )
        return csv_text(("sum", "value", "derivative", "saturated"), rows)


def curves_of(activation: Activation) -> tuple[Values, Values, Values, NDArray[np.bool_]]:
    """Give sums, values, derivatives and where it saturates, each (P,)."""
    joined = joins_units(activation)
    sums = np.zeros((POINTS, JOINED if joined else 1))
    sums[:, 0] = z = np.linspace(-REACH, REACH, POINTS)
    values = forward(activation, sums)
    if not joined:
        slopes = derivative(activation, sums, values)
    else:
        upstream, slopes = np.zeros_like(sums), np.empty_like(sums)
        upstream[:, 0] = 1.0
        activation.backward(upstream, sums, values, slopes)
    return z, values[:, 0], slopes[:, 0], activation.saturated(sums)[:, 0]


def sentence_of(activation: Activation) -> str:
    """Give the main point of an activation, from its numbers."""
    z, _, slope, saturated = curves_of(activation)
    most = float(slope.max())
    there = np.flatnonzero(slope > most - 1e-6)
    if len(there) == len(slope):
        said = [tr("The slope is {slope} everywhere.", slope=number(most))]
    elif len(there) > FEW_POINTS:
        said = [tr("The slope is at most {slope}.", slope=number(most))]
    else:
        z_there = number(round(float(z[int(slope.argmax())]), 2))
        said = [tr("The slope is at most {slope}, at z = {z}.", slope=number(most), z=z_there)]
    if np.isfinite(activation.lowest) and np.isfinite(activation.highest):
        said.append(
            tr(
                "Values stay between {low} and {high}.",
                low=number(activation.lowest),
                high=number(activation.highest),
            )
        )
    if saturated.any():
        said.append(
            tr(
                "Shaded, {share} of this range: saturated, hardly any gradient gets through.",
                share=percent(float(saturated.mean()), digits=0),
            )
        )
    if joins_units(activation):
        said.append(tr("Drawn for one sum beside {count} others of 0.", count=JOINED - 1))
    return " ".join(said)
