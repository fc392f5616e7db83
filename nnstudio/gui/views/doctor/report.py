"""A diagnosis as text to paste, and as rows of numbers."""

from collections.abc import Iterable

from nnstudio.doctor.diagnosis import Diagnosis, Rule
from nnstudio.gui.views.doctor.finding_card import words_of
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.texts import tr

HEADER = ("rule", "severity", "step", "layer", "value", "limit", "explained_by", "claim", "reason")


def table_of(diagnosis: Diagnosis | None) -> str:
    """Give the findings as CSV, a row each."""
    rows = [
        (
            one.rule,
            one.severity.word,
            one.step,
            "" if one.layer is None else one.layer + 1,
            repr(one.value),
            repr(one.limit),
            one.explained_by,
            str(one.claim),
            str(one.reason),
        )
        for one in (diagnosis.findings if diagnosis is not None else ())
    ]
    return csv_text(HEADER, rows)


def report_of(run: str, diagnosis: Diagnosis, rules: Iterable[Rule]) -> str:
    """Give everything that a diagnosis says, in lines of plain text."""
    words = {rule.name: str(rule.checks) for rule in rules}
    parts = [tr("{run}, looked at step {step}", run=run, step=grouped(diagnosis.step))]
    parts += [words_of(one) for one in diagnosis.findings]
    if not diagnosis.findings:
        parts.append(tr("Nothing is wrong so far"))
    found = {one.rule for one in diagnosis.findings}
    well = [words.get(name, name) for name in diagnosis.checked if name not in found]
    parts.append("\n".join([tr("Checked and well:"), *(f"  {one}" for one in well)]))
    if diagnosis.unknown:
        open_ones = [f"  {words.get(name, name)} – {why}" for name, why in diagnosis.unknown]
        parts.append("\n".join([tr("Not checked:"), *open_ones]))
    return "\n\n".join(parts) + "\n"
