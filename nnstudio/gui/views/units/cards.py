"""What is shown of one unit, put together from parameters, the sample and the probe."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.samples import ends_of, pictures_of, words_of
from nnstudio.gui.views.units import told
from nnstudio.gui.views.units.probe import Death, Probed
from nnstudio.gui.views.units.unit_card import Card, Exciting, Wires
from nnstudio.gui.widgets.histogram import Spread
from nnstudio.gui.widgets.numerals import brief, signed
from nnstudio.runs.inside import LayerValues
from nnstudio.runs.run import Blueprint
from nnstudio.texts import tr
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.snapshot import Vector

MOST_SAMPLES: Final = 3
FEW_INPUTS: Final = 3


def card_of(
    layer: int,
    unit: int,
    *,
    blueprint: Blueprint,
    vector: Vector,
    values: tuple[LayerValues, ...],
    probed: Probed | None,
    death: Death,
    data: PreparedData | None,
    rows: Rows,
    names: tuple[str, ...],
) -> Card:
    """Give the card of a unit; `names` are those of the outputs."""
    arrays = blueprint.layout.views(vector)
    last = len(values) - 1
    above = arrays.get(f"layers.{layer + 1}.W")
    bias = arrays.get(f"layers.{layer}.b")
    answered = None if probed is None else probed.outputs[layer][:, unit]
    dead = None if probed is None else probed.dead[layer]
    is_dead = dead is not None and bool(dead[unit])
    value = float(values[layer].outputs[0, unit])
    return Card(
        title=told.unit_title(layer, unit, names[unit] if layer == last else ""),
        value=brief(value),
        state=told.state_of_unit(answered, death, is_dead=is_dead),
        alarming=is_dead,
        incoming=Wires(
            np.ascontiguousarray(arrays[f"layers.{layer}.W"][:, unit]),
            picture=blueprint.image_shape if layer == 0 else None,
        ),
        outgoing=None if above is None else Wires(above[unit], names if layer + 1 == last else ()),
        bias="" if bias is None else tr("bias = {value}", value=signed(float(bias[unit]))),
        spread=None if answered is None else Spread.of(answered),
        spread_title="" if answered is None else told.samples_in_words(len(answered)),
        mark=value,
        exciting=_exciting(answered, data, rows),
    )


def _exciting(
    answered: NDArray[np.floating] | None, data: PreparedData | None, rows: Rows
) -> Exciting:
    if answered is None or data is None or len(rows) != len(answered):
        return Exciting(None, ())
    finite = np.where(np.isfinite(answered), answered, -np.inf)
    order = np.argsort(-finite, kind="stable")[:MOST_SAMPLES]
    # what gets the least that the unit ever gives does not excite it
    order = order[finite[order] > finite.min()]
    if not len(order):
        return Exciting(None, ())
    chosen = rows[order]
    words = tuple(
        tr("{name}: {value}", name=_name_of(data, int(row)), value=brief(float(one), digits=2))
        for row, one in zip(chosen, finite[order], strict=True)
    )
    if data.image_shape is None:
        return Exciting(None, words)
    return Exciting(
        pictures_of(data.dataset.inputs[chosen], data.image_shape, ends_of(data)), words
    )


def _name_of(data: PreparedData, row: int) -> str:
    """Give what a sample is, with its inputs where they are few."""
    if data.inputs > FEW_INPUTS:
        return words_of(data, row)
    inputs = ", ".join(brief(float(one), digits=2) for one in data.dataset.inputs[row])
    return tr("({inputs}) {name}", inputs=inputs, name=words_of(data, row))
