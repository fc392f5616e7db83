"""`nnstudio examine` tells what is wrong, what was checked, and whether anything is broken."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from nnstudio import cli
from nnstudio.doctor.rules import RULES
from nnstudio.faults import fault_named
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.experiment import Batches, Experiment, Stopping, dumps
from nnstudio.training.loop import train
from tests.strategies import tiny_experiment

LINE = {"rule", "severity", "step", "first_value", "seen", "value", "limit", "explained_by"}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.json"
    experiment: Experiment = tiny_experiment(
        network=NetworkSpec(layers=(HiddenLayer(units=8),)),
        batches=Batches(size=16),
        stopping=Stopping(epochs=None, steps=60),
    )
    path.write_text(dumps(experiment))
    return path


def last_object(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_nothing_broken_is_exit_status_0(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["examine", str(tiny), "--steps", "30", "--json"]) == 0
    found = last_object(capsys)
    assert set(found) == {"findings", "steps"}
    assert found["steps"] == 30
    assert all(one["severity"] != "broken" for one in found["findings"])


def test_a_finding_of_what_is_broken_is_exit_status_1(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["examine", str(tiny), "--steps", "30", "--set", "faults=update-not-applied", "--json"]
    assert cli.main(typed) == 1
    findings = last_object(capsys)["findings"]
    assert all(one.keys() == LINE for one in findings)
    first, *others = findings
    assert first["severity"] == "broken"
    assert first["explained_by"] is None
    assert {one["explained_by"] for one in others} >= {first["rule"]}


def test_what_cannot_be_read_is_another_exit_status_than_what_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    assert cli.main(["examine", str(damaged)]) == 2
    assert "damaged" in capsys.readouterr().err


def test_where_no_step_of_the_whole_network_was_made_this_is_told_instead_of_all_is_well(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["examine", str(tiny), "--set", "pretraining.kind=layer_by_layer", "--steps", "2"]
    assert cli.main(typed) == 0
    told = capsys.readouterr().out
    assert "nothing but the data was looked at" in told
    assert "nothing is wrong" not in told
    assert "not checked:" in told
    assert next(str(rule.checks) for rule in RULES if rule.name == "raw-inputs") in told


def test_where_the_clock_ended_it_this_is_told(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nnstudio.cli.examine.SECONDS", 0.0)
    cli.main(["examine", str(tiny)])
    assert "the time was up after 0 s; --steps 1000 makes them all" in capsys.readouterr().out
    cli.main(["examine", str(tiny), "--steps", "2"])
    assert "the time was up" not in capsys.readouterr().out


def test_what_was_checked_and_what_was_not_is_told_with_the_reason(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["examine", str(tiny), "--steps", "10", "--set", "faults=gradient-sign"])
    told = capsys.readouterr().out
    checks = {rule.name: str(rule.checks) for rule in RULES}
    assert "10 steps were made" in told
    assert "broken from step 0: gradient-sign" in told
    well, unknown = told.split("not checked:")
    assert checks["raw-inputs"] in well
    assert checks["gradient-sign"] not in well
    lines = [line.strip() for line in unknown.splitlines()]
    reason = lines[lines.index(checks["softmax-twice"]) + 1]
    assert reason
    assert reason not in checks.values()


def test_what_another_finding_explains_stands_below_it(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["examine", str(tiny), "--steps", "30", "--set", "faults=update-not-applied"])
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if " from step " in line]
    assert not heads[0].startswith(" ")
    assert heads[1].startswith("    ")
    assert any("explained by nothing-updated" in line for line in lines)


@pytest.mark.parametrize("steps", ["0", "-1", "abc", "1.5", "", "9" * 30])
def test_steps_are_a_whole_number(
    steps: str, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["examine", str(tiny), f"--steps={steps}"]) == 2
    assert "--steps takes a whole number" in capsys.readouterr().err


def test_ctrl_c_ends_an_examination(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed_at_once(*args: Any, **more: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return train(*args, **more)

    monkeypatch.setattr("nnstudio.doctor.headless.train", pressed_at_once)
    assert cli.main(["examine", str(tiny)]) == 130
    assert capsys.readouterr().out == ""


def test_the_gradient_check_is_told_with_the_mistake_that_it_names(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["examine", str(tiny), "--steps", "5", "--set", "precision=float64"]
    cli.main([*typed, "faults=gradient-accumulates"])
    told = capsys.readouterr().out
    # nothing is left over at the first step
    _, failed = told.split("gradient check: failed at step 1")
    assert "layers.0.W: the gradient is off by" in failed
    fault = fault_named("gradient-accumulates")
    assert f"as it is: {fault.formula_wrong}" in failed
    assert f"as it should be: {fault.formula_right}" in failed


def test_the_gradient_check_of_a_healthy_network_passes(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["examine", str(tiny), "--steps", "5"])
    told = capsys.readouterr().out
    # a difference of exactly 0 is one that rounding explains
    assert "gradient check: passed, no difference beyond rounding" in told
    assert "failed" not in told
