"""What empty paper says: whether there is anybody who reads, and how well it can."""

from typing import TYPE_CHECKING, Final

from nnstudio.texts import tr
from nnstudio.training.snapshot import RunState

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView

_INVITE_AFTER_S: Final = 3.0


def hint_of(run: "RunView | None", *, earlier: bool, has_drawn: bool) -> tuple[str, str, bool]:
    """Give title, text, and whether it is an invitation.

    `earlier` says that a network which was trained earlier reads until the run's own does.
    """
    draw = tr("Draw a digit here")
    if earlier:
        told = tr("A network that was trained earlier reads it until yours has begun to learn.")
        return draw, told, False
    if run is None:
        return draw, tr("Press Train, and the network will read it."), False
    snapshot, recipe = run.snapshot, run.recipe
    training = snapshot.state is RunState.RUNNING
    if training and not has_drawn and (snapshot.seconds or 0.0) >= _INVITE_AFTER_S:
        return tr("Now draw a digit"), tr("The network answers while you draw."), True
    if not snapshot.step:
        return draw, tr("Untrained, the network can only guess."), False
    if recipe is not None and any(one.acts_on_answers for one in recipe.latest.faults):
        return draw, tr("Here it answers without the built-in mistake."), False
    return draw, "", False


def words_of_answer(*, earlier: bool, several: bool, slight: bool) -> tuple[str, str]:
    """Give what is said under an answer, and what the pointer is told about it.

    `slight` says that there is hardly anything on the paper.
    """
    told = tr("A network that was trained earlier reads it until yours has begun to learn.")
    note = tr("trained earlier") if earlier else ""
    if several:
        told = tr("The number is that of the digit the network is least sure of.")
    elif not earlier:
        told = ""
    return tr("hardly a digit") if slight else note, told


def unfit_words(shape: tuple[int, int] | None, side: int) -> tuple[str, str]:
    """Give why a network does not read drawings of `side` pixels: a title, and what to do.

    `shape` is that of the pictures it reads, None where it reads none.
    """
    if shape == (side, side):
        return (
            tr("This network tells no classes apart"),
            tr("Train a network on a source of pictures with classes to draw for it."),
        )
    if shape is None:
        return (
            tr("This network does not read pictures"),
            tr(
                "Its inputs are plain numbers. Train a network on a source of pictures to draw "
                "for it."
            ),
        )
    return (
        tr("This network reads pictures of another size"),
        tr(
            "It wants {height} × {width} pixels; a drawing has {side} × {side}.",
            height=shape[0],
            width=shape[1],
            side=side,
        ),
    )
