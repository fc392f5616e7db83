"""Recipe: an Experiment, its live changes and its ending; what reproduces a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Experiment, experiment_from_json, experiment_to_json
from nnstudio.training.live import with_live


@dataclass(frozen=True)
class Change:
    """A live setting that was changed after `step` steps: it acts from the next step on.

    Attributes
    ----------
    step : int
        How many steps had been made.
    path : str
        With dots, such as ``"optimizer.learning_rate"``.
    value : int, float, bool or str
        The new value.
    """

    step: int
    path: str
    value: Any


@dataclass(frozen=True)
class Parent:
    """The run that this one went on from, after `step` of its steps."""

    recipe: "Recipe"
    step: int


@dataclass(frozen=True)
class Recipe:
    """What reproduces a run, bit for bit, on the same machine with the same versions.

    Attributes
    ----------
    experiment : Experiment
        What the run started with; `changes` are not in it.
    parent : Parent or None
        The run it was forked from.
    initial_sha256 : str or None
        Checksum of the model's tensors that it started from, when it began with a model.
    changes : tuple of Change
        In the order in which they acted.
    threads : int
        BLAS threads that it began with; bits depend on them.
    thread_changes : tuple of (int, int)
        After so many steps, so many threads: others were busy, or no longer.
    end_step : int or None
        Set when a person or a clock ended the run: how many steps had been made.
    data_sha256 : str
        Checksum of the data set.
    """

    experiment: Experiment
    parent: Parent | None = None
    initial_sha256: str | None = None
    changes: tuple[Change, ...] = ()
    threads: int = 1
    thread_changes: tuple[tuple[int, int], ...] = ()
    end_step: int | None = None
    data_sha256: str = ""

    @property
    def latest_threads(self) -> int:
        """BLAS threads after every change of them."""
        return self.thread_changes[-1][1] if self.thread_changes else self.threads

    @property
    def latest(self) -> Experiment:
        """The Experiment with every live change in it.

        Raises
        ------
        NnstudioError
            When a change is not legal.
        """
        experiment = self.experiment
        for change in self.changes:
            experiment = with_live(experiment, change.path, change.value)
        return experiment

    def to_json(self) -> dict[str, Any]:
        """Give every field as what `json.dumps` takes."""
        return {
            "experiment": experiment_to_json(self.experiment),
            "parent": self.parent
            and {"recipe": self.parent.recipe.to_json(), "step": self.parent.step},
            "initial_sha256": self.initial_sha256,
            "changes": [[one.step, one.path, one.value] for one in self.changes],
            "threads": self.threads,
            "thread_changes": [list(change) for change in self.thread_changes],
            "end_step": self.end_step,
            "data_sha256": self.data_sha256,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Recipe":
        """Give the recipe that `to_json` wrote.

        Raises
        ------
        NnstudioError
            When it is none: a field is missing, of the wrong kind or not legal.
        """
        try:
            parent = data["parent"]
            return Recipe(
                experiment=experiment_from_json(data["experiment"]),
                parent=None
                if parent is None
                else Parent(Recipe.from_json(parent["recipe"]), _count(parent["step"])),
                initial_sha256=_optional_text(data["initial_sha256"]),
                changes=tuple(
                    Change(_count(step), _text(path), _plain(value))
                    for step, path, value in data["changes"]
                ),
                threads=max(1, _count(data["threads"])),
                thread_changes=tuple(
                    (_count(step), max(1, _count(count)))
                    # files of the first version have none
                    for step, count in data.get("thread_changes", ())
                ),
                end_step=None if data["end_step"] is None else _count(data["end_step"]),
                data_sha256=_text(data["data_sha256"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise NnstudioError(
                "The recipe of the run cannot be read: {reason}.",
                hint="It was damaged, or written by another program.",
                reason=repr(error),
            ) from None


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _plain(value: object) -> int | float | bool | str:
    if not isinstance(value, int | float | str):
        raise TypeError(value)
    return value
