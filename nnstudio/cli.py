"""Commands without a window: train, evaluate, predict; results on stdout, all else on stderr.

Exit status: 0 done, 1 something is wrong that the person can mend, 2 not understood, 130 Ctrl+C,
141 when whoever reads the results has gone.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import numpy as np

from nnstudio.data.catalogue import DataPlaces, Source, read_file
from nnstudio.data.progress import Cancelled
from nnstudio.errors import NnstudioError
from nnstudio.paths import parse_at
from nnstudio.runs.cases import case_names, load_case, load_experiment
from nnstudio.runs.headless import (
    HISTORY_FILE,
    MODEL_FILE,
    Outcome,
    judged,
    make_folder,
    save_outcome,
    train_to_end,
)
from nnstudio.runs.judge import judge_dataset, judge_source
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.runs.pictures import picture_for
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.spec import SpecError, describe, kind_of
from nnstudio.texts import Text, tr
from nnstudio.training.experiment import Experiment, WeightedSource, problems
from nnstudio.training.facts import DataFacts
from nnstudio.training.loop import Step
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

DONE: Final = 0
REFUSED: Final = 1
NOT_UNDERSTOOD: Final = 2
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141


class UsageError(Exception):
    """What was typed cannot be understood, in one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for and give the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal that cannot show a letter shows a question mark, and the program goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        asked = _parser().parse_args(arguments)
        status: int = asked.command(asked)
    except UsageError as error:
        _complain(error)
        return NOT_UNDERSTOOD
    except NnstudioError as error:
        _complain(error)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read the results has enough; what is still buffered must not fail at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return status


def _complain(error: Exception) -> None:
    print(f"nnstudio: {error}", file=sys.stderr)


def _parser() -> _Parser:
    parser = _Parser(prog="nnstudio", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="train | evaluate | predict")
    training = commands.add_parser("train", help=tr("train a network"), allow_abbrev=False)
    judging = commands.add_parser("evaluate", help=tr("judge a model"), allow_abbrev=False)
    answering = commands.add_parser("predict", help=tr("read pictures"), allow_abbrev=False)
    _describe_train(training)
    for command in (judging, answering):
        command.add_argument("model", metavar="MODEL", type=Path, help=tr("model file"))
    _describe_evaluate(judging)
    answering.set_defaults(command=_predict)
    answering.add_argument("images", metavar="IMAGE", nargs="+", help=tr("picture files"))
    for command in (training, judging, answering):
        command.add_argument(
            "--json", action="store_true", help=tr("print one JSON object as the last line")
        )
    return parser


def _describe_train(training: argparse.ArgumentParser) -> None:
    training.set_defaults(command=_train)
    training.add_argument(
        "experiment",
        metavar="EXPERIMENT.json",
        nargs="?",
        help=tr("file of an experiment, or one of: {cases}", cases=", ".join(case_names())),
    )
    training.add_argument(
        "--set",
        metavar="path=value",
        nargs="+",
        action="extend",
        default=[],
        help=tr("change a setting, such as optimizer.learning_rate=0.01"),
    )
    training.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help=tr("folder for {model} and {history}", model=MODEL_FILE, history=HISTORY_FILE),
    )


def _describe_evaluate(judging: argparse.ArgumentParser) -> None:
    judging.set_defaults(command=_evaluate)
    judging.add_argument(
        "--data",
        metavar="SOURCE",
        help=tr(
            "a file or folder of samples, judged on all of them, or one of these sources, judged "
            "on its test part: {sources}; the model's own source when left out",
            sources=", ".join(_sources()),
        ),
    )


def _sources() -> dict[str, Source]:
    (members,) = (one.members for one in describe(WeightedSource) if one.name == "source")
    return {kind_of(member): member() for member in members}


def _tell(asked: argparse.Namespace, result: dict[str, Any], lines: Sequence[str]) -> None:
    if asked.json:
        lines = [json.dumps(result, ensure_ascii=False, allow_nan=False)]
    for line in lines:
        print(line, flush=True)


class _Interrupt:
    """Whether Ctrl+C was pressed; a second time ends the program at once."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@contextmanager
def _interruptible() -> Iterator[_Interrupt]:
    interrupt = _Interrupt()
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def _train(asked: argparse.Namespace) -> int:
    experiment = _experiment(asked)
    if asked.out is not None:
        make_folder(asked.out)
    with _interruptible() as interrupt:
        try:
            outcome = _outcome(experiment, asked.out, interrupt)
        except Cancelled:
            outcome = Outcome("stopped")
    _tell(asked, asdict(outcome), _told(outcome))
    if asked.out is None and not asked.json:
        print(tr("nothing was kept; --out FOLDER keeps the model and its history"), file=sys.stderr)
    return INTERRUPTED if interrupt.pressed else DONE


def _outcome(experiment: Experiment, out: Path | None, interrupt: _Interrupt) -> Outcome:
    with ProgressBar(sys.stderr) as bar:

        def loading(share: float | None, doing: Text) -> None:
            if interrupt.pressed:
                raise Cancelled
            bar.show(share, str(doing))

        def training(state: TrainingState, step: Step) -> None:
            total = state.total_steps
            bar.show(
                step.step / total if total else None,
                tr("epoch {epoch}, loss {loss:.4f}", epoch=step.epoch, loss=step.loss),
            )

        data = load(experiment, DataPlaces.standard(), loading)
        _refuse(experiment, data.facts)
        state = TrainingState.start(experiment, data)
        train_to_end(state, wanted=lambda: not interrupt.pressed, tell=training)
    outcome = judged(state)
    if out is None:
        return outcome
    return replace(outcome, model=str(save_outcome(out, state, outcome)))


def _experiment(asked: argparse.Namespace) -> Experiment:
    # after `--set a=1 b=2 NAME` argparse takes the name for one more setting
    if asked.experiment is None and asked.set and "=" not in asked.set[-1]:
        asked.experiment = asked.set.pop()
    experiment = _named(asked.experiment)
    for setting in asked.set:
        path, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(
                tr("--set takes path=value, and {setting} has no “=”.", setting=setting)
            )
        try:
            experiment = parse_at(experiment, path.strip(), value.strip())
        except SpecError as error:
            raise UsageError(
                tr("--set {setting}: {reason}", setting=setting, reason=error.what)
            ) from None
    _refuse(experiment, None)
    return experiment


def _named(name: str | None) -> Experiment:
    cases = ", ".join(case_names())
    if name is None:
        raise UsageError(tr("Which experiment? Name a file, or one of: {cases}.", cases=cases))
    case = name.removesuffix(".json")
    # a folder of results is easily called as the case that they came from
    if case in case_names() and not _is_file(name):
        return load_case(case)
    if _exists(name):
        return load_experiment(Path(name))
    raise UsageError(
        tr(
            "There is no experiment {name}: neither a file nor one of {cases}.",
            name=name,
            cases=cases,
        )
    )


def _exists(name: str) -> bool:
    # pathlib raises for a name that is longer than the system takes
    return os.path.exists(name)  # noqa: PTH110 - that is why


def _is_file(name: str) -> bool:
    return os.path.isfile(name)  # noqa: PTH113 - as above


def _refuse(experiment: Experiment, facts: DataFacts | None) -> None:
    found = problems(experiment, facts)
    if found:
        raise SpecError(found)


def _told(outcome: Outcome) -> list[str]:
    state = {
        "finished": tr("finished"),
        "stopped": tr("stopped"),
        "diverged": tr("diverged: the numbers are no longer finite"),
    }[outcome.state]
    lines = [state]
    if outcome.steps is not None:
        lines.append(
            tr("{steps} steps in {seconds:.1f} s", steps=outcome.steps, seconds=outcome.seconds)
        )
    if outcome.train_loss is not None:
        lines.append(tr("training loss {loss:.4f}", loss=outcome.train_loss))
    if outcome.validation_accuracy is not None:
        lines.append(tr("validation accuracy {share:.2%}", share=outcome.validation_accuracy))
    if outcome.test_accuracy is not None:
        lines.append(tr("test accuracy {share:.2%}", share=outcome.test_accuracy))
    if outcome.model is not None:
        lines.append(tr("saved as {file}", file=outcome.model))
    return lines


def _evaluate(asked: argparse.Namespace) -> int:
    model = load_model(asked.model)
    known = _sources()
    with ProgressBar(sys.stderr) as bar:

        def loading(share: float | None, doing: Text) -> None:
            bar.show(share, str(doing))

        if asked.data is None or asked.data in known:
            source = None if asked.data is None else known[asked.data]
            found = judge_source(model, source, DataPlaces.standard(), loading)
        elif _exists(asked.data):
            found = judge_dataset(model, read_file(Path(asked.data)))
        else:
            raise UsageError(
                tr(
                    "There are no data {name}: neither a file or folder nor one of {sources}.",
                    name=asked.data,
                    sources=", ".join(known),
                )
            )
    _tell(
        asked,
        {
            "test_accuracy": found.score,
            "loss": found.loss if isfinite(found.loss) else None,
            "samples": found.count,
        },
        [
            tr(
                "{correct} of {count} right: accuracy {share:.2%}, loss {loss:.4f}",
                correct=found.correct,
                count=found.count,
                share=found.score,
                loss=found.loss,
            )
        ],
    )
    return DONE


def _predict(asked: argparse.Namespace) -> int:
    model = load_model(asked.model)
    predictor = Predictor(model.blueprint)
    predictor.show(model.vector)
    answers: list[dict[str, Any]] = []
    refused: list[NnstudioError] = []
    for name in asked.images:
        try:
            answers.append(_answer(model, predictor, name))
        except NnstudioError as error:
            refused.append(error)
    if answers:
        _tell(asked, {"predictions": answers}, [_answer_told(one) for one in answers])
    for complaint in refused:
        _complain(complaint)
    return REFUSED if refused else DONE


def _answer(model: Model, predictor: Predictor, name: str) -> dict[str, Any]:
    pixels = picture_for(model, Path(name))
    if pixels is None:
        return {"file": name, "answer": None, "probabilities": None}
    found = predictor.probabilities(pixels)[0]
    best = int(found.argmax())
    if not np.isfinite(found).all():
        raise NnstudioError(
            "{file} cannot be used: the numbers of {tensor} are not finite.",
            hint="Choose a model that was saved before its run diverged.",
            file=name,
            tensor="output",
        )
    shares = model.recipe.experiment.network.output.activation.kind == "softmax"
    return {
        "file": name,
        "answer": model.class_names[best] if model.class_names else str(best),
        "probabilities": [float(one) for one in found] if shares else None,
    }


def _answer_told(answer: dict[str, Any]) -> str:
    if answer["answer"] is None:
        return tr("{file}: nothing is drawn there", file=answer["file"])
    if answer["probabilities"] is None:
        return tr("{file}: {answer}", file=answer["file"], answer=tr(answer["answer"]))
    return tr(
        "{file}: {answer}, probability {share:.1%}",
        file=answer["file"],
        answer=tr(answer["answer"]),
        share=max(answer["probabilities"]),
    )
