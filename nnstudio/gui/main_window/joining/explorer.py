"""The explorer: it is told what is set and what the data are like."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.explorer import ExplorerView
from nnstudio.gui.workbench import Workbench


class ExplorerJoint(Joint):
    """Joins the explorer."""

    def __init__(self, view: ExplorerView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.export_failed.connect(self._tell_not_written)
        for news in (workbench.experiment_changed, workbench.data_changed):
            news.connect(self._show)
        self._show()

    def _show(self, _news: object = None) -> None:
        self._view.show_experiment(self.workbench.experiment, self.workbench.facts)
