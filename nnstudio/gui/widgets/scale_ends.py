"""Where a scale of colours ends: round, steady while values grow, not moved by a few large ones."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]

# The scale leaves out the few largest, or one of them would make all the others pale.
SHARE_WITHIN_SCALE: Final = 0.993
# Numbers that a scale may end at, so that it does not move with every step.
ROUND: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
# A scale stays while what it has to show fills at least this much of it.
LEAST_FILLED: Final = 0.6


def spread(values: Values) -> float:
    """Give the value that 99.3 % of the sizes stay under; 0 when there is no finite number."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size:
        return 0.0
    at = min(int(SHARE_WITHIN_SCALE * sizes.size), sizes.size - 1)
    return float(np.partition(sizes, at)[at])


def spreads(tiles: Values) -> NDArray[np.float32]:
    """Give the same for each tile by itself."""
    flat = np.nan_to_num(np.abs(tiles.reshape(len(tiles), -1)), nan=0.0, posinf=0.0)
    at = min(int(SHARE_WITHIN_SCALE * flat.shape[1]), flat.shape[1] - 1)
    return np.partition(flat, at, axis=1)[:, at].astype(np.float32)


def steady_limit(wanted: float, before: float | None) -> float:
    """Give a round end of the scale for `wanted`; the one `before` while it still fits."""
    if before is not None and LEAST_FILLED * before <= wanted <= before:
        return before
    if not np.isfinite(wanted) or wanted <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(wanted))
    above = [part * power for part in (*ROUND, 10.0) if part * power >= wanted * 0.9999]
    return float(f"{above[0]:.2g}")
