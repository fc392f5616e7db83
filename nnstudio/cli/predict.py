"""nnstudio predict: what a model answers to pictures."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.cli.reply import DONE, REFUSED, complain, tell
from nnstudio.errors import NnstudioError
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.runs.pictures import picture_for
from nnstudio.runs.predictor import Predictor
from nnstudio.texts import tr


def describe(answering: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `predict`."""
    answering.set_defaults(command=run)
    answering.add_argument("model", metavar="MODEL", type=Path, help=tr("model file"))
    answering.add_argument("images", metavar="IMAGE", nargs="+", help=tr("picture files"))


def run(asked: argparse.Namespace) -> int:
    """Tell what a model answers to pictures, and give the exit status."""
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
        tell(asked, {"predictions": answers}, [_answer_told(one) for one in answers])
    for complaint in refused:
        complain(complaint)
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
