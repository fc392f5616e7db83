"""Hunt: a classic mistake is hidden behind the experiment until a person has guessed which.

The form does not show it and the doctor is silent; it acts in every run that begins meanwhile.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nnstudio.faults import FAULTS, Mistake, fault_named, seams_of
from nnstudio.gui.workbench.notices import Notice
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.runs.run import RunView
from nnstudio.seams import TRUE
from nnstudio.spec import kind_of
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.fault_problems import setup_of

TOPIC: Final = "hunt"
OFFERED: Final = 6
"""So many mistakes can be guessed: with all of them, the list would be the riddle."""
SAMPLE: Final = random.SystemRandom().sample
LEFT_OUT: Final = frozenset({"targets-not-clipped", "row-wise-numerical-gradient"})
"""What hardly shows, and what is so slow that it gives itself away."""


@dataclass(frozen=True)
class HuntState:
    """What a person may know.

    Attributes
    ----------
    offered : tuple of str
        Kinds of mistakes, one of which is hidden; empty while nothing is.
    guess : str
        What was guessed; empty before, and when a person gave up.
    answer : str
        What it was; empty while it is hidden.
    """

    offered: tuple[str, ...] = ()
    guess: str = ""
    answer: str = ""


class Hunt:
    """Hides a mistake, and tells what it was.

    Parameters
    ----------
    experiment, facts : callable
        Give what is set, and what its data are like.
    change : callable
        Sets another experiment.
    changed : callable
        Called with the new state.
    tell : callable
        Takes notices.
    sample : callable
        Draws so many of a sequence.
    """

    def __init__(
        self,
        runs: RunDesk,
        control: RunControl,
        *,
        experiment: Callable[[], Experiment],
        facts: Callable[[], DataFacts | None],
        change: Callable[[Experiment], None],
        changed: Callable[[HuntState], None],
        tell: Callable[[Notice], None],
        sample: Callable[[Sequence[str], int], list[str]] = SAMPLE,
    ) -> None:
        self._runs = runs
        self._control = control
        self._experiment = experiment
        self._facts = facts
        self._change = change
        self._changed = changed
        self._tell = tell
        self._sample = sample
        self._hidden: Mistake | None = None
        self._of = runs.subject
        self._state = HuntState()

    @property
    def state(self) -> HuntState:
        """What a person may know just now."""
        return self._state

    @property
    def hidden(self) -> bool:
        """Whether a mistake is hidden just now, so that nobody may name it."""
        return self._hidden is not None

    @property
    def refusal(self) -> Text | None:
        """Give why nothing can be hidden just now, or None."""
        if self._experiment().faults:
            return text("Switch the classic mistakes of the experiment off first.")
        if self._facts() is None:
            return text("The data are still being loaded.")
        return None if len(self._fitting()) > 1 else text("No mistake would act in this network.")

    def begin(self) -> None:
        """Hide a mistake that can act in what is set, and begin a run with it."""
        refusal = self.refusal
        if refusal is not None:
            self._tell(Notice(refusal, topic=TOPIC, lasting=False))
            return
        fitting = self._fitting()
        drawn = self._sample(fitting, min(OFFERED, len(fitting)))
        self._hidden, self._of = fault_named(drawn[0]), self._runs.subject
        self._runs.planted = seams_of((self._hidden,))
        self._say(HuntState(offered=tuple(one for one in fitting if one in drawn)))
        self._control.begin_anew()

    def guess(self, kind: str) -> None:
        """Take a guess, and tell what it was; an empty one gives up."""
        if self._hidden is not None:
            self._end(replace(self._state, guess=kind, answer=kind_of(type(self._hidden))))

    def close(self) -> None:
        """Hide nothing any more, and speak of nothing."""
        self._end(HuntState())

    def show_switch(self) -> None:
        """Set the mistake that was found as a switch of the experiment; it can be undone."""
        experiment, kind = self._experiment(), self._state.answer
        if kind and all(kind_of(type(one)) != kind for one in experiment.faults):
            self._change(replace(experiment, faults=(*experiment.faults, fault_named(kind))))

    def veiled(self, view: RunView) -> RunView:
        """Give a run without what the doctor says of it, while that would name what is hidden."""
        return replace(view, diagnosis=None) if self.hidden else view

    def follow(self, experiment: Experiment) -> None:
        """Give up where what is hidden cannot act in what is set now, or that is another thing."""
        if self._runs.subject != self._of:
            self.close()
        hidden = self._hidden
        if hidden is not None and hidden.unfit(setup_of(experiment, self._facts())) is not None:
            self._tell(
                Notice(
                    text("The hidden mistake cannot act in this network; it was taken out."),
                    topic=TOPIC,
                    lasting=False,
                )
            )
            self.guess("")

    def _end(self, state: HuntState) -> None:
        self._hidden = None
        self._runs.planted = TRUE
        self._say(state)

    def _say(self, state: HuntState) -> None:
        if state != self._state:
            self._state = state
            self._changed(state)

    def _fitting(self) -> list[str]:
        setup = setup_of(self._experiment(), self._facts())
        return [
            kind_of(one)
            for one in FAULTS
            if not (one.only_in or one.splits or kind_of(one) in LEFT_OUT)
            and one().unfit(setup) is None
        ]
