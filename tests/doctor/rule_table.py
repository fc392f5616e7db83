"""Prints all rules, their sources and causes: `python -m tests.doctor.rule_table`."""

from typing import Final

from nnstudio.doctor.diagnosis import Phase
from nnstudio.doctor.rules import RULES

PHASES: Final = {
    Phase.DATA: "the data",
    Phase.START: "the start and the plan",
    Phase.ARITHMETIC: "the arithmetic",
    Phase.FLOW: "the flow through the layers",
    Phase.RATE: "the steps",
    Phase.RESULT: "the result",
}


def summary() -> list[str]:
    """Give the rows of the README: for each phase the names of its rules."""
    return [
        f"| {told} | {', '.join(rule.name for rule in RULES if rule.phase == phase)} |"
        for phase, told in PHASES.items()
    ]


def table() -> list[str]:
    """Give a row for each rule."""
    rows = [
        "| rule | all is well when | looks | limit from | folds under |",
        "|---|---|---|---|---|",
    ]
    for rule in RULES:
        above = ", ".join(rule.explained_by)
        rows.append(f"| {rule.name} | {rule.checks} | {rule.in_a_row} | {rule.source} | {above} |")
    return rows


if __name__ == "__main__":
    for line in table():
        print(line)  # noqa: T201, the whole purpose of this module
