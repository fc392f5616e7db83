"""The learning-rate range test (Smith 2017, section 3.3): a run whose rate rises until it blows up.

It is a run like any other: an Experiment with a rising schedule and a limit of its own, so that the
same seed gives the same test. What is read from it follows from its history alone.
"""

from dataclasses import dataclass, replace
from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.schedules import NoWarmUp, RangeTest
from nnstudio.training.experiment import Experiment, NoAveraging, NoPretraining, Stopping
from nnstudio.training.history import HistoryView

Values = NDArray[np.float64]

LOWEST: Final = 1e-6
HIGHEST: Final = 10.0
STEPS: Final = 400
BLOW_UP: Final = 4.0
"""The test ends when the smoothed loss is so many times its lowest value."""
SHARE_SMOOTHED: Final = 1 / 60
"""Half the width of the smoothing as a share of the steps that were planned."""
