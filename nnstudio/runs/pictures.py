"""Picture files as grey values for a model; the only module that imports Pillow."""

import struct
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from nnstudio.data.strokes import prepare_picture
from nnstudio.errors import NnstudioError
from nnstudio.runs.judge import takes_digits
from nnstudio.runs.model import Model

MAX_PIXELS: Final = 64_000_000
LARGEST_SIDE: Final = 1024  # pixels; more tell nothing about a digit
# what the many readers of Pillow raise for files that are cut off or overwritten
_DAMAGE: Final = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    struct.error,
)


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Give the grey values (H, W) of a picture file, 0 is black; what is transparent is white.

    A picture of more than `LARGEST_SIDE` pixels in width or height is shrunk to that.

    Raises
    ------
    NnstudioError
        When the file is missing, no picture, damaged, or of more than `MAX_PIXELS` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is then refused or mended here
            with Image.open(path) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _too_large(path)
                return _shrunk(_grey(ImageOps.exif_transpose(picture)))
    except Image.DecompressionBombError:
        raise _too_large(path) from None
    except UnidentifiedImageError:
        raise NnstudioError(
            "{file} is not a picture that can be read.",
            hint="PNG and JPEG files are, and many others.",
            file=path.name,
        ) from None
    except FileNotFoundError:
        raise NnstudioError(
            "There is no file {file}.", hint="Check its name.", file=str(path)
        ) from None
    except _DAMAGE as error:
        raise NnstudioError(
            "{file} cannot be read: {reason}.",
            hint="It may be damaged; choose another picture.",
            file=path.name,
            reason=getattr(error, "strerror", None) or str(error),
        ) from None


def _too_large(path: Path) -> NnstudioError:
    return NnstudioError(
        "{file} has more than {most} pixels.",
        hint="Make it smaller.",
        file=path.name,
        most=MAX_PIXELS,
    )


def _grey(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, np.float64)
        highest = 65535.0 if picture.mode.startswith("I") else max(float(values.max()), 1.0)
        return np.clip(np.rint(values * (255 / highest)), 0, 255).astype(np.uint8)
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return np.asarray(picture.convert("L"))


def _shrunk(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if max(grey.shape) <= LARGEST_SIDE:
        return grey
    picture = Image.fromarray(grey)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def picture_for(model: Model, path: Path) -> NDArray[Any] | None:
    """Give the raw inputs (H, W) that the model takes for a picture file; None for a blank one.

    Digits are fitted and centred as the model's training data were. Other pictures only get the
    model's size.

    Raises
    ------
    NnstudioError
        When the file cannot be read, or the model takes no pictures or has no classes.
    """
    if model.image_shape is None:
        raise NnstudioError(
            "This model takes no pictures.", hint="Choose a model that was trained on pictures."
        )
    if model.task != "classes":
        raise NnstudioError(
            "This model has no classes to tell pictures apart by.",
            hint="Choose a model that was trained on pictures with classes.",
        )
    grey = read_grey(path)
    if takes_digits(model):
        return prepare_picture(grey)
    height, width = model.image_shape
    if grey.shape != model.image_shape:
        grey = np.asarray(Image.fromarray(grey).resize((width, height), Image.Resampling.BOX))
    return grey
