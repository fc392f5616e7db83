"""Picture files as grey values, and pictures made to fit; the only module that imports Pillow.

Nothing here decides what is ink: a picture is inverted where its border is the lighter part, and
resized with its aspect kept, no more.
"""

import io
import struct
import warnings
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from nnstudio.errors import NnstudioError

MAX_PIXELS: Final = 64_000_000
LARGEST_SIDE: Final = 1024  # pixels; more tell nothing about a digit
ENDINGS: Final = frozenset(
    {
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp",
        ".pgm", ".ppm", ".pbm", ".pnm", ".tga", ".pcx", ".jp2", ".ico", ".avif",
    }
)  # fmt: skip
# those that other programs draw (EPS) are not among them: reading executes nothing
_FORMATS: Final = (
    "PNG", "JPEG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "TGA", "PCX", "JPEG2000", "ICO",
    "AVIF",
)  # fmt: skip
_TURNED: Final = frozenset({"JPEG", "TIFF", "WEBP", "MPO", "AVIF"})
# Pillow warns of what is then refused or mended here; once, for filters belong to all threads
warnings.filterwarnings("ignore", module=r"PIL\b")
_LEAST_CONTRAST: Final = 16
_BORDER_SHARE: Final = 1 / 3  # at most so much of the border may be darker on light ground
# what the many readers of Pillow raise for files that are cut off or overwritten
_DAMAGE: Final = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    struct.error,
    OverflowError,
    MemoryError,
    RuntimeError,
    Warning,  # where somebody made errors of them
)


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Give the grey values (H, W) of a picture file, 0 is black; what is transparent is white.

    A picture of more than `LARGEST_SIDE` pixels in width or height is shrunk to that.

    Raises
    ------
    NnstudioError
        When the file is missing, no picture, damaged, or of more than `MAX_PIXELS` pixels.
    """
    return shrunk(decoded(path, name=path.name))


def decoded(source: Path | str | BinaryIO, *, name: str) -> NDArray[np.uint8]:
    """Give the grey values (H, W) of a picture as it is, 0 is black; transparent is white.

    Parameters
    ----------
    source : Path, str or binary file
        Where it is read from.
    name : str
        What it is called when it cannot be read.

    Raises
    ------
    NnstudioError
        When it is missing, no picture, damaged, or of more than `MAX_PIXELS` pixels.
    """
    try:
        with Image.open(source, formats=_formats()) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(name)
            turned = picture.format in _TURNED or "exif" in picture.info
            return _grey(ImageOps.exif_transpose(picture) if turned else picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name) from None
    except UnidentifiedImageError:
        raise NnstudioError(
            "{file} is not a picture that can be read.",
            hint="PNG and JPEG files are, and many others.",
            file=name,
        ) from None
    except FileNotFoundError:
        raise NnstudioError(
            "There is no file {file}.", hint="Check its name.", file=str(source)
        ) from None
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None)
        if reason is None:
            # what the decoder says is for who wrote it
            raise NnstudioError(
                "{file} is damaged or not whole.", hint="Choose another picture.", file=name
            ) from None
        raise NnstudioError(
            "{file} cannot be read: {reason}.",
            hint="Choose another picture.",
            file=name,
            reason=reason,
        ) from None


@cache
def _formats() -> tuple[str, ...]:
    Image.init()  # Pillow knows few kinds of files before, and some builds lack one of these
    return tuple(one for one in _FORMATS if one in Image.OPEN)


def _too_large(name: str) -> NnstudioError:
    return NnstudioError(
        "{file} has more than {most} pixels.",
        hint="Make it smaller.",
        file=name,
        most=MAX_PIXELS,
    )


def _grey(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.asarray(picture, np.float64))
        highest = 65535.0 if picture.mode.startswith("I") else max(float(values.max()), 1.0)
        return np.clip(np.rint(values * (255 / highest)), 0, 255).astype(np.uint8)
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        picture = _laid_over(over, "white")
        if _is_even(picture) and not _is_even(over.getchannel("A")):
            picture = _laid_over(over, "black")  # white ink on nothing
    return np.asarray(picture if picture.mode == "L" else picture.convert("L"))


def _laid_over(picture: Image.Image, ground: str) -> Image.Image:
    return Image.alpha_composite(Image.new("RGBA", picture.size, ground), picture).convert("L")


def _is_even(picture: Image.Image) -> bool:
    values = np.asarray(picture)
    return int(values.max()) - int(values.min()) < _LEAST_CONTRAST


def shrunk(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give a picture of at most `LARGEST_SIDE` pixels in width and height, its aspect kept."""
    if max(grey.shape) <= LARGEST_SIDE:
        return grey
    picture = Image.fromarray(grey)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def on_light_ground(grey: NDArray[np.uint8]) -> bool:
    """Tell whether the border of a picture (H, W) is its lighter part.

    Two thirds of the border must be lighter than the middle between the darkest and the lightest
    pixel; of a picture without contrast, lighter than the middle grey. (No picture of MNIST,
    Fashion-MNIST or Semeion is taken for one on light ground.)
    """
    border = np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])
    low, high = int(grey.min()), int(grey.max())
    middle = (low + high) / 2 if high - low >= _LEAST_CONTRAST else 127.5
    return bool((border <= middle).mean() < _BORDER_SHARE)


def fitted(grey: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Give a picture (H, W) resized to `shape` with its aspect kept, in the middle.

    What is left over has the grey value of the picture's border (its median).
    """
    if grey.shape == shape:
        return grey
    share = min(shape[0] / grey.shape[0], shape[1] / grey.shape[1])
    height, width = (
        min(wanted, max(1, round(size * share)))
        for size, wanted in zip(grey.shape, shape, strict=True)
    )
    filter_ = Image.Resampling.BOX if share < 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(grey).resize((width, height), filter_))
    if small.shape == shape:
        return small
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    made = np.full(shape, round(float(np.median(border))), np.uint8)
    top, left = (shape[0] - height) // 2, (shape[1] - width) // 2
    made[top : top + height, left : left + width] = small
    return made


def png(grey: NDArray[np.uint8]) -> bytes:
    """Give the bytes of a PNG file of grey values (H, W)."""
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    return stream.getvalue()
