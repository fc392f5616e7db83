"""Names runs that are of another experiment than the one that is open by now; they go on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from nnstudio.gui.workbench.notices import Notice, Offer
from nnstudio.gui.workbench.openings import title_of_run
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.set_aside import SetAside
from nnstudio.runs.run import RunView
from nnstudio.texts import text

TOPIC: Final = "elsewhere"


class Elsewhere:
    """Keeps one notice true: it is there while such runs are, and offers what can be done.

    Parameters
    ----------
    tell, untell : callable
        Take a notice, and the topic of one that is over.
    """

    def __init__(
        self,
        runs: RunDesk,
        control: RunControl,
        *,
        tell: Callable[[Notice], None],
        untell: Callable[[str], None],
    ) -> None:
        self._runs, self._control = runs, control
        self._tell, self._untell = tell, untell
        self._told: tuple[str, ...] = ()
        self._aside = SetAside(runs, tell=tell, untell=untell)

    def named(self, view: RunView) -> RunView:
        """Give a run with the name of its experiment, where another is set."""
        if view.subject == self._runs.subject or not view.number:
            return view
        recipe = view.recipe
        return replace(
            view, elsewhere=title_of_run(view.subject, None if recipe is None else recipe.latest)
        )

    def look(self) -> None:
        """Tell what goes on elsewhere, or that nothing does any more; the same is told once."""
        self._aside.look()
        away = [one for one in self._runs.live if one.run.subject != self._runs.subject]
        runs = [one.run for one in away if not one.aside]
        known = tuple(run.identity for run in runs)
        if known == self._told:
            return
        self._told = known
        if not runs:
            self._untell(TOPIC)
            return
        recipe = runs[0].recipe
        title = title_of_run(runs[0].subject, None if recipe is None else recipe.latest)
        names = ", ".join(str(run.name) for run in runs)
        words = text("{run} of “{title}” goes on untouched.", run=names, title=title)
        if len(runs) > 1:
            words = text("These of “{title}” go on untouched: {runs}.", runs=names, title=title)
        offers = (
            Offer(text("Restart"), self._control.restart, primary=True),
            Offer(text("Stop"), self._control.stop),
        )
        hint = text("The curves are of it until Restart begins a run of what is open now.")
        self._tell(Notice(words, hint, offers=offers, topic=TOPIC))
