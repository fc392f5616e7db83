"""What a setting is: defined once, as an annotated field; the only module that knows pydantic.

Form, bounds, JSON, command line, sweep and comparison all read the same field. A spec is a frozen,
hashable dataclass that checks itself on construction and in `dataclasses.replace`.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass
from pydantic.fields import FieldInfo

from nnstudio.problems import Path, Problem, SpecError, problems_in
from nnstudio.texts import text

__all__ = [
    "Choice",
    "Display",
    "Field",
    "Path",
    "Problem",
    "Setting",
    "SpecError",
    "describe",
    "from_json",
    "help_of",
    "kind_of",
    "spec",
    "title_of",
    "to_json",
]

_T = TypeVar("_T")
Kind = Literal["integer", "number", "flag", "choice", "text", "spec", "union", "list"]


@dataclass(frozen=True)
class Display:
    """How a setting is shown; nothing here decides what is legal.

    Attributes
    ----------
    scale : {"linear", "log"}
        How an editor steps through the values.
    live : bool
        Whether the setting may change while a run goes on.
    live_at : {"step", "epoch"}
        When a change of a live setting acts: at the next step or at the next epoch.
    unit : str
        Shown behind the value, translated; ``%`` means that 0.1 is shown as 10 %.
    choices : tuple of str
        Titles of the values of a choice, in their order.
    section : str
        Section of the control panel, for the fields of the outermost spec.
    advanced : bool
        Shown only when a person asks for more, or when the value is not the default.
    means : str
        What a number means where an equal-named one of another class means something else, such as
        a learning rate: a switch of a union keeps it only where this is the same.
    """

    scale: Literal["linear", "log"] = "linear"
    live: bool = False
    live_at: Literal["step", "epoch"] = "step"
    unit: str = ""
    choices: tuple[str, ...] = ()
    section: str = ""
    advanced: bool = False
    means: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Choice:
    """One legal value of a choice and its title (to be translated when shown)."""

    value: object
    title: str


@dataclass(frozen=True)
class Setting:
    """One field of a spec, as form, command line and comparison see it.

    `members` holds the classes of a ``union`` (one per kind), the class of a ``spec``, and the
    classes of the items of a ``list``. `default` is None as well when the field must be given.
    """

    name: str
    title: str
    help: str
    kind: Kind
    default: object
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    minimum_length: int = 0
    maximum_length: int | None = None
    choices: tuple[Choice, ...] = ()
    members: tuple[type, ...] = ()
    display: Display = Display()


_CONFIG: Final = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field,))
def spec(*, title: str, help: str = "") -> Callable[[type[_T]], type[_T]]:  # noqa: A002 - the word of the form
    """Make a class a spec: frozen, keyword-only, checked on construction.

    Parameters
    ----------
    title : str
        Name in forms, in the field's standard terms.
    help : str
        One or two sentences for the tooltip.
    """

    def decorate(cls: type[_T]) -> type[_T]:
        made = checked_dataclass(frozen=True, kw_only=True, config=_CONFIG)(cls)
        checked_init = made.__init__

        def __init__(self: Any, *args: Any, **values: Any) -> None:  # noqa: N807 - it is that method
            try:
                checked_init(self, *args, **values)
            except ValidationError as error:
                raise SpecError(problems_in(error.errors(include_url=False), values)) from None

        made.__init__ = __init__  # type: ignore[method-assign]  # errors in our words
        made.spec_title = title  # type: ignore[attr-defined]  # read by title_of alone
        made.spec_help = help  # type: ignore[attr-defined]  # read by help_of alone
        return cast("type[_T]", made)

    return decorate


def title_of(cls: type) -> str:
    """Give the title of a spec class, to be translated when shown."""
    return cast("str", cls.spec_title)  # type: ignore[attr-defined]  # set by @spec


def help_of(cls: type) -> str:
    """Give the help of a spec class, to be translated when shown."""
    return cast("str", cls.spec_help)  # type: ignore[attr-defined]  # set by @spec


def kind_of(cls: type) -> str:
    """Give the tag by which a member of a union is known in JSON: the default of its ``kind``."""
    return cast("str", next(field.default for field in fields(cls) if field.name == "kind"))


_DESCRIBED: Final[dict[type, tuple[Setting, ...]]] = {}


def describe(cls: Any) -> tuple[Setting, ...]:
    """Give the settings of a spec class in their order; ``kind``, the tag of a union, is not one.

    Raises
    ------
    TypeError
        When a field is written in a way that no form could show.
    """
    if cls not in _DESCRIBED:
        hints = get_type_hints(cls, include_extras=True)
        _DESCRIBED[cls] = tuple(
            _setting(one.name, hints[one.name], None if one.default is MISSING else one.default)
            for one in fields(cls)
            if one.name != "kind"
        )
    return _DESCRIBED[cls]


def _setting(name: str, hint: Any, default: object) -> Setting:
    outer, marks = _unwrap(hint)
    optional = False
    if get_origin(outer) in (Union, types.UnionType) and type(None) in get_args(outer):
        optional = True
        rest = tuple(part for part in get_args(outer) if part is not type(None))
        inner, inner_marks = _unwrap(rest[0] if len(rest) == 1 else Union[rest])  # noqa: UP007 - built at run time
        outer, marks = inner, [*inner_marks, *marks]
    words = [mark for mark in reversed(marks) if isinstance(mark, FieldInfo)]
    said_title = next((one.title for one in words if one.title), None)
    said_help = next((one.description for one in words if one.description), None)
    display = next((mark for mark in reversed(marks) if isinstance(mark, Display)), Display())
    kind, members, choices = _kind(name, outer, display)
    bounds = _bounds(marks)
    return Setting(
        name=name,
        title=said_title or (title_of(members[0]) if kind == "spec" else name),
        help=said_help or (help_of(members[0]) if kind == "spec" else ""),
        kind=kind,
        default=default,
        optional=optional,
        minimum=bounds.get("ge", bounds.get("gt")),
        maximum=bounds.get("le", bounds.get("lt")),
        open_minimum="gt" in bounds,
        open_maximum="lt" in bounds,
        minimum_length=int(bounds.get("min_length", 0)),
        maximum_length=None if "max_length" not in bounds else int(bounds["max_length"]),
        choices=choices,
        members=members,
        display=display,
    )


def _unwrap(hint: Any) -> tuple[Any, list[Any]]:
    marks: list[Any] = []
    while get_origin(hint) is Annotated:
        inner, *more = get_args(hint)
        marks = [*more, *marks]
        hint = inner
    return hint, marks


def _bounds(marks: list[Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for mark_ in marks:
        for limit in mark_.metadata if isinstance(mark_, FieldInfo) else ():
            for name in ("ge", "gt", "le", "lt", "min_length", "max_length"):
                value = getattr(limit, name, None)
                if value is not None:
                    found[name] = value
    return found


def _kind(
    name: str, outer: Any, display: Display
) -> tuple[Kind, tuple[type, ...], tuple[Choice, ...]]:
    simple: dict[Any, Kind] = {bool: "flag", int: "integer", float: "number", str: "text"}
    if outer in simple:
        return simple[outer], (), ()
    if get_origin(outer) is Literal:
        values = get_args(outer)
        titles = display.choices or tuple(str(value) for value in values)
        return (
            "choice",
            (),
            tuple(Choice(value, title) for value, title in zip(values, titles, strict=True)),
        )
    if get_origin(outer) in (Union, types.UnionType):
        return "union", get_args(outer), ()
    if get_origin(outer) is tuple:
        item = _unwrap(get_args(outer)[0])[0] if get_args(outer) else None
        members = get_args(item) if get_origin(item) in (Union, types.UnionType) else (item,)
        return "list", tuple(member for member in members if isinstance(member, type)), ()
    if is_dataclass(outer):
        return "spec", (cast("type", outer),), ()
    raise TypeError(f"no form can show the field {name!r} of type {outer!r}")


def to_json(value: Any) -> dict[str, Any]:
    """Give every field of a spec, defaults too, as what `json.dumps` takes."""
    return cast("dict[str, Any]", _plain(value))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


_ADAPTERS: Final[dict[type, TypeAdapter[Any]]] = {}


def _adapter(cls: type) -> TypeAdapter[Any]:
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


def from_json(cls: type[_T], data: Mapping[str, Any]) -> _T:
    """Give the spec that `data` (as from `to_json`) describes; fields left out take their defaults.

    Raises
    ------
    SpecError
        With every problem and its path.
    """
    try:
        written = json.dumps(data)
    except (RecursionError, ValueError):
        raise SpecError((Problem((), text("is not legal here")),)) from None
    try:
        return cast("_T", _adapter(cls).validate_json(written))
    except ValidationError as error:
        raise SpecError(problems_in(error.errors(include_url=False), data)) from None
