"""The lines of backpropagation as people write them, and what is easily mistaken for each.

Formulas are no words: they are the same in every language. `P` are the outputs of the network,
`∘` multiplies entry by entry, `ᵀ` transposes.
"""

from dataclasses import dataclass
from typing import Final

from nnstudio.nn.activations import Activation
from nnstudio.spec import title_of
from nnstudio.texts import tr

SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Line:
    """One line: what stands left and right of the equals sign, and what is easily put there."""

    left: str
    right: str
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Give the line as it is written."""
        return f"{self.left} = {self.right}"


def scaled(line: str, factor: float) -> str:
    """Give a line that is multiplied by `factor`."""
    return line if factor == 1 else f"({line}) · {factor:.4g}"


def numbered(letter: str, number: int) -> str:
    """Give a letter with the number of its layer, from 1: ``W₂``."""
    return letter + str(number).translate(SUBSCRIPTS)


def function_of(activation: Activation) -> str:
    """Give what an activation is called in a formula."""
    return tr(title_of(type(activation)))


def sums(number: int, given: str, *, bias: bool) -> Line:
    """Give the line of the weighted sums of a layer."""
    weights, b = numbered("W", number), numbered("b", number)
    plus = f" + {b}" if bias else ""
    return Line(
        numbered("Z", number),
        f"{given} {weights}{plus}",
        (f"{weights} {given}{plus}", f"{given} {weights}ᵀ{plus}", f"{given} ∘ {weights}{plus}"),
    )


def normalized(number: int) -> Line:
    """Give the line of a normalization."""
    z = numbered("Z", number)
    return Line(
        numbered("N", number),
        f"γ ∘ ({z} − μ) / σ + β",
        (f"{z} / μ + β", f"γ ∘ ({z} − σ) / μ + β", f"({z} + β) / γ"),
    )


def activated(number: int, function: str, given: str, *, out: str) -> Line:
    """Give the line of an activation."""
    return Line(out, f"{function}({given})", _wrong_outputs(number, function, given))


def _wrong_outputs(number: int, function: str, given: str) -> tuple[str, ...]:
    weights = numbered("W", number)
    return (f"{function}′({given})", f"{given} {weights}", f"{function}({weights})")


def dropped(number: int) -> Line:
    """Give the line of a dropout."""
    a = numbered("A", number)
    return Line(
        numbered("D", number),
        f"{a} ∘ M / (1 − p)",
        (f"{a} ∘ M / p", f"{a} − p M", f"{a} M (1 − p)"),
    )


def by_fused_sums(number: int, *, wanted: str, mass: bool, factor: float) -> Line:
    """Give the line of the derivative by the sums where activation and loss cancel each other.

    `mass` says whether the targets of a sample add up to something else than 1.
    """
    wrong = (f"{wanted} − P", f"P ∘ (1 − P) ∘ (P − {wanted})", f"−{wanted} / P")
    right = f"P ∘ Σ{wanted} − {wanted}" if mass else f"P − {wanted}"
    return Line(
        numbered("dZ", number), scaled(right, factor), tuple(scaled(one, factor) for one in wrong)
    )


def by_signals(number: int, function: str, given: str, *, outer: str, softmax: bool) -> Line:
    """Give the line of the derivative by what an activation was given; `outer` by its outputs."""
    left = "d" + given
    if softmax:
        out = outer.removeprefix("d")
        return Line(
            left,
            f"{out} ∘ ({outer} − Σ {outer} ∘ {out})",
            (f"{outer} ∘ {out}", f"{out} ∘ (1 − {out})", f"{outer} − {out}"),
        )
    return Line(
        left,
        f"{outer} ∘ {function}′({given})",
        (
            f"{outer} ∘ {function}({given})",
            f"{outer} {numbered('W', number)}ᵀ",
            f"{outer} + {function}′({given})",
        ),
    )


def by_normalized(number: int, *, over_batch: bool) -> Line:
    """Give the line of the derivative through a normalization, over the batch or over the units.

    ``N̂`` are the sums at mean 0 and spread 1, before γ and β.
    """
    n = numbered("N", number)
    hat, dn = numbered("N̂", number), f"d{n}"
    left = numbered("dZ", number)
    if over_batch:
        return Line(
            left,
            f"γ / σ ∘ ({dn} − mean({dn}) − {hat} ∘ mean({dn} ∘ {hat}))",
            (f"γ / σ ∘ {dn}", f"γ / σ ∘ ({dn} − mean({dn}))", f"{dn} − {hat} ∘ mean({dn} ∘ {hat})"),
        )
    dh = f"γ ∘ {dn}"
    return Line(
        left,
        f"({dh} − mean({dh}) − {hat} ∘ mean({dh} ∘ {hat})) / σ",
        (f"{dh} / σ", f"({dh} − mean({dh})) / σ", f"{dn} − {hat} ∘ mean({dn} ∘ {hat})"),
    )


def by_weights(number: int, given: str, *, penalty: bool) -> Line:
    """Give the line of the derivative by the weights; `penalty` adds that of what they cost."""
    dz, w = numbered("dZ", number), numbered("W", number)
    paid = f" + ∂R/∂{w}" if penalty else ""
    wrong = (f"{dz} {given}", f"{given} {dz}ᵀ", f"{dz} {w}ᵀ")
    return Line(numbered("dW", number), f"{given}ᵀ {dz}{paid}", tuple(one + paid for one in wrong))


def by_biases(number: int) -> Line:
    """Give the line of the derivative by the biases."""
    dz = numbered("dZ", number)
    return Line(
        numbered("db", number),
        f"Σ {dz}",
        (
            f"{numbered('b', number)} {dz}",
            f"Σ {numbered('dW', number)}",
            f"Σ {numbered('dA', number)}",
        ),
    )


def by_inputs(number: int, outer: str) -> Line:
    """Give the line of the derivative by what a layer was given."""
    dz, weights = numbered("dZ", number), numbered("W", number)
    return Line(
        outer,
        f"{dz} {weights}ᵀ",
        (f"{dz} {weights}", f"{weights} {dz}", f"{numbered('dW', number)} {weights}ᵀ"),
    )


def by_dropped(number: int) -> Line:
    """Give the line of the derivative through a dropout."""
    return Line(
        numbered("dA", number),
        f"{numbered('dD', number)} ∘ M / (1 − p)",
        (numbered("dD", number), f"{numbered('dD', number)} ∘ (1 − M)", "M / (1 − p)"),
    )


def updated(letter: str, number: int, *, optimizer: str) -> Line:
    """Give the line of an update; `optimizer` is the name of its formula, empty for plain SGD."""
    name = numbered(letter, number)
    if not optimizer:
        return Line(
            f"Δ{name}",
            f"−η d{name}",
            (f"+η d{name}", f"−d{name} / η", f"−η {name} ∘ d{name}"),
        )
    return Line(
        f"Δ{name}",
        f"−η · {optimizer}(d{name})",
        (f"+η · {optimizer}(d{name})", f"−η · {optimizer}({name})", f"−{optimizer}(d{name}) / η"),
    )
