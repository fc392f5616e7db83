"""Paper: what scanning does to ink; in whole numbers, so that every machine gives the same bytes.

As MNIST's were made: ink runs into the paper, a scanner blurs it and adds noise, a threshold makes
it black or white, and making it small gives grey edges again.
"""

from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.spec import Display, Field, spec

_AT_ONCE: Final = 256  # pictures; what is computed stays in the cache


@spec(title="none")
class NoPaper:
    """Clean lines, as a canvas gives them."""

    kind: Literal["none"] = "none"

    def scan(
        self, pictures: NDArray[np.uint8], *, generator: np.random.Generator
    ) -> NDArray[np.uint8]:
        """Give the pictures as they are."""
        del generator
        return pictures


@spec(
    title="scanned", help="Ink on paper, scanned: it bleeds, is blurred and noisy, and is cleaned."
)
class Scanned:
    """Strengths from 0 to 1; each picture has up to so much of each."""

    kind: Literal["scanned"] = "scanned"
    bleed: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Bleeding",
            description="How far ink runs, up to half a pixel: lines get thicker.",
        ),
        Display(unit="%"),
    ] = 0.5
    blur: Annotated[
        float,
        Field(ge=0, le=1, title="Blur", description="How soft the edges of lines get."),
        Display(unit="%"),
    ] = 0.5
    noise: Annotated[
        float,
        Field(ge=0, le=1, title="Noise", description="How uneven ink and paper are: grey specks."),
        Display(unit="%"),
    ] = 0.3
    threshold: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Threshold",
            description="How hard grey becomes ink or paper: edges get sharp, and thin lines "
            "break.",
        ),
        Display(unit="%"),
    ] = 0.5

    def scan(
        self, pictures: NDArray[np.uint8], *, generator: np.random.Generator
    ) -> NDArray[np.uint8]:
        """Give what a scanner makes of pictures (N, H, W), each in its own way.

        Parameters
        ----------
        pictures : ndarray of uint8, shape (N, H, W)
            Light ink on dark ground; not changed.
        generator : numpy.random.Generator
            Decides.
        """
        scanned = np.empty_like(pictures)
        for start in range(0, len(pictures), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            scanned[part] = self._some(pictures[part], generator)
        return scanned

    def _some(
        self, pictures: NDArray[np.uint8], generator: np.random.Generator
    ) -> NDArray[np.uint8]:
        strengths = generator.integers(0, 257, (len(pictures), 5), dtype=np.int32)[..., None, None]
        ink = pictures.astype(np.int32)
        # weights in 1/256: half of the neighbourhood's largest bleeds in at most
        bleed = strengths[:, 0] * round(self.bleed * 128) >> 8
        ink += (_widest(ink) - ink) * bleed >> 8
        blur = strengths[:, 1] * round(self.blur * 256) >> 8
        ink += (_around(ink) - ink) * blur >> 8
        if self.noise:
            grain = generator.integers(0, 256, ink.shape, dtype=np.uint8).astype(np.int32)
            grain -= 128
            grain *= strengths[:, 2] * round(self.noise * 256) >> 8
            grain >>= 8
            # paper is cleaner than ink is even
            grain *= ink + 24
            grain >>= 8
            ink += grain
        hard = strengths[:, 3] * round(self.threshold * 768) >> 8
        level = 128 + ((strengths[:, 4] - 128) * round(self.threshold * 100) >> 8)
        ink += (ink - level) * hard >> 8
        return np.clip(ink, 0, 255, out=ink).astype(np.uint8)


Paper = Annotated[
    NoPaper | Scanned,
    Field(
        discriminator="kind",
        title="Paper",
        description="What happens to the ink on its way into the computer.",
    ),
]


def _around(ink: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give each pixel's mean with its neighbours, weighted 1 2 1 down and across."""
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    mean: NDArray[np.int32] = (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) >> 4
    return mean


def _widest(ink: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the largest of each pixel and its four neighbours."""
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down = np.maximum(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
    across = np.maximum(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
    return np.maximum(ink, np.maximum(down, across))
