from threadpoolctl import threadpool_info  # type: ignore[import-untyped]  # it has no types

from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.blas import threads_for, use_threads


def threads(units: int, batch: int, cores: int) -> int:
    spec = NetworkSpec(layers=(HiddenLayer(units=units),))
    return threads_for(spec, inputs=784, outputs=10, batch=batch, cores=cores)


def test_small_products_get_one_thread_on_every_machine() -> None:
    assert {threads(128, 128, cores) for cores in (1, 2, 8, 64)} == {1}


def test_large_products_get_at_most_half_of_the_cores() -> None:
    assert [threads(2048, 512, cores) for cores in (1, 2, 4, 8, 64)] == [1, 1, 2, 4, 4]


def test_a_network_without_hidden_layers_counts_as_well() -> None:
    assert threads_for(NetworkSpec(layers=()), inputs=10, outputs=3, batch=8, cores=8) == 1


def test_blas_uses_as_many_threads_as_it_is_told() -> None:
    try:
        for count in (2, 1, 1):
            use_threads(count)
            found = {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}
            assert found <= {count}
    finally:
        use_threads(1)
