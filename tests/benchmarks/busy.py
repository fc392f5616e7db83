"""How busy other programs kept the machine: without it, a benchmark measures the neighbours."""

import os
import time
from pathlib import Path


class Watch:
    """Counts from now on what this process and its children use, and what the others do."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._machine, self._own = _machine_seconds(), _own_seconds()

    def others(self) -> float:
        """Give how many processors other programs kept busy on average (1.0 is one processor)."""
        wall = time.perf_counter() - self._wall
        own = _own_seconds() - self._own
        return max(0.0, _machine_seconds() - self._machine - own) / wall


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _machine_seconds() -> float:
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    fields = [int(word) for word in stat.read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")
