"""What may change while a run goes on: the settings that are marked live, by dotted path."""

from typing import Any

from nnstudio.errors import NnstudioError
from nnstudio.paths import path_of, replace_at, setting_at
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment


def acts_at_epoch(experiment: Experiment, path: str) -> bool:
    """Tell whether a change of the live setting at `path` waits for the next epoch."""
    return setting_at(experiment, path_of(path)).display.live_at == "epoch"


def with_live(experiment: Experiment, path: str, value: Any) -> Experiment:
    """Give `experiment` with a live setting changed.

    Raises
    ------
    NnstudioError
        When there is no such setting, it may not change while a run goes on, or the value is not
        legal.
    """
    parts = path_of(path)
    setting = setting_at(experiment, parts)
    if not setting.display.live:
        raise NnstudioError(
            "{setting} cannot be changed while a run goes on.",
            hint="It applies at the next start.",
            setting=text(setting.title),
        )
    return replace_at(experiment, parts, value)
