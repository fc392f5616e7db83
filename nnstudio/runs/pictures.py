"""What a model is given for a picture file."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from nnstudio.data.pictures import fitted, on_light_ground, read_grey
from nnstudio.data.strokes import prepare_picture
from nnstudio.errors import NnstudioError
from nnstudio.runs.judge import takes_digits
from nnstudio.runs.model import Model


def picture_for(model: Model, path: Path) -> NDArray[Any] | None:
    """Give the raw inputs (H, W) that the model takes for a picture file; None for a blank one.

    Digits are fitted and centred as the model's training data were. Other pictures only get the
    model's size, with their aspect kept, and are inverted where they lie on light ground.

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
    if path.is_dir():
        raise NnstudioError(
            "{file} is a folder, not a picture.",
            hint="Name the pictures in it, or judge the model on the folder with “evaluate”.",
            file=path,
        )
    grey = read_grey(path)
    if takes_digits(model):
        return prepare_picture(grey)
    return fitted(255 - grey if on_light_ground(grey) else grey, model.image_shape)
