"""Models that runs begin with: which one is at hand, what is asked, and why one does not fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.notices import Notice, Offer, Severity, notice_of
from nnstudio.gui.workbench.shelf import RunShelf
from nnstudio.runs.model import Model
from nnstudio.runs.run import Run
from nnstudio.runs.warm_start import WarmStart, as_it_goes_on, fits, warm_start
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

TOPIC: Final = "warm start"
PRETRAINING_TOPIC: Final = "pretraining"


@dataclass(frozen=True, eq=False)
class Origin:
    """A model that a run can begin with, and the name of its file."""

    model: Model
    file: str

    def fits(self, experiment: Experiment, data: PreparedData) -> bool:
        """Whether a network of `experiment` has its shapes."""
        return fits(self.model, experiment, inputs=data.inputs, outputs=data.outputs)


class Origins:
    """Knows which runs began with which model, and asks before another one does.

    Parameters
    ----------
    begin : callable
        Begins a run with the weights of an origin.
    begin_anew : callable
        Begins a run with weights that are drawn.
    change : callable
        Sets another experiment.
    tell : callable
        Takes notices.
    """

    def __init__(
        self,
        shelf: RunShelf,
        *,
        begin: Callable[[Origin], None],
        begin_anew: Callable[[], None],
        change: Callable[[Experiment], None],
        tell: Callable[[Notice], None],
    ) -> None:
        self._shelf = shelf
        self._begin = begin
        self._begin_anew = begin_anew
        self._change = change
        self._tell = tell
        self._known: dict[str, Origin] = {}

    def opened(self) -> Origin | None:
        """Give the model that is shown, when it was opened from a file."""
        run = self._shelf.current
        model = model_of(run) if run is not None and run.file else None
        return Origin(model, run.file) if run is not None and model is not None else None

    def of(self, run: Run | None) -> Origin | None:
        """Give what a run began with, when it was a model."""
        return self._known.get(run.identity) if run is not None else None

    def note(self, run: Run, origin: Origin) -> None:
        """Remember what a run began with, as long as it is in the list."""
        there = {one.identity for one in self._shelf.runs}
        self._known = {key: one for key, one in self._known.items() if key in there}
        self._known[run.identity] = origin

    def ask(self, origin: Origin) -> None:
        """Ask whether a run begins with the weights of a model or anew."""
        self._tell(
            Notice(
                text("Go on from the weights of {file}, or begin anew?", file=origin.file),
                text("Either makes a run of its own; the model stays as it is."),
                offers=(
                    Offer(
                        text("Go on from its weights"), lambda: self._begin(origin), primary=True
                    ),
                    Offer(text("Begin anew"), self._begin_anew),
                ),
                topic=TOPIC,
            )
        )

    def leave_out_pretraining(self, origin: Origin, experiment: Experiment) -> None:
        """Set `experiment` without what would unlearn `origin`, and tell it."""
        changed, left_out = as_it_goes_on(experiment, file=origin.file)
        if left_out is not None:
            self._change(changed)
            hint = text("Undo brings the setting back for runs that begin anew.")
            self._tell(Notice(left_out, hint, topic=PRETRAINING_TOPIC))

    def start_of(
        self, origin: Origin, experiment: Experiment, data: PreparedData
    ) -> WarmStart | None:
        """Give what a run of `experiment` begins with; None, and told why, where it cannot."""
        try:
            warm = warm_start(origin.model, experiment, data, file=origin.file)
        except NnstudioError as error:
            offers = self._offer_of_network(origin, experiment, data)
            self._tell(notice_of(error, topic=TOPIC, offers=offers))
            return None
        if warm.remarks:
            hint = warm.remarks[1] if len(warm.remarks) > 1 else None
            self._tell(Notice(warm.remarks[0], hint, Severity.WARNING, topic=TOPIC))
        return warm

    def _offer_of_network(
        self, origin: Origin, experiment: Experiment, data: PreparedData
    ) -> tuple[Offer, ...]:
        """Offer to set the network of the model, where the data go with that."""
        changed = replace(experiment, network=origin.model.recipe.latest.network)
        if not origin.fits(changed, data):
            return ()

        def begin() -> None:
            self._change(changed)
            self._begin(origin)

        return (Offer(text("Use its network"), begin, primary=True),)
