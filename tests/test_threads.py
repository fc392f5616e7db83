"""Threads behind the window do their work, and give way where the system lets them."""

import os
import sys
import threading

import pytest

from nnstudio.threads import start_behind


def test_the_work_is_done_in_a_daemon_thread_of_that_name() -> None:
    seen: list[threading.Thread] = []
    thread = start_behind(lambda: seen.append(threading.current_thread()), name="searcher")
    thread.join()
    assert seen == [thread]
    assert thread.daemon
    assert thread.name == "searcher"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a niceness")
def test_it_is_nicer_than_who_started_it_by_so_many_steps() -> None:
    found: list[int] = []
    own = os.getpriority(os.PRIO_PROCESS, 0)
    start_behind(
        lambda: found.append(os.getpriority(os.PRIO_PROCESS, 0)), name="nice", niceness=3
    ).join()
    assert found == [min(own + 3, 19)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == own
