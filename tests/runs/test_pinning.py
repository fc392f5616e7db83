"""What a run was trained on can be made again, however much is drawn later."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from nnstudio.data.catalogue import DataPlaces, MyDigits
from nnstudio.data.drawings import Drawing
from nnstudio.data.my_digits import DigitLog
from nnstudio.data.strokes import Stroke
from nnstudio.runs.pinning import pinned
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource


def test_the_drawings_of_a_run_are_numbered_when_it_begins(tmp_path: Path) -> None:
    places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path)
    DigitLog(tmp_path).keep(Drawing("1", (Stroke(np.array([(0.0, 0.0), (0.0, 9.0)])),)))
    mine = WeightedSource(source=MyDigits(), weight=3.0)
    experiment = Experiment(data=DataSettings(sources=(WeightedSource(), mine)))
    found = pinned(experiment, places)
    log = DigitLog(tmp_path)
    log.refresh()
    pinned_source = MyDigits(entries=1, log=log.identity)
    assert log.identity
    assert found.data.sources == (WeightedSource(), replace(mine, source=pinned_source))
    assert pinned(found, places) is found


def test_an_experiment_without_drawings_stays_what_it_is(tmp_path: Path) -> None:
    places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path)
    experiment = Experiment()
    assert pinned(experiment, places) is experiment
