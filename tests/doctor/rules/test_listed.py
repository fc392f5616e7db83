"""The README lists every rule, in the order in which causes are judged."""

from pathlib import Path

from nnstudio.doctor.rules import RULES
from tests.doctor.rule_table import summary, table

README = Path(__file__).resolve().parents[3] / "README.md"


def test_the_readme_lists_all_rules_by_phase() -> None:
    written = README.read_text(encoding="utf-8")
    listed = written.partition("<!-- rules")[2].partition("<!-- /rules -->")[0]
    rows = [line for line in listed.splitlines() if line.startswith("| the ")]
    assert rows == summary()


def test_the_table_of_rules_has_a_row_for_each() -> None:
    assert len(table()) == len(RULES) + 2
