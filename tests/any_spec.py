"""Any legal value of any spec, by its description alone: a new setting or member is in at once."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, Final

from hypothesis import strategies as st

from nnstudio.problems import Path
from nnstudio.spec import Setting, describe

Overrides = Mapping[tuple[type, str], st.SearchStrategy[Any]]

# what is far from what a person would set ends a run before anything can be seen
_MOST: Final = 5.0


def any_of(cls: Any, overrides: Overrides | None = None) -> st.SearchStrategy[Any]:
    """Give `cls` with any settings; `overrides` says by class and name which ones are narrower."""
    chosen = overrides or {}
    return st.builds(
        cls,
        **{one.name: chosen.get((cls, one.name), values_of(one, chosen)) for one in describe(cls)},
    )


def values_of(setting: Setting, overrides: Overrides) -> st.SearchStrategy[Any]:
    """Give any value of one setting."""
    values = _required(setting, overrides)
    return st.one_of(st.none(), values) if setting.optional else values


def _required(setting: Setting, overrides: Overrides) -> st.SearchStrategy[Any]:
    if setting.kind in {"spec", "union"}:
        return st.one_of([any_of(cls, overrides) for cls in setting.members])
    if setting.kind == "list":
        return st.just(setting.default)
    if setting.kind == "flag":
        return st.booleans()
    if setting.kind == "choice":
        return st.sampled_from([one.value for one in setting.choices])
    return _numbers(setting)


def _numbers(setting: Setting) -> st.SearchStrategy[Any]:
    least = -_MOST if setting.minimum is None else max(setting.minimum, -_MOST)
    most = max(_MOST, least) if setting.maximum is None else min(setting.maximum, _MOST)
    legal = [least + (most - least) * 0.05, least + (most - least) * 0.3]
    if not setting.open_minimum and setting.minimum is not None:
        legal.append(least)
    if setting.kind == "integer":
        legal = [int(one) for one in legal if int(one) >= least] or [int(least)]
    if setting.default is not None:
        legal = [setting.default, *legal]  # type: ignore[list-item]  # it is a number
    return st.sampled_from(legal)


def live_settings(value: Any, path: Path = ()) -> list[tuple[Path, Setting]]:
    """Give the settings of `value` that may change while a run goes on, each with its path."""
    found: list[tuple[Path, Setting]] = []
    for setting in describe(type(value)):
        inner = getattr(value, setting.name)
        if setting.kind in {"spec", "union"}:
            found += live_settings(inner, (*path, setting.name))
        elif isinstance(inner, tuple) and inner and is_dataclass(inner[0]):
            for at, one in enumerate(inner):
                found += live_settings(one, (*path, setting.name, at))
        elif setting.display.live:
            found.append(((*path, setting.name), setting))
    return found
