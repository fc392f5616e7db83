"""Pen: how a line becomes ink; from the path alone, its thickness along the way.

Where the hand turns it is slow, where it runs straight it is fast, and fast ink is thin. The speed
is that of the two-thirds power law (Lacquaniti, Terzuolo and Viviani 1983): a curvature to the
power of -1/3.
"""

from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.spec import Display, Field, spec
from nnstudio.texts import mark

Floats = NDArray[np.float64]

_LIGHTEST: Final = 0.45  # of the usual thickness
_HEAVIEST: Final = 1.6


@spec(title="Pen", help="What the pen and its ink do to a line.")
class Pen:
    """Thickness, pressure and flaws of the line; thickness is in pixels of the 28 × 28."""

    thickness: Annotated[
        float,
        Field(ge=1.2, le=6, title="Thickness", description="Usual width of the line."),
        Display(unit=mark("px")),
    ] = 2.4
    spread: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Pens differ",
            description="How unlike pens are: some lines are thin, others bold.",
        ),
        Display(unit="%"),
    ] = 0.29
    pressure: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            title="Pressure",
            description="How far a line swells and thins along a digit.",
        ),
        Display(unit="%"),
    ] = 0.12
    speed: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            title="Speed",
            description="How much thinner a line is where the pen is fast, and at the ends of a "
            "stroke.",
        ),
        Display(unit="%"),
    ] = 0.1
    nib: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            title="Broad nib",
            description="How much thicker lines of one direction are than those across it.",
        ),
        Display(unit="%"),
    ] = 0.08
    tremor: Annotated[
        float,
        Field(
            ge=0,
            le=0.05,
            title="Tremor",
            description="How far the line trembles from point to point, as a share of the height.",
        ),
        Display(unit="%"),
    ] = 0.006
    hooks: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Hooks",
            description="At so many ends of strokes the pen leaves a little hook.",
        ),
        Display(unit="%"),
    ] = 0.2
    gaps: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Gaps",
            description="In so many digits the ball of the pen skips once.",
        ),
        Display(unit="%"),
    ] = 0.04


def pace(line: Floats, last: NDArray[np.bool_]) -> Floats:
    """Give how thick a line (K, 2) is for the speed on it (K, 3): by turns, begins and ends.

    Each column has the mean 0; the first has the standard deviation 1.
    """
    step = np.diff(line, axis=0)
    length = np.hypot(step[:, 0], step[:, 1]) + 1e-9
    turn = np.zeros(len(line))
    cross = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
    turn[1:-1] = np.abs(np.arctan2(cross, (step[:-1] * step[1:]).sum(axis=1)))
    turn[1:-1] /= (length[:-1] + length[1:]) / 2
    turn[last] = 0
    turn[1:][last[:-1]] = 0
    # over five points: a hand cannot change its speed within one
    smooth = np.convolve(np.pad(turn, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    slow = np.cbrt(smooth + 0.01)
    slow = (slow - slow.mean()) / (slow.std() + 1e-9)
    first = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])
    ends = np.flatnonzero(last)
    place = np.arange(len(line))
    begins = np.exp(-((place[:, None] - first) ** 2) / 8.0).max(axis=1)
    stops = np.exp(-((place[:, None] - ends) ** 2) / 8.0).max(axis=1)
    columns = [slow, begins - begins.mean(), stops - stops.mean()]
    return np.stack(columns, axis=1)


def pressed(
    lines: Floats, paces: Floats, thickness: Floats, *, pen: Pen, generator: np.random.Generator
) -> Floats:
    """Give half the thickness (S, K) at the points of `lines` (S, K, 2), in pixels.

    Parameters
    ----------
    lines : ndarray of float64, shape (S, K, 2)
        The lines of S drawings of one way.
    paces : ndarray of float64, shape (K, 3)
        What `pace` gives for the way.
    thickness : ndarray of float64, shape (S,)
        Logarithm of the thickness by that of the usual pen.
    pen : Pen
        The pen.
    generator : numpy.random.Generator
        Decides.
    """
    samples, points = lines.shape[:2]
    place = np.linspace(0, np.pi, points)
    waves = np.stack([np.cos(place), np.cos(2 * place), np.cos(3 * place)])
    swell = generator.normal(0, 1, (samples, 6))
    swell[:, :3] *= pen.pressure
    swell[:, 3] = pen.speed * (1 + 0.7 * swell[:, 3])
    swell[:, 4:] *= pen.speed * 1.5
    share = 1 + np.matmul(swell, np.concatenate([waves, paces.T]))
    if pen.nib:
        share *= 1 + _nib(lines, pen.nib, generator)
    radii: Floats = np.clip(share, _LIGHTEST, _HEAVIEST)
    radii *= pen.thickness / 2 * np.exp(thickness)[:, None]
    return radii


def _nib(lines: Floats, strength: float, generator: np.random.Generator) -> Floats:
    draws = generator.normal(0, strength, (len(lines), 2))
    step = np.empty_like(lines)
    step[:, :-1] = lines[:, 1:] - lines[:, :-1]
    step[:, -1] = step[:, -2]
    across, down = step[..., 0], step[..., 1]
    aligned = across * across - down * down
    crosswise = across * down
    crosswise *= 2
    squared = across * across + down * down + 1e-9
    aligned *= draws[:, :1]
    crosswise *= draws[:, 1:]
    aligned += crosswise
    aligned /= squared
    return aligned
