"""Twilio's REST API on loopback, as far as the bot uses it. What is not simulated says so with status 501."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from flask import Blueprint, Response, g, jsonify, request

from voicebot.simulator import resources
from voicebot.simulator.exchange import Exchange, Number
from voicebot.simulator.faults import Fault
from voicebot.simulator.form import MISSING, NOT_TEXTABLE, UNAUTHORISED, Answer, Refused, Route, not_found, required
from voicebot.simulator.parameters import fixed_line
from voicebot.simulator.rest_calls import Calls
from voicebot.simulator.rest_conferences import Conferences

ROOT = "/2010-04-01/Accounts/<account>"
TOO_MANY = 429
NUMBER_FIELDS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "fallback_url",
    "VoiceFallbackMethod": "fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_method",
}


def create(exchange: Exchange) -> Blueprint:
    """The blueprint of the API."""
    api = Blueprint("twilio", __name__)

    def check() -> None:
        login = request.authorization
        secret = exchange.secret((login.username if login else None) or "")
        given = (login.password if login else None) or ""
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            raise Refused(401, UNAUTHORISED, "Authenticate")
        if (request.view_args or {}).get("account") != exchange.account_sid:
            raise not_found()

    def refuse(refused: Refused) -> Answer:
        more = f"https://www.twilio.com/docs/errors/{refused.code}"
        body = {"code": refused.code, "message": str(refused), "more_info": more, "status": refused.status}
        answer = jsonify(body)
        if refused.status == TOO_MANY:
            answer.headers["Retry-After"] = "1"
        return answer, refused.status

    def misbehave() -> None:
        g.fault = _fault(exchange)
        if g.fault and g.fault.status:
            raise Refused(g.fault.status, 20_000 + g.fault.status, "Twilio fails, as the test wants it")

    def linger(response: Response) -> Response:
        fault: Fault | None = g.get("fault")
        if fault and fault.seconds:
            exchange.stopped.wait(fault.seconds)
        return response

    api.before_request(check)
    api.before_request(misbehave)
    api.after_request(linger)
    api.register_error_handler(Refused, refuse)
    routes = [*Calls(exchange).routes(), *Conferences(exchange).routes(), *Others(exchange).routes()]
    for rule, method, view in routes:
        api.add_url_rule(ROOT + rule, f"{method} {rule}".replace(".", "-"), _without_account(view), methods=[method])
    return api


def _fault(exchange: Exchange) -> Fault | None:
    """The fault that hits this request."""
    fault = exchange.rest_fault
    path = request.path.partition(exchange.account_sid)[2]
    return fault if fault and fault.strikes(f"{request.method} {path}") else None


def _without_account(view: Callable[..., Answer]) -> Callable[..., Answer]:
    def answer(account: str, **rest: str) -> Answer:  # noqa: ARG001 (checked before every request)
        return view(**rest)

    return answer


class Others:
    """The account, messages, numbers, and what is not simulated."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        """What can be asked; everything else is refused in so many words."""
        known: list[Route] = [
            (".json", "GET", self.account),
            ("/Messages.json", "GET", self.list_messages),
            ("/Messages.json", "POST", self.create_message),
            ("/Messages/<key>.json", "GET", self.fetch_message),
            ("/IncomingPhoneNumbers.json", "GET", self.list_numbers),
            ("/IncomingPhoneNumbers/<key>.json", "GET", self.fetch_number),
            ("/IncomingPhoneNumbers/<key>.json", "POST", self.update_number),
        ]
        return known + [("/<path:what>", method, self.missing) for method in ("GET", "POST", "DELETE")]

    def missing(self, what: str) -> Answer:
        """What the stand-in does not do."""
        raise Refused(501, 0, f"{what.partition('.')[0]} is not simulated by the stand-in")

    def account(self) -> Answer:
        """The account itself."""
        return jsonify(resources.account(self._exchange))

    def list_messages(self) -> Answer:
        """Every message, the newest first."""
        return jsonify(resources.page("messages", self._exchange.messages[::-1], request.path))

    def create_message(self) -> Answer:
        """Send a text message: it is kept, and shown on a browser telephone of that number."""
        form = request.form
        required("To", "Body")
        if not (form.get("From") or form.get("MessagingServiceSid")):
            raise Refused(400, MISSING, "From or MessagingServiceSid is required")
        if fixed_line(form["To"]):
            raise Refused(400, NOT_TEXTABLE, f"'To' number {form['To']} is not a mobile number")
        message = resources.message(self._exchange, form)
        self._exchange.text(message)
        return jsonify(message), 201

    def fetch_message(self, key: str) -> Answer:
        """One message."""
        found = next((one for one in self._exchange.messages if one["sid"] == key), None)
        if found is None:
            raise not_found()
        return jsonify(found)

    def list_numbers(self) -> Answer:
        """The numbers, or one of them by `PhoneNumber`."""
        wanted = request.args.get("PhoneNumber")
        found = [
            resources.number(self._exchange, one)
            for one in tuple(self._exchange.numbers.values())
            if wanted in (None, one.number)
        ]
        return jsonify(resources.page("incoming_phone_numbers", found, request.path))

    def fetch_number(self, key: str) -> Answer:
        """One number."""
        return jsonify(resources.number(self._exchange, self._number(key)))

    def update_number(self, key: str) -> Answer:
        """Change what happens when the number is called."""
        number = self._number(key)
        for name, attribute in NUMBER_FIELDS.items():
            if name in request.form:
                setattr(number, attribute, request.form[name])
        return jsonify(resources.number(self._exchange, number))

    def _number(self, key: str) -> Number:
        found = next((one for one in self._exchange.numbers.values() if one.sid == key), None)
        if found is None:
            raise not_found()
        return found
