"""Paths into a spec: read, replace, parse and compare the values that stand at them.

A path is a tuple of field names and list positions; people write it with dots.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from nnstudio.problems import Path, Problem, Remedy, SpecError
from nnstudio.spec import (
    Setting,
    describe,
    from_json,
    kind_of,
    to_json,
)
from nnstudio.texts import text

_T = TypeVar("_T")


def path_of(written: str) -> Path:
    """Give the path that is written with dots; a part of digits is a position in a list.

    Examples
    --------
    >>> path_of("network.layers.0.units")
    ('network', 'layers', 0, 'units')
    """
    return tuple(
        # longer ones are no positions, and Python refuses to read thousands of digits
        int(part) if part.isdecimal() and len(part) < 10 else part
        for part in written.split(".")
    )


def value_at(value: Any, path: Path) -> Any:
    """Give what stands at `path`, such as ``("network", "layers", 0, "units")``."""
    for part in path:
        value = value[part] if isinstance(part, int) else getattr(value, part)
    return value


def replace_at(value: _T, path: Path, new: Any) -> _T:
    """Give a copy of a spec with `new` at `path`; everything on the way is checked again.

    Raises
    ------
    SpecError
        With paths that start at `value`.
    """
    if not path:
        return cast("_T", new)
    head, *rest = path
    try:
        changed = replace_at(value_at(value, (head,)), tuple(rest), new)
    except SpecError as error:
        raise SpecError(
            tuple(Problem((head, *problem.path), problem.message) for problem in error.problems)
        ) from None
    if isinstance(value, tuple):
        at = int(head)
        return cast("_T", (*value[:at], changed, *value[at + 1 :]))
    return cast("_T", replace(cast("Any", value), **{str(head): changed}))


def remedied(value: _T, remedy: Remedy) -> _T:
    """Give a copy of a spec with every value of a `Problem.remedy` at its place.

    Raises
    ------
    SpecError
        When a value is not legal there.
    """
    for path, new in remedy:
        value = replace_at(value, path, new)
    return value


def setting_at(value: Any, path: Path) -> Setting:
    """Give the description of the field at `path` of the spec `value`.

    Raises
    ------
    SpecError
        When there is no such field.
    """
    owner = value
    for depth, part in enumerate(path):
        if isinstance(part, int):
            if not isinstance(owner, tuple) or not 0 <= part < len(owner):
                break
            owner = owner[part]
            continue
        setting = (
            next((one for one in describe(type(owner)) if one.name == part), None)
            if is_dataclass(owner)
            else None
        )
        if setting is None:
            break
        if depth == len(path) - 1:
            return setting
        owner = getattr(owner, part)
    raise SpecError((Problem(path, text("there is no setting of this name")),))


def switch(old: Any, cls: Any, *, default: Any = None) -> Any:
    """Give a `cls` that keeps those values of `old` that a person chose and that fit there.

    Kept is what has the same name and means the same (`Display.means`), is legal there, and was
    not merely the default of the old class: what nobody chose takes the new class's default. What
    is not kept comes from `default` when that is a `cls`.

    Examples
    --------
    >>> from nnstudio.nn.optimizers import RmsProp, Sgd
    >>> kept = switch(Sgd(learning_rate=0.5, momentum=0.9), RmsProp)
    >>> kept.momentum, kept.learning_rate
    (0.9, 0.01)
    """
    before = {one.name: one for one in (describe(type(old)) if is_dataclass(old) else ())}
    kept = {
        setting.name: getattr(old, setting.name)
        for setting in describe(cls)
        if setting.name in before and _means_the_same(before[setting.name], setting)
    }
    kept = {name: value for name, value in kept.items() if value != before[name].default}
    while True:
        try:
            return replace(default, **kept) if type(default) is cls else cls(**kept)
        except SpecError as error:
            wrong = {problem.path[0] for problem in error.problems} & set(kept)
            if not wrong:
                raise
            kept = {name: value for name, value in kept.items() if name not in wrong}


def _means_the_same(one: Setting, other: Setting) -> bool:
    return one.display.means == other.display.means


def parse_at(value: _T, path: str, written: str) -> _T:
    """Give a copy of a spec with what a person has `written` at a dotted `path`.

    Parameters
    ----------
    value : spec
        What is changed.
    path : str
        Such as ``optimizer.learning_rate`` or ``network.layers.0.units``; a union is switched by
        its name (``optimizer`` = ``adam``) and keeps what means the same there.
    written : str
        JSON, or a bare word. In a list whose items are named by the kinds of a union (see
        `named_by`) a bare name stands for the item with its defaults, and names may be written
        with commas between them.

    Raises
    ------
    SpecError
        When there is no such setting or the value is not legal.
    """
    parts = path_of(path)
    if parts[-1] == "kind":
        parts = parts[:-1]
    setting = setting_at(value, parts)
    try:
        new = json.loads(written)
    except (ValueError, RecursionError):
        new = written
    if setting.kind == "union" and isinstance(new, str):
        members = {kind_of(member): member for member in setting.members}
        if new not in members:
            known = text("must be one of {expected}", expected=", ".join(members))
            raise SpecError((Problem(parts, known),))
        switched = switch(value_at(value, parts), members[new], default=setting.default)
        return replace_at(value, parts, switched)
    if setting.kind == "list" and all(map(is_dataclass, setting.members)):
        new = _named_items(new, setting)
    legal = [choice.value for choice in setting.choices]
    if (setting.kind == "choice" and new not in legal) or (
        setting.kind == "text" and not isinstance(new, str | None)
    ):
        new = written
    changed = to_json(value)
    place: Any = changed
    for part in parts[:-1]:
        place = place[part]
    place[parts[-1]] = new
    return from_json(type(value), changed)


def named_by(setting: Setting) -> Setting | None:
    """Give the union whose kinds are names for the items of a list; None where they have none.

    For members of a union that is the list itself; for items of one class, such as weighted
    sources, the only union that they have.
    """
    if setting.kind != "list" or not all(map(is_dataclass, setting.members)):
        return None
    if len(setting.members) > 1:
        return setting
    unions = [one for cls in setting.members for one in describe(cls) if one.kind == "union"]
    return unions[0] if len(unions) == 1 else None


def _named_items(written: Any, setting: Setting) -> Any:
    """Give the JSON of a list in which a bare name stands for what is of that kind."""
    items = [one.strip() for one in written.split(",")] if isinstance(written, str) else written
    if not isinstance(items, list):
        return written
    union = named_by(setting)
    inner = None if union is None or union is setting else union.name
    return [_named_item(one, inner) if isinstance(one, str) else one for one in items if one != ""]


def _named_item(name: str, inner: str | None) -> dict[str, Any]:
    named = {"kind": name}
    return named if inner is None else {inner: named}


def differences(one: Any, other: Any) -> tuple[Path, ...]:
    """Give the paths at which two specs differ, the shortest that say all, in field order."""
    return tuple(_differences(one, other, ()))


def _differences(one: Any, other: Any, path: Path) -> Iterator[Path]:
    if one == other:
        return
    if is_dataclass(one) and type(one) is type(other):
        for field in fields(one):
            yield from _differences(
                getattr(one, field.name), getattr(other, field.name), (*path, field.name)
            )
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, (*path, index))
    else:
        yield path
