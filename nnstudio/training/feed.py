"""Feed: batches gathered, distorted where a generator is given, and scaled; no allocation."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.data.augmentation import Augmentation
from nnstudio.data.levels import levels_of
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.seams import Rows
from nnstudio.training.prepared import PreparedData


class Feed:
    """Gathers batches into buffers of its own, which the next batch overwrites.

    Parameters
    ----------
    data : PreparedData
        The samples.
    scaling : FittedScaling or None
        Instead of that of `data`.
    augmentation : Augmentation or None
        What is done to samples of a batch for which a generator is given; None for nothing.
    """

    __slots__ = ("_X", "_Y", "_augmenter", "_data", "_scaling", "_scratch", "_views")

    def __init__(
        self,
        data: PreparedData,
        *,
        scaling: FittedScaling | None = None,
        augmentation: Augmentation | None = None,
    ) -> None:
        self._data = data
        self._scaling = scaling or data.scaling
        self._augmenter = None
        if augmentation is not None:
            shape = data.image_shape
            levels = levels_of(data.dataset.inputs, data.split.training, image_shape=shape)
            self._augmenter = augmentation.bind(shape, data.inputs, levels=levels)
        self._views: dict[int, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = {}
        self._reserve(1)

    def _reserve(self, count: int) -> None:
        data = self._data
        dtype = data.targets.dtype
        self._X = np.empty((count, data.inputs), dtype)
        self._Y = np.empty((count, data.outputs), dtype)
        self._scratch = np.empty((count, data.inputs), data.dataset.inputs.dtype)
        self._views = {}

    def batch(
        self, rows: Rows, labelled: Rows | None = None, draw: Generator | None = None
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give the scaled inputs (B, D) of `rows` of the data set and the targets (B, C).

        Targets are of the same rows, or of the rows `labelled`. Inputs are distorted where there
        is an augmentation and `draw`, which decides how.
        """
        count = len(rows)
        views = self._views.get(count)
        if views is None:
            if count > len(self._X):
                self._reserve(count)
            views = self._X[:count], self._Y[:count], self._scratch[:count]
            self._views[count] = views
        X, Y, scratch = views
        data, augmenter = self._data, self._augmenter
        if augmenter is None or draw is None:
            self._scaling.gather(data.dataset.inputs, rows, out=X, scratch=scratch)
        else:
            data.dataset.inputs.take(rows, 0, scratch, "clip")
            np.copyto(X, scratch, casting="same_kind")
            augmenter.apply(X, draw)
            self._scaling.into(X, X)
        data.targets.take(rows if labelled is None else labelled, 0, Y, "clip")
        return X, Y
