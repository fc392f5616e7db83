"""Every member of a family with any of its legal settings, found in the union that closes it."""

from typing import Any, Final, get_args

from hypothesis import strategies as st

from nnstudio.nn.activations import Activation
from nnstudio.nn.initializers import Initializer
from nnstudio.nn.losses import Loss
from nnstudio.spec import Setting, describe

# what is far from what a person would set makes differences too coarse to tell anything
_MOST: Final = 5.0


def members(union: Any) -> tuple[Any, ...]:
    """Give the classes of a union."""
    return get_args(get_args(union)[0])


ACTIVATION_CLASSES = members(Activation)
INITIALIZER_CLASSES = members(Initializer)
LOSS_CLASSES = members(Loss)


def settings_of(cls: Any) -> st.SearchStrategy[Any]:
    """Give `cls` with every setting at its default, at a bound, or between."""
    return st.builds(cls, **{one.name: _values(one) for one in describe(cls)})


def activations() -> st.SearchStrategy[Any]:
    """Give every activation with any settings."""
    return st.one_of([settings_of(cls) for cls in ACTIVATION_CLASSES])


def losses() -> st.SearchStrategy[Any]:
    """Give every loss with any settings."""
    return st.one_of([settings_of(cls) for cls in LOSS_CLASSES])


def _values(setting: Setting) -> st.SearchStrategy[Any]:
    if setting.kind == "flag":
        return st.booleans()
    if setting.kind == "choice":
        return st.sampled_from([one.value for one in setting.choices])
    assert setting.minimum is not None
    least = setting.minimum
    most = _MOST if setting.maximum is None else min(setting.maximum, _MOST)
    between = least + (most - least) * 0.3
    legal = [setting.default, least + (most - least) * 0.05, between]
    return st.sampled_from(legal if setting.open_minimum else [*legal, least])
