"""The doctor's complete findings of every case, causes before effects, and what `examine` says."""

import json
import time

import pytest

from nnstudio.__main__ import main
from nnstudio.doctor.headless import diagnose
from nnstudio.runs.ablations import load_ablation
from nnstudio.runs.cases import guided_names, load_case
from nnstudio.runs.guides import load_guide
from tests.benchmarks.findings import short
from tests.cases.findings import EXPECTED
from tests.cases.patients import DATA, dataset, started

CLEAN = (
    "always-zero-gradient-healed",
    "weights-do-not-change-healed",
    "gradient-check-healed",
    "loss-rises-healed",
    "loss-rises-spirals-healed",
    "loss-rises-mnist-01-healed",
    "which-activation-healed",
)
SMALL = ("loss-rises", "loss-rises-as-answered")
STEPS = {"which-activation": 400, "which-activation-healed": 400}
"""Of the large network; all that the others show is there within 1,000 steps."""
MATTERS = 0.1
"""Accuracy that a cause must cost, alone or as the last one, to have a finding of its own."""


def test_every_case_has_its_findings_written_down() -> None:
    assert set(guided_names()) < set(EXPECTED)


@pytest.mark.parametrize("name", SMALL)
def test_a_small_case_shows_its_complete_findings_in_their_order(name: str) -> None:
    assert short(diagnose(started(name))) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in EXPECTED if one not in SMALL])
def test_a_case_shows_its_complete_findings_in_their_order(name: str) -> None:
    found = diagnose(started(name), steps=STEPS.get(name, 1_000))
    assert short(found) == EXPECTED[name]


@pytest.mark.parametrize("name", guided_names())
def test_what_an_ablation_shows_to_matter_is_among_the_findings(name: str) -> None:
    found = {line.split()[-1] for line in EXPECTED[name]}
    for cause in load_guide(name).causes:
        if matters(name, cause.name):
            assert found & set(cause.found_by), (cause.name, cause.found_by)


def matters(case: str, cause: str) -> bool:
    """Whether mending a cause helps, in any row, at the largest number of steps that has it."""
    for table in load_ablation(case).tables:
        by_mended = {frozenset(row.mended): row for row in table.rows}
        for mended, row in by_mended.items():
            without = by_mended.get(mended - {cause})
            if cause not in mended or without is None:
                continue
            gain = (row.accuracy or 0) - (without.accuracy or 0)
            lower = (row.loss or 0) < 0.8 * (without.loss or 0)
            if gain > MATTERS or (case == "gradient-check" and lower):
                return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("name", CLEAN)
def test_a_healed_case_has_notes_alone(name: str) -> None:
    found = diagnose(started(name), steps=STEPS.get(name, 1_000))
    assert all(line.startswith("note") for line in short(found))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("always-zero-gradient", 1),
        ("weights-do-not-change", 0),
        ("gradient-check", 1),
        ("gradient-check-healed", 0),
        ("loss-rises", 1),
        ("loss-rises-as-answered", 1),
        ("which-activation", 1),
    ],
)
def test_examine_tells_a_broken_case_by_its_status_within_90_seconds(
    name: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # a data set that is not there is a reason to skip
    dataset(load_case(name).data.sources[0].source)
    monkeypatch.setenv("NNSTUDIO_DATA", str(DATA))
    begun = time.monotonic()
    assert main(["examine", name, "--json"]) == status
    assert time.monotonic() - begun < 90
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["findings"]
    expected = {line.split()[-1] for line in EXPECTED[name]}
    # a machine that is busy makes fewer steps in its 60 seconds, one that is not sees more effects
    causes = {one["explained_by"] or one["rule"] for one in found}
    assert causes
    assert causes <= expected
