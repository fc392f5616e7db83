"""The weights: why a file of them could not be written is told by the workbench."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.weights import WeightsView
from nnstudio.gui.workbench import Workbench


class WeightsJoint(Joint):
    """Joins the weights."""

    def __init__(self, view: WeightsView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        view.export_failed.connect(self._tell_not_written)
