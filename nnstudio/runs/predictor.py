"""Predictor: answers of one vector at a time, through a Network of its own; for one thread."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.runs.replica import Replica


class Predictor(Replica):
    """What a network answers; weights are copied in, so training never waits for it.

    Parameters
    ----------
    blueprint : Blueprint
        Of the run or model whose vectors are shown.
    """

    def probabilities(self, pixels: NDArray[Any]) -> NDArray[np.floating[Any]]:
        """Give the outputs for raw inputs.

        Parameters
        ----------
        pixels : ndarray, shape (H, W) or (N, D)
            One picture of the blueprint's image shape, or rows; not yet scaled.

        Returns
        -------
        ndarray, shape (N, C)
            Copies; after a softmax, probabilities of the classes. Not finite where weights are
            so large that sums overflow.

        Raises
        ------
        RuntimeError
            When no vector has been shown.
        ValueError
            When the rows have another number of inputs.
        """
        scaled = self._scaled(pixels)
        with np.errstate(all="ignore"):
            return self._shown().predict(scaled).copy()
