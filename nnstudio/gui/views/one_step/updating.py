"""The stops of the step itself: by how much every weight and bias changes."""

from functools import partial
from typing import Any

import numpy as np

from nnstudio.gui.views.one_step import lines
from nnstudio.gui.views.one_step.lines import Line, numbered
from nnstudio.gui.views.one_step.stop import Maker, Matrix, Sum, made_of, product_of
from nnstudio.nn.clipping import NoClipping
from nnstudio.nn.optimizers import Sgd
from nnstudio.spec import title_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment


def add_updates(maker: Maker) -> None:
    """Add by how much every array changes."""
    plain = is_plain(maker.experiment)
    optimizer = "" if plain else tr(title_of(type(maker.experiment.optimizer)))
    for layer in range(len(maker.step.layers)):
        for letter in ("W", "b"):
            name = f"layers.{layer}.{letter}"
            if name in maker.step.updates:
                _add_update(maker, name, letter, layer, optimizer=optimizer)


def _add_update(maker: Maker, name: str, letter: str, layer: int, *, optimizer: str) -> None:
    step = maker.step
    before, slopes, updates = (
        np.atleast_2d(one[name]) for one in (step.arrays, step.slopes, step.updates)
    )
    called = numbered(letter, layer + 1)
    lost = maker.has("update-not-applied") or (letter == "b" and maker.has("bias-never-updated"))
    line = lines.updated(letter, layer + 1, optimizer=optimizer)
    behind: Any = partial(
        _behind_update, (before, slopes, updates), called, step.rate, not optimizer
    )
    if lost:
        behind = partial(_behind_nothing, updates, slopes, called)
    maker.add(
        f"u{letter}{layer}",
        Line(line.left, "0") if lost else line,
        updates,
        behind,
        phase="update",
        told=mark("Every parameter goes a little against its slope, by the learning rate η.")
        if not optimizer
        else mark("The optimizer makes a step of every slope; here with an empty memory."),
        names=maker.of_outputs(layer),
        instead=line if lost else None,
    )


def _behind_nothing(updates: Matrix, slopes: Matrix, called: str, *cell: int) -> Sum:
    name = f"d{called}[{', '.join(map(str, cell))}]"
    return made_of(((name, float(slopes[cell])),), float(updates[cell]), worked=0.0)


def _behind_update(
    arrays: tuple[Matrix, ...], called: str, rate: float, plain: Any, *cell: int
) -> Sum:
    before, slope, update = (float(one[cell]) for one in arrays)
    name = f"{called}[{', '.join(map(str, cell))}]"
    if plain:
        return product_of("−η", -rate, f"d{name}", slope, update)
    told = ((f"d{name}", slope), ("η", rate), (name, before), (f"{name} + Δ", before + update))
    return made_of(told, update)


def is_plain(experiment: Experiment) -> bool:
    """Tell whether a step is nothing but the rate times the slope."""
    optimizer = experiment.optimizer
    rows = experiment.network.rows
    return (
        isinstance(optimizer, Sgd)
        and not optimizer.weight_decay
        and isinstance(experiment.clipping, NoClipping)
        and all(row.constraint.kind == "none" for row in rows)
    )
