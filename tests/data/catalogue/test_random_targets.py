"""Random targets: normal inputs, labels of chance, no relation between them."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.random_targets import MAX_NUMBERS, RandomTargets
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from tests.data.catalogue.small_sets import places

SHA256 = "44099b86b1673ce11f03ff78a7dd55e624ef9d74cbcff5750eb90a5556e2773d"


def drawn(folder: Path, **settings: float) -> Dataset:
    return RandomTargets(**settings).load(places(own=folder), silent)  # type: ignore[arg-type]  # numbers of both kinds


def test_inputs_are_standard_normal(tmp_path: Path) -> None:
    inputs = drawn(tmp_path, samples=2000, inputs=50).inputs
    assert inputs.mean() == pytest.approx(0, abs=0.01)
    assert inputs.std() == pytest.approx(1, abs=0.01)
    assert (np.abs(inputs) > 2).mean() == pytest.approx(0.0455, abs=0.003)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_each_label_holds_with_the_chance_that_was_asked_for(tmp_path: Path, share: float) -> None:
    targets = drawn(tmp_path, samples=5000, inputs=1, share=share).targets
    np.testing.assert_allclose(targets.mean(axis=0), share, atol=0.03)


def test_several_labels_hold_or_none(tmp_path: Path) -> None:
    dataset = drawn(tmp_path, samples=3000, inputs=2)
    holding = dataset.targets.sum(axis=1)
    # ten fair coins: the mean is 5 and the variance 2.5
    assert holding.mean() == pytest.approx(5, abs=0.1)
    assert holding.var() == pytest.approx(2.5, abs=0.2)
    assert (dataset.task, dataset.outputs, dataset.class_names) == ("labels", 10, ())


def test_more_than_the_memory_takes_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="room for at most"):
        drawn(tmp_path, samples=1_000_000, inputs=10_000)


def test_as_many_as_are_named_are_taken() -> None:
    (found,) = RandomTargets(samples=1_000_000, inputs=10_000).problems()
    most = int(str(found.message.values["most"]))
    assert most * 10_010 <= MAX_NUMBERS
    assert RandomTargets(samples=most, inputs=10_000).problems() == ()


def test_revision_1_gives_the_bytes_that_it_always_gave(tmp_path: Path) -> None:
    assert drawn(tmp_path).sha256 == SHA256


def test_the_seed_decides(tmp_path: Path) -> None:
    one, same, other = (drawn(tmp_path, samples=20, seed=seed).sha256 for seed in (1, 1, 2))
    assert one == same != other


def test_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match="Revision 3"):
        drawn(tmp_path, revision=3)
