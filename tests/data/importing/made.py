"""Small files of samples of every kind, to be read whole, cut off or bent."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def picture(seed: int = 0, *, side: int = 8, light: bool = False) -> NDArray[np.uint8]:
    """Ink in the middle, the ground around it."""
    grey = np.zeros((side, side), np.uint8)
    inner = side - 4
    ink = np.random.default_rng(seed).integers(128, 256, (inner, inner), np.uint8)
    grey[2:-2, 2:-2] = ink
    return 255 - grey if light else grey


def png(grey: NDArray[np.uint8], *, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, kind)
    return stream.getvalue()


def write(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def table(rows: int = 6, *, side: int = 5, header: bool = True, separator: str = ",") -> str:
    """Pixels as Kaggle writes them: the label first."""
    lines = [["label", *(f"pixel{place}" for place in range(side * side))]] if header else []
    for row in range(rows):
        values = np.random.default_rng(row).integers(0, 256, side * side)
        values[0] = values[-1] = 0
        lines.append([str(row % 3), *map(str, values)])
    return "\n".join(separator.join(line) for line in lines) + "\n"


def idx(values: NDArray[np.uint8]) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    return bytes([0, 0, 8, values.ndim]) + sizes + values.tobytes()


def npz() -> bytes:
    stream = io.BytesIO()
    images = np.stack([picture(seed) for seed in range(6)])
    np.savez(stream, images=images, labels=np.arange(6) % 3)
    return stream.getvalue()


def strokes(count: int = 4) -> str:
    drawn = [
        {"label": number % 3, "strokes": [[[0, 0], [5, number + 1], [9, 9]], [[1, 1]]]}
        for number in range(count)
    ]
    return "\n".join(json.dumps(one) for one in drawn) + "\n"


def every_kind() -> dict[str, dict[str, bytes | str]]:
    """Files of every kind; the first of each is the one to read."""
    images = np.stack([picture(seed) for seed in range(6)])
    labels = (np.arange(6) % 3).astype(np.uint8)
    pictures = {f"{number}.png": png(picture(number)) for number in range(3)}
    named = "file,label\n" + "".join(f"{number}.png,{number}\n" for number in range(3))
    return {
        "idx": {"a-images-idx3-ubyte": idx(images), "a-labels-idx1-ubyte": idx(labels)},
        "idx packed": {
            "a-images-idx3-ubyte.gz": gzip.compress(idx(images), mtime=0),
            "a-labels-idx1-ubyte": idx(labels),
        },
        "npz": {"a.npz": npz()},
        "table": {"a.csv": table()},
        "table packed": {"a.csv.gz": gzip.compress(table().encode(), mtime=0)},
        "zip with labels": {"a.zip": zipped({**pictures, "labels.csv": named})},
        "zip of folders": {
            "a.zip": zipped({f"{name[0]}/{name}": b for name, b in pictures.items()})
        },
        "sheet": {"a.png": png(np.tile(picture(), (2, 3)))},
        "strokes": {"a.jsonl": strokes()},
        "strokes packed": {"a.jsonl.gz": gzip.compress(strokes().encode(), mtime=0)},
    }
