"""Answers as a list: what is shown of each sample, put into words when it is asked for."""

from collections.abc import Sequence
from typing import overload

from nnstudio.gui.views.sample_shelf import Shown
from nnstudio.gui.widgets.numerals import MINUS, grouped, probability
from nnstudio.runs.answers import Answers
from nnstudio.texts import tr
from nnstudio.training.prepared import Rows


class Listing(Sequence[Shown]):
    """What is shown of some answers, in their order; each is put into words when it is asked for.

    Parameters
    ----------
    answers : Answers
        Of a network.
    cases : ndarray of int64
        Numbers of cases; of samples where there are values.
    names : tuple of str
        Of the outputs.
    paired : bool
        Whether truth and answer stand under a picture; else only how sure it was.
    """

    def __init__(
        self, answers: Answers, cases: Rows, names: tuple[str, ...], *, paired: bool = True
    ) -> None:
        self._answers, self._cases, self._names = answers, cases, names
        self._paired = paired

    def __len__(self) -> int:
        """How many there are."""
        return len(self._cases)

    @overload
    def __getitem__(self, at: int) -> Shown: ...
    @overload
    def __getitem__(self, at: slice) -> list[Shown]: ...
    def __getitem__(self, at: int | slice) -> Shown | list[Shown]:
        """Give one of them, or some."""
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        case = int(self._cases[at])
        if self._answers.task == "values":
            return _value(self._answers, case)
        return _kind(self._answers, case, self._names, paired=self._paired)


def headings_of(answers: Answers) -> tuple[str, ...]:
    """Give the headings of the columns that a `Listing` fills."""
    if answers.task == "values":
        return (tr("true"), tr("said"), tr("off by"))
    return (tr("true"), tr("answered"), tr("sure"))


def _kind(answers: Answers, case: int, names: tuple[str, ...], *, paired: bool) -> Shown:
    row = int(answers.rows[answers.sample_of(case)])
    sure = float(answers.confidence[case])
    share = probability(sure) if 0 <= sure <= 1 else _short(sure)
    if answers.task == "classes":
        truth, said = names[int(answers.truth[case])], names[int(answers.said[case])]
    else:
        name = names[answers.label_of(case)]
        no = tr("not {name}", name=name)
        truth = name if answers.truth[case] else no
        said = name if answers.said[case] else no
    return Shown(
        row,
        (f"{truth} → {said}", share) if paired else (share,),
        (truth, said, share),
        tr(
            "Sample {number}: {truth}, answered {said} ({share})",
            number=grouped(row),
            truth=truth,
            said=said,
            share=share,
        ),
    )


def _value(answers: Answers, at: int) -> Shown:
    row = int(answers.rows[at])
    true = ", ".join(_short(one) for one in answers.targets[at].tolist())
    said = ", ".join(_short(one) for one in answers.outputs[at].tolist())
    off = _short(float(answers.distance[at]))
    return Shown(
        row,
        (f"{true} → {said}", off),
        (true, said, off),
        tr(
            "Sample {number}: true {truth}, said {said}, off by {off}",
            number=grouped(row),
            truth=true,
            said=said,
            off=off,
        ),
    )


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", MINUS)
