"""The view of the units: joins the newest parameters, the chosen sample and the map of units."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Shows
from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.claims import claim_of
from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.sample_choice import Sample, SampleChoice
from nnstudio.gui.views.samples import ends_of as input_ends
from nnstudio.gui.views.samples import pictures_of
from nnstudio.gui.views.units import told
from nnstudio.gui.views.units.cards import card_of
from nnstudio.gui.views.units.cells import Layer
from nnstudio.gui.views.units.prober import Prober
from nnstudio.gui.views.units.unit_card import UnitCard
from nnstudio.gui.views.units.unit_map import UnitMap
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.pixel_picture import PixelPicture
from nnstudio.gui.widgets.scale_ends import steady_limit
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.answers import is_trained_on, newest_of
from nnstudio.runs.inside import Inside, LayerValues, reach_of
from nnstudio.runs.run import Blueprint, RunView, ends_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

if TYPE_CHECKING:
    from nnstudio.training.snapshot import Vector

SAY_S: Final = 0.25
THUMB_FROM_PX: Final = 560
DRAWN_SHAPE: Final = (28, 28)


class UnitsView(View):
    """What every unit gives for one sample, live; a picked unit at large.

    Knows the current run's newest parameters, the data, the drawing, and what a probe of many
    samples last said. `export_failed` carries why a file was not written.
    """

    name: ClassVar[str] = "units"
    title: ClassVar[str] = mark("Units")
    rate_hz: ClassVar[float] = 10.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    def __init__(
        self, *, beside: Beside | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._clock = clock
        self._run: RunView | None = None
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._vector: Vector | None = None
        self._inside: Inside | None = None
        self._values: tuple[LayerValues, ...] = ()
        self._limits: list[float | None] = []
        self._probes: tuple[Blueprint | None, PreparedData | None] = (None, None)
        self._said_at = float("-inf")
        self.prober = Prober(beside, parent=self)
        self.prober.news.connect(self._take_probe)
        self._make_parts()
        self._lay_out()
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self.choice = SampleChoice()
        self.choice.changed.connect(self._refresh)
        self.answer = QLabel()
        self.thumb = PixelPicture(DRAWN_SHAPE[0])
        self.map = UnitMap()
        self.map.picked.connect(self._pick)
        self.card = UnitCard()
        self.card.closed.connect(lambda: self.show_unit(None))
        self.card.hide()
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
        top.addWidget(self.answer)
        beside = QVBoxLayout()
        beside.addWidget(self.thumb)
        beside.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addLayout(beside)
        body.addWidget(self.map, 1)
        body.addWidget(self.card)
        self._filled = QWidget()
        column = QVBoxLayout(self._filled)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(body, 1)
        column.addWidget(self.sentence)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._filled)

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data that samples come from; None while they are not there."""
        self._experiment, self._data = experiment, data
        self._settle_choice()
        self._refresh()

    def show_drawing(self, pixels: NDArray[np.uint8] | None) -> None:
        """Take what is drawn just now; None while the paper is empty."""
        self.choice.set_drawing(pixels)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the current run's newest parameters at work."""
        run = views[0] if views else None
        vector = None if run is None else newest_of(run)
        blueprint = None if run is None else run.blueprint
        another = blueprint is not self._blueprint
        if not another and vector is self._vector:
            self._run = run
            return
        if another or (run and self._run and run.identity != self._run.identity):
            self._inside = None if blueprint is None else Inside(blueprint)
            self._limits, self._probes = [], (None, None)
        self._run, self._vector = run, vector
        if self._inside is not None and vector is not None:
            self._inside.show(vector)
        self._settle_choice()
        self._refresh()

    def show_unit(self, mark: tuple[int, int] | None) -> None:
        """Show a unit at large; None closes it."""
        self.map.set_marked(mark)
        self._pick(mark)

    def table(self) -> str:
        """Give every unit with what it said, as CSV."""
        rows: list[tuple[object, ...]] = []
        for layer, values in enumerate(self._values):
            names = self._names(layer)
            for unit, value in enumerate(values.outputs[0].tolist()):
                dead = self.prober.dead(layer)
                rows.append(
                    (
                        layer + 1,
                        unit,
                        names[unit] if names else "",
                        float(values.sums[0, unit]),
                        value,
                        "" if dead is None else int(dead[unit]),
                    )
                )
        return csv_text(("layer", "unit", "name", "sum", "output", "dead"), rows)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer copies and files."""
        if self._values:
            self.exporter.fill_menu(menu)

    def minimumSizeHint(self) -> QSize:
        """Give a small size: cells shrink."""
        return QSize(320, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the picture of the sample where it would take the room of the map."""
        super().resizeEvent(event)
        self._show_thumb(self.choice.sample)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self.prober.beside.drop()

    @property
    def _blueprint(self) -> Blueprint | None:
        return self._run.blueprint if self._run else None

    def _trained_on_data(self) -> bool:
        run, data, experiment = self._run, self._data, self._experiment
        if run is None or data is None or experiment is None:
            return False
        return is_trained_on(run, data, experiment)

    def _settle_choice(self) -> None:
        """Offer what fits the network: its own data, and drawings where it reads them."""
        blueprint = self._blueprint
        drawable = blueprint is not None and blueprint.image_shape == DRAWN_SHAPE
        own = self._data if self._trained_on_data() else None
        if self._probes != (blueprint, own):
            self._probes = (blueprint, own)
            self.prober.begin(*self._probes)
        self.choice.set_data(own, drawable=drawable)

    def _refresh(self) -> None:
        blueprint, inside = self._blueprint, self._inside
        sample = self.choice.sample
        if blueprint is None or inside is None or not inside.ready or sample is None:
            self._values = ()
            self._tell_empty(blueprint)
            return
        if not self.isVisible() or sample.inputs.shape[1] != ends_of(blueprint.layout)[0]:
            return
        self._stack.setCurrentIndex(1)
        self._values = inside.layers(sample.inputs)
        self._show_map(blueprint)
        self._show_thumb(sample)
        names, output = self._output_names(), blueprint.network.output.activation
        shares = bool(blueprint.class_names) and float(output.highest) <= 1
        self.answer.setText(
            tr(
                "{sample} → {answer}",
                sample=sample.words,
                answer=told.answer_of(self._values[-1].outputs[0], names, shares=shares),
            )
        )
        self._ask_probe()
        self._show_card()
        now = self._clock()
        ended = self._run is None or self._run.snapshot.state.ended
        if ended or now - self._said_at >= SAY_S:
            self._said_at = now
            self._say()

    def _show_map(self, blueprint: Blueprint) -> None:
        self._limits += [None] * (len(self._values) - len(self._limits))
        shown = []
        for number, values in enumerate(self._values):
            outputs = values.outputs[0]
            reach = reach_of(blueprint.network.rows[number].activation, outputs)
            limit = steady_limit(reach, self._limits[number])
            self._limits[number] = limit
            dead = self.prober.dead(number)
            shown.append(
                Layer(
                    told.title_of_layer(number, blueprint.network.rows[number], units=len(outputs)),
                    told.facts_of_layer(outputs, dead, self.prober.flat(number)),
                    outputs,
                    limit,
                    dead,
                    self._names(number),
                )
            )
        self.map.show_layers(tuple(shown))

    def _show_thumb(self, sample: Sample | None) -> None:
        shape = self._blueprint.image_shape if self._blueprint else None
        there = sample is not None and shape is not None and self.width() >= THUMB_FROM_PX
        self.thumb.setVisible(there)
        if sample is None or shape is None or not there:
            return
        ends = (0.0, 255.0) if self._data is None else input_ends(self._data)
        self.thumb.set_pixels(pictures_of(sample.inputs, shape, ends)[0])

    def _names(self, layer: int) -> tuple[str, ...]:
        """Give the names of the units of a layer; only outputs have some."""
        return self._output_names() if layer + 1 == len(self._values) else ()

    def _output_names(self) -> tuple[str, ...]:
        blueprint = self._blueprint
        if blueprint is None:
            return ()
        outputs = ends_of(blueprint.layout)[1]
        return tuple(map(tr, blueprint.class_names)) or tuple(map(str, range(outputs)))

    def _take_probe(self) -> None:
        if self._blueprint is not None and self._values:
            self._show_map(self._blueprint)
            self._ask_probe()
            self._show_card()
            self._say()

    def _ask_probe(self) -> None:
        if self._run is not None and self._vector is not None:
            self.prober.ask(self._run, self._vector, self.map.marked)

    # one unit

    def _pick(self, mark: tuple[int, int] | None) -> None:
        self.card.setVisible(mark is not None)
        self._ask_probe()
        self._show_card()

    def _show_card(self) -> None:
        mark, blueprint, vector = self.map.marked, self._blueprint, self._vector
        self.card.setVisible(mark is not None)
        if mark is None or blueprint is None or vector is None or not self._values:
            return
        self.card.show_card(
            card_of(
                *mark,
                blueprint=blueprint,
                vector=vector,
                values=self._values,
                probed=self.prober.probed,
                death=self.prober.death(*mark),
                data=self._data,
                rows=self.prober.rows,
                names=self._output_names(),
            )
        )

    def _say(self) -> None:
        dead = tuple(self.prober.dead(number) for number in range(len(self._values)))
        claim = claim_of(self._run, Shows.UNITS)
        flat = tuple(self.prober.flat(number) for number in range(len(self._values)))
        said = told.sentence_of(self._values, dead, flat, probed=len(self.prober.rows))
        self.sentence.say(claim or said)

    def _tell_empty(self, blueprint: Blueprint | None) -> None:
        self._stack.setCurrentIndex(0)
        if blueprint is None:
            self.empty.set_texts(
                tr("No network yet"),
                tr("Press Train: what every unit says to a sample appears here, live."),
            )
        elif self._data is None:
            self.empty.set_texts(
                tr("No sample yet"), tr("The units answer once the data are loaded.")
            )
        else:
            self.empty.set_texts(
                tr("These data are not those of the run"),
                tr("Choose the data that it was trained on, or draw where it reads pictures."),
            )

    def _retell(self) -> None:
        self.map.setAccessibleName(tr("All units, by layer"))
        self.map.setToolTip("")
        self.answer.setFont(font(12, 600))
        self._refresh()
