from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.dialplan.loader import load
from voicebot.understanding.match import Understanding, learn

DEMO = Path(__file__).parents[2] / "dialplans"


@pytest.fixture(scope="session")
def noorderlicht() -> Understanding:
    return learn(load(DEMO / "noorderlicht.yaml"))


@pytest.fixture(scope="session")
def northwind() -> Understanding:
    return learn(load(DEMO / "northwind.yaml"))
