"""From the course of gradients to plots: a line for each layer, the band of healthy updates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nnstudio.gui.theme import kind_colours, mixed, theme
from nnstudio.gui.views.gradients.course import Track, Values
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.gui.widgets.plot.scene import Band, Entry, Flag, Line, Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr

HEALTHY: Final = (10**-4.5, 10**-1.0)
"""Relative updates of networks that learn (measured; see the rules of the doctor)."""
MOST_LINES: Final = 6
MOST_POINTS: Final = 150
LEAST: Final = 1e-12
"""What is smaller than so much of the largest value is drawn at the bottom."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """One run's track with the names of its layers; the first is in colour, the others grey.

    `past` is what fixed samples say of the time before it was looked at.
    """

    name: str
    track: Track
    titles: tuple[str, ...]
    past: Track | None = None


def chosen_layers(count: int) -> list[int]:
    """Give the layers that are drawn: all, or of many the first, the last and some between."""
    if count <= MOST_LINES:
        return list(range(count))
    return sorted({round(at) for at in np.linspace(0, count - 1, MOST_LINES)})


def scene_of(
    runs: Sequence[Quantity],
    *,
    last: int,
    band: bool,
    x_held: Scale | None,
    y_held: Scale | None,
) -> Scene | None:
    """Give the plot of these runs up to step `last`; None while there is no point."""
    known = [run for run in runs if len(run.track.steps) or _has_past(run)]
    if not known or known[0] is not runs[0]:
        return None
    now, first = theme(), known[0]
    layers = chosen_layers(first.track.values.shape[1])
    colours = kind_colours(len(layers))
    end = max(last, *(int(run.track.steps[-1]) for run in known if len(run.track.steps)), 10)
    x = x_held or Scale(0, end).snapped(5)
    tables = [one.values for run in known for one in (run.track, run.past) if one is not None]
    y = y_held or _y_scale(tables, band=band)
    lines = [line for run in known[1:] for line in _grey_lines(run, y)]
    steps, values = first.track.thinned(MOST_POINTS)
    before = _past_of(first)
    for layer, colour in zip(layers, colours, strict=True):
        if before is not None:
            x_before, y_before = before
            dashed = _on(y_before[:, layer], y)
            lines.append(Line(x_before, dashed, colour, 1.0, dashed=True))
        lines.append(Line(steps, _on(values[:, layer], y), colour, 1.5))
    flags: tuple[Flag, ...] = ()
    if before is not None and len(steps):
        flags = (Flag(float(first.track.steps[0]), tr("watched from here"), now.text3),)
    bands: tuple[Band, ...] = ()
    if band:
        healthy = mixed(now.ok, now.panel, 0.2 if now.dark else 0.12)
        edges = np.array([x.low, x.high])
        bands = (Band(edges, np.array([HEALTHY[0]]), np.array([HEALTHY[1]]), healthy),)
    newest = first.track.values[-1] if len(steps) else tables[1][-1]
    entries = [
        Entry(first.titles[layer], brief(float(newest[layer]), digits=2), colour)
        for layer, colour in zip(layers, colours, strict=True)
    ]
    entries += [Entry(run.name, "", now.earlier, width=1.4) for run in known[1:3]]
    return Scene(
        x=x,
        y=y,
        x_unit=tr("step"),
        bands=bands,
        lines=tuple(lines),
        flags=flags,
        legend=tuple(entries),
    )


def _has_past(run: Quantity) -> bool:
    return run.past is not None and bool(len(run.past.steps))


def _past_of(run: Quantity) -> tuple[Values, Values] | None:
    """Give the points from before a run was watched, up to the first that was seen."""
    if run.past is None or not _has_past(run):
        return None
    steps, values = run.past.thinned(MOST_POINTS)
    return steps, values


def _grey_lines(run: Quantity, y: Scale) -> list[Line]:
    """Give first and last layer of another run."""
    steps, values = run.track.thinned(MOST_POINTS)
    ends = {0, values.shape[1] - 1}
    return [Line(steps, _on(values[:, at], y), theme().earlier, 1.0) for at in sorted(ends)]


def _on(values: Values, y: Scale) -> Values:
    """Give values as a logarithmic axis can show them: 0 at its bottom, gaps for no number."""
    return np.where(np.isfinite(values), np.maximum(values, y.low), np.nan)


def _y_scale(tables: list[Values], *, band: bool) -> Scale:
    values = np.concatenate([table.reshape(-1) for table in tables])
    known = values[np.isfinite(values) & (values > 0)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (1e-3, 1.0)
    low = max(low, high * LEAST)
    if band:
        low, high = min(low, HEALTHY[0] / 3), max(high, HEALTHY[1] * 3)
    return Scale(low / 1.5, high * 1.5, logarithmic=True).snapped(6)


def readout_at(quantity: Quantity, step: float) -> Readout | None:
    """Give the values of every layer that is drawn at the point nearest to `step`."""
    steps = quantity.track.steps
    if not len(steps):
        return None
    at = int(np.abs(steps - step).argmin())
    layers = chosen_layers(quantity.track.values.shape[1])
    values = quantity.track.values[at]
    rows = [(tr("step"), grouped(int(steps[at])))]
    rows += [(quantity.titles[layer], brief(float(values[layer]))) for layer in layers]
    points = tuple(
        (float(steps[at]), float(values[layer]), colour)
        for layer, colour in zip(layers, kind_colours(len(layers)), strict=True)
        if np.isfinite(values[layer]) and values[layer] > 0
    )
    return Readout(float(steps[at]), tuple(rows), points)
