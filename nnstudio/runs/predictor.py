"""Predictor: answers of one vector at a time, through a Network of its own; for one thread."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import Network, build
from nnstudio.runs.run import Blueprint, ends_of
from nnstudio.training.snapshot import Vector


class Predictor:
    """What a network answers; weights are copied in, so training never waits for it.

    Parameters
    ----------
    blueprint : Blueprint
        Of the run or model whose vectors are shown.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self._network: Network | None = None

    @property
    def ready(self) -> bool:
        """Whether a vector has been shown."""
        return self._network is not None

    def show(self, vector: Vector) -> None:
        """Copy `vector` (layout.size,), from which answers are given until the next one.

        Raises
        ------
        ValueError
            When it is of another size than the blueprint's layout.
        """
        if vector.shape != (self.blueprint.layout.size,):
            raise ValueError(
                f"vector of {vector.shape} for a layout of {self.blueprint.layout.size}"
            )
        if self._network is None or self._network.dtype != vector.dtype:
            self._network = self._build(vector.dtype)
        self._network.vector[:] = vector

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
        if self._network is None:
            raise RuntimeError("no vector has been shown")
        rows = pixels.reshape(1, -1) if pixels.shape == self.blueprint.image_shape else pixels
        if rows.ndim != 2 or rows.shape[1] != self._network.inputs:
            raise ValueError(f"pixels of {pixels.shape} for {self._network.inputs} inputs")
        scaled = np.empty(rows.shape, self._network.dtype)
        self.blueprint.scaling.into(rows, scaled)
        with np.errstate(all="ignore"):
            return self._network.predict(scaled).copy()

    def _build(self, dtype: np.dtype[Any]) -> Network:
        inputs, outputs = ends_of(self.blueprint.layout)
        return build(
            self.blueprint.network,
            inputs=inputs,
            outputs=outputs,
            loss=MeanSquaredError(),  # prediction has no loss; this one goes with every output
            dtype=dtype,
        )
