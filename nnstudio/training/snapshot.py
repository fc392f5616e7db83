"""Snapshot: a run from outside, just now; immutable, and the newest says everything."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from nnstudio.texts import Text
from nnstudio.training.history import HistoryView
from nnstudio.training.moments import Kept
from nnstudio.training.stopping import Reason

Vector = NDArray[np.floating]


class RunState(Enum):
    """What a run is doing."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in {RunState.WAITING, RunState.RUNNING, RunState.PAUSED}


@dataclass(frozen=True, eq=False)
class Weights:
    """Copies of the flat vectors after `step` steps; read-only arrays.

    Attributes
    ----------
    step : int
        How many steps had been made.
    vector : ndarray, shape (P + buffers,)
        Parameters, then buffers, as they are evaluated: where the experiment asks for that, an
        average over the steps, or at the end those of the best validation.
    gradient : ndarray, shape (P,), or None
        Gradient that the last step applied to the whole network.
    """

    step: int
    vector: Vector
    gradient: Vector | None = None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run from outside; nothing but `state` and `step` is mandatory, what is unknown is None.

    Attributes
    ----------
    seconds : float or None
        Training time so far, without pauses.
    rate : float or None
        Learning rate of the last step.
    stage : str or None
        What is trained, as `HistoryView.stages` names it; None in a run of one stage.
    kept : tuple of Kept
        What the run was like at earlier steps, in their order; nothing where nobody asked for it.
    reason : str or None
        Why the run ended, as `nnstudio.training.stopping.Ending` names it.
    ending : Text or None
        The same in one sentence.
    traceback : str or None
        Of a run that failed by a bug; for the log, never for a person's face.
    """

    state: RunState
    step: int
    epoch: int = 0
    steps_per_epoch: int | None = None
    total_steps: int | None = None
    history: HistoryView | None = None
    weights: Weights | None = None
    seconds: float | None = None
    samples_per_second: float | None = None
    seconds_left: float | None = None
    rate: float | None = None
    stage: str | None = None
    kept: tuple[Kept, ...] = ()
    reason: Reason | None = None
    ending: Text | None = None
    traceback: str | None = None
