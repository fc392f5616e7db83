"""Experiments that ship are there by name, files of people are read or refused by name."""

from pathlib import Path

import pytest

from nnstudio.errors import NnstudioError
from nnstudio.runs.cases import case_names, load_case, load_experiment
from nnstudio.training.experiment import Experiment, dumps


def test_the_cases_are_named() -> None:
    assert {"handwriting", "mnist-quick"} <= set(case_names())


def test_a_case_is_an_experiment() -> None:
    assert load_case("mnist-quick").data.sources[0].source.kind == "mnist"


def test_an_unknown_name_is_no_case() -> None:
    with pytest.raises(KeyError):
        load_case("../cases/handwriting")


def test_an_experiment_comes_back_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(dumps(Experiment(seed=3)), encoding="utf-8")
    assert load_experiment(tmp_path / "e.json") == Experiment(seed=3)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format_version": 1, "a": 1}'])
def test_a_file_that_holds_none_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(NnstudioError, match=r"bad\.json"):
        load_experiment(tmp_path / "bad.json")


def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=tmp_path.name):
        load_experiment(tmp_path)
