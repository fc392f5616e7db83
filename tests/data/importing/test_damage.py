"""Every file that is cut off, overwritten or odd gives samples or one sentence, and stays as it is.

The quick tier draws some hundred of them, the slow one some thousand; none may raise anything else.
"""

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import look, read
from nnstudio.errors import NnstudioError
from tests.data.importing.made import every_kind, idx, picture, png, table, write, zipped

KINDS = every_kind()
RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

mutations = st.lists(
    st.tuples(
        st.sampled_from(["cut", "put", "drop", "twice"]), st.floats(0, 1), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=3,
)


def damaged(content: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    for what, share, new in changes:
        place = int(share * len(content))
        match what:
            case "cut":
                content = content[:place]
            case "put":
                content = content[:place] + new + content[place + len(new) :]
            case "drop":
                content = content[:place] + content[place + len(new) :]
            case _:
                content = content[:place] + content[max(0, place - 40) :]
    return content


def tried(path: Path, **asked: Any) -> str | None:
    """Give what was complained of; anything but one sentence is raised, and nothing is changed."""
    before = path.read_bytes() if path.is_file() else b""
    said = None
    for way in (look, read):
        try:
            found = way(path, Asked(**asked))
        except NnstudioError as error:
            said = str(error)
            assert said
            assert "\n" not in said
        else:
            assert found
    assert (path.read_bytes() if path.is_file() else b"") == before
    return said


def mangle(folder: Path, kind: str, changes: list[tuple[str, float, bytes]]) -> None:
    files = KINDS[kind]
    write(folder, files)
    path = folder / next(iter(files))
    path.write_bytes(damaged(path.read_bytes(), changes))
    tried(path)


@settings(max_examples=120, suppress_health_check=RELAXED)
@given(kind=st.sampled_from(sorted(KINDS)), changes=mutations)
def test_a_mutant_is_read_or_refused(
    tmp_path: Path, kind: str, changes: list[tuple[str, float, bytes]]
) -> None:
    mangle(tmp_path, kind, changes)


@pytest.mark.slow
@settings(max_examples=3000, suppress_health_check=RELAXED)
@given(kind=st.sampled_from(sorted(KINDS)), changes=mutations)
def test_thousands_of_mutants_are_read_or_refused(
    tmp_path: Path, kind: str, changes: list[tuple[str, float, bytes]]
) -> None:
    mangle(tmp_path, kind, changes)


cells = st.one_of(
    st.text(max_size=6),
    st.integers(-300, 70_000).map(str),
    st.floats().map(str),
    st.sampled_from(
        ["", '"', "'", "\0", "\ufeff", "=1+1", "0x10", "1e400", "-0", "٣", "1,5", "a.png"]
    ),
)


def mangle_table(folder: Path, rows: list[list[str]], separator: str, encoding: str) -> None:
    content = "\n".join(separator.join(row) for row in rows).encode(encoding, "replace")
    (folder / "a.csv").write_bytes(content)
    tried(folder / "a.csv")


tables = st.lists(st.lists(cells, max_size=5), max_size=6)
separators = st.sampled_from([",", ";", "\t", "|"])
encodings = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "gb18030", "latin-1"])


@settings(max_examples=80, suppress_health_check=RELAXED)
@given(rows=tables, separator=separators, encoding=encodings)
def test_a_table_of_anything_is_read_or_refused(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    mangle_table(tmp_path, rows, separator, encoding)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=RELAXED)
@given(rows=tables, separator=separators, encoding=encodings)
def test_thousands_of_tables_are_read_or_refused(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    mangle_table(tmp_path, rows, separator, encoding)


@settings(max_examples=40, suppress_health_check=RELAXED)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    tried(tmp_path / "a")


def chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def png_of(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data)


def npz_of(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, **arrays)
    return stream.getvalue()


def npy_claiming(shape: str) -> bytes:
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    body = b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + bytes(50)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.npy", body)
        archive.writestr("y.npy", body)
    return stream.getvalue()


ODD_FILES: dict[str, bytes] = {
    "huge.png": png_of(60_000, 60_000),
    "wide.png": png_of(2_000_000_000, 1),
    "nothing.png": png_of(0, 0),
    "depth.png": png_of(8, 8, depth=3),
    "colour.png": png_of(8, 8, colour=5),
    "is-text.png": b"dear reader",
    "is-html.csv": b"<html><body>404</body></html>",
    "eps.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "svg.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pickle.npz": npz_of(x=np.array([{}], object), y=np.arange(1)),
    "objects.npz": npz_of(x=np.zeros((2, 2)), y=np.array([None, {}], object)),
    "complex.npz": npz_of(x=np.zeros((2, 2), complex), y=np.arange(2)),
    "dates.npz": npz_of(x=np.zeros((2, 2)), y=np.array(["2020-01-01", "NaT"], "M8[D]")),
    "scalar.npz": npz_of(x=np.array(3), y=np.array(3)),
    "nan.npz": npz_of(x=np.full((2, 25), np.nan), y=np.arange(2)),
    "infinite.npz": npz_of(x=np.full((2, 5, 5), np.inf), y=np.arange(2)),
    "empty-words.npz": npz_of(x=np.zeros((2, 5)), y=np.array(["", "a"])),
    "big-labels.npz": npz_of(x=np.zeros((2, 5)), y=np.array([2**63, 1], np.uint64)),
    "many-names.npz": npz_of(
        x=np.zeros((2, 5, 5)), y=np.arange(2), class_names=np.array(["a", "a"])
    ),
    "claims.npz": npy_claiming("(99999999999, 99999999999)"),
    "negative.npz": npy_claiming("(-5, 10)"),
    "float-shape.npz": npy_claiming("(5.0, 10)"),
    "code-shape.npz": npy_claiming("(__import__('os').getpid(), 1)"),
    "deep-shape.npz": npy_claiming("(" * 40 + ")" * 40),
    "claims-images-idx3-ubyte": b"\0\0\x08\x03" + b"\xff" * 12,
    "float-images-idx3-ubyte": b"\0\0\x0d\x03" + bytes(12),
    "a-images-idx3-ubyte": idx(np.zeros((3, 0, 0), np.uint8)),
    "claims.gz": gzip.compress(b"\0\0\x08\x03" + b"\xff" * 12),
    "twice.csv.gz": gzip.compress(gzip.compress(table().encode())),
    "bomb.csv.gz": gzip.compress(bytes(8_000_000)),
    "long.csv": b"a," * 20_000,
    "one-cell.csv": b"1",
    "quotes.csv": b'"' * 1001,
    "quoted.csv": b'label,x\n"' + b"a" * 200_000 + b'",1\nb,2\n',
    "nul.csv": b"label,x\na,1\n\0\0\0\n",
    "half-utf-16.csv": b"\xff\xfe" + "label,x\na,1\nb,2\n".encode("utf-16-le")[:-1],
    "mixed.csv": "label,x\né,1\n".encode("latin-1") + "好,2\n".encode(),
    "tabs.csv": b"\t\t\t\n\t\t\t\n",
    "minus.csv": b"label,x\n-1,5\n-2,6\n",
    "same.csv": b"label,label,label\n1,2,3\n4,5,6\n",
    "deep.jsonl": b"[" * 100_000,
    "deep-object.jsonl": b'{"a":' * 50_000,
    "number.jsonl": b'{"label": 1e999, "strokes": [[[1, 2]]]}',
    "nan.jsonl": b'{"label": 1, "strokes": [[[NaN, 2]]]}',
    "labels.jsonl": b'{"label": "' + b"x" * 5000 + b'", "strokes": [[[1, 2]]]}',
    "none.jsonl": b"\n\n",
    "cut.zip": zipped({"a/0.png": png(picture())})[:-30],
    "empty.zip": zipped({}),
    "self.zip": zipped({"a.zip": zipped({"a/0.png": png(picture())})}),
    "npy.zip": zipped({"x.npy": b"", "y.npy": b"\x93NUMPY"}),
    "names.zip": zipped(
        {f"{'x' * 240}/{'y' * 240}.png": png(picture()), "b/0.png": png(picture())}
    ),
    "controls.zip": zipped({"a\x1b[2J/0.png": png(picture()), "b/0.png": png(picture())}),
    "braces.zip": zipped({"{file}/{0.__class__}.png": b"x", "b/{}.png": png(picture())}),
}


@pytest.mark.parametrize("name", sorted(ODD_FILES))
def test_an_odd_file_is_read_or_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(ODD_FILES[name])
    tried(tmp_path / name)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a/0.png": png(picture()), "b/0.png": png(picture())}))
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = content.index(sign)
        content[place + offset] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    said = tried(tmp_path / "a.zip")
    assert said is not None
    assert "a/0.png" in said


@settings(max_examples=30, suppress_health_check=RELAXED)
@given(
    labels=st.sampled_from(["", "label", "1", "99999999999999999999", "file", "../x", "a/b"]),
    samples=st.sampled_from(["", "images", "file", "x"]),
    header=st.sampled_from(["guessed", "yes", "no"]),
    values=st.sampled_from(["guessed", "pictures", "numbers"]),
    rows=st.sampled_from([None, 1, 7, 1000]),
    height=st.sampled_from([None, 1, 512]),
    encoding=st.sampled_from(["guessed", "utf-16", "gb18030", "latin-1"]),
    kind=st.sampled_from(sorted(KINDS)),
)
def test_whatever_is_asked_of_a_file_is_done_or_refused(
    tmp_path: Path, kind: str, **asked: Any
) -> None:
    write(tmp_path, KINDS[kind])
    tried(tmp_path / next(iter(KINDS[kind])), **asked)
