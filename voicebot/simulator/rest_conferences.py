"""REST: conferences and their participants."""

from __future__ import annotations

from collections.abc import Iterator

from flask import jsonify, request

from voicebot.simulator import resources
from voicebot.simulator.conference import BAD_COACH, DUPLICATE_LABEL, NOT_ADDED, Conference, Participant, stay
from voicebot.simulator.exchange import Exchange, Outgoing
from voicebot.simulator.form import Answer, Refused, Route, callback, not_found, outgoing
from voicebot.simulator.leg import Ended, Fetch


class Conferences:
    """Conferences: look at and end; participants: add, change, put out."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        """What can be asked."""
        one, people = "/Conferences/<key>.json", "/Conferences/<key>/Participants"
        return [
            ("/Conferences.json", "GET", self.all),
            (one, "GET", self.fetch),
            (one, "POST", self.update),
            (f"{people}.json", "GET", self.participants),
            (f"{people}.json", "POST", self.add),
            (f"{people}/<who>.json", "GET", self.fetch_participant),
            (f"{people}/<who>.json", "POST", self.update_participant),
            (f"{people}/<who>.json", "DELETE", self.put_out),
        ]

    def all(self) -> Answer:
        """The conferences of a name or status."""
        name, status = request.args.get("FriendlyName"), request.args.get("Status")
        found = [
            resources.conference(self._exchange, one)
            for one in tuple(self._exchange.conferences.values())
            if name in (None, one.name) and status in (None, one.status)
        ]
        return jsonify(resources.page("conferences", found, request.path))

    def fetch(self, key: str) -> Answer:
        """One conference."""
        return jsonify(resources.conference(self._exchange, self._conference(key)))

    def update(self, key: str) -> Answer:
        """End it, or announce something, which nobody hears here."""
        conference = self._conference(key)
        if request.form.get("Status") == "completed":
            conference.close()
        return jsonify(resources.conference(self._exchange, conference))

    def participants(self, key: str) -> Answer:
        """Who is in it."""
        conference = self._conference(key)
        people = [one for one in tuple(conference.participants.values()) if one.status != "complete"]
        found = [resources.participant(self._exchange, conference, one) for one in people]
        return jsonify(resources.page("participants", found, request.path))

    def add(self, key: str) -> Answer:
        """Ring somebody, who is in the conference on answering. A friendly name makes the conference."""
        what, form = outgoing(self._exchange), request.form
        conference = self._exchange.conference(key)
        label = form.get("Label", "")
        if label and conference.find(label):
            raise Refused(400, DUPLICATE_LABEL, f"Participant label {label} is taken")
        told = callback("ConferenceStatusCallback", "start end")
        conference.adopt(told if told.url else None)
        person = Participant(
            self._exchange.outgoing(what),
            label,
            muted=form.get("Muted") == "true",
            coaching=_coached(conference, None),
            start_on_enter=form.get("StartConferenceOnEnter", "true") == "true",
            end_on_exit=form.get("EndConferenceOnExit") == "true",
            status="queued",
        )
        conference.expect(person)
        self._exchange.start(person.leg, lambda: self._ring(conference, person, what))
        return jsonify(resources.participant(self._exchange, conference, person)), 201

    def _ring(self, conference: Conference, person: Participant, what: Outgoing) -> None:
        leg, joined = person.leg, False
        try:
            with self._exchange.answered(leg, what):
                joined = True
                self._exchange.follow(leg, lambda: stay(conference, person))
        except Ended as ended:
            if not joined:
                leg.status = ended.status
                conference.leave(person, NOT_ADDED)
            raise

    def fetch_participant(self, key: str, who: str) -> Answer:
        """One participant, by CallSid or label."""
        conference = self._conference(key)
        return jsonify(resources.participant(self._exchange, conference, self._participant(conference, who)))

    def update_participant(self, key: str, who: str) -> Answer:
        """Mute, hold, coach, end on exit; announcements are not heard here."""
        conference = self._conference(key)
        person = self._participant(conference, who)
        before = person.about()
        _change(conference, person)
        for event, name in _changes(before, person.about()):
            conference.tell(person.leg, event, name, person.about())
        return jsonify(resources.participant(self._exchange, conference, person))

    def put_out(self, key: str, who: str) -> Answer:
        """Put a participant out of the conference."""
        conference = self._conference(key)
        conference.put_out([self._participant(conference, who)])
        return "", 204

    def _conference(self, key: str) -> Conference:
        found = self._exchange.conferences.get(key)
        if found is None:
            raise not_found()
        return found

    def _participant(self, conference: Conference, who: str) -> Participant:
        found = conference.find(who)
        if found is None:
            raise not_found()
        return found


def _change(conference: Conference, person: Participant) -> None:
    form = request.form
    person.coaching = _coached(conference, person.coaching)
    if "Muted" in form:
        person.muted = form["Muted"] == "true"
    if "Hold" in form:
        music = form.get("HoldUrl")
        person.hold_music = Fetch(music, form.get("HoldMethod", "GET")) if music else None
        person.hold = form["Hold"] == "true"
    if "EndConferenceOnExit" in form:
        person.end_on_exit = form["EndConferenceOnExit"] == "true"


def _coached(conference: Conference, now: str | None) -> str | None:
    """The CallSid of whom the participant is to coach. Raises Refused for somebody who is not there."""
    form = request.form
    if not ("Coaching" in form or "CallSidToCoach" in form):
        return now
    if form.get("Coaching", "true") != "true":
        return None
    coached = form.get("CallSidToCoach", now)
    if coached not in conference.participants:
        raise Refused(400, BAD_COACH, f"CallSidToCoach {coached} is not in this conference")
    return coached


def _changes(before: dict[str, str], after: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The events of a change, each with the name it is told by."""
    for field, event in (("Muted", "mute"), ("Hold", "hold")):
        if before[field] != after[field]:
            yield event, f"participant-{event}" if after[field] == "true" else f"participant-un{event}"
    if any(before[field] != after[field] for field in ("Coaching", "EndConferenceOnExit")):
        yield "modify", "participant-modify"
