"""REST: calls."""

from __future__ import annotations

from flask import jsonify, request

from voicebot.simulator import resources
from voicebot.simulator.exchange import Exchange
from voicebot.simulator.form import MISSING, NOT_LIVE, Answer, Refused, Route, not_found, outgoing
from voicebot.simulator.leg import Ended, Fetch, Redirected, SimulatedCall


class Calls:
    """Calls: place, look at, redirect, end."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        """What can be asked."""
        return [
            ("/Calls.json", "GET", self.all),
            ("/Calls.json", "POST", self.create),
            ("/Calls/<key>.json", "GET", self.fetch),
            ("/Calls/<key>.json", "POST", self.update),
        ]

    def all(self) -> Answer:
        """Every leg of a status or to an address, the newest first."""
        wanted = {"status": request.args.get("Status"), "to": request.args.get("To")}
        found = [resources.call(self._exchange, leg) for leg in tuple(self._exchange.calls.values())]
        found = [one for one in found if all(v is None or one[k] == v for k, v in wanted.items())]
        return jsonify(resources.page("calls", found[::-1], request.path))

    def create(self) -> Answer:
        """Ring somebody; on answering, the document runs."""
        fetch = self._document()
        if fetch is None:
            raise Refused(400, MISSING, "Url, Twiml or ApplicationSid is required")
        what = outgoing(self._exchange)
        leg = self._exchange.outgoing(what)
        self._exchange.place(leg, what, fetch)
        return jsonify(resources.call(self._exchange, leg)), 201

    def fetch(self, key: str) -> Answer:
        """One leg."""
        return jsonify(resources.call(self._exchange, self._leg(key)))

    def update(self, key: str) -> Answer:
        """End a leg, or let it run another document."""
        leg, status, fetch = self._leg(key), request.form.get("Status"), self._document()
        if leg.ended_at is not None:
            raise Refused(400, NOT_LIVE, "Call is not in-progress. Cannot redirect.")
        waiting = leg.status in ("queued", "initiated", "ringing") and leg.direction != "inbound"
        if status == "canceled" and not waiting:
            raise Refused(400, NOT_LIVE, "Call is neither queued nor ringing. Cannot cancel.")
        if status in ("completed", "canceled"):
            leg.cut_in(Ended(leg, f"{status} by REST", status))
        elif fetch is not None and waiting:
            raise Refused(400, NOT_LIVE, "Call is not in-progress. Cannot redirect.")
        elif fetch is not None:
            leg.cut_in(Redirected(leg, fetch))
        return jsonify(resources.call(self._exchange, leg))

    def _leg(self, key: str) -> SimulatedCall:
        leg = self._exchange.calls.get(key)
        if leg is None:
            raise not_found()
        return leg

    def _document(self) -> Fetch | None:
        form = request.form
        url = form.get("Url") or self._exchange.applications.get(form.get("ApplicationSid", ""), "")
        if url:
            return Fetch(url, form.get("Method", "POST"))
        return Fetch(twiml=form["Twiml"]) if form.get("Twiml") else None
