"""What can be opened: the last experiment, the cases that ship, a sample to look at."""

import random
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.known_set import is_there
from nnstudio.data.catalogue.mnist import MNIST
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.errors import NnstudioError
from nnstudio.runs.cases import case_of, guided_names, load_case, preset_names
from nnstudio.runs.guides import Guide, load_guide
from nnstudio.runs.run import Subject
from nnstudio.runs.settings import Settings
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment, loads
from nnstudio.training.prepared import PreparedData
from nnstudio.training.sources import data_name_of

# titles of the cases that ship; one that is not named here is called by its file
_TITLES: Final = {
    "everyday-digits": mark("Everyday digits"),
    "handwriting": mark("Handwritten digits"),
    "mnist-quick": mark("MNIST, quick"),
    "mnist-good": mark("MNIST, good"),
    "mnist-best": mark("MNIST, best"),
    "fashion-quick": mark("Fashion-MNIST, quick"),
    "fashion-best": mark("Fashion-MNIST, best"),
    "spirals": mark("Two spirals"),
    "moons": mark("Two moons"),
    "checkerboard": mark("Checkerboard"),
    "polynomial": mark("Polynomial"),
    "over-fitting": mark("Over-fitting a polynomial"),
    "random-targets": mark("Random targets"),
}

_LOADED: Final[dict[str, Experiment]] = {}


def last_experiment(settings: Settings, places: DataPlaces) -> Experiment:
    """Give what was set when the last session ended; the standard one when there is none."""
    try:
        if settings.last_experiment:
            return loads(settings.last_experiment)
    except NnstudioError:
        # written by another version; the standard one is better than none
        pass
    return standard_experiment(places)


def standard_experiment(places: DataPlaces) -> Experiment:
    """Give what is set at the first start: digits that people draw, read as well as can be.

    Where MNIST lies on this machine it is a part of them; nothing is loaded or downloaded yet.
    """
    return case("everyday-digits" if is_there(MNIST, places=places) else "handwriting")


def presets() -> tuple[tuple[str, str], ...]:
    """Give key and title of every preset, those alike together: it belongs to no case."""
    known = list(_TITLES)
    names = sorted(preset_names(), key=lambda one: known.index(one) if one in known else len(known))
    return tuple((key, title_of_case(key)) for key in names)


def guided_cases() -> tuple[tuple[str, str], ...]:
    """Give key and title of every case: an experiment with a guide."""
    return tuple((key, title_of_case(key)) for key in guided_names())


def title_of_case(key: str) -> str:
    """Give what an experiment that ships is called; a step of a case as its case."""
    guided = case_of(key)
    if guided is None:
        return tr(_TITLES[key]) if key in _TITLES else key
    try:
        return str(guide_of(guided).title)
    except NnstudioError:
        # a guide that is damaged is told where it is opened
        return guided


@cache
def guide_of(name: str) -> Guide:
    """Give the guide of a case, read once.

    Raises
    ------
    NnstudioError
        When its file is damaged.
    """
    return load_guide(name)


def case(key: str) -> Experiment:
    """Give the experiment of a case, read once.

    Raises
    ------
    NnstudioError
        When its file is damaged.
    """
    if key not in _LOADED:
        _LOADED[key] = load_case(key)
    return _LOADED[key]


def name_of(experiment: Experiment) -> str:
    """Give what an experiment is called: its case, or its data."""
    for key in (*preset_names(), *guided_names()):
        case(key)
    # steps of a case are many, and are loaded when they are opened
    for key, known in _LOADED.items():
        if known == experiment:
            return title_of_case(key)
    return data_name_of(experiment)


def case_that_is(experiment: Experiment) -> str:
    """Give the name of the case whose network as it was found this is; empty for none."""
    for name in guided_names():
        try:
            if case(name) == experiment:
                return name
        except NnstudioError:
            # told where it is opened
            continue
    return ""


def title_of_run(subject: Subject, experiment: Experiment | None) -> str:
    """Give what a run is of: its case, or what its experiment is called."""
    if subject.case:
        return title_of_case(subject.case)
    return "" if experiment is None else name_of(experiment)


def random_picture(data: PreparedData) -> tuple[NDArray[Any], str]:
    """Give a picture of the test part (H, W) and the name of its class, if it has one."""
    rows = data.split.test if len(data.split.test) else data.split.training
    row = int(rows[random.SystemRandom().randrange(len(rows))])
    picture = np.array(data.dataset.inputs[row]).reshape(data.image_shape or (1, -1))
    return picture, "" if data.labels is None else data.class_names[int(data.labels[row])]
