"""The parts of the page, each rendered by itself, with a key that changes only when it must be replaced."""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import redis
from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from voicebot.calls import Call, Stage
from voicebot.desk import screen, wording
from voicebot.desk.feed import Item
from voicebot.desk.parts import Parts
from voicebot.desk.pop import pop_for
from voicebot.desk.screen import FRAGMENTS, Snapshot, Stand
from voicebot.desk.texts import words
from voicebot.dialplan.schema import NO_INTENT, TABS
from voicebot.directory.customers import CustomerFile
from voicebot.records.agents import Agent
from voicebot.records.promises import open_promises
from voicebot.routing.live import Event

_log = logging.getLogger(__name__)
_WITH_CALL = (Stand.COMING, Stand.OFFERED, Stand.ACCEPTED, Stand.TALKING, Stand.WRAP_UP)


@dataclass(frozen=True)
class Fragment:
    """One part of the page. The element `id` gets `html` when its key is not `key` yet."""

    id: str
    html: Markup
    key: str


@dataclass
class View:
    """One agent's page as it was last sent. Belongs to one thread."""

    parts: Parts
    me: Agent
    language: str
    sid: str | None = None  # the call on the page
    ends: datetime | None = None  # when the wrap-up on the page ends by itself
    words: dict[str, str] = field(default_factory=dict)  # of callers who are being heard, by call
    looked_up: set[str] = field(default_factory=set)  # calls whose caller was looked up, found or not
    troubles: dict[str, str] = field(default_factory=dict)  # by fragment: which store does not answer
    _keys: dict[str, str] = field(default_factory=dict)
    _file_of: str | None = None  # the call whose file is on the page

    def take_in(self, items: Sequence[Item]) -> set[str]:
        """Note what happened; the fragments that may look different now, and those that could not be shown."""
        events = [item for item in items if isinstance(item, Event) and item.call]
        said = {event.call: event.text for event in events if event.kind == "words" and event.call}
        new_callers = {"heard"} if said.keys() - self.words.keys() else set()
        self.words.update(said)
        self.looked_up.update(event.call for event in events if event.kind == "customer" and event.call)
        return screen.concerned(items, self.me.id, self.sid) | new_callers | self.troubles.keys()

    def changed(self, names: Iterable[str]) -> Iterator[Fragment]:
        """The fragments among `names`, and the troubles, that are not on the page as they are now."""
        for fragment in self._all(set(names)):
            if self._keys.get(fragment.id) != fragment.key:
                self._keys[fragment.id] = fragment.key
                yield fragment

    def _all(self, names: set[str]) -> Iterator[Fragment]:
        try:
            now = self._snapshot()
        except redis.RedisError:
            self.troubles["live"] = "live"
        else:
            self.troubles.pop("live", None)
            if self._wrap_up_ended(now):
                names = set(FRAGMENTS)
            for name in FRAGMENTS:
                if name in names:
                    yield from self._tried(name, now)
        yield self._render("trouble", troubles=sorted(set(self.troubles.values())))

    def _tried(self, name: str, now: Snapshot) -> Iterator[Fragment]:
        try:
            fragment = getattr(self, f"_{name}")(now)
        except SQLAlchemyError as error:
            _tell_log(name, error)
            self.troubles[name] = "records"
        except Exception as error:
            _tell_log(name, error)
            self.troubles[name] = "directory" if name == "file" else "records"
        else:
            self.troubles.pop(name, None)
            yield fragment
            return
        call = _of_page(now)
        if name == "file" and call and self._file_of != call.sid:
            self._file_of = None
            pop = pop_for(self.parts.screen_pop, call, now.stand)
            yield self._render("file", call=call, files=None, pop=pop)  # never another caller's file

    def _snapshot(self) -> Snapshot:
        live = self.parts.live
        agent = live.agent(self.me.id) or self.parts.sign_on(self.me)
        call = live.call(agent.call) if agent.call else None
        self.sid = call.sid if call else None
        now = Snapshot(agent, call, tuple(live.calls()), tuple(live.agents()), self.parts.now())
        heard = {one.sid for one in now.heard} | {self.sid}
        self.words = {sid: said for sid, said in self.words.items() if sid in heard}
        return now

    def _wrap_up_ended(self, now: Snapshot) -> bool:
        """Whether wrap-up ended since the last time, which no event tells."""
        before, self.ends = self.ends, now.agent.until if now.stand is Stand.WRAP_UP else None
        return before is not None and before <= now.now

    # -- one method a fragment

    def _presence(self, now: Snapshot) -> Fragment:
        return self._render("presence", now=now)

    def _queue(self, now: Snapshot) -> Fragment:
        plans = {call.sid: self.parts.plan(call.line, call.dialplan) for call in now.waiting}
        return self._render("queue", now=now, plans=plans)

    def _heard(self, now: Snapshot) -> Fragment:
        plans = {call.sid: self.parts.plan(call.line, call.dialplan) for call in now.heard}
        return self._render("heard", now=now, plans=plans, said=self.words, key=",".join(c.sid for c in now.heard))

    def _callbacks(self, now: Snapshot) -> Fragment:
        promises = open_promises(self.parts.engine, self.me.teams)
        late = {promise.id for promise in promises if promise.due < now.now}
        return self._render("callbacks", promises=promises, late=late)

    def _call(self, now: Snapshot) -> Fragment:
        call = _of_page(now)
        plan = self.parts.plan(call.line, call.dialplan) if call else None
        said = _said(call, self.words.get(call.sid, "")) if call else ""
        return self._render("call", now=now, call=call, plan=plan, said=said)

    def _disposition(self, now: Snapshot) -> Fragment:
        # Wrap-up that ran out keeps its form: what was not written down may still be.
        call = now.call if now.call and now.call.connected and now.call.agent == self.me.id else None
        plan = self.parts.plan(call.line, call.dialplan) if call else None
        return self._render("disposition", call=call, plan=plan, no_intent=NO_INTENT, key=call.sid if call else "none")

    def _file(self, now: Snapshot) -> Fragment:
        call = _of_page(now)
        files = self._files(call, now.stand) if call else None
        known = screen.standing(call, files) if call and files else None
        opened = screen.tab_to_open(call, self.parts.plan(call.line, call.dialplan)) if call else "details"
        fragment = self._render(
            "file",
            call=call,
            looking=call is not None and files is None,
            files=files,
            known=known,
            opened=opened,
            plan=self.parts.plan(call.line, call.dialplan) if call else None,
            pop=pop_for(self.parts.screen_pop, call, now.stand),
        )
        self._file_of = call.sid if call else None
        return fragment

    def _files(self, call: Call, stand: Stand) -> list[CustomerFile] | None:
        """The files of the customers with this number; None while they are being looked up elsewhere."""
        early = stand in (Stand.COMING, Stand.OFFERED, Stand.ACCEPTED) and call.sid not in self.looked_up
        if call.customers is None and call.caller and early:
            return None
        files = (self.parts.directory.file(id) for id in self.parts.customer_ids(call))
        return [file for file in files if file]

    def _render(self, name: str, *, key: str | None = None, **values: Any) -> Fragment:
        template = current_app.jinja_env.get_template(f"desk/_{name}.html")
        html = template.render(
            **page_words(self.language), me=self.me, Stand=Stand, tabs=TABS, title=screen.title, **values
        ).strip()
        digest = hashlib.blake2b((html if key is None else key).encode(), digest_size=8).hexdigest()
        return Fragment(name, Markup(html), f"{self.language}-{digest}")  # noqa: S704 - escaped by the template


def page_words(language: str) -> dict[str, Any]:
    """What every template of the desk is given: texts, and how values are written."""
    return {
        "t": words(language),
        "language": language,
        "number": wording.number,
        "iso": wording.iso,
        "percent": wording.percent,
        "known_slots": wording.KNOWN_SLOTS,
        "url_for": url_for,
    }


def _tell_log(name: str, error: Exception) -> None:
    """Where it went wrong, without the error's own text: that may hold a number or a name."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("the desk cannot show %s: %s\n%s", name, type(error).__name__, where)


def _said(call: Call, words: str) -> str:
    """What the caller said; of one who still speaks, the words that have come since the call was last decided on."""
    return (words or call.utterance) if call.stage is Stage.LISTENING else (call.utterance or words)


def _of_page(now: Snapshot) -> Call | None:
    return now.call if now.stand in _WITH_CALL else None
