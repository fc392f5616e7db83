"""A lesson: a network that reads digits learns a few drawings, and forgets nothing meanwhile.

What it learned from is replayed beside the drawings, which come far more often than they are many,
distorted anew each time (rehearsal: Robins 1995, "Catastrophic forgetting, rehearsal and
pseudorehearsal"). The steps are few and small, and their mean is what answers at the end.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nnstudio.data.augmentation import Distortions
from nnstudio.data.catalogue import Handwriting, MyDigits, Source
from nnstudio.data.catalogue.handwriting import REVISION
from nnstudio.errors import NnstudioError
from nnstudio.nn.clipping import NoClipping
from nnstudio.nn.optimizers import Adam
from nnstudio.nn.schedules import Cosine, LinearWarmUp
from nnstudio.training.averaging import Exponential
from nnstudio.training.experiment import Batches, Experiment, Stopping, WeightedSource
from nnstudio.training.pretraining import NoPretraining

STEPS: Final = 600
HALF_A_MINUTE: Final = 30.0  # s
BATCH: Final = 256
RATE: Final = 1e-3
RETRACED: Final = 30
_MOST_PICTURES: Final = 5_000  # of the drawings and their retracings
DECAY: Final = 0.99
MOST_SHARE: Final = 0.08
"""Of a batch that is taught. On seven hard writers 0.08 mends 38 % of the errors on retraced other
drawings and costs 0.07 points of MNIST, 0.11 48 % and 0.11 points, 0.15 52 % and 0.13 points. Where
the network knows MNIST well (99.2 %), 0.1 costs the worst of 30 writers 0.22 points, 0.08 0.09."""
GENTLE_SHARE: Final = 0.03
"""Where generated digits alone are replayed: nothing holds fast what the network knows of digits
that people wrote. Ten drawings by each of 60 writers mend 62 % of the errors of the network that
ships on ten others by the same hand, and cost it 0.05 points of MNIST in the mean; but with few
writers more than 0.2, with one 0.5. A share of 0.1 costs four times as much."""


def share_of(labels: Sequence[str], *, most: float = MOST_SHARE) -> float:
    """Give which share of every batch drawings of these digits make up, one label for each.

    No digit makes up more than a tenth of the `most`, however often it was drawn: else it is
    expected more often, and others are taken for it. Five drawings of one digit at a share of 0.1
    cost nearly a point of MNIST.
    """
    largest = max(Counter(labels).values())
    return most / 10 * len(labels) / largest


def retraced_of(count: int) -> int:
    """Give how often each of `count` drawings is drawn anew: the fewer they are, the more often."""
    return min(RETRACED, _MOST_PICTURES // max(count, 1))


def _as_written_now(source: Source) -> Source:
    """Give a source that the program still has: digits written as it writes them now will do."""
    return replace(source, revision=REVISION) if isinstance(source, Handwriting) else source


def lesson(
    experiment: Experiment,
    *,
    my: MyDigits,
    labels: Sequence[str],
    seconds: float | None = HALF_A_MINUTE,
) -> Experiment:
    """Give the experiment by which a network goes on from its weights and learns drawings.

    Parameters
    ----------
    experiment : Experiment
        What the network was trained with: its sources are replayed, its shape and its scaling stay.
    my : MyDigits
        What is taught; its entries are set, so that the lesson can be made again.
    labels : sequence of str
        Which digits that are, one for each drawing.
    seconds : float or None
        End after this much training at the latest, on a machine that is slow or busy.

    Raises
    ------
    NnstudioError
        When there is nothing to teach or nothing to replay.
    """
    replayed = tuple(
        replace(one, source=_as_written_now(one.source))
        for one in experiment.data.sources
        if not isinstance(one.source, MyDigits)
    )
    count = len(labels)
    if not count:
        raise NnstudioError(
            "You have drawn no digits yet.",
            hint="Draw one on the canvas and say which it is; it is kept then.",
        )
    if not replayed:
        raise NnstudioError(
            "This network knows your digits alone: there is nothing to replay beside them.",
            hint="Train it on handwriting or MNIST first, then teach it your digits.",
        )
    generated = all(isinstance(one.source, Handwriting) for one in replayed)
    share = share_of(labels, most=GENTLE_SHARE if generated else MOST_SHARE)
    weight = sum(one.weight for one in replayed) * share / (1 - share)
    taught = WeightedSource(
        source=replace(my, retraced=retraced_of(count)), weight=min(weight, 1000.0)
    )
    augmentation = experiment.augmentation
    return replace(
        experiment,
        data=replace(experiment.data, sources=(*replayed, taught), shuffled=True),
        augmentation=augmentation if isinstance(augmentation, Distortions) else Distortions(),
        optimizer=Adam(learning_rate=RATE),
        schedule=Cosine(),
        warm_up=LinearWarmUp(steps=20),
        clipping=NoClipping(),
        batches=Batches(size=BATCH),
        stopping=Stopping(epochs=None, steps=STEPS, seconds=seconds),
        averaging=Exponential(decay=DECAY),
        pretraining=NoPretraining(),
        faults=(),
    )
