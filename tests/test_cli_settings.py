"""Names that `--set` takes: listed, and found by those who write them a little otherwise."""

import json
from dataclasses import replace

import pytest

from nnstudio import cli
from nnstudio.cli.setting_names import settings_of, unknown
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam
from nnstudio.paths import parse_at
from nnstudio.training.experiment import Experiment

EXPERIMENT = replace(
    Experiment(),
    network=NetworkSpec(layers=(HiddenLayer(units=8), HiddenLayer(units=4))),
    optimizer=Adam(),
)


def told(name: str) -> str:
    sentence = unknown(EXPERIMENT, name)
    assert sentence is not None
    return sentence


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("optimizer.lr", "optimizer.learning_rate"),
        ("lr", "optimizer.learning_rate"),
        ("learning_rate", "optimizer.learning_rate"),
        ("Optimizer.Learning_Rate", "optimizer.learning_rate"),
        ("optimizer.learning_rat", "optimizer.learning_rate"),
        ("batch_size", "batches.size"),
        ("batch", "batches.size"),
        ("epochs", "stopping.epochs"),
        ("dropout", "network.layers.0.dropout · network.layers.1.dropout"),
        ("network.layers.1.unit", "network.layers.1.units"),
        ("network.layers.7.units", "network.layers.0.units · network.layers.1.units"),
    ],
)
def test_a_name_written_a_little_otherwise_is_found(written: str, meant: str) -> None:
    assert f"did you mean {meant}" in told(written)


@pytest.mark.parametrize("written", ["data.use_at_most", "Use at most", "data.use-at-most"])
def test_what_the_window_calls_a_setting_is_understood(written: str) -> None:
    assert "did you mean data.limit?" in told(written)


@pytest.mark.parametrize("written", ["optimizer.momentum", "momentum"])
def test_a_setting_of_another_kind_names_the_kinds_that_have_it(written: str) -> None:
    assert "it comes with " in told(written)
    assert {"optimizer=sgd", "optimizer=rmsprop"} <= set(told(written).split())
    assert "optimizer=adam" not in told(written)


def test_a_setting_of_another_kind_is_found_from_the_place_above() -> None:
    sentence = told("network.layers.1.rate")
    assert sentence.endswith("it comes with network.layers.1.dropout=dropout")


def test_where_nothing_is_like_it_the_names_at_that_place_are_listed() -> None:
    assert "optimizer has: learning_rate, beta1, beta2, epsilon" in told("optimizer.zzz")
    assert "network, loss, optimizer" in told("nonsense")


@pytest.mark.parametrize("written", ["", ".", "..", "optimizer.", "kind", "seed.x", "٣", "a" * 500])
def test_whatever_is_written_is_answered(written: str) -> None:
    assert "settings" in told(written)


def test_every_setting_that_is_listed_is_known_and_can_be_set_to_what_it_is() -> None:
    listed = list(settings_of(EXPERIMENT))
    assert {"seed", "optimizer", "network.layers.1.units"} <= {one.name for one in listed}
    assert all(unknown(EXPERIMENT, one.name) is None for one in listed)
    plain = [one for one in listed if one.setting.kind in {"integer", "number", "flag"}]
    for one in plain:
        assert parse_at(EXPERIMENT, one.name, json.dumps(one.value)) == EXPERIMENT


def test_the_settings_are_listed_as_they_are_written_behind_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["settings", "mnist-quick", "--set", "optimizer=sgd"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (rate,) = [line for line in lines if line.startswith("optimizer.momentum=")]
    assert rate.split() == ["optimizer.momentum=0.0", "Momentum"]
    (optimizer,) = [line for line in lines if line.startswith("optimizer=sgd ")]
    assert optimizer.endswith("adagrad | adadelta")


def test_classic_mistakes_are_listed_and_set_by_their_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written = ["settings", "mnist-quick", "--set", "faults=softmax-twice,gradient-sign"]
    assert cli.main(written) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("faults=")]
    assert line.startswith('faults=["softmax-twice", "gradient-sign"] ')
    assert line.endswith("dropout-active-in-prediction | evaluation-scaled-differently")


def test_without_a_name_the_standard_settings_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["settings", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["seed"] == Experiment().seed
    assert found["scaling"] == Experiment().scaling.kind
    assert found["data.classes"] == []


def test_sources_are_listed_and_set_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    several = ["data.sources=moons, spirals", "data.sources.1.weight=3"]
    assert cli.main(["settings", "moons", "--set", *several, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["data.sources"] == ["moons", "spirals"]
    assert found["data.sources.1.weight"] == 3
    assert found["data.sources.1.source"] == "spirals"
