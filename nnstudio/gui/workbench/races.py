"""Races and comparisons: several runs together, at equal steps, a race until one clearly won."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nnstudio.doctor.remedies import keeps_start
from nnstudio.gui.workbench.background import Failure
from nnstudio.gui.workbench.data_desk import DataDesk, data_key
from nnstudio.gui.workbench.drives import Drive, Start
from nnstudio.gui.workbench.notices import Notice, Offer, notice_of
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.standings import (
    Standing,
    comparable,
    same_loss,
    standing_of_comparison,
    standing_of_ends,
    standing_of_race,
)
from nnstudio.runs.run import Run
from nnstudio.runs.verdict import Judge
from nnstudio.texts import Text, text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.equal_steps import EqualSteps
from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.prepared import PreparedData
from nnstudio.training.problems import problems
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState

TOPIC: Final = "race"
LOOK_GROWTH: Final = 1.05
"""A comparison is told again when all runs have made so many times the steps."""


@dataclass(frozen=True, eq=False)
class _Race:
    """The run so far and the remedied one; one that `decides` ends when either has won."""

    rival: Run
    remedied: Run
    judge: Judge
    decides: bool


class Races:
    """Begins races and comparisons, and tells how they stand.

    Parameters
    ----------
    experiment : callable
        Gives what is set.
    change : callable
        Sets another experiment.
    begun : callable
        Called when other runs are shown.
    changed : callable
        Called when a race stands otherwise than before.
    tell : callable
        Takes notices.
    untell : callable
        Takes the topic of a notice that is over.
    """

    def __init__(
        self,
        runs: RunDesk,
        data: DataDesk,
        control: RunControl,
        *,
        experiment: Callable[[], Experiment],
        change: Callable[[Experiment], None],
        begun: Callable[[], None],
        changed: Callable[[Standing | None], None],
        tell: Callable[[Notice], None],
        untell: Callable[[str], None],
    ) -> None:
        self._runs = runs
        self._data = data
        self._control = control
        self._experiment = experiment
        self._change = change
        self._begun = begun
        self._changed = changed
        self._tell = tell
        self._untell = untell
        self._together = EqualSteps()
        self._race: _Race | None = None
        self._compared: tuple[Run, ...] = ()
        self._held: Drive | None = None
        self._due = 0
        self._standing: Standing | None = None
        self._subject = runs.subject
        self._offered_for: Experiment | None = None

    @property
    def standing(self) -> Standing | None:
        """How the newest race or comparison stands; None when there is none."""
        return self._standing

    def forks(self, experiment: Experiment) -> bool:
        """Whether a race would begin where the run under way is, not at step 0."""
        drive = self._runs.drive
        return drive is not None and keeps_start(drive.experiment, experiment)

    def refusal(self, experiment: Experiment) -> Text | None:
        """Give why no race under `experiment` can begin just now, or None."""
        wrong = problems(experiment, self._data.facts(experiment))
        return wrong[0].message if wrong else None

    def race(self, experiment: Experiment, *, decides: bool = True) -> None:
        """Set `experiment`, and run it beside the run so far; where there is none, begin with it.

        It forks where the run under way is when shapes, start and data stay; else it begins at
        step 0 with the same seed. A run that has ended is not made again: its curve is compared.
        A race that `decides` stops the one that has lost; else both go on to their ends.
        """
        refusal = self.refusal(experiment)
        if refusal is not None:
            self._tell(Notice(refusal, topic=TOPIC, lasting=False))
            return
        rival, forks = self._rival(), self.forks(experiment)
        if rival is None:
            self._change(experiment)
            self._control.begin_anew(shown_off=not decides)
            return
        self._held = held = self._runs.drive_of(rival)
        if held is not None:
            # what is changed from now on is for the run beside it
            held.follows = False
        self._change(experiment)
        self._control.when_ready(
            lambda: self._begin_race(rival, forks=forks and decides, decides=decides)
        )

    def compare(self, title: Text | str, named: Sequence[tuple[Text | str, Experiment]]) -> None:
        """Run several experiments together from their first step; what is set stays as it is."""
        experiments = tuple(one for _, one in named)
        refusal = next((why for one in experiments if (why := self.refusal(one))), None)
        if refusal is not None:
            self._tell(Notice(refusal, topic=TOPIC, lasting=False))
            return
        self._data.prepare_all(
            experiments,
            title=text("Loading the data of “{title}”", title=title),
            done=lambda data: self._begin_comparison(named, data),
            failed=self._failed,
        )

    def follow(self, experiment: Experiment) -> None:
        """Say nothing more of what another thing is set for; called when that has happened."""
        if self._runs.subject != self._subject:
            self._subject = self._runs.subject
            self._say(None)
            self._untell(TOPIC)
        elif self._offered_for not in {None, experiment}:
            # there is no change any more that could be taken back
            self._untell(TOPIC)
        else:
            return
        self._offered_for = None

    def poll(self) -> None:
        """Look who is ahead; called after the runs have told their news."""
        if self._held is not None and not self._control.waits and self._race is None:
            # a person gave up waiting for the data of the run beside it
            self._held.follows, self._held = True, None
        if self._race is not None:
            self._poll_race(self._race)
        elif self._compared:
            self._poll_comparison()

    def _rival(self) -> Run | None:
        drive = self._runs.drive
        run = drive.run if drive is not None else self._runs.current
        if run is None or run.recipe is None or run.range_test or run.snapshot.history is None:
            return None
        if run.subject != self._runs.subject:
            # a run of another experiment says nothing about this one
            return None
        return run if run.snapshot.step else None

    def _begin_race(self, rival: Run, *, forks: bool, decides: bool) -> None:
        experiment = self._experiment()
        data = self._data.of(experiment)
        if data is None:
            return
        live = self._runs.drive_of(rival)
        for other in self._runs.live:
            if other is not live:
                other.session.stop()
        # what a guide shows, it shows again
        since, start = 0, Start(shown_off=not decides)
        if live is not None and forks:
            since = rival.snapshot.step
            initial = rival.blueprint.initial if rival.blueprint is not None else None
            start = replace(
                start, session=self._forking(live, experiment), initial=initial, step=since
            )
        self._runs.shelf.part()
        drive = self._runs.begin_beside(experiment, data, start, leads=True)
        rival.place, drive.run.place = 0, 1
        # a fork is made of what it comes from, a hidden mistake in it
        drive.run.planted = drive.run.planted or (start.session is not None and rival.planted)
        rival.hidden = False
        self._race = _Race(rival, drive.run, _judge_of(rival, experiment, data, since), decides)
        self._held, self._compared = None, ()
        self._keep_together((drive,) if live is None else (live, drive))
        self._say(standing_of_race(rival, drive.run, self._race.judge))
        self._tell_race(self._race)
        self._begun()

    def _forking(
        self, live: Drive, experiment: Experiment
    ) -> Callable[[Experiment, PreparedData, Mailbox[Checkpoint] | None], Session]:
        same = data_key(live.experiment) == data_key(experiment)

        def make(
            changed: Experiment, data: PreparedData, checkpoints: Mailbox[Checkpoint] | None
        ) -> Session:
            return self._runs.make_session(
                experiment=changed,
                data=None if same else data,
                forked=live.session,
                checkpoints=checkpoints,
            )

        return make

    def _begin_comparison(
        self, named: Sequence[tuple[Text | str, Experiment]], data: tuple[PreparedData, ...]
    ) -> None:
        drives: list[Drive] = []
        for (name, experiment), prepared in zip(named, data, strict=True):
            start = Start(name=name, compared=True)
            if drives:
                drive = self._runs.begin_beside(experiment, prepared, start, leads=False)
            else:
                drive = self._runs.begin(experiment, prepared, start)
            drive.run.place = len(drives)
            drives.append(drive)
        self._race, self._compared, self._due = None, tuple(one.run for one in drives), 0
        self._keep_together(tuple(drives))
        self._say(None)
        self._begun()

    def _keep_together(self, drives: tuple[Drive, ...]) -> None:
        self._together = EqualSteps()
        for drive in drives:
            drive.session.stay_with(self._together)
            drive.session.start()

    def _poll_race(self, race: _Race) -> None:
        if race.remedied.place is None:
            # another run was begun in the place of both
            self._race = None
            self._say(None)
            self._untell(TOPIC)
            return
        recipe = race.remedied.recipe
        if recipe is not None and recipe.parent is not None:
            # the run so far may have made some steps before the fork began
            race.judge.since = recipe.parent.step
        if race.judge.over:
            self._poll_ends(race)
            return
        if not race.judge.look(race.rival.snapshot, race.remedied.snapshot):
            return
        standing = standing_of_race(race.rival, race.remedied, race.judge)
        if standing.over and race.judge.winner is None and race.judge.comparable:
            # the longer one ended between two looks
            steps = {one.snapshot.step for one in (race.rival, race.remedied)}
            if len(steps) > 1:
                standing = standing_of_ends(race.rival, race.remedied, race.judge)
        self._say(standing)
        if standing.over and not race.decides:
            self._race = None
        elif standing.over:
            self._race = None
            self._end_race(race, standing)
        else:
            self._tell_race(race)

    def _poll_ends(self, race: _Race) -> None:
        """Say how far each has come when the longer one has ended too, which nobody won before."""
        states = {one.snapshot.state for one in (race.rival, race.remedied)}
        if all(one.ended for one in states):
            self._race = None
            self._say(standing_of_ends(race.rival, race.remedied, race.judge))
            if race.decides and race.remedied.snapshot.state is not RunState.STOPPED:
                self._tell_race(race)

    def _tell_race(self, race: _Race) -> None:
        """Say how a race stands where everybody sees it; one that decides nothing has its place."""
        if race.decides and self._standing is not None:
            self._tell(Notice(self._standing.told, topic=TOPIC))

    def _end_race(self, race: _Race, standing: Standing) -> None:
        winner = race.judge.winner
        loser = None if winner is None else (race.remedied, race.rival)[winner]
        for drive in self._runs.live:
            drive.session.stay_with(None)
            if drive.run is loser:
                drive.session.stop()
        if loser is race.remedied:
            # what was tried and did not help is nothing that anybody wants to keep
            loser.shown_off = True
        if winner is None and RunState.STOPPED in {
            one.snapshot.state for one in (race.rival, race.remedied)
        }:
            # who stops a race knows that nobody has won
            self._untell(TOPIC)
            return
        if self._standing is None:
            return
        before = race.rival.recipe
        if winner == 0 and before is not None:
            back = Offer(
                text("Take the change back"), lambda: self._take_back(race.rival, before.latest)
            )
            hint = text("The change has not helped.")
            self._offered_for = self._experiment()
            self._tell(Notice(standing.told, hint, offers=(back,), topic=TOPIC))
        else:
            self._tell(Notice(standing.told, topic=TOPIC))

    def _take_back(self, rival: Run, experiment: Experiment) -> None:
        drive = self._runs.drive_of(rival)
        if drive is not None:
            self._runs.lead(rival)
            drive.follows = True
        self._change(experiment)
        self._runs.choose(rival.identity)
        self._begun()

    def _poll_comparison(self) -> None:
        if any(run.place is None for run in self._compared):
            self._compared = ()
            self._say(None)
            return
        step = min(run.snapshot.step for run in self._compared)
        over = all(run.snapshot.state.ended for run in self._compared)
        if step < self._due and not over:
            return
        self._due = int(step * LOOK_GROWTH) + 1
        standing = standing_of_comparison(self._compared)
        if standing is not None:
            self._say(standing)
        if over:
            stopped = any(run.snapshot.state is RunState.STOPPED for run in self._compared)
            self._compared = ()
            if standing is not None and self._standing is not None and not stopped:
                self._tell(Notice(standing.told, topic=TOPIC))

    def _say(self, standing: Standing | None) -> None:
        """Tell how the runs stand; nothing while another experiment is set than they are of."""
        run = None if standing is None else self._runs.shelf.find(standing.runs[-1])
        if run is not None and run.subject != self._runs.subject:
            standing = None
        if standing != self._standing:
            self._standing = standing
            self._changed(standing)

    def _failed(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC))


def _judge_of(rival: Run, experiment: Experiment, data: PreparedData, since: int) -> Judge:
    """Give who watches a run, and another one of `experiment` beside it."""
    before = None if rival.recipe is None else rival.recipe.latest
    if before is None:
        return Judge(since=since, same_loss=False)
    return Judge(
        since=since,
        same_loss=same_loss(before, experiment),
        comparable=comparable(before, experiment, data.task),
        held_out=0 if data.task == "values" else len(data.split.validation),
    )
