"""BLAS threads: how many follows from the shapes of a run, because bits depend on them.

The count belongs to the whole process; only whoever drives a run sets it, at a turn that needs it.
Threads wait for each other at every product, so another program that keeps a core busy makes them
many times slower than one alone: `Company` notices, and the change is part of the Recipe.
"""

import os
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from time import perf_counter, thread_time
from typing import Final

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it has no types

from nnstudio.nn.network import NetworkSpec

_LARGE_PRODUCT: Final = 2**23
"""Multiplications in a layer's product for one batch from which more threads pay."""
_MOST_THREADS: Final = 4
_LIMITS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")

_WINDOW_S: Final = 0.5
_CROWDED_SHARE: Final = 0.75
"""Measured share of a processor for the training thread: 1.00 where the machine is its own, 0.9
in the window of the program, under 0.7 beside one program that keeps one of two cores busy."""
_FIRST_WAIT_S: Final = 10.0
_LONGEST_WAIT_S: Final = 300.0


def cores() -> int:
    """Give how many processors this process may use.

    Fewer where the environment asks BLAS for fewer, as on clusters and in classes.
    """
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    asked = [os.environ.get(name, "") for name in _LIMITS]
    return min([mine or 1, *(int(one) for one in asked if one.isdecimal() and int(one) > 0)])


def threads_for(
    spec: NetworkSpec, *, inputs: int, outputs: int, batch: int, available: int | None = None
) -> int:
    """Give how many threads the products of a network are worth on a quiet machine.

    One for small products: two were measured to make 32 × 784 × 100 only 1.5 times as fast, and
    any other busy program makes them up to 200 times slower. From 128 × 784 × 128 on, two are 1.6
    to 1.9 times as fast.

    Parameters
    ----------
    spec : NetworkSpec
        Its layers.
    inputs, outputs : int
        Sizes of both ends.
    batch : int
        Samples in a batch.
    available : int, optional
        Processors; by default those that this process may use.
    """
    widths = [inputs, *(layer.units for layer in spec.layers), outputs]
    largest = max(batch * before * after for before, after in pairwise(widths))
    most = min(_MOST_THREADS, available or cores())
    return most if largest >= _LARGE_PRODUCT else 1


class Company:
    """Says when several threads do not pay because other programs are busy, and when to try again.

    The training thread gets all of a processor while the machine is its own. Where it gets much
    less for a second, one thread is better; after a wait, which doubles each time, several
    are tried again.

    Parameters
    ----------
    clock, cpu : callable
        Give the seconds that passed, and those in which this thread had a processor.
    """

    __slots__ = ("_clock", "_cpu", "_crowded", "_had", "_passed", "_retry_at", "_start", "_wait")

    def __init__(
        self, clock: Callable[[], float] = perf_counter, cpu: Callable[[], float] = thread_time
    ) -> None:
        self._clock, self._cpu = clock, cpu
        self._start: tuple[float, float] | None = None
        self._passed = self._had = 0.0
        self._crowded = 0
        self._wait = _FIRST_WAIT_S
        self._retry_at = 0.0

    def begin(self) -> None:
        """Note that steps are made from now on."""
        self._start = self._clock(), self._cpu()

    def end(self, *, threads: int, wanted: int) -> int:
        """Give the number of threads for what follows the steps since `begin`.

        Parameters
        ----------
        threads, wanted : int
            How many they were made with, and how many are best on a quiet machine.
        """
        if wanted == 1 or self._start is None:
            return threads
        now = self._clock()
        self._passed += now - self._start[0]
        self._had += self._cpu() - self._start[1]
        self._start = None
        if self._passed < _WINDOW_S:
            return threads
        crowded = self._had < _CROWDED_SHARE * self._passed
        self._passed = self._had = 0.0
        if threads == 1:
            return wanted if now >= self._retry_at and not crowded else 1
        self._crowded = self._crowded + 1 if crowded else 0
        if self._crowded < 2:
            return threads
        self._crowded = 0
        self._retry_at = now + self._wait
        self._wait = min(2 * self._wait, _LONGEST_WAIT_S)
        return 1


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


def threads_in_use() -> int:
    """Give how many threads BLAS uses since the last `use_threads`; 1 before the first."""
    return _Current.threads or 1
