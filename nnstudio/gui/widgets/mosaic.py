"""Many small pictures as one image: layout, smooth resampling and colours, in NumPy without Qt.

Values are interpolated before they become colours, so the picture is true at every size.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]
Colours = NDArray[np.uint32]

GAP: Final = 2  # between tiles, in logical pixels
SMALLEST_TILE: Final = 24  # logical pixels; more tiles than fit then are put on pages
_CRISP_FACTOR: Final = 3.0  # from here on, whole pixels look better than smooth ones


@dataclass(frozen=True)
class Arrangement:
    """Where tiles lie, in device pixels: `columns` by `rows` tiles of `width` by `height`."""

    columns: int
    rows: int
    width: int
    height: int
    gap: int

    @property
    def capacity(self) -> int:
        """How many tiles one page holds."""
        return self.columns * self.rows

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole mosaic."""
        return (
            self.columns * (self.width + self.gap) - self.gap,
            self.rows * (self.height + self.gap) - self.gap,
        )

    def place(self, tile: int) -> tuple[int, int]:
        """Give the left upper corner of a tile of this page."""
        row, column = divmod(tile, self.columns)
        return column * (self.width + self.gap), row * (self.height + self.gap)

    def hit(self, x: float, y: float) -> tuple[int, float, float] | None:
        """Give the tile at a point and where in it, as shares of its sides; None in a gap."""
        column, within_x = divmod(x, self.width + self.gap)
        row, within_y = divmod(y, self.height + self.gap)
        inside = 0 <= column < self.columns and 0 <= row < self.rows
        if not inside or within_x >= self.width or within_y >= self.height:
            return None
        return int(row * self.columns + column), within_x / self.width, within_y / self.height


@lru_cache(maxsize=64)
def arrange(
    count: int, *, shape: tuple[int, int], room: tuple[int, int], ratio: float
) -> Arrangement:
    """Give the arrangement with the largest tiles of `shape` (rows, columns) that fill `room`.

    `room` is (width, height) in device pixels, `ratio` device pixels per logical one.
    """
    gap = max(round(GAP * ratio), 1)
    smallest = SMALLEST_TILE * ratio
    tall, wide = shape
    longest = max(tall, wide)
    count = max(count, 1)
    columns = np.arange(1, count + 1)
    rows = -(-count // columns)
    factor = np.minimum(
        ((room[0] + gap) / columns - gap) / wide, ((room[1] + gap) / rows - gap) / tall
    )
    best = int(np.argmax(factor))
    chosen = float(factor[best])
    if chosen * longest < smallest:
        chosen = smallest / longest
        fit_x = int((room[0] + gap) // (chosen * wide + gap))
        fit_y = int((room[1] + gap) // (chosen * tall + gap))
        across, down = max(fit_x, 1), max(fit_y, 1)
    else:
        across, down = int(columns[best]), int(rows[best])
    whole = float(np.floor(chosen))
    if chosen >= _CRISP_FACTOR and whole * longest >= smallest:
        chosen = whole
    return Arrangement(
        columns=across,
        rows=down,
        width=max(int(chosen * wide + 1e-6), 1),
        height=max(int(chosen * tall + 1e-6), 1),
        gap=gap,
    )


@lru_cache(maxsize=32)
def resampling(old: int, new: int) -> NDArray[np.float32]:
    """Give the matrix (new, old) that stretches or shrinks a row; each of its rows sums to one.

    Linear interpolation between the middles of pixels; when shrinking, the mean over what one new
    pixel covers. For a whole factor of 3 and more the pixels stay whole.
    """
    factor = new / old
    if factor == 1 or (factor >= _CRISP_FACTOR and new % old == 0):
        return np.repeat(np.eye(old, dtype=np.float32), max(new // old, 1), axis=0)
    middles = (np.arange(new) + 0.5) / factor - 0.5
    middles = np.clip(middles, 0, old - 1)
    reach = max(1.0, 1.0 / factor)
    weights = np.maximum(0.0, 1.0 - np.abs(middles[:, None] - np.arange(old)) / reach)
    matrix: NDArray[np.float32] = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return matrix


@dataclass(frozen=True, eq=False)
class Look:
    """How values become colours: 256 `colours`, `ground` between tiles, for NaN, and of hatching.

    All colours are 0xffRRGGBB.
    """

    colours: Colours
    ground: int
    unknown: int
    hatch: int


def hatched(
    mask: NDArray[np.bool_], arrangement: Arrangement, *, ratio: float
) -> NDArray[np.bool_]:
    """Give which device pixels of a tile belong to thin diagonal lines over the masked part."""
    height, width = arrangement.height, arrangement.width
    rows = np.arange(height) * mask.shape[0] // height
    columns = np.arange(width) * mask.shape[1] // width
    period, thick = max(round(5 * ratio), 3), max(round(ratio), 1)
    diagonal = (np.arange(height)[:, None] + np.arange(width)) % period < thick
    result: NDArray[np.bool_] = mask[np.ix_(rows, columns)] & diagonal
    return result


def compose(
    tiles: Values,
    limits: Values,
    arrangement: Arrangement,
    *,
    look: Look,
    hatching: NDArray[np.bool_] | None = None,
) -> Colours:
    """Give the mosaic of `tiles` (T, h, w), each over ± its limit in `limits` (T,).

    A gap follows each tile, also the last of a row and of the page, so that the array is one block.

    What is not finite gets the colour `look.unknown`.
    """
    _, tall, wide = tiles.shape
    high, across = arrangement.height, arrangement.width
    with np.errstate(all="ignore"):
        scale = np.where(limits > 0, 127.5 / limits, 0.0).astype(np.float32)
        shades = tiles.astype(np.float32) * scale[:, None, None]
    strange = ~np.isfinite(shades)
    has_strange = bool(strange.any())
    if has_strange:
        shades[strange] = 0
    np.clip(shades, -127.5, 127.5, out=shades)
    if (high, across) != (tall, wide):
        # tile by tile: BLAS keeps products as small as these on this thread; as one large product
        # they would wait for its second thread, 15 ms instead of 2 on a busy machine
        shades = resampling(tall, high) @ (shades @ resampling(wide, across).T)
    shades += 127.75
    painted = look.colours[shades.astype(np.uint8)]
    if has_strange:
        rows = np.arange(high) * tall // high
        columns = np.arange(across) * wide // across
        painted[strange[:, rows][:, :, columns]] = look.unknown
    if hatching is not None:
        painted[:, hatching] = look.hatch
    return _laid_out(painted, arrangement, ground=look.ground)


def _laid_out(painted: Colours, arrangement: Arrangement, *, ground: int) -> Colours:
    gap, high, across = arrangement.gap, arrangement.height, arrangement.width
    rows, columns = arrangement.rows, arrangement.columns
    room = np.full((rows * (high + gap), columns * (across + gap)), ground, dtype=np.uint32)
    cells = room.reshape(rows, high + gap, columns, across + gap)[:, :high, :, :across]
    full = len(painted) // columns
    if full:
        whole = painted[: full * columns].reshape(full, columns, high, across)
        cells[:full] = whole.transpose(0, 2, 1, 3)
    rest = painted[full * columns :]
    if len(rest):
        cells[full, :, : len(rest)] = rest.transpose(1, 0, 2)
    return room
