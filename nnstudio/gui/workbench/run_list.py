"""What a person does with the list of runs: choose, rename, hide, remove and take that back."""

from collections.abc import Callable
from typing import Final

from nnstudio.gui.workbench.notices import Notice, Offer
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.shelf import Removed
from nnstudio.runs.run import Run
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment

TOPIC: Final = "runs"


class RunList:
    """Acts on the runs by their identities.

    Parameters
    ----------
    is_saved : callable
        Tells whether nothing of a run would be lost by closing.
    adopt : callable
        Takes the experiment of a run that was chosen, and the run, where it may become what is
        set.
    tell : callable
        Takes notices.
    changed : callable
        Called when any run is another than before.
    """

    def __init__(
        self,
        runs: RunDesk,
        *,
        is_saved: Callable[[Run], bool],
        adopt: Callable[[Experiment, Run], None],
        tell: Callable[[Notice], None],
        changed: Callable[[], None],
    ) -> None:
        self._runs = runs
        self._is_saved = is_saved
        self._adopt = adopt
        self._tell = tell
        self._changed = changed

    @property
    def unsaved(self) -> tuple[Run, ...]:
        """Runs that would be lost by closing: the one that is shown, then the newest."""
        current = self._runs.current
        lost = [run for run in reversed(self._runs.shelf.runs) if not self._is_saved(run)]
        return tuple(sorted(lost, key=lambda run: run is not current))

    def choose(self, identity: str) -> None:
        """Show another run first, and while none is under way set what it was trained with."""
        self._runs.choose(identity)
        run = self._runs.current
        # the settings of a range test are nobody's: the next Train would rise and blow up
        if run is not None and run.recipe and not run.range_test and self._runs.drive is None:
            self._adopt(run.recipe.latest, run)
        self._changed()

    def rename(self, identity: str, name: str) -> None:
        """Call a run something else; without a name it keeps the one it has."""
        run, name = self._runs.shelf.find(identity), name.strip()
        if run is not None and name and name != str(run.name):
            run.name = name
            self._changed()

    def hide(self, identity: str, *, hidden: bool) -> None:
        """Leave the curves of a run out, or draw them again."""
        run = self._runs.shelf.find(identity)
        if run is not None and run.hidden != hidden:
            run.hidden = hidden
            self._changed()

    def remove(self, identity: str) -> None:
        """Take a run off the list; the notice that says so can take that back."""
        run = self._runs.shelf.find(identity)
        if run is None:
            return
        removed = self._runs.remove(identity)
        if removed is None:
            self._tell(
                Notice(
                    text("{name} is under way.", name=run.name),
                    text("Stop it before it is removed."),
                    topic=TOPIC,
                    lasting=False,
                )
            )
            return
        self._tell(
            Notice(
                text("{name} was removed.", name=run.name),
                offers=(Offer(text("Undo"), lambda: self._put_back(removed)),),
                topic=TOPIC,
            )
        )
        self._changed()

    def _put_back(self, removed: Removed) -> None:
        self._runs.shelf.put_back(removed)
        self._changed()
