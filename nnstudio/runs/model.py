"""Model: a trained network with everything that is needed to use it and to make it again.

`pack` and `unpack` turn it into plain tensors and a record; unpacking believes nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast, get_args

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.errors import NnstudioError
from nnstudio.nn.network import layout_of
from nnstudio.nn.parameters import Layout
from nnstudio.runs.run import Blueprint, Mask, ends_of
from nnstudio.tasks import Task
from nnstudio.texts import text
from nnstudio.training.history import (
    PREFIX,
    History,
    HistoryView,
    history_from,
    history_vectors,
    renamed,
)
from nnstudio.training.recipe import Change, Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Vector, Weights

Array = NDArray[Any]
Tensors = dict[str, Array]

MAX_SIZE: Final = 10**8
_FACTOR: Final = "scaling.factor"
_SHIFT: Final = "scaling.shift"
_CONSTANT: Final = "inputs.constant"


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network and everything that is needed to use it and to make it again.

    Attributes
    ----------
    recipe : Recipe
        What reproduces the run.
    layout : Layout
        Names, shapes and places of the tensors in `vector`.
    vector : ndarray, shape (layout.size,)
        Parameters, then buffers, in the precision of the Experiment.
    class_names : tuple of str
        One per output, of classes as of other outputs; empty where they have no names.
    image_shape : tuple of int, or None
        Height and width of an input that is a picture.
    scaling : FittedScaling
        How raw inputs are scaled.
    constant_inputs : ndarray of bool, shape (D,), or None
        Inputs that never changed in the training part.
    summary : dict
        What came of the run: plain values by name; nothing is decided by them.
    history : HistoryView or None
        What the run has been through up to this vector, where that was kept.
    task : {"classes", "labels", "values"}
        What the outputs say.
    """

    recipe: Recipe
    layout: Layout
    vector: Vector
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    scaling: FittedScaling
    constant_inputs: Mask | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    history: HistoryView | None = None
    task: Task = "classes"

    @property
    def snapshot(self) -> Snapshot:
        """The run that the model comes from, at its end."""
        step, history = int(self.summary.get("steps") or 0), self.history
        return Snapshot(
            self._state,
            step,
            epoch=int((history.epoch_ends < step).sum()) + 1 if history is not None and step else 0,
            steps_per_epoch=self.summary.get("steps_per_epoch"),
            total_steps=self.summary.get("total_steps"),
            history=history,
            weights=Weights(step, self.vector),
            seconds=float(history.seconds[-1]) if history is not None and step else None,
        )

    @property
    def _state(self) -> RunState:
        """What the run was doing; one that went on when it was saved is stopped in its file."""
        said = self.summary.get("state", RunState.FINISHED.value)
        ended = {one.value: one for one in RunState if one.ended}
        return ended.get(said, RunState.STOPPED) if isinstance(said, str) else RunState.FINISHED

    @property
    def blueprint(self) -> Blueprint:
        """What views and a Predictor need."""
        return Blueprint(
            network=self.recipe.experiment.network,
            layout=self.layout,
            class_names=self.class_names,
            image_shape=self.image_shape,
            scaling=self.scaling,
            constant_inputs=self.constant_inputs,
            task=self.task,
        )


def pack(model: Model) -> tuple[Tensors, dict[str, Any]]:
    """Give the tensors of a model by name and what is not a tensor, as `json.dumps` takes it."""
    tensors: Tensors = dict(model.layout.views(model.vector))
    tensors[_FACTOR] = model.scaling.factor
    tensors[_SHIFT] = model.scaling.shift
    if model.constant_inputs is not None:
        tensors[_CONSTANT] = model.constant_inputs.astype(np.uint8)
    if model.history is not None:
        tensors |= history_vectors(model.history)
    inputs, outputs = ends_of(model.layout)
    return tensors, {
        "recipe": model.recipe.to_json(),
        "task": model.task,
        "class_names": list(model.class_names),
        "image_shape": model.image_shape and list(model.image_shape),
        "inputs": inputs,
        "outputs": outputs,
        "summary": {name: _known(value) for name, value in model.summary.items()},
        "changes": [
            [change.step, change.path, change.value]
            for change in (model.history.changes if model.history is not None else ())
        ],
        "stages": [list(stage) for stage in (model.history.stages if model.history else ())],
    }


def unpack(tensors: Tensors, record: Mapping[str, Any], *, file: str) -> Model:
    """Give the model that `pack` took apart, every part checked against its Experiment.

    Parameters
    ----------
    tensors : dict of str to ndarray
        Become part of the model.
    record : mapping
        What is not a tensor.
    file : str
        Where they come from, for sentences.

    Raises
    ------
    NnstudioError
        When something is missing, too much, not legal, or of another shape or type.
    """
    try:
        recipe = Recipe.from_json(record["recipe"])
        inputs, outputs = _size(record["inputs"]), _size(record["outputs"])
        task = _task(record.get("task", "classes"))
        class_names = _class_names(record["class_names"], outputs)
        image_shape = _image_shape(record["image_shape"], inputs)
        summary = _summary(record["summary"])
    except NnstudioError as error:
        raise _undescribed(file, error.what) from None
    except (KeyError, TypeError, ValueError) as error:
        raise _undescribed(file, repr(error)) from None
    layout = layout_of(recipe.experiment.network, inputs=inputs, outputs=outputs)
    dtype = np.dtype(recipe.experiment.precision)
    tensors = renamed(tensors)
    _check_fit(tensors, _wanted(layout, dtype, inputs, tensors), file)
    vector = np.empty(layout.size, dtype)
    for name, view in layout.views(vector).items():
        view[...] = tensors[name]
    try:
        history = _history(tensors, record, steps=summary.get("steps") or 0)
    except (KeyError, TypeError, ValueError) as error:
        raise _undescribed(file, repr(error)) from None
    return Model(
        recipe=recipe,
        layout=layout,
        vector=vector,
        class_names=class_names,
        image_shape=image_shape,
        scaling=FittedScaling(factor=tensors[_FACTOR], shift=tensors[_SHIFT]),
        constant_inputs=tensors[_CONSTANT].astype(np.bool_) if _CONSTANT in tensors else None,
        summary=summary,
        history=history,
        task=task,
    )


def _history(tensors: Tensors, record: Mapping[str, Any], *, steps: int) -> HistoryView | None:
    if not any(name.startswith(PREFIX) for name in tensors):
        return None
    changes = tuple(Change(int(step), str(path), value) for step, path, value in record["changes"])
    stages = record.get("stages", ())
    return history_from(tensors, steps=steps, changes=changes, stages=stages)


def _undescribed(file: str, reason: object) -> NnstudioError:
    return NnstudioError(
        "What {file} says about its model cannot be used: {reason}",
        hint="Choose another copy of it, or install the newest version.",
        file=file,
        reason=reason,
    )


Wanted = dict[str, tuple[tuple[tuple[int, ...], ...], np.dtype[Any]]]


def _wanted(layout: Layout, dtype: np.dtype[Any], inputs: int, tensors: Tensors) -> Wanted:
    wanted: Wanted = {slot.name: ((slot.shape,), dtype) for slot in layout.slots}
    for name in (_FACTOR, _SHIFT):
        wanted[name] = (((), (inputs,)), np.dtype(np.float64))
    if _CONSTANT in tensors:
        wanted[_CONSTANT] = (((inputs,),), np.dtype(np.uint8))
    if any(name.startswith(PREFIX) for name in tensors):
        for name, column in history_vectors(History().view()).items():
            # lengths are compared with each other when the columns become a history
            found = tensors.get(name)
            length = len(found) if found is not None and found.ndim else 0
            wanted[name] = (((length,),), column.dtype)
    return wanted


def _check_fit(tensors: Tensors, wanted: Wanted, file: str) -> None:
    for name in sorted(wanted.keys() | tensors.keys()):
        tensor = tensors.get(name)
        shapes, dtype = wanted.get(name, ((), None))
        if tensor is None or tensor.shape not in shapes or tensor.dtype != dtype:
            raise NnstudioError(
                "{file} does not fit its own description: {tensor} should be {wanted}, "
                "but is {found}.",
                hint="Choose another copy of it.",
                file=file,
                tensor=name,
                wanted=_told(shapes[-1], dtype) if shapes else text("absent"),
                found=text("absent") if tensor is None else _told(tensor.shape, tensor.dtype),
            )


def _told(shape: tuple[int, ...], dtype: object) -> str:
    return f"{dtype} {' × '.join(map(str, shape)) or 1}"


def _size(value: object) -> int:
    if not isinstance(value, int) or not 0 < value <= MAX_SIZE:
        raise ValueError(value)
    return value


def _task(value: Any) -> Task:
    if value not in get_args(Task):
        raise ValueError(value)
    return cast("Task", value)


def _class_names(value: Any, outputs: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) not in {0, outputs}:
        raise ValueError(value)
    return tuple(str(name) for name in value)


def _summary(value: Any) -> dict[str, Any]:
    summary = dict(value)
    for name in ("steps", "steps_per_epoch", "total_steps"):
        count = summary.get(name)
        if count is not None and (not isinstance(count, int) or count < 0):
            raise ValueError(count)
    return summary


def _image_shape(value: Any, inputs: int) -> tuple[int, int] | None:
    if value is None:
        return None
    height, width = map(_size, value)
    if height * width != inputs:
        raise ValueError(value)
    return height, width


def _known(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
