"""Layers of a network as matrices of weights, and what can be said of their units in numbers.

Everything here is NumPy on views of the flat vector; nothing is drawn and nothing is copied twice.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.parameters import Layout
from nnstudio.runs.run import Blueprint

Matrix = NDArray[np.floating]
Vector = NDArray[np.floating]
Mode = Literal["weights", "gradient", "change"]
Order = Literal["index", "norm", "change", "dead"]


@dataclass(frozen=True)
class Layer:
    """One layer: its place, its size, and the shape of its inputs when they are a picture."""

    index: int
    inputs: int
    units: int
    picture: tuple[int, int] | None

    def tiles(self, matrix: Matrix, order: NDArray[np.intp], *, cell: tuple[int, int]) -> Matrix:
        """Give one picture per unit, or one matrix (units, inputs), of a (inputs, units) matrix.

        A matrix has `cell` (rows, columns) of equal values for each weight, as `cell_of` says.
        """
        rows = np.ascontiguousarray(matrix.T[order])
        if self.picture:
            return rows.reshape(self.units, *self.picture)
        return rows.repeat(cell[0], axis=0).repeat(cell[1], axis=1)[None]

    def cell_of(self, width: int, height: int) -> tuple[int, int]:
        """Give rows and columns per weight, so that a matrix about fills `width` by `height`."""
        if self.picture:
            return 1, 1
        ratio = (height / max(width, 1)) * self.inputs / self.units
        if ratio >= 1:
            return max(1, int(ratio)), 1
        return 1, max(1, int(1 / max(ratio, 1e-3)))


def layers_of(blueprint: Blueprint) -> tuple[Layer, ...]:
    """Give every layer that has weights, from the inputs to the outputs."""
    found: list[Layer] = []
    for slot in blueprint.layout.slots:
        if not slot.name.endswith(".W"):
            continue
        inputs, units = slot.shape
        shape = blueprint.image_shape if not found else None
        fits = shape is not None and shape[0] * shape[1] == inputs
        found.append(Layer(len(found), inputs, units, shape if fits else None))
    return tuple(found)


def weights_in(layout: Layout, vector: Vector | None, layer: int) -> Matrix | None:
    """Give the weights (D, H) of a layer out of a vector or a gradient, as a view."""
    return None if vector is None else _array(layout, vector, f"layers.{layer}.W")


def bias_in(layout: Layout, vector: Vector | None, layer: int) -> Vector | None:
    """Give the bias (H,) of a layer; None when it has none."""
    return None if vector is None else _array(layout, vector, f"layers.{layer}.b")


def _array(layout: Layout, vector: Vector, name: str) -> NDArray[np.floating] | None:
    slot = next((slot for slot in layout.slots if slot.name == name), None)
    if slot is None or slot.stop > len(vector):
        return None
    return vector[slot.start : slot.stop].reshape(slot.shape)


def ordered(
    order: Order, matrix: Matrix, *, initial: Matrix | None, gradient: Matrix | None
) -> NDArray[np.intp]:
    """Give the units in the order in which they are shown.

    By norm and by change the largest come first. Dead units are those through which no gradient
    came back in the last step: they come first, then the others by how little came.
    """
    units = matrix.shape[1]
    if order == "norm":
        return np.argsort(-_norms(matrix), kind="stable")
    if order == "change" and initial is not None:
        return np.argsort(-_norms(matrix - initial), kind="stable")
    if order == "dead" and gradient is not None:
        return np.argsort(_norms(gradient), kind="stable")
    return np.arange(units)


def _norms(matrix: Matrix) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.sqrt(np.einsum("ij,ij->j", matrix, matrix, dtype=np.float64)))


def relative_change(matrix: Matrix, before: Matrix) -> float:
    """Give the norm of the difference by the norm of `before`; NaN where that is 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        size = float(np.linalg.norm(before))
        return float(np.linalg.norm(matrix - before)) / size if size else float("nan")
