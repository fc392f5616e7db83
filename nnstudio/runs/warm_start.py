"""Warm start: the weights of a model as the first ones of a run, where every shape fits."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from nnstudio.errors import NnstudioError
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.nn.parameters import Layout
from nnstudio.runs.model import Model
from nnstudio.spec import title_of
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.pretraining import NoPretraining
from nnstudio.training.snapshot import Vector


@dataclass(frozen=True, eq=False)
class WarmStart:
    """What a run begins with that goes on from a model.

    Attributes
    ----------
    vector : ndarray, shape (layout.size,)
        Parameters, then buffers, in the precision of the experiment.
    sha256 : str
        Of the model's tensors, for the Recipe.
    file : str
        Name of the file that the model came from, for people.
    remarks : tuple of Text
        What is different from what the model was trained with, though its shapes fit.
    """

    vector: Vector
    sha256: str
    file: str
    remarks: tuple[Text, ...] = ()


def warm_start(model: Model, experiment: Experiment, data: PreparedData, *, file: str) -> WarmStart:
    """Give the start of a run of `experiment` on `data` from the weights of `model`.

    Raises
    ------
    NnstudioError
        When a shape does not fit; the first layer that differs is named with both shapes.
    """
    layout = layout_of(experiment.network, inputs=data.inputs, outputs=data.outputs)
    _check_shapes(model.layout, layout, file)
    return WarmStart(
        vector=model.vector.astype(experiment.precision),
        sha256=tensors_sha256(model),
        file=file,
        remarks=_remarks(model, experiment, data),
    )


def as_it_goes_on(experiment: Experiment, *, file: str) -> tuple[Experiment, Text | None]:
    """Give the experiment of a run that goes on from a model, and what is different in it.

    Pretraining is left out: layer by layer, it would unlearn what the model knows before the
    network is trained as a whole.
    """
    if isinstance(experiment.pretraining, NoPretraining):
        return experiment, None
    return replace(experiment, pretraining=NoPretraining()), text(
        "Pretraining is left out: it would train every layer of {file} anew.", file=file
    )


def tensors_sha256(model: Model) -> str:
    """Give the SHA-256 of a model's tensors: names, shapes, precision and numbers, no more."""
    made = hashlib.sha256()
    for name, values in model.layout.views(model.vector).items():
        stored = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        made.update(f"\n{name} {stored.dtype.str} {stored.shape}\n".encode())
        made.update(stored.tobytes())
    return made.hexdigest()


def fits(model: Model, experiment: Experiment, *, inputs: int, outputs: int) -> bool:
    """Tell whether a network of `experiment` has the shapes of `model`."""
    return model.layout == layout_of(experiment.network, inputs=inputs, outputs=outputs)


def _check_shapes(there: Layout, wanted: Layout, file: str) -> None:
    if there.layers != wanted.layers:
        raise NnstudioError(
            "{file} does not fit: its network has {there} layers, the one to train {wanted}.",
            hint="Give the network the same layers, or choose another model.",
            file=file,
            there=there.layers,
            wanted=wanted.layers,
        )
    theirs = {slot.name: slot.shape for slot in there.slots}
    ours = {slot.name: slot.shape for slot in wanted.slots}
    # in the order of the layers; what only the model has comes last
    for name in (*ours, *theirs):
        if theirs.get(name) != ours.get(name):
            raise NnstudioError(
                "{file} does not fit: {tensor} of layer {layer} is {there} in the model and "
                "{wanted} in the network to train.",
                hint="Give the network the same layers, or choose another model.",
                file=file,
                tensor=name.rpartition(".")[2],
                layer=int(name.split(".")[1]) + 1,
                there=_told(theirs.get(name)),
                wanted=_told(ours.get(name)),
            )


def _told(shape: tuple[int, ...] | None) -> Text | str:
    return text("absent") if shape is None else " × ".join(map(str, shape))


def _remarks(model: Model, experiment: Experiment, data: PreparedData) -> tuple[Text, ...]:
    found: list[Text] = []
    if model.class_names and data.class_names and model.class_names != data.class_names:
        found.append(
            text(
                "The model told apart {there}; the data have {wanted}.",
                there=_listed(model.class_names),
                wanted=_listed(data.class_names),
            )
        )
    if not _same_scaling(model, data):
        found.append(text("The model was trained with inputs that were scaled differently."))
    return (*found, *_activation_remarks(model.recipe.latest.network, experiment.network))


def _same_scaling(model: Model, data: PreparedData) -> bool:
    theirs, ours = model.scaling, data.scaling
    # standardized inputs of another part of the same data differ a little
    return all(
        np.allclose(np.broadcast_to(one, (data.inputs,)), other, rtol=0.05, atol=1e-3)
        for one, other in ((theirs.factor, ours.factor), (theirs.shift, ours.shift))
    )


def _activation_remarks(theirs: NetworkSpec, ours: NetworkSpec) -> tuple[Text, ...]:
    for number, (one, other) in enumerate(zip(theirs.rows, ours.rows, strict=True), start=1):
        if one.activation != other.activation:
            return (
                text(
                    "Layer {layer} had the activation {there}; now it is {wanted}.",
                    layer=number,
                    there=text(title_of(type(one.activation))),
                    wanted=text(title_of(type(other.activation))),
                ),
            )
    return ()


def _listed(names: tuple[str, ...], *, most: int = 4) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
