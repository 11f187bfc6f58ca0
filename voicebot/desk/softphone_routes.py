"""What the softphone in an agent's page asks of the server: a token, Twilio's script, and another telephone for now."""

from __future__ import annotations

import logging
from typing import Any

import phonenumbers
from flask import Blueprint, Response, g, jsonify, request, send_from_directory, session, url_for
from flask.typing import ResponseReturnValue
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from voicebot.desk import softphone_sdk as sdk
from voicebot.desk.login import me
from voicebot.desk.parts import Parts
from voicebot.desk.softphone import TOKEN_LASTS_S, Softphone
from voicebot.desk.texts import TEXTS, words

BROWSER = "browser"
SCRIPT = "desk.softphone_script"  # its answer may be kept: the address holds the version
TELEPHONE = "telephone"  # in the session: the number that the agent last used instead of the browser
_PREFIX = "sp_"
# Whoever sits at an agent's desk may have calls sent there, at the company's cost.
_DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UNKNOWN)
_log = logging.getLogger(__name__)


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The routes of this module, for agents whose telephone is the browser."""

    @desk.post("/softphone/token")
    def softphone_token() -> ResponseReturnValue:
        if me().phone != BROWSER:
            return jsonify(reason="phone"), 403
        if parts.softphone.standin or parts.softphone.lacks:
            return jsonify(reason=parts.softphone.lacks or "keys"), 409
        return jsonify(token=parts.softphone.token(me().id), lasts=TOKEN_LASTS_S)

    @desk.get("/softphone/<version>/<name>")
    def softphone_script(version: str, name: str) -> ResponseReturnValue:
        folder, known = parts.softphone.script, (sdk.SCRIPT, sdk.LICENCE_FILE)
        if folder is None or version != parts.softphone.release.version or name not in known:
            return "", 404
        if parts.softphone.fault:  # damaged: a browser would keep it for a year
            return "", 404
        return _kept(send_from_directory(folder.resolve(), name))

    @desk.post("/softphone/phone")
    def softphone_phone() -> ResponseReturnValue:
        if me().phone != BROWSER:
            return words(g.language)("sp_not_browser"), 403
        wanted = request.form.get("phone", "").strip()
        phone = BROWSER if wanted == BROWSER else own_telephone(wanted)
        if phone is None:
            return words(g.language)("sp_bad_number"), 422
        _answer_at(parts, phone)
        return "", 204


def own_telephone(written: str) -> str | None:
    """A telephone number as E.164; None for what is none, or dearer to ring than an ordinary telephone."""
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in _DEAR:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _answer_at(parts: Parts, phone: str) -> None:
    """Ring the agent at `phone` from the next call on, until the next login; presence stays what it is."""
    if parts.live.agent(me().id) is None:
        parts.sign_on(me())
    parts.live.change_agent(me().id, lambda agent: agent.model_copy(update={"phone": phone}))
    if phone != BROWSER:
        session[TELEPHONE] = phone
    _log.info("agent %s answers %s", me().id, "in the browser" if phone == BROWSER else "at another telephone")


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def page_values(softphone: Softphone, language: str) -> dict[str, Any]:
    """What the template of the page is given: `softphone` as its script wants it, the texts, the last own number."""
    texts = {key.removeprefix(_PREFIX): text for key, text in TEXTS[language].items() if key.startswith(_PREFIX)}
    return {"softphone": _config(softphone), "softphone_texts": texts, "telephone": session.get(TELEPHONE, "")}


def _config(softphone: Softphone) -> dict[str, str]:
    if softphone.standin:
        return {"kind": "standin", "origin": softphone.standin, "lacks": ""}
    version = softphone.release.version
    return {
        "kind": "twilio",
        "lacks": softphone.lacks,
        "script": url_for(SCRIPT, version=version, name=sdk.SCRIPT),
        "integrity": softphone.release.script,
        "token": url_for("desk.softphone_token"),
        "edge": softphone.edge,
        "quiet": url_for("desk.static", filename="quiet.wav"),
    }
