"""What is done to a sample each time it is drawn for training; bits from the given generator alone.

Every picture is distorted anew. A limit of 0 changes nothing. Affine maps and erasing draw alike
whatever the limits are, so that two experiments that differ in one see otherwise equal pictures.
"""

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.data.erasing import DRAWS, erase, rectangles
from nnstudio.data.levels import BYTES, Levels
from nnstudio.data.warp import Floats, Warp
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import Text, mark, text

_AFFINE_DRAWS: Final = 6


@spec(title="none")
class NoAugmentation:
    """Every sample is used as it is."""

    kind: Literal["none"] = "none"

    def bind(
        self,
        image_shape: tuple[int, int] | None,
        inputs: int,
        *,
        levels: Levels = BYTES,
    ) -> "Augmenter | None":
        """Give None: there is nothing to do."""
        del image_shape, inputs, levels
        return None

    def problem(self, image_shape: tuple[int, int] | None) -> Text | None:
        """Give None: it suits all data."""
        del image_shape
        return None


@spec(
    title="distortions",
    help="Every time a picture is drawn for training it is moved, turned and bent a little in "
    "another way, so that the network cannot learn it by heart.",
)
class Distortions:
    """Affine maps, elastic distortion, erasing and noise, drawn anew for every sample.

    Affine limits as in Ciresan et al. 2010: uniform, width and height scaled apart, slanted, then
    turned about the centre, then shifted. Elastic distortion is that of Simard et al. 2003 with
    normal noise, which is what a sum over many pixels of uniform noise becomes; their strength
    alpha is here ``alpha / (2 sqrt(3 pi) smoothness)`` pixels. Erasing is that of Zhong et al. 2017
    with the background as filling.
    """

    kind: Literal["distortions"] = "distortions"
    shift: Annotated[
        float,
        Field(
            ge=0,
            le=1000,
            title="Shift",
            description="Up to so far up or down, and left or right.",
        ),
        Display(unit=mark("px")),
    ] = 1.5
    rotation: Annotated[
        float,
        Field(ge=0, le=180, title="Rotation", description="Up to so far to the left or right."),
        Display(unit="°"),
    ] = 10.0
    scale: Annotated[
        float,
        Field(
            ge=0,
            le=0.9,
            title="Scale",
            description="Width and height, each by itself, become up to so much larger or smaller.",
        ),
        Display(unit="%"),
    ] = 0.12
    shear: Annotated[
        float,
        Field(
            ge=0,
            le=60,
            title="Shear",
            description="Slanted up to so far to the left or right, as letters in italics are.",
        ),
        Display(unit="°"),
    ] = 7.0
    elastic: Annotated[
        float,
        Field(
            ge=0,
            le=100,
            title="Elastic",
            description="So far a pixel is displaced down and across, as a root mean square.",
        ),
        Display(unit=mark("px")),
    ] = 1.0
    smoothness: Annotated[
        float,
        Field(
            ge=1,
            le=100,
            title="Smoothness",
            description="Over about so many pixels the elastic displacement is the same.",
        ),
        Display(unit=mark("px"), advanced=True),
    ] = 5.0
    noise: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            title="Noise",
            description="Standard deviation of what is added to every input; 100 % is the range "
            "of a pixel, or the standard deviation of each input of data that are no pictures.",
        ),
        Display(unit="%"),
    ] = 0.0
    erasing: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Erasing",
            description="In so many of the pictures a rectangle becomes background.",
        ),
        Display(unit="%"),
    ] = 0.0
    erased: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="Erased area",
            description="The rectangle has up to so much of the picture.",
        ),
        Display(unit="%", advanced=True),
    ] = 0.2

    @property
    def moves(self) -> bool:
        """Tell whether pixels change their place."""
        return any((self.shift, self.rotation, self.scale, self.shear, self.elastic))

    def bind(
        self,
        image_shape: tuple[int, int] | None,
        inputs: int,
        *,
        levels: Levels = BYTES,
    ) -> "Augmenter | None":
        """Give what distorts samples of this shape, or None when that would change nothing.

        Parameters
        ----------
        image_shape : (int, int) or None
            Height and width in pixels; without them only noise acts.
        inputs : int
            Numbers of a sample.
        levels : Levels
            Of the data; of bytes when left out.
        """
        on_picture = image_shape is not None and (self.moves or self.erasing > 0)
        if not on_picture and self.noise == 0:
            return None
        return Augmenter(self, image_shape if on_picture else None, inputs, levels=levels)

    def problem(self, image_shape: tuple[int, int] | None) -> Text | None:
        """Give why this cannot be done to data of this shape, or None."""
        if image_shape is None and (self.moves or self.erasing > 0):
            return text("These data are no pictures: of the distortions only noise can be used.")
        return None


Augmentation = Annotated[
    NoAugmentation | Distortions,
    Field(
        discriminator="kind",
        title="Augmentation",
        description="What is done to a sample each time it is drawn for training.",
    ),
]


class Augmenter:
    """Distorts batches in place; holds buffers, so it belongs to one thread."""

    def __init__(
        self,
        settings: Distortions,
        image_shape: tuple[int, int] | None,
        inputs: int,
        *,
        levels: Levels,
    ) -> None:
        self._settings = settings
        self._shape = image_shape
        self._background = levels.background
        self._spread = np.broadcast_to(levels.spread, (inputs,)) * settings.noise
        self._warp: tuple[np.dtype[Any], Warp] | None = None

    def apply(self, samples: Floats, generator: Generator) -> None:
        """Distort the samples `samples` (B, D), C-contiguous and not yet scaled, in place.

        What happens to the sample in a row depends on the generator, the row and B, not on what
        the other rows hold.
        """
        settings, background = self._settings, self._background
        if self._shape is not None:
            draws = generator.random((len(samples), _AFFINE_DRAWS + DRAWS))
            if settings.moves:
                self._move(samples, draws[:, :_AFFINE_DRAWS], generator)
            if settings.erasing:
                share, area = settings.erasing, settings.erased
                where = rectangles(draws[:, _AFFINE_DRAWS:], self._shape, share=share, area=area)
                erase(samples.reshape(-1, *self._shape), where, background=background)
        if settings.noise:
            noise = generator.standard_normal(samples.shape, dtype=samples.dtype)
            noise *= self._spread.astype(samples.dtype)
            samples += noise

    def _move(self, samples: Floats, draws: NDArray[np.float64], generator: Generator) -> None:
        settings, warp = self._settings, self._warp_for(samples.dtype)
        displacement = None
        if settings.elastic:
            displacement = generator.standard_normal(
                (len(samples), 2, *warp.nodes), dtype=samples.dtype
            )
            displacement *= settings.elastic
        # what comes in from outside is 0: the background, once it is taken off
        if self._background:
            samples -= self._background
        warp.apply(samples, sampled_from(settings, 2 * draws - 1), displacement)
        if self._background:
            samples += self._background

    def _warp_for(self, dtype: np.dtype[Any]) -> Warp:
        if self._warp is None or self._warp[0] != dtype:
            assert self._shape is not None, "asked for pictures alone"  # noqa: S101 - cannot happen
            settings = self._settings
            smoothness = settings.smoothness if settings.elastic else None
            self._warp = dtype, Warp(self._shape, smoothness=smoothness, dtype=dtype)
        return self._warp[1]


def sampled_from(settings: Distortions, draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give from where pixels are taken (B, 2, 3), as `Warp.apply` wants it.

    Parameters
    ----------
    settings : Distortions
        The limits.
    draws : ndarray, shape (B, 6)
        From -1 to 1: shift down and across, rotation, scale of height and of width, shear.
    """
    down, across, turn, height, width, slant = draws.T
    angle = np.deg2rad(settings.rotation) * turn
    shear = np.tan(np.deg2rad(settings.shear) * slant)
    cosine, sine = np.cos(angle), np.sin(angle)
    # the inverse of: scale, slant, turn (to the left for y that points down), shift
    affine = np.empty((len(draws), 2, 3))
    affine[:, 0, 0] = cosine
    affine[:, 0, 1] = sine
    affine[:, 1, 0] = shear * cosine - sine
    affine[:, 1, 1] = shear * sine + cosine
    affine[:, 0] /= (1 + settings.scale * height)[:, None]
    affine[:, 1] /= (1 + settings.scale * width)[:, None]
    shift = settings.shift * np.stack([down, across], axis=1)
    affine[:, :, 2] = -(affine[:, :, 0] * shift[:, :1] + affine[:, :, 1] * shift[:, 1:])
    return affine
