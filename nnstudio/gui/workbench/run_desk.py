"""The runs of the session: one is driven on, or several that are compared; others stay as they are.

Which runs are driven does not depend on which one is shown.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nnstudio.gui.workbench.drives import FROM_SCRATCH, Drive, Start, complete, watched_session
from nnstudio.gui.workbench.run_sources import SessionSource, StillSource, blueprint_of
from nnstudio.gui.workbench.shelf import Removed, RunShelf
from nnstudio.runs.model import Model
from nnstudio.runs.run import Run, Subject
from nnstudio.runs.store import RunStore, StoredRun
from nnstudio.seams import TRUE
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.recipe import Recipe
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState, Snapshot, Vector, Weights
from nnstudio.training.trainer import Trainer


class RunDesk:
    """Begins runs, drives the newest and those beside it, and keeps the earlier as they ended.

    Parameters
    ----------
    make_session : callable
        Gives the Session of an experiment, its data, and the checkpoint to go on from.

    Attributes
    ----------
    subject : Subject
        Which of the experiments that were opened is set; runs begin as runs of it.
    planted : Seams
        What is hidden behind the experiment in every run that begins from now on; such runs are
        not kept, as nothing would tell what they were.
    """

    def __init__(
        self,
        trainer: Trainer,
        *,
        make_session: Callable[..., Session] = watched_session,
        store: RunStore | None = None,
    ) -> None:
        self._trainer = trainer
        self.make_session = make_session
        self._store = store
        self._ended: list[Run] = []
        self._stored: dict[str, StoredRun] = {}
        self.shelf = RunShelf()
        self._drives: list[Drive] = []
        self._drive: Drive | None = None
        self._range_test: Drive | None = None
        self._made = self._tests = 0
        self.subject = Subject()
        self.planted = TRUE
        self._watching = False
        self._watched: Run | None = None
        self._preview: Run | None = None
        self._previewed: tuple[Experiment, PreparedData] | None = None

    @property
    def current(self) -> Run | None:
        """The run that the views show first and that is saved."""
        return self.shelf.current

    @property
    def drive(self) -> Drive | None:
        """What drives the first of the runs under way, whatever is shown."""
        return self._drive

    @property
    def followed(self) -> Drive | None:
        """What drives the run on which changes of what is set act live; None where none does."""
        drive = self._drive
        follows = drive is not None and drive.follows and drive.run.subject == self.subject
        return drive if follows else None

    @property
    def live(self) -> tuple[Drive, ...]:
        """What drives the runs under way; tests of a learning rate are none."""
        return tuple(
            one
            for one in self._drives
            if one is not self._range_test and not one.superseded and one.aside != "waits"
        )

    @property
    def aside(self) -> tuple[Drive, ...]:
        """What drives runs that were paused for another one, while they wait or came back."""
        return tuple(one for one in self._drives if one.aside and not one.superseded)

    @property
    def running(self) -> bool:
        """Whether any run makes steps."""
        return any(one.run.snapshot.state is RunState.RUNNING for one in self.live)

    @property
    def begun(self) -> bool:
        """Whether there is any run but the untrained network and tests of its learning rate."""
        return any(not run.range_test for run in self.shelf.runs)

    @property
    def moments(self) -> dict[str, Moment]:
        """The newest Moment of each run of this session that has one, by its identity."""
        sources = ((run.identity, run.source) for run in self.shelf.runs)
        kept = {
            identity: source.session.moments
            for identity, source in sources
            if isinstance(source, SessionSource)
        }
        return {key: one.newest for key, one in kept.items() if one is not None and one.newest}

    def begin(
        self, experiment: Experiment, data: PreparedData, start: Start = FROM_SCRATCH
    ) -> Drive:
        """Make a run that waits for its first step; all driven are stopped, or set aside."""
        if start.spares:
            for one in self.live:
                one.set_aside()
            self.shelf.part()
        else:
            self._supersede()
        drive = self._begin(experiment, data, start)
        self.shelf.show(drive.run)
        return drive

    def begin_beside(
        self, experiment: Experiment, data: PreparedData, start: Start, *, leads: bool
    ) -> Drive:
        """Make a run beside those that are driven; with `leads` it is the first of them."""
        lead = self._drive
        drive = self._begin(experiment, data, start)
        if leads or lead is None:
            self.shelf.show(drive.run)
        else:
            self._drive = lead
        return drive

    def lead(self, run: Run) -> None:
        """Let a run that is driven be the first of them, and shown."""
        self._drive = self.drive_of(run) or self._drive
        self.shelf.show(run)

    def drive_of(self, run: Run) -> Drive | None:
        """Give what drives a run, while it is under way."""
        return next((one for one in self.live if one.run is run), None)

    def _begin(self, experiment: Experiment, data: PreparedData, start: Start) -> Drive:
        checkpoint, warm, planted = start.checkpoint, start.warm, self.planted
        initial = start.initial if warm is None else warm.vector
        if initial is None and not start.step and start.session is None:
            initial = self._initial_of(experiment, data)
        self._drop_preview()
        self._made += 1
        identity = f"run-{self._made}"
        name = start.name or text("Run {number}", number=self._made - self._tests)
        stored = (
            self._store.begin(Recipe(experiment), str(name), lesson=start.lesson)
            if self._store is not None and not start.compared and planted is TRUE
            else None
        )
        if stored is not None:
            self._stored[identity] = stored
        checkpoints = stored.checkpoints if stored is not None else None
        if start.session is not None:
            session = start.session(experiment, data, checkpoints)
        else:
            session = self.make_session(
                experiment=experiment,
                data=data,
                checkpoint=checkpoint,
                checkpoints=checkpoints,
                **({} if planted is TRUE else {"seams": planted}),
                **({} if warm is None else {"initial": warm.vector, "initial_sha256": warm.sha256}),
            )
        run = Run(
            identity=identity,
            name=name,
            number=self._made,
            recipe=None,
            blueprint=blueprint_of(experiment, data, initial=initial),
            source=SessionSource(session),
            snapshot=Snapshot(RunState.WAITING, checkpoint.step if checkpoint else start.step),
            began_with=warm.file if warm is not None else "",
            compared=start.compared,
            shown_off=start.shown_off,
            planted=planted is not TRUE,
            lesson=start.lesson,
            subject=self.subject,
        )
        self._drive = drive = Drive(
            run,
            session,
            experiment,
            stored,
            from_start=checkpoint is None and start.session is None,
            follows=not (start.compared or start.lesson),
        )
        self._drives.append(drive)
        self._forget(self.shelf.add(run))
        self._trainer.add(session)
        return drive

    def begin_range_test(self, experiment: Experiment, data: PreparedData) -> None:
        """Begin a range test beside whatever goes on; an earlier one that still does is stopped."""
        self.stop_range_test()
        self._made += 1
        self._tests += 1
        session = self.make_session(experiment=experiment, data=data)
        run = Run(
            identity=f"run-{self._made}",
            name=text("Range test {number}", number=self._tests),
            number=self._made,
            recipe=Recipe(experiment),
            blueprint=blueprint_of(experiment, data, initial=None),
            source=SessionSource(session),
            hidden=True,
            range_test=True,
            subject=self.subject,
        )
        self._range_test = Drive(run, session, experiment)
        self._drives.append(self._range_test)
        self._forget(self.shelf.add(run))
        self._trainer.add(session)
        session.start()

    def stop_range_test(self) -> None:
        """End the range test that goes on, where there is one."""
        if self._range_test is not None:
            self._range_test.session.stop()

    def go_on(self, experiment: Experiment) -> None:
        """Train the current run, which has ended, further under `experiment`."""
        run = self.current
        if run is None or not isinstance(run.source, SessionSource):
            return
        stored = self._stored.get(run.identity)
        session = self.make_session(
            experiment=experiment,
            forked=run.source.session,
            checkpoints=stored.checkpoints if stored is not None else None,
        )
        run.source, run.subject = SessionSource(session), self.subject
        run.snapshot = replace(run.snapshot, state=RunState.WAITING, ending=None)
        self._drive = Drive(run, session, experiment, stored, from_start=False)
        self._drives.append(self._drive)
        self._watched = None
        self._trainer.add(session)
        session.start()

    def preview(self, experiment: Experiment, data: PreparedData, vector: Vector) -> None:
        """Show the network before its first step, where no run has begun."""
        blueprint = blueprint_of(experiment, data, initial=vector)
        still = Snapshot(RunState.WAITING, 0, weights=Weights(0, vector))
        self._drop_preview()
        self._preview = Run(
            "preview",
            text("Untrained network"),
            0,
            None,
            blueprint,
            StillSource(still),
            still,
            subject=self.subject,
        )
        self._previewed = (experiment, data)
        self.shelf.show(self._preview)

    def give_initial(self, run: Run, initial: Vector) -> None:
        """Tell with which vector a run began that goes on from later."""
        if run.blueprint is not None:
            run.blueprint = replace(run.blueprint, initial=initial)

    def show_model(self, path: Path, model: Model) -> Run:
        """Add the model in the file at `path` as a run that has ended; it is the current one."""
        self._supersede()
        self._drop_preview()
        self._made += 1
        still = model.snapshot
        run = Run(
            f"run-{self._made}",
            path.stem,
            self._made,
            model.recipe,
            model.blueprint,
            StillSource(still),
            still,
            path.name,
            subject=self.subject,
        )
        self._forget(self.shelf.add(run))
        self.shelf.show(run)
        return run

    def choose(self, identity: str) -> None:
        """Make another run the current one; what is driven goes on."""
        self.shelf.show(self.shelf.find(identity) or self.current)

    def remove(self, identity: str) -> Removed | None:
        """Take a run off the list; None for one that still goes on, which cannot be removed."""
        run = self.shelf.find(identity)
        if run is None or any(drive.run is run for drive in self._drives):
            return None
        self._forget((run,))
        return self.shelf.remove(run)

    def follow(self, experiment: Experiment) -> bool:
        """Hand every live setting that differs to the run that follows; gives whether any did."""
        drive = self.followed
        return drive is not None and drive.follow(experiment)

    def watch(self, *, weights: bool) -> None:
        """Ask the run that is shown for copies of the parameters, and no other; or none at all."""
        self._watching = weights
        self._watch_shown()

    def stop(self) -> None:
        """End all runs under way."""
        for drive in self.live:
            drive.stop()

    def poll(self) -> bool:
        """Take the news of all runs; gives whether there were any."""
        news = False
        self._watch_shown()
        for drive in tuple(self._drives):
            heard = drive.run.poll()
            drive.hear(news=heard)
            if heard:
                news = True
                drive.run.recipe = drive.session.recipe
                complete(drive)
                if drive.run.snapshot.state.ended:
                    self._drives.remove(drive)
                    self._range_test = None if drive is self._range_test else self._range_test
                    self._ended.append(drive.run)
                    if drive is self._drive:
                        self._drive = next(iter(self.live or self._come_back()), None)
        return news

    def take_ended(self) -> tuple[Run, ...]:
        """Give the runs that have ended since the last time."""
        ended, self._ended = tuple(self._ended), []
        return ended

    def note_saved(self, identity: str, step: int) -> None:
        """Forget the copy against a crash of what is saved now."""
        stored = self._stored.get(identity)
        if stored is not None:
            stored.saved(step)

    def forget_stored(self) -> None:
        """Forget what is kept against a crash: it is saved, or nobody wants it."""
        for stored in self._stored.values():
            stored.finish()
        self._stored = {}

    def _come_back(self) -> tuple[Drive, ...]:
        for drive in self.aside:
            drive.aside = "back"
        return self.live

    def _supersede(self) -> None:
        for drive in {*self.live, *self.aside}:
            drive.session.stop()
            drive.superseded = True
        self.shelf.part()

    def _watch_shown(self) -> None:
        wanted = self.current if self._watching else None
        if wanted is self._watched:
            return
        for drive in self._drives:
            if drive.run in {wanted, self._watched}:
                drive.session.watch(weights=drive.run is wanted)
        self._watched = wanted

    def _forget(self, runs: tuple[Run, ...]) -> None:
        for run in runs:
            stored = self._stored.pop(run.identity, None)
            if stored is not None:
                stored.finish()

    def _drop_preview(self) -> None:
        self._preview = None
        self._previewed = None

    def _initial_of(self, experiment: Experiment, data: PreparedData) -> Vector | None:
        if self._preview is None or self._previewed != (experiment, data):
            return None
        weights = self._preview.snapshot.weights
        return weights.vector if weights is not None else None
