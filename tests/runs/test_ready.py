"""The network that ships reads digits; without it the program does without."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.strokes import Stroke, prepare
from nnstudio.places import resource_root
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.ready import ready_file, ready_model

BAR = [[60.0, 30.0], [60.0, 90.0], [60.0, 150.0]]


def test_the_network_that_ships_reads_a_digit() -> None:
    model = ready_model()
    assert model is not None
    assert model.class_names == tuple("0123456789")
    predictor = Predictor(model.blueprint)
    predictor.show(model.vector)
    seen = prepare([Stroke(np.array(BAR))], width=15)
    assert seen is not None
    assert int(predictor.probabilities(seen)[0].argmax()) == 1


def test_it_is_small() -> None:
    assert len(ready_file().read_bytes()) < 1_000_000


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_without_it_or_with_a_damaged_one_there_is_none(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "ready.safetensors"
    if content is not None:
        file.write_bytes(content)
    assert ready_model(file) is None


def test_it_lies_with_what_ships() -> None:
    assert ready_file().name in [one.name for one in (resource_root() / "models").iterdir()]
