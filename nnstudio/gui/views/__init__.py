"""The views, in the order of the View menu; one row each, and none knows another."""

from typing import Final

from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.confusion import ConfusionView
from nnstudio.gui.views.curves import AccuracyView, LossView
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.views.explorer import ExplorerView
from nnstudio.gui.views.gradients import GradientsView
from nnstudio.gui.views.guide import GuideView
from nnstudio.gui.views.mistakes import MistakesView
from nnstudio.gui.views.network import NetworkView
from nnstudio.gui.views.one_step import OneStepView
from nnstudio.gui.views.range_test import RangeTestView
from nnstudio.gui.views.runs import RunsView
from nnstudio.gui.views.units import UnitsView
from nnstudio.gui.views.view import View
from nnstudio.gui.views.weights import WeightsView

VIEWS: Final[tuple[type[View], ...]] = (
    ExperimentView,
    LossView,
    AccuracyView,
    WeightsView,
    DataView,
    CanvasView,
    RunsView,
    RangeTestView,
    DoctorView,
    UnitsView,
    GradientsView,
    NetworkView,
    OneStepView,
    ConfusionView,
    MistakesView,
    ExplorerView,
    GuideView,
)
