"""A workbench driven by hand: work is done at once, training when it is cranked, time when told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.toys import Spirals
from nnstudio.gui.workbench import Notice, Workbench
from nnstudio.gui.workbench.background import Background
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.settings import Settings
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
    dumps,
)
from nnstudio.training.session import Session

if TYPE_CHECKING:
    from nnstudio.training.trainer import Trainer

SETTLED_S = 1.0


def small_experiment(**values: Any) -> Experiment:
    """Give an experiment on a few random pictures that trains in no time."""
    whole: dict[str, Any] = {
        "data": DataSettings(sources=(WeightedSource(source=Noise(samples=60)),)),
        "network": NetworkSpec(layers=(HiddenLayer(units=4),)),
        "batches": Batches(size=20),
        "stopping": Stopping(epochs=100_000),
    }
    return Experiment(**(whole | values))


def spirals() -> DataSettings:
    """Give data of another kind."""
    return DataSettings(sources=(WeightedSource(source=Spirals(samples=60)),))


def at_once(work: Callable[[], None]) -> None:
    """Do background work in the foreground."""
    work()


class HandTrainer:
    """Drives sessions when it is told to."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.ends = True

    def add(self, session: Session) -> None:
        self.sessions.append(session)

    def close(self, *, patience_s: float | None = None) -> bool:
        self.sessions.clear()
        return self.ends or patience_s is None

    def crank(self, turns: int = 1) -> None:
        """Let every session take some turns."""
        for _ in range(turns):
            for session in self.sessions:
                session.turn()


class NoExaminer:
    """Looks at nothing: a thread of its own would make what a test sees a matter of chance."""

    done = True

    def watch(self, patient: object) -> None:
        pass

    def see(self, snapshot: object) -> None:
        pass

    def take(self) -> None:
        return None

    def ignore(self, rule: str) -> None:
        pass

    def leave(self) -> None:
        pass

    def close(self, *, patience_s: float | None = None) -> bool:
        del patience_s
        return True


class Clock:
    """A clock that goes on when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Kit:
    """A workbench with everything around it in the hands of the test."""

    def __init__(self, experiment: Experiment | None = None, **values: Any) -> None:
        self.trainer = HandTrainer()
        self.clock = Clock()
        self.notices: list[Notice] = []
        settings = Settings(last_experiment=dumps(experiment or small_experiment()))
        values.setdefault("background", Background(start=at_once, clock=self.clock))
        values.setdefault("examiner", NoExaminer())
        self.bench = Workbench(
            trainer=cast("Trainer", self.trainer), settings=settings, clock=self.clock, **values
        )
        self.bench.notice.connect(self.notices.append)

    def settle(self) -> None:
        """Let time pass and take all news until nothing more comes."""
        for _ in range(4):
            self.clock.now += SETTLED_S
            self.bench.poll()

    def load(self) -> None:
        """Have the data loaded."""
        self.bench.begin()
        self.settle()

    def crank(self, turns: int = 1) -> None:
        """Train for some turns and take the news."""
        self.trainer.crank(turns)
        self.bench.poll()

    def train(self, steps: int = 3) -> None:
        """Make single steps, so the count does not depend on the machine."""
        for _ in range(steps):
            self.bench.control.step()
            self.crank()
