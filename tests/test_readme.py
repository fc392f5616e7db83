"""What the README says of the tree, the layers, the dependencies and the commands is true."""

import contextlib
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest

from nnstudio.__main__ import COMMANDS
from nnstudio.cli.commands import parser_of_all
from nnstudio.data.progress import Progress
from nnstudio.runs.cases import case_names
from nnstudio.spec import describe, title_of
from nnstudio.training import prepared
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from tests.strategies import tiny_case

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BY_NAME = "What is in it, by name"
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def table(title: str) -> list[list[str]]:
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(requirements: list[str]) -> set[str]:
    found = (IDENTIFIER.match(one) for one in requirements)
    return {one.group() for one in found if one is not None}


def layers() -> list[str]:
    contract = next(
        one
        for one in PROJECT["tool"]["importlinter"]["contracts"]
        if one.get("containers") == ["nnstudio"]
    )
    return [layer for layer in contract["layers"] if not layer.startswith("(")]


def test_the_drawing_of_the_layers_is_the_contract() -> None:
    (drawing,) = re.findall(r"```\n(__main__.*?)```", README, re.DOTALL)
    drawn = [re.split(r"\s{2,}", line)[0] for line in drawing.splitlines()]
    assert drawn == layers()


def test_every_module_at_the_top_is_drawn() -> None:
    there = {path.stem for path in (ROOT / "nnstudio").iterdir() if path.name[0] not in "_."}
    drawn = {name for layer in layers() for name in layer.split(" | ")}
    assert drawn == there | {"__main__"}


def test_every_dependency_has_its_reason_and_no_other_is_named() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = names(PROJECT["project"]["dependencies"]) | names(groups["dev"])
    listed = set[str]()
    for _, library, reason in table("What it stands on"):
        listed |= set(library.partition(" (")[0].split(", "))
        assert reason
    assert listed - {"torch", *names(groups["peers"])} == wanted
    assert names(groups["peers"]) <= listed


def test_every_place_to_add_something_is_there() -> None:
    for _, place, _ in table("Where do I add ..."):
        for named in re.findall(r"`([^`]+/[^`]*)`", place):
            assert (ROOT / named).exists(), named


def test_what_the_table_of_places_names_in_code_is_there() -> None:
    words = " ".join(" ".join(row) for row in table("Where do I add ..."))
    assert "`VIEWS`" in words
    assert "VIEWS" in (ROOT / "nnstudio/gui/views/__init__.py").read_text(encoding="utf-8")
    assert (ROOT / "tests/translations.py").exists()
    assert "catalogue/__init__.py" in words
    assert (ROOT / "nnstudio/data/catalogue/__init__.py").exists()


def commands() -> Iterator[list[str]]:
    for block in blocks("sh"):
        for line in block.splitlines():
            words = line.partition("#")[0].split()
            if words[:3] == ["uv", "run", "nnstudio"]:
                yield words[3:]


def test_every_command_is_understood() -> None:
    found = list(commands())
    assert {words[0] for words in found} == set(COMMANDS)
    for words in found:
        asked = parser_of_all().parse_args(words)
        if words[0] in {"train", "range-test"}:
            assert asked.experiment in case_names()


def test_both_commands_that_set_everything_up_are_there() -> None:
    (first, *_) = blocks("sh")
    set_up = [line.partition("#")[0].strip() for line in first.splitlines()]
    start = "python3 -m pip install uv && uv run "
    assert set_up == [start + "nnstudio", start + "pytest"]
    assert "nnstudio" in PROJECT["project"]["scripts"]


def test_the_script_runs_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def tiny(experiment: Experiment, places: object, progress: Progress) -> PreparedData:
        del experiment, places, progress
        return case.data

    (script,) = blocks("python")
    case = tiny_case()
    monkeypatch.setattr(prepared, "load", tiny)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(script, "README.md", "exec"), {})  # noqa: S102 - the script of the README
    epochs = [line.split() for line in said.getvalue().splitlines()]
    assert len(epochs) == Experiment().stopping.epochs
    assert [int(epoch) for epoch, _ in epochs] == list(range(1, len(epochs) + 1))
    assert all(0 <= float(accuracy) <= 1 for _, accuracy in epochs)


def test_every_picture_of_the_readme_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert pictures
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


def unions(cls: type, seen: set[type]) -> Iterator[tuple[str, tuple[type, ...]]]:
    for setting in describe(cls):
        members = [one for one in setting.members or () if isinstance(one, type)]
        if setting.kind == "union" or len(members) > 1:
            yield setting.title.lower(), tuple(members)
        for member in members:
            if is_dataclass(member) and member not in seen:
                seen.add(member)
                yield from unions(member, seen)


def test_every_member_of_every_family_stands_in_the_readme() -> None:
    written = {row[0]: re.sub(r" \((?!tanh|swish)[^)]*\)", "", row[1]) for row in table(BY_NAME)}
    found = {
        title: ", ".join(title_of(member) for member in members)
        for title, members in unions(Experiment, set())
        if title != "initial biases"
    }
    assert written == found
