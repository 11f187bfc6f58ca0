"""Conferences: who is in one, who hears whom, and what the bot is told about it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from voicebot.simulator import grammar
from voicebot.simulator.callers import Act
from voicebot.simulator.interpreter import Scene
from voicebot.simulator.leg import Ended, Fetch, Redirected, SimulatedCall, StatusCallback
from voicebot.simulator.parameters import http_date
from voicebot.simulator.sound import mix
from voicebot.simulator.webhooks import WebhookFailed

BACKLOG = 25  # frames of one participant that another has not heard yet
DUPLICATE_LABEL, BAD_COACH = 16025, 13240
HUNG_UP, BY_API, NOT_ADDED = "participant_hung_up", "participant_updated_via_api", "participant_add_failed"
MODERATOR, ENDED_BY_API = "moderator_ended_conference", "conference_ended_via_api"

Post = Callable[[dict[str, str]], None]


class MusicOver(Exception):
    """The conference begins, or this participant is off hold."""


class Removed(Exception):
    """This participant is out of the conference; the leg goes on without it."""


@dataclass
class Participant:
    """One leg in a conference."""

    leg: SimulatedCall
    label: str = ""
    muted: bool = False
    hold: bool = False
    hold_music: Fetch | None = None
    coaching: str | None = None  # CallSid of the only one who hears this participant
    start_on_enter: bool = True
    end_on_exit: bool = False
    status: str = "connected"
    removed: str = ""  # why, once somebody has put this participant out
    inbox: dict[str, deque[bytes]] = field(default_factory=dict)

    def about(self) -> dict[str, str]:
        """The fields of a callback about this participant."""
        return {
            "CallSid": self.leg.sid,
            "Muted": str(self.muted).lower(),
            "Hold": str(self.hold).lower(),
            "Coaching": str(self.coaching is not None).lower(),
            "EndConferenceOnExit": str(self.end_on_exit).lower(),
            "StartConferenceOnEnter": str(self.start_on_enter).lower(),
        } | ({"ParticipantLabel": self.label} if self.label else {})


class Conference:
    """A conference. Each participant's own thread runs its leg; this holds what they share."""

    def __init__(self, conference: str, name: str, account_sid: str) -> None:
        self.sid = conference
        self.name = name
        self.status = "init"
        self.reason = ""
        self.ended_by = ""  # CallSid
        self.created = datetime.now(UTC)
        self.participants: dict[str, Participant] = {}
        self.callback: StatusCallback | None = None
        self._account_sid = account_sid
        self._sequence = 0
        self._lock = threading.RLock()

    @property
    def open(self) -> bool:
        """Whether somebody can still join."""
        return self.status != "completed" and not self.reason

    def find(self, key: str) -> Participant | None:
        """The participant with this CallSid or label."""
        with self._lock:
            labelled = [person for person in self.participants.values() if person.label == key]
            return self.participants.get(key) or (labelled[0] if labelled else None)

    def adopt(self, callback: StatusCallback | None) -> None:
        """The first participant's callback holds for the whole conference."""
        with self._lock:
            self.callback = self.callback or callback

    def expect(self, person: Participant) -> None:
        """A participant who is being rung."""
        with self._lock:
            self.participants[person.leg.sid] = person

    def join(self, person: Participant) -> None:
        """Let a leg in. The conference starts with the second, when one of them may start it."""
        with self._lock:
            person.status = "joining"
            self.participants[person.leg.sid] = person
        self.tell(person.leg, "join", "participant-join", person.about())
        with self._lock:
            person.status = "connected"
            inside = self._inside()
            starts = self.status == "init" and len(inside) > 1 and any(p.start_on_enter for p in inside)
            if starts:
                self.status = "in-progress"
        if starts:
            self.tell(person.leg, "start", "conference-start", {})

    def leave(self, person: Participant, reason: str) -> None:
        """Take a leg out. The conference ends with its last one, or with one whose leaving ends it."""
        with self._lock:
            person.status = "complete"
        told = {"ParticipantCallStatus": person.leg.status, "ReasonParticipantLeft": person.removed or reason}
        self.tell(person.leg, "leave", "participant-leave", person.about() | told)
        how = "kicked" if person.removed else "left"
        with self._lock:
            del self.participants[person.leg.sid]
            rest = list(self.participants.values())
            if person.end_on_exit and reason != NOT_ADDED:
                self._begin_end(person.leg, f"participant-with-end-conference-on-exit-{how}", rest, MODERATOR)
        if not rest:
            self._end(person.leg, f"last-participant-{how}")

    def _begin_end(self, leg: SimulatedCall, reason: str, rest: list[Participant], why: str) -> None:
        """Nobody joins any more, and everybody leaves; the last one ends the conference."""
        if not self.reason:
            self.reason, self.ended_by = reason, leg.sid
            self.put_out(rest, why)

    def _end(self, leg: SimulatedCall, reason: str) -> None:
        with self._lock:
            self.status = "completed"
            self.reason, self.ended_by = self.reason or reason, self.ended_by or leg.sid
        told = {
            "ReasonConferenceEnded": self.reason,
            "CallSidEndingConference": self.ended_by,
            "Reason": self.reason.replace("-", " "),
        }
        self.tell(leg, "end", "conference-end", told)

    def close(self) -> None:
        """End it by REST: everybody is put out."""
        with self._lock:
            rest = list(self.participants.values())
            if rest:
                self._begin_end(rest[0].leg, "conference-ended-via-api", rest, ENDED_BY_API)

    def put_out(self, people: list[Participant], reason: str = BY_API) -> None:
        """Each leaves at its next tick; those who still ring are not rung any longer."""
        for person in people:
            person.removed = person.removed or reason
            if person.status == "queued":
                person.leg.cut_in(Ended(person.leg, reason, "canceled"))

    def tell(self, leg: SimulatedCall, event: str, name: str, about: dict[str, str]) -> None:
        """Report an event, through the leg that caused it, when it was asked for."""
        leg.event("conference", f"{name} {self.name}", sid=self.sid, **about)
        with self._lock:
            callback = self.callback
            if callback is None or not callback.url or event not in callback.events:
                return
            self._sequence += 1
            number = self._sequence
        params = {
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "AccountSid": self._account_sid,
            "SequenceNumber": str(number),
            "Timestamp": http_date(datetime.now(UTC)),
            "StatusCallbackEvent": name,
        }
        leg.post(callback.url, params | about, callback.method)

    def exchange(self, person: Participant, spoken: bytes) -> bytes:
        """Pass 20 ms of one participant to those who may hear it; what that participant hears."""
        with self._lock:
            for other in self._inside():
                if spoken and _hears(other, person):
                    other.inbox.setdefault(person.leg.sid, deque(maxlen=BACKLOG)).append(spoken)
            heard = [frames.popleft() for frames in person.inbox.values() if frames]
        return b"" if person.hold else mix(heard)

    def heard_by(self, key: str) -> set[str]:
        """The CallSids of those whom the participant with this CallSid or label hears when they speak."""
        with self._lock:
            listener = self.find(key)
            return {one.leg.sid for one in self._inside() if listener and _hears(listener, one)}

    @property
    def alone(self) -> bool:
        """Whether fewer than two are inside."""
        with self._lock:
            return len(self._inside()) < 2

    def _inside(self) -> list[Participant]:
        return [person for person in self.participants.values() if person.status == "connected"]


def _hears(listener: Participant, speaker: Participant) -> bool:
    silent = speaker is listener or speaker.muted or speaker.hold
    private = speaker.coaching is not None and speaker.coaching != listener.leg.sid
    return not (silent or private or listener.hold)


def attend(scene: Scene, noun: Element) -> dict[str, str]:
    """`<Dial><Conference>`: be in it until it ends for this leg; what the action URL is told besides."""
    leg, name = scene.leg, (noun.text or "").strip()
    conference = leg.exchange.conference(name)
    label = noun.get("participantLabel", "")
    if label and conference.find(label):
        leg.event("error", f"the label {label} is taken in conference {name}", code=DUPLICATE_LABEL)
        return {}
    coach = noun.get("coach")
    if coach and coach not in conference.participants:
        leg.event("error", f"{coach}, who is to be coached, is not in conference {name}", code=BAD_COACH)
        return {}
    person = Participant(
        leg,
        label,
        muted=grammar.flag(noun, "muted"),
        coaching=coach,
        start_on_enter=grammar.flag(noun, "startConferenceOnEnter", True),
        end_on_exit=grammar.flag(noun, "endConferenceOnExit"),
    )
    conference.adopt(_callback(noun))
    wait_url = noun.get("waitUrl", "")
    wait = scene.document.fetch(wait_url, noun.get("waitMethod")) if wait_url else None
    limit = grammar.whole(leg, scene.verb, "timeLimit", 14_400)
    begun = leg.clock.now
    stay(conference, person, wait, limit, star=grammar.flag(scene.verb, "hangupOnStar"))
    return {"ConferenceSid": conference.sid, "ConferenceDuration": str(round(leg.clock.now - begun))}


def _callback(noun: Element) -> StatusCallback | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "start end").split())
    return StatusCallback(url, events, noun.get("statusCallbackMethod", "POST"))


def stay(
    conference: Conference,
    person: Participant,
    wait: Fetch | None = None,
    seconds: float = 14_400,
    *,
    star: bool = False,
) -> None:
    """Be in a conference until put out. Raises what ends or redirects the leg."""
    leg = person.leg
    reason = HUNG_UP
    conference.join(person)
    try:
        if conference.status == "init":
            _hear_music(person, wait, lambda: conference.status != "init")
        _talk(conference, person, seconds, star)
    except Removed:
        return
    except Ended as ended:
        reason = HUNG_UP if ended.reason == "hung up" else BY_API
        raise
    except Redirected:
        reason = BY_API
        raise
    finally:
        leg.meanwhile, leg.live = None, False
        conference.leave(person, reason)


def _hear_music(person: Participant, music: Fetch | None, over: Callable[[], bool]) -> None:
    """A document, then silence at the wall's pace, until it is over. Raises WebhookFailed when there is no document."""
    leg = person.leg

    def look() -> None:
        _check(person)
        if over():
            raise MusicOver

    leg.meanwhile = look
    try:
        if music is not None:
            leg.exchange.interpreter.run(leg, music, grammar.CONFERENCE_WAIT, rescue=False)
        leg.live = True
        while True:
            leg.listen()
    except MusicOver:
        return
    finally:
        leg.meanwhile, leg.live = None, False


def _hold(person: Participant, until: float) -> None:
    leg = person.leg
    try:
        _hear_music(person, person.hold_music, lambda: not person.hold or leg.clock.now >= until)
    except WebhookFailed as failed:
        leg.event("error", str(failed), code=failed.code, url=failed.url)
        person.hold_music = None


def _check(person: Participant) -> None:
    if person.removed:
        raise Removed


def _talk(conference: Conference, person: Participant, seconds: float, star: bool) -> None:
    leg = person.leg
    leg.event("bridged", f"in conference {conference.name}", sid=conference.sid)
    until = leg.clock.now + seconds
    heard, act = b"", Act()
    while leg.clock.now < until and not (star and "*" in act.digits):
        _check(person)
        if person.hold and person.hold_music:
            _hold(person, until)
            continue
        # Others run on clocks of their own, so that only the wall keeps them together.
        leg.clock.tick(live=leg.person.live or act.idle or conference.alone, together=True)
        act = leg.step(heard, with_person=True)
        heard = conference.exchange(person, act.mulaw)
