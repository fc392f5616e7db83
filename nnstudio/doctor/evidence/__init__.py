"""Evidence: numbers about a run, and nothing else; what is unknown is None."""

from nnstudio.doctor.evidence.facts import (
    Arithmetic,
    CourseFacts,
    Evidence,
    InputFacts,
    LayerFacts,
    NonFinite,
    OutputFacts,
)

__all__ = [
    "Arithmetic",
    "CourseFacts",
    "Evidence",
    "InputFacts",
    "LayerFacts",
    "NonFinite",
    "OutputFacts",
]
