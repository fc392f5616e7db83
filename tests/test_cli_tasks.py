"""The commands on data without classes: R² and RMSE for values, accuracy for labels."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from nnstudio import cli
from nnstudio.data.catalogue import Polynomial, RandomTargets
from nnstudio.nn.activations import Activation, Identity, Sigmoid
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.model_file import load_model
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
    dumps,
)


def tiny(source: Polynomial | RandomTargets, activation: Activation, loss: Loss) -> Experiment:
    return Experiment(
        data=DataSettings(sources=(WeightedSource(source=source),)),
        network=NetworkSpec(
            layers=(HiddenLayer(units=4),), output=OutputLayer(activation=activation)
        ),
        loss=loss,
        batches=Batches(size=8),
        stopping=Stopping(epochs=3),
    )


VALUES = tiny(Polynomial(samples=40), Identity(), MeanSquaredError())
LABELS = tiny(RandomTargets(samples=40, inputs=5, labels=3), Sigmoid(), BinaryCrossEntropy())


@pytest.fixture
def values(tmp_path: Path) -> Path:
    path = tmp_path / "values.json"
    path.write_text(dumps(VALUES))
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.json"
    path.write_text(dumps(LABELS))
    return path


def trained(experiment: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = experiment.with_suffix("")
    assert cli.main(["train", str(experiment), "--out", str(out)]) == 0
    capsys.readouterr()
    return out / "model.safetensors"


def last_object(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_training_on_values_tells_r_squared_and_rmse_in_place_of_accuracy(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(values), "--json"]) == 0
    found = last_object(capsys)
    assert {"validation_r_squared", "validation_rmse", "test_r_squared", "test_rmse"} <= set(found)
    assert not any("accuracy" in name for name in found)
    assert cli.main(["train", str(values)]) == 0
    told = capsys.readouterr().out
    assert "validation R² " in told
    assert "test RMSE " in told
    assert "accuracy" not in told


def test_training_on_labels_tells_an_accuracy(
    labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(labels), "--json"]) == 0
    found = last_object(capsys)
    assert isinstance(found["test_accuracy"], float)
    assert not any("rmse" in name for name in found)


def test_the_history_of_values_has_columns_of_its_own(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(values, capsys)
    written = (model.parent / "history.csv").read_text()
    rows = list(csv.DictReader(written.splitlines()))
    assert "train_accuracy" not in rows[0]
    last = rows[-1]
    history = load_model(model).history
    assert history is not None
    assert float(last["validation_r_squared"]) == history.validation.score[-1]
    assert float(last["validation_rmse"]) == history.validation.rmse[-1]


def test_a_model_of_values_is_evaluated_as_it_was_after_training(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(values, capsys)
    assert cli.main(["evaluate", str(model), "--json"]) == 0
    found = last_object(capsys)
    summary = load_model(model).summary
    assert found.keys() == {"test_r_squared", "test_rmse", "loss", "samples"}
    assert found["test_r_squared"] == summary["test_r_squared"]
    assert found["test_rmse"] == summary["test_rmse"]
    assert cli.main(["evaluate", str(model)]) == 0
    assert "8 samples: R² " in capsys.readouterr().out


def test_a_model_of_labels_is_evaluated_by_its_labels(
    labels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(labels, capsys)
    assert cli.main(["evaluate", str(model), "--json"]) == 0
    assert last_object(capsys)["test_accuracy"] == load_model(model).summary["test_accuracy"]
    assert cli.main(["evaluate", str(model)]) == 0
    assert "labels of 8 samples right: accuracy " in capsys.readouterr().out


def test_classes_do_not_fit_a_model_of_values(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(values, capsys)
    assert cli.main(["evaluate", str(model), "--data", "spirals"]) == 1
    complaint = capsys.readouterr().err
    assert "they have classes to learn, and the model learned values" in complaint


def test_a_model_of_values_reads_no_pictures(
    values: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(values, capsys)
    Image.new("L", (28, 28)).save(tmp_path / "digit.png")
    assert cli.main(["predict", str(model), str(tmp_path / "digit.png")]) == 1
    assert "takes no pictures" in capsys.readouterr().err


def test_a_loss_for_classes_is_refused_once_the_data_are_known(
    values: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = OutputLayer()
    wrong = replace(VALUES, loss=CrossEntropy(), network=replace(VALUES.network, output=output))
    values.write_text(dumps(wrong))
    assert cli.main(["train", str(values)]) == 1
    assert "values to learn, which “cross-entropy” cannot compare" in capsys.readouterr().err
