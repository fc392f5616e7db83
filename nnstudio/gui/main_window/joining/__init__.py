"""Every view joined with the workbench: one small module for each, and one table of them."""

from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.main_window.joining.joints import JOINTS, join

__all__ = ["JOINTS", "Hub", "Joint", "join"]
