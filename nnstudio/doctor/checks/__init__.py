"""Quick checks: pass or fail with numbers; each works on copies of its own and may be cancelled."""

from nnstudio.doctor.checks.baseline import baseline_check
from nnstudio.doctor.checks.first_loss import first_loss_check
from nnstudio.doctor.checks.one_step import one_step_test
from nnstudio.doctor.checks.overfit import overfit_check
from nnstudio.doctor.checks.result import CheckResult

__all__ = [
    "CheckResult",
    "baseline_check",
    "first_loss_check",
    "one_step_test",
    "overfit_check",
]
