"""What views wish and what the workbench tells, joined: one row for each view that has wishes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.answering import AnsweringJoint
from nnstudio.gui.main_window.joining.canvas import CanvasJoint
from nnstudio.gui.main_window.joining.curves import CurvesJoint
from nnstudio.gui.main_window.joining.data import DataJoint
from nnstudio.gui.main_window.joining.doctor import DoctorJoint
from nnstudio.gui.main_window.joining.experiment import ExperimentJoint
from nnstudio.gui.main_window.joining.explorer import ExplorerJoint
from nnstudio.gui.main_window.joining.gradients import GradientsJoint
from nnstudio.gui.main_window.joining.guide import GuideJoint
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.main_window.joining.inside import InsideJoint
from nnstudio.gui.main_window.joining.range_test import RangeTestJoint
from nnstudio.gui.main_window.joining.runs import RunsJoint
from nnstudio.gui.main_window.joining.weights import WeightsJoint
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
from nnstudio.gui.workbench import Workbench

# class of the view -> joint(view, workbench, docks, hub), which takes just that class
JOINTS: Final[Mapping[type[View], Callable[[Any, Workbench, Docks, Hub], Joint]]] = {
    ExperimentView: ExperimentJoint,
    LossView: CurvesJoint,
    AccuracyView: CurvesJoint,
    DataView: DataJoint,
    CanvasView: CanvasJoint,
    RunsView: RunsJoint,
    RangeTestView: RangeTestJoint,
    DoctorView: DoctorJoint,
    UnitsView: InsideJoint,
    GradientsView: GradientsJoint,
    OneStepView: InsideJoint,
    NetworkView: InsideJoint,
    ConfusionView: AnsweringJoint,
    MistakesView: AnsweringJoint,
    ExplorerView: ExplorerJoint,
    GuideView: GuideJoint,
    WeightsView: WeightsJoint,
}


def join(docks: Docks, workbench: Workbench, *, parent: QObject) -> Hub:
    """Join every view that has a row in `JOINTS`; the connections end with `parent`."""
    hub = Hub(parent)
    for dock in docks:
        joint = JOINTS.get(type(dock.view))
        if joint is not None:
            joint(dock.view, workbench, docks, hub)
    return hub
