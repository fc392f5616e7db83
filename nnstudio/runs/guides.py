"""Guide: what a case teaches, one remedy at a time; read whole or refused in one sentence.

The causes of a case stand here once: the ablation table, the window and the tests read this list.
"""

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.paths import path_of
from nnstudio.places import resource_root
from nnstudio.runs.cases import case_names, guided_names
from nnstudio.runs.checked_json import CheckedJson, DamagedError, Words, damaged, read_shipped
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment, experiment_from_json, experiment_to_json

FORMAT_VERSION: Final = 1
LANGUAGES: Final = ("en", "zh_CN")
LEAST_ANSWERS: Final = 2
MOST_ANSWERS: Final = 4


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong with a case.

    Attributes
    ----------
    name : str
        Short, for rows of the ablation table.
    title : Words
        What is wrong, in a few words.
    found_by : tuple of str
        Rules of the doctor that tell it, the one that is expected first; none where no rule can.
    changes : tuple of (str, value)
        What mends it: dotted paths of the Experiment, and JSON values.
    without : tuple of str
        Classic mistakes that are switched off.
    """

    name: str
    title: Words
    found_by: tuple[str, ...]
    changes: tuple[tuple[str, Any], ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A view, by its name, and what is to be seen there."""

    view: str
    told: Words


@dataclass(frozen=True)
class Question:
    """A prediction that is asked before a run shows who was right.

    Attributes
    ----------
    asked : Words
        The question.
    answers : tuple of Words
        Two to four.
    right : int
        Position of the right one.
    then : Words
        What happens and why, with numbers that were measured; shown after the choice.
    """

    asked: Words
    answers: tuple[Words, ...]
    right: int
    then: Words


@dataclass(frozen=True)
class Lesson:
    """One step of healing: the case with this remedy, and those before it, applied."""

    case: str
    remedy: Words
    question: Question


@dataclass(frozen=True)
class Compared:
    """One run of a comparison."""

    name: Words
    case: str


@dataclass(frozen=True)
class Comparison:
    """Several runs that are drawn together; some ask for a prediction first."""

    title: Words
    told: Words
    runs: tuple[Compared, ...]
    question: Question | None


@dataclass(frozen=True)
class Guide:
    """What stands beside the plots while a case is open.

    Attributes
    ----------
    name : str
        Of the case.
    order : int
        Place among the cases.
    title, story : Words
        What it is called, and what its author saw.
    looks : tuple of Look
        Where to look.
    causes : tuple of Cause
        In the order of their effect.
    lessons : tuple of Lesson
        One remedy at a time; the last one is healed.
    comparisons : tuple of Comparison
        Runs beside each other.
    ablation : str or None
        The file with the ablation table, from the folder of the cases.
    """

    name: str
    order: int
    title: Words
    story: Words
    looks: tuple[Look, ...]
    causes: tuple[Cause, ...]
    lessons: tuple[Lesson, ...]
    comparisons: tuple[Comparison, ...]
    ablation: str | None


def load_guide(name: str) -> Guide:
    """Give the guide of a case.

    Raises
    ------
    KeyError
        When that case has none.
    NnstudioError
        When the file is damaged, or names a case that does not ship.
    """
    file = resource_root() / "cases" / "guides" / f"{name}.json"
    if name not in guided_names():
        raise KeyError(name)
    found = read_shipped(file, version=FORMAT_VERSION)
    try:
        return _guide(found, name)
    except DamagedError as error:
        raise damaged(file.name, error) from None


@cache
def guides() -> tuple[Guide, ...]:
    """Give the guides of all cases in the order in which they teach, read once.

    Raises
    ------
    NnstudioError
        When a file is damaged.
    """
    return tuple(sorted(map(load_guide, guided_names()), key=attrgetter("order")))


def mended(experiment: Experiment, *causes: Cause) -> Experiment:
    """Give `experiment` without these causes.

    Raises
    ------
    NnstudioError
        When what mends one is no legal setting.
    """
    data = experiment_to_json(experiment)
    for cause in causes:
        for path, value in cause.changes:
            _put(data, path, value)
        data["faults"] = [one for one in data["faults"] if one["kind"] not in cause.without]
    return experiment_from_json(data)


def _put(data: dict[str, Any], path: str, value: object) -> None:
    *way, last = path_of(path)
    place: Any = data
    try:
        for part in way:
            place = place[part]
        # what is not there yet would be added in silence
        place[last]
        place[last] = value
    except (KeyError, IndexError, TypeError):
        raise NnstudioError("There is no setting {path}.", hint="", path=path) from None


def _guide(found: CheckedJson, name: str) -> Guide:
    guide = Guide(
        name=name,
        order=found.whole("order"),
        title=_words(found, "title"),
        story=_words(found, "story"),
        looks=tuple(_look(one) for one in found.children("look_at")),
        causes=tuple(_cause(one) for one in found.children("causes")),
        lessons=tuple(_lesson(one) for one in found.children("steps")),
        comparisons=tuple(_comparison(one) for one in found.children("comparisons")),
        ablation=found.string("ablation") if found.has("ablation") else None,
    )
    found.close()
    return guide


def _words(found: CheckedJson, name: str) -> Words:
    return found.words(name, languages=LANGUAGES)


def _look(found: CheckedJson) -> Look:
    look = Look(found.string("view"), _words(found, "text"))
    found.close()
    return look


def _cause(found: CheckedJson) -> Cause:
    cause = Cause(
        name=found.string("name"),
        title=_words(found, "title"),
        found_by=found.strings("found_by"),
        changes=found.mapping("changes"),
        without=found.strings("without"),
    )
    found.close()
    return cause


def _lesson(found: CheckedJson) -> Lesson:
    lesson = Lesson(_case(found), _words(found, "remedy"), _question(found))
    found.close()
    return lesson


def _comparison(found: CheckedJson) -> Comparison:
    comparison = Comparison(
        title=_words(found, "title"),
        told=_words(found, "text"),
        runs=tuple(_compared(one) for one in found.children("runs")),
        question=_question(found) if found.has("question") else None,
    )
    found.close()
    return comparison


def _compared(found: CheckedJson) -> Compared:
    compared = Compared(_words(found, "name"), _case(found))
    found.close()
    return compared


def _question(found: CheckedJson) -> Question:
    asked = _words(found, "question")
    offered = found.children("answers")
    right = found.whole("right")
    if not LEAST_ANSWERS <= len(offered) <= MOST_ANSWERS or right >= len(offered):
        raise DamagedError(text("a question needs 2 to 4 answers, and one of them is right"))
    answers = tuple(Words(tuple((code, one.string(code)) for code in LANGUAGES)) for one in offered)
    return Question(asked, answers, right, _words(found, "then"))


def _case(found: CheckedJson) -> str:
    case = found.string("case")
    if case not in case_names():
        raise DamagedError(text("there is no case “{case}”", case=case))
    return case
