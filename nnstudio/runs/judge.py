"""Judging a model on samples: its own scaling, its own precision, pictures fitted to its inputs."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue import DataPlaces, Imported, Source
from nnstudio.data.class_names import by_value, is_number
from nnstudio.data.dataset import TASKS, Dataset, Split
from nnstudio.data.preprocessing import encoded
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.nn.network import build
from nnstudio.runs.model import Model
from nnstudio.runs.run import ends_of
from nnstudio.training.evaluation import Evaluation, evaluate
from nnstudio.training.experiment import WeightedSource
from nnstudio.training.facts import DataFacts
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.sources import load_sources, sources_of

Rows = NDArray[np.int64]

DIGIT_SHAPE: Final = (28, 28)
DIGIT_SOURCES: Final = frozenset({"handwriting", "mnist", "my-digits"})


def takes_digits(model: Model) -> bool:
    """Whether pictures for the model are digits, fitted and centred as MNIST's are."""
    kinds = {source.kind for source in sources_of(model.recipe.experiment)}
    return model.image_shape == DIGIT_SHAPE and kinds <= DIGIT_SOURCES


def judge_source(
    model: Model, source: Source | None, places: DataPlaces, progress: Progress
) -> Evaluation:
    """Give loss and score over the test part of a source.

    Of a source that sets no test part apart, all samples are asked, unless the model was trained
    on it.

    Parameters
    ----------
    model : Model
        What is judged.
    source : Source or None
        Where the samples come from; None for the sources that the model was trained on. One of
        the same kind as one of those is taken with the settings that the model was trained with.
    places : DataPlaces
        Where sources look.
    progress : Progress
        Told what is going on.

    Raises
    ------
    NnstudioError
        When the source cannot be read or its samples do not fit the model.
    """
    experiment = model.recipe.experiment
    own = experiment.data.sources
    chosen = alike = own
    if source is not None:
        alike = tuple(one for one in own if _same_set(one.source, source))
        chosen = alike or (WeightedSource(source=source),)
    if chosen != own:
        settings = replace(experiment.data, sources=chosen, limit=None)
        experiment = replace(experiment, data=settings)
    dataset = load_sources(experiment, places, progress)
    if chosen != own and experiment.data.classes:
        # their numbers mean something in the data that were trained with alone
        known = _known_classes(model, dataset)
        experiment = replace(experiment, data=replace(experiment.data, classes=known))
    data = prepare(experiment, dataset)
    kept = isinstance(source, Imported) and not data.dataset.test_count
    if not alike and (kept or not len(data.split.test)):
        # nothing of it was learned from, so nothing of it need be held back
        return judge_dataset(model, data.dataset)
    return _judge(model, data.dataset, data.split.test)


def _same_set(one: Source, other: Source) -> bool:
    if isinstance(one, Imported) and isinstance(other, Imported):
        return one.sha256 == other.sha256
    return one.kind == other.kind


def _known_classes(model: Model, dataset: Dataset) -> tuple[int, ...]:
    if dataset.task != "classes":
        return ()
    names = dataset.class_names
    known = {by_value(name): number for number, name in enumerate(names)}
    wanted = [by_value(name) for name in model.class_names]
    return tuple(known[name] for name in wanted if name in known)


def judge_dataset(model: Model, dataset: Dataset) -> Evaluation:
    """Give loss and score over all samples of `dataset`.

    Raises
    ------
    NnstudioError
        When the samples do not fit the model.
    """
    return _judge(model, dataset, np.arange(len(dataset.inputs)))


def _judge(model: Model, dataset: Dataset, rows: Rows) -> Evaluation:
    inputs, outputs = ends_of(model.layout)
    if not len(rows):
        raise NnstudioError(
            "There is no test part to judge the model on.",
            hint="Choose other data, or a source that holds samples back.",
        )
    if dataset.task != model.task:
        raise NnstudioError(
            "The data do not fit the model: they have {found} to learn, and the model learned "
            "{known}.",
            hint="Choose data of the kind that the model was trained on.",
            found=TASKS[dataset.task],
            known=TASKS[model.task],
        )
    samples, targets = _fitting(model, dataset, rows), _answers(model, dataset, rows)
    _check_sizes(samples, targets, inputs=inputs, outputs=outputs)
    experiment = model.recipe.experiment
    network = build(
        experiment.network,
        inputs=inputs,
        outputs=outputs,
        loss=experiment.loss,
        dtype=model.vector.dtype,
    )
    network.vector[:] = model.vector
    data = _prepared(model, samples, targets)
    return evaluate(network, data, data.split.test)


def _answers(model: Model, dataset: Dataset, rows: Rows) -> NDArray[Any]:
    """Give the targets of `rows` as the model counts them: classes go by their names.

    Names that are numbers are equal by value (07 is 7). Where the classes of the model have no
    numbers for names, numbers are the places of its classes, as in IDX files.
    """
    targets: NDArray[Any] = dataset.targets[rows]
    if dataset.task != "classes":
        return targets
    names = {int(one): by_value(dataset.class_names[one]) for one in np.unique(targets)}
    known = {by_value(name): number for number, name in enumerate(model.class_names)}
    if not any(map(is_number, known)) and all(map(is_number, names.values())):
        known = {str(number): number for number in range(len(model.class_names))}
    for place, name in names.items():
        if name not in known:
            raise NnstudioError(
                "The data do not fit the model: it has not learned the class {name}.",
                hint="Leave these samples out, or choose other data.",
                name=dataset.class_names[place],
            )
    by_number = np.zeros(len(dataset.class_names), dtype=np.int64)
    for place, name in names.items():
        by_number[place] = known[name]
    renumbered: Rows = by_number[targets]
    return renumbered


def _check_sizes(
    samples: NDArray[Any], targets: NDArray[Any], *, inputs: int, outputs: int
) -> None:
    classes = targets.ndim == 1
    if classes and (samples.shape[1] != inputs or targets.max() >= outputs):
        raise NnstudioError(
            "The data do not fit the model: {found} numbers a sample and classes up to {highest}; "
            "the model has {inputs} inputs and {outputs} classes.",
            hint="Choose data of the kind that the model was trained on.",
            found=samples.shape[1],
            highest=int(targets.max()),
            inputs=inputs,
            outputs=outputs,
        )
    if not classes and (samples.shape[1], targets.shape[1]) != (inputs, outputs):
        raise NnstudioError(
            "The data do not fit the model: {found} numbers a sample and {answers} answers to it; "
            "the model has {inputs} inputs and {outputs} outputs.",
            hint="Choose data of the kind that the model was trained on.",
            found=samples.shape[1],
            answers=targets.shape[1],
            inputs=inputs,
            outputs=outputs,
        )


def _fitting(model: Model, dataset: Dataset, rows: Rows) -> NDArray[Any]:
    samples: NDArray[Any] = dataset.inputs[rows]
    shape, wanted = dataset.image_shape, model.image_shape
    if shape is None or wanted is None or shape == wanted:
        return samples
    from nnstudio.data.pictures import fitted  # noqa: PLC0415 - Pillow is not needed to start

    grey = np.clip(samples, 0, 255).astype(np.uint8).reshape(-1, *shape)
    return np.stack([fitted(picture, wanted) for picture in grey]).reshape(len(rows), -1)


def _prepared(model: Model, samples: NDArray[Any], targets: NDArray[Any]) -> PreparedData:
    inputs, outputs = ends_of(model.layout)
    names = tuple(str(number) for number in range(outputs)) if model.task == "classes" else ()
    dataset = Dataset.of(samples, targets, class_names=names, source="judged", task=model.task)
    none = np.empty(0, np.int64)
    return PreparedData(
        dataset=dataset,
        split=Split(none, none, np.arange(len(samples))),
        scaling=model.scaling,
        targets=encoded(dataset, model.vector.dtype),
        labels=dataset.targets if model.task == "classes" else None,
        facts=DataFacts(
            training=0,
            validation=0,
            test=len(samples),
            inputs=inputs,
            outputs=outputs,
            image_shape=model.image_shape,
            class_names=names,
            known_classes=names,
            constant_inputs=np.zeros(inputs, np.bool_),
            sha256=dataset.sha256,
            task=model.task,
        ),
        given=dataset,
    )
