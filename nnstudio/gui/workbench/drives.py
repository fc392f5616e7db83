"""What drives runs: a session and the run that it feeds, how one begins, and whether it goes on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final, Literal

from nnstudio.gui.workbench.run_sources import SessionSource
from nnstudio.paths import differences, replace_at, setting_at, value_at
from nnstudio.runs.run import Run
from nnstudio.runs.store import StoredRun
from nnstudio.runs.warm_start import WarmStart
from nnstudio.texts import Text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Moments
from nnstudio.training.prepared import PreparedData
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState, Vector
from nnstudio.training.stopping import ending_at

SILENT_POLLS: Final = 3
"""Twenty polls are made in a second, and as many snapshots where steps are short."""
MakeSession = Callable[[Experiment, PreparedData, Mailbox[Checkpoint] | None], Session]


@dataclass(eq=False)
class Drive:
    """A session with the run that it feeds, and the experiment with the changes made so far.

    It `follows` what is set while that is of its subject: live changes act on it. It is
    `superseded` when another run was begun in its place: it is about to end. `asked` is what it
    was asked for and has not done yet; for `silent` polls nothing was heard of it. It is `aside`,
    paused, while another goes on in its place, and comes back when that has ended.
    """

    run: Run
    session: Session
    experiment: Experiment
    stored: StoredRun | None = None
    from_start: bool = True
    follows: bool = True
    superseded: bool = False
    aside: Literal["", "waits", "back"] = ""
    asked: Literal["", "pause", "stop"] = ""
    silent: int = 0

    @property
    def is_slow(self) -> bool:
        """Whether its steps take so long that a person may think that nothing happens."""
        return self.silent >= SILENT_POLLS

    def pause(self) -> None:
        """Ask for a pause, which comes after the step that is being made."""
        self.asked = "pause"
        self.session.pause()

    def resume(self) -> None:
        """Ask to go on."""
        self.asked = self.aside = ""
        self.session.resume()

    def set_aside(self) -> None:
        """Ask for a pause that lasts at least as long as the run that begins now."""
        self.pause()
        self.aside = "waits"

    def stop(self) -> None:
        """Ask for its end, which comes after the step that is being made."""
        self.asked = "stop"
        self.session.stop()

    def follow(self, experiment: Experiment) -> bool:
        """Hand every live setting that differs to the session; gives whether any did."""
        acted = False
        for path in differences(self.experiment, experiment):
            if not path or isinstance(path[-1], int):
                continue
            if not setting_at(self.experiment, path).display.live:
                continue
            value = value_at(experiment, path)
            self.experiment = replace_at(self.experiment, path, value)
            self.session.change(".".join(map(str, path)), value)
            acted = True
        return acted

    def hear(self, *, news: bool) -> None:
        """Note whether there was news, and what has been done of what was asked for."""
        self.silent = 0 if news else self.silent + 1
        if self.run.snapshot.state is RunState.PAUSED and self.asked == "pause":
            self.asked = ""


@dataclass(frozen=True, eq=False)
class Start:
    """How a run begins, where not as every other.

    Attributes
    ----------
    checkpoint : Checkpoint or None
        Where it goes on from.
    warm : WarmStart or None
        The model whose weights it begins with.
    session : callable or None
        Makes its session where that begins in another way, from experiment, data and the mailbox
        of checkpoints.
    initial : ndarray or None
        Its first vector, where that is known before it begins.
    step : int
        How many steps it has made already.
    name : str or Text
        What it is called; nothing for its number.
    compared : bool
        Whether it belongs to a comparison, which a button makes again: it does not follow what is
        set, is not kept against a crash, and nobody is asked to save it.
    shown_off : bool
        Whether a guide or a race begins it: nobody is asked to save it.
    lesson : bool
        Whether a network learns drawings in it; it does not follow what is set.
    spares : bool
        Whether runs under way are only set aside, paused, until it has ended.
    """

    checkpoint: Checkpoint | None = None
    warm: WarmStart | None = None
    session: MakeSession | None = None
    initial: Vector | None = None
    step: int = 0
    name: str | Text = ""
    compared: bool = False
    shown_off: bool = False
    lesson: bool = False
    spares: bool = False


FROM_SCRATCH: Final = Start()


def can_go_on(run: Run | None, experiment: Experiment) -> bool:
    """Whether a run has ended that goes on under `experiment`: with later limits, all else same."""
    if run is None or run.recipe is None or not isinstance(run.source, SessionSource):
        return False
    snapshot, history = run.snapshot, run.snapshot.history
    if snapshot.state not in {RunState.FINISHED, RunState.STOPPED} or history is None:
        return False
    before = run.recipe.latest
    if before.stopping == experiment.stopping:
        return False
    if replace(before, stopping=experiment.stopping) != experiment:
        return False
    # the limits of a run that was pretrained count from where its layers train together
    first_step = history.stages[-1][0] if history.stages else 0
    ending = ending_at(
        experiment.stopping,
        step=snapshot.step,
        epochs=len(history.epoch_ends),
        seconds=snapshot.seconds or 0.0,
        best=None,
        score=None,
        losses=history.loss,
        first_step=first_step,
        first_epoch=int((history.epoch_ends <= first_step).sum()) if history.stages else 0,
    )
    return ending is None


def watched_session(**values: Any) -> Session:
    """Give the `Session` of these arguments; the doctor can look into it while it goes on."""
    forked: Session | None = values.get("forked")
    before = forked.moments if forked is not None else None
    kept = before.kept if before is not None else ()
    return Session(moments=Moments(clock=perf_counter, kept=kept), **values)


def complete(drive: Drive) -> None:
    """Give the run its first vector, which is known when the session has begun."""
    plan, initial = drive.run.blueprint, drive.session.initial
    # what a run that goes on begins with is not what it began with
    if drive.from_start and plan is not None and plan.initial is None and initial is not None:
        drive.run.blueprint = replace(plan, initial=initial)
