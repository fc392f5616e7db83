"""The view of the network: joins the newest parameters, a sample that runs through, the drawing."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.network import told
from nnstudio.gui.views.network.network_picture import NetworkPicture
from nnstudio.gui.views.network.plan import Column, Drawing, Values, extent_of
from nnstudio.gui.views.sample_choice import SampleChoice
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.scale_ends import steady_limit
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.nn.activations import Identity
from nnstudio.runs.answers import is_trained_on, newest_of
from nnstudio.runs.inside import Inside, LayerValues, reach_of
from nnstudio.runs.run import Blueprint, RunView, ends_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

if TYPE_CHECKING:
    from nnstudio.training.snapshot import Vector

MODES: Final = (
    ("weights", mark("Weights")),
    ("gradient", mark("Gradient")),
    ("change", mark("Change")),
)
DRAWN_SHAPE: Final = (28, 28)
SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class NetworkView(View):
    """The layers from left to right; of a small network every unit and every weight, live.

    Knows the current run's newest parameters, the data, the drawing, and the sample that runs
    through. `export_failed` carries why a file was not written.
    """

    name: ClassVar[str] = "network"
    title: ClassVar[str] = mark("Network")
    rate_hz: ClassVar[float] = 5.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    def __init__(self) -> None:
        super().__init__()
        self._run: RunView | None = None
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._vector: Vector | None = None
        self._inside: Inside | None = None
        self._limit: float | None = None
        self._make_parts()
        self._lay_out()
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self._filled = QWidget()
        self.choice = SampleChoice()
        self.choice.changed.connect(self._refresh)
        self.modes = SegmentedControl([(key, tr(title)) for key, title in MODES])
        self.modes.chosen.connect(lambda _key: self._choose_mode())
        self.picture = NetworkPicture()
        self.sentence = Sentence()
        self.empty = EmptyState("")
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=lambda: picture_of(self._filled),
            table=self.table,
        )
        self.exporter.failed.connect(self.export_failed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.choice)
        top.addStretch(1)
        top.addWidget(self.modes)
        column = QVBoxLayout(self._filled)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.picture, 1)
        column.addWidget(self.sentence)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._filled)

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data that samples come from; None while they are not there."""
        self._data, self._experiment = data, experiment
        self._settle_choice()
        self._refresh()

    def show_drawing(self, pixels: NDArray[np.uint8] | None) -> None:
        """Take what is drawn just now; None while the paper is empty."""
        self.choice.set_drawing(pixels)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Draw the current run's network with its newest parameters."""
        run = views[0] if views else None
        vector = None if run is None else newest_of(run)
        blueprint = None if run is None else run.blueprint
        another = blueprint is not self._blueprint
        if not another and vector is self._vector:
            self._run = run
            return
        self._run, self._vector = run, vector
        if another:
            self._inside = None if blueprint is None else Inside(blueprint)
            self._limit = None
            self._settle_choice()
        self._refresh()

    def table(self) -> str:
        """Give the layers of a large network, or every weight of a small one, as CSV."""
        drawing = self.picture.drawing
        if drawing is None:
            return ""
        if drawing.small:
            names = self._all_names(drawing)
            rows = [
                (at + 1, names[at][start], names[at + 1][stop], float(value))
                for at, matrix in enumerate(drawing.matrices)
                if matrix is not None
                for (start, stop), value in np.ndenumerate(matrix)
            ]
            return csv_text(("layer", "from", "to", self.modes.key), rows)
        layers = ((one.title, one.units, one.under, one.below) for one in drawing.columns)
        return csv_text(("layer", "units", "activation", "parameters"), layers)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer copies and files."""
        if self.picture.drawing is not None:
            self.exporter.fill_menu(menu)

    def minimumSizeHint(self) -> QSize:
        """Give a small size."""
        return QSize(320, 190)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    @property
    def _blueprint(self) -> Blueprint | None:
        return self._run.blueprint if self._run else None

    def _settle_choice(self) -> None:
        run, data, experiment, blueprint = self._run, self._data, self._experiment, self._blueprint
        own = None
        if run is not None and data is not None and experiment is not None:
            own = data if is_trained_on(run, data, experiment) else None
        drawable = blueprint is not None and blueprint.image_shape == DRAWN_SHAPE
        self.choice.set_data(own, drawable=drawable)

    def _choose_mode(self) -> None:
        self._limit = None
        self._refresh()

    def _refresh(self) -> None:
        blueprint, vector = self._blueprint, self._vector
        if blueprint is None or vector is None:
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        if not self.isVisible():
            return
        drawing = self._drawing_of(blueprint, vector)
        self.picture.show_drawing(drawing)
        if drawing.small:
            names = self._all_names(drawing)
            words = told.sentence_of_small(drawing.matrices, names, mode=self.modes.key)
        else:
            words = told.sentence_of_large(blueprint.layout, [one.units for one in drawing.columns])
        self.sentence.say(words)

    def _drawing_of(self, blueprint: Blueprint, vector: "Vector") -> Drawing:
        layers = self._values(vector)
        inputs, _ = ends_of(blueprint.layout)
        last = blueprint.layout.layers
        columns = [
            Column(
                title=told.title_of_column(0, last=last),
                units=inputs,
                under="",
                below="",
                values=None if layers is None else layers[0].inputs[0],
                names=() if inputs > 16 else tuple(self._input_names(inputs)),
                picture=blueprint.image_shape,
                limit=1.0 if layers is None else reach_of(Identity(), layers[0].inputs),
            )
        ]
        for number, row in enumerate(blueprint.network.rows):
            units = blueprint.layout.slot(f"layers.{number}.W").shape[1]
            columns.append(
                Column(
                    title=told.title_of_column(number + 1, last=last),
                    units=units,
                    under=told.kind_of(row),
                    below=told.words_of_parameters(blueprint.layout, number),
                    values=None if layers is None else layers[number].outputs[0],
                    names=self._output_names(units) if number + 1 == last else (),
                    limit=1.0
                    if layers is None
                    else reach_of(row.activation, layers[number].outputs),
                )
            )
        matrices = tuple(self._matrix(blueprint, vector, number) for number in range(last))
        drawing = Drawing(tuple(columns), matrices)
        self._limit = steady_limit(extent_of(drawing), self._limit)
        return replace(drawing, limit=self._limit)

    def _values(self, vector: "Vector") -> tuple[LayerValues, ...] | None:
        """Give what every layer makes of the sample; None while there is none that fits."""
        inside, sample, blueprint = self._inside, self.choice.sample, self._blueprint
        if inside is None or sample is None or blueprint is None:
            return None
        if sample.inputs.shape[1] != ends_of(blueprint.layout)[0]:
            return None
        inside.show(vector)
        return inside.layers(sample.inputs)

    def _matrix(self, blueprint: Blueprint, vector: "Vector", layer: int) -> Values | None:
        name, mode = f"layers.{layer}.W", self.modes.key
        run = self._run
        now = blueprint.layout.views(vector)[name]
        if mode == "weights" or run is None:
            return now
        if mode == "change":
            start = blueprint.initial
            return None if start is None else now - blueprint.layout.views(start)[name]
        weights = run.snapshot.weights
        gradient = None if weights is None else weights.gradient
        return None if gradient is None else blueprint.layout.views(gradient)[name]

    def _input_names(self, count: int) -> list[str]:
        return [f"x{str(at + 1).translate(SUBSCRIPTS)}" for at in range(count)]

    def _output_names(self, count: int) -> tuple[str, ...]:
        blueprint = self._blueprint
        names = () if blueprint is None else tuple(map(tr, blueprint.class_names))
        return names or tuple(str(at) for at in range(count))

    def _all_names(self, drawing: Drawing) -> tuple[tuple[str, ...], ...]:
        """Give the names of all units of a small network."""
        return tuple(
            one.names
            or tuple(
                tr("unit {number} of {layer}", number=at, layer=one.title)
                for at in range(one.units)
            )
            for one in drawing.columns
        )

    def _retell(self) -> None:
        self.modes.set_items([(key, tr(title)) for key, title in MODES])
        self.modes.setAccessibleName(tr("What the lines show"))
        self.modes.setToolTip(tr("Weights, their last gradient, or their change since the start."))
        self.picture.setAccessibleName(tr("Drawing of the network"))
        self.empty.set_texts(
            tr("No network yet"),
            tr("Press Train: the layers appear here with what runs through them, live."),
        )
        self._refresh()
