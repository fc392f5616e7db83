"""A photo of digits on paper becomes what a network reads, one visible stage after another.

Paper is never evenly lit, so ink is what is darker (or lighter) than the paper on both its sides;
one threshold then parts it from the rest (Otsu 1979).
"""

from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.blobs import Blobs, Box, Mask, blobs
from nnstudio.data.resampling import shrunk
from nnstudio.data.separate import grouped_boxes
from nnstudio.data.strokes import prepare_picture
from nnstudio.texts import Text, text

LARGEST_SIDE: Final = 480  # pixels that are worked on; a digit has far more than it needs
_REACH: Final = 14  # of the longer side, each way: wider than a stroke, narrower than a shadow
_FAINTEST: Final = 20.0  # grey values: paper and sensor differ by that much without ink
_PARTED: Final = 0.45  # of the variance; less, and light and dark are no two things (Otsu's eta)
_SPECK: Final = 0.12  # of the height of the tallest piece: smaller both ways is dirt
_MOST_PIECES: Final = 64  # of ink; many digits in some pieces each
_WHOLE: Final = 0.2  # of the shorter side: an inner piece that is larger may be a digit
_EDGE: Final = 0.9  # of both sides: what goes around the picture is its frame
_RULED: Final = 0.5  # of a row: so much ink in it, and next to none beside it, is a ruled line
_THINNEST: Final = 0.085  # of the height of a digit: MNIST's pens are about so wide

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Stage:
    """What became of a photo: `title` says what was done, `picture` (H, W) uint8 shows it."""

    title: Text
    picture: Grey


@dataclass(frozen=True)
class PhotoStages:
    """A photo on its way to the network.

    Attributes
    ----------
    stages : tuple of Stage
        In their order; the last one is what the network sees, if anything was found.
    results : tuple of ndarray of uint8, shape (28, 28)
        The digits from left to right; none where the paper is blank.
    boxes : tuple of Box
        Where each of them lies on the pictures of the stages, but for the last one.
    """

    stages: tuple[Stage, ...]
    results: tuple[Grey, ...]
    boxes: tuple[Box, ...] = ()

    @property
    def result(self) -> Grey | None:
        """The picture of all that was found as one digit, or None."""
        return self.stages[-1].picture if self.results else None


def read_photo(grey: Grey) -> PhotoStages:
    """Give every stage of reading a photo.

    Parameters
    ----------
    grey : ndarray of uint8, shape (H, W)
        The photo, 0 is black; any size, either polarity.

    Raises
    ------
    ValueError
        When it is no picture.
    """
    if grey.ndim != 2 or not grey.size:
        raise ValueError(f"a picture of shape {grey.shape}")
    small = shrunk(grey, LARGEST_SIDE)
    stages = [Stage(text("photo in grey"), small)]
    strength = _against_the_paper(small)
    stages.append(Stage(text("light made even"), _shown(strength)))
    mask = _ink(strength)
    stages.append(Stage(text("ink or paper"), _drawn(mask)))
    mask = _clean(mask)
    stages.append(Stage(text("dirt and lines removed"), _drawn(mask)))
    found = blobs(mask)
    if not found.boxes:
        return PhotoStages(tuple(stages), ())
    ink = _soft(strength, _thickened(mask, found))
    stages.append(Stage(text("ink light on dark"), ink))
    whole = _prepared(ink)
    if whole is None:
        return PhotoStages(tuple(stages), ())
    stages.append(Stage(text("fitted and centred"), whole))
    results, boxes = [], []
    for group in grouped_boxes(found.boxes):
        chosen = np.zeros(len(found.boxes), np.bool_)
        chosen[list(group)] = True
        # thickened by itself, so that a digit takes nothing from the one beside it
        one = _prepared(_soft(strength, _thickened(found.only(chosen), found)))
        if one is not None:
            results.append(one)
            boxes.append(reduce(Box.joined, (found.boxes[at] for at in group)))
    return PhotoStages(tuple(stages), tuple(results), tuple(boxes))


def _prepared(ink: Grey) -> Grey | None:
    framed = np.pad(ink, 1)
    return prepare_picture(framed)


def _shown(strength: Floats) -> Grey:
    highest = max(float(strength.max()), _FAINTEST)
    shown: Grey = np.rint(255 - 255 * np.clip(strength / highest, 0, 1)).astype(np.uint8)
    return shown


def _drawn(mask: Mask) -> Grey:
    return np.where(mask, 0, 255).astype(np.uint8)


def _against_the_paper(grey: Grey) -> Floats:
    """Give by how much each pixel differs from the paper around it, ink above 0.

    What is narrower than the reach of the filter and darker than both its sides is ink (the black
    top-hat of Meyer 1979); a shadow is wider and stays with the paper. A light digit on a dark
    ground is looked for in the negative.
    """
    values: Floats = _smooth(grey.astype(np.float32))
    reach = max(3, max(grey.shape) // _REACH)
    around = values - _mean_around(values, 2 * reach)
    # ink is the smaller part and differs more from its surroundings than paper does from its own
    if float((around.astype(np.float64) ** 3).sum()) > 0:
        values = (255 - values).astype(np.float32)
    paper = np.negative(_widest(np.negative(_widest(values, reach)), reach))
    return ((paper - values) * (200 / np.maximum(paper, 40))).astype(np.float32)


def _mean_around(values: Floats, reach: int) -> Floats:
    """Give the mean over all pixels up to `reach` away, each way by itself."""
    for _ in range(2):
        framed = np.pad(values, ((reach + 1, reach), (0, 0)), mode="edge")
        sums = np.cumsum(framed, axis=0, dtype=np.float64)
        means = (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
        values = means.T.astype(np.float32)
    return values


def _smooth(values: Floats) -> Floats:
    """Give the mean of each pixel and its neighbours, so that noise does not count as paper."""
    framed = np.pad(values, 1, mode="edge")
    down = (framed[:-2] + framed[1:-1] + framed[2:]) / 3
    return ((down[:, :-2] + down[:, 1:-1] + down[:, 2:]) / 3).astype(np.float32)


def _widest(values: Floats, reach: int) -> Floats:
    """Give the largest value up to `reach` pixels away, each way by itself."""
    for _ in range(2):
        values = _largest_below(values, reach).T
    return values


def _largest_below(values: Floats, reach: int) -> Floats:
    """Give the largest of the rows from `reach` above to `reach` below, by doubling windows."""
    window, size = np.pad(values, ((reach, reach), (0, 0)), mode="edge"), 1
    while 2 * size <= 2 * reach + 1:
        window, size = np.maximum(window[:-size], window[size:]), 2 * size
    rest = 2 * reach + 1 - size
    largest: Floats = np.maximum(window[: len(window) - rest], window[rest:])
    return largest


def _ink(strength: Floats) -> Mask:
    """Give what is ink: above the threshold that parts the values best (Otsu 1979, eq. 14–18)."""
    levels = np.minimum(strength, 255).astype(np.uint8)
    counts = np.bincount(levels.reshape(-1), minlength=256).astype(np.float64)
    share = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * np.arange(256)) / counts.sum()
    apart = share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = np.where(apart > 0, (mean[-1] * share - mean) ** 2 / apart, 0.0)
    variance = float(counts @ (np.arange(256) - mean[-1]) ** 2 / counts.sum())
    best = int(between.argmax())
    none = np.zeros(strength.shape, np.bool_)
    mask: Mask = levels > best
    if variance == 0 or between[best] < _PARTED * variance:
        return none
    contrast = float(strength[mask].mean() - strength[~mask].mean())
    return mask if contrast >= _FAINTEST else none


def _clean(mask: Mask) -> Mask:
    """Take away lines of the paper, edges of the photo and specks."""
    mask = _without_lines(_without_lines(mask).T).T
    found = blobs(mask)
    if not found.boxes:
        return mask
    sizes = np.array([max(box.height, box.width) for box in found.boxes])
    frames = np.array([_is_frame(box, mask.shape) for box in found.boxes])
    cut = np.array([_is_cut(box, mask.shape) for box in found.boxes])
    inner = sizes[~cut].max(initial=0)
    # a shadow or the edge of a table comes in from outside; a digit that does is the tallest
    strange = (frames & ~frames.all()) | (cut & (sizes < inner))
    if inner >= _WHOLE * min(mask.shape):
        # paper that lies askew leaves a piece of the table in every corner, larger than any digit
        strange |= np.array([_is_corner(box, mask.shape) for box in found.boxes])
    largest = np.where(strange, 0, sizes).max()
    # two pixels that touch nothing are noise of the camera, however small the digit
    kept = ~strange & (sizes >= _SPECK * largest) & (found.areas > 2)
    if kept.sum() > _MOST_PIECES:
        # gravel or print: nobody reads it, and telling its digits apart would take minutes
        faintest = np.sort(found.areas[kept])[-_MOST_PIECES]
        kept &= found.areas >= faintest
        kept[np.flatnonzero(kept)[_MOST_PIECES:]] = False
    return found.only(kept)


def _is_cut(box: Box, shape: tuple[int, ...]) -> bool:
    return min(box.top, box.left) == 0 or box.bottom == shape[0] or box.right == shape[1]


def _is_corner(box: Box, shape: tuple[int, ...]) -> bool:
    upright = box.top == 0 or box.bottom == shape[0]
    return upright and (box.left == 0 or box.right == shape[1])


def _is_frame(box: Box, shape: tuple[int, ...]) -> bool:
    return box.height >= _EDGE * shape[0] and box.width >= _EDGE * shape[1]


def _without_lines(mask: Mask) -> Mask:
    """Take thin lines away that go through the picture from side to side."""
    share = mask.mean(axis=1)
    thick = max(3, len(mask) // 60)
    beside = np.pad(share, thick, mode="edge")
    ruled = (share >= _RULED) & (np.maximum(beside[: -2 * thick], beside[2 * thick :]) < share / 2)
    # the stem of a 1 is as thin and may be as long, but hardly comes in from outside and goes out
    ruled &= _near_rim(mask, thick) & _near_rim(mask[:, ::-1], thick)
    if not ruled.any():
        return mask
    # the rim of a line is fainter than its middle and belongs to it all the same
    ruled = np.convolve(ruled, np.ones(5), mode="same") > 0
    left = mask.copy()
    for row in np.flatnonzero(ruled).tolist():
        # a stroke that crosses the line goes on above and below it
        above, below = mask[max(row - thick, 0)], mask[min(row + thick, len(mask) - 1)]
        left[row] &= above | below
    return left


def _near_rim(mask: Mask, thick: int) -> NDArray[np.bool_]:
    """Give for each row whether there is ink at its beginning, or at that of a row beside it."""
    begins = mask[:, : max(2, mask.shape[1] // 12)].any(axis=1)
    around = np.convolve(begins, np.ones(2 * thick + 1), mode="full")
    near: NDArray[np.bool_] = around[thick : thick + len(mask)] > 0
    return near


def _thickened(mask: Mask, found: Blobs) -> Mask:
    """Give the mask with strokes at least as wide as pens of digit data sets draw."""
    tallest = max(max(box.height, box.width) for box in found.boxes)
    # a long stroke has its length twice in its rim, and its area is length times width
    rim = mask & ~_shrunken(mask)
    width = 2 * mask.sum() / max(int(rim.sum()), 1)
    wanted = _THINNEST * tallest
    for _ in range(int(np.clip(np.ceil((wanted - width) / 2), 0, tallest // 8))):
        mask = _grown(mask)
    return mask


def _shrunken(mask: Mask) -> Mask:
    framed = np.pad(mask, 1)
    inner: Mask = framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
    return inner


def _grown(mask: Mask) -> Mask:
    framed = np.pad(mask, 1)
    grown: Mask = mask | framed[:-2, 1:-1] | framed[2:, 1:-1] | framed[1:-1, :-2] | framed[1:-1, 2:]
    return grown


def _soft(strength: Floats, mask: Mask) -> Grey:
    """Give the ink as light grey values: full within it, soft at its rim, nothing elsewhere."""
    usual = max(float(np.median(strength[mask])) if mask.any() else 0.0, _FAINTEST)
    inner = _shrunken(mask)
    rim = np.clip(strength / usual, 0.5, 1)
    ink: Grey = np.rint(255 * np.where(inner, 1.0, np.where(mask, rim, 0.0))).astype(np.uint8)
    return ink
