"""The ablation tables that ship agree with the cases, and the tool makes what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from nnstudio.places import resource_root
from nnstudio.runs import ablations as module
from nnstudio.runs.ablations import Ablation, load_ablation
from nnstudio.runs.cases import guided_names, load_case
from nnstudio.runs.checked_json import Words
from nnstudio.runs.guides import Cause, load_guide, mended
from nnstudio.training.sources import load_sources
from tests.benchmarks.ablations import (
    NUMERICAL_STEPS,
    STEPS,
    as_json,
    choices,
    is_numerical,
    line,
    measured,
    printed,
)

TITLE = Words((("en", "a"), ("zh_CN", "b")))
TABLES = [name for name in guided_names() if load_guide(name).ablation is not None]


def cause(name: str) -> Cause:
    return Cause(name, TITLE, (), (), ())


def test_rows_are_none_each_alone_all_but_each_and_all_and_none_comes_twice() -> None:
    def names(count: int) -> list[str]:
        causes = [cause(letter) for letter in "abc"[:count]]
        return ["".join(one.name for one in chosen) for chosen in choices(causes)]

    assert names(1) == ["", "a"]
    assert names(2) == ["", "a", "b", "ab"]
    assert names(3) == ["", "a", "b", "c", "bc", "ac", "ab", "abc"]


def test_every_case_has_its_table() -> None:
    assert list(guided_names()) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_rows_that_the_causes_of_its_case_ask_for(name: str) -> None:
    case, causes = load_case(name), load_guide(name).causes
    rows = {tuple(one.name for one in chosen): mended(case, *chosen) for chosen in choices(causes)}
    found = load_ablation(name)
    assert (found.case, load_guide(name).ablation) == (name, f"ablations/{name}.json")
    assert f"tests/benchmarks/ablations.py {name}" in found.command
    assert [table.steps for table in found.tables][-1] == STEPS
    for table in found.tables:
        fast = [names for names, asked in rows.items() if not is_numerical(asked)]
        all_of_them = table.steps <= NUMERICAL_STEPS or len(fast) == len(rows)
        assert [row.mended for row in table.rows] == (list(rows) if all_of_them else fast)


@pytest.mark.parametrize("name", TABLES)
def test_with_all_causes_mended_a_case_does_best_or_nearly(name: str) -> None:
    table = load_ablation(name).tables[-1]
    if name == "gradient-check":
        # with random targets there is no accuracy to win, but a loss
        assert table.rows[-1].loss == min(row.loss or 0 for row in table.rows)
        return
    assert table.rows[-1].accuracy is not None
    best = max(row.accuracy or 0 for row in table.rows)
    assert table.rows[-1].accuracy >= best - 0.05


def test_a_row_is_measured_at_its_steps_and_written_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load_case("moons")
    dataset = load_sources(case, DataPlaces.standard(may_download=False), silent)
    row = measured(case, dataset, mends=("a",), steps=20)
    assert row.ended == "finished"
    assert row.accuracy is not None
    assert 0.5 < row.accuracy <= 1
    assert len(row.gradient_norms) == len(case.network.layers) + 1
    found = Ablation("moons", "command", (("numpy", "2"),), (module.AblationTable(20, (row,)),))
    folder = tmp_path / "cases" / "ablations"
    folder.mkdir(parents=True)
    (folder / "moons.json").write_text(as_json(found), encoding="utf-8")
    monkeypatch.setattr(module, "resource_root", lambda: tmp_path)
    assert load_ablation("moons") == found
    assert line(row) in printed(found)
    assert "**moons**, 20 steps" in printed(found)


def test_a_damaged_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "weights-do-not-change"
    file = resource_root() / "cases" / "ablations" / f"{name}.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    del data["tables"][0]["rows"][0]["loss"]
    folder = tmp_path / "cases" / "ablations"
    folder.mkdir(parents=True)
    (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr(module, "resource_root", lambda: tmp_path)
    with pytest.raises(NnstudioError, match=r"“tables\.0\.rows\.0\.loss” is missing"):
        load_ablation(name)
    with pytest.raises(KeyError):
        load_ablation("moons")
