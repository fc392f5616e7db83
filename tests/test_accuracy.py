"""The accuracies in the README: of cases that ship, made by one script, with their intervals."""

import math
import re
from pathlib import Path

import pytest

from nnstudio.runs.cases import load_case
from tests.benchmarks.accuracy import (
    BARS,
    BEGIN,
    END,
    README,
    Kept,
    Measured,
    binomial,
    digest,
    in_readme,
    network_of,
    row,
    student,
    table,
)

TEXT = README.read_text(encoding="utf-8")


def run(seed: int = 0, *, preset: str = "mnist-quick", test: float = 0.98) -> Measured:
    return Measured(
        preset=preset,
        seed=seed,
        settings=digest(load_case(preset)),
        test=test,
        validation=0.97,
        seconds=5.0 + seed,
        cpu_seconds=6.0,
        steps=100,
    )


def test_the_table_of_the_readme_has_each_preset_as_it_ships() -> None:
    written = TEXT.partition(BEGIN)[2].partition(END)[0]
    rows = re.findall(
        r"^\| `([\w-]+)` \| ([^|]+) \|.*\| (\d+) \| \d+ s \| \d+ s \|$", written, re.MULTILINE
    )
    shipped = [
        (name, network_of(load_case(name)), str(load_case(name).stopping.epochs)) for name in BARS
    ]
    assert rows == shipped


def test_intervals_are_those_of_the_textbook() -> None:
    assert 100 * binomial(0.994, 10_000) == pytest.approx(0.15, abs=0.002)
    # mean 2, deviation 1, three runs
    assert student([1.0, 2.0, 3.0]) == pytest.approx(4.303 / math.sqrt(3))
    assert math.isnan(student([1.0]))


def test_a_row_is_the_mean_of_the_seeds() -> None:
    made = row("mnist-quick", [run(0, test=0.98), run(1, test=0.984)])
    assert made.accuracy == pytest.approx(0.982)
    assert made.seconds == pytest.approx(5.5)
    assert made.of_test_set == pytest.approx(binomial(0.982, 10_000))
    assert made.seeds == 2


def test_the_table_goes_between_the_markers_and_nowhere_else() -> None:
    written = table([row("mnist-quick", [run()])])
    text = in_readme(f"before\n{BEGIN}\nold\n{END}\nafter\n", written)
    assert text == f"before\n{BEGIN}\n{written}\n{END}\nafter\n"
    assert in_readme(text, written) == text
    with pytest.raises(ValueError, match="no place"):
        in_readme("no markers", written)


def test_what_was_measured_is_kept_until_the_settings_change(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "kept.jsonl"
    Kept(file, fresh=False).add(run(1))
    again = Kept(file, fresh=False)
    assert again.find("mnist-quick", 1) == run(1)
    assert again.find("mnist-quick", 2) is None
    assert Kept(file, fresh=True).find("mnist-quick", 1) is None
    other = Kept(file, fresh=False)
    other.runs = [Measured(**{**vars(run(1)), "settings": "other"})]
    assert other.find("mnist-quick", 1) is None
