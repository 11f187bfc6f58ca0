"""A fault in a dialplan: where it is, what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voicebot.errors import InputError


@dataclass(frozen=True, order=True)
class Fault:
    """`line` and `column` count from 1. A warning does not keep a dialplan from being used."""

    file: str
    line: int
    column: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        kind = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message}"


class DialplanFaults(InputError):
    """All faults of one dialplan file, in the order of the file."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.path = path
        self.found: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__(*map(str, self.found))
