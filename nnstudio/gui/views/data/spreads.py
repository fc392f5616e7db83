"""Spreads side by side, or one under the other where it is narrow; and their numbers in words."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from nnstudio.data.summary.spread import Distribution
from nnstudio.gui.widgets.histogram import Histogram, Spread
from nnstudio.gui.widgets.numerals import brief, grouped, percent
from nnstudio.texts import tr

BESIDE_PX: Final = 150
LEAST_PX: Final = 40
LOW_PX: Final = 60
ROUNDING: Final = 1e-9


class SpreadRow(QWidget):
    """Up to so many histograms; knows which spreads they show."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.histograms = tuple(Histogram() for _ in range(count))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        for one in self.histograms:
            one.setMinimumSize(LEAST_PX, LOW_PX)
            one.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self._row.addWidget(one, 1)

    def show_spreads(
        self,
        spreads: Sequence[tuple[str, Distribution | None]],
        *,
        logarithmic: bool = False,
        common: bool = False,
    ) -> None:
        """Show these with their titles; `common` ones leave out what has no numbers."""
        for widget in self.histograms[len(spreads) :]:
            widget.hide()
        for widget, (title, one) in zip(self.histograms, spreads, strict=False):
            widget.setVisible(one is not None or not common)
            spread = None if one is None else Spread(one.edges, one.counts, one.lost)
            value = "" if one is None else f"{_mean_of(one)} ± {brief(one.deviation)}"
            widget.show_spread(spread, title=title, value=value, logarithmic=logarithmic)
            widget.setToolTip("" if one is None else ", ".join(numbers_in_words(one)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put them one under the other where there is no room beside each other."""
        super().resizeEvent(event)
        shown = sum(not one.isHidden() for one in self.histograms)
        beside = self.width() >= shown * BESIDE_PX
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(across if beside else down)


def numbers_in_words(one: Distribution | None) -> list[str]:
    """Give mean, deviation and ends of a spread in short facts."""
    if one is None:
        return []
    known = int(one.counts.sum()) or 1
    told = [
        tr("mean {mean} ± {deviation}", mean=_mean_of(one), deviation=brief(one.deviation)),
        tr("from {low} to {high}", low=brief(one.low), high=brief(one.high)),
    ]
    if one.zeros:
        told.append(tr("{share} are 0", share=percent(one.zeros / known, digits=1)))
    if one.lost:
        told.append(tr("{count} are no numbers", count=grouped(one.lost)))
    return told


def _mean_of(one: Distribution) -> str:
    # what is left of rounding is no mean
    return brief(one.mean) if abs(one.mean) > ROUNDING * one.deviation else "0"


def rows_of_spread(one: Distribution | None) -> Iterable[list[object]]:
    """Give ends and count of every bin."""
    if one is None:
        return []
    low, high = one.edges[:-1].tolist(), one.edges[1:].tolist()
    return [list(row) for row in zip(low, high, one.counts.tolist(), strict=True)]
