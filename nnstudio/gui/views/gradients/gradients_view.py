"""The view of the gradients: joins the courses of all runs, two plots of them and histograms."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Shows
from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.claims import claim_of
from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.gradients import told
from nnstudio.gui.views.gradients.course import Course
from nnstudio.gui.views.gradients.measurer import Measurer
from nnstudio.gui.views.gradients.scenes import Quantity, readout_at, scene_of
from nnstudio.gui.views.likeness import belongs_beside
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.histogram import Histogram
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.plot.line_plot import LinePlot
from nnstudio.gui.widgets.plot.scene import Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData

BOTH_FROM_PX: Final = 640
NARROW: Final = (
    ("norms", mark("Norms")),
    ("ratios", mark("Updates")),
    ("spreads", mark("Spread")),
)
WIDE: Final = (("norms", mark("Over the steps")), ("spreads", mark("Spread")))


class GradientsView(View):
    """How large the gradient of each layer is and how far each layer moves, over the steps.

    Knows a course for each run, fed by the copies that runs hand out while the view is seen, and
    the spread of one layer's numbers. `export_failed` carries why a file was not written.
    """

    name: ClassVar[str] = "gradients"
    title: ClassVar[str] = mark("Gradients")
    rate_hz: ClassVar[float] = 10.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    def __init__(self, *, beside: Beside | None = None) -> None:
        super().__init__()
        self._runs: tuple[RunView, ...] = ()
        self._layer = 0
        self.measurer = Measurer(beside, parent=self)
        self.measurer.news.connect(self._refresh)
        self._make_parts()
        self._lay_out()
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self._filled = QWidget()
        self.modes = SegmentedControl([(key, tr(title)) for key, title in WIDE])
        self.modes.chosen.connect(lambda _key: self._refresh())
        self.layers = Select()
        self.layers.chosen.connect(self._choose_layer)
        self.norms = LinePlot(partial(self._read, "norms"), follow=tr("Follow"))
        self.ratios = LinePlot(partial(self._read, "ratios"), follow=tr("Follow"))
        for plot in (self.norms, self.ratios):
            plot.view_changed.connect(self._draw)
        self.histograms = tuple(Histogram(role) for role in ("score", "gradient", "loss"))
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
        top.setContentsMargins(16, 8, 16, 0)
        top.setSpacing(8)
        top.addWidget(self.modes)
        top.addStretch(1)
        top.addWidget(self.layers)
        plots = QWidget()
        row = QHBoxLayout(plots)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._titles_of_plots = QLabel(), QLabel()
        self._places = QWidget(), QWidget()
        for place, title, plot in zip(
            self._places, self._titles_of_plots, (self.norms, self.ratios), strict=True
        ):
            title.setContentsMargins(16, 4, 0, 0)
            inner = QVBoxLayout(place)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(0)
            inner.addWidget(title)
            inner.addWidget(plot, 1)
            row.addWidget(place)
        spreads = QWidget()
        three = QHBoxLayout(spreads)
        three.setContentsMargins(16, 8, 16, 8)
        three.setSpacing(16)
        for histogram in self.histograms:
            three.addWidget(histogram)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(plots)
        self._body.addWidget(spreads)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 8)
        foot.addWidget(self.sentence)
        column = QVBoxLayout(self._filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(body, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._filled)

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data on which kept parameters are tried; None while they are not there."""
        self.measurer.set_data(data, experiment)
        self._measure()

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Take in what the runs have handed out, the current one first."""
        views = tuple(run for run in views if run.current or not run.hidden)
        before = [run.identity for run in self._beside]
        self._runs = views
        beside = [run.identity for run in self._beside]
        another = before != beside
        if before[:1] != beside[:1]:
            self.measurer.forget_spread()
        if self.measurer.note(views) or another:
            self._refresh()
        else:
            self._measure()

    def show_moments(self, moments: Mapping[str, Moment]) -> None:
        """Take the newest Moment of each run by its identity."""
        self.measurer.moments = moments
        self._measure()

    def choose_layer(self, layer: int) -> None:
        """Show the spread of this layer."""
        self.layers.choose(str(layer))
        self._choose_layer(str(layer))

    def table(self) -> str:
        """Give norms and updates of every run, layer and step as CSV."""
        rows: list[tuple[object, ...]] = []
        for run in self._runs:
            course = self.measurer.courses.get(run.identity)
            if course is None:
                continue
            for name, track in (("gradient norm", course.norms), ("update ratio", course.ratios)):
                for step, values in zip(track.steps.tolist(), track.values.tolist(), strict=True):
                    rows += [
                        (run.name, name, step, layer + 1, one) for layer, one in enumerate(values)
                    ]
        return csv_text(("run", "quantity", "step", "layer", "value"), rows)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the whole stretch, copies and files."""
        if self.measurer.courses:
            menu.addAction(tr("Show all")).triggered.connect(self.show_all)
            self.exporter.fill_menu(menu)

    def show_all(self) -> None:
        """Let the axes follow the data again."""
        for plot in (self.norms, self.ratios):
            plot.show_all()

    def minimumSizeHint(self) -> QSize:
        """Give a small size: one plot at a time."""
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both plots where both have room."""
        super().resizeEvent(event)
        self._offer_modes()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self.measurer.beside.drop()

    @property
    def _both(self) -> bool:
        """Whether two plots have room beside each other."""
        return self.width() >= BOTH_FROM_PX

    def _offer_modes(self) -> None:
        self.modes.set_items([(key, tr(title)) for key, title in (WIDE if self._both else NARROW)])

    @property
    def mode(self) -> str:
        """What is looked at."""
        return self.modes.key

    def _measure(self) -> None:
        """Have measured beside the window what is new, while somebody looks."""
        if self.isVisible():
            layer = self._layer if self.mode == "spreads" else None
            self.measurer.measure(self._runs, layer=layer)

    def _choose_layer(self, key: str) -> None:
        self._layer = int(key)
        self.measurer.forget_spread()
        self._refresh()

    def _titles(self, course: Course) -> tuple[str, ...]:
        last = course.layout.layers - 1
        return tuple(
            tr("outputs") if at == last else tr("layer {number}", number=at + 1)
            for at in range(course.layout.layers)
        )

    @property
    def _beside(self) -> list[RunView]:
        """The current run and those whose gradients can be compared with its own."""
        return [run for run in self._runs if belongs_beside(run, self._runs[0])]

    def _quantities(self, name: str) -> list[Quantity]:
        return [
            Quantity(
                run.name,
                getattr(course, name),
                self._titles(course),
                course.past if name == "norms" else None,
            )
            for run in self._beside
            if (course := self.measurer.courses.get(run.identity)) is not None
        ]

    @property
    def _course(self) -> Course | None:
        """Of the current run."""
        return self.measurer.courses.get(self._runs[0].identity) if self._runs else None

    def _refresh(self) -> None:
        course = self._course
        if course is None or self._runs[0].blueprint is None:
            self._stack.setCurrentIndex(0)
            self._tell_empty()
            return
        self._stack.setCurrentIndex(1)
        if not self.isVisible():
            return
        spreads = self.mode == "spreads"
        self._body.setCurrentIndex(1 if spreads else 0)
        self._places[0].setVisible(self._both or self.mode == "norms")
        self._places[1].setVisible(self._both or self.mode == "ratios")
        self.layers.setVisible(spreads)
        self._offer_layers(course)
        self._draw()
        self._show_spreads()
        self._say(course)
        self._measure()

    def _offer_layers(self, course: Course) -> None:
        titles = self._titles(course)
        self._layer = min(self._layer, len(titles) - 1)
        self.layers.set_items([(str(at), title) for at, title in enumerate(titles)])
        self.layers.choose(str(self._layer))

    def _draw(self) -> None:
        quantities = (("norms", self.norms, False), ("ratios", self.ratios, True))
        for place, (name, plot, band) in zip(self._places, quantities, strict=True):
            if place.isHidden():
                continue
            made = scene_of(
                self._quantities(name),
                last=max((run.snapshot.step for run in self._beside), default=0),
                band=band,
                x_held=plot.x_held,
                y_held=plot.y_held,
            )
            plot.show_scene(made or self._nothing(name))

    def _nothing(self, name: str) -> Scene:
        ended = bool(self._runs) and self._runs[0].snapshot.state.ended
        scale = Scale(0, 1)
        if ended:
            return Scene(
                scale,
                scale,
                title=tr("Nothing was seen"),
                words=tr(
                    "Gradients are not kept with a run: they are seen while it trains and this "
                    "panel is open."
                ),
            )
        if name == "norms":
            words = tr("The norm of every layer's gradient appears here with the next steps.")
            return Scene(scale, scale, title=tr("No gradient yet"), words=words)
        words = tr("How far a step moves the weights of every layer, against their size.")
        return Scene(scale, scale, title=tr("No update yet"), words=words)

    def _show_spreads(self) -> None:
        found = self.measurer.spreads
        names = (tr("Weights"), tr("Gradients"), tr("Updates"))
        step = "" if found is None else tr("step {step}", step=grouped(found.step))
        known = (None,) * 3 if found is None else (found.weights, found.slopes, found.updates)
        for histogram, spread, title in zip(self.histograms, known, names, strict=True):
            histogram.show_spread(spread, title=title, value=step, logarithmic=True)

    def _subjects(self, course: Course) -> tuple[str, ...]:
        """Give what the layers are called where a sentence begins with one."""
        last = course.layout.layers - 1
        return tuple(
            tr("The output layer") if at == last else tr("Layer {number}", number=at + 1)
            for at in range(course.layout.layers)
        )

    def _say(self, course: Course) -> None:
        subjects = self._subjects(course)
        if self.mode == "spreads":
            words = "" if self.measurer.spreads is None else told.of_spreads(self.measurer.spreads)
        else:
            norms, ratios = course.norms.values, course.ratios.values
            claim = claim_of(self._runs[0], Shows.GRADIENTS)
            said = [claim] if claim else []
            if len(norms) and (self._both or self.mode == "norms"):
                said.append(told.of_norms(norms[-1], subjects))
            if len(ratios) and (self._both or self.mode == "ratios"):
                said.append(told.of_ratios(ratios[-1], subjects))
            words = "\n".join(said)
        self.sentence.say(words)

    def _read(self, name: str, step: float) -> Readout | None:
        quantities = self._quantities(name)
        return readout_at(quantities[0], step) if quantities else None

    def _tell_empty(self) -> None:
        self.empty.set_texts(
            tr("No gradient yet"),
            tr("Press Train: how large the gradient of every layer is appears here, step by step."),
        )

    def _retell(self) -> None:
        self._offer_modes()
        for label, words in zip(
            self._titles_of_plots,
            (tr("Norm of the gradient"), tr("Update as a share of the weights, per step")),
            strict=True,
        ):
            label.setFont(font(12))
            label.setProperty("role", "second")
            label.setText(words)
        self.modes.setAccessibleName(tr("What is shown of the gradients"))
        self.modes.setToolTip(tr("Norms of the gradients, sizes of the updates, or their spread."))
        self.layers.setAccessibleName(tr("Layer"))
        self.layers.setToolTip(tr("Layer"))
        self.norms.setAccessibleName(tr("Norm of the gradient by layer"))
        self.ratios.setAccessibleName(tr("Update against weights by layer"))
        for plot in (self.norms, self.ratios):
            plot.set_follow_words(tr("Follow"), tr("Show all, and go on with the data (A)"))
        self._refresh()
