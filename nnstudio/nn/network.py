"""NetworkSpec and Parts make a Network: forward, backward, predict."""

from typing import Annotated

from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.spec import Field, spec


@spec(title="Network")
class NetworkSpec:
    """Layers from the inputs to the outputs; both ends have the sizes of the data."""

    layers: Annotated[
        tuple[HiddenLayer, ...],
        Field(max_length=50, title="Hidden layers", description="From the inputs to the outputs."),
    ] = (HiddenLayer(),)
    output: OutputLayer = OutputLayer()
