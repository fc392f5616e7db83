"""Hub: what the joints of one window share; the parent of each, so that all end with the window."""

from PySide6.QtCore import QObject, Signal

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of


class Hub(QObject):
    """Parent of every joint of one window; wishes and news that are no single view's.

    `data_folder_requested`: a person wants to choose where data lie. `import_requested`: samples
    for the source of that number, or for one more. `samples_requested`: those of the source of that
    number are to be saved. `case_opened` carries the key of a case that was
    opened just now.
    """

    data_folder_requested = Signal()
    import_requested = Signal(int)
    samples_requested = Signal(int)
    case_opened = Signal(str)


class Joint(QObject):
    """What joins one view with the workbench.

    The workbench lives on when a window ends: its signals are connected to methods of a joint
    alone, never to a lambda, because these connections end with the joint.
    """

    def __init__(self, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(parent)
        self.workbench, self.docks, self.hub = workbench, docks, parent

    def _tell_not_written(self, why: NnstudioError) -> None:
        self.workbench.tell(notice_of(why, topic="export"))
