"""Pictures become what the model was trained on, or are refused with one sentence."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nnstudio.data.catalogue import FashionMnist
from nnstudio.errors import NnstudioError
from nnstudio.nn.network import layout_of
from nnstudio.runs.model import Model
from nnstudio.runs.pictures import LARGEST_SIDE, MAX_PIXELS, picture_for, read_grey
from nnstudio.tasks import Task
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.recipe import Recipe

GREYS = np.array([[0, 64], [128, 255]], np.uint8)


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


def test_grey_values_come_as_they_are(path: Path) -> None:
    Image.fromarray(GREYS).save(path)
    np.testing.assert_array_equal(read_grey(path), GREYS)


def test_a_large_picture_is_shrunk_with_its_aspect_kept(path: Path) -> None:
    Image.new("L", (3000, 1500), 200).save(path)
    grey = read_grey(path)
    assert grey.shape == (LARGEST_SIDE // 2, LARGEST_SIDE)
    assert (grey == 200).all()


def test_colours_become_grey(path: Path) -> None:
    Image.new("RGB", (3, 2), (255, 255, 255)).save(path)
    np.testing.assert_array_equal(read_grey(path), np.full((2, 3), 255))


def test_what_is_transparent_is_white(path: Path) -> None:
    Image.new("RGBA", (3, 2), (0, 0, 0, 0)).save(path)
    np.testing.assert_array_equal(read_grey(path), np.full((2, 3), 255))


def test_a_palette_with_a_transparent_colour_is_read(path: Path) -> None:
    picture = Image.new("P", (3, 2), 0)
    picture.putpalette([0, 0, 0, 255, 255, 255])
    picture.save(path, transparency=0)
    np.testing.assert_array_equal(read_grey(path), np.full((2, 3), 255))


def test_sixteen_bits_are_brought_to_eight(path: Path) -> None:
    Image.fromarray(GREYS.astype(np.uint16) * 257).save(path)
    np.testing.assert_array_equal(read_grey(path), GREYS)


def test_floating_values_are_brought_to_eight_bits(tmp_path: Path) -> None:
    Image.fromarray(GREYS.astype(np.float32) / 255).save(tmp_path / "a.tiff")
    np.testing.assert_allclose(read_grey(tmp_path / "a.tiff"), GREYS, atol=1)


def test_a_turned_photograph_is_turned_back(tmp_path: Path) -> None:
    picture = Image.fromarray(np.zeros((10, 30), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert read_grey(tmp_path / "a.jpg").shape == (30, 10)


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(NnstudioError, match="no file"):
        read_grey(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="cannot be read"):
        read_grey(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_picture_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NnstudioError, match=r"picture\.png"):
        read_grey(path)


def test_a_picture_that_would_fill_the_memory_is_refused(path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    side = int(MAX_PIXELS**0.5) + 1
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))
    with pytest.raises(NnstudioError, match="pixels"):
        read_grey(path)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), place=st.integers(0, 399), new=st.binary(max_size=3))
def test_every_mutant_is_a_picture_or_refused(path: Path, cut: int, place: int, new: bytes) -> None:
    Image.fromarray(stroke()).save(path)
    data = path.read_bytes()
    path.write_bytes((data[:place] + new + data[place + len(new) :])[:cut])
    try:
        found = read_grey(path)
    except NnstudioError:
        return
    assert found.dtype == np.uint8
    assert found.ndim == 2


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
