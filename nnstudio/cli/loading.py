"""A run before its first step: its data loaded under a progress bar, its first weights in place."""

from nnstudio.cli.naming import refuse
from nnstudio.cli.reply import Interrupt, complain
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import Cancelled
from nnstudio.runs.model import Model
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.runs.warm_start import as_it_goes_on, warm_start
from nnstudio.texts import Text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState


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
        When Ctrl+C was pressed meanwhile.
    NnstudioError
        When data or model do not go with the experiment.
    """

    def loading(share: float | None, doing: Text) -> None:
        if interrupt.pressed:
            raise Cancelled
        bar.show(share, str(doing))

    data = load(experiment, DataPlaces.standard(), loading)
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
