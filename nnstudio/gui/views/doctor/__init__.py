"""The doctor: what is wrong with a run and why, what heals it, and quick checks on request."""

from nnstudio.gui.views.doctor.doctor_view import DoctorView

__all__ = ["DoctorView"]
