"""The commands on files of samples: evaluate --data FILE, import, samples."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio import cli
from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.catalogue.imported import own_sets
from nnstudio.places import resource_root
from tests.data.importing.made import picture, png, zipped

MODEL = str(resource_root() / "models" / "ready-digits.safetensors")


def last_object(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


def one(*, light: bool) -> bytes:
    """A 1, small and in a corner."""
    grey = np.zeros((60, 40), np.uint8)
    grey[4:30, 6:10] = 255
    return png(255 - grey if light else grey)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    rows = "file,label\n" + "".join(f"{place}.png,1\n" for place in range(4))
    pictures = {f"{place}.png": one(light=place % 2 == 0) for place in range(4)}
    (tmp_path / "a.zip").write_bytes(zipped({**pictures, "labels.csv": rows}))
    return str(tmp_path / "a.zip")


@pytest.fixture
def letters(tmp_path: Path) -> str:
    files = {f"{name}/{place}.png": png(picture(place)) for name in "ab" for place in range(3)}
    (tmp_path / "letters.zip").write_bytes(zipped(files))
    return str(tmp_path / "letters.zip")


def test_a_model_is_judged_on_pictures_prepared_like_drawings(
    archive: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", MODEL, "--data", archive, "--prepare", "--json"]) == 0
    assert last_object(capsys)["test_accuracy"] == 1.0
    assert cli.main(["evaluate", MODEL, "--data", archive, "--json"]) == 0
    assert last_object(capsys)["samples"] == 4


def test_a_model_is_judged_on_strokes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"label": 1, "strokes": [[[50, 0], [48, 40], [47, 90]]]},
        {"label": 7, "strokes": [[[0, 0], [60, 0], [30, 50], [15, 100]]]},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert cli.main(["evaluate", MODEL, "--data", str(path)]) == 0
    assert "2 of 2 right" in capsys.readouterr().out


def test_how_a_file_is_read_can_be_set(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    renamed = 'classes=[{"found":"1","becomes":"2"}]'
    command = ["evaluate", MODEL, "--data", archive, "--prepare", "--json", "--set", renamed]
    assert cli.main(command) == 0
    assert last_object(capsys)["test_accuracy"] == 0.0
    assert cli.main(["evaluate", MODEL, "--data", archive, "--set", "header=perhaps"]) == 2
    assert "header" in complaint(capsys)


def test_classes_that_the_model_never_saw_are_one_sentence(
    letters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", MODEL, "--data", letters]) == 1
    assert "not learned the class a" in complaint(capsys)


def test_a_look_tells_what_is_in_a_file_and_keeps_nothing(
    letters: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", letters]) == 0
    said = capsys.readouterr().out
    assert "6 samples" in said
    assert "a (3), b (3)" in said
    assert "height=8" in said
    assert cli.main(["import", letters, "--json"]) == 0
    assert last_object(capsys)["classes"] == {"a": 3, "b": 3}
    assert own_sets(DataPlaces.standard()) == ()


def test_an_imported_set_is_known_by_its_name(
    letters: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", letters, "--name", "My letters", "--json"]) == 0
    found = last_object(capsys)
    assert found["samples"] == 6
    assert found["source"]["kind"] == "imported"
    assert cli.main(["samples", "My letters", "--out", str(tmp_path / "b.zip")]) == 0
    assert "6 samples" in capsys.readouterr().out
    assert cli.main(["evaluate", MODEL, "--data", "My letters"]) == 1
    assert "not learned the class" in complaint(capsys)
    source = "data.sources.0.source=imported"
    name = "data.sources.0.source.name=My letters"
    short = ["augmentation=none", "stopping.epochs=1", "batches.size=2"]
    assert cli.main(["train", "mnist-quick", "--set", source, name, *short, "--json"]) == 0
    assert last_object(capsys)["state"] == "finished"


def test_samples_of_a_source_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.npz"
    command = ["samples", "noise", "--out", str(path), "--count", "5", "--json"]
    assert cli.main([*command, "--set", "samples=60"]) == 0
    assert last_object(capsys)["samples"] == 5
    assert path.is_file()


@pytest.mark.parametrize(
    "words",
    [
        ["samples", "nowhere", "--out", "a.npz"],
        ["samples", "noise", "--out", "a.npz", "--count", "0"],
        ["samples", "noise", "--out", "a.npz", "--set", "zebra=1"],
        ["samples", "noise"],
        ["import"],
        ["import", "x", "--set", "zebra=1"],
        ["evaluate", MODEL, "--data", "noise", "--prepare"],
        ["evaluate", MODEL, "--set", "rows=3"],
    ],
)
def test_what_is_not_understood_is_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    assert complaint(capsys)


@pytest.mark.parametrize(
    "words",
    [
        ["import", "nowhere.zip"],
        ["import", "nowhere.zip", "--name", "a"],
        ["import", "nowhere.zip", "--name", " "],
        ["samples", "noise", "--out", "a.txt"],
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 1
    assert complaint(capsys)


def test_pictures_drawn_on_a_screen_are_read(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / "drawn" / "hwd-1000.zip"
    assert cli.main(["evaluate", MODEL, "--data", str(path), "--json"]) == 0
    found = last_object(capsys)
    assert found["samples"] == 1000
    assert found["test_accuracy"] > 0.95


@pytest.mark.parametrize("command", [["evaluate", MODEL, "--data"], ["samples", "--out", "a.npz"]])
def test_an_imported_set_without_a_name_is_no_source(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*command, "imported"]) == 2
    said = complaint(capsys)
    assert "imported" in said
    assert "imported" not in said.partition("mnist")[2]
