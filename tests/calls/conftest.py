"""`scene`: people on a centre that is opened once for all tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calls.scene import Clock, Scene, opened
from voicebot.simulator.centre import Centre


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, Clock]]:
    with opened(tmp_path_factory.mktemp("hall")) as centre:
        yield centre


@pytest.fixture
def scene(hall: tuple[Centre, Clock]) -> Iterator[Scene]:
    scene = Scene(*hall)
    yield scene
    scene.close()
