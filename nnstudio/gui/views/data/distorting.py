"""What augmentation makes of pictures that are looked at, drawn aside of every run."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.data.levels import levels_of
from nnstudio.gui.views.samples import Bytes, ends_of, pictures_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

if TYPE_CHECKING:
    from nnstudio.data.augmentation import Augmenter


class Distorter:
    """Distorts raw pictures of some data as training does; knows the data and a stream of its own.

    Parameters
    ----------
    draw : numpy.random.Generator
        Decides the distortions.
    """

    def __init__(self, draw: Generator) -> None:
        self._draw = draw
        self._augmenter: Augmenter | None = None
        self._data: PreparedData | None = None

    @property
    def active(self) -> bool:
        """Whether training sees anything but the pictures as they are."""
        return self._augmenter is not None

    def use(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Distort pictures of `data` as `experiment` says."""
        self._data, self._augmenter = data, None
        if data is None or data.image_shape is None:
            return
        wanted, shape = experiment.augmentation, data.image_shape
        if wanted.problem(shape) is None:
            levels = levels_of(data.dataset.inputs, data.split.training, image_shape=shape)
            self._augmenter = wanted.bind(shape, data.inputs, levels=levels)

    def pictures(self, inputs: NDArray[Any]) -> Bytes | None:
        """Give raw `inputs` (T, D) distorted, as pictures; None where nothing is distorted."""
        data = self._data
        if self._augmenter is None or data is None or data.image_shape is None:
            return None
        batch = np.ascontiguousarray(inputs, dtype=np.float32)
        if batch is inputs:
            batch = inputs.copy()
        self._augmenter.apply(batch, self._draw)
        return pictures_of(batch, data.image_shape, ends_of(data))
