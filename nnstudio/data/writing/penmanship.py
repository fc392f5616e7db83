"""Hands that write: each varies a skeleton in its own way, and every digit varies a little more.

Whatever is drawn comes from one generator in one order; what sines and products give is rounded,
so that the same settings give the same bytes on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.strokes import BOX
from nnstudio.data.writing.hand import Hand
from nnstudio.data.writing.ink import Flaws, Ink, flawed
from nnstudio.data.writing.pen import Pen, pressed
from nnstudio.data.writing.skeletons import Skeleton, skeletons
from nnstudio.data.writing.tablet import Tablet

LEAN: Final = 0.12  # most people's digits lean a little to the right
AT_ONCE: Final = 20_000  # many of one way at a time: two thirds of the time of 5,000
_OF_DIGIT: Final = 0.45  # how far digits of one hand stray from it, by how far hands stray
_FARTHEST: Final = 2.4  # deviations
_FULL: Final = 0.6  # of the box around a digit is inked at most: loops stay open
_SLIM: Final = 0.15  # of the height: what is narrower is a bare 1, which may be all ink
_MOST_BOXED: Final = 0.7  # logarithm; a bare 1 never becomes a square
_GRID: Final = 1024

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Written:
    """Some digits of one way.

    Attributes
    ----------
    digit : int
        Which they are.
    way : int
        Place of the way among those of the digit.
    places : ndarray of int64, shape (N,)
        Their places among those that are written together.
    ink : Ink
        Their lines.
    """

    digit: int
    way: int
    places: NDArray[np.int64]
    ink: Ink


def written(
    count: int, *, hand: Hand, pen: Pen, tablet: Tablet, generator: np.random.Generator
) -> Iterator[Written]:
    """Give `count` digits, as many of each as possible, in a random order, way by way.

    Parameters
    ----------
    count : int
        How many are written together.
    hand : Hand
        How far writing strays.
    pen : Pen
        What it is written with.
    tablet : Tablet
        How few points some lines have.
    generator : numpy.random.Generator
        Decides everything.
    """
    order = generator.permutation(count)
    for digit in range(10):
        places = order[digit::10]
        if not len(places):
            continue
        ways = skeletons(digit)
        hands = -(-len(places) // hand.digits)
        shares = np.array([way.share for way in ways])
        chosen = generator.choice(len(ways), hands, p=shares / shares.sum())
        hand_of = np.arange(len(places)) % hands
        for number, way in enumerate(ways):
            mine = np.flatnonzero(chosen == number)
            digits = np.flatnonzero(chosen[hand_of] == number)
            if len(digits):
                local = np.searchsorted(mine, hand_of[digits])
                ink = _ink(way, local, hand=hand, pen=pen, tablet=tablet, generator=generator)
                yield Written(digit, number, places[digits], ink)


def _ink(
    way: Skeleton,
    hand_of: NDArray[np.int64],
    *,
    hand: Hand,
    pen: Pen,
    tablet: Tablet,
    generator: np.random.Generator,
) -> Ink:
    """Give the lines of one way: what hands have in them first, then what digits add."""
    hands, digits = int(hand_of.max()) + 1, len(hand_of)
    care = np.exp(hand.care * np.clip(generator.standard_normal((hands, 1)), -2, 2))
    paths = _mixed(way, hands, hand.mixed, generator)
    paths += care[..., None] * _strayed(way, hands, hand, generator)
    style = care * _style(hands, hand, generator)
    thickness = pen.spread * np.clip(generator.standard_normal(hands), -2, 2.6)
    own = _OF_DIGIT * care[hand_of]
    paths = paths[hand_of] + own[..., None] * _strayed(way, digits, hand, generator)
    style = _within(style[hand_of] + own * _style(digits, hand, generator), hand)
    lines = _shaped(np.matmul(way.curve, paths), style)
    _fill_box(lines, hand.boxed, generator)
    tremor = 100 * pen.tremor * care[hand_of]
    lines += tremor[..., None] * generator.standard_normal(lines.shape)
    lines = _rounded(lines)
    radii = pressed(lines, way.paces, thickness[hand_of], pen=pen, generator=generator)
    _keep_open(lines, radii, way.last)
    flaws = Flaws(hooks=pen.hooks, gaps=pen.gaps, joined=hand.joined, short=hand.short)
    ink = flawed(lines, radii, way.last, flaws=flaws, tablet=tablet, generator=generator)
    return Ink(_rounded(ink.points), _rounded(ink.radii), ink.last, ink.starts)


def _fill_box(lines: Floats, share: float, generator: np.random.Generator) -> None:
    """Make some digits wider or narrower, up to twice, on the way to a square, in place."""
    draws = generator.random((len(lines), 2))
    size = np.ptp(lines, axis=1) + 1.0
    wider = np.clip(np.log(size[:, 1] / size[:, 0]), -_MOST_BOXED, _MOST_BOXED)
    factor = np.exp(np.where(draws[:, 0] < share, draws[:, 1] * wider, 0.0))
    lines[..., 0] *= factor[:, None]


def _keep_open(lines: Floats, radii: Floats, last: NDArray[np.bool_]) -> None:
    """Make the pen thinner (in place) where a small or narrow digit would become a blob."""
    size = np.ptp(lines, axis=1)
    long, slim = size.max(axis=1) + 1e-9, size.min(axis=1)
    pixels = BOX / long
    step = np.diff(lines, axis=1)[:, ~last[:-1]]
    length = np.sqrt((step * step).sum(axis=2)).sum(axis=1)
    wide = 2 * radii.mean(axis=1)
    inked = pixels * length * wide / ((BOX + wide) * (pixels * slim + wide))
    thinner = np.where(slim > _SLIM * long, np.minimum(1, _FULL / np.maximum(inked, 1e-9)), 1)
    radii *= thinner[:, None]


def _rounded(values: Floats) -> Floats:
    # the last bits of sines and products differ between machines; the pictures must not
    rounded: Floats = np.rint(values * _GRID) / _GRID
    return rounded


def _mixed(way: Skeleton, hands: int, mixed: float, generator: np.random.Generator) -> Floats:
    other = way.kin[generator.integers(0, len(way.kin), hands)]
    share = generator.uniform(0, 0.6, hands) * (generator.uniform(size=hands) < mixed)
    between: Floats = way.control + share[:, None, None] * (other - way.control)
    return between


def _strayed(way: Skeleton, count: int, hand: Hand, generator: np.random.Generator) -> Floats:
    path = way.control
    bend = 100 * hand.bend * np.matmul(way.bends, generator.standard_normal((count, len(path), 2)))
    shift = 100 * hand.apart * generator.standard_normal((count, way.strokes[-1] + 1, 2))
    strayed: Floats = bend + shift[:, way.strokes]
    first = np.searchsorted(way.strokes, np.unique(way.strokes))
    final = np.append(first[1:], len(path)) - 1
    for end, inner in ((first, first + 1), (final, final - 1)):
        longer = hand.ends * generator.standard_normal((count, len(end), 1))
        strayed[:, end] += longer * (path[end] - path[inner])
    return strayed


def _style(count: int, hand: Hand, generator: np.random.Generator) -> Floats:
    style: Floats = generator.standard_normal((count, 13)) * _deviations(hand)
    return style


def _within(style: Floats, hand: Hand) -> Floats:
    # the few digits beyond that would be such as nobody can read
    most = _FARTHEST * _deviations(hand)
    return np.clip(style, -most, most)


def _deviations(hand: Hand) -> Floats:
    warps = np.full(10, 100 * hand.warp)
    return np.concatenate([[hand.aspect, hand.slant, np.deg2rad(hand.turn)], warps])


def _shaped(lines: Floats, style: Floats) -> Floats:
    """Bend, stretch, slant and turn the lines (S, K, 2), each in its own `style` (S, 13)."""
    x, y = lines[..., 0] / 50 - 1, lines[..., 1] / 50 - 1
    terms = np.stack([x * x, x * y, y * y, x * y * y, y * y * y], axis=2)
    warped = lines + np.matmul(terms, style[:, 3:].reshape(-1, 5, 2))
    x = (warped[..., 0] - 50) * np.exp(style[:, 0:1])
    y = warped[..., 1] - 50
    x = x - (style[:, 1:2] + LEAN) * y
    sine, cosine = np.sin(style[:, 2:3]), np.cos(style[:, 2:3])
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2)
