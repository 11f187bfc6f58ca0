"""The same examples in every run, and one line each for what this machine lacks when tests were skipped for it."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A change is taken or refused for what it does, not for the luck of the draw. To search for new examples:
# pytest --hypothesis-profile=default
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as processors: tests that listen to calls or look at pages wait half of the time."""
    return len(os.sched_getaffinity(0)) * 3 // 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(where[2]).removeprefix("Skipped: ") for where in skipped if isinstance(where, tuple)]
    for reason in dict.fromkeys(reasons):
        terminalreporter.write_line(f"{reasons.count(reason)} skipped: {reason}", yellow=True)
