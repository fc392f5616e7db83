"""The data: shown whenever they change, and raised where the answers can be drawn among them."""

from typing import Final

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.data import DataView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.bench_state import Activity
from nnstudio.runs.data_summary import DataSummary

MOST_DRAWN_INPUTS: Final = 2


class DataJoint(Joint):
    """Joins the view of the data."""

    def __init__(self, view: DataView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        self._is_new_case = False
        for news in (workbench.experiment_changed, workbench.data_changed):
            news.connect(self._show)
        workbench.state_changed.connect(self._tell_why)
        workbench.summaries.found.connect(self._take)
        view.summary_wished.connect(workbench.summaries.want)
        view.summary_dropped.connect(workbench.summaries.drop)
        parent.case_opened.connect(self._greet_case)
        view.export_failed.connect(self._tell_not_written)
        self._show()
        self._tell_why()

    def _show(self, _news: object = None) -> None:
        self._view.show_data(self.workbench.data, self.workbench.experiment)
        self._raise_points()

    def _take(self, summary: DataSummary) -> None:
        self._view.show_summary(summary)

    def _tell_why(self, _news: object = None) -> None:
        """Say why there are no data, where there are none."""
        state = self.workbench.state
        loading = state.activity is Activity.LOADING
        self._view.show_refusal(str(state.refusal or ""), loading=loading)

    def _greet_case(self, _key: str) -> None:
        """Bring the data to the front once they are there, where the answers can be drawn there."""
        self._is_new_case = True
        self._raise_points()

    def _raise_points(self) -> None:
        data, dock = self.workbench.data, self.docks[DataView.name]
        if not self._is_new_case or data is None:
            return
        self._is_new_case = False
        if not dock.isHidden() and data.inputs <= MOST_DRAWN_INPUTS:
            dock.raise_()
