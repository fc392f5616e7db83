"""The views that look inside a network: they get the data, the drawing, and tell what failed."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.network import NetworkView
from nnstudio.gui.views.one_step import OneStepView
from nnstudio.gui.views.units import UnitsView
from nnstudio.gui.workbench import Workbench

Inner = UnitsView | NetworkView | OneStepView


class InsideJoint(Joint):
    """Joins a view that lets samples run through the network."""

    def __init__(self, view: Inner, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.export_failed.connect(self._tell_not_written)
        for news in (workbench.experiment_changed, workbench.data_changed):
            news.connect(self._show)
        canvas = next((dock.view for dock in docks if isinstance(dock.view, CanvasView)), None)
        if canvas is not None and isinstance(view, UnitsView | NetworkView):
            canvas.drawing_changed.connect(view.show_drawing)
        self._show()

    def _show(self, _news: object = None) -> None:
        self._view.show_data(self.workbench.data, self.workbench.experiment)
