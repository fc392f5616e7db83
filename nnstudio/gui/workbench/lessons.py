"""Which network a lesson goes on with, and what it replays: the one that is shown decides both."""

from collections.abc import Callable
from dataclasses import replace

from nnstudio.data.my_digits import LABELS
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.own_sources import is_mine, replaced
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.runs.judge import DIGIT_SHAPE, DIGIT_SOURCES
from nnstudio.runs.model import Model
from nnstudio.runs.warm_start import WarmStart
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment


def pupil(runs: RunDesk, *, ready: Callable[[], Model | None]) -> tuple[Model, Text | str]:
    """Give the network that is taught, and what it is called.

    Parameters
    ----------
    runs : RunDesk
        Knows the run that is shown.
    ready : callable
        Gives the network that ships trained, for as long as no other was trained.

    Raises
    ------
    NnstudioError
        When there is none, or it does not read digits.
    """
    run = runs.current
    model: Model | None = None
    name: Text | str = ""
    if run is not None and runs.begun:
        model, name = model_of(run), run.file or run.name
    elif run is None or not runs.begun:
        model, name = ready(), text("the network that was trained earlier")
    if model is None:
        raise NnstudioError(
            "There is no trained network yet that could learn your digits.",
            hint="Press Train first; a few seconds are enough.",
        )
    if model.image_shape != DIGIT_SHAPE or not set(LABELS) <= set(model.class_names):
        raise NnstudioError(
            "This network does not read digits: it cannot learn yours.",
            hint="Train one on handwriting or MNIST.",
        )
    return model, name


def replayed(model: Model, *, chosen: Experiment, own: bool) -> Experiment:
    """Give what a model was trained with; one that is not one's `own` also replays what is set.

    The one that ships was trained on generated digits alone, and MNIST is there on many machines.
    """
    known = model.recipe.latest
    others = tuple(one for one in chosen.data.sources if not is_mine(one))
    digits = all(one.source.kind in DIGIT_SOURCES for one in others)
    if own or not others or not digits:
        return known
    return replaced(known, others)


def quiet(warm: WarmStart) -> WarmStart:
    """Leave out what differs from the training before: in a lesson that is as it should be."""
    return replace(warm, remarks=())
