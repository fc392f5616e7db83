"""The settings of an experiment by the names that `--set` takes, and which one may be meant."""

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from difflib import get_close_matches
from typing import Any, Final

from nnstudio.paths import named_by, path_of, setting_at
from nnstudio.problems import SpecError
from nnstudio.spec import Setting, describe, kind_of
from nnstudio.texts import tr

ALIKE: Final = 0.75
"""How much of a name must be as it was written."""
MOST: Final = 3
"""So many names at most are proposed."""
MOST_CHOICES: Final = 6


@dataclass(frozen=True)
class Named:
    """A setting with the name that a person writes and what stands there."""

    name: str
    setting: Setting
    value: Any


def settings_of(experiment: Any) -> Iterator[Named]:
    """Give every setting that can be changed, in the order of the form."""
    yield from _settings(experiment, "")


def _settings(owner: Any, before: str) -> Iterator[Named]:
    for setting in describe(type(owner)):
        name, value = f"{before}{setting.name}", getattr(owner, setting.name)
        parts = value if isinstance(value, tuple) else ()
        listed = any(is_dataclass(part) for part in parts)
        if setting.kind != "spec" and (not listed or named_by(setting) is not None):
            yield Named(name, setting, value)
        if is_dataclass(value):
            yield from _settings(value, f"{name}.")
        for number, part in enumerate(parts if listed else ()):
            yield from _settings(part, f"{name}.{number}.")


def unknown(experiment: Any, name: str) -> str | None:
    """Give, in one sentence, what there is instead of a setting that is not there.

    None when there is a setting of this name.
    """
    path = path_of(name)
    if path[-1] == "kind":
        path = path[:-1]
    try:
        setting_at(experiment, path)
    except SpecError:
        pass
    else:
        return None
    known = list(settings_of(experiment))
    meant = _meant(known, name)
    if meant:
        return tr(
            "there is no setting {name}; did you mean {meant}? “nnstudio settings” lists all",
            name=name,
            meant=" · ".join(meant),
        )
    return _of_another_kind(known, name) or _what_there_is(known, name)


def _of_another_kind(known: list[Named], name: str) -> str | None:
    place, _, last = name.rpartition(".")
    choices = [
        f"{here.name}={kind_of(member)}"
        for here in known
        if here.setting.kind == "union" and (not place or f"{here.name}.".startswith(f"{place}."))
        for member in here.setting.members
        if any(setting.name == last for setting in describe(member))
    ]
    if not choices:
        return None
    return tr(
        "there is no setting {name} as things stand; it comes with {choices}",
        name=name,
        choices=" · ".join(choices[:MOST_CHOICES]),
    )


def _what_there_is(known: list[Named], name: str) -> str:
    place = _place(known, name)
    before = f"{place}." if place else ""
    after = [one.name.removeprefix(before) for one in known if one.name.startswith(before)]
    names = ", ".join(dict.fromkeys(one.partition(".")[0] for one in after))
    if not place:
        return tr(
            "there is no setting {name}; there are: {names}. “nnstudio settings” lists all",
            name=name,
            names=names,
        )
    return tr(
        "there is no setting {name}; {place} has: {names}. “nnstudio settings” lists all",
        name=name,
        place=place,
        names=names,
    )


def _meant(known: list[Named], name: str) -> list[str]:
    """Give the names that are like what was written.

    In full, by their end, their initials, or what the window calls the setting.
    """
    place = _place(known, name)
    like: dict[str, list[str]] = {}
    for one in known:
        # who has named a place that is there means something in it
        if place and not one.name.startswith(f"{place}."):
            continue
        last = one.setting.name
        initials = "".join(word[0] for word in last.split("_") if word)
        titles = {_plain(title) for title in (one.setting.title, tr(one.setting.title))}
        for word in {one.name.replace(".", "_"), last, initials, *titles}:
            like.setdefault(word, []).append(one.name)
    last = _plain(name.rpartition(".")[2])
    whole = last if place else name.lower().replace(".", "_")
    if len(last) < 2:
        return []
    if last in like:
        return like[last][:MOST]
    close = get_close_matches(whole, like, n=1, cutoff=ALIKE)
    if close:
        return like[close[0]][:MOST]
    within = [one.name for one in known if last in one.setting.name or one.name.startswith(last)]
    under = [full for full in within if not place or full.startswith(f"{place}.")]
    return sorted(under, key=lambda full: not full.startswith(last))[:MOST]


def _plain(words: str) -> str:
    return words.lower().replace(" ", "_").replace("-", "_")


def _place(known: list[Named], name: str) -> str:
    """Give the longest part of `name` that is there."""
    place = name.rpartition(".")[0]
    while place and not any(one.name.startswith(f"{place}.") for one in known):
        place = place.rpartition(".")[0]
    return place
