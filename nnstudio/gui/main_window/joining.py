"""What views wish and what the workbench tells, joined; each view that exists, and nothing else."""

from collections.abc import Callable

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.views.runs import RunsView
from nnstudio.gui.workbench import Workbench
from nnstudio.nn.network import layout_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts


def join(docks: Docks, workbench: Workbench, *, choose_data_folder: Callable[[], None]) -> None:
    """Connect every view with the workbench, in both directions."""
    for dock in docks:
        view = dock.view
        if isinstance(view, ExperimentView):
            _join_experiment(view, workbench, choose_data_folder)
        elif isinstance(view, RunsView):
            view.run_picked.connect(workbench.choose_run)
        elif isinstance(view, CanvasView):
            _join_canvas(view, workbench)


def _join_experiment(
    view: ExperimentView, workbench: Workbench, choose_data_folder: Callable[[], None]
) -> None:
    def show() -> None:
        view.show_experiment(
            workbench.experiment, workbench.problems, workbench.running, workbench.facts
        )

    view.experiment_edited.connect(
        lambda experiment, merge: workbench.change(experiment, merge=merge)
    )
    view.restart_requested.connect(workbench.control.restart)
    view.legal_changed.connect(workbench.entry_problem)
    view.folder_requested.connect(choose_data_folder)
    workbench.experiment_changed.connect(show)
    workbench.data_changed.connect(show)
    workbench.runs_changed.connect(show)
    workbench.state_changed.connect(show)
    show()


def _join_canvas(view: CanvasView, workbench: Workbench) -> None:
    def sample() -> None:
        found = workbench.sample()
        if found is not None:
            view.show_sample(*found)

    view.samples_requested.connect(sample)


def parameters_of(experiment: Experiment, facts: DataFacts | None) -> int | None:
    """Give how many parameters the network of `experiment` has, once its data are known."""
    if facts is None:
        return None
    layout = layout_of(experiment.network, inputs=facts.inputs, outputs=facts.outputs)
    return layout.parameters
