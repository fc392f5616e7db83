"""Tells of runs that were paused for another one: that they wait, then that they can go on."""

from collections.abc import Callable
from typing import Final

from nnstudio.gui.workbench.notices import Notice, Offer
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.texts import text
from nnstudio.training.snapshot import RunState

TOPIC: Final = "set aside"


class SetAside:
    """Keeps one notice true: it is there while such runs are paused.

    Parameters
    ----------
    tell, untell : callable
        Take a notice, and the topic of one that is over.
    """

    def __init__(
        self, runs: RunDesk, *, tell: Callable[[Notice], None], untell: Callable[[str], None]
    ) -> None:
        self._runs = runs
        self._tell, self._untell = tell, untell
        self._told: tuple[str, ...] = ()

    def look(self) -> None:
        """Tell what waits or can go on by now; the same is told once."""
        paused = [
            one
            for one in self._runs.aside
            if one.aside == "waits" or one.run.snapshot.state is RunState.PAUSED
        ]
        known = tuple(one.run.identity + one.aside for one in paused)
        if known == self._told:
            return
        self._told = known
        if not paused:
            self._untell(TOPIC)
            return
        names = ", ".join(str(one.run.name) for one in paused)
        if paused[0].aside == "waits":
            words = text("{run} is paused, and can go on later.", run=names)
            self._tell(Notice(words, topic=TOPIC))
            return
        words = text("{run} is still paused. It can go on where it was.", run=names)
        self._tell(
            Notice(words, offers=(Offer(text("Go on"), self._go_on, primary=True),), topic=TOPIC)
        )

    def _go_on(self) -> None:
        back = [one for one in self._runs.aside if one.aside == "back"]
        for drive in reversed(back):
            self._runs.lead(drive.run)
            drive.resume()
