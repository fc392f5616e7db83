"""Pictures in a folder or a zip archive: their classes stand in a table, in folders, or in names.

A table of file names and labels counts first, then folders, then the beginnings of file names.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from nnstudio.data.importing.asked import MOST_PREVIEWED, Asked
from nnstudio.data.importing.found import Chunk, Found, Paced, in_order
from nnstudio.data.importing.label_files import labelled, tables_in
from nnstudio.data.importing.piles import Pile
from nnstudio.data.pictures import ENDINGS, decoded
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_AT_ONCE: Final = 256
_TRAINING: Final = frozenset({"train", "training"})
_TESTING: Final = frozenset({"test", "testing", "t10k"})
_WATCHING: Final = frozenset({"val", "valid", "validation", "dev"})
_SIGNS: Final = "-_. ("


@dataclass(frozen=True, eq=False)
class _Sorted:
    """File names with their classes, those of the validation part and of the test part last."""

    files: Sequence[tuple[str, str]]
    how: Text
    remarks: tuple[Text, ...] = ()
    validation_count: int = 0
    test_count: int = 0
    settings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def find_pictures(pile: Pile, asked: Asked, told: Paced, *, table: str = "") -> Found:
    """Give what is known of the pictures in a pile before one is decoded.

    Parameters
    ----------
    pile : Pile
        Where they lie.
    asked : Asked
        How they are read.
    told : Paced
        Told that it goes on.
    table : str
        Name of the table that holds their classes, when one was chosen.

    Raises
    ------
    NnstudioError
        When there are none, or nothing says what their classes are.
    """
    pictures = [name for name in pile.names if _ending(name) in ENDINGS]
    if not pictures:
        raise NnstudioError(
            "{file} holds no pictures among its {count} files.",
            hint="Choose a folder or archive of pictures, or the file of samples itself.",
            file=pile.path,
            count=len(pile.names),
        )
    told(0, None)
    found, asked = _sorted(pile, pictures, asked, told, table=table)
    told(0, None)
    counts = Counter(label for _, label in found.files)
    rest = len(pile.names) - len(pictures) - bool(found.columns)
    remarks = (*found.remarks, *_remarks(rest, pile.links))

    def chunks(progress: Progress) -> Iterator[Chunk]:
        return _chunks(pile, found.files, Paced(progress, text("reading pictures")))

    def glance(progress: Progress) -> Iterator[Chunk]:
        told = Paced(progress, text("reading pictures"))
        return _chunks(pile, _spread(found.files, counts), told)

    return Found(
        kind=found.how,
        nature="files",
        asked=asked,
        settings=(*found.settings, "height", "width", "ground", "prepare", "classes"),
        chunks=chunks,
        glance=glance,
        count=len(found.files),
        classes=tuple((name, counts[name]) for name in in_order(list(counts))),
        remarks=remarks,
        columns=found.columns,
        validation_count=found.validation_count,
        test_count=found.test_count,
    )


def _ending(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""


def _remarks(others: int, links: int) -> Iterator[Text]:
    if links:
        yield text("{count} links to folders, or to nothing, are not followed.", count=links)
    if others > 0:
        yield text("{count} files that are no pictures are passed over.", count=others)


def _sorted(
    pile: Pile, pictures: list[str], asked: Asked, told: Paced, *, table: str
) -> tuple[_Sorted, Asked]:
    tables = [table] if table else tables_in(pile, asked)
    if tables:
        for name in tables:
            made = labelled(pile, name, pictures, asked, told, chosen=bool(table))
            if made is not None:
                remarks = list(made.remarks)
                missing = len(pictures) - len(made.files)
                if missing > 0:
                    remarks.append(
                        text(
                            "{count} pictures are not in {table}: they are left out.",
                            count=missing,
                            table=name,
                        )
                    )
                found = _Sorted(
                    files=made.files,
                    how=text("Pictures with their classes in {table}", table=name),
                    remarks=tuple(remarks),
                    settings=("labels", "samples", "header", "separator", "encoding"),
                    columns=made.columns,
                )
                return found, made.asked
    if any("/" in name for name in pictures):
        return _by_folder(in_order(pictures, told), asked, told)
    return _by_name(pile, in_order(pictures, told)), asked


def _by_folder(pictures: list[str], asked: Asked, told: Paced) -> tuple[_Sorted, Asked]:
    split = []
    for name in pictures:
        told(0, None)
        split.append(tuple(name.split("/")))
    outer = 0
    while len({parts[outer] for parts in split}) == 1 and all(len(p) > outer + 2 for p in split):
        outer += 1  # one folder around everything says nothing
    tops = {parts[outer].casefold() for parts in split}
    parted = tops <= _TRAINING | _TESTING | _WATCHING and bool(tops & (_TRAINING | _TESTING))
    parted = parted and all(len(parts) > outer + 2 for parts in split)
    first = outer + parted
    inner = asked.folders == "inner"
    training: list[tuple[str, str]] = []
    watching: list[tuple[str, str]] = []
    testing: list[tuple[str, str]] = []
    loose = 0
    for name, parts in zip(pictures, split, strict=True):
        told(0, None)
        if len(parts) < first + 2:
            loose += 1
            continue
        label = parts[-2] if inner else parts[first]
        part = parts[outer].casefold() if parted else ""
        group = testing if part in _TESTING else watching if part in _WATCHING else training
        group.append((name, label))
    remarks: list[Text] = []
    if loose:
        remarks.append(text("{count} pictures in no class folder are left out.", count=loose))
    if not training:
        # what is there alone is what there is to learn from
        training, watching, testing = watching or testing, [], testing if watching else []
    if watching:
        remarks.append(text("The folder of validation pictures becomes the validation part."))
    if testing:
        remarks.append(text("The folder of test pictures becomes the test part."))
    deep = any(len(parts) > first + 2 for parts in split)
    found = _Sorted(
        files=[*training, *watching, *testing],
        how=text("Pictures in a folder for each class"),
        remarks=tuple(remarks),
        validation_count=len(watching),
        test_count=len(testing),
        settings=("folders",) if deep else (),
    )
    return found, replace(asked, folders="inner" if inner else "outer")


def _by_name(pile: Pile, pictures: list[str]) -> _Sorted:
    files = [(name, _beginning(name)) for name in pictures]
    classes = {label for _, label in files}
    if "" in classes or not 2 <= len(classes) <= len(files) / 2:
        raise NnstudioError(
            "{file} holds {count} pictures and nothing that says what their classes are.",
            hint="Put them into a folder for each class, or a table labels.csv beside them with "
            "the columns file and label.",
            file=pile.path,
            count=len(files),
        )
    return _Sorted(
        files=files,
        how=text("Pictures whose names begin with their class"),
        remarks=(text("The class is what stands before the first “-” or “_” of the name."),),
    )


def _beginning(name: str) -> str:
    stem = PurePosixPath(name).stem
    places = [place for sign in _SIGNS if (place := stem.find(sign)) > 0]
    return stem[: min(places)].strip() if places else ""


def _spread(files: Sequence[tuple[str, str]], counts: Counter[str]) -> Sequence[tuple[str, str]]:
    """Give at most `MOST_PREVIEWED` files, as many of each class as there is room for."""
    each = max(1, MOST_PREVIEWED // max(1, len(counts)))
    taken: Counter[str] = Counter()
    found = []
    for one in files:
        if taken[one[1]] < each:
            taken[one[1]] += 1
            found.append(one)
            if len(found) == MOST_PREVIEWED:
                break
    return found


def _chunks(pile: Pile, files: Sequence[tuple[str, str]], told: Paced) -> Iterator[Chunk]:
    for start in range(0, len(files), _AT_ONCE):
        part = files[start : start + _AT_ONCE]
        pictures = []
        for place, (name, _) in enumerate(part, start):
            told(place, len(files))
            pictures.append(decoded(pile.source(name), name=f"{pile.path}/{name}"))
        yield Chunk(pictures, [label for _, label in part])


def opened_in(pile: Pile, name: str) -> BytesIO:
    """Give a file of a pile in memory."""
    return BytesIO(pile.content(name))
