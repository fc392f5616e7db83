"""Prober: has many samples answered beside the window, and remembers who was dead when."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from nnstudio.gui.views.units.probe import Death, Deaths, Flatness, Probed, closer, death_of, probe
from nnstudio.gui.widgets.beside import Beside
from nnstudio.runs.answers import step_of
from nnstudio.runs.inside import Inside, probe_rows
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.snapshot import Vector

NO_ROWS: Final = np.empty(0, np.int64)
Mask = NDArray[np.bool_]


class Prober(QObject):
    """What the units of one network say to a probe of its data; `news` tells of a newer one.

    Knows the newest probe, and what earlier ones and kept parameters say of dead units.
    """

    news = Signal()

    def __init__(self, beside: Beside | None = None, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.beside = beside or Beside()
        self.beside.setParent(self)
        self.beside.found.connect(self._take)
        self.probed: Probed | None = None
        self.rows: Rows = NO_ROWS
        self._inside: Inside | None = None
        self._data: PreparedData | None = None
        self._vector: Vector | None = None
        self._deaths = Deaths()
        self._searched: dict[tuple[int, int], Death] = {}

    def begin(self, blueprint: Blueprint | None, data: PreparedData | None) -> None:
        """Forget everything, and probe this network with these data from now on."""
        self.beside.drop()
        self.probed = self._vector = None
        self._deaths, self._searched = Deaths(), {}
        self._data = data
        self.rows = NO_ROWS if data is None else probe_rows(data)
        self._inside = None if blueprint is None else Inside(blueprint)

    def ask(self, run: RunView, vector: Vector, picked: tuple[int, int] | None) -> None:
        """Have `vector` probed if it is another one, and look for when the picked unit died.

        A person waits for what is said of a picked unit.
        """
        inside, data = self._inside, self._data
        searches = self._wants_search(run, picked)
        if inside is None or data is None or not len(self.rows):
            return
        if vector is self._vector and not searches:
            return
        inputs = data.dataset.inputs[self.rows]
        kept, step = run.snapshot.kept, step_of(run)

        def work() -> tuple[Inside, Vector, Probed, Any]:
            found = None
            if searches and picked is not None:
                death = death_of(inside, kept, inputs, layer=picked[0], unit=picked[1])
                found = (picked, death)
            return inside, vector, probe(inside, vector, inputs, step=step), found

        self.beside.ask(work, urgent=searches or self.probed is None)

    def dead(self, layer: int) -> Mask | None:
        """Give which units of a layer are dead; None while that is not known."""
        probed = self.probed
        return None if probed is None or layer >= len(probed.dead) else probed.dead[layer]

    def flat(self, layer: int) -> Flatness | None:
        """Give how flat a layer is; None where its activation is not bounded, or not yet known."""
        probed = self.probed
        return None if probed is None or layer >= len(probed.flat) else probed.flat[layer]

    def death(self, layer: int, unit: int) -> Death:
        """Give when a unit died, as closely as it is known."""
        seen = self._deaths.of(layer, unit)
        return closer(seen, self._searched.get((layer, unit), seen))

    def _wants_search(self, run: RunView, picked: tuple[int, int] | None) -> bool:
        if picked is None or picked in self._searched or not run.snapshot.kept:
            return False
        dead = self.dead(picked[0])
        return dead is not None and bool(dead[picked[1]])

    def _take(self, outcome: tuple[Inside, Vector, Probed, Any]) -> None:
        inside, vector, probed, found = outcome
        if inside is not self._inside:
            return
        self.probed, self._vector = probed, vector
        self._deaths.note(probed)
        if found is not None:
            self._searched[found[0]] = found[1]
        self.news.emit()
