"""The parts of the page, each rendered by itself, with a key that changes only when it must be replaced."""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import redis
from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from voicebot.calls import Call
from voicebot.desk import callview, screen, wording
from voicebot.desk.board import Board
from voicebot.desk.feed import Item, Listener
from voicebot.desk.parts import Parts
from voicebot.desk.pop import pop_for
from voicebot.desk.screen import FRAGMENTS, Snapshot, Stand
from voicebot.desk.standing import standing
from voicebot.desk.texts import words
from voicebot.dialplan.schema import NO_INTENT, TABS
from voicebot.directory.customers import CustomerFile
from voicebot.records import promises
from voicebot.records.agents import Agent
from voicebot.routing import presence
from voicebot.routing.live import Event

_log = logging.getLogger(__name__)
MISSED = "missed "  # what an event says of a colleague who did not come, before the colleague's id
DECLINED = "declined "


@dataclass(frozen=True)
class Fragment:
    """One part of the page. The element `id` gets `html` when its key is not `key` yet."""

    id: str
    html: Markup
    key: str


@dataclass
class View:
    """One agent's page as it was last sent. Belongs to one thread, but for what the feed reads of its listener."""

    parts: Parts
    me: Agent
    language: str
    listener: Listener | None = None
    ends: datetime | None = None  # when the wrap-up on the page ends by itself
    said: tuple[str, str] = ("", "")  # the call whose words came last, and the words
    looked_up: str = ""  # the call whose caller was looked up last, found or not
    not_coming: tuple[str, str] = ("", "")  # the call to which a colleague did not come, and what was told of it
    troubles: dict[str, str] = field(default_factory=dict)  # by fragment: which store does not answer
    _sid: str | None = None  # the call on the page
    _keys: dict[str, str] = field(default_factory=dict)
    _file_of: str | None = None  # the call whose file is on the page

    def take_in(self, items: Sequence[Item]) -> set[str]:
        """Note what happened; the fragments that may look different now, and those that could not be shown."""
        for event in items:
            if not isinstance(event, Event) or not event.call:
                continue
            if event.kind == "words":
                self.said = (event.call, event.text)
            elif event.kind == "customer":
                self.looked_up = event.call
            elif event.text.startswith((MISSED, DECLINED)):
                self.not_coming = (event.call, event.text)
        return screen.concerned(items, self.me.id, self._sid) | self.troubles.keys()

    def changed(self, names: Iterable[str]) -> Iterator[Fragment]:
        """The fragments among `names`, and the troubles, that are not on the page as they are now."""
        wanted = set(names)
        for fragment in self._all(wanted) if wanted else ():
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
            fragments = list(getattr(self, f"_{name}")(now))
        except redis.RedisError:
            self.troubles[name] = "live"
        except SQLAlchemyError as error:
            _tell_log(name, error)
            self.troubles[name] = "records"
        except Exception as error:
            _tell_log(name, error)
            self.troubles[name] = "directory" if name == "file" else "records"
        else:
            self.troubles.pop(name, None)
            yield from fragments
            return
        call = now.shown
        if name == "file" and call and self._file_of != call.sid:
            self._file_of = None
            pop = pop_for(self.parts.screen_pop, call, now.stand)
            yield self._render("file", now=now, call=call, files=None, pop=pop)  # never another caller's file

    def _snapshot(self) -> Snapshot:
        live = self.parts.live
        agent = live.agent(self.me.id) or self.parts.sign_on(self.me)
        call = live.call(agent.call) if agent.call else None
        self._sid = call.sid if call else None
        if self.listener:
            self.listener.sid = self._sid
        return Snapshot(agent, call, self.parts.now())

    def _wrap_up_ended(self, now: Snapshot) -> bool:
        """Whether wrap-up ended since the last time, which no event tells."""
        before, self.ends = self.ends, now.agent.until if now.stand is Stand.WRAP_UP else None
        return before is not None and before <= now.now

    # -- one method a fragment

    def _presence(self, now: Snapshot) -> Iterator[Fragment]:
        yield self._render("presence", now=now)

    def _queue(self, _: Snapshot) -> Iterator[Fragment]:
        board = self.parts.feed.board
        waiting = board.waiting_for(self.me.teams)
        plans = {call.sid: self.parts.plan(call.line, call.dialplan) for call in waiting.first}
        yield self._render("queue", waiting=waiting, heard=board.heard, plans=plans)

    def _colleagues(self, now: Snapshot) -> Iterator[Fragment]:
        board = self.parts.feed.board
        rows = board.drawn.get((self.language, *self.me.teams)) or self._draw(board, now)
        yield self._render("colleagues", rows=[row for id, row in rows.items() if id != self.me.id])

    def _draw(self, board: Board, now: Snapshot) -> Mapping[str, Markup]:
        """The rows of everybody in this agent's teams, drawn once for all of them: a hundred desks show a hundred."""
        people = board.colleagues("", self.me.teams)
        rows = {one.id: self.piece("colleague", one=one, is_free=presence.free(one, now.now)) for one in people}
        board.drawn[self.language, *self.me.teams] = rows
        return rows

    def _promises(self, now: Snapshot) -> Iterator[Fragment]:
        board = self.parts.feed.board
        if board.promises is None:
            raise SQLAlchemyError("the board was read without its promises")
        told = callview.promised(board.promises, self.me, now.now)
        people = board.colleagues(self.me.id, self.me.teams)
        yield self._render("promises", told=told, people=people, who=board.name, can_call=now.stand is Stand.READY)

    def _call(self, now: Snapshot) -> Iterator[Fragment]:
        call = now.shown
        if call is None:
            yield self._render("call", now=now, call=None)
            return
        board = self.parts.feed.board
        sid, said = self.said
        told, colleague = self.not_coming[1].rsplit(" ", 1) if self.not_coming[0] == call.sid else ("", "")
        yield self._render(
            "call",
            now=now,
            call=call,
            plan=self.parts.plan(call.line, call.dialplan),
            said=callview.said(call, said if sid == call.sid else ""),
            who=board.name,
            promise=promises.get(self.parts.engine, call.promise) if call.promise is not None else None,
            replay=self._can_be_heard(call),
            explains=self.parts.explain is not None,
            not_coming=(told, board.name(colleague)) if told else None,
        )

    def _can_be_heard(self, call: Call) -> bool:
        replay = self.parts.replay
        return bool(replay and self.parts.plan(call.line, call.dialplan).privacy.keep_audio) and bool(
            replay and replay.there(call.sid, call.line)
        )

    def _transfer(self, now: Snapshot) -> Iterator[Fragment]:
        call = now.shown if now.stand is Stand.TALKING else None
        people = self.parts.feed.board.colleagues(self.me.id) if call else ()
        choice = callview.to_call_in(people, call, now.now) if call else None
        over = call is not None and self.parts.rooms.over_budget(call)
        yield self._render("transfer", call=call, over=over, choice=choice)

    def _disposition(self, now: Snapshot) -> Iterator[Fragment]:
        # Wrap-up that ran out keeps its form: what was not written down may still be.
        call = now.call if now.call and screen.took_part(now.call, now.agent, self.me.id) else None
        yield self.wrap_up(call)

    def wrap_up(self, call: Call | None) -> Fragment:
        """The form in which the agent writes down what a call was."""
        plan = self.parts.plan(call.line, call.dialplan) if call else None
        mine = call is not None and call.agent == self.me.id
        return self._render(
            "disposition",
            call=call,
            plan=plan,
            mine=mine,
            likeliest=screen.likeliest(call, plan) if call and plan else (),
            no_intent=NO_INTENT,
            key=f"{call.sid} {mine} {call.customer}" if call else "none",
        )

    def _file(self, now: Snapshot) -> Iterator[Fragment]:
        call = now.shown
        files = self._files(call, now.stand) if call else None
        plan = self.parts.plan(call.line, call.dialplan) if call else None
        known = standing(call, files) if call and files else None
        yield self._render("who", call=call, files=files, known=known)
        yield self._render(
            "file",
            now=now,
            call=call,
            looking=call is not None and files is None,
            files=files,
            known=known,
            opened=screen.tab_to_open(call, plan) if call and plan else "details",
            plan=plan,
            who=self.parts.feed.board.name,
            pop=pop_for(self.parts.screen_pop, call, now.stand),
        )
        self._file_of = call.sid if call else None

    def _files(self, call: Call, stand: Stand) -> list[CustomerFile] | None:
        """The files of the customers with this number; None while they are being looked up elsewhere."""
        if call.customers is None and call.caller and stand in screen.BEFORE and self.looked_up != call.sid:
            return None
        files = (self.parts.directory.file(id) for id in self.parts.customer_ids(call))
        return [file for file in files if file]

    def _render(self, name: str, *, key: str | None = None, **values: Any) -> Fragment:
        html = self.piece(name, **values)
        digest = hashlib.blake2b((html if key is None else key).encode(), digest_size=8).hexdigest()
        return Fragment(name, html, f"{self.language}-{digest}")

    def piece(self, name: str, **values: Any) -> Markup:
        """A piece of the page, from the template of this name."""
        template = current_app.jinja_env.get_template(f"desk/_{name}.html")
        known = {"me": self.me, "tabs": TABS, "title": screen.title, "bound": presence.bound}
        known |= {"pieces": callview.pieces, "number_is": callview.number_is}
        html = template.render(**page_words(self.language), **known, **values).strip()
        return Markup(html)  # noqa: S704 - escaped by the template


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
