"""What there is to learn: the kind of answer that the samples of a data set have."""

from typing import Literal

Task = Literal["classes", "labels", "values"]
"""One class of several; several labels, each of which holds or not; or numbers as they are."""
