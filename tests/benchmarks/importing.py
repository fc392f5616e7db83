"""How long 100,000 pictures take to import, as a multiple of decoding them, and the memory.

`python tests/benchmarks/importing.py [--count N]` writes pictures of 28 × 28 pixels into a folder
for each class and into a zip with a labels.csv, both below the system's temporary folder, and
imports each in a process of its own: look, read, keep. The measure is one plain pass of Pillow over
the same files (open, decode, as an array), in seconds of a processor. The bars: a minute, 1 GB, a
first look of a second, and 0.3 s from asking to cancel until it has ended.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from busy import Watch
from PIL import Image

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.importing.reading import keep, look, read
from nnstudio.data.progress import Cancelled, silent
from nnstudio.texts import Text

COUNT: Final = 100_000
CLASSES: Final = 10
MEGABYTE: Final = 1024


def write(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the pictures as a folder for each class and as a zip; a few hundred differ."""
    generator = np.random.default_rng(7)
    contents = []
    for _ in range(500):
        grey = np.zeros((28, 28), np.uint8)
        grey[6:22, 8:20] = generator.integers(0, 256, (16, 12))
        stream = io.BytesIO()
        Image.fromarray(grey).save(stream, "PNG")
        contents.append(stream.getvalue())
    pictures, packed = folder / "pictures", folder / "pictures.zip"
    for number in range(CLASSES):
        (pictures / f"class {number}").mkdir(parents=True)
    rows = ["file,label"]
    with zipfile.ZipFile(packed, "w") as archive:
        for place in range(count):
            number, content = place % CLASSES, contents[place % len(contents)]
            (pictures / f"class {number}" / f"{place:06d}.png").write_bytes(content)
            archive.writestr(f"{place:06d}.png", content)
            rows.append(f"{place:06d}.png,class {number}")
        archive.writestr("labels.csv", "\n".join(rows))
    return pictures, packed


def decoding(path: Path) -> dict[str, float]:
    """Give the seconds of one plain pass of Pillow over the pictures, by clock and processor."""
    start, busy = time.perf_counter(), time.process_time()
    if path.is_dir():
        for one in path.rglob("*.png"):
            with Image.open(one) as picture:
                np.asarray(picture)
    else:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".png"):
                    with archive.open(name) as stream, Image.open(stream) as picture:
                        np.asarray(picture)
    return {"clock": time.perf_counter() - start, "processor": time.process_time() - busy}


def imported(path: Path, own: Path) -> dict[str, Any]:
    """Give the seconds of each part of an import, and the most memory in MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    start, busy = time.perf_counter(), time.process_time()
    seen = look(path)
    looked = time.perf_counter()
    dataset = read(path)
    done = time.perf_counter()
    places = DataPlaces(folders=(), cache=own, downloads=own, own=own)
    source = keep(dataset, "measured", places)
    kept, used = time.perf_counter(), time.process_time() - busy
    loaded = source.load(places, silent)
    return {
        "samples": len(loaded.inputs),
        "seen": len(seen.pictures),
        "look": looked - start,
        "read": done - looked,
        "keep": kept - done,
        "processor": used,
        "load": time.perf_counter() - kept,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE,
        "before": before,
    }


def cancelling(path: Path) -> float:
    """Give the seconds from the wish to cancel, in the middle of reading, until it has ended."""
    start = time.perf_counter()
    asked = 0.0

    def told(_share: float | None, _doing: Text) -> None:
        nonlocal asked
        now = time.perf_counter()
        if asked and now > asked:
            raise Cancelled
        if now > start + 1.0:
            asked = now

    try:
        read(path, progress=told)
    except Cancelled:
        return time.perf_counter() - asked
    return float("nan")


def apart(what: str, path: Path, folder: Path) -> Any:
    """Give what this script finds in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", what, str(path), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def main() -> None:
    """Measure and print."""
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--count", type=int, default=COUNT)
    asking.add_argument("--only", nargs=3, metavar=("WHAT", "PATH", "FOLDER"))
    asked = asking.parse_args()
    if asked.only:
        what, path, own = asked.only[0], Path(asked.only[1]), Path(asked.only[2])
        doing = {
            "decode": lambda: decoding(path),
            "import": lambda: imported(path, own),
            "cancel": lambda: cancelling(path),
        }
        print(json.dumps(doing[what]()))
        return
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="nnstudio-importing-") as made:
        folder = Path(made)
        for path in write(folder, asked.count):
            plain = apart("decode", path, folder)
            found = apart("import", path, folder)
            cancel = apart("cancel", path, folder)
            whole = found["look"] + found["read"] + found["keep"]
            print(
                f"{path.name:14} {found['samples']} pictures: look {found['look']:.2f} s, "
                f"read {found['read']:.1f} s, keep {found['keep']:.1f} s, "
                f"together {whole:.1f} s ({found['processor']:.1f} s of a processor = "
                f"{found['processor'] / plain['processor']:.2f} × a plain pass of Pillow: "
                f"{plain['processor']:.1f} s, {plain['clock']:.1f} s by the clock); "
                f"load {found['load']:.1f} s; "
                f"at most {found['memory']:.0f} MB ({found['before']:.0f} MB before); "
                f"cancelled after {cancel:.2f} s"
            )
    print(f"other programs kept {watch.others():.1f} processors busy")


if __name__ == "__main__":
    main()
