"""What views wish and what the workbench tells, joined; each view that exists, and nothing else."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.views.range_test import RangeTestView
from nnstudio.gui.views.runs import RunsView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.openings import random_picture
from nnstudio.nn.network import layout_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.range_test import with_rate

MOST_DRAWN_INPUTS: Final = 2


class Joints(QObject):
    """The connections of one window; they end with it, while the workbench lives on."""

    def __init__(
        self,
        docks: Docks,
        workbench: Workbench,
        *,
        choose_data_folder: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workbench, self._docks = workbench, docks
        self._is_new_case = False
        self._experiment: ExperimentView | None = None
        self._canvas: CanvasView | None = None
        self._range_test: RangeTestView | None = None
        self._samples: DataView | None = None
        for dock in docks:
            view = dock.view
            if isinstance(view, ExperimentView):
                self._join_experiment(view, choose_data_folder)
            elif isinstance(view, RunsView):
                self._join_runs(view)
            elif isinstance(view, RangeTestView):
                self._join_range_test(view)
            elif isinstance(view, CanvasView):
                self._canvas = view
                view.samples_requested.connect(self._show_sample)
                view.picture_refused.connect(self._tell_refused)
            elif isinstance(view, DataView):
                self._join_data(view)
            elif isinstance(view, CurvesView):
                view.export_failed.connect(self._tell_not_written)

    def _join_experiment(
        self, view: ExperimentView, choose_data_folder: Callable[[], None]
    ) -> None:
        bench, self._experiment = self._workbench, view
        view.experiment_edited.connect(
            lambda experiment, merge: bench.change(experiment, merge=merge)
        )
        view.restart_requested.connect(bench.control.restart)
        view.legal_changed.connect(bench.entry_problem)
        # a window that takes the place of another begins without what was half typed there
        bench.entry_problem(view.refusal)
        view.folder_requested.connect(choose_data_folder)
        for news in (
            bench.experiment_changed,
            bench.data_changed,
            bench.runs_changed,
            bench.state_changed,
        ):
            news.connect(self._show_experiment)
        self._show_experiment()

    def _join_runs(self, view: RunsView) -> None:
        runs = self._workbench.run_list
        view.run_picked.connect(runs.choose)
        view.run_renamed.connect(runs.rename)
        view.run_removed.connect(runs.remove)
        view.run_hidden.connect(lambda identity, hidden: runs.hide(identity, hidden=hidden))

    def _join_range_test(self, view: RangeTestView) -> None:
        bench, self._range_test = self._workbench, view
        view.test_requested.connect(lambda steps: bench.control.range_test(steps=steps))
        view.stop_requested.connect(bench.control.stop_range_test)
        view.rate_chosen.connect(lambda rate: bench.change(with_rate(bench.experiment, rate)))
        for news in (bench.experiment_changed, bench.state_changed):
            news.connect(self._show_tested)
        self._show_tested()

    def _show_tested(self, _news: object = None) -> None:
        bench = self._workbench
        if self._range_test is not None:
            self._range_test.show_experiment(bench.experiment, str(bench.state.refusal or ""))

    def _show_experiment(self, _news: object = None) -> None:
        bench = self._workbench
        if self._experiment is not None:
            self._experiment.show_experiment(
                bench.experiment, bench.problems, bench.running, bench.facts, over=self._ended
            )

    @property
    def _ended(self) -> Experiment | None:
        """What the run that is shown was trained with, when it is over and none is under way."""
        run = self._workbench.current
        if run is None or run.recipe is None or not self._workbench.state.over:
            return None
        return run.recipe.latest

    def _join_data(self, view: DataView) -> None:
        self._samples = view
        for news in (self._workbench.experiment_changed, self._workbench.data_changed):
            news.connect(self._show_data)
        self._show_data()

    def _show_data(self, _news: object = None) -> None:
        if self._samples is not None:
            self._samples.show_data(self._workbench.data, self._workbench.experiment)
            self._raise_points()

    def greet_case(self, _key: str) -> None:
        """Bring the data to the front once they are there, where the answers can be drawn there."""
        self._is_new_case = True
        self._raise_points()

    def _raise_points(self) -> None:
        data, dock = self._workbench.data, self._docks.get(DataView.name)
        if not self._is_new_case or data is None:
            return
        self._is_new_case = False
        if dock is not None and not dock.isHidden() and data.inputs <= MOST_DRAWN_INPUTS:
            dock.raise_()

    def _tell_refused(self, why: NnstudioError) -> None:
        self._workbench.tell(notice_of(why, topic="picture"))

    def _tell_not_written(self, why: NnstudioError) -> None:
        self._workbench.tell(notice_of(why, topic="export"))

    def _show_sample(self) -> None:
        data = self._workbench.data
        if data is not None and data.image_shape is not None and self._canvas is not None:
            self._canvas.show_sample(*random_picture(data))


def parameters_of(experiment: Experiment, facts: DataFacts | None) -> int | None:
    """Give how many parameters the network of `experiment` has, once its data are known."""
    if facts is None:
        return None
    layout = layout_of(experiment.network, inputs=facts.inputs, outputs=facts.outputs)
    return layout.parameters
