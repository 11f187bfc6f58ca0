"""OpenFst's command line tools (Debian's libfst-tools) and the text form of their automata."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

_LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
TIMEOUT = 300.0  # seconds for one pipeline


class Arc(NamedTuple):
    """From state to state, reading `input` and writing `output` (0 is nothing), at a cost (minus log chance)."""

    source: int
    target: int
    input: int
    output: int
    cost: float


def text_of(arcs: Iterable[Arc], finals: Iterable[int]) -> str:
    """What fstcompile reads; the first arc leaves the start state."""
    lines = [f"{arc.source} {arc.target} {arc.input} {arc.output} {arc.cost:.5f}" for arc in arcs]
    return "\n".join([*lines, *map(str, finals)]) + "\n"


def arcs_of(text: str) -> tuple[list[Arc], list[int]]:
    """Read what fstprint wrote: arcs, and final states (whose costs must be 0)."""
    arcs, finals = [], []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 4:
            cost = float(fields[4]) if len(fields) > 4 else 0.0
            arcs.append(Arc(*map(int, fields[:4]), cost))  # type: ignore[arg-type]
        else:
            finals.append(int(fields[0]))
    return arcs, finals


def pipeline(command: str, folder: Path) -> None:
    """Run OpenFst tools in a folder; the look-ahead forms are known only when their library is loaded first."""
    environment = os.environ | {"LD_PRELOAD": str(lookahead_library() or "")}
    shell = ["bash", "-o", "pipefail", "-c", command]
    subprocess.run(shell, check=True, cwd=folder, env=environment, timeout=TIMEOUT)


def lookahead_library() -> Path | None:
    """Where Debian put libfstlookahead, whatever its version."""
    found = (path for folder in _LIBRARIES for path in sorted(Path(folder).glob("**/libfstlookahead.so*")))
    return next(found, None)


def renumbering(path: Path) -> dict[int, int]:
    """Old and new word numbers as fstconvert --save_relabel_opairs wrote them (text, or binary in older versions)."""
    raw = path.read_bytes()
    try:
        pairs = np.array(raw.decode("ascii").split(), dtype=np.int64)
    except ValueError:
        pairs = np.frombuffer(raw, "<i4")
    return {int(old): int(new) for old, new in pairs.reshape(-1, 2)}
