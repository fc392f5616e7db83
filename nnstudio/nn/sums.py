"""What the layers above make of other sums: a pass that begins in the middle of a network.

A moved weight moves one column of the sums of its layer, so a difference costs only what lies
above. The network must have seen the whole batch just before: its buffers hold every stop.
"""

from nnstudio.nn.layers import Dense
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix


def dense_layers(network: Network) -> tuple[Dense, ...]:
    """Give the weighted sums of every layer, the output layer last."""
    return (*(row.dense for row in network.rows), network.last)


def stops(network: Network, X: Matrix) -> tuple[tuple[Matrix, Matrix], ...]:
    """Give copies of the inputs (B, D) and sums (B, H) of every layer in the last pass over `X`."""
    inputs = [X, *(row.steps[-1].A for row in network.rows)]
    sums = [dense.Z for dense in dense_layers(network)]
    return tuple((one.copy(), Z.copy()) for one, Z in zip(inputs, sums, strict=True))


def loss_above(network: Network, number: int, *, Z: Matrix, Y: Matrix) -> float:
    """Give the loss in training, without penalties, as if the sums of layer `number` were `Z`.

    Parameters
    ----------
    network : Network
        Has seen a batch of this size; the stops from that layer on are overwritten.
    number : int
        Of the layer, from 0; the output layer is the last.
    Z : ndarray, shape (B, H)
        Its sums; must stay as they are while the result is of use.
    Y : ndarray, shape (B, C)
        Targets.
    """
    if number < len(network.rows):
        A = Z
        for step in network.rows[number].steps:
            A = step.forward_training(A)
        for row in network.rows[number + 1 :]:
            A = row.forward_training(A)
        Z = network.last.forward(A)
    return network.head.loss_and_gradient(Z, Y)
