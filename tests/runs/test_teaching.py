"""A lesson replays what the network knows beside the drawings, and is no more than a small run."""

from dataclasses import replace

import pytest

from nnstudio.data.augmentation import Distortions
from nnstudio.data.catalogue import Handwriting, Mnist, MyDigits
from nnstudio.errors import NnstudioError
from nnstudio.runs.teaching import (
    GENTLE_SHARE,
    MOST_SHARE,
    lesson,
    retraced_of,
)
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.pretraining import LayerByLayer, NoPretraining

MY = MyDigits(entries=4)


def mixed() -> Experiment:
    sources = (WeightedSource(source=Mnist(), weight=2.0), WeightedSource(source=Handwriting()))
    return Experiment(data=DataSettings(sources=sources), pretraining=LayerByLayer())


def taught_share(experiment: Experiment) -> float:
    weights = [one.weight for one in experiment.data.sources]
    return weights[-1] / sum(weights)


def test_what_the_network_learned_from_is_replayed_with_its_weights() -> None:
    found = lesson(mixed(), my=MY, labels="0123")
    assert found.data.sources[:-1] == mixed().data.sources
    taught = found.data.sources[-1].source
    assert isinstance(taught, MyDigits)
    assert taught.entries == 4
    assert taught.retraced > 0


@pytest.mark.parametrize("labels", ["7", "77777", "0123456789", "7" * 90 + "012345689"])
def test_no_digit_comes_so_often_that_others_are_taken_for_it(labels: str) -> None:
    share = taught_share(lesson(mixed(), my=MY, labels=labels))
    of_one = share * max(labels.count(one) for one in labels) / len(labels)
    assert of_one == pytest.approx(MOST_SHARE / 10)
    assert share < MOST_SHARE * 1.001


def test_where_nobody_wrote_what_is_replayed_the_lesson_is_gentler() -> None:
    generated = DataSettings(sources=(WeightedSource(source=Handwriting()),))
    gentle = lesson(replace(mixed(), data=generated), my=MY, labels="0123456789")
    usual = lesson(mixed(), my=MY, labels="0123456789")
    assert taught_share(gentle) == pytest.approx(GENTLE_SHARE)
    assert taught_share(gentle) < taught_share(usual)


def test_a_network_of_an_older_generator_is_taught_with_the_present_one() -> None:
    old = WeightedSource(source=Handwriting(revision=1))
    found = lesson(replace(mixed(), data=DataSettings(sources=(old,))), my=MY, labels="0123")
    assert found.data.sources[0].source == Handwriting()


def test_many_drawings_are_retraced_less_often() -> None:
    assert retraced_of(10) > retraced_of(1000) > retraced_of(100_000) == 0


def test_a_lesson_after_a_lesson_replays_no_drawings_of_before() -> None:
    again = lesson(lesson(mixed(), my=MY, labels="0123"), my=MyDigits(entries=7), labels="0123456")
    mine = [one.source for one in again.data.sources if isinstance(one.source, MyDigits)]
    assert [one.entries for one in mine] == [7]


def test_the_network_its_scaling_and_its_distortions_stay() -> None:
    before = replace(mixed(), augmentation=Distortions(rotation=3.0))
    found = lesson(before, my=MY, labels="0123")
    kept = ("network", "scaling", "augmentation", "loss", "precision", "seed")
    assert all(getattr(found, name) == getattr(before, name) for name in kept)
    assert isinstance(lesson(mixed(), my=MY, labels="0123").augmentation, Distortions)


def test_nothing_in_a_lesson_unlearns_what_the_network_knows() -> None:
    found = lesson(mixed(), my=MY, labels="0123")
    assert isinstance(found.pretraining, NoPretraining)
    assert found.stopping.steps is not None
    assert found.stopping.epochs is None


def test_without_drawings_or_without_anything_to_replay_there_is_no_lesson() -> None:
    with pytest.raises(NnstudioError, match="drawn no digits yet"):
        lesson(mixed(), my=MY, labels="")
    alone = Experiment(data=DataSettings(sources=(WeightedSource(source=MyDigits()),)))
    with pytest.raises(NnstudioError, match="nothing to replay"):
        lesson(alone, my=MY, labels="012")
