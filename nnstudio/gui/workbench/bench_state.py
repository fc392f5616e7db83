"""What can be done just now, as one comparable value; buttons and menus follow it."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from nnstudio.gui.workbench.drives import Drive
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.undo import UndoStack
from nnstudio.runs.run import Run
from nnstudio.texts import Text
from nnstudio.training.snapshot import RunState


class Activity(Enum):
    """What the dot in the status bar stands for."""

    LOADING = "loading"
    READY = "ready"
    RUNNING = "running"
    PREPARING = "preparing"
    BEGINNING = "beginning"
    PAUSING = "pausing"
    STOPPING = "stopping"
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
        Whether there is any run but the untrained network.
    over : bool
        Whether the run that is shown has ended and none is under way.
    goes_on : bool
        Whether Train would go on with that run, not begin another.
    asks : bool
        Whether Train would ask: go on from the model that was opened, or begin anew.
    refusal : Text or None
        Why no run can begin just now.
    has_model : bool
        Whether there are weights that can be saved.
    unsaved : bool
        Whether weights would be lost by closing.
    ending : Text or None
        Why the run ended.
    """

    activity: Activity = Activity.LOADING
    busy: bool = False
    live: bool = False
    begun: bool = False
    over: bool = False
    goes_on: bool = False
    asks: bool = False
    refusal: Text | None = None
    has_model: bool = False
    unsaved: bool = False
    can_undo: bool = False
    can_redo: bool = False
    ending: Text | None = None


def state_of(
    run: Run | None,
    *,
    runs: RunDesk,
    undo: UndoStack[Any],
    goes_on: bool,
    asks: bool,
    waits: bool,
    loading: bool,
    refusal: Text | None,
    has_model: bool,
    unsaved: bool,
) -> BenchState:
    """Give what can be done, from what there is.

    Parameters
    ----------
    run : Run or None
        The one that is shown.
    runs : RunDesk
        Tells which run is driven, the same or another.
    waits, loading : bool
        Whether a run waits for its data, and whether data are being loaded.
    """
    drive = runs.drive
    run = drive.run if drive is not None else run
    doing = run.snapshot.state if run is not None else RunState.WAITING
    activity = (_slow(drive) if drive is not None else None) or _ACTIVITIES[doing]
    if drive is None and loading:
        activity = Activity.LOADING
    elif drive is None and refusal is not None:
        activity = Activity.REFUSED
    return BenchState(
        activity=activity,
        busy=waits or runs.running,
        live=drive is not None,
        begun=runs.begun,
        over=drive is None and runs.begun and doing.ended,
        goes_on=goes_on,
        asks=asks,
        refusal=refusal,
        has_model=has_model,
        unsaved=unsaved,
        can_undo=undo.can_undo,
        can_redo=undo.can_redo,
        ending=run.snapshot.ending if run is not None else None,
    )


def _slow(drive: Drive) -> Activity | None:
    """Give what a run is at of which nothing is heard; None where it is heard of."""
    doing = drive.run.snapshot.state
    if not drive.is_slow:
        return None
    if drive.asked == "stop":
        return Activity.STOPPING
    if drive.asked == "pause":
        return Activity.PAUSING
    if doing is RunState.WAITING:
        return Activity.PREPARING
    beginning = doing is RunState.RUNNING and not drive.run.snapshot.step
    return Activity.BEGINNING if beginning else None


_ACTIVITIES: Final = {
    RunState.WAITING: Activity.READY,
    RunState.RUNNING: Activity.RUNNING,
    RunState.PAUSED: Activity.PAUSED,
    RunState.FINISHED: Activity.FINISHED,
    RunState.STOPPED: Activity.STOPPED,
    RunState.DIVERGED: Activity.DIVERGED,
    RunState.FAILED: Activity.FAILED,
}
