"""DataFacts: what forms and checks need to know about data that were loaded; no samples in it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnstudio.tasks import Task


class SourceFacts(NamedTuple):
    """What one source gives to learn from.

    Attributes
    ----------
    kind : str
        Kind of the source.
    training : int
        How many training samples it has.
    share : float
        Of the samples of an epoch, 0 to 1.
    """

    kind: str
    training: int
    share: float


@dataclass(frozen=True, eq=False)
class DataFacts:
    """What the data of an experiment are like.

    Attributes
    ----------
    training, validation, test : int
        How many samples each part has.
    inputs, outputs : int
        Numbers that a sample has, and outputs that a network for it has.
    image_shape : tuple of int or None
        Height and width when a sample is a picture.
    class_names : tuple of str
        Of the classes that are used, one for each output; for labels and values names of the
        outputs, or nothing.
    known_classes : tuple of str
        Of all classes of the source, used or not; nothing where there are no classes.
    constant_inputs : ndarray of bool, shape (inputs,)
        Inputs that are the same in all training samples.
    sha256 : str
        Checksum of the data set.
    task : {"classes", "labels", "values"}
        What there is to learn.
    validates_on_test : bool
        Whether the validation part is the test part: both have the same samples then.
    sources : tuple of SourceFacts
        In the order of the experiment; nothing where that is not known.
    twins : tuple of (int, int)
        Numbers of two sources of the same samples, of which one learns what the other holds out.
    """

    training: int
    validation: int
    test: int
    inputs: int
    outputs: int
    image_shape: tuple[int, int] | None
    class_names: tuple[str, ...]
    known_classes: tuple[str, ...]
    constant_inputs: NDArray[np.bool_]
    sha256: str
    task: Task = "classes"
    validates_on_test: bool = False
    sources: tuple[SourceFacts, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()
