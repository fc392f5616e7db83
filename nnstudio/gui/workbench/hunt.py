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
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.fault_problems import setup_of

TOPIC: Final = "hunt"
OFFERED: Final = 6
"""So many mistakes can be guessed: with all of them, the list would be the riddle."""
SAMPLE: Final = random.SystemRandom().sample
HEALTHY: Final = "spirals"
"""What is opened where the network that is set has mistakes already: it needs no file, and in a
minute it has learned."""
LEFT_OUT: Final = frozenset({"targets-not-clipped", "row-wise-numerical-gradient"})
"""What hardly shows, and what is so slow that it gives itself away."""


@dataclass(frozen=True)
class HuntState:
    """What a person may know.

    Attributes
    ----------
    offered : tuple of str
        Kinds of mistakes, one of which is hidden; empty while nothing is.
    tried : tuple of str
        What was guessed first, and was another one: there is a second try.
    guess : str
        What was guessed last; empty before, and when a person gave up.
    answer : str
        What it was; empty while it is hidden.
    """

    offered: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
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
    open_case : callable
        Opens an experiment by its name.
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
        open_case: Callable[[str], None],
        changed: Callable[[HuntState], None],
        tell: Callable[[Notice], None],
        sample: Callable[[Sequence[str], int], list[str]] = SAMPLE,
    ) -> None:
        self._runs = runs
        self._control = control
        self._experiment = experiment
        self._facts = facts
        self._change = change
        self._open_case = open_case
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

    def begin(self) -> None:
        """Hide a mistake that can act in what is set, and begin a run with it.

        Where what is set has mistakes already, a network that learns is opened in its place.
        """
        if self._experiment().faults:
            self._open_case(HEALTHY)
            words = text(
                "The network that was open has mistakes of its own. Look for one in this healthy "
                "one; Undo brings the other back."
            )
            self._tell(Notice(words, topic=TOPIC, lasting=False))
        self._control.when_ready(self._hide)

    def _hide(self) -> None:
        fitting = self._fitting()
        if len(fitting) < 2:
            words = text("No mistake would act in this network.")
            self._tell(Notice(words, topic=TOPIC, lasting=False))
            return
        drawn = self._sample(fitting, min(OFFERED, len(fitting)))
        self._hidden, self._of = fault_named(drawn[0]), self._runs.subject
        self._runs.planted = seams_of((self._hidden,))
        self._say(HuntState(offered=tuple(one for one in fitting if one in drawn)))
        self._control.begin_anew()

    def guess(self, kind: str) -> None:
        """Take a guess, and tell what it was; an empty one gives up, a first one may be wrong."""
        if self._hidden is None:
            return
        answer, state = kind_of(type(self._hidden)), self._state
        if kind and kind != answer and not state.tried:
            self._say(replace(state, tried=(kind,)))
        else:
            self._end(replace(state, guess=kind, answer=answer))

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
