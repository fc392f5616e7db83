"""The curves: a plot that could not be written is told."""

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of


class CurvesJoint(Joint):
    """Joins the loss and the score."""

    def __init__(self, view: CurvesView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        view.export_failed.connect(self._tell_not_written)

    def _tell_not_written(self, why: NnstudioError) -> None:
        self.workbench.tell(notice_of(why, topic="export"))
