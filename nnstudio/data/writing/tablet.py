"""Tablet: some lines are told by a few points along them, with straight lines between.

A slow tablet or a quick mouse gives them, and many sets of pen strokes are kept so; where such a
set forgets the lifts of the pen, a straight line joins the strokes.
"""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from nnstudio.spec import Display, Field, spec

Floats = NDArray[np.float64]


@spec(
    title="Tablet",
    help="Some digits have only a few points, evenly along the line, as a slow tablet gives them.",
)
class Tablet:
    """How many drawings are told by how few points."""

    coarse: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Few points",
            description="So many digits are told by a few points: small bends are lost.",
        ),
        Display(unit="%"),
    ] = 0.4
    lost: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Lifts lost",
            description="In so many of these straight lines join the strokes, as if the pen was "
            "never lifted.",
        ),
        Display(unit="%"),
    ] = 0.6
    fewest: Annotated[
        int,
        Field(ge=4, le=100, title="Fewest points", description="Of a whole digit."),
        Display(advanced=True),
    ] = 7
    most: Annotated[
        int,
        Field(ge=4, le=100, title="Most points", description="Of a whole digit."),
        Display(advanced=True),
    ] = 24


def sampled(
    lines: Floats,
    radii: Floats,
    last: NDArray[np.bool_],
    *,
    into: tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]],
    tablet: Tablet,
    generator: np.random.Generator,
) -> None:
    """Replace some drawings by a few points of them.

    Parameters
    ----------
    lines : ndarray of float64, shape (S, K, 2)
        The lines of S drawings of one way.
    radii : ndarray of float64, shape (S, K)
        Half their thickness.
    last : ndarray of bool, shape (K,)
        Where the way lifts the pen.
    into : tuple
        Points (S, T, 2), half the thickness (S, T), which of them are kept and before which the pen
        is lifted (S, T), with T larger than K: their rows are written over for the drawings chosen.
    tablet : Tablet
        How many, and how few points.
    generator : numpy.random.Generator
        Decides.
    """
    points, widths, kept, breaks = into
    draws = generator.random((len(lines), 3))
    coarse = draws[:, 0] < tablet.coarse
    lost = draws[:, 1] < tablet.lost
    fewest = min(tablet.fewest, tablet.most)
    # half of them with less than a quarter of the way from fewest to most
    count = fewest + (draws[:, 2] ** 2 * (tablet.most + 1 - fewest)).astype(np.int64)
    ends = np.flatnonzero(last) + 1
    strokes = [slice(start, stop) for start, stop in zip([0, *ends[:-1]], ends, strict=True)]
    for rows, parts in (
        (np.flatnonzero(coarse & lost), [slice(0, len(last))]),
        (np.flatnonzero(coarse & ~lost), strokes),
    ):
        if len(rows):
            kept[rows] = breaks[rows] = False
            widths[rows] = radii[rows].mean(axis=1, keepdims=True)
            _evenly(lines[rows], parts, count[rows], rows=rows, into=(points, kept, breaks))


def _evenly(
    lines: Floats,
    parts: list[slice],
    count: NDArray[np.int64],
    *,
    rows: NDArray[np.int64],
    into: tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    points, kept, breaks = into
    lengths = [_lengths(lines[:, part]) for part in parts]
    whole = sum(length[:, -1] for length in lengths)
    offset = np.zeros(len(lines), dtype=np.int64)
    room = kept.shape[1] - 2 * len(parts)
    for part, length in zip(parts, lengths, strict=True):
        share = np.rint(np.minimum(count, room) * length[:, -1] / whole)
        own = np.maximum(share, 2).astype(np.int64)
        own = np.minimum(own, kept.shape[1] - offset)
        place = np.arange(own.max())
        wanted = length[:, -1:] * np.minimum(place / np.maximum(own[:, None] - 1, 1), 1)
        before = (length[:, None, 1:-1] <= wanted[:, :, None]).sum(axis=2)
        row = np.arange(len(lines))[:, None]
        start, stop = length[row, before], length[row, before + 1]
        share = ((wanted - start) / np.maximum(stop - start, 1e-9))[..., None]
        line = lines[:, part]
        found = line[row, before] * (1 - share) + line[row, before + 1] * share
        sample, number = np.nonzero(place < own[:, None])
        target = rows[sample], offset[sample] + number
        points[target] = found[sample, number]
        kept[target] = True
        breaks[rows, offset] = True
        offset = offset + own


def _lengths(lines: Floats) -> Floats:
    """Give the length of the line up to each of its points (S, K)."""
    step = np.diff(lines, axis=1)
    lengths = np.zeros(lines.shape[:2])
    np.cumsum(np.hypot(step[..., 0], step[..., 1]), axis=1, out=lengths[:, 1:])
    return lengths
