"""The range test: begun and ended by the workbench; a chosen rate is set, undoably."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.range_test import RangeTestView
from nnstudio.gui.workbench import Workbench
from nnstudio.training.range_test import with_rate


class RangeTestJoint(Joint):
    """Joins the range test."""

    def __init__(
        self, view: RangeTestView, workbench: Workbench, docks: Docks, parent: Hub
    ) -> None:
        super().__init__(workbench, docks, parent)
        bench, self._view = workbench, view
        view.test_requested.connect(lambda steps: bench.control.range_test(steps=steps))
        view.stop_requested.connect(bench.control.stop_range_test)
        view.rate_chosen.connect(lambda rate: bench.change(with_rate(bench.experiment, rate)))
        for news in (bench.experiment_changed, bench.state_changed):
            news.connect(self._show)
        self._show()

    def _show(self, _news: object = None) -> None:
        bench = self.workbench
        self._view.show_experiment(bench.experiment, str(bench.state.refusal or ""))
