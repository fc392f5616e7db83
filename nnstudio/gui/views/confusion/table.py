"""The numbers of the view as CSV: matrix, recall and precision, then the calibration."""

import csv
from io import StringIO

from nnstudio.runs.answers import Answers
from nnstudio.training.metrics import precision, recall


def csv_of(answers: Answers, names: tuple[str, ...], label: int) -> str:
    """Give all numbers of `answers`; of several labels those of `label`."""
    written = StringIO()
    sheet = csv.writer(written, lineterminator="\n")
    if answers.task == "values":
        sheet.writerow(["sample", *(f"{one} {name}" for name in names for one in ("true", "said"))])
        for row, target, said in zip(answers.rows, answers.targets, answers.outputs, strict=True):
            pairs = [number for pair in zip(target, said, strict=True) for number in pair]
            sheet.writerow([int(row), *(repr(float(one)) for one in pairs)])
        return written.getvalue()
    one = answers.task == "classes"
    table = answers.table if one else answers.table_of(label)
    called = names if one else (f"not {names[label]}", names[label])
    sheet.writerow(["true", *called, "recall"])
    for name, row, share in zip(called, table.tolist(), recall(table).tolist(), strict=True):
        sheet.writerow([name, *row, share])
    sheet.writerow(["precision", *precision(table).tolist()])
    found = answers.calibration
    if found is not None:
        sheet.writerow([])
        sheet.writerow(["from", "to", "answers", "sure", "right"])
        columns = (found.edges, found.edges[1:], found.count, found.confidence, found.accuracy)
        sheet.writerows(zip(*(one.tolist() for one in columns), strict=False))
        sheet.writerow(["expected calibration error", found.error])
    return written.getvalue()
