"""What is said of a network and its layers: sizes, parameters, the strongest weight."""

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.widgets.numerals import brief, grouped, percent
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.parameters import Layout
from nnstudio.spec import title_of
from nnstudio.texts import tr, tr_count

Values = NDArray[np.floating]


def title_of_column(number: int, *, last: int) -> str:
    """Give what a column is called; the inputs are number 0."""
    if number == 0:
        return tr("inputs")
    return tr("outputs") if number == last else tr("layer {number}", number=number)


def kind_of(row: HiddenLayer | OutputLayer) -> str:
    """Give the activation of a layer, with what stands before and behind it."""
    activation = tr(title_of(type(row.activation)))
    if isinstance(row, OutputLayer):
        return activation
    parts = [activation]
    if row.normalization.kind != "none":
        parts.insert(0, tr(title_of(type(row.normalization))))
    if row.dropout.kind != "none":
        parts.append(tr(title_of(type(row.dropout))))
    return " · ".join(parts)


def parameters_of(layout: Layout, layer: int) -> int:
    """Give how many parameters a layer has."""
    start, stop = layout.layer_ranges[layer]
    return stop - start


def words_of_parameters(layout: Layout, layer: int) -> str:
    """Give how many parameters a layer has, in words."""
    count = parameters_of(layout, layer)
    return tr_count("{count} parameter", "{count} parameters", count, count=grouped(count))


def sentence_of_large(layout: Layout, units: list[int]) -> str:
    """Say how large the network is and where most of its parameters are."""
    counts = [parameters_of(layout, layer) for layer in range(layout.layers)]
    most = int(np.argmax(counts))
    words = " → ".join(map(grouped, units))
    if len(counts) == 1:
        return tr("{units}: {count} parameters.", units=words, count=grouped(layout.parameters))
    return tr(
        "{units}: {count} parameters, {share} of them in layer {number}.",
        units=words,
        count=grouped(layout.parameters),
        share=percent(counts[most] / layout.parameters, digits=0),
        number=most + 1,
    )


def sentence_of_small(
    matrices: tuple[Values | None, ...], names: tuple[tuple[str, ...], ...], *, mode: str
) -> str:
    """Say which line is the strongest, and between what."""
    known = [(at, one) for at, one in enumerate(matrices) if one is not None and one.size]
    if not known:
        return tr("The lines appear when there is something to show.")
    if any(not np.isfinite(one).all() for _, one in known):
        return tr("Some weights are not finite: the network has broken down.")
    layer, matrix = max(known, key=lambda pair: float(np.abs(pair[1]).max()))
    start, stop = divmod(int(np.abs(matrix).argmax()), matrix.shape[1])
    values = {
        "value": brief(float(matrix[start, stop])),
        "start": names[layer][start],
        "stop": names[layer + 1][stop],
    }
    if not matrix.any():
        return tr("All of them are 0.")
    if mode == "gradient":
        return tr("The largest slope is {value}, from {start} to {stop}.", **values)
    if mode == "change":
        return tr("The weight that changed most: {value}, from {start} to {stop}.", **values)
    return tr("The strongest weight is {value}, from {start} to {stop}.", **values)
