"""nnstudio evaluate: a model judged on data."""

import argparse
import sys
from pathlib import Path
from typing import Literal

from nnstudio.cli.naming import exists, readable
from nnstudio.cli.reading import asked_of, describe_asked
from nnstudio.cli.reply import DONE, UsageError, tell
from nnstudio.data.catalogue import DataPlaces, Source
from nnstudio.data.catalogue.imported import own_sets
from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.reading import read
from nnstudio.runs.headless import finite, judgements
from nnstudio.runs.judge import judge_dataset, judge_source
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.tasks import Task
from nnstudio.texts import Text, tr
from nnstudio.training.evaluation import Evaluation


def describe(judging: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `evaluate`."""
    judging.set_defaults(command=run)
    judging.add_argument("model", metavar="MODEL", type=Path, help=tr("model file"))
    judging.add_argument(
        "--data",
        metavar="SOURCE",
        help=tr(
            "a file or folder of samples, judged on all of them, or one of these sources, judged "
            "on its test part: {sources}; the model's own source when left out",
            sources=", ".join(readable()),
        ),
    )

    describe_asked(judging)


def run(asked: argparse.Namespace) -> int:
    """Judge a model, tell what was found, and give the exit status."""
    model = load_model(asked.model)
    places = DataPlaces.standard()
    own: dict[str, Source] = {one.name: one for one in reversed(own_sets(places))}
    known = {**own, **readable()}
    with ProgressBar(sys.stderr) as bar:

        def loading(share: float | None, doing: Text) -> None:
            bar.show(share, str(doing))

        if asked.data is None or asked.data in known:
            if asked.prepare or asked.set:
                raise UsageError(tr("--prepare and --set say how a file is read, and none is."))
            source = None if asked.data is None else known[asked.data]
            found = judge_source(model, source, places, loading)
        elif exists(asked.data):
            found = judge_dataset(model, read(Path(asked.data), _asked(model, asked), loading))
        else:
            raise UsageError(
                tr(
                    "There are no data {name}: neither a file or folder nor one of {sources}.",
                    name=asked.data,
                    sources=", ".join(known),
                )
            )
    rest = {"loss": finite(found.loss), "samples": found.count}
    tell(asked, {**judgements(model.task, "test", found), **rest}, [_told(model.task, found)])
    return DONE


def _asked(model: Model, asked: argparse.Namespace) -> Asked:
    height, width = model.image_shape or (None, None)
    # a model that takes no pictures is asked about numbers, whatever square they would fill
    values: Literal["guessed", "numbers"] = "guessed" if height else "numbers"
    return asked_of(asked, Asked(height=height, width=width, values=values))


def _told(task: Task, found: Evaluation) -> str:
    match task:
        case "classes":
            return tr(
                "{correct} of {count} right: accuracy {share:.2%}, loss {loss:.4f}",
                correct=found.correct,
                count=found.count,
                share=found.score,
                loss=found.loss,
            )
        case "labels":
            return tr(
                "{correct} labels of {count} samples right: accuracy {share:.2%}, loss {loss:.4f}",
                correct=found.correct,
                count=found.count,
                share=found.score,
                loss=found.loss,
            )
        case "values":
            return tr(
                "{count} samples: R² {score:.4f}, RMSE {rmse:.4g}, loss {loss:.4f}",
                count=found.count,
                score=found.score,
                rmse=found.rmse,
                loss=found.loss,
            )
