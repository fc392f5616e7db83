"""Guides are whole, name cases that ship, and mend what they say."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnstudio.errors import NnstudioError
from nnstudio.paths import differences
from nnstudio.places import resource_root
from nnstudio.runs import guides as module
from nnstudio.runs.cases import case_names, case_of, guided_names, load_case, preset_names, steps_of
from nnstudio.runs.checked_json import Words
from nnstudio.runs.guides import Cause, guides, load_guide, mended

TITLE = Words((("en", "a"), ("zh_CN", "b")))


def written(name: str) -> dict[str, Any]:
    file = resource_root() / "cases" / "guides" / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_a_name_tells_whether_it_is_a_case_a_step_or_a_preset() -> None:
    assert case_of("weights-do-not-change") == "weights-do-not-change"
    assert case_of("weights-do-not-change-healed") == "weights-do-not-change"
    assert case_of("spirals") is None
    steps = [name for case in guided_names() for name in (case, *steps_of(case))]
    assert sorted((*steps, *preset_names())) == list(case_names())


@pytest.mark.parametrize("name", guided_names())
def test_a_guide_can_be_read_and_its_case_ships(name: str) -> None:
    assert name in case_names()
    assert load_guide(name).lessons[-1].case == f"{name}-healed"


def test_guides_stand_in_the_order_in_which_they_teach() -> None:
    assert [one.order for one in guides()] == sorted({one.order for one in guides()})


@pytest.mark.parametrize("name", guided_names())
def test_every_step_of_a_case_is_reached_by_its_guide(name: str) -> None:
    guide = load_guide(name)
    runs = [run.case for one in guide.comparisons for run in one.runs]
    reached = {name, *(one.case for one in guide.lessons), *runs}
    assert reached == {name, *steps_of(name)}


@pytest.mark.parametrize("name", guided_names())
def test_every_cause_changes_the_case_and_another_thing_than_the_others(name: str) -> None:
    case = load_case(name)
    causes = load_guide(name).causes
    changed = [mended(case, cause) for cause in causes]
    assert case not in changed
    assert len(set(changed)) == len(causes) == len({one.name for one in causes})


@pytest.mark.parametrize("name", guided_names())
def test_a_lesson_changes_little_and_no_other_data(name: str) -> None:
    before = load_case(name)
    for lesson in load_guide(name).lessons:
        after = load_case(lesson.case)
        # where all start anew, layer by layer, is one change
        parts = {path[:2] for path in differences(before, after)}
        assert len(parts) <= 4, lesson.case
        assert ("data", "sources") not in parts, lesson.case
        before = after


@pytest.mark.parametrize("name", guided_names())
def test_runs_that_are_compared_learn_from_the_same_samples(name: str) -> None:
    for comparison in load_guide(name).comparisons:
        cases = [load_case(run.case) for run in comparison.runs]
        assert len(cases) >= 2
        assert len({one.data.sources for one in cases}) == 1, comparison.title


def test_a_cause_is_mended_by_settings_and_by_taking_mistakes_out() -> None:
    case = load_case("weights-do-not-change")
    rate = Cause("rate", TITLE, (), (("optimizer.learning_rate", 0.5),), ())
    assert mended(case, rate) == replace(case, optimizer=replace(case.optimizer, learning_rate=0.5))
    assert mended(case) == case


@pytest.mark.parametrize("path", ["optimizer.rate", "network.layers.7.units", "seed.0"])
def test_a_cause_whose_setting_is_not_there_is_refused(path: str) -> None:
    wrong = Cause("wrong", TITLE, (), ((path, 1),), ())
    with pytest.raises(NnstudioError, match=path):
        mended(load_case("weights-do-not-change"), wrong)


def test_a_guide_that_is_not_there_is_no_guide() -> None:
    with pytest.raises(KeyError):
        load_guide("spirals")


def damage(data: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    place: Any = data
    *way, last = [int(one) if one.isdecimal() else one for one in path.split(".")]
    for part in way:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("story", None, "“story” is missing"),
        ("title.zh_CN", "", "“title.zh_CN” is empty"),
        ("steps.0.case", "nothing", "there is no case “nothing”"),
        ("steps.1.right", 4, "2 to 4 answers"),
        ("steps.0.answers", [], "2 to 4 answers"),
        ("steps.0.anwsers", [], "“steps.0.anwsers” is not known"),
        ("steps.0.answers.0.en", 3, "“steps.0.answers.0.en” is of another kind"),
        ("look_at.0", "weights", "“look_at.0” should be an object"),
        ("comparisons.0.runs.0.case", "../secret", "there is no case"),
        ("causes.0.changes", [], "“causes.0.changes” is of another kind"),
    ],
)
def test_a_damaged_guide_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, value: object, told: str
) -> None:
    name = "weights-do-not-change"
    folder = tmp_path / "cases" / "guides"
    folder.mkdir(parents=True)
    (folder / f"{name}.json").write_text(json.dumps(damage(written(name), path, value)))
    monkeypatch.setattr(module, "resource_root", lambda: tmp_path)
    with pytest.raises(NnstudioError) as error:
        load_guide(name)
    assert told in str(error.value.what)
    assert f"{name}.json is damaged" in str(error.value.what)
