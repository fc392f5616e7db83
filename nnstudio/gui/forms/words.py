"""What a form says about a setting: its help with the range, its values, its default."""

from dataclasses import is_dataclass
from typing import Any

from nnstudio.gui.widgets.numerals import grouped, rate
from nnstudio.spec import Setting, title_of
from nnstudio.texts import tr


def tooltip(setting: Setting) -> str:
    """Give title, help and legal range of `setting`, a line each."""
    lines = [tr(setting.title), tr(setting.help), range_of(setting)]
    if setting.optional:
        lines.append(tr("Leave empty for off."))
    return "\n".join(line for line in lines if line)


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
        return f"{value * 100:.10g} %"
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
        "list": lambda: ", ".join(map(str, value)) or tr("all"),
    }
    return shown.get(setting.kind, lambda: str(value))()
