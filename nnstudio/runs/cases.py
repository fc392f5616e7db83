"""Experiments by name or file: those that ship with the program, and those that people keep.

A *case* is an experiment with a guide; a *step* of it is one whose name begins with that of the
case and a dash; every other one is a *preset*. So a name alone tells what it is.
"""

from functools import cache
from pathlib import Path

from nnstudio.errors import NnstudioError
from nnstudio.places import resource_root
from nnstudio.training.experiment import Experiment, loads


# names are asked for by the hundred, and what ships does not change while the program runs
@cache
def case_names() -> tuple[str, ...]:
    """Give the names of the experiments that ship with the program."""
    folder = resource_root() / "cases"
    return tuple(
        sorted(
            one.name.removesuffix(".json") for one in folder.iterdir() if one.name.endswith(".json")
        )
    )


@cache
def guided_names() -> tuple[str, ...]:
    """Give the names of the cases: experiments that have a guide."""
    folder = resource_root() / "cases" / "guides"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            one.name.removesuffix(".json") for one in folder.iterdir() if one.name.endswith(".json")
        )
    )


def case_of(name: str) -> str | None:
    """Give the case that `name` belongs to, itself or a step of it; None for a preset."""
    return next(
        (case for case in guided_names() if name == case or name.startswith(f"{case}-")), None
    )


def steps_of(case: str) -> tuple[str, ...]:
    """Give the names of the steps of a case, without itself."""
    return tuple(name for name in case_names() if name.startswith(f"{case}-"))


def preset_names() -> tuple[str, ...]:
    """Give the names of the presets: experiments that belong to no case."""
    return tuple(name for name in case_names() if case_of(name) is None)


def load_case(name: str) -> Experiment:
    """Give the experiment that ships under `name`.

    Raises
    ------
    KeyError
        When there is none.
    """
    if name not in case_names():
        raise KeyError(name)
    return loads((resource_root() / "cases" / f"{name}.json").read_text(encoding="utf-8"))


def load_experiment(file: Path) -> Experiment:
    """Give the experiment in a JSON file.

    Raises
    ------
    NnstudioError
        When the file cannot be read or holds no legal experiment; it is named.
    """
    try:
        return loads(file.read_text(encoding="utf-8"))
    except NnstudioError as error:
        raise NnstudioError(
            "{file} holds no experiment that can be trained: {reason}",
            hint="",
            file=file.name,
            reason=str(error),
        ) from None
    except UnicodeDecodeError:
        raise NnstudioError(
            "{file} is not a text file.", hint="An experiment is a JSON file.", file=file.name
        ) from None
    except OSError as error:
        raise NnstudioError(
            "{file} cannot be read: {reason}.",
            hint="An experiment is a JSON file.",
            file=file.name,
            reason=error.strerror or type(error).__name__,
        ) from None
