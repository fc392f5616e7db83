"""The gradients: they get the newest Moment of every run that is trained in this window."""

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.gradients import GradientsView
from nnstudio.gui.workbench import Workbench


class GradientsJoint(Joint):
    """Joins the view of the gradients."""

    def __init__(
        self, view: GradientsView, workbench: Workbench, docks: Docks, parent: Hub
    ) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        self._shown: object = None
        view.export_failed.connect(self._tell_not_written)
        workbench.polled.connect(self._show)
        for news in (workbench.experiment_changed, workbench.data_changed):
            news.connect(self._show_data)
        self._show_data()

    def _show_data(self, _news: object = None) -> None:
        self._view.show_data(self.workbench.data, self.workbench.experiment)

    def _show(self) -> None:
        if not self.docks[GradientsView.name].seen:
            return
        moments = self.workbench.moments
        if moments != self._shown:
            self._shown = moments
            self._view.show_moments(moments)
