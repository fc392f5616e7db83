"""How well networks read digits of other people: right answers in % on several foreign sets.

`uv run python tests/benchmarks/reading.py [PRESET ...] [--model FILE ...] [--data SET ...]`

Trains each preset as `nnstudio train PRESET --out FOLDER` does (handwriting and everyday-digits
when nothing is named), or takes models that were trained before, and prints one table: MNIST's
official test pictures, pen strokes and screen drawings of the handed-out data, Semeion; and the
strokes once more as a coarse tablet tells them, a few points evenly along the path, with and
without the places where the pen was lifted, because other people have other tablets. Pictures
are read as `nnstudio evaluate FILE --data SET --prepare` reads them. Behind each share stands its
95 % interval (Wilson) and the number of mistakes.
These sets are to measure on; no setting may be chosen by one of them alone. Fails when a bar of
the presets is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nnstudio.data.catalogue import DataPlaces, Mnist
from nnstudio.data.drawings import Drawing, read_drawings
from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import read
from nnstudio.data.progress import silent
from nnstudio.data.strokes import SIDE, Stroke
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.runs.predictor import Predictor
from tests.benchmarks.busy import Watch

ROOT: Final = Path(__file__).resolve().parent.parent.parent
SHARED: Final = ROOT.parent / "shared" / "data"
NORMAL: Final = 1.960
WORST: Final = 6
SPARSE_POINTS: Final = (8, 12, 16)
BARS: Final = {
    "handwriting": {"mnist": 95.0},
    "everyday-digits": {"mnist": 98.5, "strokes": 97.0},
}
"""Least right answers in %; strokes stand for the pen strokes of people that nobody here saw."""

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Read:
    """What a network makes of one set; `worst` counts pairs (what it is, what was read)."""

    right: int
    count: int
    worst: tuple[tuple[str, str, int], ...]

    @property
    def share(self) -> float:
        """Give the right answers in %."""
        return 100 * self.right / self.count


def interval(right: int, count: int) -> tuple[float, float]:
    """Give the 95 % interval of a share in % (Wilson 1927)."""
    share, square = right / count, NORMAL**2 / count
    middle = (share + square / 2) / (1 + square)
    half = NORMAL * (share * (1 - share) / count + square / (4 * count)) ** 0.5 / (1 + square)
    return 100 * (middle - half), 100 * (middle + half)


def foreign_sets(shared: Path, more: Sequence[Path] = ()) -> dict[str, tuple[Pictures, list[str]]]:
    """Give pictures (N, 784) and names of their classes of every set that is there."""
    mnist = Mnist().load(DataPlaces.standard(shared, may_download=False), silent)
    rows = slice(len(mnist.inputs) - mnist.test_count, None)
    found = {"mnist": (mnist.inputs[rows], [str(label) for label in mnist.targets[rows]])}
    strokes = shared / "strokes" / "ujipenchars2-digits-1200.jsonl.gz"
    if strokes.exists():
        found["strokes"] = _read(strokes)
        found |= dict(_coarse(list(read_drawings(strokes))))
    for name, file, prepared in (
        ("drawn", shared / "drawn" / "hwd-1000.zip", True),
        ("drawn, as they are", shared / "drawn" / "hwd-1000.zip", False),
        ("semeion", shared / "semeion", True),
    ):
        if file.exists():
            found[name] = _read(file, prepared=prepared)
    return found | {str(file): _read(file) for file in more}


def _read(file: Path, *, prepared: bool = True) -> tuple[Pictures, list[str]]:
    held = read(file, Asked(height=SIDE, width=SIDE, prepare=prepared))
    return held.inputs, [held.class_names[target] for target in held.targets]


def _coarse(drawings: Sequence[Drawing]) -> Iterator[tuple[str, tuple[Pictures, list[str]]]]:
    labels = [one.label for one in drawings]
    for count in SPARSE_POINTS:
        for name, joined in ((f"{count} points", False), (f"{count} joined", True)):
            told = [
                replace(one, strokes=sparse(one.strokes, count, joined=joined)).pixels()
                for one in drawings
            ]
            stacked = np.stack([one for one in told if one is not None])
            yield name, (stacked.reshape(len(drawings), -1), labels)


def sparse(strokes: Sequence[Stroke], count: int, *, joined: bool) -> tuple[Stroke, ...]:
    """Give strokes as a coarse tablet tells them: about `count` points, evenly along the path.

    Where they are `joined`, the tablet did not say where the pen was lifted either.
    """
    paths = [np.asarray(one.points, dtype=np.float64) for one in strokes]
    if joined:
        return (Stroke(_evenly(np.concatenate(paths), count)),)
    lengths = np.array([np.hypot(*np.diff(path, axis=0).T).sum() for path in paths])
    shares = np.rint(count * lengths / max(lengths.sum(), 1e-9)).astype(np.int64)
    return tuple(
        Stroke(_evenly(path, max(2, int(share)))) for path, share in zip(paths, shares, strict=True)
    )


def _evenly(path: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, path[:, axis]) for axis in (0, 1)], axis=1)


def read_all(model: Model, sets: dict[str, tuple[Pictures, list[str]]]) -> dict[str, Read]:
    """Give what a model makes of every set."""
    predictor = Predictor(model.blueprint)
    predictor.show(model.vector)
    found = {}
    for name, (pictures, labels) in sets.items():
        answers = predictor.probabilities(pictures).argmax(axis=1)
        said = [model.class_names[answer] for answer in answers]
        pairs = [(true, other) for true, other in zip(labels, said, strict=True)]
        wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
        worst = tuple((*pair, count) for pair, count in wrong.most_common(WORST))
        found[name] = Read(len(pairs) - wrong.total(), len(pairs), worst)
    return found


def trained(preset: str, folder: Path) -> tuple[Path, float, float]:
    """Train a preset as its user does; give model, seconds of training, processors of others."""
    watch = Watch()
    command = [sys.executable, "-m", "nnstudio", "train", preset, "--json", "--out", str(folder)]
    places = os.environ | {"NNSTUDIO_DATA": os.environ.get("NNSTUDIO_DATA", str(SHARED))}
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, env=places, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return Path(told["model"]), float(told["seconds"]), watch.others()


def table(found: dict[str, dict[str, Read]]) -> str:
    """Give the table in Markdown: a set a row, a model a column, intervals behind the shares."""
    sets = list(dict.fromkeys(name for reads in found.values() for name in reads))
    lines = ["| set | samples | " + " | ".join(found) + " |", "|---" * (2 + len(found)) + "|"]
    for name in sets:
        cells = []
        for one in (reads[name] for reads in found.values()):
            low, high = interval(one.right, one.count)
            cells.append(f"**{one.share:.2f}** ({low:.1f} to {high:.1f}; {one.count - one.right})")
        count = next(iter(found.values()))[name].count
        lines.append(f"| {name} | {count:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def confusions(reads: dict[str, Read]) -> str:
    """Give the most frequent mistakes of one model, a set a line."""
    return "\n".join(
        f"  {name}: "
        + ", ".join(f"{true} read as {said} ({count})" for true, said, count in one.worst)
        for name, one in reads.items()
    )


def missed(found: dict[str, dict[str, Read]]) -> list[str]:
    """Give a sentence for every bar of a preset that was not reached."""
    return [
        f"{model}: {reads[name].share:.2f} % on {name}, the bar is {least:g} %"
        for model, reads in found.items()
        for name, least in BARS.get(model, {}).items()
        if name in reads and reads[name].share < least
    ]


def _models(presets: Sequence[str], files: Sequence[Path], out: Path) -> Iterator[tuple[str, Path]]:
    for preset in presets:
        file, seconds, others = trained(preset, out / preset)
        print(
            f"{preset}: trained in {seconds:.0f} s, others kept {others:.2f} processors busy",
            file=sys.stderr,
        )
        yield preset, file
    for file in files:
        yield file.parent.name if file.stem == "model" else file.stem, file


def main() -> int:
    """Measure and print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("presets", nargs="*", metavar="PRESET")
    parser.add_argument("--model", action="append", type=Path, default=[], metavar="FILE")
    parser.add_argument("--data", action="append", type=Path, default=[], help="one more set")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the handed-out data")
    parser.add_argument("--out", type=Path, help="folder for the models")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    presets = options.presets or ([] if options.model else list(BARS))
    sets = foreign_sets(options.shared, options.data)
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        found = {
            name: read_all(load_model(file), sets)
            for name, file in _models(presets, options.model, out)
        }
    print(table(found))
    for name, reads in found.items():
        print(f"{name}, most frequent mistakes:\n{confusions(reads)}")
    for sentence in missed(found):
        print(sentence, file=sys.stderr)
    if options.json:
        print(
            json.dumps(
                {
                    model: {name: asdict(one) for name, one in reads.items()}
                    for model, reads in found.items()
                }
            )
        )
    return int(bool(missed(found)))


if __name__ == "__main__":
    sys.exit(main())
