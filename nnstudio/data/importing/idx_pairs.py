"""IDX files as samples: every pair of pictures and labels that is there, the test part last."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from nnstudio.data.catalogue.idx_files import check_pair, idx_shape, read_idx
from nnstudio.data.importing.asked import MOST_PREVIEWED, Asked
from nnstudio.data.importing.found import Chunk, Found, in_order
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import text

_TEST_SIGNS: Final = frozenset({"t10k", "test"})


def pair_of(path: Path, asked: Asked) -> tuple[Path, Path]:
    """Give the IDX files of pictures and of labels, one of which `path` is."""
    if asked.labels and asked.labels != path.name:
        if Path(asked.labels).name != asked.labels:
            raise NnstudioError(
                "{name} is no file beside {file}.",
                hint="Name the file of labels without folders; it must lie beside the pictures.",
                name=asked.labels,
                file=path,
            )
        return path, path.with_name(asked.labels)
    if "labels" in path.name and "images" not in path.name:
        return _beside(path, "labels", "images", "idx1", "idx3"), path
    return path, _beside(path, "images", "labels", "idx3", "idx1")


def _beside(path: Path, has: str, wants: str, kind: str, other: str) -> Path:
    wanted = path.name.replace(has, wants).replace(kind, other)
    stem = wanted.removesuffix(".gz")
    for name in (wanted, stem, f"{stem}.gz"):
        found = path.with_name(name)
        if name != path.name and found.is_file():
            return found
    raise NnstudioError(
        "{file} has no labels: {labels} was expected beside it.",
        hint="Put the file of labels beside the pictures.",
        file=path,
        labels=wanted,
    )


def pairs_in(folder: Path, names: list[str], asked: Asked) -> list[tuple[Path, Path]]:
    """Give the pairs of IDX files in a folder; of a file and its packed copy only one counts.

    Raises
    ------
    NnstudioError
        When there are several sets, or labels are missing.
    """
    single = {name.removesuffix(".gz"): name for name in sorted(names, reverse=True)}
    pictures = [folder / name for name in sorted(single.values())]
    training = [one for one in pictures if not _is_test(one)]
    if len(training) > 1:
        raise NnstudioError(
            "{folder} holds several sets: {names}.",
            hint="Name the file of pictures that you mean.",
            folder=folder,
            names=", ".join(one.name for one in training[:6]),
        )
    return [pair_of(one, asked) for one in pictures]


def find_idx(pairs: list[tuple[Path, Path]], asked: Asked, told: Progress) -> Found:
    """Give what is known of one or more pairs of IDX files."""
    pairs = sorted(pairs, key=lambda pair: (_is_test(pair[0]), pair[0].name))

    shapes = [idx_shape(one, dimensions=3) for one, _ in pairs]
    tests = [shape[0] for (one, _), shape in zip(pairs, shapes, strict=True) if _is_test(one)]

    counts: Counter[str] = Counter()
    for _, labels in pairs:
        counts.update(map(str, read_idx(labels, dimensions=1, progress=told).tolist()))

    def chunks(progress: Progress) -> Iterator[Chunk]:
        for pictures, labels in pairs:
            yield _chunk(pictures, labels, progress, most=None)

    def glance(progress: Progress) -> Iterator[Chunk]:
        yield _chunk(*pairs[0], progress, most=MOST_PREVIEWED)

    return Found(
        kind=text("IDX files of pictures and labels"),
        nature="pixels",
        asked=replace(asked, labels=pairs[0][1].name if len(pairs) == 1 else ""),
        settings=("height", "width", "ground", "prepare", "classes"),
        chunks=chunks,
        glance=glance,
        count=sum(shape[0] for shape in shapes),
        classes=tuple((name, counts[name]) for name in in_order(list(counts))),
        test_count=sum(tests) if len(tests) < len(pairs) else 0,
    )


def _is_test(pictures: Path) -> bool:
    return not _TEST_SIGNS.isdisjoint(re.split("[^a-z0-9]+", pictures.name.lower()))


def _chunk(pictures: Path, labels: Path, progress: Progress, *, most: int | None) -> Chunk:
    inputs = read_idx(pictures, dimensions=3, progress=progress, most=most)
    targets = read_idx(labels, dimensions=1, progress=progress, most=most)
    check_pair(inputs, targets, classes=256, pictures=str(pictures), labels=str(labels))
    return Chunk(inputs, [str(number) for number in targets.tolist()])
