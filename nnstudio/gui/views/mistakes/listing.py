"""Wrong answers as a list: which there are, of which pair of classes, and what is said of each."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nnstudio.gui.widgets.numerals import grouped, loss, percent
from nnstudio.runs.answers import Answers
from nnstudio.texts import tr, tr_count
from nnstudio.training.prepared import Rows

FEW: Final = 0.1
"""Where a larger share is wrong, it is the network that has not learned, not the labels."""


@dataclass(frozen=True)
class Pair:
    """Truth and answer of some mistakes, by number; of labels their number and the truth."""

    truth: int
    said: int

    @property
    def key(self) -> str:
        """The pair as a word."""
        return f"{self.truth}-{self.said}"


def pairs_of(answers: Answers) -> list[tuple[Pair, int]]:
    """Give which pairs of truth and answer there are and how often, the most frequent first."""
    if answers.task == "values":
        return []
    wrong = answers.mistakes
    if answers.task == "classes":
        first, second = answers.truth[wrong], answers.said[wrong]
    else:
        first, second = wrong % answers.outputs.shape[1], answers.truth[wrong]
    kinds = max(answers.outputs.shape[1], 2)
    count = np.bincount(first * kinds + second, minlength=kinds * kinds)
    found = [(Pair(*divmod(int(at), kinds)), int(count[at])) for at in np.flatnonzero(count)]
    return sorted(found, key=lambda one: -one[1])


def title_of(pair: Pair, names: tuple[str, ...], *, labels: bool) -> str:
    """Give what a pair of truth and answer is called."""
    if not labels:
        return f"{names[pair.truth]} → {names[pair.said]}"
    name = names[pair.truth]
    if pair.said:
        return tr("{name}: missed", name=name)
    return tr("{name}: false alarm", name=name)


def cases_of(answers: Answers, pair: Pair | None) -> Rows:
    """Give the mistakes, or those of one pair, the surest first; of values the samples."""
    if answers.task == "values":
        return answers.residuals
    wrong = answers.mistakes
    if pair is None:
        return wrong
    if answers.task == "classes":
        fits = (answers.truth[wrong] == pair.truth) & (answers.said[wrong] == pair.said)
    else:
        label = wrong % answers.outputs.shape[1]
        fits = (label == pair.truth) & (answers.truth[wrong] == pair.said)
    return np.asarray(wrong[fits], np.int64)


def summary_of(answers: Answers, cases: Rows, names: tuple[str, ...]) -> str:
    """Give the main point of the mistakes that are shown."""
    if answers.task == "values":
        off = answers.distance[cases]
        share = max(len(off) // 10, 1)
        whole = float((off**2).sum()) or 1.0
        return tr_count(
            "Farthest off first: the worst is off by {worst}. {count} of {all} samples makes "
            "{share} of the squared error.",
            "Farthest off first: the worst is off by {worst}. The first {count} of {all} samples "
            "make {share} of the squared error.",
            share,
            count=grouped(share),
            all=grouped(len(off)),
            share=percent(float((off[:share] ** 2).sum()) / whole, digits=0),
            worst=loss(float(off[0])) if len(off) else "0",
        )
    wrong = answers.mistakes
    if not len(wrong):
        return tr("All {count} samples are answered right.", count=grouped(len(answers.rows)))
    sure = int(np.count_nonzero(answers.confidence[wrong] > 0.9))
    said = tr_count(
        "{count} of {all} is wrong.",
        "{count} of {all} are wrong, the surest first.",
        len(wrong),
        count=grouped(len(wrong)),
        all=grouped(len(answers.truth)),
    )
    if not answers.are_shares:
        return said
    if not sure:
        return " ".join((said, tr("None of them was answered with more than 90 %.")))
    if len(wrong) > FEW * len(answers.truth):
        return " ".join(
            (
                said,
                tr_count(
                    "{count} of them was answered with more than 90 %.",
                    "{count} of them were answered with more than 90 %.",
                    sure,
                    count=grouped(sure),
                ),
            )
        )
    return " ".join(
        (
            said,
            tr_count(
                "{count} of them was answered with more than 90 %: look whether its label is "
                "right.",
                "{count} of them were answered with more than 90 %: look whether their labels are "
                "right.",
                sure,
                count=grouped(sure),
            ),
        )
    )
