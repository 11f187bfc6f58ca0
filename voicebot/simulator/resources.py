"""Twilio's JSON resources: how calls, conferences, participants, messages and numbers look by REST."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from voicebot.simulator.conference import Conference, Participant
from voicebot.simulator.exchange import Exchange, Number
from voicebot.simulator.leg import SimulatedCall
from voicebot.simulator.parameters import API_VERSION, http_date, sid


def page(name: str, items: list[Any], path: str) -> dict[str, Any]:
    """A list; everything is on its first page."""
    uri = f"{path}?PageSize=50&Page=0"
    return {
        name: items,
        "page": 0,
        "page_size": max(50, len(items)),
        "start": 0,
        "end": max(0, len(items) - 1),
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
        "uri": uri,
    }


def account(exchange: Exchange) -> dict[str, Any]:
    """The account itself."""
    return {
        "sid": exchange.account_sid,
        "friendly_name": "Twilio stand-in",
        "status": "active",
        "type": "Full",
        "owner_account_sid": exchange.account_sid,
        "date_created": http_date(datetime.now(UTC)),
        "date_updated": http_date(datetime.now(UTC)),
        "uri": f"/{API_VERSION}/Accounts/{exchange.account_sid}.json",
    }


def call(exchange: Exchange, leg: SimulatedCall) -> dict[str, Any]:
    """A leg. The status list has no `initiated`."""
    uri = _uri(exchange, f"Calls/{leg.sid}")
    over = leg.ended_at is not None
    return {
        "sid": leg.sid,
        "account_sid": exchange.account_sid,
        "parent_call_sid": leg.parent,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "to": leg.to,
        "to_formatted": leg.to,
        "status": "queued" if leg.status == "initiated" else leg.status,
        "direction": leg.direction,
        "duration": str(leg.seconds) if over else None,
        "start_time": _at(leg, leg.answered_at),
        "end_time": _at(leg, leg.ended_at),
        "date_created": http_date(leg.created),
        "date_updated": http_date(datetime.now(UTC)),
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": _queue_time(leg),
        "trunk_sid": None,
        "annotation": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json", "streams": f"{uri}/Streams.json"},
    }


def _queue_time(leg: SimulatedCall) -> str:
    """Milliseconds until a leg begins that was asked for too soon after others."""
    return str(round(leg.queued_s * 1000))


def _at(leg: SimulatedCall, when: float | None) -> str | None:
    return None if when is None else http_date(leg.created + timedelta(seconds=when))


def conference(exchange: Exchange, it: Conference) -> dict[str, Any]:
    """A conference."""
    uri = _uri(exchange, f"Conferences/{it.sid}")
    return {
        "sid": it.sid,
        "account_sid": exchange.account_sid,
        "friendly_name": it.name,
        "status": it.status,
        "region": "ie1",
        "reason_conference_ended": it.reason or None,
        "call_sid_ending_conference": it.ended_by or None,
        "api_version": API_VERSION,
        "date_created": http_date(it.created),
        "date_updated": http_date(datetime.now(UTC)),
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json", "recordings": f"{uri}/Recordings.json"},
    }


def participant(exchange: Exchange, it: Conference, person: Participant) -> dict[str, Any]:
    """A participant."""
    return {
        "account_sid": exchange.account_sid,
        "call_sid": person.leg.sid,
        "conference_sid": it.sid,
        "label": person.label or None,
        "muted": person.muted,
        "hold": person.hold,
        "coaching": person.coaching is not None,
        "call_sid_to_coach": person.coaching,
        "start_conference_on_enter": person.start_on_enter,
        "end_conference_on_exit": person.end_on_exit,
        "status": person.leg.status if person.leg.status == "ringing" else person.status,
        "queue_time": _queue_time(person.leg),
        "date_created": http_date(person.leg.created),
        "date_updated": http_date(datetime.now(UTC)),
        "uri": _uri(exchange, f"Conferences/{it.sid}/Participants/{person.leg.sid}.json"),
    }


def message(exchange: Exchange, form: Mapping[str, str]) -> dict[str, Any]:
    """A text message as it is queued."""
    name = sid("SM")
    now = http_date(datetime.now(UTC))
    return {
        "sid": name,
        "account_sid": exchange.account_sid,
        "from": form.get("From"),
        "to": form["To"],
        "body": form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": str(_segments(form["Body"])),
        "num_media": "0",
        "price": None,
        "price_unit": None,
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "api_version": API_VERSION,
        "uri": _uri(exchange, f"Messages/{name}.json"),
        "subresource_uris": {"media": _uri(exchange, f"Messages/{name}/Media.json")},
    }


def _segments(body: str) -> int:
    """Parts of a text: 160 letters, or 70 when some are outside Latin-1, which is close to GSM-7."""
    return -(-len(body) // (160 if body.isascii() or all(letter < "\u0100" for letter in body) else 70))


def number(exchange: Exchange, it: Number) -> dict[str, Any]:
    """A telephone number of the account."""
    return {
        "sid": it.sid,
        "account_sid": exchange.account_sid,
        "phone_number": it.number,
        "friendly_name": it.number,
        "voice_url": it.voice_url,
        "voice_method": it.voice_method,
        "voice_fallback_url": it.fallback_url,
        "voice_fallback_method": it.fallback_method,
        "status_callback": it.status_callback,
        "status_callback_method": it.status_method,
        "voice_caller_id_lookup": False,
        "voice_application_sid": "",
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "api_version": API_VERSION,
        "origin": "twilio",
        "status": "in-use",
        "uri": _uri(exchange, f"IncomingPhoneNumbers/{it.sid}.json"),
    }


def _uri(exchange: Exchange, path: str) -> str:
    return f"/{API_VERSION}/Accounts/{exchange.account_sid}/{path}"
