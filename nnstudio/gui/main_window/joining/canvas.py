"""The canvas: it gets data and samples, tells of pictures that it cannot take, and its options."""

from typing import Final

from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.openings import random_picture

# what the view calls an option -> what the settings call it
_SETTINGS: Final = {"paper": "canvas_paper", "several": "several_digits", "brush": "brush_px"}


class CanvasJoint(Joint):
    """Joins the canvas."""

    def __init__(self, view: CanvasView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.set_paper(workbench.settings.canvas_paper)
        view.board.slider.setValue(workbench.settings.brush_px)
        view.board.slider.valueChanged.connect(lambda px: self._remember("brush", px))
        view.set_several(on=workbench.settings.several_digits)
        view.samples_requested.connect(self._show_sample)
        view.picture_refused.connect(self._tell_refused)
        view.chosen.connect(self._remember)
        workbench.data_changed.connect(self._show_data)
        self._show_data()

    def _show_data(self, _news: object = None) -> None:
        self._view.show_data(self.workbench.data)
        facts = self.workbench.facts
        if facts is not None:
            self.docks.make_room_for_drawing(draws=facts.image_shape is not None)

    def _show_sample(self) -> None:
        data = self.workbench.data
        if data is not None and data.image_shape is not None:
            self._view.show_sample(*random_picture(data))

    def _remember(self, option: str, value: object) -> None:
        self.workbench.change_settings(**{_SETTINGS[option]: value})

    def _tell_refused(self, why: NnstudioError) -> None:
        self.workbench.tell(notice_of(why, topic="picture", lasting=False))
