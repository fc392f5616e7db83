"""Standing: what has become of a remedy; compared with what is set and what is trained with."""

from enum import Enum

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.doctor.remedies import acts, healed
from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Experiment


class Standing(Enum):
    """What a card offers for a remedy."""

    OFFERED = "offered"
    SET = "set"
    ACTING = "acting"
    ELSEWHERE = "elsewhere"


def standing_of(
    remedy: Remedy, experiment: Experiment, trained_with: Experiment | None
) -> Standing:
    """Give what has become of `remedy`.

    Parameters
    ----------
    experiment : Experiment
        What is set.
    trained_with : Experiment or None
        What the run that is shown is trained with, live changes in it; None for none.

    Returns
    -------
    Standing
        Offered; set and waiting for a restart; acting already; or elsewhere, where no change of the
        Experiment is the remedy.
    """
    known = (experiment,) if trained_with is None else (experiment, trained_with)
    if not any(acts(one, remedy) for one in known):
        return Standing.ELSEWHERE
    if not _is_in(remedy, experiment):
        return Standing.OFFERED
    if trained_with is not None and _is_in(remedy, trained_with):
        return Standing.ACTING
    return Standing.SET


def mended(experiment: Experiment, remedy: Remedy) -> Experiment | None:
    """Give `experiment` as the remedy changes it; None where it does not fit by now."""
    try:
        return healed(experiment, remedy)
    except (NnstudioError, IndexError, AttributeError):
        # it was offered for other settings, such as a layer that is gone
        return None


def _is_in(remedy: Remedy, experiment: Experiment) -> bool:
    return mended(experiment, remedy) == experiment
