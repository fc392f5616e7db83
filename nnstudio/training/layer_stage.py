"""LayerStage: one hidden layer learns to restore its own inputs; what it learnt goes into the run.

The trainee is a network of its own, the layer and a linear decoder, so that a stage is trained,
guarded and stored as the whole network is.
"""

from collections.abc import Callable
from dataclasses import replace
from math import nan

import numpy as np

from nnstudio.nn.activations import Identity
from nnstudio.nn.dropout import NoDropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec, build
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.schedules import Progress
from nnstudio.seams import Seams, parts_of
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.feed import Feed
from nnstudio.training.plan import epoch_length, total_steps
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.pretraining import LayerByLayer, layer_stage
from nnstudio.training.stage import Stage
from nnstudio.training.streams import StepStream, stream


class LayerStage(Stage):
    """Hidden layer `number` (from 0) of the network `whole`; other parameters as in `Stage`."""

    def __init__(
        self,
        whole: Network,
        number: int,
        *,
        experiment: Experiment,
        data: PreparedData,
        feed: Feed,
        seams: Seams,
        first_step: int,
        first_epoch: int,
    ) -> None:
        self._whole, self._number = whole, number
        self._noise_of = StepStream(experiment.seed, f"noise of {layer_stage(number)}")
        network = _autoencoder(
            whole, number, lambda name: stream(experiment.seed, name), seams=seams
        )
        inner, outer = network.layout.views(network.vector), whole.layout.views(whole.vector)
        # the encoder is layer 0 of the trainee; its decoder has no place in the run
        self._pairs = [
            (outer[f"layers.{number}.{name.removeprefix('layers.0.')}"], view)
            for name, view in inner.items()
            if name.startswith("layers.0.")
        ]
        for place, view in self._pairs:
            view[...] = place
        self._room = np.empty((2, 0, network.inputs), network.dtype)
        super().__init__(
            network,
            experiment=experiment,
            data=data,
            feed=feed,
            seams=seams,
            name=layer_stage(number),
            first_step=first_step,
            first_epoch=first_epoch,
        )

    @property
    def _settings(self) -> LayerByLayer:
        settings = self._experiment.pretraining
        assert isinstance(settings, LayerByLayer), "only then there is a stage"  # noqa: S101 - cannot happen
        return settings

    def _adopt(self, spec: NetworkSpec) -> None:
        self._whole.adopt(spec)
        self.network.adopt(_trainee(spec.layers[self._number]))

    def _averaged(self, experiment: Experiment) -> tuple[Callable[[int], None], ...]:
        # nobody evaluates a layer by itself
        del experiment
        return ()

    def compute(self, rows: Rows, labelled: Rows, step: int) -> float:
        """Give the error of the reconstruction of a batch; fill the gradient of `network`."""
        X, _ = self._inputs(rows, labelled, step)
        if self._number:
            X = self._whole.activations(X)[self._number - 1]
        return self._gradient(self.network, self._noisy(X, step), X)

    def _noisy(self, X: Matrix, step: int) -> Matrix:
        noise = self._settings.noise
        if noise == 0.0:
            return X
        if len(X) > self._room.shape[1]:
            self._room = np.empty((2, *X.shape), X.dtype)
        drawn, made = self._room[0, : len(X)], self._room[1, : len(X)]
        self._noise_of.at(step).random(out=drawn, dtype=X.dtype.type)
        np.greater_equal(drawn, noise, out=made)
        made *= X
        return made

    def rate(self, step: int, progress: Progress) -> float:
        """Give the learning rate, which no schedule changes."""
        del step, progress
        return float(self._experiment.optimizer.learning_rate * self._settings.rate)

    def score(self, labelled: Rows) -> float:
        """Give NaN: a reconstruction has no score."""
        del labelled
        return nan

    def lasts(self, experiment: Experiment) -> bool:
        """Tell whether it would go on under `experiment`."""
        return isinstance(experiment.pretraining, LayerByLayer)

    def total_steps(self, *, epoch: int, first_step: int) -> int | None:
        """Give how many steps the run will have had in the end; arguments as in `Stage`."""
        experiment, layers = self._experiment, len(self._whole.spec.layers)
        epochs = (layers - self._number) * self._settings.epochs - (epoch - self.first_epoch)
        left = total_steps(experiment, self._data, epoch=0, first_step=0)
        if left is None:
            return None
        return first_step + epochs * epoch_length(experiment, self._data) + left

    def limits(self) -> Stopping:
        """Give what ends a run in this stage: the clock alone."""
        return Stopping(epochs=None, seconds=self._experiment.stopping.seconds)

    def is_over(self, epoch: int) -> bool:
        """Tell whether another stage begins when `epoch` epochs have been made."""
        return epoch - self.first_epoch >= self._settings.epochs

    def publish(self) -> None:
        """Write what the layer learnt into the network of the run."""
        for place, view in self._pairs:
            place[...] = view


def _trainee(layer: HiddenLayer) -> NetworkSpec:
    return NetworkSpec(
        layers=(replace(layer, dropout=NoDropout()),), output=OutputLayer(activation=Identity())
    )


def _autoencoder(
    whole: Network,
    number: int,
    generator_of: Callable[[str], np.random.Generator],
    *,
    seams: Seams,
) -> Network:
    inputs = whole.layout.slot(f"layers.{number}.W").shape[0]
    trainee, loss = _trainee(whole.spec.layers[number]), MeanSquaredError()
    network = build(
        trainee,
        inputs=inputs,
        outputs=inputs,
        loss=loss,
        dtype=whole.dtype,
        parts=parts_of(trainee, loss, seams=seams),
    )
    network.initialize(lambda name: generator_of(f"autoencoder {number}: {name}"))
    return network
