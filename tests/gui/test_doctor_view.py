"""The panel of the doctor: causes as cards, what heals them, what was checked, quick checks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.doctor.checks import CheckResult
from nnstudio.doctor.diagnosis import Diagnosis, Finding, Remedy, Severity, Shows
from nnstudio.doctor.gradient_check import BlockReport, Entry, GradientReport
from nnstudio.doctor.naming import Explanation, Naming
from nnstudio.doctor.rules import RULES
from nnstudio.faults import fault_named
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.views.doctor.checks_page import RANGE_TEST, CheckNews
from nnstudio.gui.views.doctor.difference_picture import pooled
from nnstudio.gui.views.doctor.finding_card import FindingCard
from nnstudio.gui.views.doctor.gradient_panel import (
    GradientPanel,
    error_in_words,
    share_of,
    words_of,
)
from nnstudio.gui.views.doctor.report import report_of, table_of
from nnstudio.gui.views.doctor.standing import Standing, standing_of
from nnstudio.gui.widgets.cards import Words
from nnstudio.runs.run import RunView
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.snapshot import RunState, Snapshot

BASE = Experiment()
SEED = Remedy(text("Take another seed"), ((("seed",), 9),))
MISTAKE = Remedy(text("Take the mistake out"), mistake="softmax-twice")
ADVICE = Remedy(text("Collect more samples"))
NAMES = tuple(rule.name for rule in RULES)
CAUSE, EFFECT, LATER, GOOD, OPEN = NAMES[:5]


def finding(rule: str = CAUSE, **values: Any) -> Finding:
    whole: dict[str, Any] = {
        "rule": rule,
        "severity": Severity.BROKEN,
        "step": 0,
        "value": 255.0,
        "limit": 2.0,
        "claim": text("claim of {rule}", rule=rule),
        "reason": text("reason of {rule}", rule=rule),
        "remedies": (SEED,),
        "shows": Shows.DATA,
    }
    return Finding(**(whole | values))


SICK = Diagnosis(
    step=40,
    findings=(
        finding(LATER, severity=Severity.NOTE, remedies=()),
        finding(CAUSE),
        finding(EFFECT, severity=Severity.SLOW, step=12, layer=1, explained_by=CAUSE),
    ),
    checked=(CAUSE, EFFECT, LATER, GOOD),
    unknown=((OPEN, text("there are no validation samples")),),
)
WELL = replace(SICK, findings=())


def run(diagnosis: Diagnosis | None, **values: Any) -> RunView:
    whole: dict[str, Any] = {
        "identity": "run-1",
        "name": "Run 1",
        "number": 1,
        "current": True,
        "snapshot": Snapshot(RunState.RUNNING, 50),
        "blueprint": None,
        "diagnosis": diagnosis,
    }
    return RunView(**(whole | values))


@pytest.fixture
def view(qtbot: QtBot) -> DoctorView:
    made = DoctorView()
    qtbot.addWidget(made)
    made.resize(328, 500)
    made.show_experiment(BASE, BASE)
    made.show()
    return made


def said(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(Words) if one.isVisibleTo(widget))


def buttons(widget: QWidget) -> dict[str, QPushButton]:
    # what was laid out just now is shown with the next events
    QApplication.processEvents()
    return {
        one.accessibleName(): one
        for one in widget.findChildren(QPushButton)
        if one.isVisibleTo(widget)
    }


def card(view: DoctorView, rule: str = CAUSE) -> FindingCard:
    return view.findings.causes[rule].card


def test_causes_are_cards_and_what_follows_is_folded_under_them(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    cause = view.findings.causes[CAUSE]
    assert list(cause.effects) == [EFFECT]
    assert not cause.effects[EFFECT].isVisible()
    cause.folding.heading.setChecked(True)
    assert cause.effects[EFFECT].isVisible()
    assert "since step 12 · layer 2" in said(cause.effects[EFFECT])


def test_what_is_only_good_to_know_comes_last(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    places = [view.findings._cards.indexOf(view.findings.causes[one]) for one in (CAUSE, LATER)]
    assert places == [0, 1]


def test_a_severity_is_said_in_a_word_too(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    assert said(card(view)).startswith("Broken · from the start")


def test_a_card_stays_the_same_widget_while_its_rule_stays(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    before = card(view)
    changed = replace(SICK, step=60, findings=(finding(CAUSE, claim=text("worse")),))
    view.show_runs((run(changed),))
    assert card(view) is before
    assert "worse" in said(before)
    assert set(view.findings.causes) == {CAUSE}


def test_a_remedy_is_wished_by_its_button_and_can_be_raced(view: DoctorView) -> None:
    heard: list[Remedy] = []
    raced: list[Remedy] = []
    view.remedy_wished.connect(heard.append)
    view.race_wished.connect(raced.append)
    view.show_runs((run(SICK),))
    buttons(card(view))["Take another seed"].click()
    buttons(card(view))["Race: Take another seed"].click()
    assert heard == raced == [SEED]


def test_after_a_remedy_restart_and_race_are_offered(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    view.show_experiment(replace(BASE, seed=9), BASE)
    there = buttons(card(view))
    assert {"Restart", "Race: Take another seed"} <= set(there)
    assert "Take another seed" not in there
    view.show_experiment(BASE, BASE)
    assert "Take another seed" in buttons(card(view))


@pytest.mark.parametrize(
    ("remedy", "now", "trained", "expected"),
    [
        (SEED, BASE, BASE, Standing.OFFERED),
        (SEED, replace(BASE, seed=9), BASE, Standing.SET),
        (SEED, replace(BASE, seed=9), replace(BASE, seed=9), Standing.ACTING),
        (ADVICE, BASE, BASE, Standing.ELSEWHERE),
        (MISTAKE, BASE, BASE, Standing.ELSEWHERE),
        (MISTAKE, BASE, replace(BASE, faults=(fault_named("softmax-twice"),)), Standing.SET),
        (
            MISTAKE,
            replace(BASE, faults=(fault_named("softmax-twice"),)),
            None,
            Standing.OFFERED,
        ),
    ],
)
def test_what_has_become_of_a_remedy(
    remedy: Remedy, now: Experiment, trained: Experiment | None, expected: Standing
) -> None:
    assert standing_of(remedy, now, trained) is expected


def test_a_mistake_that_no_switch_makes_is_said_in_a_sentence(view: DoctorView) -> None:
    view.show_runs((run(replace(SICK, findings=(finding(remedies=(MISTAKE,)),))),))
    assert "No switch of the experiment makes this" in said(card(view))
    assert "Take the mistake out" not in buttons(card(view))


def test_the_evidence_and_silence_are_asked_for_by_name(view: DoctorView) -> None:
    shown: list[str] = []
    ignored: list[str] = []
    view.show_wished.connect(shown.append)
    view.ignore_wished.connect(ignored.append)
    view.show_runs((run(SICK),))
    buttons(card(view))["Show evidence"].click()
    menu = card(view).findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert (shown, ignored) == (["data"], [CAUSE])


def test_what_was_checked_and_what_not_stands_there_also_when_all_is_well(
    view: DoctorView,
) -> None:
    view.show_runs((run(WELL),))
    checked = view.findings.checked
    assert checked.titles == (
        "What was checked: 4 of 4 are well",
        "Not checked, because …: 1",
    )
    assert checked.isVisible()
    assert "Nothing is wrong so far" in said(view.findings)
    view.show_runs((run(WELL, snapshot=Snapshot(RunState.FINISHED, 50)),))
    assert "Nothing is wrong with this run" in said(view.findings)


def test_what_is_well_is_unfolded_while_nothing_is_wrong(view: DoctorView) -> None:
    checked = view.findings.checked
    view.show_runs((run(WELL),))
    assert checked._well.heading.isChecked()
    view.show_runs((run(SICK),))
    assert not checked._well.heading.isChecked()
    checked._well.heading.click()
    view.show_runs((run(replace(SICK, findings=(finding(LATER),))),))
    assert checked._well.heading.isChecked()


def test_a_note_alone_is_nothing_wrong(view: DoctorView) -> None:
    view.show_runs((run(replace(SICK, findings=SICK.findings[:1])),))
    assert "Nothing is wrong so far" in said(view.findings)
    assert card(view, LATER).isVisible()


def test_what_is_ignored_is_named(view: DoctorView) -> None:
    view.show_runs((run(replace(WELL, ignored=frozenset({CAUSE}))),))
    assert "Ignored in this run" in said(view.findings.checked)
    assert view.findings.checked.titles[0] == "What was checked: 3 of 4 are well"


@pytest.mark.parametrize(
    ("views", "title"),
    [
        ((), "Nothing examined yet"),
        ((run(None, number=0),), "Nothing examined yet"),
        ((run(None),), "Looking at the first steps …"),
        ((run(None, file="a.safetensors"),), "This run was not examined"),
        ((run(None, snapshot=Snapshot(RunState.STOPPED, 9)),), "This run was not examined"),
    ],
)
def test_without_a_diagnosis_it_says_why(
    view: DoctorView, views: tuple[RunView, ...], title: str
) -> None:
    view.show_runs(views)
    assert view.empty.isVisible()
    assert view.empty.accessibleName() == title


def test_a_run_that_nobody_looked_at_can_be_examined_by_a_copy(view: DoctorView) -> None:
    wishes: list[str] = []
    view.examine_wished.connect(lambda: wishes.append("examine"))
    view.leave_wished.connect(lambda: wishes.append("leave"))
    model = run(None, file="a.safetensors")
    view.show_runs((model,))
    view.empty.acted.emit()
    view.show_copying(copying=True)
    assert view.empty.accessibleName() == "Examining a copy of this run …"
    view.empty.acted.emit()
    assert wishes == ["examine", "leave"]
    view.show_runs((replace(model, diagnosis=replace(SICK, copy_steps=1000)),))
    assert "private copy" in said(view.findings)


def test_while_a_mistake_is_hidden_nothing_is_told(view: DoctorView) -> None:
    titles: list[str] = []
    view.retitled.connect(titles.append)
    view.show_runs((run(SICK),))
    view.pages.choose("checks")
    view.keep_secret(secret=True)
    assert view.empty.accessibleName() == "A mistake is hidden"
    assert view.empty.isVisible()
    view.keep_secret(secret=False)
    assert titles == ["Doctor", "Doctor · 1"]


def test_a_picked_finding_is_unfolded_and_marked(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    view.pages.choose("checks")
    view.point_out(EFFECT)
    effect = view.findings.causes[CAUSE].effects[EFFECT]
    assert effect.isVisible()
    assert effect.marked
    assert not card(view).marked


def test_the_report_says_everything(view: DoctorView) -> None:
    view.show_runs((run(SICK),))
    menu = QMenu()
    view.fill_menu(menu)
    menu.actions()[0].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == report_of("Run 1", SICK, RULES)
    for words in (f"claim of {CAUSE}", "Checked and well:", "there are no validation samples"):
        assert words in copied
    rows = table_of(SICK).splitlines()
    assert len(rows) == 4
    assert rows[2].startswith(f"{CAUSE},broken,0,,255.0,2.0,,")


def test_the_picture_shows_what_is_scrolled_out_of_sight_too(
    view: DoctorView, tmp_path: Path
) -> None:
    view.show_runs((run(SICK),))
    view.resize(328, 200)
    QApplication.processEvents()
    view.exporter.write(tmp_path / "report.png")
    assert QImage(str(tmp_path / "report.png")).height() > 2 * 200
    view.exporter.write(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text(encoding="utf-8").startswith("rule,severity,step")


# quick checks


def result(*, passed: bool) -> CheckResult:
    return CheckResult("one_step", passed, ((text("ratio"), 0.98),), text("as promised"))


def test_a_check_tells_its_verdict_in_words_and_numbers(view: DoctorView) -> None:
    view.show_checks({"one_step": CheckNews(result=result(passed=True))}, "")
    one = view.checks.cards["one_step"]
    assert said(one).splitlines()[-4:] == ["Passed", "as promised", "ratio", "0.98"]
    view.show_checks({"one_step": CheckNews(result=result(passed=False))}, "")
    assert "Failed" in said(one)


def test_a_check_that_goes_on_can_be_cancelled(view: DoctorView) -> None:
    wished: list[str] = []
    cancelled: list[bool] = []
    view.check_wished.connect(wished.append)
    view.cancel_wished.connect(lambda: cancelled.append(True))
    one = view.checks.cards["overfit"]
    one.button.click()
    view.show_checks({"overfit": CheckNews(running=True, share=0.5, seconds_left=3)}, "")
    assert one.button.words == "Cancel"
    one.button.click()
    assert (wished, cancelled) == (["overfit"], [True])
    view.show_checks({}, "The data are not loaded yet.")
    assert not one.button.isEnabled()
    assert "The data are not loaded yet." in one.button.toolTip()


def test_the_range_test_is_a_link(view: DoctorView) -> None:
    assert view.checks.cards[RANGE_TEST].button.words == "Open"


def block(name: str, error: float, shape: tuple[int, ...]) -> BlockReport:
    return BlockReport(
        name, error, 5, 0, (Entry((0,) * len(shape), 0.5, 0.25),), np.ones(shape), 1e-6
    )


def test_a_wrong_gradient_is_shown_where_it_is_wrong_and_named(qtbot: QtBot) -> None:
    named = Naming(
        (Explanation(("softmax-twice",), 1e-7, text("Softmax twice."), "P = s(s(Z))", "P = s(Z)"),)
    )
    report = GradientReport(
        7, (block("layers.0.W", 1e-9, (4, 3)), block("layers.0.b", 0.4, (3,))), 1e-6, named=named
    )
    panel = GradientPanel(report)
    qtbot.addWidget(panel)
    panel.show()
    words = said(panel)
    for part in ("Softmax twice.", "P = s(s(Z))", "P = s(Z)", "Layer 1 · b: applied − stated"):
        assert part in words
    assert "[0] is 0.5, should be 0.25" in words
    assert panel.picture.isVisible()
    assert panel.picture.limit == 1.0
    panel.blocks.pick(0)
    assert not panel.picture.isVisible()


def test_blocks_are_called_as_people_call_them() -> None:
    assert words_of("layers.2.W") == "Layer 3 · W"


def test_the_scale_of_errors_is_logarithmic() -> None:
    assert [share_of(one) for one in (0.0, 1e-6, 1.0, np.nan)] == [0.0, 0.5, 1.0, 1.0]


def test_pooling_keeps_the_largest_of_either_sign() -> None:
    values = np.array([[1.0, -3.0, 0.5, 0.0], [2.0, 0.0, 0.25, -0.1]])
    assert pooled(values, rows=1, columns=2).tolist() == [[-3.0, 0.5]]


def test_a_named_mistake_is_taken_out_where_its_switch_is_on(view: DoctorView) -> None:
    wished: list[Remedy] = []
    view.remedy_wished.connect(wished.append)
    named = Naming((Explanation(("softmax-twice",), 1e-7, text("Twice."), "wrong", "right"),))
    report = GradientReport(0, (block("layers.0.b", 0.4, (3,)),), 1e-6, named=named)
    on = replace(BASE, faults=(fault_named("softmax-twice"),))
    view.show_experiment(on, on)
    view.show_checks({"gradient": CheckNews(result=report)}, "")
    view.pages.choose("checks")
    view._show()
    panel = view.checks.cards["gradient"].panel
    assert panel is not None
    offer = next(name for name in buttons(panel) if "Take out" in name)
    buttons(panel)[offer].click()
    assert [one.mistake for one in wished] == ["softmax-twice"]
    view.show_experiment(BASE, on)
    assert offer not in buttons(panel)


def test_mistakes_together_are_explained_one_after_the_other(qtbot: QtBot) -> None:
    kinds = ("derivative-at-error", "divided-by-inputs")
    named = Naming((Explanation(kinds, 1e-7, text("Two."), "both wrong", "both right"),))
    panel = GradientPanel(GradientReport(0, (block("layers.0.b", 0.4, (3,)),), 1e-6, named=named))
    qtbot.addWidget(panel)
    words = said(panel)
    assert "both wrong" not in words
    for kind in kinds:
        assert fault_named(kind).formula_wrong + ", in place of" in words


def test_errors_are_read_as_percentages_where_they_are_large() -> None:
    told = [error_in_words(one).replace("\xa0", " ") for one in (1.4, 0.042, 3.1e-9, 0.0, np.inf)]
    assert told == ["140 %", "4.20 %", "3.1e-9", "0", "∞"]


def test_advice_to_check_is_the_button_that_checks(view: DoctorView) -> None:
    wished: list[str] = []
    view.check_wished.connect(wished.append)
    advised = finding(shows=Shows.CHECK, remedies=(Remedy(text("Run the check")),))
    view.show_runs((run(replace(SICK, findings=(advised,))),))
    there = buttons(card(view))
    assert "Show evidence" not in there
    there["Run the check"].click()
    assert wished == ["gradient"]


def test_a_card_says_when_its_number_was_measured(view: DoctorView) -> None:
    view.show_runs((run(replace(SICK, findings=(finding(step=3, seen=40),))),))
    assert card(view)._claim.toolTip() == "The number was measured at step 40."
    view.show_runs((run(replace(SICK, findings=(finding(step=3, seen=3),))),))
    assert card(view)._claim.toolTip() == ""


def test_what_only_a_check_can_show_is_checked(view: DoctorView) -> None:
    wished: list[str] = []
    view.check_wished.connect(wished.append)
    view.show_runs((run(replace(SICK, findings=(finding(shows=Shows.CHECK),))),))
    buttons(card(view))["Show evidence"].click()
    assert wished == ["gradient"]
    assert view.checks.isVisible()
