"""Units as cells of colour: where each lies, and all cells of a layer as one picture; no Qt."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

TITLE_PX: Final = 18
GAP_PX: Final = 10
MOST_CELL_PX: Final = 30
LEAST_CELL_PX: Final = 4
NAMES_PX: Final = 14
FEW: Final = 16
"""A layer of so many units has cells for numbers."""
FEW_CELL_PX: Final = 24
WIDE_CELL_PX: Final = 72
FROM_GAP_PX: Final = 5
"""Cells from this size on are parted by a line of the ground."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer as it is shown: its values (H,), which units are dead, and what it is called."""

    title: str
    facts: str
    values: Values
    limit: float
    dead: Mask | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Where the cells of one layer lie, in logical pixels; `top` is that of the first row.

    Cells are `cell` high and `wide` wide.
    """

    top: int
    cell: int
    columns: int
    units: int
    wide: int

    @property
    def rows(self) -> int:
        """How many rows of cells there are."""
        return -(-self.units // self.columns)

    @property
    def height(self) -> int:
        """Of all rows."""
        return self.rows * self.cell

    def place(self, unit: int) -> tuple[int, int]:
        """Give the left upper corner of a unit."""
        row, column = divmod(unit, self.columns)
        return column * self.wide, self.top + row * self.cell

    def unit_at(self, x: float, y: float) -> int | None:
        """Give the unit at a point."""
        if x < 0 or not self.top <= y < self.top + self.height:
            return None
        column, row = int(x // self.wide), int((y - self.top) // self.cell)
        unit = row * self.columns + column
        return unit if column < self.columns and unit < self.units else None


def arrange(layers: tuple[Layer, ...], *, width: int, height: int) -> tuple[Block, ...]:
    """Give the blocks with the largest cells that fit into `width` by `height`, all of one size.

    Where even the smallest do not fit, they reach below.
    """
    cell = next(
        (
            size
            for size in range(MOST_CELL_PX, LEAST_CELL_PX, -1)
            if _need(layers, width, size) <= height
        ),
        LEAST_CELL_PX,
    )
    return _blocks(layers, width, cell)


def needed_height(layers: tuple[Layer, ...], *, width: int) -> int:
    """Give the height that the smallest cells need."""
    return _need(layers, width, LEAST_CELL_PX)


def _need(layers: tuple[Layer, ...], width: int, cell: int) -> int:
    blocks = _blocks(layers, width, cell)
    if not blocks:
        return 0
    return blocks[-1].top + blocks[-1].height + _names_px(layers[-1])


def _blocks(layers: tuple[Layer, ...], width: int, cell: int) -> tuple[Block, ...]:
    found, top = [], 0
    for layer in layers:
        top += TITLE_PX
        units = len(layer.values)
        wide, high = cell, cell
        if units <= FEW:
            # a number or a name has room in the cells of few units
            wide = max(cell, min(width // max(units, 1), WIDE_CELL_PX))
            high = max(cell, min(wide, FEW_CELL_PX))
        columns = max(min(width // wide, units), 1)
        block = Block(top, high, columns, units, wide)
        found.append(block)
        top += block.height + _names_px(layer) + GAP_PX
    return tuple(found)


def _names_px(layer: Layer) -> int:
    return NAMES_PX if layer.names else 0


def painted(
    layer: Layer,
    block: Block,
    *,
    ratio: float,
    colours: NDArray[np.uint32],
    ground: int,
    dead: int,
    unknown: int,
) -> NDArray[np.uint32]:
    """Give the cells of a layer as pixels 0xffRRGGBB, `ratio` of them for a logical one.

    `colours` go from the least to the largest value. A dead unit has a dot in the middle.
    """
    cell, wide = max(round(block.cell * ratio), 1), max(round(block.wide * ratio), 1)
    gap = max(round(ratio), 1) if block.cell >= FROM_GAP_PX else 0
    flat = np.full(block.rows * block.columns, ground, np.uint32)
    values = np.asarray(layer.values, np.float64)
    known = np.isfinite(values)
    last = len(colours) - 1
    places = np.clip((np.where(known, values, 0) / layer.limit + 1) / 2 * last, 0, last)
    flat[: block.units] = np.where(known, colours[places.astype(np.intp)], np.uint32(unknown))
    grid = flat.reshape(block.rows, block.columns)
    image = grid.repeat(cell, axis=0).repeat(wide, axis=1)
    if gap:
        for at in range(gap):
            image[cell - 1 - at :: cell] = ground
            image[:, wide - 1 - at :: wide] = ground
    if layer.dead is not None and layer.dead.any():
        rows, columns = np.divmod(np.flatnonzero(layer.dead), block.columns)
        size = max(cell // 4, 1)
        below, beside = (cell - gap - size) // 2, (wide - gap - size) // 2
        for down in range(size):
            for across in range(size):
                image[rows * cell + below + down, columns * wide + beside + across] = dead
    return np.ascontiguousarray(image)
