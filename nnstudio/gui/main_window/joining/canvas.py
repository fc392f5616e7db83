"""The canvas: it asks for a sample to look at, and tells of a picture that it cannot take."""

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.openings import random_picture


class CanvasJoint(Joint):
    """Joins the canvas."""

    def __init__(self, view: CanvasView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.samples_requested.connect(self._show_sample)
        view.picture_refused.connect(self._tell_refused)
        workbench.data_changed.connect(self._make_room)
        self._make_room()

    def _make_room(self, _news: object = None) -> None:
        facts = self.workbench.facts
        if facts is not None:
            self.docks.make_room_for_drawing(draws=facts.image_shape is not None)

    def _show_sample(self) -> None:
        data = self.workbench.data
        if data is not None and data.image_shape is not None:
            self._view.show_sample(*random_picture(data))

    def _tell_refused(self, why: NnstudioError) -> None:
        self.workbench.tell(notice_of(why, topic="picture"))
