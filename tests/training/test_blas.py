import pytest
from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # it has no types

from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.blas import Company, cores, threads_for, use_threads


def threads(units: int, batch: int, available: int) -> int:
    spec = NetworkSpec(layers=(HiddenLayer(units=units),))
    return threads_for(spec, inputs=784, outputs=10, batch=batch, available=available)


def test_small_products_get_one_thread_on_every_machine() -> None:
    assert {threads(100, 32, available) for available in (1, 2, 8, 64)} == {1}


def test_large_products_get_every_core_up_to_four() -> None:
    assert [threads(128, 128, available) for available in (1, 2, 4, 8, 64)] == [1, 2, 4, 4, 4]


def test_a_network_without_hidden_layers_counts_as_well() -> None:
    assert threads_for(NetworkSpec(layers=()), inputs=10, outputs=3, batch=8, available=8) == 1


def test_the_environment_may_ask_for_fewer_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    every = cores()
    for limit, expected in (("1", 1), ("", every), ("many", every), ("0", every)):
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", limit)
        assert cores() == expected


def test_blas_uses_as_many_threads_as_it_is_told() -> None:
    try:
        for count in (2, 1, 1):
            use_threads(count)
            found = {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}
            assert found <= {count}
    finally:
        use_threads(1)


class Machine:
    """A machine on which a thread has a share of a processor, turned by hand."""

    def __init__(self) -> None:
        self.now = self.had = 0.0
        self.company = Company(clock=lambda: self.now, cpu=lambda: self.had)

    def turn(self, share: float, *, threads: int, wanted: int = 2, seconds: float = 0.6) -> int:
        self.company.begin()
        self.now += seconds
        self.had += share * seconds
        return self.company.end(threads=threads, wanted=wanted)

    def wait(self, seconds: float) -> None:
        self.now += seconds


def test_on_a_quiet_machine_the_threads_stay() -> None:
    machine = Machine()
    assert [machine.turn(1.0, threads=2) for _ in range(5)] == [2] * 5


def test_painting_of_the_window_does_not_count_as_company() -> None:
    machine = Machine()
    assert [machine.turn(0.85, threads=2) for _ in range(5)] == [2] * 5


def test_a_short_disturbance_changes_nothing() -> None:
    machine = Machine()
    shares = (0.5, 1.0, 0.5, 1.0)
    assert [machine.turn(share, threads=2) for share in shares] == [2] * 4


def test_beside_a_busy_program_one_thread_is_left_within_about_a_second() -> None:
    machine = Machine()
    assert [machine.turn(0.6, threads=2) for _ in range(2)] == [2, 1]


def test_many_short_turns_count_as_one_long() -> None:
    machine = Machine()
    found = [machine.turn(0.6, threads=2, seconds=0.05) for _ in range(24)]
    assert found.index(1) >= 19


def test_time_between_turns_does_not_count() -> None:
    machine = Machine()
    for _ in range(4):
        assert machine.turn(1.0, threads=2) == 2
        machine.wait(5.0)


def test_several_threads_are_tried_again_after_a_wait_that_doubles() -> None:
    machine = Machine()
    for wait in (10.0, 20.0, 40.0):
        machine.turn(0.5, threads=2)
        assert machine.turn(0.5, threads=2) == 1
        machine.wait(wait - 1.0)
        assert machine.turn(1.0, threads=1) == 1
        machine.wait(1.0)
        assert machine.turn(1.0, threads=1) == 2


def test_while_one_thread_still_gets_too_little_nothing_is_tried() -> None:
    machine = Machine()
    machine.turn(0.5, threads=2)
    machine.turn(0.5, threads=2)
    machine.wait(60.0)
    assert machine.turn(0.6, threads=1) == 1


def test_a_run_that_wants_one_thread_is_left_alone() -> None:
    machine = Machine()
    assert [machine.turn(0.3, threads=1, wanted=1) for _ in range(4)] == [1] * 4


def test_an_end_without_a_begin_changes_nothing() -> None:
    assert Machine().company.end(threads=2, wanted=2) == 2
