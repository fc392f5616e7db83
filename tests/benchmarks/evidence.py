"""What the doctor costs: `python tests/benchmarks/evidence.py [--seconds 2] [--rounds 10]`.

One run under way, MNIST; in turns it is looked at and not: speed as a share of that without. And
how late a beat of 16 ms on another thread is meanwhile, which is what a window would feel; how long
a look takes; what a Moment costs the training thread. Where other programs are busy, trust the
numbers of processor time: steps per second that the training thread really had, and the share of a
processor that the examiner took (on one processor for both, that share is what is lost).
"""

import argparse
import gc
import statistics
import threading
import time
from dataclasses import dataclass, field, replace

import numpy as np
from busy import Watch

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.doctor.evidence.gather import Observer
from nnstudio.doctor.examine import Examination
from nnstudio.doctor.examiner import Examiner
from nnstudio.nn.activations import Sigmoid
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.runs.cases import load_case
from nnstudio.training.experiment import Batches, Experiment, Stopping
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.session import Session
from nnstudio.training.snapshot import Snapshot
from nnstudio.training.state import TrainingState
from nnstudio.training.trainer import Trainer

BEAT_S = 0.016
WARM_S = 1.0
TARGET = 0.97


def experiments() -> dict[str, Experiment]:
    """Give what is trained, without an end."""
    endless = Stopping(epochs=10_000)
    quick = replace(load_case("mnist-quick"), stopping=endless)
    small = replace(
        quick,
        network=NetworkSpec(layers=(HiddenLayer(units=100, activation=Sigmoid()),)),
        optimizer=Sgd(learning_rate=0.1),
        batches=Batches(size=32),
    )
    best = replace(load_case("mnist-best"), stopping=endless)
    return {"mnist-quick": quick, "784-100-10 sigmoid": small, "mnist-best": best}


@dataclass
class Part:
    """What was measured with the doctor, or without."""

    steps: int = 0
    seconds: float = 0.0
    late: list[float] = field(default_factory=list)
    said: int = 0
    trained: float = 0.0
    looked: float = 0.0

    @property
    def speed(self) -> float:
        return self.steps / self.seconds

    @property
    def pure_speed(self) -> float:
        return self.steps / self.trained

    def told(self) -> str:
        late = np.array(self.late) * 1e3
        return (
            f"{self.speed:8.1f} steps/s ({self.pure_speed:.1f} per processor second), "
            f"late {np.percentile(late, 50):.2f} / {np.percentile(late, 99):.1f} / "
            f"{late.max():.1f} ms (median, 99 %, worst)"
        )


class Bench:
    """A run under way and an examiner, polled as the window does."""

    def __init__(self, experiment: Experiment, data: PreparedData) -> None:
        self.session = Session(
            experiment=experiment, data=data, moments=Moments(clock=time.perf_counter)
        )
        self.trainer, self.examiner = Trainer(), Examiner()
        self.trainer.add(self.session)
        self.session.start()
        self._snapshot: Snapshot | None = None

    def beat(self, seconds: float, *, part: Part, looks: bool) -> None:
        """Poll every 16 ms for so long and note it all in `part`."""
        self.examiner.watch(self.session if looks else None)
        first, begun = self._newest(), time.perf_counter()
        trained, looked = _processor_s("nnstudio-trainer"), _processor_s("nnstudio-examiner")
        due = begun + BEAT_S
        while due < begun + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            part.late.append(max(0.0, time.perf_counter() - due))
            due += BEAT_S * max(1, int((time.perf_counter() - due) / BEAT_S) + 1)
            self._snapshot = self.session.mailbox.take() or self._snapshot
            if looks and self._snapshot is not None:
                self.examiner.see(self._snapshot)
            part.said += self.examiner.take() is not None
        last = self._newest()
        part.seconds += time.perf_counter() - begun
        part.trained += _processor_s("nnstudio-trainer") - trained
        part.looked += _processor_s("nnstudio-examiner") - looked
        part.steps += last.step - first.step

    def _newest(self) -> Snapshot:
        self.session.mailbox.take()
        while (found := self.session.mailbox.take()) is None:
            time.sleep(0.0005)
        self._snapshot = found
        return found

    def close(self) -> None:
        self.examiner.close()
        self.trainer.close()


def _processor_s(name: str) -> float:
    """Give the processor time of a thread of this process."""
    for thread in threading.enumerate():
        if thread.name == name and thread.ident is not None:
            return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
    return 0.0


def compared(experiment: Experiment, data: PreparedData, *, seconds: float, rounds: int) -> None:
    """Print speed and lateness with and without, in turns."""
    watch, bench = Watch(), Bench(experiment, data)
    bench.beat(WARM_S, part=Part(), looks=True)
    parts, ratios = {True: Part(), False: Part()}, []
    for turn in range(rounds):
        before = {looks: (one.steps, one.seconds) for looks, one in parts.items()}
        for looks in (True, False) if turn % 2 else (False, True):
            bench.beat(seconds, part=parts[looks], looks=looks)
        pace = {
            looks: (one.steps - before[looks][0]) / (one.seconds - before[looks][1])
            for looks, one in parts.items()
        }
        ratios.append(pace[True] / pace[False])
    bench.close()
    share = parts[True].speed / parts[False].speed
    print(f"  without {parts[False].told()}")
    print(f"  with    {parts[True].told()}, {parts[True].said} diagnoses")
    print(
        f"  examiner: {parts[True].looked / parts[True].seconds:.2%} of a processor; per processor "
        f"second the training thread made {parts[True].pure_speed / parts[False].pure_speed:.3f} of"
        f" the steps without"
    )
    print(
        f"  speed {share:.3f} of that without (median of turns {statistics.median(ratios):.3f}, "
        f"wanted {TARGET}); others kept {watch.others():.2f} processors busy"
    )


def looked_into(experiment: Experiment, data: PreparedData) -> None:
    """Print how long a look takes, and a Moment."""
    state, moments = TrainingState.start(experiment, data), Moments()
    found: list[Moment] = []
    took: dict[bool, list[float]] = {True: [], False: []}
    steps = train(state, moments=moments)
    for _ in range(60):
        begun = time.perf_counter()
        next(steps)
        moment = moments.take()
        took[moment is not None].append(time.perf_counter() - begun)
        found += [] if moment is None else [moment]
    begun = time.perf_counter()
    observer = Observer(experiment, data, seams=state.seams)
    observer.inputs()
    facts = time.perf_counter() - begun
    looks, judged, memory = [], [], Examination()
    for moment in found:
        begun = time.perf_counter()
        evidence = observer.evidence(moment, state.history.view())
        between = time.perf_counter()
        memory.look(evidence)
        looks.append(between - begun)
        judged.append(time.perf_counter() - between)
    middle = {name: 1e3 * statistics.median(times) for name, times in took.items()}
    print(
        f"  data once {1e3 * facts:.0f} ms, evidence {1e3 * statistics.median(looks):.1f} ms, "
        f"rules {1e3 * statistics.median(judged):.2f} ms, "
        f"a Moment {middle[True] - middle[False]:.1f} ms beside a step of {middle[False]:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    # as in the program with a window, where no thread that trains cleans up after others
    gc.disable()
    gc.freeze()
    for name, experiment in experiments().items():
        if asked.only not in name:
            continue
        print(name, flush=True)
        data = load(experiment, DataPlaces.standard(), silent)
        looked_into(experiment, data)
        compared(experiment, data, seconds=asked.seconds, rounds=asked.rounds)


if __name__ == "__main__":
    main()
