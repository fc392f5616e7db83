"""Hands that write: each varies a skeleton in its own way, and every sample varies a little more.

What differs between hands is drawn once for each hand, so that parts written by different hands
hold variations of the skeletons that the others have not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.skeletons import Skeleton, skeletons
from nnstudio.data.strokes import SIDE, draw

SAMPLES_PER_HAND: Final = 2
THICKNESS: Final = 1.2  # half the usual width of the pen, in pixels
LEAN: Final = 0.12  # most people's digits lean a little to the right
_KINDRED: Final = 35.0  # points of ways that can be mixed lie no further apart
_AT_ONCE: Final = 10_000  # many of one way at a time: half the time of 4,000
_GRID: Final = 1024

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Variation:
    """How far writing strays, as standard deviations; the height of a digit is about 100.

    Attributes
    ----------
    bend : float
        Of the points of a path from the skeleton, correlated along the path.
    stroke : float
        Of whole strokes against each other.
    warp : float
        Of the smooth bending of the paper.
    aspect, slant, turn : float
        Of the logarithm of width by height, of the shear and of the rotation in radians.
    mix : float
        Share of hands that mix two ways.
    end : float
        Of the ends of a stroke, as a share of the way to the next point of the path.
    tremor : float
        Of the line itself, from one drawn point to the next.
    thickness : float
        Of the logarithm of the width of the pen.
    """

    bend: float = 5.5
    stroke: float = 4.0
    warp: float = 4.0
    aspect: float = 0.2
    slant: float = 0.22
    turn: float = 0.1
    mix: float = 0.8
    end: float = 0.15
    tremor: float = 0.6
    thickness: float = 0.33


def write(
    count: int, *, generator: np.random.Generator, variation: Variation = Variation()
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Give `count` pictures and their digits, up to ten thousand at a time.

    Parameters
    ----------
    count : int
        As many of each digit as possible.
    generator : numpy.random.Generator
        Decides everything.
    variation : Variation
        How far writing strays.

    Yields
    ------
    pictures : ndarray of uint8, shape (n, 28, 28)
    digits : ndarray of uint8, shape (n,)
        In a random order.
    """
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        pictures = np.empty((size, SIDE, SIDE), dtype=np.uint8)
        digits = np.empty(size, dtype=np.uint8)
        order = generator.permutation(size)
        for digit in range(10):
            places = order[digit::10]
            if len(places):
                digits[places] = digit
                pictures[places] = _digit(digit, len(places), generator, variation)
        yield pictures, digits


def _digit(
    digit: int, count: int, generator: np.random.Generator, variation: Variation
) -> NDArray[np.uint8]:
    ways = skeletons(digit)
    hands = -(-count // SAMPLES_PER_HAND)
    shares = np.array([way.share for way in ways])
    chosen = generator.choice(len(ways), hands, p=shares / shares.sum())
    pictures = np.empty((count, SIDE, SIDE), dtype=np.uint8)
    hand_of = np.arange(count) % hands
    for number, way in enumerate(ways):
        mine = np.flatnonzero(chosen == number)
        samples = np.flatnonzero(chosen[hand_of] == number)
        if len(samples):
            local = np.searchsorted(mine, hand_of[samples])
            pictures[samples] = _written(
                way,
                ways,
                hands=len(mine),
                hand_of=local,
                generator=generator,
                variation=variation,
            )
    return pictures


def _written(
    way: Skeleton,
    ways: tuple[Skeleton, ...],
    *,
    hands: int,
    hand_of: NDArray[np.int64],
    generator: np.random.Generator,
    variation: Variation,
) -> NDArray[np.uint8]:
    """Give the pictures of one way: what hands have in them first, then what samples add."""
    paths = _mixed(way, ways, hands, generator, variation)
    paths += _strayed(way, hands, generator, variation)
    style = _style(hands, generator, variation)
    paths = paths[hand_of] + 0.5 * _strayed(way, len(hand_of), generator, variation)
    style = style[hand_of] + 0.4 * _style(len(hand_of), generator, variation)
    lines = _shaped(np.matmul(way.curve, paths), style)
    lines += variation.tremor * generator.standard_normal(lines.shape)
    radii = _pen(lines.shape[:2], style[:, 3], generator)
    samples, points = lines.shape[:2]
    return draw(
        _rounded(lines).reshape(-1, 2),
        radii=_rounded(radii).reshape(-1),
        last=np.tile(way.last, samples),
        starts=np.arange(samples) * points,
    )


def _rounded(values: Floats) -> Floats:
    # the last bits of sines and products differ between machines; the pictures must not
    rounded: Floats = np.rint(values * _GRID) / _GRID
    return rounded


def _mixed(
    way: Skeleton,
    ways: tuple[Skeleton, ...],
    hands: int,
    generator: np.random.Generator,
    variation: Variation,
) -> Floats:
    kin = np.array([one.control for one in ways if _mixes(one, way)])
    other = kin[generator.integers(0, len(kin), hands)]
    share = generator.uniform(0, 0.6, hands) * (generator.uniform(size=hands) < variation.mix)
    mixed: Floats = way.control + share[:, None, None] * (other - way.control)
    return mixed


def _mixes(one: Skeleton, other: Skeleton) -> bool:
    # halfway between ways that go around in opposite directions lies no digit
    return (
        one.signature == other.signature
        and float(np.abs(one.control - other.control).max()) < _KINDRED
    )


def _strayed(
    way: Skeleton, count: int, generator: np.random.Generator, variation: Variation
) -> Floats:
    path = way.control
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    near = np.exp(-0.5 * ((along[:, None] - along) / 35) ** 2)
    near *= way.strokes[:, None] == way.strokes
    root = _rounded(np.linalg.cholesky(near + 1e-3 * np.eye(len(path))))
    bend = variation.bend * np.matmul(root, generator.standard_normal((count, len(path), 2)))
    shift = variation.stroke * generator.standard_normal((count, way.strokes[-1] + 1, 2))
    strayed: Floats = bend + shift[:, way.strokes]
    first = np.searchsorted(way.strokes, np.unique(way.strokes))
    final = np.append(first[1:], len(path)) - 1
    for end, inner in ((first, first + 1), (final, final - 1)):
        longer = variation.end * generator.standard_normal((count, len(end), 1))
        strayed[:, end] += longer * (path[end] - path[inner])
    return strayed


def _style(count: int, generator: np.random.Generator, variation: Variation) -> Floats:
    # the few hands beyond twice the deviation would write what nobody can read
    normal = np.clip(generator.standard_normal((count, 14)), -2, 2)
    normal[:, 0] *= variation.aspect
    normal[:, 1] *= variation.slant
    normal[:, 2] *= variation.turn
    normal[:, 3] *= variation.thickness
    normal[:, 4:] *= variation.warp
    return normal


def _shaped(lines: Floats, style: Floats) -> Floats:
    """Bend, stretch, slant and turn the lines (S, K, 2), each in its own `style` (S, 14)."""
    x, y = lines[..., 0] / 50 - 1, lines[..., 1] / 50 - 1
    terms = np.stack([x * x, x * y, y * y, x * y * y, y * y * y], axis=2)
    warped = lines + np.matmul(terms, style[:, 4:].reshape(-1, 5, 2))
    x = (warped[..., 0] - 50) * np.exp(style[:, 0:1])
    y = warped[..., 1] - 50
    x = x - (style[:, 1:2] + LEAN) * y
    sine, cosine = np.sin(style[:, 2:3]), np.cos(style[:, 2:3])
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2)


def _pen(shape: tuple[int, int], thickness: Floats, generator: np.random.Generator) -> Floats:
    samples, points = shape
    place = np.linspace(0, 1, points)
    swell = generator.normal(0, 0.12, (samples, 3))
    pressure = 1 + np.matmul(
        swell, np.stack([np.cos(np.pi * place), np.cos(2 * np.pi * place), np.sin(3 * place)])
    )
    radii: Floats = THICKNESS * np.exp(thickness)[:, None] * np.clip(pressure, 0.5, 1.5)
    return radii
