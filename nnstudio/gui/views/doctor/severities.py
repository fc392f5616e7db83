"""How a severity looks: icon, colour by meaning and word, so that no eye needs the colour."""

from typing import Final, NamedTuple

from nnstudio.doctor.diagnosis import Severity
from nnstudio.texts import mark


class Look(NamedTuple):
    """Icon, role of the colour, and word."""

    icon: str
    role: str
    word: str


LOOKS: Final = {
    Severity.BROKEN: Look("error", "error", mark("Broken")),
    Severity.SLOW: Look("warning", "warning", mark("Slow")),
    Severity.NOTE: Look("info", "accent_text", mark("Note")),
}
