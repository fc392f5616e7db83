"""What a person drew, with its class, as lines of JSON; a line that does not fit is said by row.

A line is an object ``{"label": 7, "writer": "", "source": "", "strokes": [[[x, y], ...], ...]}``
with x to the right and y downwards. It may have the ``width`` of the pen in the unit of the points,
``widths``, the share of it at each point by stroke, or, in place of strokes, a ``picture`` of
28 × 28 bytes in base64. Other fields are passed over.
"""

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.class_names import is_plain_number
from nnstudio.data.progress import Progress, silent
from nnstudio.data.strokes import SIDE, Stroke, prepare, standard_width
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text
from nnstudio.whole_files import Sink, write_streamed

MOST_POINTS: Final = 20_000
MOST_STROKES: Final = 1_000
MOST_DRAWINGS: Final = 1_000_000
LONGEST_LINE: Final = 2_000_000  # bytes; the most points with widths have fewer
LONGEST_NAME: Final = 100
_LONGEST_BLANK: Final = 200  # letters of a row that counts as empty
_FARTHEST: Final = 1e9  # keeps squares and sums of coordinates finite
_THINNEST: Final = 1e-6  # and this their quotients
_TOLD_EVERY: Final = 256  # lines


class UnfitDrawingError(Exception):
    """Why a line is no drawing."""

    def __init__(self, told: Text) -> None:
        super().__init__(told.template)
        self.told = told


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing and what it is.

    Attributes
    ----------
    label : str
        Name of its class; empty when that is not known.
    strokes : tuple of Stroke
        Lines in the order of drawing; empty when there is a picture instead.
    width : float or None
        Full width of the pen in the unit of the points; None when it is not known.
    writer, source : str
        Who drew it, and where it is from.
    picture : ndarray of uint8, shape (28, 28), or None
        Light ink on dark ground, as a network sees it: what was pasted instead of drawn.
    """

    label: str
    strokes: tuple[Stroke, ...] = ()
    width: float | None = None
    writer: str = ""
    source: str = ""
    picture: NDArray[np.uint8] | None = None

    def pixels(self) -> NDArray[np.uint8] | None:
        """Give the picture (28, 28) that a network sees, or None when nothing is drawn."""
        if self.picture is not None:
            return self.picture
        width = self.width if self.width is not None else standard_width(self.strokes)
        return prepare(self.strokes, width=width)


def to_line(drawing: Drawing) -> str:
    """Give a drawing as one line of JSON, without the end of the line."""
    label = drawing.label
    found: dict[str, Any] = {
        "label": int(label) if is_plain_number(label) else label,
        "source": drawing.source,
        "writer": drawing.writer,
    }
    if drawing.picture is not None:
        packed = np.ascontiguousarray(drawing.picture).tobytes()
        found["picture"] = base64.b64encode(packed).decode("ascii")
    else:
        found["strokes"] = [_rounded(stroke.points) for stroke in drawing.strokes]
    if drawing.width is not None:
        found["width"] = round(float(drawing.width), 4)
    if any(stroke.widths is not None for stroke in drawing.strokes):
        found["widths"] = [
            None if stroke.widths is None else _rounded(stroke.widths) for stroke in drawing.strokes
        ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _rounded(values: NDArray[np.floating]) -> list[Any]:
    rounded: list[Any] = np.round(np.asarray(values, dtype=np.float64), 3).tolist()
    return rounded


def of_line(line: str, *, file: Path | str, row: int) -> Drawing:
    """Give the drawing in a line of JSON.

    Parameters
    ----------
    line : str
        With or without the end of the line.
    file : Path or str
        Named when the line does not fit.
    row : int
        Its number in the file, counted from 1.

    Raises
    ------
    NnstudioError
        When it is no drawing, with the reason.
    """
    try:
        return of_object(parsed(line))
    except UnfitDrawingError as error:
        raise NnstudioError(
            "Row {row} of {file} is no drawing: {reason}.",
            hint="Mend or remove that row; a drawing has a label and strokes of points [x, y].",
            row=row,
            file=str(file),
            reason=error.told,
        ) from None


def parsed(line: str) -> dict[str, Any]:
    """Give the object in a line of JSON.

    Raises
    ------
    UnfitDrawingError
        When there is none.
    """
    if len(line) > LONGEST_LINE:
        raise UnfitDrawingError(text("it is longer than {most} characters", most=LONGEST_LINE))
    try:
        found = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnfitDrawingError(text("it is not JSON")) from None
    if not isinstance(found, dict):
        raise UnfitDrawingError(text("it is not a JSON object"))
    return found


def _no_number(name: str) -> NoReturn:
    raise UnfitDrawingError(text("it holds {value}, which is no number", value=name))


def of_object(found: dict[str, Any]) -> Drawing:
    """Give the drawing in an object of JSON.

    Raises
    ------
    UnfitDrawingError
        When a field is missing or does not fit.
    """
    packed = found.get("picture")
    picture = None if packed is None else _picture(packed)
    strokes = () if picture is not None else _strokes(found.get("strokes"), found.get("widths"))
    return Drawing(
        label=_name(found.get("label"), "label"),
        strokes=strokes,
        width=_width(found.get("width")),
        writer=_name(found.get("writer"), "writer"),
        source=_name(found.get("source"), "source"),
        picture=picture,
    )


def _name(value: object, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UnfitDrawingError(text("its “{field}” is no name", field=field))
    if isinstance(value, int) and abs(value) >= 10**18:
        raise UnfitDrawingError(text("its “{field}” is no name", field=field))
    name = str(value).strip()
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise UnfitDrawingError(
            text(
                "its “{field}” is longer than {most} letters or has others than letters in it",
                field=field,
                most=LONGEST_NAME,
            )
        )
    return name


def _width(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitDrawingError(text("its “width” is no number"))
    if not _THINNEST <= value <= _FARTHEST:
        raise UnfitDrawingError(text("its “width” is not positive, or too large"))
    return float(value)


def _picture(packed: object) -> NDArray[np.uint8]:
    wrong = UnfitDrawingError(
        text("its “picture” is not {side} × {side} bytes in base64", side=SIDE)
    )
    if not isinstance(packed, str):
        raise wrong
    try:
        content = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise wrong from None
    if len(content) != SIDE * SIDE:
        raise wrong
    return np.frombuffer(content, dtype=np.uint8).reshape(SIDE, SIDE)


def _strokes(value: object, widths: object) -> tuple[Stroke, ...]:
    if value is None:
        raise UnfitDrawingError(text("it has no “strokes”"))
    if not isinstance(value, list):
        raise UnfitDrawingError(text("its “strokes” are no list"))
    if len(value) > MOST_STROKES:
        raise UnfitDrawingError(text("it has more than {most} strokes", most=MOST_STROKES))
    if widths is not None and not (isinstance(widths, list) and len(widths) == len(value)):
        raise UnfitDrawingError(text("its “widths” do not go with its strokes"))
    if any(not isinstance(one, list) for one in value):
        raise UnfitDrawingError(text("a stroke is no list of points"))
    if sum(len(one) for one in value) > MOST_POINTS:
        raise UnfitDrawingError(text("it has more than {most} points", most=MOST_POINTS))
    found = tuple(
        Stroke(_points(one), _shares(None if widths is None else widths[number], len(one)))
        for number, one in enumerate(value)
        if one
    )
    if not found:
        raise UnfitDrawingError(text("it has no points"))
    return found


def _points(stroke: list[Any]) -> NDArray[np.float64]:
    for point in stroke:
        if not isinstance(point, list) or len(point) != 2 or not all(map(_is_place, point)):
            raise UnfitDrawingError(text("a point is not two numbers [x, y]"))
    return np.array(stroke, dtype=np.float64)


def _is_place(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -_FARTHEST <= value <= _FARTHEST


def _shares(value: object, count: int) -> NDArray[np.float64] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != count or not all(map(_is_share, value)):
        raise UnfitDrawingError(text("its “widths” are not a share from 0 to 1 for each point"))
    return np.array(value, dtype=np.float64)


def _is_share(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1


def read_drawings(path: Path, progress: Progress = silent) -> Iterator[Drawing]:
    """Give the drawings in a file, one after another; it is never in memory as a whole.

    Parameters
    ----------
    path : Path
        Lines of JSON in UTF-8, compressed when it starts as gzip does; empty lines are passed
        over.
    progress : Progress
        May end the work by raising `Cancelled`.

    Raises
    ------
    NnstudioError
        When the file cannot be read, is damaged, holds no drawing, or too many; or with the row
        of the first line that is none.
    """
    count = 0
    for row, line in _lines(path, progress):
        if row > 2 * MOST_DRAWINGS:
            raise NnstudioError(
                "{file} has more than {most} rows.",
                hint="Cut it into several files.",
                file=str(path),
                most=2 * MOST_DRAWINGS,
            )
        if len(line) <= _LONGEST_BLANK and not line.strip():
            continue
        count += 1
        if count > MOST_DRAWINGS:
            raise NnstudioError(
                "{file} has more than {most} drawings.",
                hint="Cut it into several files.",
                file=str(path),
                most=MOST_DRAWINGS,
            )
        yield of_line(line, file=path, row=row)
    if not count:
        raise NnstudioError(
            "{file} holds no drawings.", hint="Choose another file.", file=str(path)
        )


def _lines(path: Path, progress: Progress) -> Iterator[tuple[int, str]]:
    doing = text("reading drawings")
    row = 0
    try:
        with path.open("rb") as raw:
            size = max(1, path.stat().st_size)
            gzipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            lines = gzip.GzipFile(fileobj=raw) if gzipped else raw
            while line := lines.readline(LONGEST_LINE + 1):
                row += 1
                if row % _TOLD_EVERY == 1:
                    progress(min(1.0, raw.tell() / size), doing)
                # a line that is too long ends anywhere, perhaps within a letter
                letters = "utf-8-sig" if row == 1 else "utf-8"
                yield row, line.decode(letters if len(line) <= LONGEST_LINE else "latin-1")
    except UnicodeDecodeError:
        raise NnstudioError(
            "Row {row} of {file} is not text in UTF-8.",
            hint="Choose a file of JSON lines, or save it in UTF-8.",
            row=row,
            file=str(path),
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NnstudioError(
            "{file} is damaged after row {row}: {reason}.",
            hint="Copy or download the file again.",
            file=str(path),
            row=row,
            reason=str(error),
        ) from None
    except OSError as error:
        raise NnstudioError(
            "{file} cannot be read: {reason}.",
            hint="Check that it is there and may be read.",
            file=str(path),
            reason=error.strerror or type(error).__name__,
        ) from None


def write_drawings(path: Path, drawings: Iterable[Drawing]) -> int:
    """Write drawings into a file, whole or not at all, and give how many they were.

    Parameters
    ----------
    path : Path
        Compressed when its name ends in ``.gz``; the same drawings give the same bytes.
    drawings : iterable of Drawing
        Written in this order.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there stays.
    """
    count = 0

    def write(lines: Sink) -> None:
        nonlocal count
        for one in drawings:
            lines.write(f"{to_line(one)}\n".encode())
            count += 1

    def fill(sink: Sink) -> None:
        if path.suffix != ".gz":
            write(sink)
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=sink, mtime=0) as lines:
            write(lines)

    try:
        write_streamed(path, fill)
    except OSError as error:
        raise NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Choose another folder, or make room on the disk.",
            file=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error
    return count
