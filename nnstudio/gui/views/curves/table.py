"""All curves of the session as one table of text: that of a history, with the name of the run."""

import csv
import io

from nnstudio.runs.history_csv import columns_of, rows_of
from nnstudio.runs.run import RunView


def table_of(runs: tuple[RunView, ...]) -> str:
    """Give every step of every run as CSV, with a header; what is unknown is empty."""
    tasks = [run.task for run in runs] or ["classes"]
    columns = tuple(dict.fromkeys(name for task in tasks for name in columns_of(task)))
    written = io.StringIO()
    writer = csv.DictWriter(written, ("run", *columns), restval="", lineterminator="\n")
    writer.writeheader()
    for run in runs:
        if run.snapshot.history is not None:
            names = ("run", *columns_of(run.task))
            for row in rows_of(run.snapshot.history, task=run.task):
                writer.writerow(dict(zip(names, (run.name, *row), strict=True)))
    return written.getvalue()
