"""Every sentence for a person: English templates with named values, translated where shown.

A template is a literal at its place of use, so that it can be extracted; none is glued together.
Below ``gui/`` texts travel as :class:`Text` (template and values); ``str(text)`` translates it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import GNUTranslations, NullTranslations
from importlib.resources.abc import Traversable
from typing import Final

from nnstudio.places import resource_root

ENGLISH: Final = "en"


class _Current:
    """The catalogue in use; one for the process, set before the first sentence is shown."""

    code: str = ENGLISH
    catalogue: NullTranslations = NullTranslations()


def languages() -> dict[str, str]:
    """Give the languages there are, code -> own name: English and each with a catalogue.

    A catalogue says how its language calls itself where English says "English".
    """
    return {
        ENGLISH: mark("English"),
        **{code: _catalogue(code).gettext("English") for code in _codes()},
    }


def _codes() -> list[str]:
    folders = (resource_root() / "locale").iterdir()
    return sorted(one.name for one in folders if _compiled(one.name).is_file())


def _compiled(code: str) -> Traversable:
    return resource_root() / "locale" / code / "LC_MESSAGES" / "nnstudio.mo"


def _catalogue(code: str) -> NullTranslations:
    with _compiled(code).open("rb") as file:
        return GNUTranslations(file)


def set_language(code: str) -> None:
    """Translate into `code` from now on; what has no catalogue is shown in English.

    Parameters
    ----------
    code : str
        A key of `languages`, or a locale name such as ``zh-Hans-CN`` or ``de_DE.UTF-8``, for
        which the catalogue of its country is taken, or else the first of its language.
    """
    _Current.code = _nearest(code)
    known = _Current.code != ENGLISH
    _Current.catalogue = _catalogue(_Current.code) if known else NullTranslations()


def _nearest(code: str) -> str:
    parts = code.partition(".")[0].partition("@")[0].replace("-", "_").lower().split("_")
    alike = [one for one in _codes() if one.lower().split("_")[0] == parts[0]]
    exact = [one for one in alike if one.lower().split("_")[-1] == parts[-1]]
    return next(iter(exact or alike), ENGLISH)


def language() -> str:
    """Give the code of the language in use, a key of `languages`."""
    return _Current.code


def mark(template: str) -> str:
    """Give `template` unchanged: it marks a literal for extraction that is translated later."""
    return template


def tr(template: str, /, **values: object) -> str:
    """Give `template` in the language in use, with `values` put in."""
    translated = _Current.catalogue.gettext(template) if template else ""
    return translated.format(**_shown(values)) if values else translated


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """Give `one` or `many`, as the language in use asks for `count`, which is put in as well.

    A value that is called `count` itself is put in as it is: grouped digits, say.
    """
    translated = _Current.catalogue.ngettext(one, many, count)
    return translated.format(**{"count": count} | _shown(values))


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: str(value) if isinstance(value, Text) else value for name, value in values.items()
    }


@dataclass(frozen=True)
class Text:
    """A sentence that is translated when it is shown: an English template and its named values.

    Examples
    --------
    >>> str(Text("epoch {epoch}", {"epoch": 3}))
    'epoch 3'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash the template alone: values need not be hashable."""
        return hash(self.template)

    def __str__(self) -> str:
        """Give the sentence in the language in use."""
        return tr(self.template, **self.values)


def text(template: str, /, **values: object) -> Text:
    """Give a `Text` of `template` and `values`, to be translated when it is shown."""
    return Text(template, values)
