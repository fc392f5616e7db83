"""What an ablation table says: a row for every run in words, the bars, and what matters most."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from nnstudio.gui.widgets.numerals import loss, percent
from nnstudio.runs.ablations import AblationRow, AblationTable
from nnstudio.runs.guides import Guide
from nnstudio.texts import tr

LEAST_SHARE: Final = 0.10
"""Accuracies that differ by less may do so by chance: a case that guesses gets 45 or 54 %."""
LEAST_LOSS: Final = 0.10
"""The same for losses, as a share of the larger one."""

Kind = Literal["as it was", "alone", "all but", "healed", "some"]
Column = Literal["accuracy", "loss"]


@dataclass(frozen=True)
class ShownRow:
    """One run of the table.

    Attributes
    ----------
    kind : str
        Which rows it stands with.
    words : str
        What is mended in it, or what alone is not.
    value : float or None
        What its bar shows, 0 to 1 of the longest.
    number, other : str
        What the bar shows, in digits; and the other of accuracy and loss.
    marked : bool
        Whether it is the one that matters most among its kind.
    """

    kind: Kind
    words: str
    value: float | None
    number: str
    other: str
    marked: bool = False


def column_of(table: AblationTable) -> Column:
    """Give what the bars show: accuracy where every run has one, else the loss."""
    known = all(row.accuracy is not None for row in table.rows)
    spread = {row.accuracy for row in table.rows}
    return "accuracy" if known and len(spread) > 1 else "loss"


def shown_rows(guide: Guide, table: AblationTable) -> tuple[ShownRow, ...]:
    """Give the rows as they are shown, in their order."""
    column = column_of(table)
    values = [_value(row, column) for row in table.rows]
    longest = max((one for one in values if one is not None), default=1.0) or 1.0
    marked = {one for one in (best_alone(guide, table), worst_without(guide, table)) if one}
    return tuple(
        ShownRow(
            kind=_kind(guide, row),
            words=_words(guide, row),
            value=None if value is None else (value if column == "accuracy" else value / longest),
            number=_number(row, column),
            other=_number(row, "loss" if column == "accuracy" else "accuracy"),
            marked=row.mended in marked,
        )
        for row, value in zip(table.rows, values, strict=True)
    )


def best_alone(guide: Guide, table: AblationTable) -> tuple[str, ...] | None:
    """Give the cause that helps most when nothing else is mended; None where nothing helps."""
    return _extreme(guide, table, "alone", "as it was", helps=True)


def worst_without(guide: Guide, table: AblationTable) -> tuple[str, ...] | None:
    """Give the row in which leaving one cause as it was costs most; None where nothing does."""
    return _extreme(guide, table, "all but", "healed", helps=False)


def sentence_of(guide: Guide, table: AblationTable) -> str:
    """Say what matters most, in one sentence or two."""
    return " ".join(_sentences(guide, table))


def _sentences(guide: Guide, table: AblationTable) -> Iterator[str]:
    column = column_of(table)
    by_mended = {row.mended: row for row in table.rows}
    kinds = {_kind(guide, row): row for row in table.rows}
    alone, without = best_alone(guide, table), worst_without(guide, table)
    if alone is not None and "as it was" in kinds:
        yield tr(
            "Alone, “{cause}” helps most: {before} → {after}.",
            cause=_title(guide, alone[0]),
            before=_number(kinds["as it was"], column),
            after=_number(by_mended[alone], column),
        )
    elif "as it was" in kinds:
        yield tr("Alone, none of the remedies helps.")
    if without is not None and "healed" in kinds:
        yield tr(
            "Left as it was, “{cause}” costs most: {before} → {after}.",
            cause=_title(guide, _missing(guide, by_mended[without])[0]),
            before=_number(kinds["healed"], column),
            after=_number(by_mended[without], column),
        )
    elif "healed" in kinds and "all but" in kinds:
        yield tr("Any one of the causes may be left as it was.")


def _extreme(
    guide: Guide, table: AblationTable, kind: Kind, against: Kind, *, helps: bool
) -> tuple[str, ...] | None:
    column = column_of(table)
    better = (column == "accuracy") == helps
    values = {
        row.mended: value
        for row in table.rows
        if _kind(guide, row) == kind and (value := _value(row, column)) is not None
    }
    base = next((_value(row, column) for row in table.rows if _kind(guide, row) == against), None)
    if not values or base is None:
        return None
    found = (max if better else min)(values, key=values.__getitem__)
    gain = (values[found] - base) * (1 if better else -1)
    least = LEAST_SHARE if column == "accuracy" else LEAST_LOSS * max(values[found], base)
    return found if gain >= least else None


def _value(row: AblationRow, column: Column) -> float | None:
    return row.accuracy if column == "accuracy" else row.loss


def _number(row: AblationRow, column: Column) -> str:
    if row.ended == "diverged":
        return tr("diverged")
    value = _value(row, column)
    if value is None:
        return "–"
    return percent(value, digits=1) if column == "accuracy" else loss(value)


def _kind(guide: Guide, row: AblationRow) -> Kind:
    missing = len(_missing(guide, row))
    if not row.mended:
        return "as it was"
    if not missing:
        return "healed"
    if len(row.mended) == 1:
        return "alone"
    return "all but" if missing == 1 else "some"


def _missing(guide: Guide, row: AblationRow) -> list[str]:
    return [cause.name for cause in guide.causes if cause.name not in row.mended]


def _title(guide: Guide, name: str) -> str:
    return next((str(one.title) for one in guide.causes if one.name == name), name)


def _words(guide: Guide, row: AblationRow) -> str:
    kind = _kind(guide, row)
    if kind == "as it was":
        return tr("As it was")
    if kind == "healed":
        return tr("Everything mended")
    if kind == "all but":
        return _title(guide, _missing(guide, row)[0])
    return " + ".join(_title(guide, name) for name in row.mended)
