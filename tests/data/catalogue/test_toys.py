"""Two spirals: two arms of one curve, each half a turn from the other."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places


def test_without_noise_every_point_lies_on_its_arm(tmp_path: Path) -> None:
    dataset = Spirals(noise=0, turns=1.25).load(places(own=tmp_path), silent)
    radius = np.hypot(*dataset.inputs.T)
    angle = np.arctan2(dataset.inputs[:, 1], dataset.inputs[:, 0])
    expected = 2 * np.pi * 1.25 * radius + np.pi * dataset.targets
    np.testing.assert_allclose(np.cos(angle - expected), 1, atol=1e-9)
    assert dataset.image_shape is None


def test_both_arms_have_as_many_points(tmp_path: Path) -> None:
    targets = Spirals(samples=100).load(places(own=tmp_path), silent).targets
    assert np.bincount(targets).tolist() == [50, 50]


def test_the_seed_decides(tmp_path: Path) -> None:
    at = places(own=tmp_path)
    assert Spirals(seed=1).load(at, silent).sha256 == Spirals(seed=1).load(at, silent).sha256
    assert Spirals(seed=1).load(at, silent).sha256 != Spirals(seed=2).load(at, silent).sha256


def test_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="Revision 3"):
        Spirals(revision=3).load(places(own=tmp_path), silent)
