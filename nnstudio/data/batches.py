"""The order of samples in an epoch: positions from a generator, never copies of the samples."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def steps_per_epoch(count: int, size: int, *, drop_last: bool) -> int:
    """Give how many batches of `size` an epoch over `count` samples has.

    With `drop_last` only whole batches count, but one batch is always left when there are
    samples: a training part smaller than a batch is one smaller batch.
    """
    whole, rest = divmod(count, size)
    return max(whole, min(count, 1)) if drop_last else whole + (rest > 0)


def epoch_order(
    count: int,
    *,
    size: int,
    shuffled: bool,
    replacement: bool,
    drop_last: bool,
    generator: np.random.Generator,
) -> Iterator[NDArray[np.int64]]:
    """Give the positions of each batch of one epoch.

    Parameters
    ----------
    count : int
        How many samples the training part has.
    size : int
        Samples in a batch; the last batch may be smaller.
    shuffled : bool
        A new random order, or the order in which they lie. Not asked with `replacement`.
    replacement : bool
        Draw every batch anew from all samples, so that a sample may come twice; the sizes of
        the batches are the same as without.
    drop_last : bool
        Leave a smaller last batch out.
    generator : numpy.random.Generator
        Decides the order; used up before the first batch is given.

    Yields
    ------
    ndarray of int64, shape (B,)
        Positions 0 to ``count - 1``: views of one array, read-only.
    """
    if replacement:
        order = generator.integers(0, count, size=count, dtype=np.int64)
    elif shuffled:
        order = generator.permutation(count).astype(np.int64, copy=False)
    else:
        order = np.arange(count, dtype=np.int64)
    order.flags.writeable = False
    return (
        order[step * size : (step + 1) * size]
        for step in range(steps_per_epoch(count, size, drop_last=drop_last))
    )
