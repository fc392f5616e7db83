"""What is set otherwise is counted item by item, and each is called by its name."""

from dataclasses import replace

import pytest

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.toys import Spirals
from nnstudio.gui.forms.apart import apart, titles_of
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource

ONE = WeightedSource(source=Noise(samples=60))
OTHER = WeightedSource(source=Spirals(samples=60))


def of(*sources: WeightedSource, units: tuple[int, ...] = (4,), seed: int = 1) -> Experiment:
    layers = tuple(HiddenLayer(units=count) for count in units)
    return Experiment(
        data=DataSettings(sources=sources), network=NetworkSpec(layers=layers), seed=seed
    )


def test_a_source_that_was_added_and_a_setting_in_another_are_two() -> None:
    changed = replace(ONE, source=Noise(samples=80))
    found = apart(of(changed, OTHER), of(ONE))
    assert found == (("data", "sources", 0, "source", "samples"), ("data", "sources", 1))
    assert titles_of(of(changed, OTHER), found) == ("Samples", "Two spirals")


def test_a_layer_that_was_put_in_before_the_others_is_one() -> None:
    assert apart(of(ONE, units=(7, 4, 5)), of(ONE, units=(4, 5))) == (("network", "layers", 0),)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_gone_has_the_name_of_its_list(seed: int) -> None:
    now = of(ONE, seed=seed)
    found = apart(now, of(ONE, OTHER))
    assert ("data", "sources", 1) in found
    assert len(found) == seed
    assert len(titles_of(now, found)) == seed
