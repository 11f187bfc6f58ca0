"""Callers who say who they are want the same as those who do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.dialplan.loader import load
from voicebot.understanding.match import Understanding, learn

FOLDER = Path(__file__).parents[2] / "dialplans"
ASIDES = {
    "noorderlicht": [
        "{} mijn klantnummer is een nul nul twee zeven drie een vijf",
        "u spreekt met de vries uit leeuwarden {}",
        "{} postcode acht negen elf b t nummer drie",
        "met jansen klantnummer tien nul twee achtendertig eenenveertig {}",
    ],
    "northwind": [
        "{} my customer number is one double oh two seven three one five",
        "this is john smith from leeds {}",
        "{} my postcode is l s one four a b number fourteen",
    ],
}


@pytest.fixture(scope="module", params=list(ASIDES))
def understanding(request: pytest.FixtureRequest) -> Understanding:
    return learn(load(FOLDER / f"{request.param}.yaml"))


def test_numbers_names_and_addresses_do_not_disturb_what_is_wanted(understanding: Understanding) -> None:
    plan = understanding.plan
    for aside in ASIDES[plan.path.stem if plan.path else ""]:
        wanted = {test.say: understanding.match(test.say).intent for test in plan.tests}
        heard = {test.say: understanding.match(aside.format(test.say)).intent for test in plan.tests}
        changed = [say for say in wanted if wanted[say] != heard[say]]
        assert len(changed) <= len(wanted) // 20, f"{aside}: {changed}"
