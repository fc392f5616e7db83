"""By how much each input speaks: the derivative of the logits by the inputs, in evaluation.

Training never asks for it; who explains an answer does.
"""

from nnstudio.nn.dropout import Dropped
from nnstudio.nn.layers import Step
from nnstudio.nn.network import Network
from nnstudio.nn.normalization import BatchNormalized
from nnstudio.nn.parameters import Matrix


def input_gradient(network: Network, X: Matrix, dZ: Matrix) -> Matrix:
    """Give the derivative by the inputs of ``sum(dZ Z)``, with ``Z`` the logits in evaluation.

    Parameters
    ----------
    network : Network
        Its buffers are used; of its gradient, that of a layer normalization is overwritten.
    X : ndarray, shape (B, D)
        Scaled inputs, in the precision of the network.
    dZ : ndarray, shape (B, C)
        How much each logit counts.

    Returns
    -------
    ndarray, shape (B, D)
        Simonyan, Vedaldi and Zisserman 2014, section 3, without their absolute value.

    Raises
    ------
    ValueError
        When the shapes do not fit the network.
    """
    if dZ.shape != (len(X), network.outputs):
        raise ValueError(f"logits of shape {dZ.shape} do not fit ({len(X)}, {network.outputs})")
    network.predict(X)
    above: Matrix = dZ @ network.last.W.T
    for row in reversed(network.rows):
        for step in reversed(row.steps):
            above = _through(step, above)
        above = above @ row.dense.W.T
    return above


def _through(step: Step, dA: Matrix) -> Matrix:
    if isinstance(step, Dropped):
        return dA
    if isinstance(step, BatchNormalized):
        return step.backward_of_evaluation(dA)
    return step.backward(dA)
