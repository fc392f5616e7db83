"""The part of the workbench that shows its runs: which there are, and how they stand."""

from nnstudio.gui.workbench.elsewhere import Elsewhere
from nnstudio.gui.workbench.hunt import Hunt
from nnstudio.gui.workbench.rewind import Rewind
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.setting_bench import SettingBench
from nnstudio.runs.run import Run, RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Moment
from nnstudio.training.recipe import Recipe


class RunBench(SettingBench):
    """What is set, and the runs of it as others see them; whoever is one makes their desks."""

    hunt: Hunt
    rewind: Rewind
    _elsewhere: Elsewhere
    _runs: RunDesk

    @property
    def running(self) -> Experiment | None:
        """What the run under way is trained with that follows what is set, live changes in it."""
        drive = self._runs.followed
        return None if drive is None else drive.experiment

    @property
    def current(self) -> Run | None:
        """The run that is shown first and saved."""
        return self._runs.current

    @property
    def driven(self) -> Run | None:
        """The run that the controls act on; when none is under way, the one that is shown."""
        drive = self._runs.drive
        return drive.run if drive is not None else self.current

    @property
    def recipe(self) -> Recipe:
        """What reproduces the run that is shown, or the one that Train would begin."""
        run = self.current
        return run.recipe if run is not None and run.recipe else Recipe(self.experiment)

    @property
    def views(self) -> tuple[RunView, ...]:
        """All runs as views see them, the current one first, perhaps as it was at a step."""
        return tuple(
            self.hunt.veiled(self.rewind.seen(self._elsewhere.named(view)))
            for view in self._runs.shelf.views()
        )

    @property
    def moments(self) -> dict[str, Moment]:
        """The newest Moment of each run of this session that has one, by its identity."""
        return self._runs.moments
