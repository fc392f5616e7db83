"""A run under a progress bar: its data loaded, its first weights put in place, its steps made."""

import sys
from collections.abc import Callable

from nnstudio.cli.naming import refuse
from nnstudio.cli.reply import Interrupt, complain
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import Cancelled
from nnstudio.runs.headless import train_to_end
from nnstudio.runs.model import Model
from nnstudio.runs.pinning import pinned
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.runs.warm_start import as_it_goes_on, warm_start
from nnstudio.texts import Text
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import Step
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState


def train_shown(
    experiment: Experiment,
    interrupt: Interrupt,
    told: Callable[[Step], str],
    *,
    model: Model | None = None,
    file: str = "",
) -> TrainingState:
    """Train to the end, or until Ctrl+C stops it cleanly; beside the bar stands what is `told`.

    Raises
    ------
    Cancelled
        When Ctrl+C was pressed before there was a run.
    NnstudioError
        When data or model do not go with the experiment.
    """
    with ProgressBar(sys.stderr) as bar:

        def training(state: TrainingState, step: Step) -> None:
            total = state.total_steps
            bar.show(step.step / total if total else None, told(step))

        state = start(experiment, bar, interrupt, model=model, file=file)
        train_to_end(state, wanted=lambda: not interrupt.pressed, tell=training)
    return state


def start(
    experiment: Experiment,
    bar: ProgressBar,
    interrupt: Interrupt,
    *,
    model: Model | None = None,
    file: str = "",
) -> TrainingState:
    """Load the data and give the run, from the weights of `model` where there is one.

    Raises
    ------
    Cancelled
        When Ctrl+C was pressed.
    NnstudioError
        When data or model do not go with the experiment.
    """

    def loading(share: float | None, doing: Text) -> None:
        if interrupt.pressed:
            raise Cancelled
        bar.show(share, str(doing))

    places = DataPlaces.standard()
    experiment = pinned(experiment, places)
    data = load(experiment, places, loading)
    refuse(experiment, data.facts)
    if model is None:
        return TrainingState.start(experiment, data)
    experiment, left_out = as_it_goes_on(experiment, file=file)
    if left_out is not None:
        complain(left_out)
    warm = warm_start(model, experiment, data, file=file)
    for remark in warm.remarks:
        complain(remark)
    return TrainingState.start(experiment, data, initial=warm.vector, initial_sha256=warm.sha256)
