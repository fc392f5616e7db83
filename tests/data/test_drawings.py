"""Drawings keep their strokes through a file; whatever else is in a line is refused by its row."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.drawings import (
    LONGEST_LINE,
    MOST_POINTS,
    Drawing,
    of_line,
    read_drawings,
    to_line,
    write_drawings,
)
from nnstudio.data.progress import Cancelled
from nnstudio.data.strokes import SIDE, Stroke, prepare, standard_width
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text


def seven(*, label: str = "7", **settings: Any) -> Drawing:
    points = np.array([(10.0, 10.0), (60.25, 12.0), (30.0, 90.0)])
    bar = np.array([(25.0, 50.0), (55.0, 50.0)])
    return Drawing(label, (Stroke(points), Stroke(bar, np.array([0.5, 1.0]))), **settings)


def same(one: Drawing, other: Drawing) -> bool:
    def told(drawing: Drawing) -> object:
        strokes = [
            (stroke.points.tolist(), None if stroke.widths is None else stroke.widths.tolist())
            for stroke in drawing.strokes
        ]
        picture = None if drawing.picture is None else drawing.picture.tolist()
        return drawing.label, strokes, drawing.width, drawing.writer, drawing.source, picture

    return told(one) == told(other)


def read(line: str) -> Drawing:
    return of_line(line, file="digits.jsonl", row=3)


def test_a_drawing_comes_back_from_its_line() -> None:
    drawing = seven(width=7.5, writer="me", source="canvas")
    assert same(read(to_line(drawing)), drawing)


def test_a_pasted_photo_is_kept_as_its_picture() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    drawing = Drawing("4", picture=picture)
    assert same(read(to_line(drawing)), drawing)
    assert drawing.pixels() is picture


@pytest.mark.parametrize("label", ["7", "", "07", "seven", "三", "-1", "²"])
def test_every_name_of_a_class_comes_back(label: str) -> None:
    assert read(to_line(seven(label=label))).label == label


def test_a_drawing_of_unknown_pen_is_drawn_with_the_standard_one() -> None:
    drawing = seven()
    expected = prepare(drawing.strokes, width=standard_width(drawing.strokes))
    broad = seven(width=30.0).pixels()
    assert expected is not None
    assert broad is not None
    np.testing.assert_array_equal(drawing.pixels(), expected)
    assert not np.array_equal(broad, expected)


def test_a_dot_has_a_standard_width_and_a_picture() -> None:
    assert Drawing("1", (Stroke(np.array([(3.0, 4.0)])),)).pixels() is not None


POINTS = [[[1, 2], [3, 4]]]
ODD: dict[str, Any] = {
    "nothing": "",
    "cut off": '{"label": 7, "strokes": [[[1, 2], [3',
    "no object": [1, 2, 3],
    "no strokes": {"label": 7},
    "strokes of a kind": {"label": 7, "strokes": "many"},
    "a stroke of a kind": {"label": 7, "strokes": [7]},
    "empty": {"label": 7, "strokes": [[], []]},
    "a flat stroke": {"label": 7, "strokes": [[1, 2, 3]]},
    "points of three": {"label": 7, "strokes": [[[1, 2, 3]]]},
    "points of text": {"label": 7, "strokes": [[["1", "2"]]]},
    "points of truth": {"label": 7, "strokes": [[[True, False]]]},
    "points far away": '{"label": 7, "strokes": [[[1e300, 2]]]}',
    "points nowhere": '{"label": 7, "strokes": [[[NaN, 2]]]}',
    "points at infinity": '{"label": 7, "strokes": [[[1e999, 2]]]}',
    "numbers without end": '{"label": 7, "strokes": [[[' + "9" * 9000 + ", 2]]]}",
    "nested": '{"label": 7, "strokes": ' + "[" * 90_000 + "]" * 90_000 + "}",
    "many strokes": {"label": 7, "strokes": [[[1, 2]]] * 1001},
    "many points": {"label": 7, "strokes": [[[1, 2]] * (MOST_POINTS + 1)]},
    "a long line": '{"label": "' + "7" * LONGEST_LINE + '"}',
    "a label of a kind": {"label": {}, "strokes": POINTS},
    "a label of truth": {"label": True, "strokes": POINTS},
    "a label of 4000 letters": {"label": "x" * 4000, "strokes": POINTS},
    "a huge label": {"label": 10**4000, "strokes": POINTS},
    "a label with a bell": {"label": "\a", "strokes": POINTS},
    "no width": {"label": 7, "strokes": POINTS, "width": 0},
    "a width of text": {"label": 7, "strokes": POINTS, "width": "2"},
    "widths of one stroke": {"label": 7, "strokes": POINTS * 2, "widths": [None]},
    "widths of one point": {"label": 7, "strokes": POINTS, "widths": [[1.0]]},
    "widths above 1": {"label": 7, "strokes": POINTS, "widths": [[1.0, 1.5]]},
    "a small picture": {"label": 7, "picture": "AAAA"},
    "a picture of other letters": {"label": 7, "picture": "ä" * 1048},
    "a picture of a kind": {"label": 7, "picture": [0] * 784},
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD.keys())
def test_what_is_no_drawing_is_refused_with_file_and_row(line: Any) -> None:
    text = line if isinstance(line, str) else json.dumps(line)
    with pytest.raises(NnstudioError, match=r"Row 3 of digits\.jsonl is no drawing: "):
        read(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["label", "strokes", "width", "widths", "picture"]), json_values
    )
)
def test_any_object_is_a_drawing_with_a_picture_or_is_refused(found: dict[str, Any]) -> None:
    try:
        drawing = read(json.dumps(found))
    except NnstudioError:
        return
    pixels = drawing.pixels()
    assert pixels is not None
    assert pixels.shape == (SIDE, SIDE)


WHOLE = to_line(seven(width=5.0, writer="w"))


@given(st.integers(0, len(WHOLE) - 1), st.characters(codec="utf-8"))
def test_a_line_with_one_other_letter_is_a_drawing_or_is_refused(at: int, letter: str) -> None:
    try:
        drawing = read(WHOLE[:at] + letter + WHOLE[at + 1 :])
    except NnstudioError:
        return
    assert drawing.pixels() is not None


@pytest.mark.parametrize("name", ["digits.jsonl", "digits.jsonl.gz"])
def test_drawings_come_back_from_a_file_in_their_order(tmp_path: Path, name: str) -> None:
    drawings = [seven(label=str(number)) for number in range(300)]
    assert write_drawings(tmp_path / name, drawings) == 300
    assert [one.label for one in read_drawings(tmp_path / name)] == [one.label for one in drawings]


def test_the_same_drawings_make_the_same_compressed_bytes(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_drawings(tmp_path / name, [seven()])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_marks_of_windows_and_empty_lines_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "digits.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + f"{WHOLE}\r\n\r\n{WHOLE}\r\n".encode())
    assert len(list(read_drawings(file))) == 2


def test_the_row_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "digits.jsonl"
    file.write_text(f"{WHOLE}\n{WHOLE}\noops\n")
    with pytest.raises(NnstudioError, match=r"Row 3 of .*digits\.jsonl is no drawing: it is not"):
        list(read_drawings(file))


def test_other_letters_than_utf8_are_told_by_row(tmp_path: Path) -> None:
    file = tmp_path / "digits.jsonl"
    file.write_bytes(f"{WHOLE}\n".encode() + b"\xff\xfe\n")
    with pytest.raises(NnstudioError, match=r"Row 2 of .* is not text in UTF-8"):
        list(read_drawings(file))


def _damaged(whole: bytes) -> Iterator[bytes]:
    yield whole[: len(whole) // 2]
    yield whole[:-6]
    yield whole[:20] + b"\x00\xff\x00\xff" + whole[24:]
    yield whole[:2]
    yield whole + b"more"


def test_a_damaged_archive_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "digits.jsonl.gz"
    for content in _damaged(gzip.compress(f"{WHOLE}\n".encode() * 40)):
        file.write_bytes(content)
        with pytest.raises(NnstudioError, match=r"digits\.jsonl\.gz"):
            list(read_drawings(file))


def test_a_file_without_drawings_or_without_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"\n\n")
    with pytest.raises(NnstudioError, match="holds no drawings"):
        list(read_drawings(tmp_path / "empty.jsonl"))
    for missing in (tmp_path / "nothing.jsonl", tmp_path):
        with pytest.raises(NnstudioError, match="cannot be read"):
            list(read_drawings(missing))


def test_empty_rows_without_end_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.data.drawings.MOST_DRAWINGS", 50)
    file = tmp_path / "digits.jsonl.gz"
    file.write_bytes(gzip.compress(f"{WHOLE}\n".encode() + b"\n" * 500))
    with pytest.raises(NnstudioError, match="more than 100 rows"):
        list(read_drawings(file))
    file.write_bytes(gzip.compress(f"{WHOLE}\n".encode() + b" " * 100_000))
    with pytest.raises(NnstudioError, match="Row 2"):
        list(read_drawings(file))


def test_reading_can_be_ended(tmp_path: Path) -> None:
    write_drawings(tmp_path / "digits.jsonl", [seven()] * 3)

    def end(share: float | None, doing: Text) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(read_drawings(tmp_path / "digits.jsonl", end))


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "digits.jsonl").mkdir()
    with pytest.raises(NnstudioError, match="could not be saved"):
        write_drawings(tmp_path / "digits.jsonl", [seven()])
    assert (tmp_path / "digits.jsonl").is_dir()


def test_the_strokes_of_strangers_are_read(shared_data: Path) -> None:
    (file,) = (shared_data / "strokes").glob("*.jsonl.gz")
    drawings = list(read_drawings(file))
    assert len(drawings) == 1200
    assert {one.label for one in drawings} == set("0123456789")
    assert len({one.writer for one in drawings}) == 60


def test_drawings_go_into_the_file_as_they_come(tmp_path: Path) -> None:
    sizes: list[int] = []

    def many() -> Iterator[Drawing]:
        for _ in range(1500):
            yield Drawing(label="7", picture=np.zeros((28, 28), np.uint8))
        sizes.extend(one.stat().st_size for one in tmp_path.iterdir())

    assert write_drawings(tmp_path / "a.jsonl", many()) == 1500
    assert sizes[0] > 1_000_000


def test_a_line_that_is_too_long_is_said_so_whatever_its_letters_are(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("é" * LONGEST_LINE, encoding="utf-8")
    with pytest.raises(NnstudioError, match=r"Row 1 .* longer than"):
        list(read_drawings(tmp_path / "a.jsonl"))
