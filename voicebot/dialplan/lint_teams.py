"""Settings of teams that contradict each other or have no effect, and callers put far before others."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.calls import GENERALISTS
from voicebot.dialplan.faults import Fault
from voicebot.dialplan.look import Look

SUPERVISOR = "supervisor"  # the intent of callers who ask for whoever is in charge
FAR_AHEAD = 3600  # seconds


def supervisors_missing(look: Look) -> Iterator[Fault]:
    """Callers who want a supervisor and get somebody who is none."""
    intent = look.plan.intents.get(SUPERVISOR)
    team = look.plan.teams.get(intent.connect) if intent else None
    if intent and team and not team.supervisors:
        message = f"nobody in `{intent.connect}` is a supervisor: " + (
            "connect to a team with `supervisors: true`"
            if intent.connect == GENERALISTS
            else f"write `supervisors: true` under the team `{intent.connect}`, or connect to another"
        )
        yield look.document.warning(look.document.at(("intents", SUPERVISOR, "connect")), message)


def contact_persons_elsewhere(look: Look) -> Iterator[Fault]:
    """A contact person in a team whose calls TaskRouter gives out."""
    for name, team in look.plan.teams.items():
        if team.taskrouter and team.contact_person:
            message = "TaskRouter does not keep the contact person: leave out `contact_person`, or `taskrouter`"
            yield look.document.warning(look.document.key_at(("teams", name, "contact_person")), message)


def waits_for_ever(look: Look) -> Iterator[Fault]:
    """Teams whose callers nobody else takes, at any hour."""
    connected = {intent.connect for intent in look.plan.intents.values()} - {GENERALISTS}
    for name, team in look.plan.teams.items():
        if team.overflow_after is None and team.hours is None and name in connected:
            message = (
                "callers of this team wait for its people alone, at any hour: give it `hours`, "
                "or a time after which the generalists help, such as 5m"
            )
            yield look.document.warning(look.document.at(("teams", name, "overflow_after")), message)


def pointless_for_generalists(look: Look) -> Iterator[Fault]:
    """What the generalists cannot have: they take all that is left, and nobody is behind them."""
    told = {
        "hours": "they answer whenever the line is open: write these as the `hours` of the line",
        "overflow_after": "nobody takes their callers: remove it",
        "in_a_row": "everybody's calls are theirs, one after the other: remove it",
    }
    unusual = look.plan.teams[GENERALISTS].model_dump(include=set(told), exclude_defaults=True)
    for key in unusual:
        message = f"this has no effect for the generalists, {told[key]}"
        yield look.document.warning(look.document.key_at(("teams", GENERALISTS, key)), message)


def far_ahead(look: Look) -> Iterator[Fault]:
    """Intents whose callers are put so far before all others that these hardly come to their turn."""
    for name, intent in look.plan.intents.items():
        if intent.head_start > FAR_AHEAD:
            message = "these callers come before all others who called within this time: keep it under 1h, such as 5m"
            yield look.document.warning(look.document.at(("intents", name, "head_start")), message)


CHECKS = (supervisors_missing, contact_persons_elsewhere, waits_for_ever, pointless_for_generalists, far_ahead)
