"""The wall as HTML: sections and rows, each sent again only when it must look different."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import redis
from flask import current_app
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from voicebot.desk import beats, wall_screen
from voicebot.desk.fragments import Fragment, page_words
from voicebot.desk.parts import Parts
from voicebot.desk.supervised import Supervised
from voicebot.desk.texts import words
from voicebot.desk.wall_read import HEALTH_S, RECORDS_S, Kept, Reader, Seen
from voicebot.desk.wall_screen import State
from voicebot.records.agents import Agent

_log = logging.getLogger(__name__)

SECTIONS = ("trouble", "figures", "card", "telephone", "asks", "promises", "budget", "health")
LISTS = ("queues", "agents")
STATES = {
    State.READY: "present",
    State.RINGING: "reserved",
    State.TALKING: "on_call",
    State.WITH: "wl_with",
    State.WRAP_UP: "wrap_up",
    State.AWAY: "wl_away",
    State.MISSED: "wl_missed",
}
ACTS = {
    "listens": "wl_listen",
    "coaches": "wl_coach",
    "joins": "wl_join",
    "ready": "wl_make_ready",
    "away": "wl_make_away",
}
MEANS = {"listens": "wl_listen_means", "coaches": "wl_coach_means", "joins": "wl_join_means"}
HEALTH = {"ready": "wl_is_well", "degraded": "wl_is_degraded", "down": "wl_is_down"}
PARTS = {"listens": "wl_you_listen", "coaches": "wl_you_coach", "joins": "wl_you_join"}


@dataclass(frozen=True)
class Section:
    """A part of the page, or a row of one of its lists, with the value that it shows."""

    id: str
    template: str
    value: object


@dataclass
class WallView:
    """One supervisor's wall as it was last sent. Belongs to one thread."""

    parts: Parts
    supervised: Supervised
    reader: Reader
    me: Agent
    language: str
    _keys: dict[str, str] = field(default_factory=dict)
    _orders: dict[str, list[str]] = field(default_factory=dict)

    def be_here(self) -> None:
        """Routing knows the supervisor, and that somebody looks: then others can call for them."""
        if self.parts.live.agent(self.me.id) is None:
            self.parts.sign_on(self.me)
        beats.beat(self.parts, self.me)

    def changed(self, since: float) -> Iterator[dict[str, Any]]:
        """What is not on the page as it was at `since` (monotonic) or later, as messages for its script."""
        lists, sections = self._looked(since)
        for section in sections:
            fragment = self._fresh(section)
            if fragment:
                yield {"id": fragment.id, "html": fragment.html, "key": fragment.key}
        for name, rows in lists.items():
            yield from self._list(name, rows)

    def whole(self, since: float) -> dict[str, Any]:
        """Everything, for the page: fragments by id, and the HTML of all rows by list."""
        lists, sections = self._looked(since)
        parts = {name: Fragment(name, Markup(), "") for name in SECTIONS}
        parts |= {section.id: fragment for section in sections if (fragment := self._fresh(section))}
        shown = {name: [one.html for row in rows if (one := self._fresh(row))] for name, rows in lists.items()}
        return {"parts": parts, "rows": {name: Markup().join(shown.get(name, ())) for name in LISTS}}

    def _list(self, name: str, rows: Iterable[Section]) -> Iterator[dict[str, Any]]:
        rows = list(rows)
        order = [row.id for row in rows]
        items = {row.id: fragment.html for row in rows if (fragment := self._fresh(row))}
        for gone in set(self._orders.get(name, ())) - set(order):
            self._keys.pop(gone, None)
        if order != self._orders.get(name):
            self._orders[name] = order
            yield {"list": name, "items": items, "order": order}
        elif items:
            yield {"list": name, "items": items}

    def _looked(self, since: float) -> tuple[dict[str, list[Section]], list[Section]]:
        """The rows by list and the other sections, as far as the stores answer."""
        troubles: list[str] = []
        kept = self._kept(since, troubles)
        seen = self._seen(since, troubles)
        sections = [Section("trouble", "trouble", tuple(troubles))]
        sections += self._of_seen(seen, kept) if seen else []
        sections += self._of_records(seen, kept) if kept else []
        sections.append(Section("health", "wall_health", self.reader.health(self.parts.now(), since - HEALTH_S)))
        return self._lists(seen) if seen else {}, sections

    def _seen(self, since: float, troubles: list[str]) -> Seen | None:
        try:
            return self.reader.seen(self.parts.now(), since)
        except redis.RedisError:
            troubles.append("live")
            return None

    def _kept(self, since: float, troubles: list[str]) -> Kept | None:
        try:
            return self.reader.kept(self.parts.now(), since - RECORDS_S)
        except SQLAlchemyError as error:
            _log.error("the wall cannot read the records: %s", type(error).__name__)
            troubles.append("records")
            return None

    def _of_seen(self, seen: Seen, kept: Kept | None) -> Iterable[Section]:
        plan = self.parts.plan
        own = next((one for one in seen.agents if one.id == self.me.id), None)
        card = (wall_screen.mine(seen, self.me.id, plan), own.phone if own else self.me.phone)
        return (
            Section("figures", "wall_figures", wall_screen.totals(seen, kept)),
            Section("card", "wall_card", card),
            Section("telephone", "wall_telephone", card[1]),
            Section("asks", "wall_asks", wall_screen.asked(seen, plan)),
        )

    def _of_records(self, seen: Seen | None, kept: Kept) -> Iterable[Section]:
        now_over = wall_screen.over_budget(seen, self.parts.plan) if seen else []
        past = [
            (one, kept.names.get(one.from_agent, ""), kept.names.get(one.to_agent or "", ""))
            for one in kept.over_budget
        ]
        return (
            Section("promises", "wall_promises", wall_screen.at_risk(kept, self.parts.now())),
            Section("budget", "wall_budget", (now_over, past)),
        )

    def _lists(self, seen: Seen) -> dict[str, list[Section]]:
        plan = self.parts.plan
        queues = [wall_screen.team_queue(queue, plan) for queue in seen.queues if queue.people or queue.waiting]
        agents: list[Section] = []
        for group, rows in wall_screen.groups(seen, plan, self.me.id):
            agents.append(Section(f"team-{group.team}", "wall_group", group))
            agents += [Section(f"agent-{row.team}-{row.id}", "wall_agent", row) for row in rows]
        return {
            "queues": [Section(f"queue-{queue.team}", "wall_queue", queue) for queue in queues],
            "agents": agents,
        }

    def _fresh(self, section: Section) -> Fragment | None:
        """The section, when it is not on the page as it is now."""
        digest = hashlib.blake2b(repr(section.value).encode(), digest_size=8).hexdigest()
        key = f"{self.language}-{digest}"
        if self._keys.get(section.id) == key:
            return None
        self._keys[section.id] = key
        template = current_app.jinja_env.get_template(f"desk/_{section.template}.html")
        html = template.render(**self._words(), id=section.id, key=key, troubles=section.value, it=section.value)
        return Fragment(section.id, Markup(html.strip()), key)  # noqa: S704 - escaped by the template

    def _words(self) -> dict[str, Any]:
        team = words(self.language)("team_generalists")
        return {
            **page_words(self.language),
            "states": STATES,
            "acts": ACTS,
            "your_part": PARTS,
            "means": MEANS,
            "health": HEALTH,
            "team_name": lambda name: team if name == "generalists" else name,
            "me": self.me,
            "decimal": lambda share: f"{share:.2f}".replace(".", "," if self.language == "nl" else "."),
        }
