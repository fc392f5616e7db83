"""Experiment: everything that a person sets; immutable, comparable, hashable."""

from typing import Annotated, Literal

from nnstudio.data.augmentation import NoAugmentation
from nnstudio.data.catalogue import Source
from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.preprocessing import Scaling, ToUnit
from nnstudio.nn.losses import CrossEntropy, Loss
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Optimizer
from nnstudio.nn.schedules import Cosine, Schedule
from nnstudio.spec import Display, Field, spec


@spec(title="Weighted source")
class WeightedSource:
    """One source and its share of the mixture."""

    source: Source = Handwriting()
    weight: Annotated[
        float,
        Field(gt=0, le=1000, title="Weight", description="Share of the mixture."),
        Display(advanced=True),
    ] = 1.0


@spec(title="Data")
class DataSettings:
    """Which samples there are and in which order they come."""

    sources: Annotated[
        tuple[WeightedSource, ...], Field(min_length=1, max_length=1, title="Sources")
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


@spec(title="none")
class NoClipping:
    """Gradients are taken as they come."""

    kind: Literal["none"] = "none"


@spec(title="none")
class NoAveraging:
    """Evaluation uses the parameters of the last step."""

    kind: Literal["none"] = "none"


@spec(title="none")
class NoPretraining:
    """Training starts from the initial weights."""

    kind: Literal["none"] = "none"


@spec(title="Batches")
class Batches:
    """How many samples make a step and how they are drawn."""

    size: Annotated[
        int,
        Field(ge=1, le=100_000, title="Batch size", description="Samples that share one step."),
        Display(scale="log", live=True),
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
    ] = 20
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
        Display(unit="s", advanced=True),
    ] = None
    target: Annotated[
        float | None,
        Field(gt=0, le=1, title="Target", description="End at this validation accuracy."),
        Display(unit="%", advanced=True),
    ] = None


@spec(title="Experiment")
class Experiment:
    """One whole experiment: data, network, loss, optimizer and how long to train."""

    data: Annotated[DataSettings, Field(title="Data"), Display(section="data")] = DataSettings()
    scaling: Annotated[Scaling, Field(title="Scaling"), Display(section="data")] = ToUnit()
    augmentation: Annotated[NoAugmentation, Display(section="data")] = NoAugmentation()
    network: Annotated[NetworkSpec, Field(title="Network"), Display(section="network")] = (
        NetworkSpec()
    )
    loss: Annotated[Loss, Display(section="learning")] = CrossEntropy()
    optimizer: Annotated[Optimizer, Display(section="learning")] = Adam(learning_rate=0.002)
    schedule: Annotated[Schedule, Display(section="learning")] = Cosine()
    clipping: Annotated[NoClipping, Display(section="learning")] = NoClipping()
    batches: Annotated[Batches, Display(section="training")] = Batches()
    stopping: Annotated[Stopping, Display(section="training")] = Stopping(epochs=12)
    averaging: Annotated[NoAveraging, Display(section="training")] = NoAveraging()
    pretraining: Annotated[NoPretraining, Display(section="training")] = NoPretraining()
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
    faults: Annotated[tuple[()], Field(title="Classic mistakes"), Display(section="faults")] = ()
