"""What cannot be trained although each value is legal by itself, said at the row that mends it."""

from collections.abc import Iterator
from functools import partial
from itertools import starmap
from typing import Any, Final

from nnstudio.data.catalogue.generated import Generated
from nnstudio.nn.activations import Identity, Sigmoid, Softmax
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    MeanSquaredError,
    pair_problem,
)
from nnstudio.nn.normalization import BatchNorm
from nnstudio.problems import Path, Problem, Remedy
from nnstudio.spec import title_of
from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.fault_problems import fault_problems
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.sources import called, sources_of

OUTPUT: Final[Path] = ("network", "output", "activation")
LOSS: Final[Path] = ("loss",)

# what goes with each task without a doubt: outputs, loss, and what the task is called
_USUAL: Final[dict[Task, tuple[Any, Any, Text]]] = {
    "classes": (Softmax(), CrossEntropy(), text("classes")),
    "labels": (Sigmoid(), BinaryCrossEntropy(), text("labels")),
    "values": (Identity(), MeanSquaredError(), text("values")),
}


def problems(experiment: Experiment, facts: DataFacts | None) -> tuple[Problem, ...]:
    """Give what is wrong although each value is legal by itself, with the path of a form's row.

    Parameters
    ----------
    experiment : Experiment
        What is to be trained.
    facts : DataFacts or None
        Of its data; None when they are not loaded yet, then nothing is said about them.
    """
    return (
        *_end_problems(experiment, facts),
        *_own_problems(experiment, facts),
        *(() if facts is None else _data_problems(experiment, facts)),
    )


def usual_ends(task: Task) -> Remedy:
    """Give the output activation and the loss that go with a task, to be applied as one change."""
    activation, loss, _ = _USUAL[task]
    return ((OUTPUT, activation), (LOSS, loss))


def _end_problems(experiment: Experiment, facts: DataFacts | None) -> Iterator[Problem]:
    activation, loss = experiment.network.output.activation, experiment.loss
    if facts is not None and facts.task not in loss.tasks:
        fitting, other, task = _USUAL[facts.task]
        yield Problem(
            LOSS,
            text(
                "The data have {task} to learn, which “{loss}” cannot compare: choose “{other}”, "
                "and “{activation}” for the output layer.",
                task=task,
                loss=_title(loss),
                other=_title(other),
                activation=_title(fitting),
            ),
            usual_ends(facts.task),
        )
        return
    pair = pair_problem(activation, loss)
    if pair is not None:
        fitting = Sigmoid() if isinstance(loss, BinaryCrossEntropy) else Softmax()
        yield Problem(LOSS, pair, ((OUTPUT, fitting),))
    elif facts is not None and facts.outputs == 1 and isinstance(activation, Softmax):
        yield Problem(
            OUTPUT,
            text("With a single output softmax is always 1: there is nothing to learn."),
            () if facts.task == "classes" else usual_ends(facts.task),
        )


def _title(member: object) -> Text:
    # the literal stands at the class, from where it is extracted
    return Text(title_of(type(member)), {})


def _own_problems(experiment: Experiment, facts: DataFacts | None) -> Iterator[Problem]:
    for number, source in enumerate(sources_of(experiment)):
        if isinstance(source, Generated):
            place: Path = ("data", "sources", number, "source")
            for one in source.problems():
                yield Problem((*place, *one.path), one.message)
    limit, sources = experiment.data.limit, len(experiment.data.sources)
    if limit is not None and limit < sources:
        yield Problem(
            ("data", "limit"),
            text("There are {count} sources, and each gives one sample or more.", count=sources),
            ((("data", "limit"), sources),),
        )
    stopping, classes = experiment.stopping, experiment.data.classes
    endless = (
        stopping.epochs,
        stopping.steps,
        stopping.seconds,
        stopping.patience,
        stopping.target,
        stopping.blow_up,
    )
    if all(limit is None for limit in endless):
        yield Problem(
            ("stopping", "epochs"), text("The run would never end: set one of the limits.")
        )
    elif experiment.schedule.needs_end and stopping.epochs is None and stopping.steps is None:
        yield Problem(
            ("schedule",), text("This schedule needs to know the end: set epochs or steps.")
        )
    if isinstance(experiment.pretraining, LayerByLayer) and not experiment.network.layers:
        yield Problem(("pretraining",), text("There is no hidden layer that could be pretrained."))
    normalized = any(isinstance(row.normalization, BatchNorm) for row in experiment.network.layers)
    if normalized and experiment.batches.size == 1:
        yield Problem(
            ("batches", "size"),
            text(
                "Batch normalization needs two or more samples in a batch: one alone has no spread."
            ),
            ((("batches", "size"), 32),),
        )
    yield from fault_problems(experiment, facts)
    if len(set(classes)) != len(classes) or len(classes) == 1 or any(one < 0 for one in classes):
        yield Problem(
            ("data", "classes"), text("Name two or more classes by number, each of them once.")
        )


def _data_problems(experiment: Experiment, facts: DataFacts) -> Iterator[Problem]:
    outside = [one for one in experiment.data.classes if one >= len(facts.known_classes)]
    if outside and facts.task != "classes":
        yield Problem(
            ("data", "classes"),
            text("These data have no classes to choose from."),
            ((("data", "classes"), ()),),
        )
    elif outside:
        yield Problem(
            ("data", "classes"),
            text(
                "There is no class {number}: the data have the classes 0 to {last}.",
                number=outside[0],
                last=len(facts.known_classes) - 1,
            ),
        )
    if experiment.data.validate_on_test and facts.test == 0:
        yield Problem(
            ("data", "validate_on_test"),
            text("There is no test part to validate on."),
            ((("data", "validate_on_test"), False),),
        )
    yield from starmap(partial(_twin_problem, experiment), facts.twins)
    unfit = experiment.augmentation.problem(facts.image_shape)
    if unfit is not None:
        yield Problem(("augmentation",), unfit)
    if facts.validation == 0:
        for name in ("patience", "target"):
            if getattr(experiment.stopping, name) is not None:
                yield Problem(
                    ("stopping", name), text("This limit needs samples to validate with.")
                )
        if experiment.schedule.needs_validation:
            yield Problem(
                ("schedule",),
                text("This schedule looks at the validation loss: hold some samples out."),
            )
        if experiment.stopping.keep_best:
            yield Problem(
                ("stopping", "keep_best"),
                text(
                    "Which weights are best is decided by samples to validate with: hold some out."
                ),
            )


def _twin_problem(experiment: Experiment, one: int, other: int) -> Problem:
    sources = sources_of(experiment)
    first, second = sources[one], sources[other]
    place: Path = ("data", "sources", other, "source")
    shares = ("validation", "test")
    mends = all(hasattr(source, name) for source in (first, second) for name in shares)
    return Problem(
        place,
        text(
            "Source {other}, {twin}, has the same samples as source {one}, {name}, and holds "
            "others of them out: what one is judged by, the other learns. Hold the same out of "
            "both, or leave one out.",
            one=one + 1,
            name=called(first),
            other=other + 1,
            twin=called(second),
        ),
        tuple(((*place, name), getattr(first, name)) for name in shares)
        if mends and type(first) is type(second)
        else (),
    )
