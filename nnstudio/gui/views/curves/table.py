"""All curves of the session as one table of text: that of a history, with the name of the run."""

import csv
import io

from nnstudio.runs.history_csv import COLUMNS, rows_of
from nnstudio.runs.run import RunView


def table_of(runs: tuple[RunView, ...]) -> str:
    """Give every step of every run as CSV, with a header; what is unknown is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("run", *COLUMNS))
    for run in runs:
        if run.snapshot.history is not None:
            writer.writerows((run.name, *row) for row in rows_of(run.snapshot.history))
    return written.getvalue()
