"""The curves: where the loss should begin is told them; a finding that is picked is shown."""

from typing import Final

import numpy as np

from nnstudio.doctor.first_loss import expected_first_loss, guess_loss, terms_of
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.workbench import Workbench
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.prepared import PreparedData

MOST_TARGETS: Final = 2000
ALIKE: Final = 0.005
"""Two losses that differ by less lie on one line of the plot."""


class CurvesJoint(Joint):
    """Joins the loss and the score."""

    def __init__(self, view: CurvesView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        self._view = view
        view.export_failed.connect(self._tell_not_written)
        view.finding_picked.connect(self._show_finding)
        for news in (
            workbench.experiment_changed,
            workbench.data_changed,
            workbench.runs_changed,
        ):
            news.connect(self._expect)
        self._expect()

    def _expect(self, _news: object = None) -> None:
        bench = self.workbench
        run = bench.current
        known = run.recipe.experiment if run is not None and run.recipe else bench.experiment
        data, facts = bench.data, bench.facts
        # the data at hand are those of what is set
        if data is None or facts is None or known.data != bench.experiment.data:
            self._view.expect_first_loss(None)
            return
        # a part of them says it well enough, where it depends on them at all
        rows = data.split.training[:MOST_TARGETS]
        targets = None if data.task == "classes" else data.targets[rows]
        expected = expected_first_loss(known, facts, targets)
        self._view.expect_first_loss(
            expected, guess=expected is not None and is_guess(expected, known, data, facts)
        )

    def _show_finding(self, rule: str) -> None:
        dock = self.docks.get(DoctorView.name)
        if dock is not None and isinstance(dock.view, DoctorView):
            self.docks.bring(DoctorView.name)
            dock.view.point_out(rule)


def is_guess(expected: float, known: Experiment, data: PreparedData, facts: DataFacts) -> bool:
    """Tell whether no answer that ignores the inputs has a lower loss than the first one."""
    targets = data.targets[data.split.training[:MOST_TARGETS]].astype(np.float64)
    guess = guess_loss(known, targets)
    if guess is None:
        return False
    return abs(guess * terms_of(known, facts.training) - expected) <= ALIKE * abs(expected)
