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
"""Multiplications in a layer's product for one batch from which a second thread pays."""
_MOST_THREADS: Final = 4


def threads_for(spec: NetworkSpec, *, inputs: int, outputs: int, batch: int) -> int:
    """Give how many threads the products of a network are worth on this machine.

    One for small products: with two, one other busy program costs a factor of ten, because they
    wait for each other at every product.
    """
    widths = [inputs, *(layer.units for layer in spec.layers), outputs]
    largest = max(batch * before * after for before, after in pairwise(widths))
    return min(_MOST_THREADS, os.cpu_count() or 1) if largest >= _LARGE_PRODUCT else 1


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
