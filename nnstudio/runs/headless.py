"""A whole run without a window: trained to its end, judged and saved; prints nothing itself."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.runs.history_csv import save_history
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import save_model
from nnstudio.tasks import Task
from nnstudio.training.blas import Company
from nnstudio.training.evaluation import Evaluation, evaluate
from nnstudio.training.loop import Step, train
from nnstudio.training.state import TrainingState

MODEL_FILE: Final = "model.safetensors"
HISTORY_FILE: Final = "history.csv"
TELL_S: Final = 0.1
_ACCURACIES: Final = ("validation_accuracy", "test_accuracy")
_DISTANCES: Final = ("validation_r_squared", "validation_rmse", "test_r_squared", "test_rmse")


@dataclass(frozen=True)
class Outcome:
    """What came of a run; what is unknown is None.

    Attributes
    ----------
    train_loss : float or None
        Of the final network over the whole training part.
    validation_accuracy, test_accuracy : float or None
        Of the final network, 0 to 1; of data whose targets are values there is none.
    validation_r_squared, validation_rmse, test_r_squared, test_rmse : float or None
        Of the final network; of values alone.
    seconds : float or None
        Training with validation, without loading and without what is judged here.
    samples_per_second : float or None
        Training samples in these seconds.
    steps : int or None
        How many were made.
    state : str
        ``finished``, ``stopped`` or ``diverged``.
    model : str or None
        The model file.
    """

    state: str
    train_loss: float | None = None
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    validation_r_squared: float | None = None
    validation_rmse: float | None = None
    test_r_squared: float | None = None
    test_rmse: float | None = None
    seconds: float | None = None
    samples_per_second: float | None = None
    steps: int | None = None
    model: str | None = None
    task: Task = "classes"

    def result(self) -> dict[str, Any]:
        """Give what scripts read: values have R² and RMSE, classes and labels an accuracy."""
        left_out = _ACCURACIES if self.task == "values" else _DISTANCES
        every = asdict(self)
        return {name: every[name] for name in every if name not in {"task", *left_out}}


def make_folder(folder: Path) -> None:
    """Make a folder for results, before anything is trained for it.

    Raises
    ------
    NnstudioError
        When that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NnstudioError(
            "The folder {folder} cannot be made: {reason}.",
            hint="Name another one.",
            folder=str(folder),
            reason=error.strerror or type(error).__name__,
        ) from None


def train_to_end(
    state: TrainingState,
    *,
    wanted: Callable[[], bool],
    tell: Callable[[TrainingState, Step], None],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Train until the run ends by itself or is not `wanted` any more, which stops it cleanly.

    Parameters
    ----------
    state : TrainingState
        Modified in place.
    wanted : callable
        Asked after every step.
    tell : callable
        Told the state and its newest step, at most ten times a second.
    clock : callable
        Gives seconds.
    """
    due = clock()
    company = Company()
    company.begin()
    for step in train(state):
        if not wanted():
            state.stop()
            return
        if clock() >= due:
            state.work_with(company.end(threads=state.threads, wanted=state.wanted_threads))
            tell(state, step)
            due = clock() + TELL_S
            company.begin()


def judged(state: TrainingState) -> Outcome:
    """Give what came of a run, its final network judged on all three parts."""
    parts = state.data.split
    with state.evaluating() as network:
        training, validation, test = (
            evaluate(network, state.data, rows)
            for rows in (parts.training, parts.validation, parts.test)
        )
    reason = state.ended.reason if state.ended is not None else "stopped"
    return Outcome(
        state=reason if reason in {"stopped", "diverged"} else "finished",
        train_loss=finite(training.loss),
        **judgements(state.data.task, "validation", validation),
        **judgements(state.data.task, "test", test),
        seconds=state.seconds,
        samples_per_second=state.samples / state.seconds if state.seconds else None,
        steps=state.step,
        task=state.data.task,
    )


def judgements(task: Task, part: str, found: Evaluation) -> dict[str, Any]:
    """Give what scripts read of the `part` ("test" ...) that was evaluated, by its names."""
    score = finite(found.score)
    if task != "values":
        return {f"{part}_accuracy": score}
    return {f"{part}_r_squared": score, f"{part}_rmse": finite(found.rmse)}


def finite(value: float) -> float | None:
    """Give `value`, or None in place of a number that JSON does not have."""
    return value if isfinite(value) else None


def save_outcome(folder: Path, state: TrainingState, outcome: Outcome) -> Path:
    """Write the model and the history into `folder` and give the model's path.

    Raises
    ------
    NnstudioError
        When a file cannot be written.
    """
    data = state.data
    summary = outcome.result()
    del summary["model"]
    summary["steps_per_epoch"] = state.steps_per_epoch
    summary["total_steps"] = state.total_steps
    summary["saved"] = datetime.now().astimezone().isoformat(timespec="seconds")
    model = Model(
        recipe=state.recipe,
        layout=state.network.layout,
        vector=state.evaluated,
        class_names=data.class_names,
        image_shape=data.image_shape,
        scaling=data.scaling,
        constant_inputs=data.facts.constant_inputs,
        summary=summary,
        history=state.history.view(),
        task=data.task,
    )
    save_history(folder / HISTORY_FILE, state.history.view(), task=data.task)
    save_model(folder / MODEL_FILE, model)
    return folder / MODEL_FILE
