"""Which experiment or source a word of the command line names."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from nnstudio.cli.reply import UsageError
from nnstudio.cli.setting_names import unknown
from nnstudio.data.catalogue import Imported, Source
from nnstudio.paths import parse_at
from nnstudio.runs.cases import (
    case_names,
    guided_names,
    load_case,
    load_experiment,
    preset_names,
)
from nnstudio.spec import SpecError, describe, kind_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment, WeightedSource
from nnstudio.training.facts import DataFacts
from nnstudio.training.problems import problems

_T = TypeVar("_T")


def describe_experiment(command: argparse.ArgumentParser) -> None:
    """Say how an experiment and changes of it are typed."""
    command.add_argument(
        "experiment",
        metavar="EXPERIMENT.json",
        nargs="?",
        help=tr("file of an experiment, or one of: {cases}", cases=_listed()),
    )
    command.add_argument(
        "--set",
        metavar="path=value",
        nargs="+",
        action="extend",
        default=[],
        help=tr(
            "change a setting, such as optimizer.learning_rate=0.01; “nnstudio settings” lists all"
        ),
    )


def sources() -> dict[str, Source]:
    """Give every source of data by the name of its kind, as it is by default."""
    (members,) = (one.members for one in describe(WeightedSource) if one.name == "source")
    return {kind_of(member): member() for member in members}


def readable() -> dict[str, Source]:
    """Give every source that has samples as it is by default: an imported set has a name first."""
    return {kind: one for kind, one in sources().items() if not isinstance(one, Imported)}


def experiment_of(asked: argparse.Namespace) -> Experiment:
    """Give the experiment that was named, with what `--set` changes in it.

    Raises
    ------
    UsageError
        When there is none of that name, or a change cannot be made.
    SpecError
        When it cannot be trained.
    """
    # after `--set a=1 b=2 NAME` argparse takes the name for one more setting
    if asked.experiment is None and asked.set and "=" not in asked.set[-1]:
        asked.experiment = asked.set.pop()
    experiment = changed(_named(asked.experiment), asked.set)
    refuse(experiment, None)
    return experiment


def changed(value: _T, settings: Sequence[str]) -> _T:
    """Give a spec with what `--set` changes in it.

    Raises
    ------
    UsageError
        When a change cannot be made.
    """
    for setting in settings:
        path, equals, written = setting.partition("=")
        if not equals:
            raise UsageError(
                tr("--set takes path=value, and {setting} has no “=”.", setting=setting)
            )
        missing = unknown(value, path.strip())
        if missing is not None:
            raise UsageError(tr("--set {setting}: {reason}", setting=setting, reason=missing))
        try:
            value = parse_at(value, path.strip(), written.strip())
        except SpecError as error:
            raise UsageError(
                tr("--set {setting}: {reason}", setting=setting, reason=error.what)
            ) from None
    return value


def _named(name: str | None) -> Experiment:
    cases = _listed()
    if name is None:
        raise UsageError(tr("Which experiment? Name a file, or one of: {cases}.", cases=cases))
    case = name.removesuffix(".json")
    # a folder of results is easily called as the case that they came from
    if case in case_names() and not _is_file(name):
        return load_case(case)
    if exists(name):
        return load_experiment(Path(name))
    raise UsageError(
        tr(
            "There is no experiment {name}: neither a file nor one of {cases}.",
            name=name,
            cases=cases,
        )
    )


def _listed() -> str:
    # steps of a case can be named as well, but there are too many to list them here
    return ", ".join((*guided_names(), *preset_names()))


def exists(name: str) -> bool:
    """Whether there is a file or folder of this name."""
    # pathlib raises for a name that is longer than the system takes
    return os.path.exists(name)  # noqa: PTH110 - that is why


def _is_file(name: str) -> bool:
    return os.path.isfile(name)  # noqa: PTH113 - as above


def refuse(experiment: Experiment, facts: DataFacts | None) -> None:
    """Raise SpecError with what is wrong with the experiment, where something is."""
    found = problems(experiment, facts)
    if found:
        raise SpecError(found)
