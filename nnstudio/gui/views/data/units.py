"""What single units make of the plane, or of the one input: their numbers and their colours."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.theme import kind_colours
from nnstudio.gui.views.data.regions import Shades, signed_shades
from nnstudio.gui.widgets.numerals import MINUS
from nnstudio.gui.widgets.plot.scatter import Curve
from nnstudio.runs.answers import newest_of
from nnstudio.runs.inside import Inside
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.texts import tr

if TYPE_CHECKING:
    from nnstudio.training.snapshot import Vector

Values = NDArray[np.float64]

FLAT: Final = 1e-6


class Units:
    """The units of one network; knows the newest vector that it was given."""

    def __init__(self) -> None:
        self._inside: Inside | None = None
        self._vector: Vector | None = None

    @property
    def blueprint(self) -> Blueprint | None:
        """Of the network whose units these are; None while there is none."""
        return None if self._inside is None else self._inside.blueprint

    @property
    def widths(self) -> tuple[int, ...]:
        """How many units each hidden layer has."""
        blueprint = self.blueprint
        return () if blueprint is None else tuple(one.units for one in blueprint.network.layers)

    def follow(self, run: RunView | None) -> bool:
        """Take the newest weights of `run`; gives whether they are others than before."""
        blueprint = None if run is None else run.blueprint
        vector = None if run is None else newest_of(run)
        if blueprint is None or vector is None:
            changed = self._inside is not None
            self._inside = self._vector = None
            return changed
        if self._inside is None or self._inside.blueprint is not blueprint:
            self._inside = Inside(blueprint)
        elif vector is self._vector:
            return False
        self._inside.show(vector)
        self._vector = vector
        return True

    def of(self, layer: int, inputs: NDArray[Any]) -> Values:
        """Give what the units of a hidden layer say to raw inputs (N, D), shape (N, H)."""
        if self._inside is None:
            raise RuntimeError("there is no network to ask")
        return self._inside.layers(inputs)[layer].outputs.astype(np.float64)

    def shares_of(self, inputs: NDArray[Any]) -> Values:
        """Give what each unit of the last hidden layer adds to the first output's sum, (N, H)."""
        if self._inside is None or self._vector is None:
            raise RuntimeError("there is no network to ask")
        layout = self._inside.blueprint.layout
        last = [slot for slot in layout.slots if slot.name.endswith(".W")][-1]
        weights = self._vector[last.start : last.stop].reshape(last.shape)[:, 0]
        return self.of(len(self.widths) - 1, inputs) * weights


def pictures_of(said: Values, rows: int, columns: int) -> NDArray[np.float32]:
    """Give what units say over a grid, (rows × columns, H), as pictures (H, rows, columns)."""
    with np.errstate(over="ignore", invalid="ignore"):
        tiles = said.T.reshape(-1, rows, columns).astype(np.float32)
    return np.ascontiguousarray(tiles)


def shades_of_unit(said: Values, limit: float) -> Shades:
    """Give a colour (N, 3) for each of the numbers (N,) of one unit, over ± `limit`."""
    known = np.nan_to_num(said, nan=0.0, posinf=limit, neginf=-limit)
    return signed_shades(np.clip(known / limit, -1, 1))


def curves_of(along: Values, said: Values) -> tuple[Curve, ...]:
    """Give a thin curve for each unit, from what they say (N, H) along one input (N,)."""
    # the first colour is too near to that of the network's own curve
    colours = kind_colours(said.shape[1] + 1)[1:]
    return tuple(
        Curve(along, said[:, at], colour, "", thin=True) for at, colour in enumerate(colours)
    )


def layer_in_words(said: Values, layer: int) -> tuple[str, ...]:
    """Give the main point of a layer's units in short facts, from what they say (N, H)."""
    with np.errstate(invalid="ignore"):
        flat = int(np.count_nonzero(~(np.ptp(said, axis=0) > FLAT)))
    title, count = tr("Layer {number}", number=layer + 1), said.shape[1]
    if not flat:
        return title, tr("each unit parts the inputs in its own way")
    if flat == count:
        return title, tr("all units say the same everywhere")
    return title, tr("{flat} of {count} units say the same everywhere", flat=flat, count=count)


def unit_in_words(said: Values, layer: int, unit: int) -> tuple[str, ...]:
    """Give between which numbers a unit lies over the plane, from what it says (N,)."""
    known = said[np.isfinite(said)]
    title = tr("Layer {number}, unit {unit}", number=layer + 1, unit=unit)
    if not len(known):
        return title, tr("no number at all")
    low, high = (f"{one:.3g}".replace("-", MINUS) for one in (known.min(), known.max()))
    return title, tr("from {low} to {high}", low=low, high=high)
