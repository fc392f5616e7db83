"""The dialog that looks at a file of samples, shows what would come of it, and takes it."""

from nnstudio.gui.views.importing.import_dialog import ImportDialog

__all__ = ["ImportDialog"]
