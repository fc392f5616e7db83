"""The model of the current run: saved and opened beside the window; a bad file changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.gui.forms.words import mistakes_of
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.notices import Notice, Offer, Severity, notice_of
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model, save_model
from nnstudio.runs.run import Run
from nnstudio.texts import text
from nnstudio.training.history import History, HistoryView
from nnstudio.training.recipe import Recipe

TOPIC: Final = "model"
SUFFIX: Final = ".safetensors"


@dataclass(frozen=True)
class SavedModel:
    """Which weights lie in which file since when, if that is known."""

    file: Path
    identity: str
    step: int
    when: datetime | None

    @classmethod
    def now(cls, file: Path, run: Run) -> "SavedModel":
        """Give that the newest weights of `run` lie in `file` as of now."""
        return cls(file, run.identity, run.snapshot.step, datetime.now().astimezone())

    @classmethod
    def opened(cls, file: Path, run: Run, model: Model) -> "SavedModel":
        """Give that `run` was opened from `file`, which says itself when it was saved."""
        when: datetime | None = None
        with suppress(ValueError, TypeError):
            when = datetime.fromisoformat(model.summary["saved"]).astimezone()
        return cls(file, run.identity, run.snapshot.step, when)


def has_model(run: Run | None) -> bool:
    """Whether a run has weights that were trained."""
    if run is None or run.blueprint is None or run.recipe is None or run.planted:
        # with a mistake hidden in it, no recipe would reproduce the model
        return False
    weights = run.snapshot.weights
    return weights is not None and weights.step > 0


def model_of(run: Run | None) -> Model | None:
    """Give the model that a run is just now; None while it has no weights or no step."""
    if run is None or run.blueprint is None or run.recipe is None:
        return None
    weights, plan = run.snapshot.weights, run.blueprint
    if weights is None or not has_model(run):
        return None
    return Model(
        recipe=_up_to(run.recipe, weights.step, ended=run.snapshot.state.ended),
        layout=plan.layout,
        vector=weights.vector,
        class_names=plan.class_names,
        image_shape=plan.image_shape,
        scaling=plan.scaling,
        constant_inputs=plan.constant_inputs,
        summary=_summary(run, weights.step),
        history=_history_up_to(run.snapshot.history, weights.step),
        task=plan.task,
    )


def notice_of_mistakes(model: Model) -> Notice | None:
    """Give what a person must know of a model that was trained with a mistake built in."""
    names = mistakes_of(model.recipe.latest)
    if not names:
        return None
    words = text("This model was trained with a mistake built in: {names}.", names=names)
    answers = any(one.acts_on_answers for one in model.recipe.latest.faults)
    hint = text("Here it answers without it.") if answers else None
    return Notice(words, hint, Severity.WARNING, topic="mistakes")


def _history_up_to(history: HistoryView | None, step: int) -> HistoryView | None:
    if history is None or history.steps < step:
        return None
    return history if history.steps == step else History.of(history, step).view()


def _up_to(recipe: Recipe, step: int, *, ended: bool) -> Recipe:
    if ended and recipe.end_step in {None, step}:
        return recipe
    return replace(
        recipe,
        end_step=step,
        changes=tuple(change for change in recipe.changes if change.step <= step),
    )


def _summary(run: Run, step: int) -> dict[str, Any]:
    snapshot = run.snapshot
    found: dict[str, Any] = {
        "name": str(run.name),
        "state": snapshot.state.value,
        "steps": step,
        "seconds": snapshot.seconds,
        "steps_per_epoch": snapshot.steps_per_epoch,
        "total_steps": snapshot.total_steps,
        "saved": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    history = snapshot.history
    if history is not None and len(history.validation):
        found["validation_loss"] = float(history.validation.loss[-1])
        score = float(history.validation.score[-1])
        if run.blueprint is not None and run.blueprint.task == "values":
            found["validation_r_squared"] = score
            found["validation_rmse"] = float(history.validation.rmse[-1])
        else:
            found["validation_accuracy"] = score
    return found


class ModelDesk:
    """Saves and opens models, and knows what would be lost.

    Parameters
    ----------
    opened : callable
        Takes the path and the model of a file that was read.
    saved : callable
        Called when a file was written.
    tell : callable
        Takes the notice of what went wrong.
    current : callable
        Gives the run that is shown first.
    """

    def __init__(
        self,
        background: Background,
        *,
        opened: Callable[[Path, Model], None],
        saved: Callable[[SavedModel], None],
        tell: Callable[[Notice], None],
        current: Callable[[], Run | None],
    ) -> None:
        self._background = background
        self._opened = opened
        self._saved = saved
        self._tell = tell
        self._current = current
        self._kept: dict[str, SavedModel] = {}

    def of(self, run: Run | None) -> SavedModel | None:
        """Give where `run` was saved last, or which file it comes from."""
        return self._kept.get(run.identity) if run is not None else None

    def is_saved(self, run: Run | None) -> bool:
        """Whether nothing of `run` would be lost."""
        if run is None or run.snapshot.step == 0 or run.range_test:
            return True
        if run.compared or run.shown_off:
            # a button makes it again
            return True
        kept = self.of(run)
        return (kept is not None and kept.step == run.snapshot.step) or not has_model(run)

    def open(self, path: Path) -> None:
        """Read the model in `path`; what is open stays open until it is whole."""
        self._read(path, lambda model: self._opened(path, model))

    def offer_last(self, files: tuple[str, ...]) -> None:
        """Offer the model that was saved last, the first of `files`, where it is still there."""
        if not files:
            return
        path = Path(files[0])

        def offer(there: bool) -> None:  # noqa: FBT001 - the result of the job
            if there:
                button = Offer(text("Open {file}", file=path.name), lambda: self.open(path))
                words = text("You saved {file} last time.", file=path.name)
                self._tell(Notice(words, offers=(button,), topic=TOPIC, lasting=False))

        # a folder on another machine may take its time to answer
        self._background.run(
            None, lambda _progress: path.is_file(), done=offer, failed=self._refused
        )

    def read(self, path: Path, done: Callable[[Model, str], None]) -> None:
        """Read the model in `path` and hand it on with its name; what is open stays open."""
        self._read(path, lambda model: done(model, path.name))

    def _read(self, path: Path, done: Callable[[Model], None]) -> None:
        def work(progress: Progress) -> Model:
            progress(None, text("Opening {file}", file=path.name))
            return load_model(path)

        self._background.run(
            text("Opening {file}", file=path.name),
            work,
            done=done,
            failed=self._refused,
            cancellable=False,
        )

    def save(self, path: Path) -> None:
        """Write the model of the current run into `path`, beside the window."""
        run = self._current()
        model = model_of(run)
        if model is None or run is None:
            return
        identity, step = run.identity, int(model.summary["steps"])

        def done(_result: object) -> None:
            self.note(SavedModel(path, identity, step, datetime.now().astimezone()))

        self._background.run(
            text("Saving {file}", file=path.name),
            lambda _progress: save_model(path, model),
            done=done,
            failed=self._refused,
            cancellable=False,
        )

    def save_now(self, run: Run, path: Path) -> bool:
        """Write the model of `run` before anything else happens; gives whether it worked."""
        model = model_of(run)
        try:
            if model is not None:
                save_model(path, model)
        except NnstudioError as error:
            self._tell(notice_of(error, topic=TOPIC))
            return False
        self.note(SavedModel.now(path, run))
        return True

    def note(self, saved: SavedModel) -> None:
        """Remember that these weights are safe."""
        self._kept[saved.identity] = saved
        self._saved(saved)

    def _refused(self, failure: Failure) -> None:
        self._tell(notice_of(failure, topic=TOPIC, lasting=False))
