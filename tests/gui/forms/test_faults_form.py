"""The switches of the classic mistakes: on, off, waiting, unfit, and offered in one case alone."""

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.faults import FAULTS, fault_named
from nnstudio.gui.forms.faults_form import FaultsForm, named
from nnstudio.gui.forms.part import Shown
from nnstudio.spec import kind_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.problems import problems

TWICE = fault_named("softmax-twice")
SIGN = fault_named("gradient-sign")


@pytest.fixture
def form(qtbot: QtBot) -> FaultsForm:
    made = FaultsForm()
    qtbot.addWidget(made)
    made.show_setting(Experiment(), None)
    made.show_this(Shown((), running=()))
    return made


def edits(form: FaultsForm) -> list[Any]:
    heard: list[Any] = []
    form.edited.connect(heard.append)
    return heard


def test_there_is_a_switch_for_every_mistake_in_the_order_in_which_they_act(
    form: FaultsForm,
) -> None:
    assert list(form.switches) == [kind_of(fault) for fault in FAULTS]
    boxes = [one.box.accessibleName() for one in form.switches.values()]
    assert boxes == [named(fault) for fault in FAULTS]


def test_a_switch_sends_all_that_are_on_in_their_fixed_order(form: FaultsForm) -> None:
    heard = edits(form)
    form.show_this(Shown((SIGN,), running=()))
    form.switches["softmax-twice"].box.click()
    assert heard == [(TWICE, SIGN)]
    form.show_this(Shown((TWICE, SIGN), running=()))
    form.switches["gradient-sign"].box.click()
    assert heard[-1] == (TWICE,)


def test_what_is_on_says_what_it_does(form: FaultsForm) -> None:
    one = form.switches["softmax-twice"]
    assert one._about.isHidden()
    form.show_this(Shown((TWICE,), running=(TWICE,)))
    assert one.box.isChecked()
    assert not one._about.isHidden()
    assert form.count == 1


def test_a_switch_that_waits_for_a_restart_has_a_mark_that_takes_it_back(form: FaultsForm) -> None:
    heard = edits(form)
    form.show_this(Shown((TWICE,), running=()))
    one = form.switches["softmax-twice"]
    assert one.row.mark.filled
    one.row.mark.click()
    assert heard == [()]


def test_what_cannot_act_is_grey_and_says_why(form: FaultsForm) -> None:
    one = form.switches["dropout-active-in-prediction"]
    assert not one.box.isEnabled()
    assert "dropout" in one.row.label.toolTip().lower().splitlines()[-1]


def test_problems_stand_under_their_switch_and_are_mended_together(form: FaultsForm) -> None:
    experiment = replace(Experiment(), faults=(TWICE, fault_named("dropout-active-in-prediction")))
    found = tuple(
        replace(one, path=one.path[1:])
        for one in problems(experiment, None)
        if one.path[:1] == ("faults",)
    )
    form.show_setting(experiment, None)
    form.show_this(Shown(experiment.faults, found, running=()))
    assert form.wrong
    assert form.switches["dropout-active-in-prediction"].row.complaint.text()
    assert not form.switches["softmax-twice"].row.complaint.text()
    wished: list[Any] = []
    form.remedy_wished.connect(wished.append)
    form._remedies.links[0].click()
    assert wished == [found[0].remedy]


def test_one_is_offered_in_its_case_alone_and_stays_while_it_is_on(form: FaultsForm) -> None:
    one = form.switches["targets-not-clipped"]
    assert one.isHidden()
    form.show_setting(Experiment(), None, case="loss-rises")
    assert not one.isHidden()
    form.show_setting(Experiment(), None)
    assert one.isHidden()
    form.show_this(Shown((fault_named("targets-not-clipped"),), running=()))
    assert not one.isHidden()
