"""What a lesson is worth: other digits by the same hand, before and after, and what MNIST loses.

`uv run python tests/benchmarks/teach.py [--writers N] [--model FILE] [--examples N] [--json]`

Of every writer of the handed-out strokes, two drawings of each digit are there. The first ten are
taught as a person teaches them: kept in "my digits", then a lesson from the weights of the model
(`everyday-digits`, trained here unless one is given). Then the second ten are read, and MNIST's
test pictures. No writer is in any other data. With `--examples N` one to five drawings of one digit
alone are taught, of the first that is read wrongly, of each writer who has one: the first drawing,
and as nobody has drawn it more often, the same with its lines swayed, which is not how a lesson
retraces it. The same numbers come in every run: no lesson is cut short by the clock, but the bar
looks at its time. Fails when errors fall by less than a third in the mean, MNIST loses more than
0.2 points with any writer, or a lesson trains for more than half a minute.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue import DataPlaces, Mnist, MyDigits, Source
from nnstudio.data.drawings import Drawing, read_drawings
from nnstudio.data.joined import join
from nnstudio.data.my_digits import LABELS, DigitLog
from nnstudio.data.progress import silent
from nnstudio.data.strokes import Stroke
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.teaching import HALF_A_MINUTE, lesson
from nnstudio.runs.warm_start import warm_start
from nnstudio.training.loop import train
from nnstudio.training.prepared import prepare
from nnstudio.training.snapshot import Vector
from nnstudio.training.sources import called, sources_of
from nnstudio.training.state import TrainingState
from tests.benchmarks.busy import Watch

if TYPE_CHECKING:
    from nnstudio.data.dataset import Dataset

ROOT: Final = Path(__file__).resolve().parents[2]
SHARED: Final = ROOT.parent / "shared" / "data"
PRESET: Final = "everyday-digits"
STROKES: Final = "strokes/ujipenchars2-digits-1200.jsonl.gz"
LEAST_FALL: Final = 1 / 3
MOST_LOST: Final = 0.2  # points of MNIST's test
SWAY: Final = 0.05  # of the extent of a drawing

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Taught:
    """What one lesson did: errors before and after on what was taught, the second, and MNIST.

    `seconds` is the time of its steps, without what is loaded.
    """

    writer: str
    drawings: int
    taught_before: int
    taught_after: int
    before: int
    after: int
    mnist_before: int
    mnist_after: int
    seconds: float


class Teacher:
    """Teaches one model again and again, each time from its own weights.

    The samples that are replayed are loaded once.
    """

    def __init__(self, model: Model, shared: Path) -> None:
        self._model = model
        self._places = DataPlaces.standard(shared, may_download=False)
        self._loaded: dict[Source, Dataset] = {}
        official = Mnist().load(self._places, silent)
        self._mnist = official.inputs[-official.test_count :]
        self._mnist_labels = official.targets[-official.test_count :]

    def lesson(self, taught: Sequence[Drawing]) -> tuple[TrainingState, float]:
        """Give the finished run of a lesson, and the seconds that its steps took."""
        with tempfile.TemporaryDirectory() as folder:
            log = DigitLog(Path(folder))
            for one in taught:
                log.keep(one)
            my = MyDigits(entries=log.entries)
            labels = [one.label for one in taught]
            experiment = lesson(self._model.recipe.latest, my=my, labels=labels, seconds=None)
            places = DataPlaces((), Path(folder), Path(folder), own=Path(folder))
            sources = sources_of(experiment)
            for source in sources[:-1]:
                if source not in self._loaded:
                    self._loaded[source] = source.load(self._places, silent)
            mine = sources[-1].load(places, silent)
            parts = [*(self._loaded[one] for one in sources[:-1]), mine]
        data = prepare(experiment, join(parts, called=[called(one) for one in sources]))
        warm = warm_start(self._model, experiment, data, file="")
        state = TrainingState.start(
            experiment, data, initial=warm.vector, initial_sha256=warm.sha256, threads=1
        )
        began = perf_counter()
        for _step in train(state):
            pass
        return state, perf_counter() - began

    def mnist_errors(self, vector: Vector) -> int:
        """Give how many of MNIST's test pictures are read wrongly."""
        return int((self.answers(vector, self._mnist) != self._mnist_labels).sum())

    def errors(self, vector: Vector, drawings: Sequence[Drawing]) -> int:
        """Give how many drawings are read as another digit than their label."""
        return len(self.wrong(vector, drawings))

    def wrong(self, vector: Vector, drawings: Sequence[Drawing]) -> list[str]:
        """Give the labels of the drawings that are read as another digit."""
        pictures = np.array([one.pixels() for one in drawings]).reshape(len(drawings), -1)
        answers = self.answers(vector, pictures)
        labels = [one.label for one in drawings]
        names = self._model.class_names
        return [true for true, said in zip(labels, answers, strict=True) if names[said] != true]

    def answers(self, vector: Vector, pictures: Pictures) -> NDArray[np.int64]:
        """Give which class each picture (N, 784) is read as."""
        predictor = Predictor(self._model.blueprint)
        predictor.show(vector)
        return predictor.probabilities(pictures).argmax(axis=1)


def trained(folder: Path, shared: Path) -> Path:
    """Train the preset as its user does, and give the file of the model."""
    watch = Watch()
    command = [sys.executable, "-m", "nnstudio", "train", PRESET, "--json", "--out", str(folder)]
    places = os.environ | {"NNSTUDIO_DATA": str(shared)}
    del places["OPENBLAS_NUM_THREADS"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, env=places, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{PRESET}: trained in {told['seconds']:.0f} s, "
        f"others kept {watch.others():.2f} processors busy",
        file=sys.stderr,
    )
    return Path(told["model"])


def drawings_by_writer(file: Path) -> dict[str, tuple[list[Drawing], list[Drawing]]]:
    """Give the first and the second drawing of each digit, by writer."""
    found: dict[str, dict[str, list[Drawing]]] = defaultdict(lambda: defaultdict(list))
    for one in read_drawings(file):
        found[one.writer][one.label].append(one)
    return {
        writer: ([by[label][0] for label in LABELS], [by[label][1] for label in LABELS])
        for writer, by in sorted(found.items())
        if all(len(by[label]) >= 2 for label in LABELS)
    }


def swayed(drawing: Drawing, number: int) -> Drawing:
    """Give a drawing with its lines swayed from side to side, as it might be drawn again."""
    points = np.concatenate([one.points for one in drawing.strokes])
    extent = max(float(np.ptp(points, axis=0).max()), 1e-9)
    draw = np.random.default_rng([number, len(points)])
    phase, height = draw.uniform(0, 2 * np.pi, 2), draw.normal(0, SWAY * extent, 2)

    def moved(stroke: Stroke) -> Stroke:
        along = 2 * np.pi * stroke.points[:, ::-1] / extent
        return replace(stroke, points=stroke.points + height * np.sin(along + phase))

    return replace(drawing, strokes=tuple(moved(one) for one in drawing.strokes))


def measure(
    teacher: Teacher,
    vector: Vector,
    writers: dict[str, tuple[list[Drawing], list[Drawing]]],
    *,
    examples: int,
) -> list[Taught]:
    """Teach and read, writer by writer."""
    lost = teacher.mnist_errors(vector)
    found = []
    for writer, (first, second) in writers.items():
        taught, read = first, second
        if examples:
            missed = teacher.wrong(vector, first)
            if not missed:
                continue
            (drawn,) = (one for one in first if one.label == missed[0])
            taught = [drawn, *(swayed(drawn, number) for number in range(1, examples))]
            read = [one for one in second if one.label == missed[0]]
        before = teacher.errors(vector, read)
        state, seconds = teacher.lesson(taught)
        after, mnist = teacher.errors(state.evaluated, read), teacher.mnist_errors(state.evaluated)
        known = teacher.errors(vector, taught), teacher.errors(state.evaluated, taught)
        found.append(Taught(writer, len(taught), *known, before, after, lost, mnist, seconds))
        print(
            f"{writer}: {before} -> {after} of {len(read)} wrong, taught {known[0]} -> {known[1]}, "
            f"MNIST {lost} -> {mnist}, {seconds:.1f} s",
            flush=True,
        )
    return found


def main() -> int:
    """Measure and print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--writers", type=int, metavar="N", help="only the first so many")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="not the first so many")
    parser.add_argument("--model", type=Path, metavar="FILE", help="instead of training one")
    parser.add_argument("--shared", type=Path, default=SHARED, help="the handed-out data")
    parser.add_argument(
        "--examples",
        type=int,
        choices=range(1, 6),
        default=0,
        help="teach so many drawings of one wrongly read digit alone",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = options.model or trained(Path(folder), options.shared)
        model = load_model(file)
    every = drawings_by_writer(options.shared / STROKES)
    last = None if options.writers is None else options.skip + options.writers
    chosen = dict(list(every.items())[options.skip : last])
    watch = Watch()
    found = measure(Teacher(model, options.shared), model.vector, chosen, examples=options.examples)
    if not found:
        print("No writer has a first drawing that is read wrongly.")
        return 0
    before, after = (sum(getattr(one, name) for one in found) for name in ("before", "after"))
    lost = [(one.mnist_after - one.mnist_before) / 100 for one in found]
    fall = 1 - after / before if before else 0.0
    known = [sum(getattr(one, name) for one in found) for name in ("taught_before", "taught_after")]
    longest = max(one.seconds for one in found)
    print(
        f"{len(found)} writers: errors on second drawings {before} -> {after} ({fall:.0%} less), "
        f"on the taught ones {known[0]} -> {known[1]}; MNIST test loses {np.mean(lost):+.3f} "
        f"points in the mean, {max(lost):+.2f} at most; the steps of a lesson take {longest:.1f} s "
        f"at most, while others kept {watch.others():.2f} processors busy"
    )
    if options.json:
        print(json.dumps({"fall": fall, "lost": lost, "writers": [asdict(one) for one in found]}))
    short = bool(before) and fall < LEAST_FALL
    return int(short or max(lost) > MOST_LOST or longest > HALF_A_MINUTE)


if __name__ == "__main__":
    sys.exit(main())
