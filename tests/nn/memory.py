"""How much a call allocates at most, to show that a step makes no copies."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any


def most_allocated(call: Callable[..., object], *arguments: Any) -> int:
    """Bytes that were allocated at the same time while `call` ran."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        call(*arguments)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
