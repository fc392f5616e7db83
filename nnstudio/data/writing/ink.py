"""Ink: the lines of drawings as they are drawn, with what hands and pens do that no way says.

Touching down and lifting leave hooks, a hurried pen is not quite lifted between two strokes, the
ball of a pen skips, and the first or last bit of a line is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.writing.tablet import Tablet, sampled

Floats = NDArray[np.float64]

_HOOK: Final = 5.0  # length, as a standard deviation; digits are about 100 high
_LONGEST_CUT: Final = 0.12  # of the line
_LEAST_GAP, _LARGEST_GAP = 4, 9  # points of the line; fewer are hidden by the ink around them


@dataclass(frozen=True, eq=False)
class Ink:
    """Lines of N drawings, as `nnstudio.data.strokes.draw` takes them.

    Attributes
    ----------
    points : ndarray of float64, shape (P, 2)
        Of all drawings one after another.
    radii : ndarray of float64, shape (P,)
        Half the thickness of the line in pixels.
    last : ndarray of bool, shape (P,)
        Whether the pen is lifted after this point.
    starts : ndarray of int64, shape (N,)
        Where each drawing begins.
    """

    points: Floats
    radii: Floats
    last: NDArray[np.bool_]
    starts: NDArray[np.int64]


def together(inks: Sequence[Ink]) -> Ink:
    """Give the lines of several as one, in their order; at least one is wanted."""
    counts = np.array([len(one.points) for one in inks])
    before = np.cumsum(counts) - counts
    return Ink(
        np.concatenate([one.points for one in inks]),
        np.concatenate([one.radii for one in inks]),
        np.concatenate([one.last for one in inks]),
        np.concatenate([one.starts + offset for one, offset in zip(inks, before, strict=True)]),
    )


@dataclass(frozen=True, eq=False)
class Flaws:
    """How often a line has which flaw: shares, as in `Pen` and `Hand`."""

    hooks: float
    gaps: float
    joined: float
    short: float


def flawed(
    lines: Floats,
    radii: Floats,
    last: NDArray[np.bool_],
    *,
    flaws: Flaws,
    tablet: Tablet,
    generator: np.random.Generator,
) -> Ink:
    """Give the ink of lines (S, K, 2): with hooks, joined strokes, gaps, cut short, sparse.

    Parameters
    ----------
    lines : ndarray of float64, shape (S, K, 2)
        The lines of S drawings of one way.
    radii : ndarray of float64, shape (S, K)
        Half the thickness.
    last : ndarray of bool, shape (K,)
        Where the way lifts the pen.
    flaws : Flaws
        How often what happens.
    tablet : Tablet
        How few points some drawings have.
    generator : numpy.random.Generator
        Decides.
    """
    samples, count = lines.shape[:2]
    ends = np.flatnonzero(last)
    first = np.concatenate([[0], ends[:-1] + 1])
    strokes = len(ends)
    # every stroke: a hook, its points, a hook, and two points on the way to the next stroke
    body = np.arange(count) + np.repeat(1 + 4 * np.arange(strokes), ends - first + 1)
    heads, tails = body[first] - 1, body[ends] + 1
    points = np.zeros((samples, tails[-1] + 1, 2))
    widths = np.zeros(points.shape[:2])
    kept = np.zeros(points.shape[:2], dtype=np.bool_)
    points[:, body], widths[:, body], kept[:, body] = lines, radii, True
    breaks = np.zeros(points.shape[:2], dtype=np.bool_)
    breaks[:, heads[1:]] = True
    _cut(kept, body, share=flaws.short, generator=generator)
    _skip(kept, breaks, body, share=flaws.gaps, generator=generator)
    for hook, end, inner in ((heads, first, first + 1), (tails, ends, ends - 1)):
        turn = generator.normal(0, 1.2, (samples, strokes))
        length = np.abs(generator.normal(0, _HOOK, (samples, strokes)))
        away = lines[:, end] - lines[:, inner]
        scale: Floats = length / (np.hypot(away[..., 0], away[..., 1]) + 1e-9)
        away *= scale[..., None]
        cosine, sine = np.cos(turn), np.sin(turn)
        points[:, hook, 0] = lines[:, end, 0] + cosine * away[..., 0] - sine * away[..., 1]
        points[:, hook, 1] = lines[:, end, 1] + sine * away[..., 0] + cosine * away[..., 1]
        widths[:, hook] = 0.75 * radii[:, end]
        kept[:, hook] = generator.random((samples, strokes)) < flaws.hooks
    for stroke in range(strokes - 1):
        joined = generator.random(samples) < flaws.joined
        bow = 0.12 * generator.standard_normal((samples, 1))
        light = generator.uniform(0.4, 1.0, samples)
        start, stop = lines[:, ends[stroke]], lines[:, first[stroke + 1]]
        way = stop - start
        side = np.stack([-way[:, 1], way[:, 0]], axis=1) * bow
        thin = light * np.minimum(radii[:, ends[stroke]], radii[:, first[stroke + 1]])
        for number in (1, 2):
            link = tails[stroke] + number
            points[:, link] = start + way * (number / 3) + side
            widths[:, link] = thin
            kept[:, link] = joined
        breaks[joined, heads[stroke + 1]] = False
        kept[joined, tails[stroke]] = kept[joined, heads[stroke + 1]] = False
    sampled(
        lines, radii, last, into=(points, widths, kept, breaks), tablet=tablet, generator=generator
    )
    return _inked(points, widths, kept, breaks)


def _cut(
    kept: NDArray[np.bool_],
    body: NDArray[np.int64],
    *,
    share: float,
    generator: np.random.Generator,
) -> None:
    """Take the first or the last points of some drawings away, in place."""
    draws = generator.random((len(kept), 2, 1))
    count = len(body)
    place = np.arange(count)
    cut = (draws[:, 0] < share) * (_LONGEST_CUT * draws[:, 1] * count)
    kept[:, body] = np.where(draws[:, 0] < share / 2, place >= cut, place < count - cut)


def _skip(
    kept: NDArray[np.bool_],
    breaks: NDArray[np.bool_],
    body: NDArray[np.int64],
    *,
    share: float,
    generator: np.random.Generator,
) -> None:
    """Leave a gap (in place) within the line of some drawings."""
    draws = generator.random((len(kept), 3))
    length = _LEAST_GAP + (draws[:, 1] * (_LARGEST_GAP + 1 - _LEAST_GAP)).astype(np.int64)
    room = np.maximum(len(body) - length - 2, 1)
    begin = 1 + (draws[:, 2] * room).astype(np.int64)
    for sample in np.flatnonzero(draws[:, 0] < share):
        gap = body[begin[sample] : begin[sample] + length[sample]]
        kept[sample, gap] = False
        breaks[sample, gap[-1]] = True


def _inked(
    points: Floats, widths: Floats, kept: NDArray[np.bool_], breaks: NDArray[np.bool_]
) -> Ink:
    part = np.cumsum(breaks, axis=1, dtype=np.int64)
    part += np.arange(len(kept))[:, None] * (breaks.shape[1] + 1)
    parts = part[kept]
    last = np.ones(len(parts), dtype=np.bool_)
    last[:-1] = parts[1:] != parts[:-1]
    counts = kept.sum(axis=1)
    return Ink(points[kept], widths[kept], last, np.cumsum(counts) - counts)
