"""What can be done just now, as one comparable value; buttons and menus follow it."""

from dataclasses import dataclass
from enum import Enum

from nnstudio.texts import Text


class Activity(Enum):
    """What the dot in the status bar stands for."""

    LOADING = "loading"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True)
class BenchState:
    """What the commands depend on.

    Attributes
    ----------
    activity : Activity
        What goes on.
    busy : bool
        Whether Train would pause: a run goes on, or begins as soon as its data are there.
    live : bool
        Whether there is a run that has begun and not ended.
    begun : bool
        Whether the current run has made a step.
    refusal : Text or None
        Why no run can begin just now.
    has_model : bool
        Whether there are weights that can be saved.
    unsaved : bool
        Whether weights would be lost by closing.
    """

    activity: Activity = Activity.LOADING
    busy: bool = False
    live: bool = False
    begun: bool = False
    refusal: Text | None = None
    has_model: bool = False
    unsaved: bool = False
    can_undo: bool = False
    can_redo: bool = False
