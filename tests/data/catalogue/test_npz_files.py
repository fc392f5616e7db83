"""NumPy files: arrays come back as they were, and what is hostile or damaged is refused."""

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.catalogue.npz_files import array_shapes, read_npz
from nnstudio.errors import NnstudioError

VALUES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def header(shape: str, *, descr: str = "'|u1'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def archive(path: Path, member: bytes, *, name: str = "x.npy") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, member)
    return path


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_come_back_as_they_were(
    tmp_path: Path, save: Callable[..., None], order: Literal["C", "F"]
) -> None:
    path = tmp_path / "a.npz"
    save(path, x=np.asarray(VALUES, order=order), y=np.array([1.5], dtype=np.float32))
    read = read_npz(path, ("x", "y"))
    np.testing.assert_array_equal(read["x"], VALUES)
    assert read["y"].dtype == np.float32
    assert tuple(array_shapes(path)) == ("x", "y")


def refused(path: Path) -> str:
    with pytest.raises(NnstudioError) as caught:
        read_npz(path, ("x",))
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_missing_array_is_refused_with_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, other=VALUES)
    assert "no array x, but other.npy" in refused(path)


def test_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(b"hello")
    assert "no sound zip archive" in refused(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "a.npz")


class _Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("something in the file was executed",))


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, x=np.array([_Harmful()], dtype=object), allow_pickle=True)
    assert "holds no numbers" in refused(path)
    archive(path, header("(1,)", descr="'|O'") + pickle.dumps(_Harmful()))
    assert "holds no numbers" in refused(path)


def test_a_header_that_claims_more_than_is_there_is_refused(tmp_path: Path) -> None:
    said = refused(archive(tmp_path / "a.npz", header("(4000000000, 4000000000)") + bytes(9)))
    assert "claims 16000000000000000000 bytes" in said


def test_less_than_the_header_claims_and_more_are_refused(tmp_path: Path) -> None:
    assert "not the size" in refused(archive(tmp_path / "a.npz", header("(9,)") + bytes(10)))
    assert "not the size" in refused(archive(tmp_path / "b.npz", header("(120,)") + bytes(10)))


def test_a_negative_size_is_refused(tmp_path: Path) -> None:
    refused(archive(tmp_path / "a.npz", header("(-3,)") + bytes(10)))


def test_a_member_without_a_numpy_header_is_refused(tmp_path: Path) -> None:
    assert "no NumPy header" in refused(archive(tmp_path / "a.npz", b"nothing of that kind"))


def test_a_zip_entry_that_claims_a_gigantic_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.npz", header("(9,)") + bytes(9))
    content = path.read_bytes()
    true_size = (len(header("(9,)")) + 9).to_bytes(4, "little")
    path.write_bytes(content.replace(true_size, b"\xf0\xff\xff\x7f"))
    assert "claims" in refused(path)


@given(st.data())
def test_damage_is_refused_or_leaves_the_values_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    made = io.BytesIO()
    np.savez_compressed(made, x=VALUES)
    content = bytearray(made.getvalue())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path_factory.mktemp("damaged") / "a.npz"
    path.write_bytes(content)
    try:
        read = read_npz(path, ("x",))["x"]
    except NnstudioError as error:
        assert str(path) in str(error)  # noqa: PT017 - being refused is one of two right ends
    else:
        np.testing.assert_array_equal(read, VALUES)
