"""Run: identity, name, number, Recipe and newest Snapshot; what is unknown is None.

Views get frozen RunViews; only the owner of a Run polls its source.
"""

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.parameters import Layout
from nnstudio.tasks import Task
from nnstudio.texts import Text
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Vector

Mask = NDArray[np.bool_]

WAITING: Final = Snapshot(state=RunState.WAITING, step=0)


@dataclass(frozen=True, eq=False)
class Blueprint:
    """What is needed to read and to use the flat vectors of a run.

    Attributes
    ----------
    network : NetworkSpec
        Layers as a person set them.
    layout : Layout
        Names, shapes and places of the tensors in a vector.
    class_names : tuple of str
        One per output, of classes as of other outputs; empty where they have no names.
    image_shape : tuple of int, or None
        Height and width of an input that is a picture.
    scaling : FittedScaling
        How raw inputs are scaled.
    constant_inputs : ndarray of bool, shape (D,), or None
        Inputs that never change in the training part.
    initial : ndarray, shape (layout.size,), or None
        The vector before the first step.
    task : {"classes", "labels", "values"}
        What the outputs say.
    """

    network: NetworkSpec
    layout: Layout
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    scaling: FittedScaling
    constant_inputs: Mask | None = None
    initial: Vector | None = None
    task: Task = "classes"


class RunSource(Protocol):
    """Where a Run gets its snapshots from: a session, a stored folder, a model file."""

    @property
    def can_pause(self) -> bool:
        """Whether it can be paused, stepped and stopped."""

    @property
    def can_change(self) -> bool:
        """Whether live settings can be changed."""

    @property
    def can_predict(self) -> bool:
        """Whether its snapshots may carry weights."""

    @property
    def can_fork(self) -> bool:
        """Whether another run can be started from where it is."""

    def poll(self) -> Snapshot | None:
        """Give the newest snapshot, or None when there is none newer than the last one given."""


@dataclass(frozen=True)
class Subject:
    """An experiment that was opened, under all the changes that a person makes of it.

    Attributes
    ----------
    number : int
        The how manieth of the session it is.
    case : str
        Name of the case that it is, or is a step of; empty for every other experiment.
    """

    number: int = 0
    case: str = ""


@dataclass(frozen=True, eq=False)
class RunView:
    """A run as views see it; immutable.

    Attributes
    ----------
    number : int
        The how manieth of the session it is; 0 for a network that no run has trained.
    current : bool
        Whether it is the run that is shown first, and saved.
    file : str
        Name of the model file that it was opened from; empty for a run of this session.
    began_with : str
        Name of the model file whose weights it began with; empty when they were drawn.
    hidden : bool
        Whether a person wants no curves of it while another run is the current one.
    range_test : bool
        Whether it looks for a learning rate; its steps are no training that anybody keeps.
    recipe : Recipe or None
        What reproduces it; None while that is not known.
    test_score : float or None
        Accuracy, 0 to 1, or R² of its model over the test part, where somebody has asked for it.
    place : int or None
        Its place among the runs that are compared; None for one that stands for itself.
    rewound : int or None
        After how many steps the weights in its snapshot were, where earlier ones are looked at.
    diagnosis : Diagnosis or None
        What the doctor says of it; None while it was not examined.
    subject : Subject
        What it is a run of.
    elsewhere : str
        What that is called, where another experiment is set by now; else empty.
    planted : bool
        Whether a mistake is hidden in it that its recipe does not tell of.
    """

    identity: str
    name: str
    number: int
    current: bool
    snapshot: Snapshot
    blueprint: Blueprint | None
    file: str = ""
    recipe: Recipe | None = None
    test_score: float | None = None
    began_with: str = ""
    hidden: bool = False
    range_test: bool = False
    place: int | None = None
    rewound: int | None = None
    diagnosis: Diagnosis | None = None
    subject: Subject = Subject()
    elsewhere: str = ""
    planted: bool = False

    @property
    def task(self) -> Task:
        """What the network learns; classes while that is not known."""
        return "classes" if self.blueprint is None else self.blueprint.task


@dataclass(eq=False)
class Run:
    """One run of the session: what it is called, what feeds it, and how it looked last.

    One that is `compared` belongs to a comparison, one that is `shown_off` to a guide or a race: a
    button makes it again. In one that is `planted` a mistake is hidden that its recipe does not
    name. A `lesson` has settings of the program's own, which nobody is to mend.
    """

    identity: str
    name: str | Text
    number: int
    recipe: Recipe | None
    blueprint: Blueprint | None
    source: RunSource
    snapshot: Snapshot = field(default=WAITING)
    file: str = ""
    tested: tuple[int, float] | None = None
    began_with: str = ""
    hidden: bool = False
    range_test: bool = False
    place: int | None = None
    diagnosis: Diagnosis | None = None
    compared: bool = False
    shown_off: bool = False
    planted: bool = False
    lesson: bool = False
    subject: Subject = Subject()

    def poll(self) -> bool:
        """Take the newest snapshot from the source; gives whether there was one."""
        newest = self.source.poll()
        if newest is None:
            return False
        self.snapshot = newest
        return True

    def view(self, *, current: bool) -> RunView:
        """Give what views may see of the run just now."""
        return RunView(
            identity=self.identity,
            name=str(self.name),
            number=self.number,
            current=current,
            snapshot=self.snapshot,
            blueprint=self.blueprint,
            file=self.file,
            recipe=self.recipe,
            test_score=self.test_score,
            began_with=self.began_with,
            hidden=self.hidden,
            range_test=self.range_test,
            place=self.place,
            diagnosis=self.diagnosis,
            subject=self.subject,
            planted=self.planted,
        )

    @property
    def test_score(self) -> float | None:
        """What a test of the newest weights gave; None when they were not tested."""
        weights = self.snapshot.weights
        known = self.tested is not None and weights is not None and weights.step == self.tested[0]
        return self.tested[1] if known and self.tested is not None else None


def ends_of(layout: Layout) -> tuple[int, int]:
    """Give how many inputs and outputs a network of this layout has."""
    weights = [slot for slot in layout.slots if slot.name.endswith(".W")]
    return weights[0].shape[0], weights[-1].shape[1]
