"""Noise: even pixels, even labels, no relation between them."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places


def test_pixels_and_labels_are_drawn_evenly(tmp_path: Path) -> None:
    dataset = Noise(samples=3000).load(places(own=tmp_path), silent)
    assert dataset.image_shape == (28, 28)
    assert dataset.inputs.mean() == pytest.approx(127.5, abs=0.5)
    assert np.bincount(dataset.targets, minlength=10).min() > 220


def test_revision_1_gives_the_bytes_that_it_always_gave(tmp_path: Path) -> None:
    assert (
        Noise().load(places(own=tmp_path), silent).sha256
        == "9970e9d8689fb7578c7ee44821191e2f27c1284f00bc64f744dd11252d74d155"
    )


def test_the_seed_decides(tmp_path: Path) -> None:
    at = places(own=tmp_path)
    assert Noise(seed=1).load(at, silent).sha256 == Noise(seed=1).load(at, silent).sha256
    assert Noise(seed=1).load(at, silent).sha256 != Noise(seed=2).load(at, silent).sha256


def test_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="Revision 3"):
        Noise(revision=3).load(places(own=tmp_path), silent)
