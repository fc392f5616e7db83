"""The workbench: everything that the window shows and does, without a widget."""

from nnstudio.gui.workbench.background import JobProgress
from nnstudio.gui.workbench.bench import Workbench
from nnstudio.gui.workbench.bench_state import Activity, BenchState
from nnstudio.gui.workbench.notices import Notice, Offer, Severity

__all__ = ["Activity", "BenchState", "JobProgress", "Notice", "Offer", "Severity", "Workbench"]
