"""Normalization: sums brought to mean 0 and variance 1, between the sums and the activation."""

from typing import Literal

from nnstudio.spec import spec


@spec(title="none")
class NoNormalization:
    """Nothing is normalized between sum and activation."""

    kind: Literal["none"] = "none"
