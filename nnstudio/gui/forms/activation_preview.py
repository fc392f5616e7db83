"""ActivationPreview: what a unit makes of its sum, the slope of it, and where it saturates.

The numbers are those of the activation itself; nothing here knows a formula.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.example_bars import ExampleBars
from nnstudio.gui.widgets.numerals import MINUS
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch, SmallPlot
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.nn.activations import Activation
from nnstudio.texts import tr

Values = NDArray[np.float64]

REACH: Final = 6.5
POINTS: Final = 521
EXAMPLE: Final = (1.0, 2.0, 5.0, 3.0)


class ActivationPreview(QWidget):
    """Function and derivative of an activation; of one that joins units, an example.

    Knows the activation that was shown last.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Any = None
        self.plot = SmallPlot(margins=(MARGIN_PX, GUTTER_PX))
        self.bars = ExampleBars(margins=(MARGIN_PX, GUTTER_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addWidget(self.plot)
        column.addWidget(self.bars)
        themes.changed.connect(self._draw)

    def show_value(self, activation: Activation) -> None:
        """Draw `activation`, unless it is drawn already."""
        if activation != self._shown:
            self._shown = activation
            self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        joint = joins_units(self._shown)
        self.plot.setVisible(not joint)
        self.bars.setVisible(joint)
        if joint:
            given = np.array([EXAMPLE])
            self.bars.show_bars(EXAMPLE, tuple(forward(self._shown, given)[0].tolist()))
        else:
            self.plot.show_sketch(sketch_of(self._shown))


def forward(activation: Activation, sums: Values) -> Values:
    """Give what `activation` makes of `sums` (B, H)."""
    values = np.empty_like(sums)
    activation.forward(sums, values)
    return values


def derivative(activation: Activation, sums: Values, values: Values) -> Values:
    """Give the derivative of `activation` at `sums` (B, H), where it gives `values`."""
    slopes = np.empty_like(sums)
    activation.backward(np.ones_like(sums), sums, values, slopes)
    return slopes


def joins_units(activation: Activation) -> bool:
    """Tell whether what a unit gives depends on the other units of its layer."""
    together = forward(activation, np.array([EXAMPLE]))[0]
    alone = forward(activation, np.array(EXAMPLE)[:, None])[:, 0]
    return not np.array_equal(together, alone)


def sketch_of(activation: Activation) -> Sketch:
    """Give the drawing of an activation that treats each unit by itself."""
    now = theme()
    sums = np.linspace(-REACH, REACH, POINTS)[:, None]
    values = forward(activation, sums)
    slope = derivative(activation, sums, values)[:, 0]
    z, a = sums[:, 0], values[:, 0]
    low, high = float(min(a.min(), slope.min(), 0)), float(max(a.max(), slope.max(), 1))
    room = 0.06 * (high - low)
    shaded = stretches(z, activation.saturated(sums)[:, 0])
    keys = [
        Key(tr("value"), colour=now.accent_text, sample="line"),
        Key(tr("derivative"), colour=now.gradient, sample="dashed"),
    ]
    if shaded:
        keys.append(Key(tr("saturated"), sample="area"))
    lines = (
        Line(z, jumps_parted(slope, high - low), now.gradient, width=1.5, dashed=True),
        Line(z, a, now.accent_text, width=1.5),
    )
    scene = Scene(Scale(-REACH, REACH), Scale(low - room, high + room), x_unit="z", lines=lines)
    return Sketch(
        scene,
        tuple(keys),
        shaded=shaded,
        zero_lines=True,
        said=tr(
            "The activation and its derivative for sums from {low} to {high}.",
            low=-REACH,
            high=REACH,
        ),
        read=lambda at: _read(activation, at),
    )


def jumps_parted(values: Values, height: float) -> Values:
    """Give `values` with a gap where they jump: a derivative that jumps has no line between."""
    parted = values.copy()
    parted[1:][np.abs(np.diff(values)) > 0.08 * height] = np.nan
    return parted


def stretches(z: Values, mask: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Give from where to where `mask` is true, as pairs of values of `z`."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return tuple(
        (float(z[first]), float(z[after - 1]))
        for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    )


def _read(activation: Activation, place: float) -> str:
    sums = np.array([[place]])
    values = forward(activation, sums)
    slopes = derivative(activation, sums, values)
    return tr(
        "Sum {sum}: value {value}, derivative {slope}",
        sum=plain(place, digits=2),
        value=plain(float(values[0, 0])),
        slope=plain(float(slopes[0, 0])),
    )


def plain(value: float, *, digits: int = 3) -> str:
    """Give a number with so many decimals and a true minus sign."""
    return f"{value:.{digits}f}".replace("-", MINUS)
