"""Constraints: what the weights of a layer are brought back to after every step."""

from typing import Annotated, Literal

import numpy as np

from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec


class Bounded:
    """Weights whose norm per unit stays within a limit.

    Parameters
    ----------
    W : ndarray, shape (D, H)
        Weights, as a view.
    limit : float
        Largest norm of a column of `W`.
    """

    def __init__(self, W: Matrix, *, limit: float) -> None:
        self._W, self._limit = W, limit
        self._norms = np.empty(W.shape[1], W.dtype)

    def adopt(self, constraint: "MaxNorm") -> None:
        """Take another limit from now on."""
        self._limit = constraint.limit

    def project(self) -> None:
        """Shorten the columns that are too long, in place; the others keep every bit."""
        norms = self._norms
        np.einsum("ij,ij->j", self._W, self._W, out=norms)
        np.sqrt(norms, out=norms)
        if not np.isfinite(norms).all():
            self._shorten_the_longest()
        # limit / limit is 1 exactly, and no column of zeros is divided by
        np.maximum(norms, self._limit, out=norms)
        np.divide(self._limit, norms, out=norms)
        np.multiply(self._W, norms, out=self._W)

    def _shorten_the_longest(self) -> None:
        # in float32 squares overflow from 1.8e19 on, long before the weights themselves; a column
        # with a number that is not finite stays as it is: divergence is noticed, not hidden
        for column in np.flatnonzero(~np.isfinite(self._norms)):
            w = self._W[:, column]
            largest = np.abs(w).max()
            if np.isfinite(largest):
                w /= largest
                w *= self._limit / float(w.dot(w)) ** 0.5
            self._norms[column] = self._limit


@spec(title="none")
class NoConstraint:
    """Weights go where the steps take them."""

    kind: Literal["none"] = "none"

    def of(self, W: Matrix) -> tuple[()]:
        """Give what bounds these weights: nothing."""
        return ()


@spec(
    title="max-norm",
    help="Shortens the incoming weights of a unit after every step when they, together, have"
    " become too long; goes well with dropout and high learning rates.",
)
class MaxNorm:
    """``|w| <= limit`` for the incoming weights ``w`` of every unit, without its bias.

    Srivastava et al. 2014, section 5.1; ``MaxNorm(axis=0)`` in Keras.
    """

    kind: Literal["max_norm"] = "max_norm"
    limit: Annotated[
        float,
        Field(
            gt=0,
            le=1000,
            title="Limit",
            description="Largest length (root of the sum of squares) of the incoming weights of"
            " a unit, max_value in Keras; 3 to 4 is usual.",
        ),
        Display(live=True),
    ] = 3.0

    def of(self, W: Matrix) -> tuple[Bounded]:
        """Give what bounds the weights `W` (D, H)."""
        return (Bounded(W, limit=self.limit),)


Constraint = Annotated[
    NoConstraint | MaxNorm,
    Field(
        discriminator="kind",
        title="Constraint",
        description="What the weights of the layer are held to after every step.",
    ),
    Display(advanced=True),
]
