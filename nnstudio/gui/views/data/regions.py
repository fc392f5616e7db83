"""The answers of a network as colours: over the plane, the more certain the stronger."""

from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor

from nnstudio.gui.theme import diverging_map, kind_colours, theme
from nnstudio.gui.views.data.clouds import value_shades
from nnstudio.gui.widgets.plot.scatter import Ends
from nnstudio.training.prepared import PreparedData

Values = NDArray[np.float64]
Shades = NDArray[np.uint8]

STRENGTH_LIGHT: Final = 0.3
STRENGTH_DARK: Final = 0.36
FAINTEST: Final = 0.4
"""How much of its colour an answer keeps that is no surer than a guess, of single outputs."""
NO_SHARES: Final = 0.01
"""Outputs whose sum is farther from 1 are no shares of a whole."""


def grid_of(count: int, size: QSizeF) -> tuple[int, int]:
    """Give rows and columns of about `count` places, as wide as high, in an area of `size`."""
    wide = sqrt(count * max(size.width(), 1) / max(size.height(), 1))
    columns = min(max(round(wide), 2), count // 2)
    return max(round(count / columns), 2), columns


def places_of(x: Ends, y: Ends, rows: int, columns: int) -> Values:
    """Give the middles (rows × columns, 2) of a grid between the ends, the uppermost row first."""
    across = x[0] + (np.arange(columns) + 0.5) / columns * (x[1] - x[0])
    down = y[1] - (np.arange(rows) + 0.5) / rows * (y[1] - y[0])
    return np.stack([np.tile(across, rows), np.repeat(down, columns)], axis=1)


@np.errstate(all="ignore")
def blended(outputs: Values, rows: int, columns: int) -> Values:
    """Give outputs (rows × columns, C) mixed with those beside, above and below them.

    Without it a border that is sharper than the grid is a chain of beads.
    """
    field = np.pad(outputs.reshape(rows, columns, -1), ((1, 1), (1, 1), (0, 0)), mode="edge")
    across = field[:, :-2] + 2 * field[:, 1:-1] + field[:, 2:]
    mixed = across[:-2] + 2 * across[1:-1] + across[2:]
    return np.asarray(mixed.reshape(len(outputs), -1) / 16)


def shades_of(outputs: Values, data: PreparedData) -> Shades:
    """Give a colour (N, 3) for each of the outputs (N, C), on the ground of the plot."""
    outputs = np.nan_to_num(outputs, nan=0.0, posinf=1e300, neginf=-1e300)
    if data.labels is not None:
        ground = _numbers(theme().panel)
        kinds = np.array([_numbers(one) for one in kind_colours(outputs.shape[1])])
        strength = STRENGTH_DARK if theme().dark else STRENGTH_LIGHT
        mixed = ground + strength * (lead_of(outputs) @ (kinds - ground))
        return np.asarray(np.rint(np.clip(mixed, 0, 255)), np.uint8)
    return signed_shades(value_shades(outputs[:, 0], data))


def signed_shades(values: Values) -> Shades:
    """Give a colour (N, 3) for each of `values` (N,) between -1 and 1, on the ground of a plot."""
    ground = _numbers(theme().panel)
    strength = STRENGTH_DARK if theme().dark else STRENGTH_LIGHT
    shades = diverging_map(256)[:, :3].astype(np.float64)
    at = np.rint((values + 1) / 2 * 255).astype(int)
    mixed = ground + strength * (shades[at] - ground)
    return np.asarray(np.rint(np.clip(mixed, 0, 255)), np.uint8)


def lead_of(outputs: Values) -> Values:
    """Give how far each class is ahead of a mere guess: 0 for a share of 1/C or less, at most 1.

    Outputs that are no shares of a whole, as sigmoids, may all say no, or all say yes: the largest
    of them is the answer that counts, so it keeps a faint colour.
    """
    shares = np.clip(outputs, 0, 1)
    total = shares.sum(axis=1, keepdims=True)
    shares /= np.maximum(total, 1)
    guess = 1 / shares.shape[1]
    lead = np.maximum(shares - guess, 0) / max(1 - guess, guess / 2)
    apart = np.flatnonzero(np.abs(total[:, 0] - 1) > NO_SHARES)
    answer = outputs[apart].argmax(axis=1)
    lead[apart, answer] = np.maximum(lead[apart, answer], FAINTEST)
    return np.asarray(lead)


def _numbers(colour: QColor) -> Values:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
