"""The control panel: every edit goes to the workbench, what is set and what runs come back."""

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.workbench import Workbench
from nnstudio.training.experiment import Experiment


class ExperimentJoint(Joint):
    """Joins the control panel."""

    def __init__(
        self, view: ExperimentView, workbench: Workbench, docks: Docks, parent: Hub
    ) -> None:
        super().__init__(workbench, docks, parent)
        bench, self._view = workbench, view
        view.experiment_edited.connect(
            lambda experiment, merge: bench.change(experiment, merge=merge)
        )
        view.restart_requested.connect(bench.control.restart)
        view.legal_changed.connect(bench.entry_problem)
        # a window that takes the place of another begins without what was half typed there
        bench.entry_problem(view.refusal)
        view.folder_requested.connect(parent.data_folder_requested)
        view.import_requested.connect(parent.import_requested)
        view.samples_requested.connect(parent.samples_requested)
        bench.imports.sets_changed.connect(self._show_sets)
        for news in (
            bench.experiment_changed,
            bench.data_changed,
            bench.runs_changed,
            bench.state_changed,
        ):
            news.connect(self._show)
        self._show()
        self._show_sets(bench.imports.sets)

    def _show_sets(self, sets: tuple[Imported, ...]) -> None:
        self._view.sources.show_sets(sets)

    def _show(self, _news: object = None) -> None:
        bench = self.workbench
        self._view.show_experiment(
            bench.experiment,
            bench.problems,
            bench.running,
            bench.facts,
            over=self._ended,
            case=bench.case,
        )

    @property
    def _ended(self) -> Experiment | None:
        """What the run that is shown was trained with, when it is over and none is under way."""
        run = self.workbench.current
        if run is None or run.recipe is None or not self.workbench.state.over:
            return None
        return run.recipe.latest
