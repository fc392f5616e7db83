"""What an ablation table says: a row for every run in words, the bars, and what matters most."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from nnstudio.gui.widgets.numerals import grouped, loss, percent
from nnstudio.runs.ablations import AblationRow, AblationTable
from nnstudio.runs.guides import Guide
from nnstudio.texts import tr

LEAST_SHARE: Final = 0.10
"""Accuracies that differ by less may do so by chance: a case that guesses gets 45 or 54 %."""
LEAST_COST: Final = 0.05
"""What has learned does not lose so much by chance; with half as much more it is better."""
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
    """Give what the bars show: accuracy where it tells the runs apart, else the loss.

    Where there is nothing to learn, accuracies are tosses of a coin, and mending may lower them.
    """
    shares = [row.accuracy for row in table.rows if row.accuracy is not None]
    if len(shares) < len(table.rows) or len(set(shares)) < 2:
        return "loss"
    return "loss" if shares[0] - shares[-1] >= LEAST_SHARE else "accuracy"


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
    if "healed" not in kinds:
        return
    if not _has_learned(guide, table):
        yield from _of_a_run_that_is_too_short(guide, table)
        return
    if without is not None:
        yield tr(
            "Left as it was, “{cause}” costs most: {before} → {after}.",
            cause=_title(guide, _missing(guide, by_mended[without])[0]),
            before=_number(kinds["healed"], column),
            after=_number(by_mended[without], column),
        )
    elif sum(_kind(guide, row) == "all but" for row in table.rows) == len(guide.causes):
        yield tr("Any one of the causes may be left as it was.")
    better = _better_without(guide, table, least=LEAST_COST / 2)
    if better is not None:
        yield tr(
            "With “{cause}” left as it was it gets even farther: {before} → {after}.",
            cause=_title(guide, _missing(guide, better)[0]),
            before=_number(kinds["healed"], column),
            after=_number(better, column),
        )


def _of_a_run_that_is_too_short(guide: Guide, table: AblationTable) -> Iterator[str]:
    column, healed = column_of(table), _of_kind(guide, table, "healed")[0]
    yield tr(
        "With everything mended it has not learned yet after {steps} steps: {after}.",
        steps=grouped(table.steps),
        after=_number(healed, column),
    )
    farthest = _better_without(guide, table, least=LEAST_SHARE)
    if farthest is not None:
        yield tr(
            "By then it gets farthest with “{cause}” left as it was: {after}.",
            cause=_title(guide, _missing(guide, farthest)[0]),
            after=_number(farthest, column),
        )


def _of_kind(guide: Guide, table: AblationTable, kind: Kind) -> list[AblationRow]:
    return [row for row in table.rows if _kind(guide, row) == kind]


def _has_learned(guide: Guide, table: AblationTable) -> bool:
    """Tell whether everything mended is better than as it was, or than the worst there is."""
    column = column_of(table)
    sign = 1 if column == "accuracy" else -1
    known = [value for row in table.rows if (value := _value(row, column)) is not None]
    healed = _value(_of_kind(guide, table, "healed")[0], column)
    first = [_value(row, column) for row in _of_kind(guide, table, "as it was")]
    base = first[0] if first and first[0] is not None else min(known, key=lambda one: sign * one)
    if healed is None:
        return False
    return sign * (healed - base) >= _least(column, LEAST_SHARE, healed, base)


def _better_without(guide: Guide, table: AblationTable, *, least: float) -> AblationRow | None:
    """Give the run with one cause left that is better than the healed one by at least so much."""
    column = column_of(table)
    sign = 1 if column == "accuracy" else -1
    healed = _value(_of_kind(guide, table, "healed")[0], column)
    rows = [row for row in _of_kind(guide, table, "all but") if _value(row, column) is not None]
    if healed is None or not rows:
        return None
    best = max(rows, key=lambda row: sign * (_value(row, column) or 0.0))
    found = _value(best, column) or 0.0
    return best if sign * (found - healed) >= _least(column, least, healed, found) else None


def _least(column: Column, share: float, one: float, other: float) -> float:
    return share if column == "accuracy" else LEAST_LOSS * max(one, other)


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
    least = _least(column, LEAST_SHARE if helps else LEAST_COST, values[found], base)
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
