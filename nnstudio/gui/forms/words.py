"""What a form says about a setting: its help with the range, its values, its default."""

from dataclasses import is_dataclass
from functools import cache
from textwrap import fill
from typing import Any, Final

from nnstudio.gui.widgets.numerals import grouped, rate
from nnstudio.paths import named_by
from nnstudio.spec import Setting, describe, kind_of, title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment

ROOM: Final = 34
"""So many letters have room in a chip."""
WIDE_LINE: Final = 72
"""So many letters have room in a line of a tooltip; half as many where they are twice as wide."""
FIRST_WIDE: Final = 0x2E80
SIGNS: Final = frozenset("，。；：、！？）》”’,.;:)")


def tooltip(setting: Setting) -> str:
    """Give title, help and legal range of `setting`, a line each."""
    lines = [tr(setting.title), tr(setting.help), range_of(setting)]
    if setting.optional:
        lines.append(tr("Leave empty for off."))
    return "\n".join(broken(line) for line in lines if line)


@cache
def broken(words: str) -> str:
    """Give `words` in lines that a tooltip shows whole: Qt breaks none that are plain."""
    if all(ord(letter) < FIRST_WIDE for letter in words):
        return fill(words, WIDE_LINE)
    # where no spaces stand between words, a line ends anywhere but before a sign
    lines, line = [], ""
    for letter in words:
        if len(line) >= WIDE_LINE // 2 and letter not in SIGNS:
            lines.append(line)
            line = ""
        line += letter
    return "\n".join((*lines, line))


def range_of(setting: Setting) -> str:
    """Give the legal range in one sentence; empty where there is no bound."""
    low = None if setting.minimum is None else number(setting.minimum, setting)
    high = None if setting.maximum is None else number(setting.maximum, setting)
    sentences = {
        (False, False): tr("From {low} to {high}.", low=low, high=high),
        (True, False): tr("More than {low}, at most {high}.", low=low, high=high),
        (False, True): tr("From {low} to less than {high}.", low=low, high=high),
        (True, True): tr("Between {low} and {high}.", low=low, high=high),
    }
    if low is None and high is None:
        return ""
    if high is None:
        above = tr("More than {low}.", low=low)
        return above if setting.open_minimum else tr("At least {low}.", low=low)
    if low is None:
        under = tr("Less than {high}.", high=high)
        return under if setting.open_maximum else tr("At most {high}.", high=high)
    return sentences[setting.open_minimum, setting.open_maximum]


def number(value: float, setting: Setting) -> str:
    """Give a number as the field of `setting` shows it, with its unit."""
    if setting.display.unit == "%":
        return f"{value * 100:.4g} %"
    written = grouped(int(value)) if setting.kind == "integer" else rate(value)
    return f"{written} {tr(setting.display.unit)}".strip()


def value_of(value: Any, setting: Setting) -> str:
    """Give any value of `setting` as a person would read it."""
    if value is None:
        return tr("off")
    if is_dataclass(value):
        return tr(title_of(type(value)))
    shown = {
        "integer": lambda: number(value, setting),
        "number": lambda: number(value, setting),
        "flag": lambda: tr("on") if value else tr("off"),
        "choice": lambda: next(tr(one.title) for one in setting.choices if one.value == value),
        "list": lambda: _listed(value, setting),
    }
    return shown.get(setting.kind, lambda: str(value))()


def _listed(values: tuple[Any, ...], setting: Setting) -> str:
    if any(map(is_dataclass, setting.members)):
        union = named_by(setting)
        inner = None if union is None or union is setting else union.name
        items = [one if inner is None else getattr(one, inner) for one in values]
        return ", ".join(tr(title_of(type(one))) for one in items) or tr("none")
    return ", ".join(map(rate, values)) or tr("all")


def summary_of(spec: Any, *, without: tuple[str, ...]) -> tuple[str, ...]:
    """Give in a word or two each part of `spec` that is not "none", such as "dropout 0.2".

    A part is one kind of several of which the first is none. Where all together are too long for
    a line, names of several words become their initials.
    """
    parts = [one for one in describe(type(spec)) if one.kind == "union" and one.name not in without]
    values = [(getattr(spec, one.name), one.members[0]) for one in parts]
    told = [
        value
        for value, first in values
        if kind_of(first) == "none" and not isinstance(value, first)
    ]
    names = [tr(title_of(type(value))) for value in told]
    said = tuple(_with_number(name, one) for name, one in zip(names, told, strict=True))
    if len(" · ".join(said)) <= ROOM:
        return said
    return tuple(_with_number(_initials(name), one) for name, one in zip(names, told, strict=True))


def _initials(name: str) -> str:
    words = name.split()
    return name if len(words) == 1 else "".join(word[0].upper() for word in words)


def _with_number(name: str, value: Any) -> str:
    numbers = [
        number(getattr(value, one.name), one)
        for one in describe(type(value))
        if one.kind in {"integer", "number"} and not one.display.advanced
    ]
    # of what has several numbers none says it all
    return f"{name} {numbers[0]}" if len(numbers) == 1 else name


def mistakes_of(experiment: Experiment) -> str:
    """Give the names of the classic mistakes that are on; nothing while none is."""
    return ", ".join(tr(title_of(type(fault))) for fault in experiment.faults)
