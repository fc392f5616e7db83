"""One flat vector holds every parameter, then every buffer; what has a shape is a view into it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]
Matrix = NDArray[np.floating[Any]]
Shape = tuple[int, ...]

_SHORT: Final = {"f": 1e-15, "d": 1e-140}
"""Squares of the numbers of shorter vectors lose digits, or vanish."""


@dataclass(frozen=True)
class Slot:
    """Where the array of one name lies in the vector.

    Attributes
    ----------
    name : str
        Layer by number and letter of the array, such as ``layers.0.W``; the last layer is the
        output layer.
    shape : tuple of int
        Shape of the array, in C order.
    start, stop : int
        First position, and the one behind the last.
    """

    name: str
    shape: Shape
    start: int
    stop: int


@dataclass(frozen=True)
class Layout:
    """Which part of the flat vector belongs to which array.

    Attributes
    ----------
    slots : tuple of Slot
        Without gaps, in the order of the vector: parameters first, buffers behind them.
    layers : int
        How many layers the network has, the output layer included.
    parameters : int
        How many numbers are parameters, which have a gradient.
    size : int
        How many numbers there are in all.

    Examples
    --------
    >>> layout = Layout.of(layers=1, parameters={"layers.0.W": (2, 3), "layers.0.b": (3,)})
    >>> layout.size, layout.slot("layers.0.b").start
    (9, 6)
    """

    slots: tuple[Slot, ...]
    layers: int
    parameters: int
    size: int

    @classmethod
    def of(
        cls,
        *,
        layers: int,
        parameters: dict[str, Shape],
        buffers: dict[str, Shape] | None = None,
    ) -> Self:
        """Lay out arrays of these shapes one behind the other."""
        slots: list[Slot] = []
        stop = 0
        boundary = 0
        for group in (parameters, buffers or {}):
            boundary = stop
            for name, shape in group.items():
                start, stop = stop, stop + int(np.prod(shape))
                slots.append(Slot(name, shape, start, stop))
        return cls(slots=tuple(slots), layers=layers, parameters=boundary, size=stop)

    @cached_property
    def _by_name(self) -> dict[str, Slot]:
        return {slot.name: slot for slot in self.slots}

    def slot(self, name: str) -> Slot:
        """Give the slot of `name`.

        Raises
        ------
        KeyError
            When no array has this name.
        """
        return self._by_name[name]

    @cached_property
    def layer_ranges(self) -> tuple[tuple[int, int], ...]:
        """Where the parameters of each layer begin and end; layers without any are left out."""
        ranges: dict[str, tuple[int, int]] = {}
        for slot in self.slots:
            layer = slot.name.rpartition(".")[0]
            if slot.stop <= self.parameters:
                ranges[layer] = ranges.get(layer, (slot.start, 0))[0], slot.stop
        return tuple(ranges.values())

    def views(self, vector: Vector) -> dict[str, Matrix]:
        """Give every array of `vector` by name, as views in its shape; nothing is copied.

        Parameters
        ----------
        vector : ndarray, shape (size,) or (parameters,)
            The whole vector, or a gradient, which has no buffers.

        Raises
        ------
        ValueError
            When the vector has another length.
        """
        if vector.shape not in {(self.size,), (self.parameters,)}:
            raise ValueError(
                f"a vector of shape {vector.shape} does not fit a layout of shape ({self.size},)"
                f" with ({self.parameters},) parameters"
            )
        return {
            slot.name: vector[slot.start : slot.stop].reshape(slot.shape)
            for slot in self.slots
            if slot.stop <= vector.size
        }


def length(values: Vector) -> float:
    """Give the Euclidean norm of any numbers, also of those whose squares overflow or vanish.

    Parameters
    ----------
    values : ndarray of any shape

    Returns
    -------
    float
        Infinite where one of them is, and NaN where one is none.
    """
    with np.errstate(all="ignore"):
        plain = float(np.linalg.norm(values))
        if _SHORT[values.dtype.char] < plain < np.inf:
            return plain
        largest = float(np.abs(values).max(initial=0.0))
        if largest == 0.0 or not np.isfinite(largest):
            return largest
        return largest * float(np.linalg.norm(values / largest))
