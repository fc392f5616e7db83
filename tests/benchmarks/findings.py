"""What the doctor finds in the cases, with its numbers: the table of the closing note.

`uv run python tests/benchmarks/findings.py [NAME ...] [--short]`

Each case is trained for 1,000 steps at most and looked at at the fixed steps, as `nnstudio examine`
does it. `--short` prints the lines that tests/cases/findings.py keeps.
"""

import argparse
import sys
import time
from typing import Final

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.doctor.diagnosis import Diagnosis
from nnstudio.doctor.headless import diagnose
from nnstudio.runs.cases import case_names, guided_names, load_case
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

ALSO: Final = tuple(f"{case}-healed" for case in guided_names())


def lines(diagnosis: Diagnosis) -> list[str]:
    """Give a line for every finding, those that another one explains with a dash before them."""
    return [
        f"{'  - ' if one.explained_by else '- '}{one.severity.word} {one.rule} "
        f"(step {one.step}, {one.value:.3g} against {one.limit:.3g}): {one.claim}"
        for one in diagnosis.findings
    ]


def short(diagnosis: Diagnosis) -> list[str]:
    """Give the lines that the tests keep."""
    return [
        f"{one.severity.word} {f'({one.explained_by}) ' if one.explained_by else ''}{one.rule}"
        for one in diagnosis.findings
    ]


def main() -> int:
    """Examine and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", default=[*guided_names(), *ALSO])
    parser.add_argument("--short", action="store_true", help="as the tests keep them")
    options = parser.parse_args()
    unknown = set(options.names) - set(case_names())
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    for name in options.names:
        case = load_case(name)
        state = TrainingState.start(case, load(case, DataPlaces.standard(), silent))
        begun = time.perf_counter()
        diagnosis = diagnose(state)
        seconds = time.perf_counter() - begun
        if options.short:
            print(f'    "{name}": [')
            print("".join(f'        "{line}",\n' for line in short(diagnosis)) + "    ],")
            continue
        print(
            f"**{name}**, {state.step} steps, {seconds:.0f} s, {len(diagnosis.checked)} rules "
            f"checked, {len(diagnosis.unknown)} not"
        )
        print("\n".join([*lines(diagnosis), ""]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
