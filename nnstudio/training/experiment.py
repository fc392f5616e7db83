"""Experiment: everything that a person sets; immutable, comparable, hashable."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from nnstudio.data.augmentation import Augmentation, NoAugmentation
from nnstudio.data.catalogue import Source
from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.preprocessing import Scaling, ToUnit
from nnstudio.errors import NnstudioError
from nnstudio.faults import FAULTS, Fault
from nnstudio.nn.clipping import Clipping, NoClipping
from nnstudio.nn.losses import CrossEntropy, Loss
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Optimizer
from nnstudio.nn.schedules import Cosine, NoWarmUp, Schedule, WarmUp
from nnstudio.spec import Display, Field, from_json, spec, to_json
from nnstudio.texts import mark
from nnstudio.training.averaging import Averaging, NoAveraging
from nnstudio.training.pretraining import NoPretraining, Pretraining

FORMAT_VERSION: Final = 1
_MIGRATIONS: Final[tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = ()
"""The one at index n - 1 turns the JSON of version n into that of version n + 1."""


@spec(title="Weighted source")
class WeightedSource:
    """One source and its share of the mixture."""

    source: Source = Handwriting()
    weight: Annotated[
        float,
        Field(
            gt=0,
            le=1000,
            title="Weight",
            description="How much of every epoch is of this source: its weight divided by the sum "
            "of all weights. A source with too few samples for that comes several times, one with "
            "more gives another part of them in each epoch. With one source it says nothing.",
        ),
        Display(scale="log", advanced=True),
    ] = 1.0


MOST_SOURCES: Final = 8


@spec(title="Data")
class DataSettings:
    """Which samples there are and in which order they come."""

    sources: Annotated[
        tuple[WeightedSource, ...],
        Field(
            min_length=1,
            max_length=MOST_SOURCES,
            title="Sources",
            description="Where the samples come from; several are mixed by their weights.",
        ),
    ] = (WeightedSource(),)
    limit: Annotated[
        int | None,
        Field(
            ge=1, title="Use at most", description="Learn from no more training samples than this."
        ),
        Display(scale="log", advanced=True),
    ] = None
    classes: Annotated[
        tuple[int, ...],
        Field(
            max_length=1000,
            title="Classes",
            description="Only these classes, by number; none means all.",
        ),
        Display(advanced=True),
    ] = ()
    shuffled: Annotated[
        bool,
        Field(title="Shuffled", description="A new random order of the samples in every epoch."),
        Display(advanced=True),
    ] = True
    validate_on_test: Annotated[
        bool,
        Field(
            title="Validate on the test part",
            description="Nothing is held out of the training part, and the test part is watched "
            "instead. Many tutorials do so; settings that are chosen by such numbers have no "
            "independent test left.",
        ),
        Display(advanced=True),
    ] = False


@spec(title="Batches")
class Batches:
    """How many samples make a step and how they are drawn."""

    size: Annotated[
        int,
        Field(ge=1, le=100_000, title="Batch size", description="Samples that share one step."),
        Display(scale="log", live=True, live_at="epoch"),
    ] = 128
    replacement: Annotated[
        bool,
        Field(
            title="With replacement",
            description="Each batch is drawn anew from all samples, so some come twice.",
        ),
        Display(advanced=True),
    ] = False
    drop_last: Annotated[
        bool,
        Field(title="Drop the rest", description="Leave out the last, smaller batch of an epoch."),
        Display(advanced=True),
    ] = False


@spec(title="Stopping")
class Stopping:
    """When a run ends; the first limit that is reached ends it."""

    epochs: Annotated[
        int | None,
        Field(ge=1, le=1_000_000, title="Epochs", description="How often every sample is seen."),
        Display(scale="log"),
    ] = 12
    steps: Annotated[
        int | None,
        Field(ge=1, title="Steps", description="End after this many steps."),
        Display(scale="log", advanced=True),
    ] = None
    patience: Annotated[
        int | None,
        Field(
            ge=1,
            le=1_000_000,
            title="Patience",
            description="End when the validation loss has not fallen for this many epochs.",
        ),
        Display(advanced=True),
    ] = None
    seconds: Annotated[
        float | None,
        Field(gt=0, title="Time", description="End after this much training time."),
        Display(unit=mark("s"), advanced=True),
    ] = None
    target: Annotated[
        float | None,
        Field(
            gt=0,
            le=1,
            title="Target",
            description="End at this validation accuracy, or at this R² where values are learned.",
        ),
        Display(unit="%", advanced=True),
    ] = None
    blow_up: Annotated[
        float | None,
        Field(
            gt=1,
            le=1e6,
            title="Blow-up",
            description="End when the smoothed training loss is so many times its lowest value.",
        ),
        Display(advanced=True),
    ] = None
    keep_best: Annotated[
        bool,
        Field(
            title="Keep the best",
            description="At the end, show and save the weights of the lowest validation loss "
            "instead of the last ones.",
        ),
        Display(advanced=True),
    ] = False


@spec(title="Experiment")
class Experiment:
    """One whole experiment: data, network, loss, optimizer and how long to train."""

    data: Annotated[DataSettings, Field(title="Data"), Display(section="data")] = DataSettings()
    scaling: Annotated[Scaling, Field(title="Scaling"), Display(section="data")] = ToUnit()
    augmentation: Annotated[Augmentation, Display(section="data")] = NoAugmentation()
    network: Annotated[NetworkSpec, Field(title="Network"), Display(section="network")] = (
        NetworkSpec()
    )
    loss: Annotated[Loss, Display(section="learning")] = CrossEntropy()
    optimizer: Annotated[Optimizer, Display(section="learning")] = Adam(learning_rate=0.006)
    schedule: Annotated[Schedule, Display(section="learning")] = Cosine()
    warm_up: Annotated[WarmUp, Display(section="learning")] = NoWarmUp()
    clipping: Annotated[Clipping, Display(section="learning")] = NoClipping()
    batches: Annotated[Batches, Display(section="training")] = Batches()
    stopping: Annotated[Stopping, Display(section="training")] = Stopping()
    averaging: Annotated[Averaging, Display(section="training")] = NoAveraging()
    pretraining: Annotated[Pretraining, Display(section="training")] = NoPretraining()
    precision: Annotated[
        Literal["float32", "float64"],
        Field(title="Precision", description="Digits kept by every number of the network."),
        Display(section="training", choices=("float32", "float64"), advanced=True),
    ] = "float32"
    seed: Annotated[
        int,
        Field(
            ge=0,
            le=2**31 - 1,
            title="Seed",
            description="Same seed, same numbers; another, another run.",
        ),
        Display(section="training"),
    ] = 0
    faults: Annotated[
        tuple[Fault, ...],
        Field(
            max_length=len(FAULTS),
            title="Classic mistakes",
            description="Mistakes that people make when they write a network by themselves, built "
            "in on purpose.",
        ),
        Display(section="faults"),
    ] = ()


def experiment_to_json(experiment: Experiment) -> dict[str, Any]:
    """Give every field, defaults too, and the version of the format, for `json.dumps`."""
    return {"format_version": FORMAT_VERSION, **to_json(experiment)}


def experiment_from_json(data: object) -> Experiment:
    """Give the experiment that `data` describes; fields left out take their defaults.

    Raises
    ------
    NnstudioError
        When it is no experiment, one of a newer version, or a value is not legal.
    """
    if not isinstance(data, Mapping) or "format_version" not in data:
        raise NnstudioError(
            "This is no experiment: it does not say its format_version.",
            hint='Experiments of this program begin with "format_version": {known}.',
            known=FORMAT_VERSION,
        )
    version = data["format_version"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise NnstudioError(
            "This is no experiment: its format_version is {version}.",
            hint="Versions are whole numbers from 1 to {known}.",
            version=repr(version),
            known=FORMAT_VERSION,
        )
    if version > FORMAT_VERSION:
        raise NnstudioError(
            "The experiment is written in version {version} of the format; "
            "this program knows versions up to {known}.",
            hint="Open it with a newer version of the program.",
            version=version,
            known=FORMAT_VERSION,
        )
    rest = {name: value for name, value in data.items() if name != "format_version"}
    for migrate in _MIGRATIONS[version - 1 :]:
        rest = migrate(rest)
    return from_json(Experiment, rest)


def dumps(experiment: Experiment) -> str:
    """Give the JSON text of an experiment, every field in it."""
    return json.dumps(experiment_to_json(experiment), indent=2, ensure_ascii=False)


def loads(written: str) -> Experiment:
    """Give the experiment in a JSON text.

    Raises
    ------
    NnstudioError
        When it is no JSON, no experiment, of a newer version, or a value is not legal.
    """
    try:
        data = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise NnstudioError(
            "This is no JSON: {reason}.",
            hint="Experiments are JSON files, as this program writes them.",
            reason=str(error),
        ) from None
    return experiment_from_json(data)
