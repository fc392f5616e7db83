"""The doctor in the window: runs are examined and checked beside it; findings belong to a run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue import DataPlaces, RandomTargets
from nnstudio.data.progress import silent
from nnstudio.doctor.checks import CheckResult
from nnstudio.doctor.diagnosis import Diagnosis, Finding, Remedy, Severity
from nnstudio.doctor.first_loss import expected_first_loss
from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.joining.curves import is_guess
from nnstudio.gui.views.curves import LossView
from nnstudio.gui.views.curves.readout import validation_words
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.views.doctor.checks_page import RANGE_TEST
from nnstudio.gui.workbench import check_desk
from nnstudio.gui.workbench.background import Background
from nnstudio.gui.workbench.check_desk import CheckState, Subject, gradient, one_step
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.cases import load_case
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.prepared import prepare
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.recipe import Recipe
from tests.gui.bench_kit import Kit, small_experiment
from tests.strategies import Case, tiny_case, tiny_dataset

SEED = Remedy(text("Take another seed"), ((("seed",), 9),))
SICK = Diagnosis(
    step=1,
    findings=(
        Finding(
            "raw-inputs", Severity.BROKEN, 0, 2.0, 1.0, text("too large"), text("why"), (SEED,)
        ),
    ),
)


class Looking:
    """Stands in for the examiner: says what it is told to say."""

    def __init__(self) -> None:
        self.watched: list[Any] = []
        self.seen: list[Any] = []
        self.ignored: list[str] = []
        self.says: Diagnosis | None = None
        self.closed = self.done = self.left = False

    def watch(self, patient: Any) -> None:
        self.watched.append(patient)

    def see(self, snapshot: Any) -> None:
        self.seen.append(snapshot)

    def take(self) -> Diagnosis | None:
        said, self.says = self.says, None
        return said

    def ignore(self, rule: str) -> None:
        self.ignored.append(rule)

    def leave(self) -> None:
        self.left = True

    def close(self, *, patience_s: float | None = None) -> bool:
        del patience_s
        self.closed = self.left
        return True


@pytest.fixture
def looking() -> Looking:
    return Looking()


@pytest.fixture
def kit(qapp: object, looking: Looking) -> Iterator[Kit]:
    made = Kit(examiner=looking)
    made.load()
    yield made
    made.bench.close(forget=True)


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> MainWindow:
    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    return made


def doctor(window: MainWindow) -> DoctorView:
    view = window.docks["doctor"].view
    assert isinstance(view, DoctorView)
    return view


def test_the_run_under_way_is_watched_and_its_news_handed_on(kit: Kit, looking: Looking) -> None:
    kit.bench.poll()
    assert looking.watched == []
    kit.train(2)
    assert len(looking.watched) == 1
    assert looking.seen[-1] is kit.bench.views[0].snapshot
    kit.bench.control.restart()
    kit.train(1)
    # nothing was said of the first one yet, though it is over
    assert len(looking.watched) == 1
    looking.says = SICK
    kit.bench.poll()
    assert len(looking.watched) == 2


def test_findings_belong_to_their_run(kit: Kit, looking: Looking) -> None:
    heard: list[Diagnosis] = []
    kit.bench.findings_changed.connect(heard.append)
    kit.train(1)
    looking.says = SICK
    kit.bench.poll()
    assert heard == [SICK]
    assert kit.bench.views[0].diagnosis is SICK
    kit.bench.control.restart()
    kit.train(1)
    assert kit.bench.views[0].diagnosis is None
    assert next(one for one in kit.bench.views if one.number == 1).diagnosis is SICK


def test_what_is_ignored_is_ignored_in_the_run_that_is_shown(kit: Kit, looking: Looking) -> None:
    bench = kit.bench
    kit.train(1)
    looking.says = SICK
    kit.settle()
    first = looking.watched[-1]
    bench.control.restart()
    kit.train(1)
    second = looking.watched[-1]
    assert second is not first
    looking.says = SICK
    kit.settle()
    heard: list[Diagnosis] = []
    bench.run_list.choose("run-1")
    bench.findings_changed.connect(heard.append)
    bench.doctor.ignore("raw-inputs")
    assert looking.watched[-1] is first
    assert looking.ignored == ["raw-inputs"]
    bench.poll()
    assert looking.watched[-1] is first
    looking.says = Diagnosis(step=1, ignored=frozenset({"raw-inputs"}))
    kit.settle()
    assert heard == [Diagnosis(step=1, ignored=frozenset({"raw-inputs"}))]
    assert [bool(view.diagnosis and view.diagnosis.findings) for view in bench.views] == [
        False,
        True,
    ]
    assert looking.watched[-1] is second


def test_what_is_found_in_a_run_that_is_not_shown_is_not_told_as_news_of_the_shown_one(
    kit: Kit, looking: Looking
) -> None:
    kit.train(1)
    looking.says = Diagnosis()
    kit.bench.poll()
    kit.bench.control.restart()
    kit.train(1)
    kit.bench.run_list.choose("run-1")
    heard: list[Diagnosis] = []
    kit.bench.findings_changed.connect(heard.append)
    looking.says = SICK
    kit.bench.poll()
    assert heard == []
    assert kit.bench.views[1].diagnosis is SICK


def test_a_run_that_is_over_before_anybody_looked_is_looked_at(
    qapp: object, looking: Looking
) -> None:
    kit = Kit(small_experiment(stopping=Stopping(epochs=1)), examiner=looking)
    kit.load()
    kit.bench.control.train_or_pause()
    kit.trainer.crank(20)
    kit.settle()
    assert kit.bench.views[0].snapshot.state.ended
    assert len(looking.watched) == 1
    assert looking.seen[-1] is kit.bench.views[0].snapshot
    kit.bench.close(forget=True)


def test_every_run_is_looked_at_until_its_end_one_after_the_other(
    qapp: object, looking: Looking
) -> None:
    kit = Kit(small_experiment(stopping=Stopping(epochs=1)), examiner=looking)
    kit.load()
    for _ in range(3):
        kit.bench.control.restart()
        kit.trainer.crank(20)
        kit.bench.poll()
    looking.says = SICK
    kit.bench.poll()
    # found, but not looked at until its end: the others come before that
    assert len(looking.watched) == 2
    looking.says = SICK
    kit.bench.poll()
    looking.says = SICK
    kit.bench.poll()
    assert all(view.diagnosis is SICK for view in kit.bench.views)
    assert len(set(looking.watched)) == 3
    looking.done = True
    for _ in range(6):
        kit.bench.poll()
    times = len(looking.watched)
    kit.bench.poll()
    assert len(looking.watched) == times
    kit.bench.close(forget=True)


def test_a_run_is_examined_by_a_copy_that_leaves_it_as_it_is(
    kit: Kit, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.gui.workbench.copy_desk.STEPS", 5)
    kit.train(2)
    kit.bench.control.stop()
    kit.crank()
    before = kit.bench.views[0].snapshot
    doctor(window).examine_wished.emit()
    assert kit.bench.copies.looks_at(kit.bench.current)
    kit.settle()
    found = kit.bench.views[0].diagnosis
    assert found is not None
    assert found.copy_steps == 5
    assert kit.bench.views[0].snapshot is before
    assert not kit.bench.copies.looks_at(kit.bench.current)
    if found.findings:
        kit.bench.doctor.ignore(found.findings[0].rule)
    left = kit.bench.views[0].diagnosis
    assert left is not None
    assert found.findings[:1] != left.findings[:1] or not found.findings


def test_a_look_at_a_copy_that_is_cancelled_leaves_nothing(qapp: object, looking: Looking) -> None:
    waiting: list[Any] = []
    kit = Kit(background=Background(start=waiting.append), examiner=looking)
    kit.bench.begin()

    def work() -> None:
        while waiting:
            waiting.pop(0)()
        kit.settle()

    for _ in range(4):
        work()
    kit.train(1)
    kit.bench.control.stop()
    kit.crank()
    kit.bench.copies.examine()
    kit.bench.copies.cancel()
    work()
    assert kit.bench.views[0].diagnosis is None
    assert not kit.bench.copies.looks_at(kit.bench.current)
    kit.bench.close(forget=True)


def test_closing_ends_the_examiner(kit: Kit, looking: Looking) -> None:
    kit.bench.close(forget=True)
    assert looking.closed


def test_a_remedy_is_one_change_that_can_be_undone(kit: Kit, window: MainWindow) -> None:
    before = kit.bench.experiment
    doctor(window).remedy_wished.emit(SEED)
    assert kit.bench.experiment == replace(before, seed=9)
    kit.bench.undo()
    assert kit.bench.experiment == before


def test_a_remedy_that_does_not_fit_is_told(kit: Kit, window: MainWindow) -> None:
    layer = Remedy(text("More units"), ((("network", "layers", 7, "units"), 20),))
    doctor(window).remedy_wished.emit(layer)
    assert str(kit.notices[-1].text) == "This change does not fit what is set by now."
    assert kit.bench.experiment == small_experiment()
    window.notices.end_notice("remedy")


def test_a_race_runs_beside_the_run_so_far(kit: Kit, window: MainWindow) -> None:
    kit.train(2)
    doctor(window).race_wished.emit(SEED)
    kit.settle()
    kit.crank(2)
    assert kit.bench.experiment.seed == 9
    assert len([one for one in kit.bench.views if one.place is not None]) == 2


def test_the_evidence_is_brought_to_the_front_and_a_rule_ignored(
    window: MainWindow, kit: Kit, looking: Looking, qtbot: QtBot
) -> None:
    with qtbot.waitExposed(window):
        window.show()
    kit.train(1)
    looking.says = SICK
    kit.bench.poll()
    doctor(window).show_wished.emit("data")
    qtbot.waitUntil(lambda: window.docks["data"].seen)
    doctor(window).ignore_wished.emit("raw-inputs")
    assert looking.ignored == ["raw-inputs"]


def test_a_mark_on_the_curves_brings_its_card(
    window: MainWindow, kit: Kit, looking: Looking
) -> None:
    kit.train(1)
    looking.says = SICK
    kit.bench.poll()
    view = doctor(window)
    view.show_runs(kit.bench.views)
    curves = window.docks["loss"].view
    assert isinstance(curves, LossView)
    curves.show_runs(kit.bench.views)
    assert [one.rule for one in curves.marks.marks] == ["raw-inputs"]
    curves.marks.picked.emit("raw-inputs")
    assert view.findings.causes["raw-inputs"].card.marked


def test_the_loss_plot_says_where_the_first_loss_should_be(window: MainWindow, kit: Kit) -> None:
    kit.train(1)
    curves = window.docks["loss"].view
    assert isinstance(curves, LossView)
    curves.show_runs(kit.bench.views)
    (level,) = curves.plot.scene.levels
    assert level.y == pytest.approx(2.3026, abs=1e-4)
    assert "2.303" in level.text
    # where nobody can do better without looking at the inputs, that is what the line is called
    curves.expect_first_loss(12.04, guess=True)
    (level,) = curves.plot.scene.levels
    assert level.text == "loss of a guess 12.040"


def test_the_first_loss_is_called_that_of_a_guess_where_it_is_the_floor() -> None:
    known = load_case("gradient-check")
    few = RandomTargets(samples=400, inputs=3)
    data = prepare(known, few.load(DataPlaces.standard(may_download=False), silent))
    targets = data.targets[data.split.training]
    expected = expected_first_loss(known, data.facts, targets)
    assert expected is not None
    assert is_guess(expected, known, data, data.facts)
    assert not is_guess(1.1 * expected, known, data, data.facts)


# quick checks


def passing(subject: Subject, _progress: object) -> CheckResult:
    return CheckResult(
        "one_step", passed=True, numbers=(), told=text("{seed}", seed=subject.experiment.seed)
    )


def test_a_check_is_made_beside_the_window_and_forgotten_when_it_is_about_something_else(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_desk, "CHECKS", {"one_step": passing})
    kit.bench.checks.check("one_step")
    assert kit.bench.checks.states["one_step"].running
    kit.bench.poll()
    found = kit.bench.checks.states["one_step"].result
    assert isinstance(found, CheckResult)
    assert str(found.told) == "0"
    kit.bench.change(replace(kit.bench.experiment, seed=4))
    kit.bench.poll()
    assert kit.bench.checks.states == {}


def test_a_check_that_fails_to_run_says_why(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_subject: Subject, _progress: object) -> CheckResult:
        raise ValueError("no")

    monkeypatch.setattr(check_desk, "CHECKS", {"one_step": breaks})
    kit.bench.checks.check("one_step")
    kit.bench.poll()
    state = kit.bench.checks.states["one_step"]
    assert not state.running
    assert state.trouble


def test_a_check_that_is_cancelled_leaves_nothing(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_desk, "CHECKS", {"one_step": passing})
    kit.bench.checks.check("one_step")
    kit.bench.checks.cancel()
    kit.bench.poll()
    assert kit.bench.checks.states["one_step"] == CheckState()


def test_the_gradient_is_checked_at_the_newest_step_of_the_run(kit: Kit) -> None:
    kit.train(3)
    subject = kit.bench.checks.subject
    assert subject is not None
    report = gradient(subject, lambda _share, _doing: None)
    assert (report.step, report.passed) == (2, True)


def test_a_live_change_does_not_make_the_gradient_of_an_earlier_step_wrong(qapp: object) -> None:
    def with_dropout(rate: float) -> Experiment:
        layer = HiddenLayer(units=4, dropout=Dropout(rate=rate))
        return small_experiment(network=NetworkSpec(layers=(layer,)))

    kit = Kit(with_dropout(0.2))
    kit.load()
    kit.train(3)
    kit.bench.change(with_dropout(0.5))
    kit.crank()
    subject = kit.bench.checks.subject
    kit.bench.close(forget=True)
    assert subject is not None
    assert subject.moment is not None
    assert (subject.experiment, subject.moment.step) == (with_dropout(0.5), 2)
    assert gradient(subject, lambda _share, _doing: None).passed


def test_before_a_run_the_first_steps_are_checked(kit: Kit) -> None:
    subject = kit.bench.checks.subject
    assert subject is not None
    assert subject.moment is None
    assert subject.some_moment().step == 2


def subject_of(case: Case) -> Subject:
    return Subject(case.experiment, case.data)


def test_a_run_that_pretrains_is_checked_where_the_whole_network_is_trained() -> None:
    subject = subject_of(tiny_case(pretraining=LayerByLayer(epochs=1)))
    assert gradient(subject, lambda _share, _doing: None).passed
    assert one_step(subject, lambda _share, _doing: None).passed


def test_without_a_first_step_in_finite_numbers_the_checks_say_so() -> None:
    given = tiny_dataset()
    subject = subject_of(tiny_case(replace(given, inputs=np.full(given.inputs.shape, np.nan))))
    for check in (gradient, one_step):
        with pytest.raises(NnstudioError, match="Not even the first step"):
            check(subject, lambda _share, _doing: None)


def test_the_run_that_is_shown_is_checked_before_its_first_moment_too(kit: Kit) -> None:
    pretrains = small_experiment(pretraining=LayerByLayer(epochs=1))
    kit.bench.change(pretrains)
    kit.settle()
    kit.train(1)
    kit.bench.change(replace(pretrains, seed=7))
    subject = kit.bench.checks.subject
    assert subject is not None
    assert (subject.moment, subject.experiment.seed) == (None, 0)


def test_the_range_test_has_a_panel_of_its_own(window: MainWindow, kit: Kit, qtbot: QtBot) -> None:
    with qtbot.waitExposed(window):
        window.show()
    doctor(window).check_wished.emit(RANGE_TEST)
    qtbot.waitUntil(lambda: window.docks["range_test"].seen)
    assert not any(one.range_test for one in kit.bench.views)


def test_a_curve_of_the_test_part_is_called_so(kit: Kit) -> None:
    run = kit.bench.views[0]
    assert validation_words(run) == "validation"
    data = replace(small_experiment().data, validate_on_test=True)
    recipe = Recipe(replace(small_experiment(), data=data))
    assert validation_words(replace(run, recipe=recipe)) == "validation (test part)"
