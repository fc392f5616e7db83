"""nnstudio import: a file of samples looked at, or kept as a set of one's own."""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from nnstudio.cli.reading import asked_of, describe_asked
from nnstudio.cli.reply import DONE, Interrupt, interruptible, tell
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.catalogue.imported import checked_name
from nnstudio.data.importing.asked import Asked, Preview
from nnstudio.data.importing.reading import keep, look, read
from nnstudio.data.progress import Cancelled, Progress
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.spec import to_json
from nnstudio.texts import Text, tr

_MOST_CLASSES: Final = 20


def describe(importing: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `import`."""
    importing.set_defaults(command=run)
    importing.add_argument("file", metavar="FILE", type=Path, help=tr("file or folder of samples"))
    importing.add_argument(
        "--name", metavar="NAME", help=tr("name of the set; when left out, nothing is kept")
    )
    describe_asked(importing)


def run(asked: argparse.Namespace) -> int:
    """Look at a file or keep it, tell what it is, and give the exit status."""
    wanted = asked_of(asked, Asked())
    name = None if asked.name is None else checked_name(asked.name)
    with interruptible() as interrupt, ProgressBar(sys.stderr) as bar:
        told = _progress(bar, interrupt)
        try:
            if name is None:
                seen = look(asked.file, wanted, told)
                bar.clear()
                tell(asked, _facts(seen), _lines(seen))
                return DONE
            dataset = read(asked.file, wanted, told)
            made = keep(dataset, name, DataPlaces.standard(), told)
        except Cancelled:
            raise KeyboardInterrupt from None
    lines = [
        tr(
            "{count} samples of {classes} classes kept as “{name}”",
            count=len(dataset.inputs),
            classes=len(dataset.class_names),
            name=made.name,
        )
    ]
    tell(asked, {"samples": len(dataset.inputs), "source": to_json(made)}, lines)
    return DONE


def _progress(bar: ProgressBar, interrupt: Interrupt) -> Progress:
    def told(share: float | None, doing: Text) -> None:
        if interrupt.pressed:
            raise Cancelled
        bar.show(share, str(doing))

    return told


def _facts(seen: Preview) -> dict[str, Any]:
    return {
        "kind": str(seen.kind),
        "samples": seen.count,
        "classes": dict(seen.classes),
        "remarks": [str(one) for one in seen.remarks],
        "asked": to_json(seen.asked),
    }


def _lines(seen: Preview) -> list[str]:
    lines = [str(seen.kind)]
    if seen.count is not None:
        lines.append(tr("{count} samples", count=seen.count))
    some = ", ".join(
        name if count is None else f"{name} ({count})"
        for name, count in seen.classes[:_MOST_CLASSES]
    )
    lines.append(tr("{count} classes: {names}", count=len(seen.classes), names=some))
    lines += [str(one) for one in seen.remarks]
    asked = to_json(seen.asked)
    lines.append(" ".join(f"{name}={asked[name]}" for name in seen.settings if name != "classes"))
    return lines
