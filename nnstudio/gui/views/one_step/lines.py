"""The lines of backpropagation as people write them, and what is easily mistaken for each.

Formulas are no words: they are the same in every language. `P` are the outputs of the network,
`∘` multiplies entry by entry, `ᵀ` transposes.
"""

from dataclasses import dataclass
from typing import Final

from nnstudio.nn.activations import Activation
from nnstudio.nn.losses import Loss
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


_LOSSES: Final = {
    "cross_entropy": ("−Σ Y ln P", ("Σ Y ln P", "−Σ P ln Y", "Σ (P − Y)²")),
    "binary_cross_entropy": (
        "−Σ (Y ln P + (1 − Y) ln(1 − P))",
        ("−Σ (P ln Y + (1 − P) ln(1 − Y))", "−Σ Y ln P", "Σ |P − Y|"),
    ),
    "kullback_leibler": ("Σ Y ln(Y / P)", ("Σ P ln(P / Y)", "−Σ Y ln P", "Σ Y P")),
    "mean_squared_error": ("Σ (P − Y)²", ("Σ (P − Y)", "(Σ (P − Y))²", "Σ |P − Y|")),
    "mean_absolute_error": ("Σ |P − Y|", ("Σ (P − Y)", "|Σ (P − Y)|", "Σ (P − Y)²")),
    "huber": ("Σ h(P − Y)", ("Σ h(P + Y)", "h(Σ (P − Y))", "Σ h(P) − h(Y)")),
}
_SLOPES: Final = {
    "cross_entropy": ("−Y / P", ("Y / P", "P − Y", "−P / Y")),
    "binary_cross_entropy": (
        "(P − Y) / (P ∘ (1 − P))",
        ("P − Y", "(Y − P) / (P ∘ (1 − P))", "P ∘ (1 − P)"),
    ),
    "kullback_leibler": ("−Y / P", ("Y / P", "P − Y", "ln(Y / P)")),
    "mean_squared_error": ("2 (P − Y)", ("2 (Y − P)", "(P − Y)²", "P − 2 Y")),
    "mean_absolute_error": ("sign(P − Y)", ("|P − Y|", "P − Y", "sign(Y − P)")),
    "huber": ("h′(P − Y)", ("h(P − Y)", "h′(Y − P)", "2 (P − Y)")),
}


def _scaled(line: str, factor: float) -> str:
    return line if factor == 1 else f"({line}) · {factor:.4g}"


def loss_line(loss: Loss, *, factor: float) -> Line:
    """Give the line of a loss; its terms are multiplied by `factor`."""
    right, wrong = _LOSSES[loss.kind]
    return Line("L", _scaled(right, factor), tuple(_scaled(one, factor) for one in wrong))


def by_outputs(loss: Loss, *, factor: float) -> Line:
    """Give the line of the derivative of a loss by the outputs."""
    right, wrong = _SLOPES[loss.kind]
    return Line("dP", _scaled(right, factor), tuple(_scaled(one, factor) for one in wrong))


def by_fused_sums(number: int, *, factor: float) -> Line:
    """Give the line of the derivative by the sums where activation and loss cancel each other."""
    wrong = ("Y − P", "P ∘ (1 − P) ∘ (P − Y)", "−Y / P")
    return Line(
        numbered("dZ", number),
        _scaled("P − Y", factor),
        tuple(_scaled(one, factor) for one in wrong),
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


def by_normalized(number: int) -> Line:
    """Give the line of the derivative through a normalization."""
    n = numbered("N", number)
    return Line(
        numbered("dZ", number),
        f"γ ∘ (d{n} − mean) / σ",
        (f"d{n} ∘ γ", f"d{n} / γ", f"d{n} − μ"),
    )


def by_weights(number: int, given: str) -> Line:
    """Give the line of the derivative by the weights."""
    dz = numbered("dZ", number)
    return Line(
        numbered("dW", number),
        f"{given}ᵀ {dz}",
        (f"{dz} {given}", f"{given} {dz}ᵀ", f"{dz} {numbered('W', number)}ᵀ"),
    )


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
