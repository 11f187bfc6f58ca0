"""What the tests of hearing share: the demo model, and copies of it to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

DEMO_MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture
def copy_of_the_model(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the Dutch demo model under a name of one's own, in an otherwise empty folder of models."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(DEMO_MODELS / "demo-nl", tmp_path / "models" / name))

    return copy
