"""The untrained network, shown before the first run; made beside the window."""

from collections.abc import Callable
from typing import Any

from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.data_desk import data_key
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState


class Preview:
    """Draws the initial weights of the experiment that is set, where no run has begun.

    Parameters
    ----------
    made : callable
        Called when another untrained network is shown.
    failed : callable
        Takes what went wrong.
    """

    def __init__(
        self,
        runs: RunDesk,
        background: Background,
        *,
        made: Callable[[], None],
        failed: Callable[[Failure], None],
    ) -> None:
        self._runs = runs
        self._background = background
        self._made = made
        self._failed = failed
        self._wanted: Any = None

    def want(self, experiment: Experiment, data: PreparedData | None) -> None:
        """Show the untrained network of `experiment`, unless it is shown or a run has begun."""
        key = (experiment.network, data_key(experiment))
        if self._runs.begun or data is None or key == self._wanted:
            return
        self._wanted = key

        def done(state: TrainingState) -> None:
            if self._wanted == key and not self._runs.begun:
                self._runs.preview(experiment, data, state.network.vector)
                self._made()

        self._background.run(
            None,
            lambda _progress: TrainingState.start(experiment, data),
            done=done,
            failed=self._failed,
        )
