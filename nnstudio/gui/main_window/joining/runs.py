"""The list of runs: picked, renamed, hidden and removed by the workbench's list."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.runs import RunsView
from nnstudio.gui.workbench import Workbench


class RunsJoint(Joint):
    """Joins the list of runs."""

    def __init__(self, view: RunsView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        runs = workbench.run_list
        view.run_picked.connect(runs.choose)
        view.run_renamed.connect(runs.rename)
        view.run_removed.connect(runs.remove)
        view.run_hidden.connect(lambda identity, hidden: runs.hide(identity, hidden=hidden))
        view.export_failed.connect(self._tell_not_written)
