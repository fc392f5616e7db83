"""Naming: which classic mistake, or which few together, make a gradient that was applied.

Every mistake is made on purpose in a network of our own, on the batch of the step: what gives the
same numbers explains them. Threes and fours are tried only where nothing smaller explains.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.doctor.evidence.arithmetic import update_errors
from nnstudio.doctor.reproduction import Gradient, Reproduction
from nnstudio.faults import FAULTS, Mistake, RowWiseNumericalGradient, fault_named, seams_of
from nnstudio.nn.parameters import Layout
from nnstudio.seams import TRUE
from nnstudio.spec import kind_of, title_of
from nnstudio.texts import Text, text
from nnstudio.training.fault_problems import setup_of
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData

Group = tuple[Mistake, ...]

MOST: Final = 4
"""So many mistakes together are tried at most: those of `loss-rises` are four."""
APART: Final = 1e-4
"""Relative difference from which on two gradients can be told apart."""
_SCREEN: Final = 1e-3
_LAST_DIGIT: Final = 1e-16
_FORWARD: Final = frozenset({"outputs", "second outputs", "direction", "reset"})
"""Places that differences of the loss can see: backpropagation has no part in them."""


@dataclass(frozen=True)
class Explanation:
    """Mistakes that together make what was applied.

    Attributes
    ----------
    mistakes : tuple of str
        Their names, in the order in which they are put together.
    agreement : float
        Largest relative error that is left.
    sentence : Text
        What is done instead of what, where it shows, and the agreement.
    formula_wrong, formula_right : str
        As it is and as it should be; a line for each mistake.
    """

    mistakes: tuple[str, ...]
    agreement: float
    sentence: Text
    formula_wrong: str
    formula_right: str


@dataclass(frozen=True)
class Naming:
    """What explains a wrong gradient or a wrong step.

    Attributes
    ----------
    explanations : tuple of Explanation
        All that explain it equally well, with as few mistakes as possible; empty where the
        catalogue holds none.
    undecided : tuple of tuple of str
        Pairs with one of them in it that give the same numbers, so that nobody can tell.
    """

    explanations: tuple[Explanation, ...] = ()
    undecided: tuple[tuple[str, ...], ...] = ()


def name_gradient(made: Reproduction, data: PreparedData, *, blocks: tuple[str, ...]) -> Naming:
    """Give which mistakes make the gradient that was applied.

    Parameters
    ----------
    made : Reproduction
        The step.
    data : PreparedData
        Of the run.
    blocks : tuple of str
        Arrays whose gradient is wrong, for the sentence.
    """
    if not made.applied.any():
        # a network that is dead under one mistake is dead under many
        return Naming()
    search = _Search(made, _usable(made, data))
    for size in range(1, MOST + 1):
        found = [one for group in search.groups(size) if (one := search.judged(group))]
        if found:
            explanations = tuple(_explained(*one, blocks=blocks) for one in found)
            alone = tuple(group for group, _ in found) if size == 1 else ()
            return Naming(explanations, tuple(search.undecided(alone)))
    return Naming()


def name_update(moment: Moment, *, layout: Layout, limit: float) -> Naming:
    """Give which mistakes make the step that was made, from the gradient that was applied."""
    found = []
    for one in FAULTS:
        fault = one()
        make = fault.replaces(TRUE).apply
        if make is not TRUE.apply:
            errors = update_errors(layout, moment, make=make(layout))
            worst = max(errors.values())
            if worst <= limit:
                wrong = update_errors(layout, moment)
                blocks = tuple(name for name, error in wrong.items() if error > limit)
                found.append(_explained((fault,), worst, blocks=blocks))
    return Naming(tuple(found))


def remedy_for(kind: str) -> Remedy:
    """Give what takes a mistake out of an experiment that has its switch."""
    title = Text(title_of(type(fault_named(kind))), {})
    return Remedy(text("Take out “{mistake}”", mistake=title), mistake=kind)


def sentence_about(kind: str) -> Text:
    """Give what to do about a mistake where there is no switch: what is wrong, and what is right.

    Raises
    ------
    KeyError
        When no mistake has this name.
    """
    fault = fault_named(kind)
    return text(
        "{mistake}: {wrong} should be {right}.",
        mistake=fault.told,
        wrong=fault.formula_wrong,
        right=fault.formula_right,
    )


def _usable(made: Reproduction, data: PreparedData) -> Group:
    """Give the mistakes that change a gradient and could act in this step."""
    setup = setup_of(made.experiment, data.facts)
    usable = []
    for one in FAULTS:
        fault = one()
        seams = fault.replaces(TRUE)
        acts = seams.parts is not TRUE.parts or seams.gradient is not TRUE.gradient
        if (
            acts
            and fault.unfit(setup) is None
            and (not seams.keeps_gradient or made.moment.previous is not None)
            and (not isinstance(fault, RowWiseNumericalGradient) or made.rows_are_even)
        ):
            usable.append(fault)
    return tuple(usable)


class _Search:
    """Tries groups of mistakes, the whole network only where the output layer agrees."""

    def __init__(self, made: Reproduction, usable: Group) -> None:
        self._made, self._usable = made, usable
        self._screen = max(_SCREEN, 100.0 * made.limit)

    def groups(self, size: int) -> Iterator[Group]:
        """Give the groups of so many mistakes that could act together."""
        for group in combinations(self._usable, size):
            if len({one.place for one in group}) == size and not _hidden(group):
                yield group

    def judged(self, group: Group) -> tuple[Group, float] | None:
        """Give `group` and how far it is from the run, or None where it does not explain it."""
        seams = seams_of(group)
        if self._made.output_error(seams) > self._screen:
            return None
        numerical = any(isinstance(one, RowWiseNumericalGradient) for one in group)
        agreement = self._made.difference(seams, numerical=numerical)
        return (group, agreement) if agreement <= self._made.limit else None

    def undecided(self, alone: tuple[Group, ...]) -> Iterator[tuple[str, ...]]:
        """Give the pairs that make the same as one of the mistakes that explain it `alone`."""
        explaining = [one for (one,) in alone]
        for pair in combinations(self._usable, 2):
            first, second = pair
            if first.place == second.place or not (first in explaining) ^ (second in explaining):
                continue
            other = second if first in explaining else first
            if _hidden(pair) or (self._visible(other) and self.judged(pair) is not None):
                yield tuple(kind_of(type(one)) for one in pair)

    def _visible(self, fault: Mistake) -> bool:
        """Tell whether a mistake by itself changes the gradient of this step."""
        stated: Gradient = self._made.stated
        alone = self._made.whole(seams_of((fault,)))
        return max(self._made.errors(stated, applied=alone.vector).values()) > APART


def _hidden(group: Group) -> bool:
    """Tell whether one of a group cannot be seen since the gradient is made of differences."""
    numerical = any(isinstance(one, RowWiseNumericalGradient) for one in group)
    return numerical and any(
        one.place not in _FORWARD and not isinstance(one, RowWiseNumericalGradient) for one in group
    )


def _explained(group: Group, agreement: float, *, blocks: tuple[str, ...]) -> Explanation:
    return Explanation(
        mistakes=tuple(kind_of(type(one)) for one in group),
        agreement=agreement,
        sentence=_sentence(group, agreement, blocks),
        formula_wrong="\n".join(one.formula_wrong for one in group),
        formula_right="\n".join(one.formula_right for one in group),
    )


def _sentence(group: Group, agreement: float, blocks: tuple[str, ...]) -> Text:
    where, size = ", ".join(_symbol(name) for name in blocks), power(agreement)
    match group:
        case (only,):
            return text(
                "{mistake}; it shows in {where} (agreement {size}).",
                mistake=only.told,
                where=where,
                size=size,
            )
        case first, second:
            return text(
                "Two mistakes together: {first}. And: {second}. They show in {where} "
                "(agreement {size}).",
                first=first.told,
                second=second.told,
                where=where,
                size=size,
            )
        case first, second, third:
            return text(
                "Three mistakes together: {first}. And: {second}. And: {third}. They show in "
                "{where} (agreement {size}).",
                first=first.told,
                second=second.told,
                third=third.told,
                where=where,
                size=size,
            )
        case first, second, third, fourth:
            return text(
                "Four mistakes together: {first}. And: {second}. And: {third}. And: {fourth}. "
                "They show in {where} (agreement {size}).",
                first=first.told,
                second=second.told,
                third=third.told,
                fourth=fourth.told,
                where=where,
                size=size,
            )
    raise ValueError(f"{len(group)} mistakes at once are not searched for")


def _symbol(name: str) -> str:
    """Give an array as formulas write it, layers counted from 1: ``W1`` for ``layers.0.W``."""
    _, number, letter = name.split(".")
    return f"{letter}{int(number) + 1}"


def power(value: float) -> str:
    """Give a relative error as ``1e-7``; nothing is nearer than the last digit of a number."""
    mantissa, exponent = f"{max(value, _LAST_DIGIT):.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"
