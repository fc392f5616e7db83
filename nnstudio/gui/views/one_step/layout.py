"""How the numbers of a stop lie in a table: as a matrix, as a picture, or a long row wrapped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from nnstudio.gui.views.one_step.stop import Matrix, Stop

MOST_COLUMNS: Final = 12
"""A single row that is longer is wrapped."""
WRAPPED: Final = 10


@dataclass(frozen=True, eq=False)
class Table:
    """Values as they are shown; `place` gives row and column of the stop for a cell."""

    values: Matrix
    count: int
    row_name: Callable[[int], str]
    column_name: Callable[[int], str]
    place: Callable[[int, int], tuple[int, int]]


def table_of(stop: Stop) -> Table:
    """Give the table of a stop."""
    rows, columns = stop.values.shape
    picture = stop.picture
    wraps = rows == 1 and (columns > MOST_COLUMNS or picture is not None)
    if not wraps:
        return Table(
            stop.values,
            stop.values.size,
            _name(stop.row_names, single=rows == 1),
            _name(stop.names),
            lambda row, column: (row, column),
        )
    wide = picture[1] if picture is not None else WRAPPED
    tall = -(-columns // wide)
    padded = np.zeros(tall * wide, stop.values.dtype)
    padded[:columns] = stop.values[0]
    return Table(
        padded.reshape(tall, wide),
        columns,
        str if picture else (lambda row: str(row * wide)),
        str if picture else (lambda column: f"+{column}"),
        lambda row, column: (0, row * wide + column),
    )


def _name(names: tuple[str, ...], *, single: bool = False) -> Callable[[int], str]:
    if names:
        return lambda at: names[at]
    return (lambda _at: "") if single else str
