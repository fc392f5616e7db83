"""Rewind: earlier weights of the shown run in place of the newest, for all views; fork from there.

What is saved, tested and trained on stays the newest: only what is looked at goes back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.drives import Start
from nnstudio.gui.workbench.notices import Notice
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.nn.network import layout_of
from nnstudio.runs.run import Run, RunView
from nnstudio.texts import Text, text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Kept, Moments
from nnstudio.training.prepared import PreparedData
from nnstudio.training.recipe import Parent
from nnstudio.training.rewound import RewoundSession
from nnstudio.training.session import Session
from nnstudio.training.snapshot import Weights

TOPIC: Final = "rewind"


@dataclass(frozen=True)
class RewindState:
    """Where one can go back to.

    Attributes
    ----------
    steps : tuple of int
        After how many steps weights were kept, in their order; empty where there are none.
    now : int
        How many steps the run has made.
    at : int or None
        What is looked at; None for the newest.
    refusal : Text or None
        Why no run can begin from there just now.
    """

    steps: tuple[int, ...] = ()
    now: int = 0
    at: int | None = None
    refusal: Text | None = None


class Rewind:
    """Knows which weights are looked at, and begins runs that go on from there.

    Parameters
    ----------
    experiment : callable
        Gives what is set.
    begun : callable
        Called when what is shown is another than before.
    refusal : callable
        Gives why nothing can be made again just now, or None.
    tell : callable
        Takes notices.
    """

    def __init__(
        self,
        runs: RunDesk,
        data: DataDesk,
        control: RunControl,
        *,
        experiment: Callable[[], Experiment],
        begun: Callable[[], None],
        refusal: Callable[[], Text | None],
        tell: Callable[[Notice], None],
    ) -> None:
        self._runs = runs
        self._data = data
        self._control = control
        self._experiment = experiment
        self._begun = begun
        self._refusal = refusal
        self._tell = tell
        self._of: Run | None = None
        self._at: Weights | None = None

    @property
    def state(self) -> RewindState:
        """Where one can go back to just now."""
        run = self._runs.current
        if run is None:
            return RewindState()
        at = self._at if run is self._of else None
        steps = tuple(one.step for one in run.snapshot.kept)
        refusal = None if at is None else self._why_not(run)
        return RewindState(steps, run.snapshot.step, None if at is None else at.step, refusal)

    def go_to(self, step: int | None) -> None:
        """Look at the weights that were kept after `step` steps; None for the newest."""
        run = self._runs.current
        kept = None if run is None or step is None else _kept(run, step)
        before, self._of = self._at, run
        self._at = None if kept is None else Weights(kept.step, kept.vector)
        if before is not self._at:
            self._begun()

    def seen(self, view: RunView) -> RunView:
        """Give a run as it is looked at: the shown one with the weights that were chosen."""
        at = self._at
        if at is None or self._of is None or not view.current:
            return view
        if view.identity != self._of.identity:
            return view
        return replace(view, snapshot=replace(view.snapshot, weights=at), rewound=at.step)

    def fork(self) -> None:
        """Begin a run under what is set that goes on from what is looked at.

        The run so far is made again up to there: what its optimizer remembered was not kept. Where
        nothing was changed yet, it stands still there.
        """
        run, at = self._runs.current, self._at
        if run is None or at is None or run is not self._of:
            return
        refusal = self._why_not(run)
        if refusal is not None:
            self._tell(Notice(refusal, topic=TOPIC, lasting=False))
            return
        self._control.when_ready(lambda: self._begin(run, at.step))

    def _why_not(self, run: Run) -> Text | None:
        experiment, plan, recipe = self._experiment(), run.blueprint, run.recipe
        if run.planted:
            return text("A mistake is hidden in this run: it cannot be made again.")
        facts = self._data.facts(experiment)
        if plan is None or recipe is None or (recipe.parent is None and not recipe.data_sha256):
            return text("It is not known how this run was trained.")
        if facts is None or facts.sha256 != recipe.data_sha256:
            return text("These are other data than the run was trained on.")
        layout = layout_of(experiment.network, inputs=facts.inputs, outputs=facts.outputs)
        if layout != plan.layout or experiment.precision != recipe.experiment.precision:
            return text(
                "A run cannot go on with other layers or another precision: train from the "
                "start instead."
            )
        return self._refusal()

    def _begin(self, run: Run, step: int) -> None:
        experiment = self._experiment()
        data, recipe, plan = self._data.of(experiment), run.recipe, run.blueprint
        if data is None or recipe is None or plan is None:
            return
        kept = tuple(one for one in run.snapshot.kept if one.step <= step)

        def make(
            changed: Experiment, data: PreparedData, checkpoints: Mailbox[Checkpoint] | None
        ) -> Session:
            return RewoundSession(
                parent=Parent(recipe, step),
                experiment=changed,
                data=data,
                initial=plan.initial,
                checkpoints=checkpoints,
                moments=Moments(clock=perf_counter, kept=kept),
                pauses=same,
            )

        same = experiment == recipe.latest
        name = text("{run} from step {step}", run=str(run.name), step=grouped(step))
        start = Start(session=make, initial=plan.initial, name=name)
        drive = self._runs.begin(experiment, data, start)
        drive.session.start()
        told = text("{run} is made again up to step {step}.", run=str(run.name), step=grouped(step))
        pauses = text("Then it pauses: change something, and press Train to see what comes of it.")
        hint = pauses if same else text("It goes on from there with what is set now.")
        self._tell(Notice(told, hint, topic=TOPIC, lasting=False))
        self._at = None
        self._begun()


def _kept(run: Run, step: int) -> Kept | None:
    return next((one for one in run.snapshot.kept if one.step == step), None)
