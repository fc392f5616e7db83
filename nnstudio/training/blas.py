"""BLAS threads: how many follows from the shapes of a run alone, because bits depend on them.

The count belongs to the whole process; only whoever drives a run sets it, at a turn that needs it.
"""

import os
from functools import cache
from itertools import pairwise
from typing import Final

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it has no types

from nnstudio.nn.network import NetworkSpec

_LARGE_PRODUCT: Final = 2**25
"""Multiplications in a layer's product for one batch from which more threads pay."""
_MOST_THREADS: Final = 4


def threads_for(
    spec: NetworkSpec, *, inputs: int, outputs: int, batch: int, cores: int | None = None
) -> int:
    """Give how many threads the products of a network are worth on this machine.

    One for small products, and never more than half of the cores: threads wait for each other at
    every product, so where one more program is busy than there are cores, two were measured to be
    5 to 20 times slower than one, for products of every size; at best they are 1.3 times faster.
    """
    widths = [inputs, *(layer.units for layer in spec.layers), outputs]
    largest = max(batch * before * after for before, after in pairwise(widths))
    spare = (cores or os.cpu_count() or 1) // 2
    return max(1, min(_MOST_THREADS, spare)) if largest >= _LARGE_PRODUCT else 1


class _Current:
    threads: int | None = None


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def use_threads(count: int) -> None:
    """Let BLAS use `count` threads in this process from now on; cheap when it does already."""
    if _Current.threads != count:
        _controller().limit(limits=count, user_api="blas")
        _Current.threads = count
