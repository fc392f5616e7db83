"""What is done to a sample each time it is drawn for training."""

from typing import Literal

from nnstudio.spec import spec


@spec(title="none")
class NoAugmentation:
    """Every sample is used as it is."""

    kind: Literal["none"] = "none"
