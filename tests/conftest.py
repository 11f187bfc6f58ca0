"""Tells in one line each what this machine lacks, when tests were skipped for it."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    reasons = [str(where[2]).removeprefix("Skipped: ") for where in skipped if isinstance(where, tuple)]
    for reason in dict.fromkeys(reasons):
        terminalreporter.write_line(f"{reasons.count(reason)} skipped: {reason}", yellow=True)
