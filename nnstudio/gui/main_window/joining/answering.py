"""Confusion and mistakes: a desk answers what they ask; a picked sample goes to the canvas."""

import numpy as np

from nnstudio.data.strokes import SIDE
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.answering import AnsweringView
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.workbench import Workbench
from nnstudio.runs.answers import Answers, PartName
from nnstudio.runs.run import RunView


class AnsweringJoint(Joint):
    """Joins a view of answers."""

    def __init__(
        self, view: AnsweringView, workbench: Workbench, docks: Docks, parent: Hub
    ) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.answers_wished.connect(self._answer)
        view.sample_chosen.connect(self._send)
        view.export_failed.connect(self._tell_not_written)
        workbench.answers.found.connect(self._take)
        for news in (workbench.experiment_changed, workbench.data_changed):
            news.connect(self._show_data)
        self._show_data()

    def _answer(self, run: RunView, part: PartName) -> None:
        self._view.take(run.identity, self.workbench.answers.want(run, part))

    def _take(self, answers: Answers) -> None:
        # what nobody sees asks again when it is seen
        if self.docks[self._view.name].seen:
            self._view.take(answers.identity, answers)

    def _show_data(self, _news: object = None) -> None:
        self._view.show_data(self.workbench.data)

    def _send(self, row: int) -> None:
        """Show a sample on the canvas where it is a picture that the canvas has room for."""
        data, canvas = self.workbench.data, self.docks.get(CanvasView.name)
        if data is None or canvas is None or data.image_shape != (SIDE, SIDE):
            return
        if isinstance(canvas.view, CanvasView):
            picture = np.array(data.dataset.inputs[row]).reshape(SIDE, SIDE)
            label = "" if data.labels is None else data.class_names[int(data.labels[row])]
            canvas.view.show_sample(picture, label)
            canvas.raise_()
