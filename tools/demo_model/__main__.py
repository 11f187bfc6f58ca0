"""python -m tools.demo_model [--language nl|en|all] [--stage all|speech|train|graph|evaluate]."""

from __future__ import annotations

import argparse
import ctypes
import shutil
import sys

from tools.demo_model import openfst, stages

APT = "apt-get install -y espeak-ng libespeak-ng1 libfst-tools flite"
LANGUAGES = ("nl", "en")


def main() -> int:
    """Build the asked stages; exit status 1 when a program is lacking."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model", description=stages.__doc__)
    parser.add_argument("--language", choices=[*LANGUAGES, "all"], default="all")
    parser.add_argument("--stage", choices=[*stages.STAGES, "all"], default="all")
    options = parser.parse_args()
    languages = LANGUAGES if options.language == "all" else (options.language,)
    names = list(stages.STAGES) if options.stage == "all" else [options.stage]
    if lacking := _lacking(names, languages):
        print(f"lacking {', '.join(lacking)}: run {APT}", file=sys.stderr)
        return 1
    for language in languages:
        for name in names:
            stages.STAGES[name](stages.Build(language))
    return 0


def _lacking(names: list[str], languages: tuple[str, ...]) -> list[str]:
    """Programs and libraries that the asked stages need and this machine does not have."""
    lacking = []
    if "graph" in names:
        lacking += [tool for tool in ("fstcompile",) if not shutil.which(tool)]
        lacking += ["libfstlookahead"] if not openfst.lookahead_library() else []
    if {"speech", "evaluate"} & set(names):
        lacking += ["libespeak-ng.so.1"] if not _loads("libespeak-ng.so.1") else []
        lacking += ["flite"] if "en" in languages and not shutil.which("flite") else []
    return lacking


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
