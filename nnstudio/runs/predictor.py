"""Predictor: answers of one vector at a time, through a Network of its own; for one thread."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.input_gradient import input_gradient
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

    def spoken(self, pixels: NDArray[Any], answer: int) -> NDArray[np.floating[Any]]:
        """Give how much each input of one sample speaks for `answer` rather than for the rest.

        Gradient × input (Shrikumar et al. 2016) of the logit of `answer` less the mean of all
        logits. The input is counted from that of an empty picture, so that paper without ink says
        nothing, however the inputs are scaled. For a network whose activations are straight
        through 0 the parts add up to the difference to what its biases alone say.

        Parameters
        ----------
        pixels : ndarray, shape (H, W) or (1, D)
            One sample, not yet scaled.
        answer : int
            Number of an output.

        Returns
        -------
        ndarray, the shape of `pixels`
            Positive where the input speaks for the answer, in logits; not finite where weights
            are so large that sums overflow.

        Raises
        ------
        RuntimeError
            When no vector has been shown.
        ValueError
            When the sample or the answer does not fit the network.
        """
        network = self._shown()
        scaled = self._scaled(pixels)
        if len(scaled) != 1 or not 0 <= answer < network.outputs:
            raise ValueError(
                f"{len(scaled)} samples and answer {answer} of {network.outputs} outputs"
            )
        counted = np.full((1, network.outputs), -1 / network.outputs, network.dtype)
        counted[0, answer] += 1
        with np.errstate(all="ignore"):
            gradient = input_gradient(network, scaled, counted)
            ink = scaled - self._scaled(np.zeros_like(pixels))
            found: NDArray[np.floating[Any]] = (gradient * ink).reshape(pixels.shape)
        return found
