"""Live changes of a run in words, as they stand beside the curves."""

from functools import cache

from nnstudio.gui.widgets import numerals
from nnstudio.spec import describe
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import HistoryView
from nnstudio.training.recipe import Change

RATE = "optimizer.learning_rate"


def words_of(history: HistoryView) -> list[tuple[Change, str]]:
    """Give each live change with its words, such as "rate 1e-3 → 2e-3"."""
    told: list[tuple[Change, str]] = []
    before: dict[str, object] = {}
    if history.steps and history.rate[0] > 0:
        before[RATE] = float(history.rate[0])
    for change in history.changes:
        name = tr("rate") if change.path == RATE else tr(_title(change.path))
        old, new = before.get(change.path), _shown(change.value)
        before[change.path] = change.value
        if old is None:
            told.append((change, tr("{name} → {new}", name=name, new=new)))
        else:
            told.append((change, tr("{name} {old} → {new}", name=name, old=_shown(old), new=new)))
    return told


def _shown(value: object) -> str:
    if isinstance(value, float):
        return numerals.rate(float(f"{value:.4g}"))
    return numerals.grouped(value) if type(value) is int else str(value)


@cache
def _title(path: str) -> str:
    """Find the title of the setting at `path`, whichever member of a union it belongs to."""
    classes: tuple[type, ...] = (Experiment,)
    title = path
    for part in path.split("."):
        settings = [one for cls in classes for one in describe(cls)]
        found = next((one for one in settings if one.name == part), None)
        if found is None:
            continue
        title, classes = found.title, found.members
    return title
