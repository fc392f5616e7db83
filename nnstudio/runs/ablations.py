"""Ablation: what mending each cause of a case alone, and all but each, comes to at equal steps.

The files are computed by ``tests/benchmarks/ablations.py``, never written by hand.
"""

from dataclasses import dataclass
from typing import Final

from nnstudio.places import resource_root
from nnstudio.runs.checked_json import CheckedJson, DamagedError, damaged, read_shipped

FORMAT_VERSION: Final = 1


@dataclass(frozen=True)
class AblationRow:
    """One run; what could not be measured is None.

    Attributes
    ----------
    mended : tuple of str
        Names of the causes that are mended in it, in the order of the guide.
    first_loss : float or None
        What the run told of its first batch.
    loss, accuracy : float or None
        Of the weights at the end on the validation part, by the loss that the experiment states:
        mean over samples, without classic mistakes.
    gradient_norms : tuple of float
        Length of the first gradient in the weights of each layer, as the run computed it.
    ended : str
        ``finished`` or ``diverged``.
    """

    mended: tuple[str, ...]
    first_loss: float | None
    loss: float | None
    accuracy: float | None
    gradient_norms: tuple[float | None, ...]
    ended: str


@dataclass(frozen=True)
class AblationTable:
    """Rows of the same number of steps; the first is the case as it was, the last is healed."""

    steps: int
    rows: tuple[AblationRow, ...]


@dataclass(frozen=True)
class Ablation:
    """What a file holds, with the command that made it and the versions of what it ran on."""

    case: str
    command: str
    versions: tuple[tuple[str, str], ...]
    tables: tuple[AblationTable, ...]


def load_ablation(case: str) -> Ablation:
    """Give the ablation tables of a case.

    Raises
    ------
    KeyError
        When there are none.
    NnstudioError
        When the file is damaged.
    """
    file = resource_root() / "cases" / "ablations" / f"{case}.json"
    if not file.is_file():
        raise KeyError(case)
    found = read_shipped(file, version=FORMAT_VERSION)
    try:
        ablation = Ablation(
            case=found.string("case"),
            command=found.string("command"),
            versions=tuple((name, str(value)) for name, value in found.mapping("versions")),
            tables=tuple(_table(one) for one in found.children("tables")),
        )
        found.close()
    except DamagedError as error:
        raise damaged(file.name, error) from None
    return ablation


def _table(found: CheckedJson) -> AblationTable:
    table = AblationTable(found.whole("steps"), tuple(map(_row, found.children("rows"))))
    found.close()
    return table


def _row(found: CheckedJson) -> AblationRow:
    row = AblationRow(
        mended=found.strings("mended"),
        first_loss=found.number("first_loss"),
        loss=found.number("loss"),
        accuracy=found.number("accuracy"),
        gradient_norms=found.numbers("gradient_norms"),
        ended=found.string("ended"),
    )
    found.close()
    return row
