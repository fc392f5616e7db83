"""Replica: a Network of its own that holds a copy of any vector of a run; for one thread."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import Network, build
from nnstudio.runs.run import Blueprint, ends_of
from nnstudio.training.snapshot import Vector


class Replica:
    """A network into which vectors are copied, so that training never waits for who asks it.

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
        """Copy `vector` (layout.size,), with which is computed until the next one.

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

    def _shown(self) -> Network:
        if self._network is None:
            raise RuntimeError("no vector has been shown")
        return self._network

    def _scaled(self, inputs: NDArray[Any]) -> NDArray[np.floating[Any]]:
        """Give raw inputs, one picture or rows (N, D), as the network was trained on them."""
        network = self._shown()
        rows = inputs.reshape(1, -1) if inputs.shape == self.blueprint.image_shape else inputs
        if rows.ndim != 2 or rows.shape[1] != network.inputs:
            raise ValueError(f"pixels of {inputs.shape} for {network.inputs} inputs")
        scaled = np.empty(rows.shape, network.dtype)
        self.blueprint.scaling.into(rows, scaled)
        return scaled

    def _build(self, dtype: np.dtype[Any]) -> Network:
        inputs, outputs = ends_of(self.blueprint.layout)
        return build(
            self.blueprint.network,
            inputs=inputs,
            outputs=outputs,
            loss=MeanSquaredError(),  # prediction has no loss; this one goes with every output
            dtype=dtype,
        )
