"""Picture files become grey values, or are refused with one sentence; fitting keeps the aspect."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nnstudio.data.pictures import (
    LARGEST_SIDE,
    MAX_PIXELS,
    fitted,
    on_light_ground,
    png,
    read_grey,
)
from nnstudio.errors import NnstudioError

GREYS = np.array([[0, 64], [128, 255]], np.uint8)


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


def test_fitting_keeps_the_aspect_and_fills_with_the_ground() -> None:
    wide = np.full((10, 40), 200, np.uint8)
    wide[4:6, 10:30] = 0
    found = fitted(wide, (28, 28))
    assert found.shape == (28, 28)
    assert (found[:10] == 200).all()
    assert (found[18:] == 200).all()
    rows, columns = np.nonzero(found < 100)
    assert np.ptp(columns) > 3 * np.ptp(rows)


def test_a_small_picture_grows_and_one_that_fits_stays_as_it_is() -> None:
    grown = fitted(GREYS, (4, 6))
    assert grown.shape == (4, 6)
    assert fitted(GREYS, (2, 2)) is GREYS


def test_a_very_long_picture_keeps_a_pixel() -> None:
    assert fitted(np.full((1, 900), 9, np.uint8), (28, 28)).shape == (28, 28)


@pytest.mark.parametrize(
    ("ground", "ink", "light"), [(255, 0, True), (0, 255, False), (110, 30, True), (90, 200, False)]
)
def test_light_ground_is_told_by_the_border(ground: int, ink: int, light: bool) -> None:  # noqa: FBT001 - pytest passes it
    grey = np.full((9, 8), ground, np.uint8)
    grey[3:6, 3:9] = ink
    assert on_light_ground(grey) == light
    assert on_light_ground(np.full((3, 3), ground, np.uint8)) == (ground > 127)


def test_a_png_holds_the_same_grey_values(path: Path) -> None:
    path.write_bytes(png(stroke()))
    np.testing.assert_array_equal(read_grey(path), stroke())


def test_white_ink_on_nothing_is_seen(path: Path) -> None:
    ink = Image.new("LA", (9, 9), (255, 0))
    ink.paste((255, 255), (3, 3, 6, 6))
    ink.save(path)
    grey = read_grey(path)
    assert (grey[4, 4], grey[0, 0]) == (255, 0)


def test_a_picture_that_is_cut_off_is_told_in_plain_words(tmp_path: Path) -> None:
    whole = tmp_path / "whole.png"
    Image.effect_noise((60, 60), 90).save(whole)
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole.read_bytes()[:1500])
    with pytest.raises(NnstudioError, match=r"^cut\.png is damaged or not whole\."):
        read_grey(cut)
