"""The commands do what the manual says, with its words, its JSON and its exit status."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnstudio import cli
from nnstudio.data.catalogue import Noise, Spirals
from nnstudio.nn.activations import Sigmoid
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.headless import train_to_end
from nnstudio.runs.model_file import load_model, save_model
from nnstudio.runs.warm_start import tensors_sha256
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
    dumps,
)

TINY = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Noise(samples=40)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),)),
    batches=Batches(size=8),
    stopping=Stopping(epochs=3),
)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    path.write_text(dumps(TINY))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def model(tiny: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert cli.main(["train", str(tiny), "--out", str(out)]) == 0
    capsys.readouterr()
    return out / "model.safetensors"


def last_object(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("nnstudio: ")
    return line


# train


def test_a_folder_called_as_a_case_does_not_hide_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handwriting").mkdir()
    monkeypatch.chdir(tmp_path)
    short = ["data.sources.0.source=spirals", "augmentation=none", "stopping.epochs=1"]
    assert cli.main(["train", "handwriting", "--set", *short, "--json"]) == 0
    assert last_object(capsys)["state"] == "finished"


@pytest.mark.parametrize("command", [["train"], ["evaluate", "{model}", "--data"]])
def test_a_name_longer_than_the_system_takes_is_one_sentence(
    model: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(model=model) for word in command]
    assert cli.main([*words, "x" * 5000]) == 2
    assert complaint(capsys)


def test_training_tells_what_came_of_it(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", str(tiny), "--json"]) == 0
    found = last_object(capsys)
    assert found.keys() == {
        "train_loss",
        "validation_accuracy",
        "test_accuracy",
        "seconds",
        "samples_per_second",
        "steps",
        "state",
        "model",
    }
    assert found["state"] == "finished"
    assert found["steps"] % 3 == 0
    assert found["model"] is None
    assert found["seconds"] > 0


def test_training_speaks_to_people_without_json(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny)]) == 0
    captured = capsys.readouterr()
    assert "finished" in captured.out
    assert "test accuracy" in captured.out
    assert "nothing was kept" in captured.err


def test_the_folder_then_holds_the_model_and_the_history(tiny: Path, out: Path) -> None:
    assert cli.main(["train", str(tiny), "--out", str(out / "deep")]) == 0
    assert sorted(one.name for one in (out / "deep").iterdir()) == [
        "history.csv",
        "model.safetensors",
    ]
    steps = (out / "deep" / "history.csv").read_text().splitlines()
    found = load_model(out / "deep" / "model.safetensors")
    assert found.summary["steps"] == len(steps) - 1
    assert found.recipe.experiment == TINY


def test_the_path_of_the_model_is_told(
    tiny: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["train", str(tiny), "--out", str(out), "--json"])
    assert last_object(capsys)["model"] == str(out / "model.safetensors")


def test_settings_can_be_changed(tiny: Path, out: Path) -> None:
    settings = ["stopping.epochs=1", "network.layers.0.units=3", "optimizer=sgd"]
    arguments = ["train", str(tiny), "--out", str(out)]
    assert cli.main([*arguments, "--set", settings[0], settings[1], "--set", settings[2]]) == 0
    experiment = load_model(out / "model.safetensors").recipe.experiment
    assert experiment.stopping.epochs == 1
    assert experiment.network.layers[0].units == 3
    assert experiment.optimizer.kind == "sgd"


def test_several_sources_are_mixed_and_each_is_judged_alone(
    tiny: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = ["handwriting", "noise"]
    settings = [
        f"data.sources={','.join(written)}",
        *(f"data.sources.0.source.{part}=20" for part in ("training", "validation", "test")),
        "data.sources.1.source.samples=50",
        "data.sources.1.weight=3",
    ]
    assert cli.main(["train", str(tiny), "--out", str(out), "--set", *settings]) == 0
    capsys.readouterr()
    model = out / "model.safetensors"
    assert [one.weight for one in load_model(model).recipe.experiment.data.sources] == [1, 3]
    counts = {}
    for name in (None, *written):
        asked = [] if name is None else ["--data", name]
        assert cli.main(["evaluate", str(model), *asked, "--json"]) == 0
        counts[name] = last_object(capsys)["samples"]
    assert counts == {None: 30, "handwriting": 20, "noise": 10}


def test_sources_that_do_not_go_together_are_one_sentence(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny), "--set", "data.sources=noise,moons"]) == 1
    assert "Random noise and Two moons cannot be mixed" in complaint(capsys)


def test_the_experiment_may_stand_behind_the_settings(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", "--set", "stopping.steps=2", str(tiny), "--json"]) == 0
    assert last_object(capsys)["steps"] == 2


@pytest.mark.parametrize("name", ["handwriting", "handwriting.json"])
def test_a_case_that_ships_is_known_by_its_name(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = [f"data.sources.0.source.{part}=10" for part in ("training", "validation", "test")]
    assert cli.main(["train", name, "--set", *settings, "stopping.epochs=1", "--json"]) == 0
    assert last_object(capsys)["state"] == "finished"


def test_a_run_that_diverges_is_a_result(
    tiny: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ["optimizer=sgd", "optimizer.learning_rate=10", "scaling=raw", "stopping.epochs=50"]
    settings += ["loss=mean_squared_error", "loss.over_outputs=sum", "loss.over_batch=sum"]
    settings += ["network.output.activation=identity", "network.layers.0.activation=identity"]
    arguments = ["train", str(tiny), "--set", *settings, "--out", str(out), "--json"]
    assert cli.main(arguments) == 0
    assert last_object(capsys)["state"] == "diverged"
    assert np.isfinite(load_model(out / "model.safetensors").vector).all()


def test_ctrl_c_stops_and_saves(
    tiny: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed_at_once(*args: Any, **more: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        true_train(*args, **more)

    true_train = train_to_end
    monkeypatch.setattr("nnstudio.cli.loading.train_to_end", pressed_at_once)
    assert cli.main(["train", str(tiny), "--out", str(out), "--json"]) == 130
    found = last_object(capsys)
    assert (found["state"], found["steps"]) == ("stopped", 1)
    assert load_model(out / "model.safetensors").recipe.end_step == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_data_are_loaded_leaves_nothing(
    tiny: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(experiment: object, places: object, progress: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        progress(0.5, "loading")

    monkeypatch.setattr("nnstudio.cli.loading.load", pressed)
    assert cli.main(["train", str(tiny), "--out", str(out), "--json"]) == 130
    found = last_object(capsys)
    assert found.pop("state") == "stopped"
    assert set(found.values()) == {None}
    assert list(out.iterdir()) == []


def test_a_second_ctrl_c_ends_at_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def impatient(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("nnstudio.cli.loading.train_to_end", impatient)
    assert cli.main(["train", str(tiny)]) == 130


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for one process alone")
def test_ctrl_c_ends_a_real_process_cleanly(tiny: Path, out: Path) -> None:
    arguments = ["train", str(tiny), "--set", "stopping.epochs=1000000", "--out", str(out)]
    child = subprocess.Popen(
        [sys.executable, "-m", "nnstudio", *arguments, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])},
    )
    while not out.exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    stdout, stderr = child.communicate(timeout=30)
    assert child.returncode == 130, stderr
    found = json.loads(stdout.splitlines()[-1])
    assert found["state"] == "stopped"
    assert load_model(Path(found["model"])).summary["steps"] == found["steps"]


# what is not understood


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "required"),
        (["fly"], "fly"),
        (["train"], "Which experiment"),
        (["train", "nowhere.json"], "nowhere.json"),
        (["train", "handwriting", "--fast"], "--fast"),
        (["train", "handwriting", "--set", "seed=1", "seed"], "seed"),
        (["train", "handwriting", "--set", "nothing=1"], "nothing"),
        (["train", "handwriting", "--set", "optimizer.learning_rate=-1"], "greater than 0"),
        (["train", "handwriting", "--set", "optimizer=gravity"], "optimizer"),
        (["evaluate"], "MODEL"),
        (["predict", "model.safetensors"], "IMAGE"),
    ],
)
def test_what_is_not_understood_is_one_sentence(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    assert word in complaint(capsys)


def test_unknown_data_are_one_sentence(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", str(model), "--data", "nowhere"]) == 2
    assert "nowhere" in complaint(capsys)


# what is wrong


@pytest.mark.parametrize("content", [b"{", b"{}", b"\xff\xfe\xff", b'{"format_version": 99}'])
def test_a_file_that_is_no_experiment_is_one_sentence(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    assert cli.main(["train", str(tmp_path / "bad.json")]) == 1
    assert "bad.json" in complaint(capsys)


def test_a_folder_is_no_experiment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", str(tmp_path)]) == 1
    assert tmp_path.name in complaint(capsys)


def test_settings_that_do_not_go_together_are_one_sentence(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny), "--set", "stopping.epochs=null"]) == 1
    assert "never end" in complaint(capsys)


def test_classes_that_are_not_in_the_data_are_one_sentence(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny), "--set", "data.classes=[1, 70]"]) == 1
    assert "70" in complaint(capsys)


def test_a_folder_that_cannot_be_made_is_told_before_training(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny), "--out", str(tiny)]) == 1
    assert "cannot be made" in complaint(capsys)


@pytest.mark.parametrize("command", [["evaluate"], ["predict", "a.png"]])
def test_a_model_that_is_missing_is_one_sentence(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *more = command
    assert cli.main([name, str(tmp_path / "none"), *more]) == 1
    assert "none" in complaint(capsys)


def test_a_run_can_begin_with_the_weights_of_a_model(model: Path, tiny: Path, out: Path) -> None:
    none = ["--set", "stopping.steps=1", "optimizer.learning_rate=1e-12"]
    words = ["train", str(tiny), "--from", str(model), *none, "--out", str(out / "on")]
    assert cli.main(words) == 0
    before, after = load_model(model), load_model(out / "on" / "model.safetensors")
    assert np.allclose(before.vector, after.vector, atol=1e-6)
    assert after.recipe.initial_sha256 == tensors_sha256(before)


def test_a_model_that_does_not_fit_is_one_sentence(
    model: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(tiny), "--from", str(model), "--set", "network.layers.0.units=7"]
    assert cli.main(words) == 1
    assert "W of layer 1 is" in complaint(capsys)


def test_what_is_different_from_what_the_model_was_trained_with_is_told(
    model: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(tiny), "--from", str(model), "--set", "scaling.kind=raw"]
    assert cli.main(words) == 0
    assert "scaled differently" in capsys.readouterr().err


def test_a_run_from_a_model_is_not_pretrained(
    tiny: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(tiny), "--from", str(model), "--set", "pretraining=layer_by_layer"]
    assert cli.main(words) == 0
    assert "Pretraining is left out" in capsys.readouterr().err


# range-test


def test_a_range_test_tells_its_curve_and_what_it_suggests(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["range-test", str(tiny), "--steps", "60", "--json"])
    found = last_object(capsys)
    assert found["steps"] == len(found["rates"]) == len(found["losses"]) == len(found["smoothed"])
    assert found["rates"] == sorted(found["rates"])
    assert {"suggested", "steepest", "lowest", "blown_up", "ended", "seconds"} <= set(found)


def test_a_range_test_of_data_that_can_be_learned_suggests_a_rate(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learnable = ["data.sources.0.source.kind=xor", "optimizer.learning_rate=5"]
    assert cli.main(["range-test", str(tiny), "--set", *learnable]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("the loss falls fastest at ")
    rate = float(said[-1].removeprefix("suggested learning rate "))
    assert 1e-3 < rate <= 10


def test_a_range_test_in_which_nothing_falls_is_a_result_without_a_rate(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["range-test", str(tiny), "--steps", "5"]) == 1
    assert "no rate the loss fell clearly" in capsys.readouterr().out


@pytest.mark.parametrize("steps", ["0", "-1", "abc", "1.5", "", "9" * 30])
def test_a_range_test_needs_a_number_of_steps(
    steps: str, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["range-test", str(tiny), f"--steps={steps}"]) == 2
    assert "--steps takes a whole number" in complaint(capsys)


def test_ctrl_c_ends_a_range_test(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed_at_once(*args: Any, **more: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        train_to_end(*args, **more)

    monkeypatch.setattr("nnstudio.cli.loading.train_to_end", pressed_at_once)
    assert cli.main(["range-test", str(tiny)]) == 130
    assert capsys.readouterr().out == ""


# evaluate


def test_a_model_is_judged_on_the_test_part_of_its_own_data(
    tiny: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(model), "--json"]) == 0
    found = last_object(capsys)
    assert found.keys() == {"test_accuracy", "loss", "samples"}
    assert found["test_accuracy"] == load_model(model).summary["test_accuracy"]


def test_a_model_is_judged_on_another_source(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["evaluate", str(model), "--json"])
    own = last_object(capsys)["samples"]
    assert cli.main(["evaluate", str(model), "--data", "noise", "--json"]) == 0
    assert last_object(capsys)["samples"] == own


def test_a_model_is_judged_on_a_file(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = np.random.default_rng(0)
    np.savez(
        tmp_path / "samples.npz",
        images=generator.integers(0, 256, (7, 28, 28), np.uint8),
        labels=np.arange(7),
    )
    assert cli.main(["evaluate", str(model), "--data", str(tmp_path / "samples.npz")]) == 0
    assert "of 7 right" in capsys.readouterr().out


def test_data_that_do_not_fit_the_model_are_one_sentence(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(model), "--data", "spirals"]) == 1
    assert "do not fit" in complaint(capsys)


def test_a_reader_that_has_gone_is_no_traceback(model: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "nnstudio", "evaluate", str(model)],
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")


# predict


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    pixels = np.full((90, 60), 255, np.uint8)
    pixels[20:70, 25:35] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    return tmp_path / "one.png"


def test_each_picture_has_an_answer_and_ten_probabilities(
    model: Path, drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", str(model), str(drawing), str(drawing), "--json"]) == 0
    found = last_object(capsys)
    assert found.keys() == {"predictions"}
    first, second = found["predictions"]
    assert first == second
    assert first.keys() == {"file", "answer", "probabilities"}
    assert first["file"] == str(drawing)
    assert sum(first["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert int(first["answer"]) == int(np.argmax(first["probabilities"]))


def test_pictures_that_can_be_read_are_answered_beside_one_that_cannot(
    model: Path, drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.png"
    assert cli.main(["predict", str(model), str(drawing), str(missing), str(drawing)]) == 1
    said = capsys.readouterr()
    assert said.out.count("one.png") == 2
    assert "missing.png" in said.err


def test_training_that_keeps_nothing_says_so(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", str(tiny)]) == 0
    assert "--out" in capsys.readouterr().err
    assert cli.main(["train", str(tiny), "--json"]) == 0
    assert "--out" not in capsys.readouterr().err


def test_a_model_that_gives_no_numbers_is_refused(
    model: Path, drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = load_model(model)
    save_model(model, replace(sound, vector=np.full_like(sound.vector, 1e38)))
    assert cli.main(["predict", str(model), str(drawing), "--json"]) == 1
    assert "not finite" in complaint(capsys)


def test_an_answer_is_told_to_people(
    model: Path, drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", str(model), str(drawing)]) == 0
    assert "probability" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--json"], []])
def test_outputs_that_are_no_probabilities_are_unknown(
    tiny: Path, out: Path, drawing: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    network = replace(TINY.network, output=OutputLayer(activation=Sigmoid()))
    tiny.write_text(dumps(replace(TINY, network=network, loss=MeanSquaredError())))
    cli.main(["train", str(tiny), "--out", str(out)])
    capsys.readouterr()
    assert cli.main(["predict", str(out / "model.safetensors"), str(drawing), *arguments]) == 0
    said = capsys.readouterr().out
    assert '"probabilities": null' in said if arguments else "probability" not in said


def test_a_model_of_points_takes_no_pictures(
    tiny: Path, out: Path, drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DataSettings(sources=(WeightedSource(source=Spirals(samples=40)),))
    tiny.write_text(dumps(replace(TINY, data=data)))
    cli.main(["train", str(tiny), "--out", str(out)])
    capsys.readouterr()
    assert cli.main(["predict", str(out / "model.safetensors"), str(drawing)]) == 1
    assert "takes no pictures" in complaint(capsys)


# on a terminal


def test_no_command_imports_qt() -> None:
    code = "import sys, nnstudio.cli; print(any(n.startswith('PySide6') for n in sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])},
    )
    assert found.stdout.strip() == "False"
