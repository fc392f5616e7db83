"""The memory of an examination: looks in a row, causes before effects, what is ignored."""

from dataclasses import replace

import pytest

from nnstudio.doctor.diagnosis import Finding, Phase, Rule, Severity, Unknown, Verdict
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.examine import Examination, guarded
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment

EXPERIMENT = Experiment()


class Script:
    """A rule that says at each look what it was told to."""

    def __init__(
        self,
        name: str,
        said: str,
        *,
        severity: Severity = Severity.BROKEN,
        phase: Phase = Phase.FLOW,
        explained_by: tuple[str, ...] = (),
        in_a_row: int = 1,
    ) -> None:
        self._said = iter(said)
        self._severity = severity
        self.rule = Rule(
            name=name,
            checks=text("All is well."),
            phase=phase,
            source="this test",
            judge=self._judge,
            explained_by=explained_by,
            in_a_row=in_a_row,
        )

    def _judge(self, evidence: Evidence) -> Verdict:
        said = next(self._said)
        if said == "?":
            return Unknown(text("It is not known."))
        if said == ".":
            return None
        return Finding(
            self.rule.name,
            self._severity,
            evidence.step,
            evidence.step,
            0.0,
            text("It is."),
            text("So."),
        )


def looked(*scripts: Script, looks: int, every: int = 10) -> Examination:
    examination = Examination(tuple(one.rule for one in scripts))
    for number in range(looks):
        examination.look(Evidence(step=every * number, experiment=EXPERIMENT))
    return examination


def findings(examination: Examination) -> list[tuple[str, str]]:
    newest = examination.newest
    return [(one.rule, one.explained_by) for one in newest.findings]


def test_what_is_seen_once_is_not_told_where_two_looks_are_asked_for() -> None:
    assert findings(looked(Script("a", "x.x", in_a_row=2), looks=3)) == []


def test_a_finding_tells_the_first_step_of_its_looks_in_a_row() -> None:
    examination = looked(Script("a", ".x.xx", in_a_row=2), looks=5)
    assert [one.step for one in examination.newest.findings] == [30]


def test_the_first_step_stays_when_a_finding_goes_and_comes_back() -> None:
    examination = looked(Script("a", "x.x"), looks=3)
    assert [one.step for one in examination.newest.findings] == [0]


def test_a_finding_that_is_seen_no_more_is_gone() -> None:
    assert findings(looked(Script("a", "x."), looks=2)) == []


def test_the_same_step_seen_again_is_no_second_witness() -> None:
    examination = Examination((Script("a", "xx", in_a_row=2).rule,))
    for _ in range(2):
        examination.look(Evidence(step=5, experiment=EXPERIMENT))
    assert findings(examination) == []


def test_an_effect_is_folded_under_its_cause_and_follows_it() -> None:
    effect = Script("effect", "x", explained_by=("cause",))
    other, cause = Script("other", "x"), Script("cause", "x", phase=Phase.START)
    examination = looked(cause, other, effect, looks=1)
    assert findings(examination) == [("cause", ""), ("effect", "cause"), ("other", "")]


def test_an_effect_stands_alone_where_nothing_that_explains_it_is_open() -> None:
    effect = Script("effect", "x", explained_by=("cause",))
    assert findings(looked(Script("cause", "."), effect, looks=1)) == [("effect", "")]


def test_an_effect_of_an_effect_is_folded_under_the_first_cause() -> None:
    scripts = (
        Script("a", "x"),
        Script("b", "x", explained_by=("a",)),
        Script("c", "x", explained_by=("b",)),
    )
    assert findings(looked(*scripts, looks=1)) == [("a", ""), ("b", "a"), ("c", "a")]


def test_the_first_open_one_of_the_list_explains() -> None:
    scripts = (
        Script("a", "."),
        Script("b", "x"),
        Script("c", "x"),
        Script("d", "x", explained_by=("a", "c", "b")),
    )
    assert ("d", "c") in findings(looked(*scripts, looks=1))


def test_a_cause_is_as_bad_as_what_it_does() -> None:
    cause = Script("cause", "x", severity=Severity.SLOW)
    effect = Script("effect", "x", explained_by=("cause",))
    examination = looked(cause, effect, looks=1)
    assert [one.severity for one in examination.newest.findings] == [Severity.BROKEN] * 2


def test_a_note_stays_a_note_whatever_it_explains() -> None:
    cause = Script("cause", "x", severity=Severity.NOTE)
    effect = Script("effect", "x", explained_by=("cause",))
    assert looked(cause, effect, looks=1).newest.findings[0].severity == Severity.NOTE


def test_a_cause_that_has_passed_stays_while_its_effect_is_there() -> None:
    scripts = (Script("cause", "x.."), Script("effect", ".x.", explained_by=("cause",)))
    assert findings(looked(*scripts, looks=2)) == [("cause", ""), ("effect", "cause")]
    again = (Script("cause", "x.."), Script("effect", ".x.", explained_by=("cause",)))
    assert findings(looked(*again, looks=3)) == []


def test_a_rate_explains_nothing_that_was_there_before_the_first_step() -> None:
    rate = Script("rate", ".x", phase=Phase.RATE)
    effect = Script("effect", "xx", explained_by=("rate",), phase=Phase.FLOW)
    assert findings(looked(effect, rate, looks=2)) == [("effect", ""), ("rate", "")]


def test_what_is_broken_comes_before_what_is_slow_and_notes_come_last() -> None:
    scripts = (
        Script("note", "x", severity=Severity.NOTE),
        Script("slow", "x", severity=Severity.SLOW),
        Script("other", "x", severity=Severity.SLOW),
        Script("bad", "x"),
    )
    order = [("bad", ""), ("slow", ""), ("other", ""), ("note", "")]
    assert findings(looked(*scripts, looks=1)) == order


def test_a_finding_tells_what_was_measured_first_and_what_is_measured_now() -> None:
    (found,) = looked(Script("a", "xx"), looks=2).newest.findings
    assert (found.step, found.seen) == (0, 10)
    assert (found.first_value, found.value) == (0.0, 10.0)


def test_what_was_checked_and_what_was_not_is_always_told() -> None:
    newest = looked(Script("a", "."), Script("b", "?"), Script("c", "x"), looks=1).newest
    assert newest.checked == ("a", "c")
    assert [(name, str(why)) for name, why in newest.unknown] == [("b", "It is not known.")]
    assert newest.step == 0


def test_an_ignored_finding_is_left_out_at_once_and_from_then_on() -> None:
    examination = looked(Script("a", "xx"), Script("b", "xx"), looks=1)
    assert [one.rule for one in examination.ignore("a").findings] == ["b"]
    newest = examination.look(Evidence(step=10, experiment=EXPERIMENT))
    assert [one.rule for one in newest.findings] == ["b"]
    assert newest.ignored == {"a"}


def test_an_ignored_cause_leaves_its_effects_on_their_own() -> None:
    examination = looked(
        Script("cause", "x"), Script("effect", "x", explained_by=("cause",)), looks=1
    )
    newest = examination.ignore("cause")
    assert [(one.rule, one.explained_by) for one in newest.findings] == [("effect", "")]


def test_a_rule_that_is_not_there_cannot_be_ignored() -> None:
    with pytest.raises(KeyError):
        Examination(()).ignore("gone")


def test_the_real_rules_give_a_diagnosis_of_next_to_nothing() -> None:
    diagnosis = Examination().look(Evidence(step=0, experiment=EXPERIMENT))
    assert diagnosis.findings == ()
    assert diagnosis.unknown
    assert diagnosis.worst is None


def test_the_worst_finding_is_told() -> None:
    examination = looked(Script("a", "x", severity=Severity.SLOW), Script("b", "x"), looks=1)
    assert examination.newest.worst == Severity.BROKEN
    assert replace(examination.newest, findings=()).worst is None


def test_a_guarded_rule_that_fails_is_not_checked_and_the_others_are_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_evidence: Evidence) -> Verdict:
        raise ValueError("nanmax of nothing")

    broken = replace(Script("broken", "").rule, judge=fails)
    examination = Examination(guarded((broken, Script("other", "xx").rule)))
    for step in (0, 10):
        diagnosis = examination.look(Evidence(step=step, experiment=EXPERIMENT))
    assert [one.rule for one in diagnosis.findings] == ["other"]
    assert diagnosis.unknown == (
        ("broken", text("The doctor made a mistake here; it is in the log.")),
    )
    assert caplog.text.count("the rule broken failed at step 0") == 1
