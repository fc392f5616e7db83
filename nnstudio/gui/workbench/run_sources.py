"""What feeds a run: a live session or something that stands still; how its vectors are read."""

from nnstudio.nn.network import layout_of
from nnstudio.runs.run import Blueprint
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.session import Session
from nnstudio.training.snapshot import Snapshot, Vector


class SessionSource:
    """Feeds a Run from a live session."""

    can_change = True
    can_predict = True
    can_fork = True

    def __init__(self, session: Session) -> None:
        self.session = session
        self.can_pause = True

    def poll(self) -> Snapshot | None:
        """Give the newest snapshot of the session."""
        newest = self.session.mailbox.take()
        if newest is not None and newest.state.ended:
            self.can_pause = self.can_change = False
        return newest


class StillSource:
    """Feeds a Run that does not move: an untrained network, or a model from a file."""

    can_pause = False
    can_change = False
    can_predict = True
    can_fork = False

    def __init__(self, snapshot: Snapshot) -> None:
        self._news: Snapshot | None = snapshot

    def poll(self) -> Snapshot | None:
        """Give the one snapshot, once."""
        news, self._news = self._news, None
        return news


def blueprint_of(
    experiment: Experiment, data: PreparedData, *, initial: Vector | None
) -> Blueprint:
    """Give what is needed to read the vectors of a run of `experiment` on `data`."""
    return Blueprint(
        network=experiment.network,
        layout=layout_of(experiment.network, inputs=data.inputs, outputs=data.outputs),
        class_names=data.class_names,
        image_shape=data.image_shape,
        scaling=data.scaling,
        constant_inputs=data.facts.constant_inputs,
        initial=initial,
        task=data.task,
    )
