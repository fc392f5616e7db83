"""Pictures become what the model was trained on, or are refused with one sentence."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.catalogue import FashionMnist
from nnstudio.errors import NnstudioError
from nnstudio.nn.network import layout_of
from nnstudio.runs.model import Model
from nnstudio.runs.pictures import picture_for
from nnstudio.tasks import Task
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.recipe import Recipe


@pytest.fixture(scope="module")
def digits(model: Model) -> Model:
    return replace(
        model,
        recipe=Recipe(Experiment()),
        layout=layout_of(Experiment().network, inputs=784, outputs=10),
        image_shape=(28, 28),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture.png"


def stroke() -> np.ndarray:
    pixels = np.full((80, 50), 255, np.uint8)
    pixels[10:60, 30:36] = 20
    return pixels


def test_a_digit_is_fitted_and_centred(path: Path, digits: Model) -> None:
    Image.fromarray(stroke()).save(path)
    found = picture_for(digits, path)
    assert found is not None
    assert found.shape == (28, 28)
    rows, columns = np.nonzero(found > 127)
    assert rows.max() - rows.min() + 1 == pytest.approx(20, abs=1)
    assert columns.mean() == pytest.approx(14, abs=1)


def test_paper_without_ink_is_no_digit(path: Path, digits: Model) -> None:
    Image.fromarray(np.full((40, 40), 250, np.uint8)).save(path)
    assert picture_for(digits, path) is None


def test_what_is_no_digit_only_gets_the_size(path: Path, digits: Model) -> None:
    sources = (WeightedSource(source=FashionMnist()),)
    clothes = replace(digits, recipe=Recipe(Experiment(data=DataSettings(sources=sources))))
    pixels = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    np.testing.assert_array_equal(picture_for(clothes, path), pixels)
    Image.fromarray(pixels.repeat(2, axis=0).repeat(2, axis=1)).save(path)
    np.testing.assert_array_equal(picture_for(clothes, path), pixels)


def test_what_is_no_digit_on_light_ground_is_inverted_with_its_aspect_kept(
    path: Path, digits: Model
) -> None:
    sources = (WeightedSource(source=FashionMnist()),)
    clothes = replace(digits, recipe=Recipe(Experiment(data=DataSettings(sources=sources))))
    wide = np.full((20, 40), 255, np.uint8)
    wide[5:15, 10:30] = 0
    Image.fromarray(wide).save(path)
    found = picture_for(clothes, path)
    assert found is not None
    assert found.shape == (28, 28)
    assert not found[:7].any()
    assert found[14, 14] == 255


def test_a_model_without_pictures_is_said_so(path: Path, digits: Model) -> None:
    with pytest.raises(NnstudioError, match="takes no pictures"):
        picture_for(replace(digits, image_shape=None), path)


@pytest.mark.parametrize("task", ["labels", "values"])
def test_a_model_without_classes_takes_no_pictures_even_if_its_inputs_are_some(
    path: Path, digits: Model, task: Task
) -> None:
    Image.new("L", (28, 28)).save(path)
    with pytest.raises(NnstudioError, match="no classes to tell pictures apart by"):
        picture_for(replace(digits, task=task), path)


def test_a_folder_is_no_picture(tmp_path: Path, digits: Model) -> None:
    with pytest.raises(NnstudioError, match="is a folder"):
        picture_for(digits, tmp_path)
