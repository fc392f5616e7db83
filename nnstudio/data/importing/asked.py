"""What is asked of a file that is imported, and what a first look at it shows; empty is guessed."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.spec import Display, Field, spec
from nnstudio.texts import Text

MOST_PREVIEWED: Final = 64
LARGEST_SIDE: Final = 512
MOST_CELLS: Final = 1000

Side = Annotated[int, Field(ge=1, le=LARGEST_SIDE), Display(unit="px")]
Grid = Annotated[int, Field(ge=1, le=MOST_CELLS)]
Name = Annotated[str, Field(max_length=200)]


@spec(title="Class", help="What a class of the file is called here.")
class ClassName:
    """One class of the file and the class that it becomes."""

    found: Annotated[Name, Field(title="In the file", description="Its name in the file.")] = ""
    becomes: Annotated[
        Name,
        Field(
            title="Becomes",
            description="Its name here; two with the same name become one class. Empty: its "
            "samples are left out.",
        ),
    ] = ""


@spec(title="Import", help="How a file of samples is read; what is left open is guessed.")
class Asked:
    """How a file is read: one class for all kinds of files, each takes what concerns it."""

    labels: Annotated[
        Name,
        Field(
            title="Labels from",
            description="Column (name, or number from 1), array or file that holds the labels. "
            "Empty: guessed.",
        ),
    ] = ""
    samples: Annotated[
        Name,
        Field(
            title="Samples from",
            description="Array or column that holds the pictures or their file names. Empty: "
            "guessed.",
        ),
    ] = ""
    header: Annotated[
        Literal["guessed", "yes", "no"],
        Field(title="Header", description="Whether the first row of a table names its columns."),
        Display(choices=("Guessed", "In the first row", "None")),
    ] = "guessed"
    separator: Annotated[
        Literal["guessed", "comma", "semicolon", "tab"],
        Field(title="Separator", description="What stands between two columns of a table."),
        Display(choices=("Guessed", "Comma", "Semicolon", "Tab"), advanced=True),
    ] = "guessed"
    encoding: Annotated[
        Literal["guessed", "utf-8", "utf-16", "gb18030", "latin-1"],
        Field(title="Encoding", description="How letters are written in a file of text."),
        Display(choices=("Guessed", "UTF-8", "UTF-16", "GB 18030 (GBK)", "Latin-1"), advanced=True),
    ] = "guessed"
    values: Annotated[
        Literal["guessed", "pictures", "numbers"],
        Field(
            title="Values",
            description="Whether the numbers of a row are the pixels of a square picture, or just "
            "numbers.",
        ),
        Display(choices=("Guessed", "Pixels", "Numbers"), advanced=True),
    ] = "guessed"
    folders: Annotated[
        Literal["guessed", "outer", "inner"],
        Field(
            title="Class folder",
            description="Which folder names the class where folders lie within folders.",
        ),
        Display(choices=("Guessed", "Outermost", "Innermost")),
    ] = "guessed"
    rows: Annotated[
        Grid | None,
        Field(title="Rows", description="Rows of pictures on a sheet. Empty: guessed."),
    ] = None
    columns: Annotated[
        Grid | None,
        Field(title="Columns", description="Pictures in a row of a sheet. Empty: guessed."),
    ] = None
    sheet: Annotated[
        Literal["guessed", "rows", "columns", "one"],
        Field(title="Classes of a sheet", description="What has a class of its own on a sheet."),
        Display(choices=("Guessed", "Each row", "Each column", "The whole sheet")),
    ] = "guessed"
    label: Annotated[
        Name,
        Field(
            title="Class of the sheet",
            description="Class of all its pictures where the whole sheet is of one. Empty: the "
            "name of the file.",
        ),
    ] = ""
    height: Annotated[
        Side | None,
        Field(
            title="Height",
            description="Height of the pictures here. Empty: as it is where all are equal and "
            "small, else 28.",
        ),
    ] = None
    width: Annotated[
        Side | None,
        Field(
            title="Width",
            description="Width of the pictures here. Empty: as it is where all are equal and "
            "small, else 28.",
        ),
    ] = None
    ground: Annotated[
        Literal["guessed", "dark", "light"],
        Field(
            title="Ground",
            description="Pictures on light ground are inverted, so that 0 is the ground.",
        ),
        Display(choices=("Guessed from the border", "Dark", "Light"), advanced=True),
    ] = "guessed"
    prepare: Annotated[
        bool,
        Field(
            title="Prepare like a drawing",
            description="Fits the ink into 20 × 20 pixels and centres it in 28 × 28, as MNIST was "
            "made. Right for digits and letters only.",
        ),
    ] = False
    classes: Annotated[
        tuple[ClassName, ...],
        Field(
            max_length=10_000,
            title="Classes",
            description="New names for classes; those that are not listed keep theirs.",
        ),
    ] = ()


@dataclass(frozen=True, eq=False)
class Preview:
    """What a first look at a file shows; nothing was read whole, nothing was taken.

    Attributes
    ----------
    kind : Text
        What kind of file it is, in words.
    count : int or None
        How many samples there are; None when only reading all would tell.
    classes : tuple of (str, int or None)
        Class names as they are in the file (before `Asked.classes`), with their samples where
        they are known. Of a long table only the classes of its first rows.
    pictures : ndarray of uint8, shape (n, H, W)
        At most 64 samples as they will be, 0 is the ground; n is 0 where samples are no pictures.
    labels : tuple of str
        Classes of these samples, as in the file.
    remarks : tuple of Text
        What a person should know: guesses, and what is left out.
    columns : tuple of str
        Names of the columns of a table or of the arrays of a file.
    rows : tuple of tuple of str
        The first rows of a table as they are written.
    asked : Asked
        What was asked with what was guessed filled in; asking it gives the same.
    settings : tuple of str
        Names of the fields of `Asked` that mean something for this file, for a form.
    """

    kind: Text
    count: int | None
    classes: tuple[tuple[str, int | None], ...]
    pictures: NDArray[np.uint8]
    labels: tuple[str, ...]
    remarks: tuple[Text, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    asked: Asked
    settings: tuple[str, ...]
