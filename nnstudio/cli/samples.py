"""nnstudio samples: samples of a source written into a file."""

import argparse
import sys
from pathlib import Path

from nnstudio.cli.naming import changed, readable
from nnstudio.cli.reply import DONE, UsageError, tell
from nnstudio.data.catalogue import DataPlaces, Source
from nnstudio.data.catalogue.imported import own_sets
from nnstudio.data.exporting import ENDINGS, MOST_SAMPLES, export_samples
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.texts import Text, tr


def describe(writing: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `samples`."""
    writing.set_defaults(command=run)
    writing.add_argument(
        "source",
        metavar="SOURCE",
        help=tr(
            "one of these sources: {sources}; or the name of an imported set",
            sources=", ".join(readable()),
        ),
    )
    writing.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help=tr("file to write; its ending says what: {endings}", endings=", ".join(ENDINGS)),
    )
    writing.add_argument(
        "--count", metavar="N", type=_count, help=tr("at most so many; all when left out")
    )
    writing.add_argument(
        "--set",
        metavar="path=value",
        nargs="+",
        action="extend",
        default=[],
        help=tr("change a setting of the source, such as seed=3"),
    )


def _count(written: str) -> int:
    count = int(written)
    if not 1 <= count <= MOST_SAMPLES:
        raise ValueError
    return count


def run(asked: argparse.Namespace) -> int:
    """Write samples, tell how many, and give the exit status."""
    places = DataPlaces.standard()
    source = changed(source_called(asked.source, places), asked.set)
    with ProgressBar(sys.stderr) as bar:

        def writing(share: float | None, doing: Text) -> None:
            bar.show(share, str(doing))

        count = export_samples(source, asked.out, places, writing, count=asked.count)
    told = tr("{count} samples written into {file}", count=count, file=asked.out)
    tell(asked, {"samples": count, "file": str(asked.out)}, [told])
    return DONE


def source_called(name: str, places: DataPlaces) -> Source:
    """Give the source of a kind, or the imported set of a name.

    Raises
    ------
    UsageError
        When there is neither.
    """
    known = readable()
    own = {one.name: one for one in reversed(own_sets(places))}
    if name in known or name in own:
        return known.get(name) or own[name]
    raise UsageError(
        tr(
            "There is no source {name}; there are {sources}.",
            name=name,
            sources=", ".join((*known, *own)),
        )
    )
