"""What is said of layers and units: titles, numbers, sentences, written from what was measured."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.units.probe import Death, Flatness
from nnstudio.gui.widgets.numerals import brief, grouped, percent
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.runs.inside import LayerValues
from nnstudio.spec import title_of
from nnstudio.texts import tr, tr_count

Values = NDArray[np.floating]
Mask = NDArray[np.bool_]


def title_of_layer(number: int, row: HiddenLayer | OutputLayer, *, units: int) -> str:
    """Give number, size and activation of a layer."""
    activation = tr(title_of(type(row.activation)))
    if isinstance(row, OutputLayer):
        return tr("Outputs · {units} {activation}", units=grouped(units), activation=activation)
    return tr(
        "Layer {number} · {units} {activation}",
        number=number + 1,
        units=grouped(units),
        activation=activation,
    )


MOST_FLAT: Final = 0.5
"""From this share of saturated values on, that is the main point of a layer."""
SILENT: Final = 1e-6
"""A unit whose output is smaller than this does not answer."""


def facts_of_layer(outputs: Values, dead: Mask | None, flat: Flatness | None = None) -> str:
    """Say how many units are active, or between what their values lie, and who can learn nothing.

    That are the dead, and else the share of values where a bounded activation is flat.
    """
    known = outputs[np.isfinite(outputs)]
    if len(known) < outputs.size:
        return tr("{count} not finite", count=grouped(outputs.size - len(known)))
    active = int(np.count_nonzero(known))
    if active < outputs.size:
        said = tr("{active} of {units} active", active=grouped(active), units=grouped(len(known)))
    else:
        said = tr("{low} to {high}", low=brief(float(known.min())), high=brief(float(known.max())))
    if dead is not None and dead.any():
        return tr("{said} · {dead} dead", said=said, dead=grouped(int(dead.sum())))
    if flat is not None and flat.saturated:
        return tr("{said} · {share} saturated", said=said, share=percent(flat.saturated, digits=0))
    return said


def answer_of(outputs: Values, names: tuple[str, ...], *, shares: bool) -> str:
    """Give the name of the largest output and how large it is; `shares` are told as percentages."""
    if not np.isfinite(outputs).all():
        return tr("no number")
    best = int(outputs.argmax())
    value = float(outputs[best])
    share = percent(value, digits=1) if shares and 0 <= value <= 1 else brief(value)
    return tr("{name}: {share}", name=names[best], share=share)


def sentence_of(
    layers: tuple[LayerValues, ...],
    dead: tuple[Mask | None, ...],
    flat: tuple[Flatness | None, ...] = (),
    *,
    probed: int,
) -> str:
    """Say the main point of the map: where numbers end, who is dead or flat, who is active."""
    for number, layer in enumerate(layers):
        if not np.isfinite(layer.outputs).all():
            return tr(
                "From layer {number} on the numbers are not finite: the network has broken down "
                "there.",
                number=number + 1,
            )
    hidden = [
        (int(one.sum()), len(one), number)
        for number, one in enumerate(dead[:-1])
        if one is not None and one.any()
    ]
    if hidden:
        count, units, number = max(hidden)
        return tr(
            "{count} of {units} units of layer {number} are dead: none of {samples} samples moves "
            "them (marked by a dot).",
            count=grouped(count),
            units=grouped(units),
            number=number + 1,
            samples=grouped(probed),
        )
    saturated = [
        (one.saturated, number, one)
        for number, one in enumerate(flat[:-1])
        if one is not None and one.saturated >= MOST_FLAT
    ]
    if saturated:
        _, number, worst = max(saturated, key=lambda one: one[:2])
        return tr(
            "Layer {number} is saturated in {share} of its values over {samples} samples: {slope} "
            "of the steepest slope is left on average.",
            number=number + 1,
            share=percent(worst.saturated, digits=0),
            samples=grouped(probed),
            slope=percent(worst.slope, digits=1),
        )
    if len(layers) < 2:
        return tr("There is no hidden layer: the outputs are all the units there are.")
    outputs = layers[0].outputs[0]
    active = int(np.count_nonzero(np.abs(outputs) > SILENT))
    if active < len(outputs):
        return tr(
            "{active} of {units} units of layer 1 answer to this sample; the others give 0.",
            active=grouped(active),
            units=grouped(len(outputs)),
        )
    at = int(np.abs(outputs).argmax())
    return tr(
        "All units of layer 1 answer; number {unit} the most, with {value}.",
        unit=at,
        value=brief(float(outputs[at])),
    )


def state_of_unit(outputs: Values | None, death: Death, *, is_dead: bool) -> str:
    """Say how often a unit is active over the probe, or since when it is dead."""
    if outputs is None:
        return tr("How it answers to many samples is being computed.")
    samples = grouped(len(outputs))
    if is_dead:
        return _words_of_death(death, samples=samples)
    if not np.isfinite(outputs).all():
        return tr("What it gives is no finite number any more.")
    active = np.count_nonzero(outputs) / max(len(outputs), 1)
    if active < 1:
        return tr(
            "Active for {share} of {samples} samples.",
            share=percent(active, digits=1),
            samples=samples,
        )
    return tr(
        "Mean {mean}, spread {spread} over {samples} samples.",
        mean=brief(float(outputs.mean())),
        spread=brief(float(outputs.std())),
        samples=samples,
    )


def _words_of_death(death: Death, *, samples: str) -> str:
    if death.dead is None:
        return tr("Dead: none of {samples} samples moves it.", samples=samples)
    if death.alive is None:
        if death.dead == 0:
            return tr("Dead from the start: none of {samples} samples moves it.", samples=samples)
        return tr(
            "Dead since step {step} or earlier: none of {samples} samples moves it.",
            step=grouped(death.dead),
            samples=samples,
        )
    return tr(
        "Died between step {alive} and step {dead}: none of {samples} samples moves it.",
        alive=grouped(death.alive),
        dead=grouped(death.dead),
        samples=samples,
    )


def unit_title(layer: int, unit: int, name: str) -> str:
    """Give what a unit is called."""
    if name:
        return tr("Output {name}", name=name)
    return tr("Layer {layer}, unit {unit}", layer=layer + 1, unit=unit)


def samples_in_words(count: int) -> str:
    """Give how many samples the spread is over."""
    return tr_count("over {count} sample", "over {count} samples", count, count=grouped(count))
